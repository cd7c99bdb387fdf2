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

// A journalAudit follows the chain of blocks.
type journalAudit struct {
	*auditor

	height   int64 // of the block before the next one
	previous string
}

// readJournal verifies the chain from its first block, through the archive, and
// gathers what was told of each payment.
func (a *auditor) readJournal(ctx context.Context) error {
	j := journalAudit{auditor: a, previous: store.Genesis}
	head, err := a.reader.Head(ctx)
	if err != nil {
		return err
	}
	volumes, err := a.reader.Volumes(ctx)
	if err != nil {
		return err
	}
	for _, volume := range volumes {
		j.readVolume(volume)
	}
	for block, err := range a.reader.EachRecordedBlock(ctx, j.height+1) {
		if err != nil && !errors.Is(err, store.ErrDamaged) {
			return err
		}
		j.chain.must(err == nil, "%v", err)
		j.read(block)
	}
	j.chain.must(head.Height == j.height && (j.height == 0 || head.Hash == j.previous),
		"the head is at %d, the last block at %d", head.Height, j.height)
	return nil
}

// readVolume follows the chain through a volume of the archive. Without an archive,
// or where the volume is not what it was, it goes on behind it.
func (j *journalAudit) readVolume(v store.Volume) {
	j.chain.must(v.From == j.height+1, "%s begins with block %d after block %d", v.File, v.From, j.height)
	if !j.reader.HasArchive() {
		j.skip(v)
		return
	}
	if err := j.reader.CheckVolume(v); err != nil {
		j.chain.must(false, "%v", err)
		j.skip(v)
		return
	}
	for block, err := range j.reader.EachOfVolume(v, v.From) {
		if err != nil {
			j.chain.must(false, "%v", err)
			j.skip(v)
			return
		}
		j.read(block)
	}
	j.chain.must(j.height == v.To && j.previous == v.Hash, "%s ends with block %d and not %d", v.File, j.height, v.To)
}

func (j *journalAudit) skip(v store.Volume) {
	j.height, j.previous, j.partial = v.To, v.Hash, true
}

func (j *journalAudit) read(block store.RecordedBlock) {
	j.chain.must(block.Height == j.height+1 && block.Previous == j.previous, "block %d does not follow block %d", block.Height, j.height)
	j.chain.must(block.Hash == BlockHash(block.Block), "block %d holds other events than were committed", block.Height)
	j.height, j.previous = block.Height, block.Hash
	for _, event := range block.Recorded {
		record, err := ReadRecord(event.Data)
		j.canonical.must(err == nil && string(record.canonical()) == string(event.Data), "event %d of block %d is not canonical", event.Index, event.Height)
		if strings.HasPrefix(event.Subject, prefixPayment+"_") {
			j.testifyRecord(event, record)
		}
	}
}

// BlockHash is the hash that a block must have: SHA-256, in hex, of partition,
// height, previous hash and the event hashes, joined by line feeds.
func BlockHash(b store.Block) string {
	parts := append([]string{strconv.Itoa(int(b.Partition)), strconv.FormatInt(b.Height, 10), b.Previous}, b.Events...)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}
