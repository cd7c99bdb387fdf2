package web

import (
	"context"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// Prefixes by which it is known what an id is of.
const (
	ofPayment  = "pay_"
	ofOrder    = "ord_"
	ofMovement = "mov_"
)

func (c *counter) Sale(requestID string) (api.Sale, error) {
	s := c.exchange.server
	known, err := s.Hub.Read().Request(c.ctx, hub.SaleKey(c.client.Participant, nameOf(c.client), requestID))
	if err != nil {
		return api.Sale{}, err
	}
	if known.Reason != "" {
		return api.Sale{RequestID: requestID, Refused: &hansa.Refusal{Reason: known.Reason, Detail: known.Detail}}, nil
	}
	memo, err := s.Hub.Read().Memo(c.ctx, known.Subject)
	if err != nil {
		return api.Sale{}, err
	}
	return s.saleOf(c.ctx, c.client.Participant, memo)
}

func (c *counter) SaleOf(reference string) (api.Sale, error) {
	memo, err := c.own(reference)
	if err != nil {
		return api.Sale{}, err
	}
	return c.exchange.server.saleOf(c.ctx, c.client.Participant, memo)
}

func (c *counter) Wait(requestID string, within time.Duration) (api.Sale, error) {
	sale, err := c.Sale(requestID)
	if err != nil || hasEnded(sale) || within <= 0 {
		return sale, err
	}
	subject := ""
	if sale.Payment != nil {
		subject = sale.Payment.Reference
	}
	if sale.Order != nil {
		subject = sale.Order.Order // It changes whenever a payment of it does.
	}
	return until(c.ctx, c.call(wish{path: "/v1/sales"}), waited[api.Sale]{
		subject: subject, read: func(context.Context) (api.Sale, error) { return c.Sale(requestID) }, ended: hasEnded,
	}, min(within, clientWaits))
}

// hasEnded reports whether waiting longer will change nothing of a sale's outcome.
func hasEnded(sale api.Sale) bool {
	if sale.Order != nil {
		return sale.Order.Status != string(payment.OrderOpen) && sale.Order.Status != string(payment.OrderHeld)
	}
	return sale.Payment == nil || sale.Payment.Status != (payment.Payment{}).Status()
}

// memoOf finds what is kept with a payment, an order or a movement.
func (s *server) memoOf(ctx context.Context, reference string) (hub.Memo, error) {
	reader := s.Hub.Read()
	if strings.HasPrefix(reference, ofMovement) {
		m, err := reader.Movement(ctx, reference)
		if err != nil {
			return hub.Memo{}, err
		}
		reference = m.Payment
	}
	memo, err := reader.Memo(ctx, reference)
	if !isNotFound(err) || strings.HasPrefix(reference, ofOrder) {
		return memo, err
	}
	p, err := reader.Payment(ctx, reference)
	if err != nil {
		return hub.Memo{}, err
	}
	return reader.Memo(ctx, p.Order)
}

// saleOf gathers what came of what a client has begun, as its participant sees it.
func (s *server) saleOf(ctx context.Context, participant string, memo hub.Memo) (api.Sale, error) {
	sale := api.Sale{RequestID: memo.Request, Memo: memo.Text}
	reader, id := s.Hub.Read(), memo.Subject
	if strings.HasPrefix(memo.Subject, ofOrder) {
		o, err := reader.Order(ctx, memo.Subject)
		if err != nil {
			return sale, err
		}
		shown, err := s.orderOf(o)
		if err != nil {
			return sale, err
		}
		sale.Order, id = &shown, o.Payment
	}
	if id == "" {
		return sale, nil
	}
	p, err := s.committed(ctx, id)
	if err != nil || !sees(participant, p) {
		return sale, err
	}
	shown := paymentOf(participant, p)
	sale.Payment = &shown
	movements, err := reader.Movements(ctx, p.ID)
	for _, m := range movements {
		sale.Movements = append(sale.Movements, movementOf(m))
	}
	return sale, err
}
