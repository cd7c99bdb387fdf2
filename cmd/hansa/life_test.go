package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// payerOf opens a payer as wished.
func (n *network) payerOf(wallet string, wish map[string]any) payer {
	n.t.Helper()
	var opened sim.Payer
	if err := n.box.post(n.t.Context(), "/wallets/"+wallet+"/payers", wish, &opened); err != nil {
		n.t.Fatal(err)
	}
	return payer{network: n, wallet: wallet, id: opened.ID, had: opened.Balance}
}

// sold is what becomes of a sale at a till of the acquirer that speaks.
func (s speaker) sold(t *testing.T, shop, sum string, p payer) (reference, outcome string) {
	t.Helper()
	begun, err := s.ask(shop, p.code(), fresh("bill"), sum)
	if err != nil {
		t.Fatal(err)
	}
	return begun.Reference, s.outcome(begun.Reference)
}

// TestADayOfStickersEndsInChina: what a visitor may pay at printed codes is counted over
// all stores, bounds no till, and begins again at midnight of UTC+8.
func TestADayOfStickersEndsInChina(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	const ahead = 8 * time.Hour
	china := n.clock.now().UTC().Add(ahead)
	n.clock.pass(china.Truncate(24 * time.Hour).Add(36 * time.Hour).Sub(china)) // It is noon there.
	li, wang := n.payer("alipay", sim.AcceptsAlways), n.payer("alipay", sim.AcceptsAlways)
	paid := func(p payer, shop, acquirer, sum, want string) {
		t.Helper()
		answer, err := p.pay(n.printed(shop, acquirer), sum)
		if got := answer.Status + " " + answer.Reason; err != nil || got != want {
			t.Errorf("%s at %s: want %s, got %s, %v", sum, shop, want, got, err)
		}
	}
	paid(li, "bergen-cafe", "nets", "600.00 NOK", "approved ") // 434.45 CNY
	paid(li, "vienna-coffee", "bluecode", "9.00 EUR", "declined wallet_limit")
	paid(li, "vienna-coffee", "bluecode", "7.00 EUR", "approved ")
	paid(wang, "bergen-cafe", "nets", "600.00 NOK", "approved ")
	if _, outcome := n.as("nets").sold(t, "bergen-cafe", fullPrice, li); outcome != "approved" {
		t.Errorf("at a till: %s", outcome)
	}
	n.clock.pass(12 * time.Hour)
	paid(li, "bergen-cafe", "nets", "600.00 NOK", "approved ")
}

// TestALunchIsPaidFromTwoPlaces, and goes back to both.
func TestALunchIsPaidFromTwoPlaces(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	eino := n.payerOf("epassi", map[string]any{"purses": []sim.PurseMoney{{Purse: "lunch", Balance: amount("60.00 EUR")}}})
	epassi := n.as("epassi")
	reference, outcome := epassi.sold(t, "helsinki-lunch", "20.00 EUR", eino)
	if outcome != "approved" {
		t.Fatal(outcome)
	}
	wantPortions := func(lunch, own sim.Portion) {
		t.Helper()
		app := eino.app()
		if diff := cmp.Diff([]sim.Portion{lunch, own}, app.Payments[0].Portions); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if left := money.New(60_00-lunch.Debited+lunch.Returned, "EUR"); app.Purses[0].Balance != left {
			t.Errorf("the purse has %s, not %s", app.Purses[0].Balance, left)
		}
	}
	wantPortions(sim.Portion{From: "lunch", Debited: 14_00}, sim.Portion{From: sim.OwnMoney, Debited: 6_00})
	err := epassi.post("/payments/"+reference+"/refunds", api.MoveMoney{RequestID: fresh("req"), Amount: amount("8.00 EUR")}, &api.Movement{})
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the refund has come", func() bool { return eino.app().Payments[0].Returned == 8_00 })
	wantPortions(sim.Portion{From: "lunch", Debited: 14_00, Returned: 2_00}, sim.Portion{From: sim.OwnMoney, Debited: 6_00, Returned: 6_00})
}

// TestAPINIsTheConsent: a wrong one leaves the payment as it is, and the till hears of the
// third.
func TestAPINIsTheConsent(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	aino := n.payerOf("pivo", map[string]any{"accepts": sim.AcceptsAsked, "pin": "2468"})
	s := scannedByTill(t, aino)
	until(t, "a prompt", func() bool { return len(aino.app().Prompts) == 1 })
	for _, row := range []struct {
		want   hansa.Reason
		status string
	}{
		{hansa.NotAllowedNow, "pending"}, {hansa.NotAllowedNow, "pending"}, {hansa.PayerBlocked, "declined"},
	} {
		if reason, _ := hansa.ReasonOf(aino.answer(s.reference, true)); reason != row.want {
			t.Errorf("want %q, got %q", row.want, reason)
		}
		if row.status == "declined" {
			break
		}
		if p, err := s.till.payment(s.reference); err != nil || p.Status != row.status {
			t.Errorf("%+v, %v", p, err)
		}
	}
	if got := s.till.outcome(s.reference); got != "declined payer_blocked" || aino.spent() != "0.00 EUR" {
		t.Errorf("%s, spent %s", got, aino.spent())
	}
}

// TestTheFifthCoffeeWithinAnHour is one too many for Bluecode, which keeps no balance.
func TestTheFifthCoffeeWithinAnHour(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	eva, till := n.payerOf("bluecode", map[string]any{}), n.as("bluecode")
	if eva.had != (money.Amount{}) {
		t.Errorf("eva has %s", eva.had)
	}
	coffee := func(want string) {
		t.Helper()
		if _, got := till.sold(t, "vienna-coffee", "4.20 EUR", eva); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
	for range 4 {
		coffee("approved")
	}
	coffee("declined wallet_limit")
	n.clock.pass(time.Hour)
	coffee("approved")
}

// TestVippsReservesUntilTheCapture of what a till captures later.
func TestVippsReservesUntilTheCapture(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	ola, nets := n.payer("vipps", sim.AcceptsAlways), n.as("nets")
	var p api.Payment
	err := nets.post("/payments?wait=0", api.AskPayment{
		RequestID: fresh("req"), Code: ola.code(), Amount: amount(fullPrice), Store: "bergen-cafe",
		Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: fresh("bill"), CaptureLater: true,
	}, &p)
	if err != nil || nets.outcome(p.Reference) != "approved" {
		t.Fatal(err)
	}
	reserves := func(want int64) {
		t.Helper()
		until(t, "the reservation", func() bool { return ola.app().Payments[0].Reserved == want })
	}
	reserves(100_00)
	err = nets.post("/payments/"+p.Reference+"/captures", api.MoveMoney{RequestID: fresh("req"), Amount: amount("30.00 NOK")}, &api.Movement{})
	if err != nil {
		t.Fatal(err)
	}
	reserves(70_00)
	if err := nets.post("/payments/"+p.Reference+"/release", api.Change{RequestID: fresh("req")}, &api.Movement{}); err != nil {
		t.Fatal(err)
	}
	reserves(0)
	if ola.spent() != "30.00 NOK" {
		t.Errorf("spent %s", ola.spent())
	}
}
