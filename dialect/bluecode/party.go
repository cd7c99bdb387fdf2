package bluecode

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A Party is the other side: a make-believe wallet of Bluecode, to which the network is
// a merchant. It is safe for concurrent use.
type Party struct {
	accessID string
	secret   string
}

// NewParty returns the wallet that has given the network this access id and secret.
func NewParty(accessID, secret string) *Party { return &Party{accessID, secret} }

// Barcodes of the protocol have twenty digits, and are good for so long.
const (
	BarcodeFor    = 4 * time.Minute
	barcodeLength = 20
	barcodePrefix = "988"
)

// Barcode draws a barcode that begins with 988 and the issuer's digits after it.
func Barcode(issuer string, chance hansa.Chance) string {
	text := []byte(barcodePrefix + issuer)
	for _, b := range chance.Draw("bluecode barcode") {
		if len(text) < barcodeLength {
			text = append(text, '0'+b%10)
		}
	}
	return string(text)
}

// payerWait is how long a payer may take whom the wallet asks.
const payerWait = time.Minute

// namePrefix begins the name that the wallet gives to a payment: acquirer_tx_id.
const (
	namePrefix      = "BC"
	referencePrefix = "pay_"
)

func nameOf(reference string) string {
	return namePrefix + strings.TrimPrefix(reference, referencePrefix)
}

// Asked reads a call as the wallet gets it: the reverse of Call. The protocol carries of
// the payee the store and the name, and not what the store is owed. It refuses UnknownKey,
// and Malformed what is no call.
func (p *Party) Asked(q api.Question) (call api.WalletCall, err error) {
	id, secret, _ := q.Request.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(id+"\n"+secret), []byte(p.accessID+"\n"+p.secret))
	if same != 1 {
		return call, hansa.Refuse(hansa.UnknownKey, "the credentials are not known here")
	}
	path := q.Request.URL.Path
	if strings.HasSuffix(path, refundPath) {
		return readRefund(q.Body)
	}
	said, err := readFields(q)
	if err != nil {
		return call, err
	}
	if call.Ask.Reference, err = said.merchantTxID(); err != nil {
		return call, err
	}
	switch {
	case strings.HasSuffix(path, payPath):
		call.Kind, call.Ask.Code = api.CallAsk, said["barcode"]
		call.Ask.Payee = api.Payee{Store: said["branch_ext_id"], Name: said["slip"]}
		call.Ask.DebitAmount, err = said.amount()
		call.Ask.OrderAmount, call.Ask.PayerUntil = call.Ask.DebitAmount, q.Now.Add(payerWait)
		return call, err
	case strings.HasSuffix(path, statusPath):
		call.Kind = api.CallInquire
		return call, nil
	case strings.HasSuffix(path, cancelPath):
		call.Kind, call.Stop = api.CallCancel, api.Stop{Reference: call.Ask.Reference}
		return call, nil
	}
	return call, hansa.Refuse(hansa.NotFound, "no such operation")
}

func readRefund(body []byte) (call api.WalletCall, err error) {
	var said giveBack
	if api.CheckJSON(body) != nil || json.Unmarshal(body, &said) != nil || said.Reason == "" || !strings.HasPrefix(said.AcquirerTxID, namePrefix) {
		return call, hansa.Refuse(hansa.Malformed, "not a refund")
	}
	call.Kind, call.Ask.Reference = api.CallCarry, referencePrefix+strings.TrimPrefix(said.AcquirerTxID, namePrefix)
	// The protocol says no currency here: it is that of the payment, and this wallet has one.
	call.Carry = api.Carry{Movement: said.Reason, Payment: call.Ask.Reference, Kind: "refund", DebitAmount: money.New(said.Amount, "EUR")}
	return call, nil
}

// Refused answers what Asked did not take.
func (*Party) Refused(q api.Question, err error) api.Answer {
	return refusal(err, q.Request.URL.Path[strings.LastIndexByte(q.Request.URL.Path, '/')+1:])
}

// Answered says what became of a payment: the reverse of Heard.
func (p *Party) Answered(_ api.Question, call api.WalletCall, answer api.WalletAnswer) api.Answer {
	shown := p.shown(call)
	switch answer.Status {
	case api.AnswerPaid:
		shown.State, shown.Currency = stateApproved, string(answer.DebitAmount.Currency)
		shown.TotalAmount, shown.RequestedAmount = answer.DebitAmount.Value, answer.DebitAmount.Value
	case api.AnswerAwaitingPayer:
		wait := waiting{call.Ask.Reference, checkLaterMs, payerWait.Milliseconds()}
		return told(http.StatusOK, outcome{Result: resultProcessing, Status: &wait})
	case api.AnswerDeclined:
		shown.State, shown.Code = stateDeclined, CodeOf(hansa.Reason(answer.Reason))
	case api.AnswerCancelled:
		shown.State = stateCanceled
	case api.AnswerNotFound:
		return told(http.StatusBadRequest, outcome{Result: resultError, ErrorCode: codeTransactionNotFound})
	default:
		panic("bluecode: a wallet says " + answer.Status)
	}
	return told(http.StatusOK, outcome{Result: resultOK, Payment: &shown})
}

// CarriedOut answers a refund: the reverse of Carried.
func (p *Party) CarriedOut(_ api.Question, call api.WalletCall, carried api.Carried) api.Answer {
	if carried.Status != api.AnswerDone {
		return told(http.StatusBadRequest, outcome{Result: resultError, ErrorCode: CodeOf(hansa.Reason(carried.Reason))})
	}
	shown := p.shown(call)
	shown.State, shown.Currency = stateRefunded, string(call.Carry.DebitAmount.Currency)
	return told(http.StatusOK, outcome{Result: resultOK, Payment: &shown})
}

func (*Party) shown(call api.WalletCall) payment {
	return payment{MerchantTxID: call.Ask.Reference, AcquirerTxID: nameOf(call.Ask.Reference), Scheme: schemeOf(Name)}
}
