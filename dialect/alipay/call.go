package alipay

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// What the network asks of a wallet, by MPP. The paths follow the wallet's endpoint.
const (
	payPath     = "/aps/api/v1/payments/pay"
	inquirePath = "/aps/api/v1/payments/inquiryPayment"
	cancelPath  = "/aps/api/v1/payments/cancelPayment"
	refundPath  = "/aps/api/v1/payments/refund"
)

// A named payment is the body of inquiryPayment and cancelPayment.
type named struct {
	AcquirerID scalar `json:"acquirerId"`
	PSP        scalar `json:"pspId"`
	RequestID  scalar `json:"paymentRequestId"`
}

// A giveBack is the body of refund as a wallet gets it.
type giveBack struct {
	AcquirerID      scalar  `json:"acquirerId"`
	PSP             scalar  `json:"pspId"`
	RequestID       scalar  `json:"paymentRequestId"`
	RefundRequestID scalar  `json:"refundRequestId"`
	Amount          *amount `json:"refundAmount"`
	From            *amount `json:"refundFromAmount"`
	Quote           *quote  `json:"refundQuote,omitempty"`
}

// Call is what a wallet is sent. A wallet of Alipay+ debits at once and reserves
// nothing: a capture only asks whether the payment stands, and a release gives back
// what was not captured. All that was paid can be cancelled while the window is open,
// and is refunded afterwards.
func (d *Dialect) Call(call api.WalletCall, q api.Question) (api.Message, error) {
	path, body := d.words(call, q)
	at, err := url.Parse(call.Endpoint)
	if err != nil {
		return api.Message{}, fmt.Errorf("call wallet %s: %w", call.Wallet.ID, err)
	}
	return d.signer.message(call.Wallet.ID, at.EscapedPath(), path, api.Encode(body), q.Now), nil
}

func (d *Dialect) words(call api.WalletCall, q api.Question) (path string, body any) {
	psp := scalar(call.Wallet.Participant)
	this := named{scalar(d.id), psp, scalar(call.Ask.Reference)}
	closed := !q.Now.Before(cancelsUntil(call.Begun))
	switch call.Kind {
	case api.CallAsk:
		return payPath, d.asked(call.Ask, psp, q.Origin)
	case api.CallInquire:
		return inquirePath, this
	case api.CallCancel:
		if !closed {
			return cancelPath, this
		}
		return refundPath, d.back(call, call.Ask.Reference+".undo", call.Ask.OrderAmount, call.Ask.DebitAmount)
	case api.CallCarry:
		switch {
		case call.Carry.Kind == "capture":
			return inquirePath, this
		case call.Carry.Kind == "cancel" && !closed:
			return cancelPath, this
		}
		return refundPath, d.back(call, call.Carry.Movement, call.Carry.OrderAmount, call.Carry.DebitAmount)
	}
	panic("unknown call " + call.Kind)
}

func (d *Dialect) asked(ask api.Ask, psp scalar, origin string) payRequest {
	r := payRequest{
		AcquirerID: scalar(d.id), PSP: psp, RequestID: scalar(ask.Reference),
		Order:         orderOf(ask.Reference, ask.Payee, ask.OrderAmount),
		PaymentAmount: wire(ask.OrderAmount), PayTo: wire(ask.DebitAmount), Quote: quoteOf(ask.Rate, ask.OrderAmount.Currency),
		Method:     paymentMethod{"CONNECT_WALLET", scalar(ask.Code), scalar(ask.Payer)},
		Factor:     paymentFactor{InStore: "true", Scenario: paymentCode},
		ExpiryTime: scalar(written(ask.PayerUntil)),
	}
	if origin != "" {
		r.NotifyURL = scalar(origin + notifyPath)
	}
	return r
}

// back gives back a part at the rate of the payment.
func (d *Dialect) back(call api.WalletCall, id string, due, debited money.Amount) giveBack {
	return giveBack{
		AcquirerID: scalar(d.id), PSP: scalar(call.Wallet.Participant), RequestID: scalar(call.Ask.Reference), RefundRequestID: scalar(id),
		Amount: wire(due), From: wire(debited), Quote: quoteOf(call.Ask.Rate, due.Currency),
	}
}

// A reply is what a wallet says, to whichever call.
type reply struct {
	Result        Result  `json:"result"`
	PaymentResult *Result `json:"paymentResult,omitempty"`
	RequestID     scalar  `json:"paymentRequestId,omitempty"`
	ID            scalar  `json:"paymentId,omitempty"`
	Time          scalar  `json:"paymentTime,omitempty"`
	Amount        *amount `json:"paymentAmount,omitempty"`
	PayTo         *amount `json:"payToAmount,omitempty"`
	Customer      scalar  `json:"customerId,omitempty"`
	RefundID      scalar  `json:"refundId,omitempty"`
	RefundTime    scalar  `json:"refundTime,omitempty"`
}

// errUnclear is what proves nothing about a payment.
var errUnclear = errors.New("proves nothing")

// hear reads an answer that the wallet has signed for a call.
func hear(call api.WalletCall, sent api.Message, answer api.Answer, wallet api.Client) (reply, error) {
	at, err := url.Parse(call.Endpoint)
	if err != nil {
		return reply{}, fmt.Errorf("answer of %s: %w", wallet.ID, err)
	}
	if err := believe(answer, sent, at.EscapedPath()+sent.URL, wallet.PublicKey); err != nil {
		return reply{}, fmt.Errorf("answer of %s: %w", wallet.ID, err)
	}
	said, err := understood(call, answer.Body)
	if err != nil {
		// Not wrapped: a refusal of ours must not be taken for the wallet's.
		return reply{}, fmt.Errorf("answer of %s: %s", wallet.ID, err.Error())
	}
	return said, nil
}

// understood reads what a wallet says, unless it proves nothing.
func understood(call api.WalletCall, body []byte) (reply, error) {
	said, err := read[reply](body)
	if err == nil && said.RequestID != "" && string(said.RequestID) != call.Ask.Reference {
		err = errors.New("is about another payment")
	}
	if err == nil && said.Result.Status == StatusRefused && technical(code(said.Result.Code)) {
		err = fmt.Errorf("%s %w", shortened(said.Result.Code), errUnclear)
	}
	return said, err
}

// Heard is what a wallet says of a payment. An error is silence: the wallet was not
// understood, or what it says proves nothing. The protocol does not repeat the payee,
// and the amounts need not be repeated: then they are those that it was asked for.
func (*Dialect) Heard(call api.WalletCall, sent api.Message, answer api.Answer, wallet api.Client) (api.WalletAnswer, error) {
	said, err := hear(call, sent, answer, wallet)
	if err != nil {
		return api.WalletAnswer{}, err
	}
	return meant(call, said, strings.HasSuffix(sent.URL, refundPath))
}

// meant is what a wallet's answer about a payment means.
func meant(call api.WalletCall, said reply, refunded bool) (api.WalletAnswer, error) {
	told := api.WalletAnswer{Reference: call.Ask.Reference}
	of := said.Result
	switch {
	case call.Kind == api.CallCancel:
		return cancelHeard(told, said.Result, refunded)
	case call.Kind == api.CallInquire && of.Status == StatusDone && said.PaymentResult != nil:
		of = *said.PaymentResult
		if code(of.Code) == orderIsClosed {
			told.Status = api.AnswerCancelled
			return told, nil
		}
	case call.Kind == api.CallInquire && code(of.Code) == orderNotExist:
		told.Status = api.AnswerNotFound
		return told, nil
	case call.Kind == api.CallInquire:
		return told, fmt.Errorf("inquiry answered with %s: %w", shortened(of.Code), errUnclear)
	}
	return paymentHeard(told, of, said, call.Ask)
}

// paymentHeard reads the result of the payment itself.
func paymentHeard(told api.WalletAnswer, of Result, said reply, ask api.Ask) (api.WalletAnswer, error) {
	switch {
	case of.Status == StatusDone:
		told.Status, told.Payee = api.AnswerPaid, ask.Payee.Store
		var order, debit error
		told.OrderAmount, order = echoed(said.Amount, ask.OrderAmount)
		told.DebitAmount, debit = echoed(said.PayTo, ask.DebitAmount)
		return told, errors.Join(order, debit)
	case of.Status == StatusRefused:
		told.Status, told.Reason = api.AnswerDeclined, string(reasonOf(code(of.Code)))
		return told, nil
	case code(of.Code) == inProcess:
		told.Status, told.Until = api.AnswerAwaitingPayer, &ask.PayerUntil
		return told, nil
	}
	return told, fmt.Errorf("%s: %w", shortened(of.Code), errUnclear)
}

// echoed is the amount that a wallet says it was asked for.
func echoed(said *amount, asked money.Amount) (money.Amount, error) {
	if said == nil {
		return asked, nil
	}
	echo, err := said.read()
	if err != nil {
		return echo, fmt.Errorf("an amount that is none: %w", errUnclear)
	}
	return echo, nil
}

// cancelHeard reads the answer to a cancel. One that came after the window was sent as
// a refund: then a payment that the wallet does not know is as good as cancelled, since
// its time to pay is over by a day.
func cancelHeard(told api.WalletAnswer, of Result, refunded bool) (api.WalletAnswer, error) {
	gone := refunded && (code(of.Code) == orderNotExist || code(of.Code) == orderIsClosed)
	if of.Status == StatusDone || gone {
		told.Status = api.AnswerCancelled
		return told, nil
	}
	return told, fmt.Errorf("cancel answered with %s: %w", shortened(of.Code), errUnclear)
}

// Carried is what a wallet says of a movement. An error is silence.
func (*Dialect) Carried(call api.WalletCall, sent api.Message, answer api.Answer, wallet api.Client) (api.Carried, error) {
	said, err := hear(call, sent, answer, wallet)
	if err != nil {
		return api.Carried{}, err
	}
	of := said.Result
	if strings.HasSuffix(sent.URL, inquirePath) && of.Status == StatusDone && said.PaymentResult != nil {
		of = *said.PaymentResult
	}
	carried := api.Carried{Movement: call.Carry.Movement}
	switch {
	case of.Status == StatusDone, call.Carry.Kind == "cancel" && code(of.Code) == orderIsClosed:
		carried.Status = api.AnswerDone
		return carried, nil
	case of.Status == StatusRefused && code(of.Code) != cancelWindowExceeded:
		carried.Status, carried.Reason = api.AnswerRefused, string(reasonOf(code(of.Code)))
		return carried, nil
	}
	return carried, fmt.Errorf("answered with %s: %w", shortened(of.Code), errUnclear)
}
