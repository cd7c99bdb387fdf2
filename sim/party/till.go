package party

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// A Sale is what came of a scanned payment code: the payment, and its receipt
// where it was approved.
type Sale struct {
	api.Payment

	Receipt *api.Receipt `json:"receipt,omitempty"`
}

// A till is where a store sells: the acquirer's party that its terminal speaks
// through.
type till struct {
	party  *Party
	store  string
	online bool       // it is the store's web shop
	tongue TillTongue // nil: it speaks the switch's own protocol
}

func (t till) terminal() string { return sim.Terminal(t.store, t.party.id) }

// sell asks to be paid by the payer whose code was scanned, and waits for the
// outcome until ctx is over.
func (t till) sell(ctx context.Context, code string, amount money.Amount, reference string) (Sale, error) {
	if t.tongue != nil {
		return t.sellForeign(ctx, code, amount, reference)
	}
	ask := api.AskPayment{
		RequestID: t.party.newID("req"), Code: code, Amount: amount, Store: t.store, Terminal: t.terminal(), OrderReference: reference,
	}
	var payment api.Payment
	if err := t.party.post(ctx, "/payments", ask, &payment); err != nil {
		return Sale{}, err
	}
	sale := Sale{Payment: t.party.await(ctx, payment)}
	var err error
	sale.Receipt, err = t.party.receipt(ctx, sale.Payment)
	return sale, err
}

// order opens an order that the till shows as a code.
func (t till) order(ctx context.Context, amount money.Amount, reference string) (api.Order, error) {
	if t.tongue != nil {
		return t.orderForeign(ctx, amount, reference)
	}
	var order api.Order
	err := t.party.post(ctx, "/orders", api.MakeOrder{
		RequestID: t.party.newID("req"), Amount: amount, Store: t.store, Terminal: t.terminal(), OrderReference: reference,
	}, &order)
	return order, err
}

// refund gives back a part of a payment and returns the movement as it stands.
func (t till) refund(ctx context.Context, reference string, amount money.Amount) (api.Movement, error) {
	_, s, foreign, err := t.party.soldAs(ctx, reference)
	if err != nil {
		return api.Movement{}, err
	}
	if foreign {
		return t.party.refundForeign(ctx, s, reference, amount)
	}
	var movement api.Movement
	err = t.party.post(ctx, ofPayment(reference)+"/refunds", api.MoveMoney{RequestID: t.party.newID("req"), Amount: amount}, &movement)
	return movement, err
}

// cancel stops a payment, or gives all of it back.
func (t till) cancel(ctx context.Context, reference string) (cancelled api.Cancelled, err error) {
	payment, s, foreign, err := t.party.soldAs(ctx, reference)
	if err != nil {
		return cancelled, err
	}
	if foreign {
		return t.party.cancelForeign(ctx, s, payment)
	}
	err = t.party.post(ctx, ofPayment(reference)+"/cancel", api.Change{RequestID: t.party.newID("req")}, &cancelled)
	return cancelled, err
}

// cancelOrder closes an order. One that is paid is not given back.
func (t till) cancelOrder(ctx context.Context, id string) (order api.Order, err error) {
	s, known := t.party.sold.find(id)
	tongue := t.party.tongueOf(s)
	if !known || tongue == nil {
		err = t.party.post(ctx, ofOrder(id)+"/cancel", api.Change{RequestID: t.party.newID("req")}, &order)
		return order, err
	}
	heard, err := t.party.speak(ctx, tongue, s.call(api.TillInquire))
	if err == nil && heard.Standing == api.TillPaid {
		err = hansa.Refuse(hansa.OrderPaid, "cancel its payment")
	}
	call := s.call(api.TillCancel)
	call.Change = t.party.newID("cancel")
	if err == nil && heard.Standing == api.TillWaits {
		_, err = t.party.speak(ctx, tongue, call)
	}
	if err != nil {
		return order, err
	}
	err = t.party.get(ctx, ofOrder(id), &order)
	return order, err
}

// watch asks how a sale stands until it has come to an end or wait is over, in the protocol
// in which the till has begun it. It reports whether it has.
func (t till) watch(ctx context.Context, network string, wait time.Duration) (foreign bool, err error) {
	s, known := t.party.sold.find(network)
	tongue := t.party.tongueOf(s)
	if !known || tongue == nil {
		return false, nil
	}
	heard, err := t.party.speak(ctx, tongue, s.call(api.TillInquire))
	if err == nil && wait > 0 {
		_, err = t.party.follow(ctx, &s, heard, wait)
	}
	return true, err
}

// shop is the store's web shop.
func (t till) shop() (till, error) {
	t.online, t.tongue = true, t.party.config.Shops[t.terminal()]
	if t.tongue == nil {
		return t, hansa.Refuse(hansa.NotFound, "this store sells nothing online by %s", t.party.id)
	}
	return t, nil
}

// printed returns the codes that the acquirer had issued for the store and has
// not withdrawn.
func (t till) printed(ctx context.Context) ([]api.StoreCode, error) {
	var page api.Page[api.StoreCode]
	if err := t.party.get(ctx, "/store-codes?"+url.Values{"store": {t.store}}.Encode(), &page); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(page.Items, func(code api.StoreCode) bool {
		return code.Acquirer != t.party.id || code.RevokedAt != nil
	}), nil
}
