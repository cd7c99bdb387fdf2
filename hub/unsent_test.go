package hub_test

import (
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/payment"
)

// TestWhatNobodySentIsDeclinedAtOnce, and nothing stays reserved for it.
func TestWhatNobodySentIsDeclinedAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		t.Helper()
		p := n.asked("vipps", "ola", nok(100_00))
		n.answer(n.call(payment.CallAsk), payment.Unsent{})
		n.wantStatus(p.ID, "declined", hansa.PaymentDeclined, 0)
		n.noCall()
	})
}

// TestWhatAnotherMayHaveSentIsNotDeclined: a worker took the call, was gone, and may have
// asked the wallet. That its successor could send nothing proves nothing.
func TestWhatAnotherMayHaveSentIsNotDeclined(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		t.Helper()
		p := n.asked("vipps", "ola", nok(100_00))
		stale := n.call(payment.CallAsk)
		n.pass(answerLease)
		n.claim()
		held := n.call(payment.CallAsk)
		before := n.payment(p.ID)
		n.answer(stale, payment.Unsent{})
		if now := n.payment(p.ID); now != before {
			t.Errorf("of a stale worker: %+v", now)
		}
		n.answer(held, payment.Unsent{})
		n.wantPending(p.ID, "resolving")
		n.answer(n.call(payment.CallInquire), payment.Unsent{})
		n.wantPending(p.ID, "resolving")
		n.yes(stale)
		n.wantStatus(p.ID, "approved", "", 0)
	})
}
