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
		go func() { e.jobs <- job{request: hub.Request{}} }()
	}
	e.letOthersJoin()
	if got := len(e.collect(nil, batchMax)); got != ready {
		t.Errorf("%d of %d share a commit", got, ready)
	}
}
