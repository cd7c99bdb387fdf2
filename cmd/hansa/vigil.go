package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa"
)

// A batch that has not come back after so many looks, and at none of them had gone on
// since the one before, is waited for by nobody.
const (
	stallLook  = 250 * time.Millisecond
	stallLooks = 8
)

// tryEvery is how often it is found out whether the database is back.
const tryEvery = 100 * time.Millisecond

// errStalled tells those who waited that they know nothing.
var errStalled = hansa.Refuse(hansa.Unavailable, "the switch waits for its database")

// A vigil watches over the batch that is being committed. A commit is given all
// the time that it needs, since one that is given up half-way may be seen where it
// is not safe yet; those who wait for it are not. While there is no database, now
// and then a request finds out whether it is back, and the others hear no at once.
// A batch that is only slow, as where many others want the processors, goes on.
type vigil struct {
	steps   func() int64          // grows while a batch goes on; nil: nobody counts
	batch   atomic.Pointer[[]job] // that is under way
	next    atomic.Pointer[[]job] // that is decided meanwhile; nil: there is none
	idle    atomic.Bool           // it has not gone on between two looks
	stalled atomic.Bool           // it has taken too long: nobody else waits for it
	away    atomic.Bool           // the last one found no database
	tried   atomic.Int64          // when somebody was last sent to find out whether that is still so, in nanoseconds
}

// admits reports whether a request may wait for its turn.
func (v *vigil) admits() bool {
	if v.stalled.Load() {
		return false
	}
	if !v.away.Load() {
		return true
	}
	now, tried := time.Now().UnixNano(), v.tried.Load()
	since := time.Duration(now - tried)
	return since.Abs() >= tryEvery && v.tried.CompareAndSwap(tried, now)
}

// begin says that a batch is under way, and end what came of it.
func (v *vigil) begin(batch []job) {
	v.batch.Store(&batch)
	v.idle.Store(false)
}

func (v *vigil) end(err error) {
	v.batch.Store(nil)
	v.idle.Store(false)
	v.stalled.Store(false)
	v.away.Store(isUnavailable(err))
}

// holds reports whether what is to be committed does not come back: whoever is at
// work waits for that, and leaves the processors to others.
func (v *vigil) holds() bool { return v.away.Load() || v.idle.Load() }

// run looks after the batches until ctx ends.
func (v *vigil) run(ctx context.Context, waiting queue) {
	var seen *[]job
	var reached int64
	looks := 0
	for pause(ctx, stallLook) {
		now, steps := v.batch.Load(), v.progress()
		if now == nil || now != seen || steps != reached {
			seen, reached, looks = now, steps, 0
			v.idle.Store(false)
			continue
		}
		v.idle.Store(true)
		if looks++; looks < stallLooks {
			continue
		}
		v.stalled.Store(true)
		for _, stuck := range []*[]job{seen, v.next.Load()} {
			if stuck != nil {
				sendAll(*stuck)
			}
		}
		send(waiting)
		if v.batch.Load() != seen {
			v.stalled.Store(false) // It has come back in this moment.
		}
	}
}

// progress is how far those who write have come.
func (v *vigil) progress() int64 {
	if v.steps == nil {
		return 0
	}
	return v.steps()
}

// sendAll sends away those whose batch does not come back.
func sendAll(jobs []job) {
	for _, job := range jobs {
		job.answer(answer{err: errStalled})
	}
}

// send sends away all that wait for their turn.
func send(waiting queue) {
	for {
		job, ok := waiting.next()
		if !ok {
			return
		}
		job.answer(answer{err: errStalled})
	}
}
