package alipay

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Till is the other side of ACQP: the acquirer's system behind which its tills stand.
// It is safe for concurrent use.
type Till struct{ party *Party }

// NewTill returns the till. It panics at a key that is too short.
func NewTill(c PartyConfig) Till { return Till{NewParty(c)} }

// Ask writes what a till asks. There is nothing to enter and nothing to capture.
func (t Till) Ask(call api.TillCall, now time.Time) api.Message {
	switch call.Kind {
	case api.TillSell:
		r := wishOf(call, paymentCode)
		r.Method = paymentMethod{Type: "CONNECT_WALLET", ID: scalar(call.Code)}
		return t.send(payPath, r, now)
	case api.TillOrder:
		return t.send(payPath, wishOf(call, orderCode), now)
	case api.TillInquire:
		return t.send(inquirePath, saleOf(call), now)
	case api.TillCancel:
		return t.send(cancelPath, saleOf(call), now)
	case api.TillRefund:
		return t.send(refundPath, struct {
			tillSale

			RefundRequestID string  `json:"refundRequestId"`
			Amount          *amount `json:"refundAmount"`
		}{saleOf(call), call.Change, wire(call.Amount)}, now)
	}
	panic("alipay: a till asks to " + call.Kind)
}

func (t Till) send(path string, body any, now time.Time) api.Message {
	return t.party.Send(path, api.Encode(body), now)
}

// wishOf is a pay request.
func wishOf(call api.TillCall, at scenario) payRequest {
	return payRequest{
		RequestID: scalar(call.Sale), PaymentAmount: wire(call.Amount),
		Order: order{
			Reference: scalar(call.OrderReference), Description: scalar(call.OrderReference), Amount: wire(call.Amount),
			Merchant:    merchant{Store: store{Reference: scalar(call.Store)}},
			Environment: environment{Terminal: scalar(call.Terminal)},
		},
		Factor: paymentFactor{InStore: "true", Scenario: at},
	}
}

// A tillSale names a sale: by the network's id where the till knows it.
type tillSale struct {
	ID        string `json:"paymentId,omitempty"`
	RequestID string `json:"paymentRequestId,omitempty"`
}

func saleOf(call api.TillCall) tillSale {
	if call.Network != "" {
		return tillSale{ID: call.Network}
	}
	return tillSale{RequestID: call.Sale}
}

// Heard reads what a till is answered.
func (t Till) Heard(call api.TillCall, sent api.Message, answer api.Answer) (api.TillAnswer, error) {
	said, err := t.hear(sent, answer)
	if err != nil {
		return api.TillAnswer{}, err
	}
	heard := api.TillAnswer{Network: string(said.ID), Movement: string(said.RefundID)}
	of := said.Result
	switch call.Kind {
	case api.TillSell:
		// The result is that of the payment, if there is one.
	case api.TillOrder, api.TillInquire:
		if of.Status != StatusDone || call.Kind == api.TillInquire && said.PaymentResult == nil {
			return heard, noOf(of)
		}
		heard.Standing, heard.Code = api.TillWaits, said.code()
		if call.Kind == api.TillOrder {
			return heard, nil
		}
		of = *said.PaymentResult
	case api.TillCancel:
		if of.Status == StatusDone {
			heard.Standing = api.TillOver
			return heard, nil
		}
		return pendingOr(heard, of)
	case api.TillRefund:
		if of.Status == StatusDone {
			return heard, nil
		}
		return pendingOr(heard, of)
	}
	return stands(heard, of)
}

// A tillReply is what a till looks at in an answer.
type tillReply struct {
	reply

	CodeForm struct {
		Details []struct {
			Value scalar `json:"codeValue"`
		} `json:"codeDetails"`
	} `json:"orderCodeForm"`
}

func (r tillReply) code() string {
	if len(r.CodeForm.Details) == 0 {
		return ""
	}
	return string(r.CodeForm.Details[0].Value)
}

// hear reads an answer that the network has signed.
func (t Till) hear(sent api.Message, answer api.Answer) (said tillReply, err error) {
	err = believe(answer, sent, t.party.path+sent.URL, t.party.network)
	if err == nil {
		said, err = read[tillReply](answer.Body)
	}
	if err != nil {
		return said, fmt.Errorf("answer of the network: %s", err.Error())
	}
	return said, nil
}

// stands tells how a payment stands by its result. A refusal without a payment is one of
// the request.
func stands(heard api.TillAnswer, of Result) (api.TillAnswer, error) {
	switch {
	case of.Status == StatusDone:
		heard.Standing = api.TillPaid
	case of.Status != StatusRefused:
		return pendingOr(heard, of)
	case heard.Network == "":
		return heard, noOf(of)
	default:
		heard.Standing = api.TillOver
	}
	return heard, nil
}

// pendingOr is the answer of what is on its way, and nothing where the answer says no or
// knows nothing.
func pendingOr(heard api.TillAnswer, of Result) (api.TillAnswer, error) {
	if of.Code == string(inProcess) {
		heard.Standing = api.TillWaits
		return heard, nil
	}
	return api.TillAnswer{}, noOf(of)
}

// noOf is a Refusal where the result is final.
func noOf(of Result) error {
	if of.Code == string(merchantNotRegistered) {
		return hansa.Refuse(hansa.NotFound, "%s", of.Message)
	}
	if of.Status == StatusRefused {
		return hansa.Refuse(refusalOf(of), "%s", of.Message)
	}
	return fmt.Errorf("the network answers %s", shortened(of.Code))
}
