package main

import (
	"cmp"
	"slices"
	"sync"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// How much of what this node has committed last it remembers.
const (
	recentPaymentsMax = 8192
	recentOpenMax     = 8192 // of a generation; two are remembered
	recentEventsMax   = 8192
)

// A recent is what this node has committed last, so that those who wait for it and
// the webhooks need not read it again. It is only ever told what is durable; what
// it does not know is read from the database. It is safe for concurrent use.
type recent struct {
	mutex   sync.Mutex
	decided map[string]payment.Payment // payments that have an outcome, by id
	oldest  []string                   // their ids in the order in which they were decided
	open    map[string]payment.Payment // payments without an outcome yet, by id
	before  map[string]payment.Payment // the generation before those
	events  []store.Recorded           // the end of the journal without a gap
}

func newRecent() *recent {
	return &recent{decided: make(map[string]payment.Payment), open: make(map[string]payment.Payment)}
}

// add remembers a batch.
func (r *recent) add(committed hub.Committed) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, p := range committed.Payments {
		if p.Open() {
			r.keep(p)
			continue
		}
		delete(r.open, p.ID)
		delete(r.before, p.ID)
		if _, known := r.decided[p.ID]; !known {
			r.oldest = append(r.oldest, p.ID)
		}
		r.decided[p.ID] = p
	}
	for len(r.oldest) > recentPaymentsMax {
		delete(r.decided, r.oldest[0])
		r.oldest = r.oldest[1:]
	}
	r.record(committed.Recorded)
}

// keep remembers an open payment. Of those that another node decides nothing is
// heard here: they go with their generation.
func (r *recent) keep(p payment.Payment) {
	if len(r.open) >= recentOpenMax {
		r.open, r.before = make(map[string]payment.Payment), r.open
	}
	r.open[p.ID] = p
}

// record adds a block. Where another node has added blocks before it, what was
// remembered of the journal no longer reaches its end.
func (r *recent) record(block []store.Recorded) {
	if len(block) == 0 {
		return
	}
	if n := len(r.events); n > 0 && r.events[n-1].Height+1 != block[0].Height {
		r.events = nil
	}
	r.events = append(r.events, block...)
	if tooMany := len(r.events) - recentEventsMax; tooMany > 0 {
		r.events = r.events[tooMany:]
	}
}

// payment returns a payment whose outcome this node has committed lately, as it
// was when this node changed it last.
func (r *recent) payment(id string) (payment.Payment, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	p, ok := r.decided[id]
	return p, ok
}

// seen returns a payment as this node has committed it last. Where it is open,
// another node may have decided it since.
func (r *recent) seen(id string) (payment.Payment, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, known := range []map[string]payment.Payment{r.decided, r.open, r.before} {
		if p, ok := known[id]; ok {
			return p, true
		}
	}
	return payment.Payment{}, false
}

// from returns at most limit events of the journal from a cursor on. It returns
// false where it does not remember that far, or nothing yet.
func (r *recent) from(cursor store.Cursor, limit int) ([]store.Recorded, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.events) == 0 || place(cursor, r.events[0].Cursor) < 0 {
		return nil, false
	}
	at, _ := slices.BinarySearchFunc(r.events, cursor, func(e store.Recorded, c store.Cursor) int { return place(e.Cursor, c) })
	found := r.events[at:min(at+limit, len(r.events))]
	return slices.Clone(found), len(found) > 0
}

// place compares two places of one partition's journal.
func place(a, b store.Cursor) int {
	return cmp.Or(cmp.Compare(a.Height, b.Height), cmp.Compare(a.Index, b.Index))
}
