package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/store"
)

// readJournal verifies the chain from its first block, and keeps the records of
// each payment for later checks.
func (a *auditor) readJournal(ctx context.Context, reader *store.Reader) error {
	chain := a.check("A1", "the journal's blocks are chained without a gap and their hashes hold")
	canonical := a.check("A4", "the journal holds canonical records")
	head, err := reader.Head(ctx)
	if err != nil {
		return err
	}
	previous, height := store.Genesis, int64(0)
	blocks := make(map[int64]store.Block)
	err = each(reader.EachBlock(ctx), func(block store.Block) {
		height++
		chain.must(block.Height == height && block.Previous == previous, "block %d does not follow block %d", block.Height, height-1)
		chain.must(block.Hash == BlockHash(block), "block %d has another hash", block.Height)
		previous, height = block.Hash, block.Height
		blocks[height] = block
	})
	if err != nil {
		return err
	}
	chain.must(head.Height == height && (height == 0 || head.Hash == previous), "the head is at %d, the last block at %d", head.Height, height)
	return each(reader.EachEvent(ctx), func(event store.Recorded) {
		sum := sha256.Sum256(event.Data)
		block := blocks[event.Height]
		chain.must(event.Index < len(block.Events) && block.Events[event.Index] == event.Hash && event.Hash == hex.EncodeToString(sum[:]),
			"event %d of block %d is not the one that was committed", event.Index, event.Height)
		record, err := ReadRecord(event.Data)
		canonical.must(err == nil && string(record.canonical()) == string(event.Data), "event %d of block %d is not canonical", event.Index, event.Height)
		if strings.HasPrefix(event.Subject, prefixPayment+"_") {
			a.notes[event.Subject] = append(a.notes[event.Subject], record)
		}
	})
}

// BlockHash is the hash that a block must have: SHA-256, in hex, of partition,
// height, previous hash and the event hashes, joined by line feeds.
func BlockHash(b store.Block) string {
	parts := append([]string{strconv.Itoa(int(b.Partition)), strconv.FormatInt(b.Height, 10), b.Previous}, b.Events...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}
