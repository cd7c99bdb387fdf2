package main

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// TestRecentIsBounded: the oldest is forgotten first, and what is open has no
// outcome.
func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := newRecent()
	r.add(hub.Committed{Payments: []payment.Payment{{ID: "open"}}})
	for i := range recentPaymentsMax + 10 {
		decided := payment.Payment{ID: fmt.Sprint(i), Outcome: payment.WasApproved, State: payment.Approved}
		r.add(hub.Committed{Payments: []payment.Payment{decided}})
	}
	if len(r.decided) != recentPaymentsMax || len(r.oldest) != recentPaymentsMax {
		t.Errorf("%d payments, %d ids", len(r.decided), len(r.oldest))
	}
	for id, want := range map[string]bool{
		"open": false, "9": false, "10": true,
	} {
		if _, ok := r.payment(id); ok != want {
			t.Errorf("remembers %s: %t", id, ok)
		}
	}
}

// TestRecentKnowsWhatIsOpen until it is decided, or until many others have come.
func TestRecentKnowsWhatIsOpen(t *testing.T) {
	t.Parallel()
	r := newRecent()
	add := func(p payment.Payment) { r.add(hub.Committed{Payments: []payment.Payment{p}}) }
	want := func(id string, known bool, outcome payment.Outcome) {
		t.Helper()
		if p, ok := r.seen(id); ok != known || p.Outcome != outcome {
			t.Errorf("%s: %t %q, want %t %q", id, ok, p.Outcome, known, outcome)
		}
	}
	add(payment.Payment{ID: "first"})
	add(payment.Payment{ID: "second"})
	want("first", true, "")
	add(payment.Payment{ID: "first", Outcome: payment.WasApproved, State: payment.Approved})
	want("first", true, payment.WasApproved)
	want("third", false, "")
	for i := range 2 * recentOpenMax {
		want("second", true, "")
		add(payment.Payment{ID: fmt.Sprint(i)})
	}
	want("second", false, "")
	if len(r.open)+len(r.before) > 2*recentOpenMax {
		t.Errorf("%d and %d are remembered", len(r.open), len(r.before))
	}
}
