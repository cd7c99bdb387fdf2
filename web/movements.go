package web

import (
	"context"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// capture answers POST /v1/payments/{reference}/captures.
func (s *server) capture(ctx context.Context, c *call) (reply, error) {
	return c.moveMoney(ctx, func(m api.MoveMoney, id string) hub.Operation {
		return hub.Capture{Payment: id, Amount: m.Amount}
	})
}

// refund answers POST /v1/payments/{reference}/refunds.
func (s *server) refund(ctx context.Context, c *call) (reply, error) {
	return c.moveMoney(ctx, func(m api.MoveMoney, id string) hub.Operation {
		return hub.Refund{Payment: id, Amount: m.Amount}
	})
}

func (c *call) moveMoney(ctx context.Context, operation func(api.MoveMoney, string) hub.Operation) (reply, error) {
	move, err := decode(c, func(m *api.MoveMoney) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	id, err := c.id("reference")
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, move.RequestID, operation(move, id))
	if err != nil {
		return reply{}, err
	}
	return created(movementOf(result.Movement))
}

// release answers POST /v1/payments/{reference}/release.
func (s *server) release(ctx context.Context, c *call) (reply, error) {
	change, id, err := c.change("reference")
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, change.RequestID, hub.Release{Payment: id})
	if err != nil {
		return reply{}, err
	}
	return created(movementOf(result.Movement))
}

// listMovements answers GET /v1/payments/{reference}/movements, oldest first.
func (s *server) listMovements(ctx context.Context, c *call) (reply, error) {
	p, err := s.payment(ctx, c, 0)
	if err != nil {
		return reply{}, err
	}
	movements, err := s.Hub.Read().Movements(ctx, p.ID)
	if err != nil {
		return reply{}, err
	}
	page := api.Page[api.Movement]{Items: []api.Movement{}}
	for _, m := range movements {
		page.Items = append(page.Items, movementOf(m))
	}
	return ok(page)
}

// readMovement answers GET /v1/movements/{movement}.
func (s *server) readMovement(ctx context.Context, c *call) (reply, error) {
	m, _, err := s.movement(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return ok(movementOf(m))
}

// movement reads the movement that the path names, and its payment. To whoever
// has no part in the payment, neither exists.
func (s *server) movement(ctx context.Context, c *call) (payment.Movement, payment.Payment, error) {
	none := hansa.Refuse(hansa.NotFound, "no such movement")
	id, err := c.id("movement")
	if err != nil {
		return payment.Movement{}, payment.Payment{}, none
	}
	m, err := s.Hub.Read().Movement(ctx, id)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound {
		return payment.Movement{}, payment.Payment{}, none
	}
	if err != nil {
		return payment.Movement{}, payment.Payment{}, err
	}
	p, err := s.ownPayment(ctx, c, m.Payment, 0)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound {
		return payment.Movement{}, payment.Payment{}, none
	}
	return m, p, err
}
