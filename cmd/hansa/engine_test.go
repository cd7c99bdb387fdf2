package main

import (
	"runtime"
	"testing"

	"github.com/hansa-network/hansa/hub"
)

// TestWhoIsReadyJoins: while the processors are busy, all who are ready to hand
// something in share a commit with the first of them. It has one processor for itself,
// and so is not parallel.
func TestWhoIsReadyJoins(t *testing.T) {
	const ready = 20
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	e := newEngine(nil, nil, nil, nil)
	for range ready {
		go func() { e.jobs.put(job{request: hub.Request{}}) }()
	}
	e.letOthersJoin()
	if got := len(e.collect(nil, batchMax)); got != ready {
		t.Errorf("%d of %d share a commit", got, ready)
	}
}

// TestWhatEndsGoesFirst: a wallet's answer waits behind no new payment.
func TestWhatEndsGoesFirst(t *testing.T) {
	t.Parallel()
	q := newQueue()
	for range batchMax {
		q.put(job{request: hub.Request{Operation: hub.Ask{}}})
	}
	q.put(job{request: hub.Request{Operation: hub.Answered{}}})
	first, _ := q.first(t.Context().Done())
	if _, ok := first.request.Operation.(hub.Answered); !ok {
		t.Errorf("first comes %T", first.request.Operation)
	}
	second, ok := q.next()
	if _, isAsk := second.request.Operation.(hub.Ask); !ok || !isAsk {
		t.Errorf("then comes %T", second.request.Operation)
	}
	if left := q.waiting(); left != batchMax-1 {
		t.Errorf("%d wait then, want %d", left, batchMax-1)
	}
}

// TestAFullQueueTakesNoMore of the kind that it is full of.
func TestAFullQueueTakesNoMore(t *testing.T) {
	t.Parallel()
	q := newQueue()
	for range queueMax {
		q.put(job{request: hub.Request{Operation: hub.Ask{}}})
	}
	if q.put(job{request: hub.Request{Operation: hub.Ask{}}}) {
		t.Error("one more payment is taken")
	}
	if !q.put(job{request: hub.Request{Operation: hub.Cancel{}}}) {
		t.Error("a cancel is turned away")
	}
}
