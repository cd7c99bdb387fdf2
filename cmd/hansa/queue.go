package main

// A queue is the requests that wait for a batch. What brings to an end what was begun
// goes before what begins something: for a payment the first is worth more, and who is
// new waits where it costs least. It is safe for concurrent use.
type queue struct {
	ends   chan job
	starts chan job
}

func newQueue() queue { return queue{ends: make(chan job, queueMax), starts: make(chan job, queueMax)} }

// put adds a job, and reports whether there was room.
func (q queue) put(next job) bool {
	line := q.ends
	if isNew(next.request.Operation) {
		line = q.starts
	}
	select {
	case line <- next:
		return true
	default:
		return false
	}
}

// first waits for a job until ended is closed, and reports whether there is one.
func (q queue) first(ended <-chan struct{}) (job, bool) {
	if next, ok := q.next(); ok {
		return next, true
	}
	select {
	case next := <-q.ends:
		return next, true
	case next := <-q.starts:
		return next, true
	case <-ended:
		return job{}, false
	}
}

// next returns a job if one waits.
func (q queue) next() (job, bool) {
	select {
	case next := <-q.ends:
		return next, true
	default:
	}
	select {
	case next := <-q.starts:
		return next, true
	default:
		return job{}, false
	}
}

// waiting is how many wait.
func (q queue) waiting() int { return len(q.ends) + len(q.starts) }
