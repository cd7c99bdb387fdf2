package bluecode

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Till is the other side: a till of this protocol. It is safe for concurrent use. Its
// ids of sales are the order references: the protocol has one name for both.
type Till struct {
	AccessID string
	Secret   string
}

// A slip is payment and register, as tills send them.
type slip struct {
	Scheme    string `json:"scheme"`
	Currency  string `json:"currency"`
	ID        string `json:"merchant_tx_id"`
	Time      string `json:"slip_date_time"`
	Branch    string `json:"branch_ext_id"`
	Barcode   string `json:"barcode,omitempty"`
	Requested int64  `json:"requested_amount"`
	Terminal  string `json:"terminal"`
}

// Ask writes what a till asks. There is nothing to enter and nothing to capture.
func (t Till) Ask(call api.TillCall, now time.Time) api.Message {
	sale := slip{
		Scheme: "AUTO", Currency: string(call.Amount.Currency), ID: call.OrderReference, Time: now.UTC().Format(time.RFC3339),
		Branch: call.Store, Barcode: call.Code, Requested: call.Amount.Value, Terminal: call.Terminal,
	}
	named := map[string]string{"merchant_tx_id": call.OrderReference}
	switch call.Kind {
	case api.TillSell:
		return t.send("payment", sale)
	case api.TillOrder:
		sale.Scheme = "blue_code"
		return t.send("register", sale)
	case api.TillInquire:
		return t.send("status", named)
	case api.TillCancel:
		return t.send("cancel", named)
	case api.TillRefund:
		return t.send("refund", struct {
			Amount       int64  `json:"amount"`
			AcquirerTxID string `json:"acquirer_tx_id"`
			Reason       string `json:"reason"`
		}{call.Amount.Value, call.Network, "returned"})
	}
	panic("bluecode: a till asks to " + call.Kind)
}

func (t Till) send(endpoint string, body any) api.Message {
	shown := base64.StdEncoding.EncodeToString([]byte(t.AccessID + ":" + t.Secret))
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Basic " + shown}}
	return api.Message{Method: http.MethodPost, URL: root + endpoint, Header: header, Body: api.Encode(body)}
}

// Heard reads what a till is answered. An id that is not unique is the till's own if it
// has sent it before and heard nothing: then it asks for the status.
func (t Till) Heard(call api.TillCall, _ api.Message, answer api.Answer) (api.TillAnswer, error) {
	var said outcome
	if err := json.Unmarshal(answer.Body, &said); err != nil {
		return api.TillAnswer{}, fmt.Errorf("answer of the network: status %d: %w", answer.Status, err)
	}
	if said.ErrorCode == codeNotUnique && call.Again {
		said.Result = resultOK
	}
	switch {
	case said.Result == resultProcessing:
		return api.TillAnswer{Standing: api.TillWaits}, nil
	case said.Result == resultOK && said.Payment != nil:
		return heard(*said.Payment), nil
	case said.Result == resultError && said.ErrorCode != codeSystemFailure:
		return api.TillAnswer{}, hansa.Refuse(reasonOf(said.ErrorCode, call.Kind), "%s", said.ErrorCode)
	}
	return api.TillAnswer{}, fmt.Errorf("the network answers %d %s %s", answer.Status, said.Result, said.ErrorCode)
}

func heard(p payment) api.TillAnswer {
	a := api.TillAnswer{Network: p.AcquirerTxID, Code: p.CheckinCode, Standing: api.TillOver}
	switch p.State {
	case stateRegistered, stateProcessing:
		a.Standing = api.TillWaits
	case stateApproved:
		a.Standing = api.TillPaid
	}
	return a
}

// reasonOf is the reason of ours that an error code tells where nothing was begun; of
// several the one that is most common at a till.
func reasonOf(code, kind string) hansa.Reason {
	switch code {
	case codeInvalidBarcode:
		return hansa.CodeUnknown
	case codeNotUnique:
		return hansa.OrderReferenceTaken
	case codeBranchNotFound, codeTransactionNotFound:
		return hansa.NotFound
	case codeServiceUnavailable:
		return hansa.Unavailable
	case codeIssuerNotSupported:
		return hansa.NotAccepted
	case codeInvalidParameter:
		return hansa.Malformed
	case codeFraudDetected:
		return hansa.TooManyMisses
	case codeInsufficientFunds:
		return hansa.InsufficientFunds
	case codeLimitExceeded:
		return hansa.AmountTooLarge
	case codeCancelledByUser:
		return hansa.DeclinedByPayer
	case codeAmountTooHigh:
		return hansa.RefundTooLarge
	case codeUnauthorized:
		return hansa.UnknownKey
	case codeInvalidState:
		if kind == api.TillSell || kind == api.TillOrder {
			return hansa.PaymentDeclined
		}
		return hansa.NotAllowedNow
	}
	return hansa.PaymentDeclined // A code that this till does not know.
}
