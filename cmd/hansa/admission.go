package main

import (
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa/hub"
)

// When something new is turned away at the door: if it had to wait for longer than
// startWithin, but never while no more wait than two batches hold, however slow the
// disk is.
const (
	startWithin = 200 * time.Millisecond
	startsMin   = 2 * batchMax
)

// An admission says when what is new has to be turned away since too much waits, so that what was begun
// comes to its end. A short queue of a full engine carries as much as a long one, and
// who is turned away at once may come again; who waits for long gives up, and then the
// work is done for nobody. It is safe for concurrent use.
type admission struct {
	waiting atomic.Int64 // requests that are handed in and not answered
	pace    atomic.Int64 // how long a batch takes of late, in nanoseconds
}

// A stay is the time of one request between its coming and its answer.
type stay struct {
	in    *admission
	ahead int64 // requests that waited when it came
	since time.Time
}

// full reports whether something new is turned away. It is asked before any work is
// done for it: what has been let in is not sent away again.
func (a *admission) full() bool {
	ahead := a.waiting.Load()
	return ahead >= startsMin && a.expected(ahead) > startWithin
}

// enter counts a request in. The stay must be ended.
func (a *admission) enter() stay {
	return stay{a, a.waiting.Add(1) - 1, time.Now()}
}

// expected is how long a request waits if so many are ahead of it.
func (a *admission) expected(ahead int64) time.Duration {
	return time.Duration(a.pace.Load() / batchMax * (ahead + batchMax))
}

// end lets the request go. One that was answered has shown how long a batch takes.
func (s stay) end(answered bool) {
	s.in.waiting.Add(-1)
	if !answered {
		return
	}
	const smooth = 16 // the last answers count for about as many
	shown := int64(time.Since(s.since)) / (s.ahead + batchMax) * batchMax
	known := s.in.pace.Load()
	// Where two are answered at once one of them may not count.
	s.in.pace.Store(known + (shown-known)/smooth)
}

// isNew reports whether an operation begins something. All others bring to an end
// what was begun, and are never turned away for something new.
func isNew(operation hub.Operation) bool {
	switch operation.(type) {
	case hub.Ask, hub.MakeOrder, hub.FetchCodes, hub.Resolve, hub.AskQuote, hub.Accept, hub.Announce:
		return true
	}
	return false
}
