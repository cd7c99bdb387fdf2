package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/store"
)

// blockOf is a block of the journal with n events.
func blockOf(height int64, n int) []store.Recorded {
	var block []store.Recorded
	for i := range n {
		block = append(block, store.Recorded{Cursor: store.Cursor{Height: height, Index: i}})
	}
	return block
}

func wantTail(t *testing.T, known *tail, from store.Cursor, limit int, want ...store.Cursor) {
	t.Helper()
	found, ok := known.from(from, limit)
	var got []store.Cursor
	for _, event := range found {
		got = append(got, event.Cursor)
	}
	if ok != (len(want) > 0) || cmp.Diff(want, got) != "" {
		t.Errorf("from %v: want %v, got %v, %t", from, want, got, ok)
	}
}

func wantMissing(t *testing.T, known *tail, head, from, to int64) {
	t.Helper()
	gotFrom, gotTo, ok := known.missing(head)
	if ok != (from > 0) || ok && (gotFrom != from || gotTo != to) {
		t.Errorf("with the head at %d %d to %d is missing (%t), want %d to %d", head, gotFrom, gotTo, ok, from, to)
	}
}

// TestTailOfOneNode: nothing is missing, and what is remembered is read from any
// place in it.
func TestTailOfOneNode(t *testing.T) {
	t.Parallel()
	known := &tail{}
	known.add(blockOf(7, 2))
	known.add(nil)
	known.add(blockOf(8, 3))
	wantMissing(t, known, 8, 0, 0)
	wantTail(t, known, store.Cursor{Height: 7}, 3, store.Cursor{Height: 7}, store.Cursor{Height: 7, Index: 1}, store.Cursor{Height: 8})
	wantTail(t, known, store.Cursor{Height: 8, Index: 1}, 9, store.Cursor{Height: 8, Index: 1}, store.Cursor{Height: 8, Index: 2})
	wantTail(t, known, store.Cursor{Height: 6}, 9)
	wantTail(t, known, store.Cursor{Height: 9}, 9)
}

// TestTailHasNoGap: our own blocks stand aside until those of others before them
// were read.
func TestTailHasNoGap(t *testing.T) {
	t.Parallel()
	known := &tail{}
	known.begin(3)
	known.begin(99) // It has begun.
	known.add(blockOf(5, 1))
	known.add(blockOf(8, 1))
	if end := known.end(); end != 3 {
		t.Errorf("the end is %d", end)
	}
	wantTail(t, known, store.Cursor{Height: 5}, 9)
	wantMissing(t, known, 9, 4, 4)
	known.fill(4, blockOf(4, 2))
	wantTail(t, known, store.Cursor{Height: 4, Index: 1}, 9, store.Cursor{Height: 4, Index: 1}, store.Cursor{Height: 5})
	wantMissing(t, known, 9, 6, 7)
	known.fill(7, slices.Concat(blockOf(6, 1), blockOf(7, 1)))
	wantMissing(t, known, 9, 9, 9)
	known.fill(9, blockOf(9, 1)) // It is ours: it was read before we were told.
	known.add(blockOf(9, 1))
	wantMissing(t, known, 9, 0, 0)
	wantTail(t, known, store.Cursor{Height: 7}, 9, store.Cursor{Height: 7}, store.Cursor{Height: 8}, store.Cursor{Height: 9})
}

// TestTailGivesUpWhatIsNoMore: our own block at a height is right, whatever was read
// there before.
func TestTailGivesUpWhatIsNoMore(t *testing.T) {
	t.Parallel()
	known := &tail{}
	known.begin(3)
	known.fill(5, slices.Concat(blockOf(4, 1), blockOf(5, 1)))
	other := blockOf(4, 2)
	other[0].Hash = "another"
	known.add(other)
	wantTail(t, known, store.Cursor{Height: 4}, 9, store.Cursor{Height: 4}, store.Cursor{Height: 4, Index: 1})
	wantMissing(t, known, 5, 5, 5)
}

// TestTailIsBounded: it forgets the oldest, and passes over what it is too far behind.
func TestTailIsBounded(t *testing.T) {
	t.Parallel()
	known := &tail{}
	for height := range int64(tailEventsMax + 10) {
		known.add(blockOf(height+1, 1))
	}
	if len(known.events) != tailEventsMax {
		t.Errorf("%d events", len(known.events))
	}
	end := known.end()
	wantMissing(t, known, end+100, end+1, end+tailReadMax)
	wantMissing(t, known, end+2*tailGapMax, end+tailGapMax+1, end+tailGapMax+tailReadMax)
	wantTail(t, known, store.Cursor{Height: end}, 9)
	for height := range int64(tailGapMax + 1) {
		known.add(blockOf(3*end+2*height, 1))
	}
	if known.end() != 3*end || len(known.ahead) != tailGapMax {
		t.Errorf("the end is %d, and %d blocks stand aside", known.end(), len(known.ahead))
	}
}
