package main

import (
	"testing"

	"github.com/hansa-network/hansa/hub"
)

// TestWhoWaitsForATurnSharesIt: what is handed in while another node commits is one
// batch, not the first of it by itself.
func TestWhoWaitsForATurnSharesIt(t *testing.T) {
	t.Parallel()
	const requests = 20
	p := openPair(t)
	other, mine := p.nodes[0], p.nodes[1]
	listing, err := p.read().Listing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var what hub.Enrol
	what.Listing.Participants = listing.Participants[:1]
	before := p.height()
	turn, err := other.store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	committed := make(chan error, requests)
	for i := range requests {
		go func() {
			_, err := mine.engine.Do(t.Context(), hub.Request{Chance: chance(), Operation: what})
			committed <- err
		}()
		until(t, "the request waits", func() bool { return mine.engine.jobs.waiting() >= i })
	}
	turn.Rollback()
	for range requests {
		if err := <-committed; err != nil {
			t.Error(err)
		}
	}
	if grown := p.height() - before; grown != 1 {
		t.Errorf("the journal has grown by %d blocks", grown)
	}
}
