package web

import (
	"context"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// receiptOfPayment answers GET /v1/payments/{reference}/receipt.
func (s *server) receiptOfPayment(ctx context.Context, c *call) (reply, error) {
	p, err := s.payment(ctx, c, 0)
	if err != nil {
		return reply{}, err
	}
	if p.Outcome != payment.WasApproved {
		return reply{}, hansa.Refuse(hansa.NotAllowedNow, "a payment that is %s has no receipt", p.Status())
	}
	receipt, err := s.receiptOf(ctx, p)
	if err != nil {
		return reply{}, err
	}
	return ok(receipt)
}

// receiptOfMovement answers GET /v1/movements/{movement}/receipt.
func (s *server) receiptOfMovement(ctx context.Context, c *call) (reply, error) {
	m, p, err := s.movement(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if m.State != payment.Succeeded {
		return reply{}, hansa.Refuse(hansa.NotAllowedNow, "a %s that is %s has no receipt", m.Kind, m.State)
	}
	receipt, err := s.receiptOf(ctx, p)
	if err != nil {
		return reply{}, err
	}
	receipt.Reference, receipt.Kind, receipt.Status = m.ID, string(m.Kind), string(m.State)
	receipt.OrderAmount, receipt.DebitAmount, receipt.At = m.Amounts.Order, m.Amounts.Debit, m.ChangedAt.UTC()
	return ok(receipt)
}

// receiptOf is the same for the payer's side and the store's: it names nothing
// of the payer.
func (s *server) receiptOf(ctx context.Context, p payment.Payment) (api.Receipt, error) {
	merchant, err := s.Hub.Read().Merchant(ctx, p.Merchant)
	return api.Receipt{
		Reference: p.ID, Payment: p.ID, Kind: "payment", Status: p.Status(), Merchant: merchant.Name, Store: payeeOf(p.Payee),
		Terminal: p.Terminal, OrderReference: p.OrderReference, Mode: string(p.Mode), Wallet: p.Wallet, Acquirer: p.Acquirer,
		OrderAmount: p.Terms.Order, DebitAmount: p.Terms.Debit, Rate: rateOf(p.Terms.Rate),
		Fee: money.New(0, p.Terms.Debit.Currency), At: p.OutcomeAt.UTC(),
	}, err
}
