package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Blocks that are read with one statement: few at first, since one may hold all that
// is asked for, and four times as many each time after that.
const (
	blocksAtFirst   = 2
	blocksAtOnceMax = 128
)

// A RecordedBlock is a block with its events.
type RecordedBlock struct {
	Block

	Recorded []Recorded
}

// record returns a block with its events and their hashes, as its body has them. An
// error that is ErrDamaged is the block's.
func (b sealed) record() (RecordedBlock, error) {
	events, err := readBody(b.body)
	if err != nil {
		return RecordedBlock{Block: b.Block}, fmt.Errorf("read block %d: %w", b.Height, err)
	}
	return b.with(events), nil
}

// with returns the block with its events, their places and hashes.
func (b Block) with(events []Event) RecordedBlock {
	recorded := make([]Recorded, len(events))
	b.Events = make([]string, len(events))
	for i, event := range events {
		place := Cursor{Partition: b.Partition, Height: b.Height, Index: i}
		recorded[i] = Recorded{Cursor: place, Hash: EventHash(event.Data), Event: event}
		b.Events[i] = recorded[i].Hash
	}
	return RecordedBlock{b, recorded}
}

// Head returns the end of the journal.
func (r *Reader) Head(ctx context.Context) (Head, error) {
	found, err := heads.all(ctx, r, "WHERE partition = $1", int64(onlyPartition))
	if err != nil {
		return Head{}, err
	}
	if len(found) == 0 {
		return Head{}, errNoHead
	}
	return found[0], nil
}

var errNoHead = errors.New("the partition has no head")

// Events returns at most limit events from the cursor on, in order.
func (r *Reader) Events(ctx context.Context, from Cursor, limit int) ([]Recorded, error) {
	if from.Partition != onlyPartition {
		return nil, nil
	}
	var found []Recorded
	for block, err := range r.EachRecordedBlock(ctx, from.Height) {
		if err != nil {
			return nil, err
		}
		events := block.Recorded
		if block.Height == from.Height {
			events = events[min(from.Index, len(events)):]
		}
		found = append(found, events[:min(limit-len(found), len(events))]...)
		if len(found) == limit {
			break
		}
	}
	return found, nil
}

// Between returns the events of the blocks between two heights, both among them, in
// order.
func (r *Reader) Between(ctx context.Context, from, to int64) ([]Recorded, error) {
	var found []Recorded
	for block, err := range r.EachRecordedBlock(ctx, from) {
		if err != nil {
			return nil, err
		}
		if block.Height <= to {
			found = append(found, block.Recorded...)
		}
		if block.Height >= to {
			break
		}
	}
	return found, nil
}

// Blocks returns at most limit blocks from a height on, in order.
func (r *Reader) Blocks(ctx context.Context, from int64, limit int) ([]Block, error) {
	var found []Block
	for block, err := range r.EachRecordedBlock(ctx, from) {
		if err != nil {
			return nil, err
		}
		if found = append(found, block.Block); len(found) >= limit {
			break
		}
	}
	return found, nil
}

// EachBlock reads all blocks in order.
func (r *Reader) EachBlock(ctx context.Context) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		for block, err := range r.EachRecordedBlock(ctx, 1) {
			if !yield(block.Block, err) {
				return
			}
		}
	}
}

// EachEvent reads the whole journal in order.
func (r *Reader) EachEvent(ctx context.Context) iter.Seq2[Recorded, error] {
	return func(yield func(Recorded, error) bool) {
		for block, err := range r.EachRecordedBlock(ctx, 1) {
			if err != nil && !yield(Recorded{}, err) {
				return
			}
			for _, event := range block.Recorded {
				if !yield(event, nil) {
					return
				}
			}
		}
	}
}

// EachRecordedBlock reads the blocks from a height on, in order, with their events,
// those of the archive among them. After an error that is ErrDamaged it goes on with
// the next block; any other ends them.
func (r *Reader) EachRecordedBlock(ctx context.Context, from int64) iter.Seq2[RecordedBlock, error] {
	return func(yield func(RecordedBlock, error) bool) {
		from := max(from, 1)
		for atOnce := blocksAtFirst; ; atOnce = min(4*atOnce, blocksAtOnceMax) {
			found, err := blocks.all(ctx, r, "WHERE partition = $1 AND height >= $2 ORDER BY height LIMIT CAST($3 AS BIGINT)",
				int64(onlyPartition), from, int64(atOnce))
			if err != nil {
				yield(RecordedBlock{}, err)
				return
			}
			if len(found) > 0 && found[0].Height > from && !r.archived(ctx, from, found[0].Height, yield) {
				return
			}
			for _, block := range found {
				if !yield(block.record()) {
					return
				}
			}
			if len(found) < atOnce {
				return
			}
			from = found[len(found)-1].Height + 1
		}
	}
}
