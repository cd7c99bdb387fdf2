package web

import (
	"context"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// makeOrder answers POST /v1/orders.
func (s *server) makeOrder(ctx context.Context, c *call) (reply, error) {
	wish, err := decode(c, func(m *api.MakeOrder) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	operation, err := s.orderWished(wish, c.started)
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, wish.RequestID, operation)
	if err != nil {
		return reply{}, err
	}
	order, err := s.orderOf(result.Order)
	if err != nil {
		return reply{}, err
	}
	return created(order)
}

// orderWished checks the form of a wish for an order.
func (s *server) orderWished(wish api.MakeOrder, now time.Time) (hub.MakeOrder, error) {
	if err := checkTill(wish.Store, wish.Terminal, wish.OrderReference, wish.Part); err != nil {
		return hub.MakeOrder{}, err
	}
	if wish.ExpiresIn < 0 || wish.ExpiresIn > int64(payment.OrderAtMost/time.Second) {
		return hub.MakeOrder{}, hansa.Refuse(hansa.Malformed, "expires_in: 1 to %d", int64(payment.OrderAtMost/time.Second))
	}
	return hub.MakeOrder{
		Amount: wish.Amount, Store: wish.Store, Terminal: wish.Terminal, OrderReference: wish.OrderReference,
		Part: wish.Part, ExpiresIn: time.Duration(wish.ExpiresIn) * time.Second, CaptureLater: wish.CaptureLater,
	}, s.fitsCode(wish.Amount, now)
}

// readOrder answers GET /v1/orders/{order}, and waits until it has ended.
func (s *server) readOrder(ctx context.Context, c *call) (reply, error) {
	wait, err := c.seconds(waitMax, 0)
	if err != nil {
		return reply{}, err
	}
	id, err := c.id("order")
	if err != nil {
		return reply{}, err
	}
	order, err := until(ctx, c, waited[payment.Order]{
		subject: id,
		read:    func(ctx context.Context) (payment.Order, error) { return s.ownOrder(ctx, c, id) },
		ended:   func(o payment.Order) bool { return o.State != payment.OrderOpen && o.State != payment.OrderHeld },
	}, wait)
	if err != nil {
		return reply{}, err
	}
	shown, err := s.orderOf(order)
	if err != nil {
		return reply{}, err
	}
	return ok(shown)
}

// ownOrder reads an order of the acquirer that asks. To anyone else, and for one
// that a payer made at a printed code, it does not exist.
func (s *server) ownOrder(ctx context.Context, c *call, id string) (payment.Order, error) {
	o, err := s.Hub.Read().Order(ctx, id)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotFound || err == nil && (o.Static || o.Acquirer != c.participant) {
		return payment.Order{}, hansa.Refuse(hansa.NotFound, "no such order")
	}
	return o, err
}

// cancelOrder answers POST /v1/orders/{order}/cancel.
func (s *server) cancelOrder(ctx context.Context, c *call) (reply, error) {
	change, id, err := c.change("order")
	if err != nil {
		return reply{}, err
	}
	result, err := c.do(ctx, change.RequestID, hub.CancelOrder{Order: id})
	if err != nil {
		return reply{}, err
	}
	shown, err := s.orderOf(result.Order)
	if err != nil {
		return reply{}, err
	}
	return ok(shown)
}

func (s *server) orderOf(o payment.Order) (api.Order, error) {
	code, err := s.orderCode(o)
	return api.Order{
		Order: o.ID, Status: string(o.State), Code: code, Amount: o.Amount, Store: o.Payee.Store, Terminal: o.Terminal,
		OrderReference: o.Reference, Payment: o.Payment, CreatedAt: o.CreatedAt, ExpiresAt: o.ExpiresAt,
	}, err
}
