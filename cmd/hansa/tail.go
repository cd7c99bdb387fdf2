package main

import (
	"cmp"
	"slices"
	"sync"

	"github.com/hansa-network/hansa/store"
)

// Limits of the end of the journal.
const (
	tailEventsMax = 8192 // that are remembered
	tailReadMax   = 32   // blocks of others that are read at a time
	tailGapMax    = 1024 // blocks; what is further behind is passed over
)

// A tail is the end of the journal: what this node has committed, and what it has
// read of the others. It grows in order and without a gap. Those who wait for
// something, and the webhooks, need not read it again. It is only ever told what is
// durable. It is safe for concurrent use.
type tail struct {
	mutex  sync.Mutex
	begun  bool
	events []store.Recorded   // its end, without a gap
	height int64              // of the last block among them
	ahead  [][]store.Recorded // our own blocks behind the next gap, in order
}

// begin says where the journal ends before anything is known of it.
func (t *tail) begin(height int64) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if !t.begun {
		t.begun, t.height = true, height
	}
}

// add adds a block of our own. It stands aside while others' before it are unknown.
func (t *tail) add(block []store.Recorded) {
	if len(block) == 0 {
		return
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	height := block[0].Height
	if !t.begun {
		t.begun, t.height = true, height-1
	}
	if height <= t.height {
		if !t.holds(block[0]) {
			t.events, t.height, t.ahead = block, height, nil // What was read there is no more.
		}
		return // It was read before we were told that it is ours.
	}
	t.ahead = append(t.ahead, block)
	if len(t.ahead) > tailGapMax {
		t.events, t.height = nil, t.ahead[0][0].Height-1 // Nobody reads the others.
	}
	t.close()
}

// holds reports whether an event is remembered as it is.
func (t *tail) holds(event store.Recorded) bool {
	at, found := slices.BinarySearchFunc(t.events, event.Cursor, atPlace)
	return found && t.events[at].Hash == event.Hash
}

func atPlace(event store.Recorded, at store.Cursor) int { return place(event.Cursor, at) }

// missing says which blocks of others, up to the head of the journal, come next. It
// returns false where there are none.
func (t *tail) missing(head int64) (from, to int64, ok bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.ahead) > 0 {
		head = t.ahead[0][0].Height - 1
	}
	if head-t.height > tailGapMax {
		t.events, t.height = nil, head-tailGapMax
	}
	from = t.height + 1
	return from, min(head, t.height+tailReadMax), from <= head
}

// fill adds the blocks of others that were missing, up to a height.
func (t *tail) fill(to int64, read []store.Recorded) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.grow(to, read)
	t.close()
}

// close adds our own blocks that have nothing missing before them any more.
func (t *tail) close() {
	for len(t.ahead) > 0 && t.ahead[0][0].Height <= t.height+1 {
		t.grow(t.ahead[0][0].Height, t.ahead[0])
		t.ahead = t.ahead[1:]
	}
}

func (t *tail) grow(to int64, blocks []store.Recorded) {
	if to <= t.height {
		return
	}
	t.events, t.height = append(t.events, blocks...), to
	if tooMany := len(t.events) - tailEventsMax; tooMany > 0 {
		t.events = t.events[tooMany:]
	}
}

// end is the height up to which all is known.
func (t *tail) end() int64 {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.height
}

// from returns at most limit events of the journal from a cursor on, which nobody
// changes: they are shared, and what comes later is added behind them. It returns
// false where it does not remember that far, or nothing yet.
func (t *tail) from(cursor store.Cursor, limit int) ([]store.Recorded, bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.events) == 0 || place(cursor, t.events[0].Cursor) < 0 {
		return nil, false
	}
	at, _ := slices.BinarySearchFunc(t.events, cursor, atPlace)
	found := slices.Clip(t.events[at:min(at+limit, len(t.events))])
	return found, len(found) > 0
}

// place compares two places of one partition's journal.
func place(a, b store.Cursor) int {
	return cmp.Or(cmp.Compare(a.Height, b.Height), cmp.Compare(a.Index, b.Index))
}
