package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa"
)

// A batch that has not come back after so many looks is waited for by nobody.
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
type vigil struct {
	batch   atomic.Pointer[[]job] // that is under way
	begun   atomic.Int64          // when it began, in nanoseconds; zero: there is none
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
	v.begun.Store(time.Now().UnixNano())
}

func (v *vigil) end(err error) {
	v.batch.Store(nil)
	v.begun.Store(0)
	v.stalled.Store(false)
	v.away.Store(isUnavailable(err))
}

// holds reports whether what is to be committed does not come back: whoever is at
// work waits for that, and leaves the processors to others.
func (v *vigil) holds() bool {
	begun := v.begun.Load()
	return v.away.Load() || begun != 0 && time.Now().UnixNano()-begun > int64(stallLook)
}

// run looks after the batches until ctx ends.
func (v *vigil) run(ctx context.Context, waiting <-chan job) {
	var seen *[]job
	looks := 0
	for pause(ctx, stallLook) {
		if now := v.batch.Load(); now == nil || now != seen {
			seen, looks = now, 0
			continue
		}
		if looks++; looks < stallLooks {
			continue
		}
		v.stalled.Store(true)
		for _, job := range *seen {
			job.answer(answer{err: errStalled})
		}
		send(waiting)
		if v.batch.Load() != seen {
			v.stalled.Store(false) // It has come back in this moment.
		}
	}
}

// send sends away all that wait for their turn.
func send(waiting <-chan job) {
	for {
		select {
		case job := <-waiting:
			job.answer(answer{err: errStalled})
		default:
			return
		}
	}
}
