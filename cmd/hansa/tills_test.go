package main

import (
	"net/http"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// A counter is a till of the sandbox and what is sold there.
type tillOf struct {
	*network

	name, store, acquirer string
	price, part           money.Amount
	online                bool
	gone                  hansa.Reason // how a code that was used is refused
	back                  string       // kind of the movement by which a cancel gives back
}

// foreignTillsOf are tills of every protocol.
func foreignTillsOf(n *network) []tillOf {
	return []tillOf{
		{n, "Alipay+", "bergen-cafe", "nets", amount("100.00 NOK"), amount("40.00 NOK"), false, hansa.CodeUsed, "cancel"},
		{n, "Alipay+ without decimals", "reykjavik-wool", "epassi", amount("4990 ISK"), amount("1000 ISK"), false, hansa.CodeUsed, "cancel"},
		{n, "Vipps", "bergen-cafe", "vipps", amount("100.00 NOK"), amount("40.00 NOK"), false, hansa.CodeUnknown, "refund"},
		{n, "Bluecode", "vienna-coffee", "bluecode", amount("10.00 EUR"), amount("4.00 EUR"), false, hansa.CodeUnknown, "cancel"},
		{n, "Bluecode for MOMO", "barcelona-tapas", "momo", amount("10.00 EUR"), amount("4.00 EUR"), false, hansa.CodeUnknown, "cancel"},
		{n, "Nexi", "bergen-cafe", "nets", amount("100.00 NOK"), amount("40.00 NOK"), true, "", "refund"},
	}
}

func (c tillOf) path(rest string) string { return "/tills/" + c.store + rest }

func (c tillOf) sell(code, reference string) (sale party.Sale, err error) {
	err = c.box.post(c.t.Context(), c.path("/sales"),
		map[string]any{"code": code, "amount": c.price, "acquirer": c.acquirer, "order_reference": reference}, &sale)
	return sale, err
}

func (c tillOf) order(t *testing.T, reference string) (order api.Order) {
	t.Helper()
	wish := map[string]any{"amount": c.price, "acquirer": c.acquirer, "order_reference": reference, "online": c.online}
	if err := c.box.post(t.Context(), c.path("/orders"), wish, &order); err != nil {
		t.Fatal(err)
	}
	return order
}

func (c tillOf) showOrder(t *testing.T, id, query string) (order api.Order) {
	t.Helper()
	if err := c.box.do(t.Context(), http.MethodGet, c.path("/orders/"+id+query), nil, &order); err != nil {
		t.Fatal(err)
	}
	return order
}

// approved is a payment at the till by a visitor, who has paid the price for it.
func (c tillOf) approved(t *testing.T) (string, payer) {
	t.Helper()
	visitor := c.payer("epassi", sim.AcceptsAlways)
	if c.online {
		paid, err := visitor.pay(c.order(t, fresh("bill")).Code, "")
		if err != nil || paid.Status != "approved" {
			t.Fatal(paid, err)
		}
		return paid.Reference, visitor
	}
	sale, err := c.sell(visitor.code(), fresh("bill"))
	if err != nil || sale.Status != "approved" || sale.Receipt == nil {
		t.Fatal(sale, err)
	}
	return sale.Reference, visitor
}

// TestTillsOfEveryProtocol sells, gives back and closes at tills that speak the protocol of
// their acquirer, and is answered as at any other till.
func TestTillsOfEveryProtocol(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	for _, c := range foreignTillsOf(n) {
		t.Run(c.name, func(t *testing.T) {
			t.Run("a refund of a part", c.refunds)
			t.Run("a cancel after the payment", c.cancels)
			t.Run("an order", c.paysAnOrder)
			t.Run("an order that nobody pays", c.closesAnOrder)
			if !c.online {
				t.Run("refusals", c.refuses)
			}
		})
	}
}

func (c tillOf) refunds(t *testing.T) {
	reference, visitor := c.approved(t)
	whole := visitor.spent()
	var made api.Movement
	if err := c.box.post(t.Context(), c.path("/payments/"+reference+"/refunds"), map[string]any{"amount": c.part}, &made); err != nil {
		t.Fatal(err)
	}
	if made.Kind != "refund" || made.OrderAmount != c.part || made.Payment != reference {
		t.Errorf("%+v", made)
	}
	until(t, "the payer gets it back", func() bool { return visitor.spent() != whole })
	err := c.box.post(t.Context(), c.path("/payments/"+reference+"/refunds"), map[string]any{"amount": c.price}, &made)
	wantReason(t, hansa.RefundTooLarge, err)
}

func (c tillOf) cancels(t *testing.T) {
	reference, visitor := c.approved(t)
	var cancelled api.Cancelled
	if err := c.box.post(t.Context(), c.path("/payments/"+reference+"/cancel"), map[string]any{}, &cancelled); err != nil {
		t.Fatal(err)
	}
	if m := cancelled.Movement; m == nil || m.Kind != c.back || m.OrderAmount != c.price || cancelled.Payment.Reference != reference {
		t.Errorf("%+v", cancelled)
	}
	until(t, "the payer gets all of it back", func() bool { return visitor.app().Balance == visitor.had })
}

func (c tillOf) paysAnOrder(t *testing.T) {
	reference := fresh("bill")
	order := c.order(t, reference)
	if order.Status != "open" || order.Amount != c.price || order.Store != c.store {
		t.Errorf("%+v", order)
	}
	paid, err := c.payer("alipay", sim.AcceptsAlways).pay(order.Code, "")
	if err != nil || paid.Status != "approved" {
		t.Fatal(paid, err)
	}
	if shown := c.showOrder(t, order.Order, "?wait=5"); shown.Status != "paid" || shown.Payment != paid.Reference {
		t.Errorf("%+v", shown)
	}
	wantReason(t, hansa.OrderPaid, c.box.post(t.Context(), c.path("/orders/"+order.Order+"/cancel"), nil, &order))
	until(t, "it is booked", func() bool { return len(c.postings(paid.Reference)) > 0 })
}

func (c tillOf) closesAnOrder(t *testing.T) {
	order := c.order(t, fresh("bill"))
	if err := c.box.post(t.Context(), c.path("/orders/"+order.Order+"/cancel"), nil, &order); err != nil || order.Status != "closed" {
		t.Errorf("%+v, %v", order, err)
	}
	_, err := c.payer("epassi", sim.AcceptsAlways).pay(order.Code, "")
	wantReason(t, hansa.OrderNotOpen, err)
}

func (c tillOf) refuses(t *testing.T) {
	visitor, bill := c.payer("pivo", sim.AcceptsNever), fresh("bill")
	code := visitor.code()
	sale, err := c.sell(code, bill)
	if err != nil || sale.Status != "declined" || sale.Reason != string(hansa.DeclinedByPayer) || sale.Receipt != nil {
		t.Errorf("%+v, %v", sale, err)
	}
	_, err = c.sell(code, fresh("bill"))
	wantReason(t, c.gone, err)
	_, err = c.sell("no code of anybody", fresh("bill"))
	wantReason(t, hansa.CodeUnknown, err)
}

// TestAPaidBillIsNotPaidAgain: whichever protocol the till speaks.
func TestAPaidBillIsNotPaidAgain(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	for _, c := range foreignTillsOf(n) {
		if c.online {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			// What the protocol cannot write is written as it can.
			bill := "Tisch 7 / " + fresh("bill")[:12]
			visitor := c.payer("epassi", sim.AcceptsAlways)
			if sale, err := c.sell(visitor.code(), bill); err != nil || sale.Status != "approved" {
				t.Fatal(sale, err)
			}
			_, err := c.sell(visitor.code(), bill)
			wantReason(t, hansa.OrderReferenceTaken, err)
		})
	}
}
