package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// blockOf is a block of the journal with n events.
func blockOf(height int64, n int) hub.Committed {
	var committed hub.Committed
	for i := range n {
		committed.Recorded = append(committed.Recorded, store.Recorded{Cursor: store.Cursor{Height: height, Index: i}})
	}
	return committed
}

// TestRecentJournalHasNoGap: what another node adds in between ends the memory of
// what was before it.
func TestRecentJournalHasNoGap(t *testing.T) {
	t.Parallel()
	r := newRecent()
	for height, n := range []int{2, 3, 0, 1} {
		if n > 0 && height < 3 {
			r.add(blockOf(int64(height+1), n))
		}
	}
	want := func(name string, height int64, index, limit int, places ...store.Cursor) {
		t.Helper()
		found, ok := r.from(store.Cursor{Height: height, Index: index}, limit)
		var got []store.Cursor
		for _, event := range found {
			got = append(got, event.Cursor)
		}
		if ok != (len(places) > 0) || cmp.Diff(places, got) != "" {
			t.Errorf("%s: want %v, got %v, %t", name, places, got, ok)
		}
	}
	want("from the start", 1, 0, 3, store.Cursor{Height: 1}, store.Cursor{Height: 1, Index: 1}, store.Cursor{Height: 2})
	want("within a block", 2, 1, 9, store.Cursor{Height: 2, Index: 1}, store.Cursor{Height: 2, Index: 2})
	want("before what is remembered", 0, 0, 9)
	want("at the end", 3, 0, 9)
	r.add(blockOf(4, 1)) // Block 3 is another node's.
	want("before the gap", 2, 0, 9)
	want("in the gap", 3, 0, 9)
	want("behind the gap", 4, 0, 9, store.Cursor{Height: 4})
}

// TestRecentIsBounded: the oldest is forgotten first, and what is open has no
// outcome.
func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := newRecent()
	r.add(hub.Committed{Payments: []payment.Payment{{ID: "open"}}})
	for height := range int64(recentEventsMax + 10) {
		committed := blockOf(height+1, 1)
		committed.Payments = []payment.Payment{{ID: fmt.Sprint(height), Outcome: payment.WasApproved, State: payment.Approved}}
		r.add(committed)
	}
	if len(r.events) != recentEventsMax || len(r.decided) != recentPaymentsMax || len(r.oldest) != recentPaymentsMax {
		t.Errorf("%d events, %d payments, %d ids", len(r.events), len(r.decided), len(r.oldest))
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
