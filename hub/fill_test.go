package hub_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// TestFillLeavesWhatPaymentsLeave holds payments of one commit to one that has lived, and
// both to the audit.
func TestFillLeavesWhatPaymentsLeave(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		lived := n.payment(n.approved("epassi", "pekka", nok(100_00)).ID)
		var requests []hub.Request
		for _, payer := range []string{"matti", "matti", "pekka"} {
			code := n.drawn("epassi")
			requests = append(requests,
				n.signed("epassi", hub.FetchCodes{Payer: payer, Codes: []string{code}}),
				n.signed("nets", n.scan("epassi", code, nok(100_00))))
		}
		n.step(hub.Request{Chance: n.chance(), Operation: hub.Fill{Requests: requests, Answer: yes}})
		n.noCall()
		filled, err := n.store.Read().Payments(t.Context(), store.Filter{Wallet: "epassi", After: lived.ID, Limit: 9})
		if err != nil || len(filled) != 3 {
			t.Fatalf("%d payments, %v", len(filled), err)
		}
		for _, p := range filled {
			if want, got := anonymous(lived), anonymous(p); want != got {
				t.Errorf("a payment is not as one that has lived:\n%+v\n%+v", want, got)
			}
		}
		again := n.send(n.again(requests[1]))
		if !again.Replayed || again.Payment.Status() != "approved" {
			t.Errorf("sent again, its request is answered with %+v", again)
		}
	})
}

// anonymous is a payment without what tells it from others of its kind.
func anonymous(p payment.Payment) payment.Payment {
	p.ID, p.Code, p.Payer, p.PayerToken, p.OrderReference = "", "", "", "", ""
	for _, at := range []*time.Time{&p.CreatedAt, &p.ChangedAt, &p.OutcomeAt, &p.Deadline, &p.PayerUntil} {
		*at = time.Time{}
	}
	return p
}
