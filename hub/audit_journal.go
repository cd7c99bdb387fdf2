package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	for block, err := range reader.EachRecordedBlock(ctx, 1) {
		if err != nil && !errors.Is(err, store.ErrDamaged) {
			return err
		}
		height++
		chain.must(block.Height == height && block.Previous == previous, "block %d does not follow block %d", block.Height, height-1)
		chain.must(err == nil && block.Hash == BlockHash(block.Block), "block %d holds other events than were committed", block.Height)
		previous, height = block.Hash, block.Height
		for _, event := range block.Recorded {
			record, err := ReadRecord(event.Data)
			canonical.must(err == nil && string(record.canonical()) == string(event.Data), "event %d of block %d is not canonical", event.Index, event.Height)
			if strings.HasPrefix(event.Subject, prefixPayment+"_") {
				a.notes[event.Subject] = append(a.notes[event.Subject], record)
			}
		}
	}
	chain.must(head.Height == height && (height == 0 || head.Hash == previous), "the head is at %d, the last block at %d", head.Height, height)
	return nil
}

// BlockHash is the hash that a block must have: SHA-256, in hex, of partition,
// height, previous hash and the event hashes, joined by line feeds.
func BlockHash(b store.Block) string {
	parts := append([]string{strconv.Itoa(int(b.Partition)), strconv.FormatInt(b.Height, 10), b.Previous}, b.Events...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}
