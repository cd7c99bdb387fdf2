package bluecode

import (
	"fmt"
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Merchant speaks with wallets of Bluecode: to these the network is a merchant whose
// till has scanned a barcode. It is safe for concurrent use.
type Merchant struct {
	secrets map[string]string
}

// NewMerchant returns the merchant with its secrets, by the access ids that wallets have
// given to the network. A wallet's Client has that id as its own.
func NewMerchant(secrets map[string]string) *Merchant { return &Merchant{secrets: secrets} }

// Paths of the operations, after the wallet's endpoint.
const (
	payPath    = root + "payment"
	statusPath = root + "status"
	cancelPath = root + "cancel"
	refundPath = root + "refund"
)

const schemeAuto = "AUTO" // the barcode says whose it is

// A charge is the body of payment. Amounts are minor units.
type charge struct {
	Scheme       string `json:"scheme"`
	Currency     string `json:"currency"`
	MerchantTxID string `json:"merchant_tx_id"`
	SlipDateTime string `json:"slip_date_time"`
	BranchExtID  string `json:"branch_ext_id"`
	Barcode      string `json:"barcode"`
	Amount       int64  `json:"requested_amount"`
	Slip         string `json:"slip,omitempty"` // the payee's name
}

// named is the body of status and cancel.
type named struct {
	MerchantTxID string `json:"merchant_tx_id"`
}

// A giveBack is the body of refund. The protocol has no id for a refund: the reason
// carries ours, by which a repetition is known.
type giveBack struct {
	Amount       int64  `json:"amount"`
	AcquirerTxID string `json:"acquirer_tx_id"`
	Reason       string `json:"reason"`
}

// Call is what a wallet is sent. It debits at once and reserves nothing: a capture only
// asks whether the payment stands, and a release gives back what was not captured. A
// refund needs Known, which is what Named has read. It refuses UnknownKey where the
// wallet has given the network no secret.
func (m *Merchant) Call(call api.WalletCall, _ api.Question) (api.Message, error) {
	secret, known := m.secrets[call.Wallet.ID]
	if !known {
		return api.Message{}, hansa.Refuse(hansa.UnknownKey, "no secret for %s", call.Wallet.ID)
	}
	path, body := words(call)
	r := http.Request{Header: http.Header{"Content-Type": {api.MediaJSON}}}
	r.SetBasicAuth(call.Wallet.ID, secret)
	return api.Message{Method: http.MethodPost, URL: path, Header: r.Header, Body: api.Encode(body)}, nil
}

func words(call api.WalletCall) (path string, body any) {
	this := named{call.Ask.Reference}
	switch call.Kind {
	case api.CallAsk:
		return payPath, charge{
			Scheme: schemeAuto, Currency: string(call.Ask.DebitAmount.Currency), MerchantTxID: call.Ask.Reference,
			SlipDateTime: call.Begun.UTC().Format(time.RFC3339), BranchExtID: call.Ask.Payee.Store,
			Barcode: call.Ask.Code, Amount: call.Ask.DebitAmount.Value, Slip: call.Ask.Payee.Name,
		}
	case api.CallInquire:
		return statusPath, this
	case api.CallCancel:
		return cancelPath, this
	case api.CallCarry:
		switch call.Carry.Kind {
		case "capture":
			return statusPath, this
		case "cancel":
			return cancelPath, this
		}
		return refundPath, giveBack{call.Carry.DebitAmount.Value, call.Known, call.Carry.Movement}
	}
	panic("unknown call " + call.Kind)
}

// Unnamed reports a call in which a payment is called as the wallet does.
func (*Merchant) Unnamed(call api.WalletCall) bool {
	path, _ := words(call)
	return path == refundPath && call.Known == ""
}

// Named reads what the wallet calls a payment from its answer to an inquiry.
func (*Merchant) Named(call api.WalletCall, answer api.Answer) (string, error) {
	said, err := hear(call, answer)
	if err == nil && (said.Payment == nil || said.Payment.AcquirerTxID == "") {
		err = fmt.Errorf("a payment without a name: %w", errUnclear)
	}
	if err != nil {
		return "", err
	}
	return said.Payment.AcquirerTxID, nil
}
