package main

import (
	"sync"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// How much of what this node has committed last it remembers.
const (
	recentPaymentsMax = 8192
	recentOpenMax     = 8192 // of a generation; two are remembered
)

// A recent is what this node has committed last, so that those who wait for it need
// not read it again. It is only ever told what is durable; what it does not know is
// read from the database. It is safe for concurrent use.
type recent struct {
	mutex   sync.Mutex
	decided map[string]payment.Payment // payments that have an outcome, by id
	oldest  []string                   // their ids in the order in which they were decided
	open    map[string]payment.Payment // payments without an outcome yet, by id
	before  map[string]payment.Payment // the generation before those
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
}

// keep remembers an open payment. Of those that another node decides nothing is
// heard here: they go with their generation.
func (r *recent) keep(p payment.Payment) {
	if len(r.open) >= recentOpenMax {
		r.open, r.before = make(map[string]payment.Payment), r.open
	}
	r.open[p.ID] = p
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
