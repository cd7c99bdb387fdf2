package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

var heads = &table[Head]{name: "heads", key: []string{"partition"}, columns: headColumns}

func headColumns(b *binding, h *Head) {
	number(b, "partition", &h.Partition)
	number(b, "height", &h.Height)
	text(b, "hash", &h.Hash)
	number(b, "directory", &h.Directory)
	moment(b, "made_at", &h.At)
	number(b, "commits", &h.Commits)
	number(b, "numbered", &h.Numbered)
	number(b, "begun", &h.Begun)
	number(b, "listed", &h.Listed)
}

var blocks = &table[sealed]{name: "blocks", key: []string{"partition", "height"}, columns: blockColumns, once: true}

// A sealed block is a block as it is kept: its events are its body, and their
// hashes are those of the body's bytes.
type sealed struct {
	Block

	body []byte
}

func blockColumns(b *binding, s *sealed) {
	number(b, "partition", &s.Partition)
	number(b, "height", &s.Height)
	hexadecimal(b, "previous", &s.Previous)
	hexadecimal(b, "hash", &s.Hash)
	moment(b, "made_at", &s.At)
	blob(b, "body", &s.body)
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
	whole := block.with(appended)
	block, recorded = whole.Block, whole.Recorded
	block.Hash = block.Seal()
	body, err := t.store.press.body(appended)
	if err != nil {
		return Block{}, nil, err
	}
	if err := start(ctx, t.session, writes(blocks, []sealed{{block, body}})); err != nil {
		return Block{}, nil, err
	}
	t.head.Height, t.head.Hash, t.head.At = block.Height, block.Hash, block.At
	t.wrote = true
	return block, recorded, nil
}

// microseconds returns the time as the store keeps it.
func microseconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

// one returns the single row, or sql.ErrNoRows.
func one[R any](rows iter.Seq2[R, error]) (R, error) {
	for row, err := range rows {
		return row, err
	}
	return *new(R), sql.ErrNoRows
}
