package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// blocksAtOnceMax bounds the blocks that are read with one statement.
const blocksAtOnceMax = 512

var heads = &table[Head]{name: "heads", key: []string{"partition"}, columns: headColumns}

func headColumns(b *binding, h *Head) {
	number(b, "partition", &h.Partition)
	number(b, "height", &h.Height)
	text(b, "hash", &h.Hash)
	number(b, "directory", &h.Directory)
	moment(b, "made_at", &h.At)
}

var blocks = &table[Block]{name: "blocks", key: []string{"partition", "height"}, columns: blockColumns, once: true}

func blockColumns(b *binding, block *Block) {
	number(b, "partition", &block.Partition)
	number(b, "height", &block.Height)
	text(b, "previous", &block.Previous)
	text(b, "hash", &block.Hash)
	moment(b, "made_at", &block.At)
}

var events = &table[Recorded]{name: "events", key: []string{"partition", "height", "place"}, columns: eventColumns, once: true}

func eventColumns(b *binding, e *Recorded) {
	number(b, "partition", &e.Partition)
	number(b, "height", &e.Height)
	number(b, "place", &e.Index)
	text(b, "hash", &e.Hash)
	text(b, "subject", &e.Subject)
	text(b, "wallet", &e.Wallet)
	text(b, "acquirer", &e.Acquirer)
	blob(b, "content", &e.Data)
}

// EventHash returns what stands for an event in its block: the SHA-256 of its
// bytes in lower-case hex.
func EventHash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Seal returns the hash that the block must have: the SHA-256, in lower-case
// hex, of its partition, its height, the hash of the previous block and those of
// its events, one a line, without an end to the last line.
func (b Block) Seal() string {
	lines := append([]string{strconv.Itoa(int(b.Partition)), strconv.FormatInt(b.Height, 10), b.Previous}, b.Events...)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// Head returns the end of the journal as this transaction sees it.
func (t *Tx) Head() Head { return t.head }

// Append adds the events to the journal, as the one block of this commit, and
// returns the block and its events as they are recorded. Without events there is
// no block. It panics when called for a second block.
func (t *Tx) Append(ctx context.Context, at time.Time, appended []Event) (block Block, recorded []Recorded, err error) {
	defer t.heed(&err)
	if len(appended) == 0 {
		return Block{}, nil, nil
	}
	if t.appended {
		panic(fmt.Sprintf("a second block in the commit of block %d", t.head.Height))
	}
	t.appended = true
	block = Block{Partition: t.head.Partition, Height: t.head.Height + 1, Previous: t.head.Hash, At: microseconds(at)}
	recorded = make([]Recorded, len(appended))
	for i, event := range appended {
		place := Cursor{Partition: block.Partition, Height: block.Height, Index: i}
		recorded[i] = Recorded{Cursor: place, Hash: EventHash(event.Data), Event: event}
		block.Events = append(block.Events, recorded[i].Hash)
	}
	block.Hash = block.Seal()
	if err := blocks.write(ctx, t.session, []Block{block}); err != nil {
		return Block{}, nil, err
	}
	if err := events.write(ctx, t.session, recorded); err != nil {
		return Block{}, nil, err
	}
	t.head.Height, t.head.Hash, t.head.At = block.Height, block.Hash, block.At
	return block, recorded, heads.write(ctx, t.session, []Head{t.head})
}

// microseconds returns the time as the store keeps it.
func microseconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
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
	return events.all(ctx, r,
		"WHERE partition = $1 AND (height, place) >= ($2, $3) ORDER BY partition, height, place LIMIT $4",
		int64(from.Partition), from.Height, int64(from.Index), int64(limit))
}

// Between returns the events of the blocks between two heights, both among them, in
// order.
func (r *Reader) Between(ctx context.Context, from, to int64) ([]Recorded, error) {
	return events.all(ctx, r, "WHERE partition = $1 AND height BETWEEN $2 AND $3 ORDER BY partition, height, place",
		int64(onlyPartition), from, to)
}

// Blocks returns at most limit blocks from a height on, in order.
func (r *Reader) Blocks(ctx context.Context, fromHeight int64, limit int) ([]Block, error) {
	found, err := blocks.all(ctx, r, "WHERE partition = $1 AND height >= $2 ORDER BY partition, height LIMIT $3",
		int64(onlyPartition), fromHeight, int64(limit))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	hashes := eventHashes.each(ctx, r,
		"WHERE partition = $1 AND height BETWEEN $2 AND $3 ORDER BY partition, height, place",
		int64(onlyPartition), found[0].Height, found[len(found)-1].Height)
	at := 0
	for hash, err := range hashes {
		if err != nil {
			return nil, err
		}
		for at < len(found) && found[at].Height < hash.height {
			at++
		}
		if at == len(found) || found[at].Height != hash.height {
			return nil, fmt.Errorf("an event stands at height %d without a block", hash.height)
		}
		found[at].Events = append(found[at].Events, hash.hash)
	}
	return found, nil
}

// An eventHash is what a block needs of an event.
type eventHash struct {
	height int64
	hash   string
}

var eventHashes = &table[eventHash]{name: "events", columns: func(b *binding, e *eventHash) {
	number(b, "height", &e.height)
	text(b, "hash", &e.hash)
}}

// EachBlock reads all blocks in order.
func (r *Reader) EachBlock(ctx context.Context) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		for from := int64(0); ; {
			found, err := r.Blocks(ctx, from, blocksAtOnceMax)
			if err != nil {
				yield(Block{}, err)
				return
			}
			for _, block := range found {
				if !yield(block, nil) {
					return
				}
			}
			if len(found) < blocksAtOnceMax {
				return
			}
			from = found[len(found)-1].Height + 1
		}
	}
}

// EachEvent reads the whole journal in order.
func (r *Reader) EachEvent(ctx context.Context) iter.Seq2[Recorded, error] {
	return events.each(ctx, r, "ORDER BY partition, height, place")
}

// one returns the single row, or sql.ErrNoRows.
func one[R any](rows iter.Seq2[R, error]) (R, error) {
	for row, err := range rows {
		return row, err
	}
	return *new(R), sql.ErrNoRows
}
