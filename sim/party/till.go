package party

import (
	"context"
	"net/url"
	"slices"

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
	party *Party
	store string
}

func (t till) terminal() string { return sim.Terminal(t.store, t.party.id) }

// sell asks to be paid by the payer whose code was scanned, and waits for the
// outcome until ctx is over.
func (t till) sell(ctx context.Context, code string, amount money.Amount, reference string) (Sale, error) {
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
	var order api.Order
	err := t.party.post(ctx, "/orders", api.MakeOrder{
		RequestID: t.party.newID("req"), Amount: amount, Store: t.store, Terminal: t.terminal(), OrderReference: reference,
	}, &order)
	return order, err
}

// refund gives back a part of a payment and returns the movement as it stands.
func (t till) refund(ctx context.Context, reference string, amount money.Amount) (api.Movement, error) {
	var movement api.Movement
	err := t.party.post(ctx, ofPayment(reference)+"/refunds", api.MoveMoney{RequestID: t.party.newID("req"), Amount: amount}, &movement)
	return movement, err
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
