package apitest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A Counter is a make-believe network, for one client: it keeps sales and documents, and
// obeys the states that the true one has. What is not made below panics. It is not safe for
// concurrent use.
type Counter struct {
	api.Counter

	Now       func() time.Time
	Client    *api.Client                        // whose hooks it keeps; nil: nobody's
	Sales     map[string]*api.Sale               // by request id
	Refusals  map[string]error                   // what to refuse, by what is asked, such as sale or capture; by nothing: all of it
	Statuses  map[string]string                  // of new movements by their kinds; succeeded where it is not said
	Outcome   api.Payment                        // of payments that are asked and waited for: status, reasons and wallet
	Stores    []string                           // that there are; none: any
	Currency  string                             // of stores
	Asked     []string                           // codes that were asked for money
	Approved  []string                           // requests and codes that a make-believe payer was told of
	Meanwhile func()                             // happens once, while a cancel is on its way
	bodies    map[string]string                  // of requests, by their ids
	later     map[string]bool                    // request ids of sales that are captured later
	documents map[string]map[string]api.Document // by kind and id
	drawn     byte
}

// NewCounter returns a network that has just begun.
func NewCounter(client *api.Client, now func() time.Time) *Counter {
	return &Counter{
		Now: now, Client: client, Sales: make(map[string]*api.Sale), Refusals: make(map[string]error), Statuses: make(map[string]string),
		bodies: make(map[string]string), later: make(map[string]bool), documents: make(map[string]map[string]api.Document),
	}
}

// Drawn is chance that no other draw has.
func (c *Counter) Drawn() hansa.Chance {
	c.drawn++
	return hansa.Chance{c.drawn}
}

func (c *Counter) newID(prefix string) string { return hansa.NewID(prefix, c.Now(), 0, c.Drawn()) }

// once refuses what a test wants refused, and another message under the same id.
func (c *Counter) once(method, id string, message any) (again bool, err error) {
	if err := c.refused(method); err != nil {
		return false, err
	}
	if sale := c.Sales[id]; method == "sale" && sale != nil && sale.Refused != nil {
		return false, sale.Refused
	}
	body := string(api.Encode(message))
	earlier, known := c.bodies[method+" "+id]
	if known && earlier != body {
		return true, hansa.Refuse(hansa.RequestIDReused, "another body")
	}
	c.bodies[method+" "+id] = body
	return known, nil
}

func (c *Counter) refused(what string) error { return cmp.Or(c.Refusals[what], c.Refusals[""]) }

// AskPayment is BeginPayment, after which the payment has its outcome.
func (c *Counter) AskPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	known := c.Sales[ask.RequestID]
	p, err := c.BeginPayment(ask, memo)
	if err != nil || known != nil {
		return p, err
	}
	now, begun := c.Now(), c.Sales[ask.RequestID].Payment
	begun.Status, begun.PendingReason, begun.Reason = cmp.Or(c.Outcome.Status, p.Status), c.Outcome.PendingReason, c.Outcome.Reason
	begun.Wallet = cmp.Or(c.Outcome.Wallet, p.Wallet)
	if begun.Status != "pending" {
		begun.OutcomeAt = &now
	}
	return *begun, nil
}

// Forbid makes sure that nothing begins under a request id.
func (c *Counter) Forbid(requestID string) error {
	if err := c.refused("forbid"); err != nil {
		return err
	}
	if c.Sales[requestID] != nil {
		return hansa.Refuse(hansa.AlreadyExists, "begun")
	}
	c.Sales[requestID] = &api.Sale{RequestID: requestID, Refused: &hansa.Refusal{Reason: hansa.OrderNotOpen}}
	return nil
}

// BeginPayment begins a payment of a scanned code, which waits for its payer.
func (c *Counter) BeginPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	if again, err := c.once("sale", ask.RequestID, ask); again || err != nil {
		if again && err == nil {
			return *c.Sales[ask.RequestID].Payment, nil
		}
		return api.Payment{}, err
	}
	c.Asked, c.later[ask.RequestID] = append(c.Asked, ask.Code), ask.CaptureLater
	p := c.newPayment(ask.Amount)
	p.OrderReference, p.Store, p.Terminal = ask.OrderReference, ask.Store, ask.Terminal
	c.Sales[ask.RequestID] = &api.Sale{RequestID: ask.RequestID, Memo: memo, Payment: &p}
	return p, nil
}

func (c *Counter) newPayment(amount money.Amount) api.Payment {
	return api.Payment{
		Reference: c.newID("pay"), Status: "pending", PendingReason: "awaiting_payer", Wallet: "alipay", Payer: "payer-of-this-acquirer",
		OrderAmount: amount, DebitAmount: amount, CreatedAt: c.Now(),
	}
}

// MakeOrder makes an order that waits for a payer.
func (c *Counter) MakeOrder(order api.MakeOrder, memo []byte) (api.Order, error) {
	if again, err := c.once("sale", order.RequestID, order); again || err != nil {
		if again && err == nil {
			return *c.Sales[order.RequestID].Order, nil
		}
		return api.Order{}, err
	}
	o := api.Order{
		Order: c.newID("ord"), Status: "open", Code: "00020101021226", Amount: order.Amount, Store: order.Store, Terminal: order.Terminal, OrderReference: order.OrderReference,
		CreatedAt: c.Now(), ExpiresAt: c.Now().Add(time.Duration(order.ExpiresIn) * time.Second),
	}
	c.Sales[order.RequestID], c.later[order.RequestID] = &api.Sale{RequestID: order.RequestID, Memo: memo, Order: &o}, order.CaptureLater
	return o, nil
}

// Sale returns what came of a request id. What is changed of it changes nothing.
func (c *Counter) Sale(requestID string) (api.Sale, error) { return copied(c.Sales[requestID]) }

// SaleOf returns what has a reference.
func (c *Counter) SaleOf(reference string) (api.Sale, error) { return copied(c.find(reference)) }

func copied(sale *api.Sale) (api.Sale, error) {
	if sale == nil {
		return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such sale")
	}
	shown := *sale
	shown.Movements = slices.Clone(sale.Movements)
	if sale.Order != nil {
		order := *sale.Order
		shown.Order = &order
	}
	if sale.Payment != nil {
		p := *sale.Payment
		shown.Payment = &p
	}
	return shown, nil
}

func (c *Counter) find(reference string) *api.Sale {
	for _, sale := range c.Sales {
		moved := slices.ContainsFunc(sale.Movements, func(m api.Movement) bool { return m.Movement == reference })
		if moved || sale.Order != nil && sale.Order.Order == reference || sale.Payment != nil && sale.Payment.Reference == reference {
			return sale
		}
	}
	return nil
}

// Remember replaces what is kept with a sale.
func (c *Counter) Remember(requestID string, memo []byte) error {
	c.Sales[requestID].Memo = memo
	return nil
}

// Pay lets a payer of some wallet say yes, or end the sale in another way.
func (c *Counter) Pay(requestID, status string) {
	c.end(c.Sales[requestID], status)
}

func (c *Counter) end(sale *api.Sale, status string) {
	now := c.Now()
	if sale.Payment == nil {
		p := c.newPayment(sale.Order.Amount)
		sale.Payment = &p
	}
	sale.Payment.Status, sale.Payment.OutcomeAt = status, &now
	if sale.Order != nil && status == "approved" {
		sale.Order.Status = "paid"
	}
}

// CancelOrder closes an order that nobody has paid.
func (c *Counter) CancelOrder(order string, change api.Change) (api.Order, error) {
	c.meanwhile()
	if _, err := c.once("cancel_order", change.RequestID, order); err != nil {
		return api.Order{}, err
	}
	sale := c.find(order)
	if sale.Order.Status == "paid" {
		return api.Order{}, hansa.Refuse(hansa.OrderPaid, "paid")
	}
	if sale.Order.Status == "open" || sale.Order.Status == "held" {
		sale.Order.Status = "closed"
	}
	return *sale.Order, nil
}

// meanwhile lets happen once what a test wants to happen before a cancel.
func (c *Counter) meanwhile() {
	if happens := c.Meanwhile; happens != nil {
		c.Meanwhile = nil
		happens()
	}
}

// Cancel ends a payment, or releases what is approved.
func (c *Counter) Cancel(reference string, change api.Change) (api.Cancelled, error) {
	c.meanwhile()
	if _, err := c.once("cancel", change.RequestID, reference); err != nil {
		return api.Cancelled{}, err
	}
	sale := c.find(reference)
	if sale.Payment.Status == "approved" {
		left, kind := c.left(sale, "refund", "cancel"), "cancel"
		if c.later[sale.RequestID] {
			left, kind = c.left(sale, "capture", "release"), "release"
		}
		m, err := c.move(kind, reference, api.MoveMoney{RequestID: change.RequestID, Amount: left}, left)
		return api.Cancelled{Payment: *sale.Payment, Movement: &m}, err
	}
	c.end(sale, "cancelled")
	return api.Cancelled{Payment: *sale.Payment}, nil
}

// Stop ends a payment that is not approved.
func (c *Counter) Stop(reference string, change api.Change) (api.Payment, error) {
	c.meanwhile()
	if c.find(reference).Payment.Status == "approved" {
		return api.Payment{}, hansa.Refuse(hansa.NotAllowedNow, "approved")
	}
	cancelled, err := c.Cancel(reference, change)
	return cancelled.Payment, err
}

// Capture takes a part of what is approved.
func (c *Counter) Capture(reference string, move api.MoveMoney) (api.Movement, error) {
	return c.move("capture", reference, move, c.left(c.find(reference), "capture", "release"))
}

// Release gives up what is left of what is approved.
func (c *Counter) Release(reference string, change api.Change) (api.Movement, error) {
	left := c.left(c.find(reference), "capture", "release")
	return c.move("release", reference, api.MoveMoney{RequestID: change.RequestID, Amount: left}, left)
}

// Refund gives back of what was captured.
func (c *Counter) Refund(reference string, move api.MoveMoney) (api.Movement, error) {
	sale := c.find(reference)
	left, uncaptured := c.left(sale, "refund", "cancel"), c.left(sale, "capture")
	if c.later[sale.RequestID] {
		left.Value -= uncaptured.Value
	}
	return c.move("refund", reference, move, left)
}

// left is what of a payment no movement of these kinds has taken.
func (c *Counter) left(sale *api.Sale, kinds ...string) money.Amount {
	left := sale.Payment.OrderAmount
	for _, m := range sale.Movements {
		if slices.Contains(kinds, m.Kind) && m.Status != "failed" {
			left.Value -= m.OrderAmount.Value
		}
	}
	return left
}

// move makes a movement once for each request id, of at most what is left.
func (c *Counter) move(kind, reference string, move api.MoveMoney, left money.Amount) (api.Movement, error) {
	sale := c.find(reference)
	if made, ok := c.bodies["movement "+kind+move.RequestID]; ok {
		at := slices.IndexFunc(sale.Movements, func(m api.Movement) bool { return m.Movement == made })
		if at < 0 || kind != "release" && kind != "cancel" && sale.Movements[at].OrderAmount != move.Amount {
			return api.Movement{}, hansa.Refuse(hansa.RequestIDReused, "another body")
		}
		return sale.Movements[at], nil
	}
	if err := c.refused(kind); err != nil {
		return api.Movement{}, err
	}
	switch {
	case kind != "refund" && left.IsZero():
		return api.Movement{}, hansa.Refuse(hansa.NotAllowedNow, "nothing is left")
	case kind == "refund" && move.Amount.Value > left.Value:
		return api.Movement{}, hansa.Refuse(hansa.RefundTooLarge, "more than %s", left)
	case move.Amount.Value > left.Value:
		return api.Movement{}, hansa.Refuse(hansa.CaptureTooLarge, "more than %s", left)
	}
	m := api.Movement{
		Movement: c.newID("mov"), Payment: reference, Kind: kind, Status: cmp.Or(c.Statuses[kind], "succeeded"),
		OrderAmount: move.Amount, DebitAmount: move.Amount,
		CreatedAt: c.Now(), ChangedAt: c.Now(),
	}
	c.bodies["movement "+kind+move.RequestID] = m.Movement
	sale.Movements = append(sale.Movements, m)
	return m, nil
}

// Approve lets a make-believe payer pay.
func (c *Counter) Approve(requestID, code string) error {
	if err := c.refused("approve"); err != nil {
		return err
	}
	c.Approved = append(c.Approved, strings.TrimSpace(requestID+" "+code))
	c.Pay(requestID, "approved")
	return nil
}
