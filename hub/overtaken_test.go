package hub_test

import (
	"testing"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// TestAnOvertakenAnswerPutsNothingOff: the till cancels, and in the same batch
// the wallet answers what it was asked before. The cancel is owed now, not after
// the pause that follows an answer of that kind.
func TestAnOvertakenAnswerPutsNothingOff(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		t.Helper()
		for _, event := range []payment.Event{payment.PayerAsked{Until: n.now.Add(payment.PayerWait)}, payment.Silent{}, payment.Unfound{}} {
			p := n.asked("pivo", "ola", nok(100_00))
			ask := n.call(payment.CallAsk)
			n.step(
				n.signed("nets", hub.Cancel{Payment: p.ID}),
				hub.Request{Operation: hub.Answered{Call: ask, Event: event}},
			)
			n.yes(n.call(payment.CallCancel))
			n.wantStatus(p.ID, "cancelled", "payment_cancelled", 0)
		}
	})
}
