package party

import (
	"context"
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/money"
)

// A TillTongue is another protocol in which a till, or an online shop, speaks with the
// switch. It translates; api.TillCall says how.
type TillTongue interface {
	Ask(call api.TillCall, now time.Time) api.Message
	Heard(call api.TillCall, sent api.Message, answer api.Answer) (api.TillAnswer, error)
}

// How often a till asks for a sale that waits.
const (
	inquireFirst   = 50 * time.Millisecond
	inquireLongest = time.Second
	readsFor       = 2 * time.Second // of waitFor: to read what has become of it
)

// speak makes a call in the protocol of a terminal until it is answered, refused for good,
// or ctx is over. Where an access token is missing or over it asks for one.
func (p *Party) speak(ctx context.Context, tongue TillTongue, call api.TillCall) (api.TillAnswer, error) {
	entered := false
	for tries := 0; ; tries++ {
		call.Access = p.sold.access(call.Terminal)
		heard, err := p.speakOnce(ctx, tongue, call)
		if reason, _ := hansa.ReasonOf(err); reason == hansa.Unsigned && !entered && call.Kind != api.TillEnter {
			entered = true
			var token api.TillAnswer
			if token, err = p.speak(ctx, tongue, api.TillCall{Kind: api.TillEnter, Terminal: call.Terminal}); err == nil {
				p.sold.enter(call.Terminal, token.Access)
				continue
			}
		}
		if !client.Again(err) || !pause(ctx, retryAfter(tries)) {
			return heard, err
		}
		call.Again = true
	}
}

func (p *Party) speakOnce(ctx context.Context, tongue TillTongue, call api.TillCall) (api.TillAnswer, error) {
	sent := tongue.Ask(call, p.now())
	answer, err := p.sendForeign(ctx, sent)
	if err != nil {
		return api.TillAnswer{}, err
	}
	return tongue.Heard(call, sent, answer)
}

// begin begins a sale in the till's own protocol.
func (t till) begin(ctx context.Context, call api.TillCall) (sold, api.TillAnswer, error) {
	call.Sale, call.Store, call.Terminal = t.party.newID("sale"), t.store, t.terminal()
	heard, err := t.party.speak(ctx, t.tongue, call)
	s := sold{
		Sale: call.Sale, OrderReference: call.OrderReference, Network: heard.Network, Amount: call.Amount,
		Terminal: call.Terminal, Online: t.online, Capture: heard.Capture,
	}
	if heard.Sale != "" {
		s.Sale = heard.Sale
	}
	if err == nil && s.Network != "" {
		err = t.party.keepSold(s)
	}
	return s, heard, err
}

// call is about a sale that the till has begun.
func (s sold) call(kind string) api.TillCall {
	return api.TillCall{Kind: kind, Sale: s.Sale, OrderReference: s.OrderReference, Network: s.Network, Terminal: s.Terminal}
}

// follow asks how a sale stands until it has come to an end, or within is over. What is
// paid and was only authorised has come to its end once it is captured.
func (p *Party) follow(ctx context.Context, s *sold, heard api.TillAnswer, within time.Duration) (api.TillAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	rest := inquireFirst
	for heard.Standing == api.TillWaits || heard.Standing == api.TillPaid && heard.Capture {
		if s.Network != "" && !pause(ctx, rest) {
			return heard, nil
		}
		next, err := p.speak(ctx, p.tongueOf(*s), s.call(api.TillInquire))
		if err != nil {
			return heard, err
		}
		rest = min(2*rest, inquireLongest)
		if s.Network == "" {
			s.Network = next.Network
			err = p.keepSold(*s)
		}
		if next.Capture && p.captureSoon(s.Network) {
			rest = inquireFirst
		}
		if heard = next; err != nil {
			return heard, err
		}
	}
	return heard, nil
}

// sellForeign sells in the till's own protocol. Payment and receipt are the acquirer's
// view of what has become of it.
func (t till) sellForeign(ctx context.Context, code string, amount money.Amount, reference string) (Sale, error) {
	s, heard, err := t.begin(ctx, api.TillCall{Kind: api.TillSell, Code: code, Amount: amount, OrderReference: reference})
	if err == nil {
		heard, err = t.party.follow(ctx, &s, heard, waitFor-readsFor)
	}
	if err != nil {
		return Sale{}, err
	}
	var sale Sale
	if err := t.party.get(ctx, ofPayment(s.Network), &sale.Payment); err != nil {
		return Sale{}, err
	}
	if sale.Status == "approved" {
		t.party.captureSoon(s.Network)
	}
	if (heard.Standing == api.TillPaid) != (sale.Status == "approved") && heard.Standing != api.TillWaits {
		return Sale{}, fmt.Errorf("the till of sale %s hears %s, and payment %s is %s", s.Sale, heard.Standing, s.Network, sale.Status)
	}
	sale.Receipt, err = t.party.receipt(ctx, sale.Payment)
	return sale, err
}

// orderForeign opens an order in the till's own protocol.
func (t till) orderForeign(ctx context.Context, amount money.Amount, reference string) (api.Order, error) {
	s, heard, err := t.begin(ctx, api.TillCall{Kind: api.TillOrder, Amount: amount, OrderReference: reference})
	var order api.Order
	if err != nil {
		return order, err
	}
	if err := t.party.get(ctx, ofOrder(s.Network), &order); err != nil {
		return order, err
	}
	if heard.Code != "" && heard.Code != order.Code {
		return order, fmt.Errorf("the till of order %s shows %q, and its code is %q", order.Order, heard.Code, order.Code)
	}
	return order, nil
}

// soldAs returns a payment of the acquirer, and the sale of one of its tills that it
// belongs to, if there is one.
func (p *Party) soldAs(ctx context.Context, reference string) (payment api.Payment, s sold, known bool, err error) {
	if err := p.get(ctx, ofPayment(reference), &payment); err != nil {
		return payment, s, false, err
	}
	s, known = p.sold.find(reference)
	if !known && payment.Order != "" {
		s, known = p.sold.find(payment.Order)
	}
	return payment, s, known && p.tongueOf(s) != nil, nil
}

// refundForeign gives back a part in the protocol of the till that sold it.
func (p *Party) refundForeign(ctx context.Context, s sold, reference string, amount money.Amount) (api.Movement, error) {
	call := s.call(api.TillRefund)
	call.Amount, call.Change = amount, p.newID("refund")
	heard, err := p.speak(ctx, p.tongueOf(s), call)
	if err != nil {
		return api.Movement{}, err
	}
	movement, err := p.moved(ctx, reference, heard.Movement)
	if err == nil && movement == nil {
		return api.Movement{}, fmt.Errorf("the till of sale %s has refunded, and payment %s was not", s.Sale, reference)
	}
	if err != nil {
		return api.Movement{}, err
	}
	return *movement, nil
}

// cancelForeign stops a sale, or gives all of it back, in the protocol of the till that
// sold it.
func (p *Party) cancelForeign(ctx context.Context, s sold, payment api.Payment) (cancelled api.Cancelled, err error) {
	call := s.call(api.TillCancel)
	call.Change = p.newID("cancel")
	heard, err := p.speak(ctx, p.tongueOf(s), call)
	if err == nil && heard.Standing == api.TillPaid {
		_, err = p.refundForeign(ctx, s, payment.Reference, payment.OrderAmount)
	}
	if err != nil {
		return cancelled, err
	}
	if err := p.get(ctx, ofPayment(payment.Reference), &cancelled.Payment); err != nil {
		return cancelled, err
	}
	cancelled.Movement, err = p.moved(ctx, payment.Reference, heard.Movement)
	return cancelled, err
}

// moved returns a movement of a payment: the one of that id, or without one the last; nil
// where nothing was moved.
func (p *Party) moved(ctx context.Context, reference, id string) (*api.Movement, error) {
	var page api.Page[api.Movement]
	if err := p.get(ctx, ofPayment(reference)+"/movements", &page); err != nil {
		return nil, err
	}
	for i := len(page.Items) - 1; i >= 0; i-- {
		if id == "" || page.Items[i].Movement == id {
			return &page.Items[i], nil
		}
	}
	return nil, nil
}
