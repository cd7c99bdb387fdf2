package alipay

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A Party is the other side: a wallet that speaks MPP with the network, or a merchant or
// acquirer that sends it requests. It is safe for concurrent use.
type Party struct {
	signer  signer
	id      string
	network string
	path    string
}

// PartyConfig is what a party needs.
type PartyConfig struct {
	ID         string // its Client-Id
	Key        *rsa.PrivateKey
	NetworkKey string // PEM (SubjectPublicKeyInfo) under which it believes the network
	Network    string // address of the network, without a final slash
}

// NewParty returns the party. It panics at a key that is too short.
func NewParty(c PartyConfig) *Party {
	p := &Party{signer: newSigner(c.Key, 0), id: c.ID, network: c.NetworkKey}
	if at, err := url.Parse(c.Network); err == nil {
		p.path = at.EscapedPath()
	}
	return p
}

// Send is a request to the network, whose path follows its address.
func (p *Party) Send(path string, body []byte, now time.Time) api.Message {
	return p.signer.message(p.id, p.path, path, body, now)
}

// hearNetwork reads an answer of the network. One that says no is a Refusal.
func hearNetwork[T any](p *Party, sent api.Message, answer api.Answer) (message T, err error) {
	if err := believe(answer, sent, p.path+sent.URL, p.network); err != nil {
		return message, fmt.Errorf("answer of the network: %s", err.Error())
	}
	said, err := read[reply](answer.Body)
	if err != nil {
		return message, fmt.Errorf("answer of the network: %s", err.Error())
	}
	switch said.Result.Status {
	case StatusDone:
		return read[T](answer.Body)
	case StatusRefused:
		return message, hansa.Refuse(refusalOf(said.Result), "%s", said.Result.Message)
	}
	return message, fmt.Errorf("the network answers %s", shortened(said.Result.Code))
}

// refusalOf is the reason of ours that is told by a result: of several with one code the
// one whose title its message begins with, or else the first.
func refusalOf(told Result) hansa.Reason {
	reason := hansa.PaymentDeclined
	known, codes := false, reasons()
	for _, row := range api.Problems() {
		if codes[row.Reason] != code(told.Code) {
			continue
		}
		if strings.HasPrefix(told.Message, row.Title) {
			return row.Reason
		}
		if !known {
			reason, known = row.Reason, true
		}
	}
	return reason
}

// FetchCodes asks for codes to show.
func (p *Party) FetchCodes(fetch api.FetchCodes, now time.Time) api.Message {
	return p.Send("/aps/api/v1/codes/getPaymentCode",
		api.Encode(codeRequest{Customer: scalar(fetch.Payer), Quantity: scalar(strconv.Itoa(fetch.Count))}), now)
}

// CodesFetched reads the answer.
func (p *Party) CodesFetched(sent api.Message, answer api.Answer) (api.PaymentCodes, error) {
	said, err := hearNetwork[codeAnswer](p, sent, answer)
	var codes api.PaymentCodes
	for _, shown := range said.Codes {
		until, ok := parseTime(string(shown.Expiry))
		if !ok {
			return codes, errors.New("a code without its end")
		}
		codes.Codes = append(codes.Codes, api.PaymentCode{Code: string(shown.Code), ExpiresAt: until})
	}
	return codes, err
}

// Announce says that a payer has scanned a code.
func (p *Party) Announce(announce api.Announce, now time.Time) api.Message {
	r := scanRequest{Code: scalar(announce.Code), Customer: scalar(announce.Payer)}
	if announce.Amount != nil {
		r.Amount = wire(*announce.Amount)
	}
	return p.Send("/aps/api/v1/payments/userInitiatedPay", api.Encode(r), now)
}

// Announced reads what may be debited: of the payment the reference and the amounts, and
// the quote without what the protocol does not tell of it.
func (p *Party) Announced(sent api.Message, answer api.Answer) (api.Announced, error) {
	said, err := hearNetwork[scanAnswer](p, sent, answer)
	if err != nil {
		return api.Announced{}, err
	}
	due, rate, err := terms(said.Amount, said.PayTo, said.Quote)
	if err != nil {
		return api.Announced{}, err
	}
	until, ok := parseTime(string(said.ExpiryTime))
	if !ok {
		return api.Announced{}, errors.New("an announcement without its end")
	}
	payee := said.Order.payee()
	announced := api.Announced{ExpiresAt: until}
	announced.Payment = api.Payment{
		Reference: string(said.RequestID), Status: "pending", Wallet: string(said.PSP),
		Store: payee.Store, OrderReference: string(said.Order.Reference), OrderAmount: due[0], DebitAmount: due[1], Rate: rate,
	}
	announced.Quote = api.Quote{Payee: payee, OrderAmount: due[0], DebitAmount: due[1], Rate: rate, ExpiresAt: until}
	if said.Quote != nil {
		announced.Quote.Quote = string(said.Quote.ID)
	}
	return announced, nil
}

// terms reads what is due, what the payer pays for it, and the rate between them.
func terms(due, debit *amount, at *quote) (amounts [2]money.Amount, rate *money.Rate, err error) {
	if amounts[0], err = due.read(); err != nil {
		return amounts, nil, err
	}
	if amounts[1], err = debit.read(); err != nil {
		return amounts, nil, err
	}
	if at == nil {
		return amounts, nil, nil
	}
	read, err := at.rate()
	return amounts, &read, err
}

// TellOutcome tells the end of a payment to the network.
func (p *Party) TellOutcome(reference, payer string, told api.TellOutcome, now time.Time) api.Message {
	r := outcome{RequestID: scalar(reference), ID: scalar(reference), Customer: scalar(payer), Time: scalar(written(now))}
	r.PaymentResult = declined(told.Reason)
	if told.Status == api.AnswerPaid {
		r.PaymentResult, r.Amount, r.PayTo = done(), wire(told.OrderAmount), wire(told.DebitAmount)
	}
	return p.Send(notifyPath, api.Encode(r), now)
}

// OutcomeHeard reports whether the network has received it; what becomes of the payment
// is not said.
func (p *Party) OutcomeHeard(sent api.Message, answer api.Answer) error {
	_, err := hearNetwork[reply](p, sent, answer)
	return err
}

// Believes reports why a request is not one of the network's to this party.
func (p *Party) Believes(q api.Question) error {
	q.Clients = func(_, id string) (api.Client, bool) { return api.Client{ID: id, PublicKey: p.network}, id == p.id }
	_, err := open(q)
	return err
}

// Asked reads what the network asks of this wallet. What is not a call of the network's
// is refused, as Refused tells it.
func (p *Party) Asked(q api.Question) (api.WalletCall, error) {
	if err := p.Believes(q); err != nil {
		return api.WalletCall{}, err
	}
	path := q.Request.URL.Path
	switch path[strings.LastIndexByte(path, '/'):] {
	case "/pay":
		return askedToPay(q.Body)
	case "/inquiryPayment", "/cancelPayment":
		r, err := read[named](q.Body)
		reference := string(r.RequestID)
		if strings.HasSuffix(path, "/cancelPayment") {
			return api.WalletCall{Kind: api.CallCancel, Ask: api.Ask{Reference: reference}, Stop: api.Stop{Reference: reference}}, err
		}
		return api.WalletCall{Kind: api.CallInquire, Ask: api.Ask{Reference: reference}}, err
	case "/refund":
		r, err := read[giveBack](q.Body)
		if err != nil {
			return api.WalletCall{}, err
		}
		due, _, err := terms(r.Amount, r.From, nil)
		return api.WalletCall{Kind: api.CallCarry, Ask: api.Ask{Reference: string(r.RequestID)}, Carry: api.Carry{
			Movement: string(r.RefundRequestID), Payment: string(r.RequestID), Kind: "refund", OrderAmount: due[0], DebitAmount: due[1],
		}}, err
	}
	return api.WalletCall{}, reject(noInterface, "there is no %s", shortened(path))
}

func askedToPay(body []byte) (api.WalletCall, error) {
	r, err := read[payRequest](body)
	if err != nil {
		return api.WalletCall{}, err
	}
	due, rate, err := terms(r.PaymentAmount, r.PayTo, r.Quote)
	if err != nil {
		return api.WalletCall{}, err
	}
	until, ok := parseTime(string(r.ExpiryTime))
	if !ok {
		return api.WalletCall{}, hansa.Refuse(hansa.Malformed, "paymentExpiryTime: not a time")
	}
	return api.WalletCall{Kind: api.CallAsk, Ask: api.Ask{
		Reference: string(r.RequestID), Code: string(r.Method.ID), Payer: string(r.Method.Customer), Payee: r.Order.payee(),
		OrderAmount: due[0], DebitAmount: due[1], Rate: rate, Fee: money.New(0, due[1].Currency), PayerUntil: until,
	}}, nil
}

// Refused answers what Asked refuses.
func (p *Party) Refused(q api.Question, err error) api.Answer {
	return p.signer.answer(q, api.Encode(struct {
		Result Result `json:"result"`
	}{resultOf(err)}))
}

// Answered answers a call about a payment.
func (p *Party) Answered(q api.Question, call api.WalletCall, answer api.WalletAnswer) api.Answer {
	of := resultOfAnswer(call, answer)
	said := reply{Result: of, RequestID: scalar(call.Ask.Reference)}
	if call.Kind == api.CallInquire && answer.Status != api.AnswerNotFound {
		said.Result, said.PaymentResult = done(), &of
	}
	if answer.Status == api.AnswerPaid {
		said.ID, said.Time, said.Customer = scalar(call.Ask.Reference), scalar(written(q.Now)), scalar(call.Ask.Payer)
		said.Amount, said.PayTo = wire(answer.OrderAmount), wire(answer.DebitAmount)
	}
	return p.signer.answer(q, api.Encode(said))
}

// resultOfAnswer is how a wallet's word is told. A cancelled payment is closed, and to
// say so is what a cancel wants to hear.
func resultOfAnswer(call api.WalletCall, answer api.WalletAnswer) Result {
	switch {
	case answer.Status == api.AnswerPaid, answer.Status == api.AnswerCancelled && call.Kind == api.CallCancel:
		return done()
	case answer.Status == api.AnswerDeclined:
		return declined(answer.Reason)
	case answer.Status == api.AnswerCancelled:
		return ResultOf(hansa.PaymentCanceled)
	case answer.Status == api.AnswerNotFound:
		return ResultOf(hansa.NotFound)
	}
	return processing()
}

// CarriedOut answers a refund.
func (p *Party) CarriedOut(q api.Question, call api.WalletCall, carried api.Carried) api.Answer {
	said := reply{Result: declined(carried.Reason), RequestID: scalar(call.Carry.Payment)}
	if carried.Status == api.AnswerDone {
		said.Result, said.RefundID, said.RefundTime = done(), scalar(carried.Movement), scalar(written(q.Now))
	}
	return p.signer.answer(q, api.Encode(said))
}

// Acknowledged answers a notice of the network: that it was received, or why it is not
// believed.
func (p *Party) Acknowledged(q api.Question) api.Answer {
	if err := p.Believes(q); err != nil {
		return p.Refused(q, err)
	}
	return p.signer.answer(q, api.Encode(struct {
		Result Result `json:"result"`
	}{done()}))
}
