package alipay

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// userInitiatedPay towards an acquirer: what does a private order code of its ask? The
// path follows the acquirer's endpoint.
const decodePath = "/aps/api/v1/payments/userInitiatedPay"

// Decode is what an acquirer is sent. The payer is not named: nothing is paid by it, and
// the same code has the same answer whoever scans it.
func (d *Dialect) Decode(call api.DecodeCall, q api.Question) (api.Message, error) {
	at, err := url.Parse(call.Endpoint)
	if err != nil {
		return api.Message{}, fmt.Errorf("ask acquirer %s: %w", call.Acquirer.ID, err)
	}
	body := scanRequest{AcquirerID: scalar(call.Acquirer.Participant), PSP: scalar(call.Ask.Wallet), Code: scalar(call.Ask.Code)}
	return d.signer.message(call.Acquirer.ID, at.EscapedPath(), decodePath, api.Encode(body), q.Now), nil
}

// Decoded is what an acquirer says of a code of its own. A Refusal is the acquirer's no.
// Any other error is silence.
func (*Dialect) Decoded(call api.DecodeCall, sent api.Message, answer api.Answer) (api.Decoded, error) {
	at, err := url.Parse(call.Endpoint)
	if err != nil {
		return api.Decoded{}, fmt.Errorf("answer of %s: %w", call.Acquirer.ID, err)
	}
	if err := believe(answer, sent, at.EscapedPath()+sent.URL, call.Acquirer.PublicKey); err != nil {
		return api.Decoded{}, fmt.Errorf("answer of %s: %s", call.Acquirer.ID, err.Error())
	}
	said, err := read[scanAnswer](answer.Body)
	if err == nil {
		err = said.unclear()
	}
	if err != nil {
		// Not wrapped: a refusal of ours must not be taken for the acquirer's.
		return api.Decoded{}, fmt.Errorf("answer of %s: %s", call.Acquirer.ID, err.Error())
	}
	if said.Result.Status == StatusRefused {
		return api.Decoded{}, hansa.Refuse(noDecode(code(said.Result.Code)), "%s", shortened(said.Result.Code))
	}
	return said.decoded(call.Acquirer)
}

// unclear reports what says neither yes nor no about a code.
func (said scanAnswer) unclear() error {
	switch {
	case said.Result.Status == StatusDone:
		return nil
	case said.Result.Status == StatusRefused && !technical(code(said.Result.Code)):
		return nil
	}
	return fmt.Errorf("%s %w", shortened(said.Result.Code), errUnclear)
}

// noDecode is why an acquirer that gives a code of a result does not say what is asked.
func noDecode(c code) hansa.Reason {
	switch c { //nolint:exhaustive // All others say no more than no.
	case invalidCode, orderNotExist:
		return hansa.CodeUnknown
	case expiredCode:
		return hansa.CodeExpired
	case orderIsClosed:
		return hansa.OrderNotOpen
	}
	return hansa.CodeInvalid
}

// decoded is the order or the store that an acquirer has told. A till that it does not
// name is that of its client.
func (said scanAnswer) decoded(acquirer api.Client) (api.Decoded, error) {
	d := api.Decoded{
		Kind: api.DecodedOrder, Store: string(said.Order.Merchant.Store.Reference), Terminal: string(said.Order.Environment.Terminal),
		RequestID: string(said.RequestID), OrderReference: string(said.Order.Reference), CaptureLater: said.Factor.Authorization.isTrue(),
	}
	if d.Store == "" || d.Store == acquirer.Store {
		d.Store = acquirer.Store
		if d.Terminal == "" {
			d.Terminal = acquirer.Terminal
		}
	}
	if said.CodeType == storeCodeType {
		return api.Decoded{Kind: api.DecodedStore, Store: d.Store}, nil
	}
	if d.OrderReference == "" {
		d.OrderReference = d.RequestID
	}
	due, err := said.Amount.read()
	if err != nil {
		return d, errors.New("an order without its amount")
	}
	d.Amount = &due
	if said.ExpiryTime != "" {
		until, ok := parseTime(string(said.ExpiryTime))
		if !ok {
			return d, errors.New("an order whose end is no time")
		}
		d.ExpiresAt = &until
	}
	if checkAddress("paymentNotifyUrl", said.NotifyURL) != nil {
		return d, errors.New("an order whose notices go nowhere")
	}
	d.Memo = api.Encode(memo{RequestID: d.RequestID, Notify: string(said.NotifyURL), Plus: true})
	return d, nil
}

// AskedToDecode reads what the network asks of this acquirer: what a code of its asks.
// What is no such question of the network's is refused, as Refused tells it.
func (p *Party) AskedToDecode(q api.Question) (api.DecodeCode, error) {
	if err := p.Believes(q); err != nil {
		return api.DecodeCode{}, err
	}
	if !strings.HasSuffix(q.Request.URL.Path, decodePath) {
		return api.DecodeCode{}, reject(noInterface, "there is no %s", shortened(q.Request.URL.Path))
	}
	r, err := read[scanRequest](q.Body)
	return api.DecodeCode{Code: string(r.Code), Wallet: string(r.PSP)}, err
}

// Decodes answers what a code of this acquirer asks. Notices go to the address notify.
func (p *Party) Decodes(q api.Question, decoded api.Decoded, notify string) api.Answer {
	said := scanAnswer{
		Result: done(), CodeType: orderCodeType, RequestID: scalar(decoded.RequestID), NotifyURL: scalar(notify),
		Order:  order{Reference: scalar(decoded.OrderReference), Environment: environment{scalar(decoded.Terminal)}},
		Factor: paymentFactor{InStore: "true", Scenario: orderCode},
	}
	said.Order.Merchant.Store.Reference = scalar(decoded.Store)
	if decoded.Kind == api.DecodedStore {
		said.CodeType = storeCodeType
		return p.signer.answer(q, api.Encode(said))
	}
	if decoded.CaptureLater {
		said.Factor.Authorization = "true"
	}
	if decoded.Amount != nil {
		said.Amount = wire(*decoded.Amount)
		said.Order.Amount = said.Amount
	}
	if decoded.ExpiresAt != nil {
		said.ExpiryTime = scalar(written(*decoded.ExpiresAt))
	}
	return p.signer.answer(q, api.Encode(said))
}
