package vipps_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A counter is a small network that the tests play: it keeps sales and documents, and
// obeys the states that the true one has. Nobody pays until a test says so.
type counter struct {
	api.Counter // what this dialect never asks panics

	now       func() time.Time
	client    *api.Client
	sales     map[string]*api.Sale
	bodies    map[string]string // of requests, by their id
	refusals  map[string]error  // what to refuse, by the method
	documents map[string]map[string]api.Document
	ids       int
	// beforeCancel is what happens while a cancel is on its way.
	beforeCancel func()
	asked        []string // codes that were asked for money
	approved     []string // requests and codes that a make-believe payer was told of
}

func newCounter(client *api.Client, now func() time.Time) *counter {
	return &counter{
		now: now, client: client, sales: make(map[string]*api.Sale), bodies: make(map[string]string),
		refusals: make(map[string]error), documents: make(map[string]map[string]api.Document),
	}
}

func (c *counter) newID(prefix string) string {
	c.ids++
	return fmt.Sprintf("%s_%026d", prefix, c.ids)
}

// once refuses what a test wants refused, and another message under the same id.
func (c *counter) once(method, id string, message any) (again bool, err error) {
	if refusal := c.refusals[method]; refusal != nil {
		return false, refusal
	}
	body := string(api.Encode(message))
	earlier, known := c.bodies[method+" "+id]
	if known && earlier != body {
		return true, hansa.Refuse(hansa.RequestIDReused, "another body")
	}
	c.bodies[method+" "+id] = body
	return known, nil
}

func (c *counter) BeginPayment(ask api.AskPayment, memo []byte) (api.Payment, error) {
	if again, err := c.once("sale", ask.RequestID, ask); again || err != nil {
		if again && err == nil {
			return *c.sales[ask.RequestID].Payment, nil
		}
		return api.Payment{}, err
	}
	c.asked = append(c.asked, ask.Code)
	p := c.newPayment(ask.Amount)
	c.sales[ask.RequestID] = &api.Sale{RequestID: ask.RequestID, Memo: memo, Payment: &p}
	return p, nil
}

func (c *counter) newPayment(amount money.Amount) api.Payment {
	return api.Payment{
		Reference: c.newID("pay"), Status: "pending", PendingReason: "awaiting_payer", Wallet: "alipay", Payer: "payer-of-this-acquirer",
		OrderAmount: amount, DebitAmount: amount, CreatedAt: c.now(),
	}
}

func (c *counter) MakeOrder(order api.MakeOrder, memo []byte) (api.Order, error) {
	if again, err := c.once("sale", order.RequestID, order); again || err != nil {
		if again && err == nil {
			return *c.sales[order.RequestID].Order, nil
		}
		return api.Order{}, err
	}
	o := api.Order{
		Order: c.newID("ord"), Status: "open", Code: "000201", Amount: order.Amount, Store: order.Store, OrderReference: order.OrderReference,
		CreatedAt: c.now(), ExpiresAt: c.now().Add(time.Duration(order.ExpiresIn) * time.Second),
	}
	c.sales[order.RequestID] = &api.Sale{RequestID: order.RequestID, Memo: memo, Order: &o}
	return o, nil
}

func (c *counter) Sale(requestID string) (api.Sale, error) {
	sale := c.sales[requestID]
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

func (c *counter) SaleOf(reference string) (api.Sale, error) {
	for id, sale := range c.sales {
		if sale.Order != nil && sale.Order.Order == reference || sale.Payment != nil && sale.Payment.Reference == reference {
			return c.Sale(id)
		}
	}
	return api.Sale{}, hansa.Refuse(hansa.NotFound, "no such sale")
}

func (c *counter) Remember(requestID string, memo []byte) error {
	c.sales[requestID].Memo = memo
	return nil
}

// pay lets a payer of some wallet say yes, or end the sale in another way.
func (c *counter) pay(requestID, status string) {
	sale, now := c.sales[requestID], c.now()
	if sale.Payment == nil {
		p := c.newPayment(sale.Order.Amount)
		sale.Payment = &p
	}
	sale.Payment.Status, sale.Payment.OutcomeAt = status, &now
	if sale.Order != nil && status == "approved" {
		sale.Order.Status = "paid"
	}
}

func (c *counter) CancelOrder(order string, change api.Change) (api.Order, error) {
	c.meanwhile()
	if _, err := c.once("cancel_order", change.RequestID, order); err != nil {
		return api.Order{}, err
	}
	sale := c.saleOf(order)
	if sale.Order.Status == "paid" {
		return api.Order{}, hansa.Refuse(hansa.OrderPaid, "paid")
	}
	if sale.Order.Status == "open" || sale.Order.Status == "held" {
		sale.Order.Status = "closed"
	}
	return *sale.Order, nil
}

func (c *counter) saleOf(reference string) *api.Sale {
	sale, err := c.SaleOf(reference)
	if err != nil {
		panic(err)
	}
	return c.sales[sale.RequestID]
}

// meanwhile lets happen once what a test wants to happen before a cancel.
func (c *counter) meanwhile() {
	if happens := c.beforeCancel; happens != nil {
		c.beforeCancel = nil
		happens()
	}
}

func (c *counter) Cancel(reference string, change api.Change) (api.Cancelled, error) {
	c.meanwhile()
	if _, err := c.once("cancel", change.RequestID, reference); err != nil {
		return api.Cancelled{}, err
	}
	sale := c.saleOf(reference)
	if sale.Payment.Status == "approved" {
		m, err := c.Release(reference, change)
		return api.Cancelled{Payment: *sale.Payment, Movement: &m}, err
	}
	c.pay(sale.RequestID, "cancelled")
	return api.Cancelled{Payment: *sale.Payment}, nil
}

func (c *counter) Stop(reference string, change api.Change) (api.Payment, error) {
	c.meanwhile()
	if c.saleOf(reference).Payment.Status == "approved" {
		return api.Payment{}, hansa.Refuse(hansa.NotAllowedNow, "approved")
	}
	cancelled, err := c.Cancel(reference, change)
	return cancelled.Payment, err
}

func (c *counter) Capture(reference string, move api.MoveMoney) (api.Movement, error) {
	left := c.left(c.saleOf(reference), "capture", "release")
	return c.move("capture", reference, move.RequestID, move.Amount, left, hansa.CaptureTooLarge)
}

func (c *counter) Release(reference string, change api.Change) (api.Movement, error) {
	left := c.left(c.saleOf(reference), "capture", "release")
	return c.move("release", reference, change.RequestID, left, left, hansa.CaptureTooLarge)
}

func (c *counter) Refund(reference string, move api.MoveMoney) (api.Movement, error) {
	sale := c.saleOf(reference)
	captured, err := sale.Payment.OrderAmount.Minus(c.left(sale, "capture"))
	if err != nil {
		return api.Movement{}, err
	}
	refunded, err := sale.Payment.OrderAmount.Minus(c.left(sale, "refund"))
	if err != nil {
		return api.Movement{}, err
	}
	left, err := captured.Minus(refunded)
	if err != nil {
		return api.Movement{}, err
	}
	return c.move("refund", reference, move.RequestID, move.Amount, left, hansa.RefundTooLarge)
}

// left is what of a payment no movement of these kinds has taken.
func (c *counter) left(sale *api.Sale, kinds ...string) money.Amount {
	left := sale.Payment.OrderAmount
	for _, m := range sale.Movements {
		if slices.Contains(kinds, m.Kind) && m.Status != "failed" {
			left.Value -= m.OrderAmount.Value
		}
	}
	return left
}

func (c *counter) move(kind, reference, requestID string, amount, left money.Amount, tooLarge hansa.Reason) (api.Movement, error) {
	sale := c.saleOf(reference)
	if made, ok := c.bodies["movement "+kind+requestID]; ok {
		at := slices.IndexFunc(sale.Movements, func(m api.Movement) bool { return m.Movement == made })
		if at < 0 || kind != "release" && sale.Movements[at].OrderAmount != amount {
			return api.Movement{}, hansa.Refuse(hansa.RequestIDReused, "another body")
		}
		return sale.Movements[at], nil
	}
	if refusal := c.refusals[kind]; refusal != nil {
		return api.Movement{}, refusal
	}
	if kind != "refund" && left.IsZero() {
		return api.Movement{}, hansa.Refuse(hansa.NotAllowedNow, "nothing is left")
	}
	if amount.Value > left.Value {
		return api.Movement{}, hansa.Refuse(tooLarge, "more than %s", left)
	}
	m := api.Movement{
		Movement: c.newID("mov"), Payment: reference, Kind: kind, Status: "succeeded", OrderAmount: amount, DebitAmount: amount,
		CreatedAt: c.now(), ChangedAt: c.now(),
	}
	c.bodies["movement "+kind+requestID] = m.Movement
	sale.Movements = append(sale.Movements, m)
	return m, nil
}

func (c *counter) Approve(requestID, code string) error {
	if refusal := c.refusals["approve"]; refusal != nil {
		return refusal
	}
	c.approved = append(c.approved, strings.TrimSpace(requestID+" "+code))
	c.pay(requestID, "approved")
	return nil
}

func (c *counter) AddHook(hook api.Hook) error {
	c.client.Hooks = append(c.client.Hooks, hook)
	return nil
}

func (c *counter) Hooks() ([]api.Hook, error) { return c.client.Hooks, nil }

func (c *counter) RemoveHook(id string) error {
	at := slices.IndexFunc(c.client.Hooks, func(h api.Hook) bool { return h.ID == id })
	if at < 0 {
		return hansa.Refuse(hansa.NotFound, "no such hook")
	}
	c.client.Hooks = slices.Delete(c.client.Hooks, at, at+1)
	return nil
}

func (c *counter) PutDocument(kind string, document api.Document) error {
	if refusal := c.refusals["document"]; refusal != nil {
		return refusal
	}
	if c.documents[kind] == nil {
		c.documents[kind] = make(map[string]api.Document)
	}
	c.documents[kind][document.ID] = document
	return nil
}

func (c *counter) Document(kind, id string) (api.Document, error) {
	document, ok := c.documents[kind][id]
	if !ok {
		return api.Document{}, hansa.Refuse(hansa.NotFound, "no such document")
	}
	return document, nil
}

func (c *counter) Documents(kind string) ([]api.Document, error) {
	list := []api.Document{}
	for _, document := range c.documents[kind] {
		list = append(list, document)
	}
	slices.SortFunc(list, func(a, b api.Document) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

func (c *counter) RemoveDocument(kind, id string) error {
	delete(c.documents[kind], id)
	return nil
}
