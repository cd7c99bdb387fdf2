package hub_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// Leases, as long as a call of each kind may take.
const (
	answerLease  = 7 * time.Second
	confirmLease = 11 * time.Second
)

// wantDue holds what the next alarm is set to.
func (n *network) wantDue(want time.Time) {
	n.t.Helper()
	if at, any := n.nextDue(); !any || !at.Equal(want) {
		n.t.Errorf("want the next alarm at %s, got %s (%t)", want.Sub(bigBang), at.Sub(bigBang), any)
	}
}

// TestALostCallIsMadeAgain: the process dies between its commit and the call.
// When the lease is over, another one makes it, with a higher fence.
func TestALostCallIsMadeAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.asked("vipps", "ola", nok(100_00))
		lost := n.call(payment.CallAsk)
		n.restart()
		n.wantDue(n.now.Add(answerLease))
		n.pass(answerLease - time.Microsecond)
		n.claim()
		n.noCall()
		n.pass(time.Microsecond)
		n.claim()
		again := n.call(payment.CallAsk)
		if again.Fence <= lost.Fence || again.Payment.ID != p.ID || again.Payer != "ola" {
			t.Errorf("call %+v after fence %d", again, lost.Fence)
		}
		n.yes(again)
		n.wantStatus(p.ID, "approved", "", 0)
		// A cancel and a refund may take longer.
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(1_00)})
		lost = n.call(payment.CallRefund)
		n.restart()
		n.wantDue(n.now.Add(confirmLease))
		n.pass(confirmLease)
		n.claim()
		again = n.call(payment.CallRefund)
		if again.Fence <= lost.Fence || again.Movement.ID != lost.Movement.ID {
			t.Errorf("call %+v after fence %d", again, lost.Fence)
		}
		n.yes(again)
	})
}

// TestALeaseIsHeldByOne: claims of one batch, and of two nodes, make a call once.
func TestALeaseIsHeldByOne(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		n.asked("vipps", "ola", nok(100_00))
		n.taken()
		n.pass(answerLease)
		claim := func() hub.Request { return hub.Request{Operation: hub.Claim{Limit: 10}} }
		n.step(claim(), claim())
		n.hub = hub.New(n.open(), secret)
		n.step(claim())
		n.call(payment.CallAsk)
	})
}

// TestAStaleWorkersSilenceIsIgnored, and its yes is a yes.
func TestAStaleWorkersSilenceIsIgnored(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.asked("vipps", "ola", nok(100_00))
		stale := n.call(payment.CallAsk)
		n.pass(answerLease)
		n.claim()
		held := n.call(payment.CallAsk)
		before := n.payment(p.ID)
		for _, event := range []payment.Event{payment.Silent{}, payment.Unfound{}, payment.PayerAsked{Until: n.now.Add(time.Hour)}} {
			n.answer(stale, event)
			if now := n.payment(p.ID); now != before {
				t.Errorf("%T of a stale worker: %+v", event, now)
			}
		}
		n.noCall()
		n.yes(stale)
		n.wantStatus(p.ID, "approved", "", 0)
		n.answer(held, payment.Silent{})
		n.answer(held, payment.WalletDeclined{})
		n.wantStatus(p.ID, "approved", "", 0)
		// The same for a refund.
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(1_00)})
		stale = n.call(payment.CallRefund)
		n.pass(confirmLease)
		n.claim()
		n.call(payment.CallRefund)
		n.answer(stale, payment.MovementSilent{ID: stale.Movement.ID})
		n.noCall()
		n.yes(stale)
		if now := n.payment(p.ID); now.Refunded != 1_00 {
			t.Errorf("refunded %d", now.Refunded)
		}
	})
}

// TestDeadlinesWake exactly when they are due, and NextDue says when that is.
func TestDeadlinesWake(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		if at, any := n.nextDue(); any {
			t.Errorf("due at %s", at)
		}
		order := n.shown(nok(1_00))
		n.wantDue(order.ExpiresAt)
		p := n.must("vipps", n.quoted("vipps", "ola", order)).Payment
		n.wantDue(n.now.Add(payment.DebitWithin))
		n.pass(payment.DebitWithin)
		n.claim()
		inquiry := n.call(payment.CallInquire)
		n.wantDue(n.now.Add(answerLease))
		n.answer(inquiry, payment.Silent{})
		n.wantDue(n.now.Add(payment.InquiryEvery))
		n.now = p.Deadline
		n.wantDue(bigBang.Add(payment.DebitWithin + payment.InquiryEvery))
		n.claim()
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 1_00)
		calls := n.taken()
		n.wantDue(n.now.Add(confirmLease))
		n.yes(calls[len(calls)-1])
		n.wantOrder(order.ID, payment.OrderOpen)
		n.wantDue(order.ExpiresAt)
		n.now = order.ExpiresAt
		n.claim()
		if at, any := n.nextDue(); any {
			t.Errorf("due at %s", at)
		}
	})
}

// TestAnAuthorisationEnds: what is not captured in time is released.
func TestAnAuthorisationEnds(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.authorised("vipps", "ola", nok(100_00))
		n.must("nets", hub.Capture{Payment: p.ID, Amount: nok(30_00)})
		n.yes(n.call(payment.CallCapture))
		n.wantDue(p.Deadline)
		n.now = p.Deadline
		n.claim()
		n.yes(n.call(payment.CallRelease))
		now := n.payment(p.ID)
		if now.State != payment.Approved || now.Captured != 30_00 || now.Released != 70_00 {
			t.Errorf("payment %+v", now)
		}
		n.wantPosition(ofVipps, "NOK", -30_00, 0)
	})
}

// TestMoreIsDueThanOneClaimTakes: those that wait longest come first, and the
// others next time.
func TestMoreIsDueThanOneClaimTakes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		const payments = 25
		var requests []hub.Request
		for range payments {
			requests = append(requests, n.signed("nets", n.scan("vipps", n.code("vipps", "ola"), nok(1_00))))
		}
		n.step(requests...)
		if calls := n.taken(); len(calls) != payments {
			t.Fatalf("%d calls", len(calls))
		}
		n.pass(payment.AskedFor)
		seen := make(map[string]bool)
		for _, want := range []int{10, 10, 5, 0} {
			n.step(hub.Request{Operation: hub.Claim{Limit: 10}})
			calls := n.taken()
			if len(calls) != want {
				t.Errorf("%d calls instead of %d", len(calls), want)
			}
			for _, call := range calls {
				if seen[call.Payment.ID] || call.Call != payment.CallCancel {
					t.Errorf("%s of %s again", call.Call, call.Payment.ID)
				}
				seen[call.Payment.ID] = true
			}
		}
	})
}

// TestALargeBatch holds more of everything than one statement does.
func TestALargeBatch(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		const payments = 300
		var fetches, asks, answers []hub.Request
		codes := make([]string, payments)
		for i := range payments {
			codes[i] = n.drawn("vipps")
			fetches = append(fetches, n.signed("vipps", hub.FetchCodes{Payer: "ola", Codes: []string{codes[i]}}))
			asks = append(asks, n.signed("nets", n.scan("vipps", codes[i], nok(1_00))))
		}
		n.step(fetches...)
		n.step(asks...)
		for _, call := range n.taken() {
			answers = append(answers, hub.Request{Operation: hub.Answered{Call: call, Event: yes(call)}})
		}
		committed := n.step(answers...)
		if len(answers) != payments || len(committed.Recorded) != payments || len(committed.Changed) != payments {
			t.Errorf("%d answers, %d events, %d changed", len(answers), len(committed.Recorded), len(committed.Changed))
		}
		n.wantPosition(ofVipps, "NOK", -payments*1_00, 0)
	})
}

// TestTheClockGoesBack: committed times never do, and what has expired stays so.
func TestTheClockGoesBack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		code := n.code("vipps", "ola")
		order := n.shown(nok(100_00))
		accepted := n.quoted("epassi", "pekka", order)
		n.pass(payment.QuoteFor)
		n.mustNot(hansa.QuoteExpired, "epassi", accepted)
		n.mustNot(hansa.CodeExpired, "nets", n.scan("vipps", code, nok(1_00)))
		at := n.now
		n.now = bigBang
		n.mustNot(hansa.QuoteExpired, "epassi", accepted)
		n.mustNot(hansa.CodeExpired, "nets", n.scan("vipps", code, nok(1_00)))
		if fresh := n.must("epassi", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}}).Quote; fresh.CreatedAt != at {
			t.Errorf("a quote of %s", fresh.CreatedAt.Sub(bigBang))
		}
		p := n.asked("vipps", "ola", nok(1_00))
		if p.CreatedAt != at || n.head().At != at {
			t.Errorf("a payment of %s in a block of %s", p.CreatedAt.Sub(bigBang), n.head().At.Sub(bigBang))
		}
		// After a restart the last block says what time it is at least.
		n.restart()
		n.now = bigBang.Add(-time.Hour)
		if order := n.shown(nok(1_00)); order.CreatedAt != at {
			t.Errorf("an order of %s", order.CreatedAt.Sub(bigBang))
		}
		n.claim()
		n.wantStatus(p.ID, "pending", "", 1_00)
		n.now = p.Deadline
		n.claim()
		n.now = bigBang
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 1_00)
		n.must("vipps", told(p))
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 1_00)
		last := time.Time{}
		for block, err := range n.hub.Read().EachBlock(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if block.At.Before(last) {
				t.Errorf("block %d is of %s, the one before of %s", block.Height, block.At, last)
			}
			last = block.At
		}
	})
}
