package hub_test

import (
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// refunds are n refunds of one amount.
func (n *network) refunds(count int, p payment.Payment, amount int64) []hub.Request {
	var requests []hub.Request
	for range count {
		requests = append(requests, n.signed("nets", hub.Refund{Payment: p.ID, Amount: nok(amount)}))
	}
	return requests
}

// made counts the requests that were not refused; the others were for this.
func (n *network) made(results []hub.Result, reason hansa.Reason) (made int) {
	n.t.Helper()
	for _, result := range results {
		if result.Refusal == nil {
			made++
		} else {
			n.wantReason(reason, result)
		}
	}
	return made
}

// settle lets the wallet carry out all that it is told to.
func (n *network) settle() {
	n.t.Helper()
	var answers []hub.Request
	for _, call := range n.taken() {
		answers = append(answers, hub.Request{Operation: hub.Answered{Call: call, Event: yes(call)}})
	}
	n.step(answers...)
}

// TestRefundsRace: a hundred of them never give back more than was paid, in one
// batch and in several.
func TestRefundsRace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("vipps", "ola", nok(100_00))
		if made := n.made(n.step(n.refunds(100, p, 3_00)...).Results, hansa.RefundTooLarge); made != 33 {
			t.Errorf("%d refunds of 3.00 of 100.00", made)
		}
		if now := n.payment(p.ID); now.Refunding != 99_00 {
			t.Errorf("%d refunding", now.Refunding)
		}
		n.wantPosition(ofNets, "NOK", 100_00, 99_00)
		n.settle()
		n.wantPosition(ofNets, "NOK", 1_00, 0)
		n.wantPosition(ofVipps, "NOK", -1_00, 0)
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(1_00)})
		n.mustNot(hansa.RefundTooLarge, "nets", hub.Refund{Payment: p.ID, Amount: nok(1)})
		n.settle()
		n.wantPosition(ofNets, "NOK", 0, 0)
		other := n.approved("vipps", "ola", nok(100_00))
		made := 0
		for range 10 {
			made += n.made(n.step(n.refunds(10, other, 7_00)...).Results, hansa.RefundTooLarge)
			n.settle()
		}
		if made != 14 || n.payment(other.ID).Refunded != 98_00 {
			t.Errorf("%d refunds of 7.00 of 100.00", made)
		}
	})
}

// TestPartsBookToTheWhole: refunds of an amount that does not divide leave
// nothing behind in any currency or account.
func TestPartsBookToTheWhole(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("alipay", "li", nok(100_01))
		for _, part := range []int64{33_33, 33_33, 11, 33_24} {
			n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(part)})
			n.settle()
		}
		captured := n.authorised("alipay", "li", nok(100_01))
		for _, part := range []int64{17, 66_67, 33_17} {
			n.must("nets", hub.Capture{Payment: captured.ID, Amount: nok(part)})
			n.settle()
		}
		whole := captured.Terms
		n.wantPosition("wallet/alipay", "EUR", -whole.WalletSettlement.Value, 0)
		n.wantPosition(ofNets, "NOK", whole.AcquirerSettlement.Value, 0)
		n.wantPosition(ledger.OfProvider(sim.Provider), "EUR", whole.ProviderReceives.Value, 0)
		n.wantPosition(ledger.OfProvider(sim.Provider), "NOK", -whole.ProviderGives.Value, 0)
		if now := n.payment(captured.ID); now.State != payment.Approved || now.Captured != 100_01 {
			t.Errorf("captured %+v", now)
		}
		n.mustNot(hansa.NotAllowedNow, "nets", hub.Capture{Payment: captured.ID, Amount: nok(1)})
	})
}

// TestCapturesRace, with each other and with the release.
func TestCapturesRace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.authorised("vipps", "ola", nok(100_00))
		n.wantPosition(ofVipps, "NOK", 0, 100_00)
		n.mustNot(hansa.RefundTooLarge, "nets", hub.Refund{Payment: p.ID, Amount: nok(1_00)})
		var captures []hub.Request
		for range 10 {
			captures = append(captures, n.signed("nets", hub.Capture{Payment: p.ID, Amount: nok(30_00)}))
		}
		if made := n.made(n.step(captures...).Results, hansa.CaptureTooLarge); made != 3 {
			t.Errorf("%d captures of 30.00 of 100.00", made)
		}
		n.wantPosition(ofVipps, "NOK", -90_00, 10_00)
		results := n.step(
			n.signed("nets", hub.Release{Payment: p.ID}),
			n.signed("nets", hub.Capture{Payment: p.ID, Amount: nok(1_00)}),
			n.signed("nets", hub.Release{Payment: p.ID}),
		).Results
		if n.made(results, hansa.NotAllowedNow) != 1 || results[0].Movement.Amounts.Order != nok(10_00) {
			t.Errorf("released %v", results[0].Movement.Amounts.Order)
		}
		n.settle()
		n.wantPosition(ofVipps, "NOK", -90_00, 0)
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(90_00)})
		n.settle()
		n.wantPosition(ofVipps, "NOK", 0, 0)
		// The free cancel of what is authorised is a release.
		p = n.authorised("vipps", "ola", nok(100_00))
		if m := n.must("nets", hub.Cancel{Payment: p.ID}).Movement; m.Kind != payment.Release {
			t.Errorf("cancelled by a %s", m.Kind)
		}
		n.settle()
		n.mustNot(hansa.NotAllowedNow, "nets", hub.Cancel{Payment: p.ID})
		n.wantPosition(ofVipps, "NOK", 0, 0)
	})
}

// TestAFailedRefundFreesItsAmount once.
func TestAFailedRefundFreesItsAmount(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("vipps", "ola", nok(100_00))
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(60_00)})
		call := n.call(payment.CallRefund)
		n.mustNot(hansa.RefundTooLarge, "nets", hub.Refund{Payment: p.ID, Amount: nok(60_00)})
		refused := payment.MovementRefused{ID: call.Movement.ID, Reason: hansa.PayerBlocked}
		n.answer(call, refused)
		n.answer(call, refused)
		n.yes(call) // It contradicts itself: a person looks at it.
		if now := n.payment(p.ID); now.Refunding != 0 || now.Refunded != 0 || !now.Quarantined {
			t.Errorf("refunding %d, refunded %d", now.Refunding, now.Refunded)
		}
		if m, err := n.hub.Read().Movement(t.Context(), call.Movement.ID); err != nil || m.State != payment.Failed || m.Reason != hansa.PayerBlocked {
			t.Errorf("%+v, %v", m, err)
		}
		n.wantPosition(ofNets, "NOK", 100_00, 0)
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(100_00)})
		n.settle()
		n.wantPosition(ofNets, "NOK", 0, 0)
	})
}

// TestRefundsDrawOnTheAcquirersCap: it gives back what it is owed, and beyond
// that as much as it stands for.
func TestRefundsDrawOnTheAcquirersCap(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("vipps", "ola", nok(100_00))
		n.capped("nets", 40_00)
		n.spoiled = true // As after a settlement, which does not exist yet.
		n.write(store.Rows{Positions: []ledger.Position{{Account: ofNets, Currency: "NOK", Balance: 20_00, Cap: 40_00}}})
		if made := n.made(n.step(n.refunds(4, p, 20_00)...).Results, hansa.CapExceeded); made != 3 {
			t.Errorf("%d refunds of 20.00 on 20.00 and a cap of 40.00", made)
		}
		n.wantPosition(ofNets, "NOK", 20_00, 60_00)
		call := n.taken()[0]
		n.answer(call, payment.MovementRefused{ID: call.Movement.ID})
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(20_00)})
		n.mustNot(hansa.CapExceeded, "nets", hub.Refund{Payment: p.ID, Amount: nok(1_00)})
	})
}

// TestAMovementIsToldUntilItIsHeard, and booked once.
func TestAMovementIsToldUntilItIsHeard(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("vipps", "ola", nok(100_00))
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(10_00)})
		for range payment.InquiriesSoon {
			call := n.call(payment.CallRefund)
			n.answer(call, payment.MovementSilent{ID: call.Movement.ID})
			n.pass(payment.InquiryEvery)
			n.claim()
		}
		call := n.call(payment.CallRefund)
		n.answer(call, payment.MovementSilent{ID: call.Movement.ID})
		n.wantDue(n.now.Add(payment.InquiryLater))
		n.yes(call)
		n.yes(call)
		if now := n.payment(p.ID); now.Refunded != 10_00 {
			t.Errorf("refunded %d", now.Refunded)
		}
		n.wantPosition(ofVipps, "NOK", -90_00, 0)
	})
}
