package store

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// removedAtOnce is how many blocks are taken from the database in one commit, so that
// nobody waits for long.
const removedAtOnce = 32

const dayLength = 24 * time.Hour

// ArchiveDay moves the oldest day of the journal that is over, and begins before a
// time, to the archive, and returns its volume. It returns false where there is none.
// A day is over when the journal has gone on after it. Only who owns the tables of a
// PostgreSQL may do it.
//
// Whatever stops it, nothing is lost, and the next call goes on: the file is whole and
// durable under its name before the database says that it is there, and the database
// has said so before the first block is removed.
func (s *Store) ArchiveDay(ctx context.Context, before, now time.Time) (Volume, bool, error) {
	m := mover{store: s, reader: s.Read(), archive: s.archive}
	v, found, err := m.move(ctx, before, now)
	if err != nil {
		return v, false, fmt.Errorf("archive the journal: %w", err)
	}
	return v, found, nil
}

// A mover moves blocks to an archive.
type mover struct {
	store   *Store
	reader  *Reader
	archive *Archive
}

func (m mover) move(ctx context.Context, before, now time.Time) (Volume, bool, error) {
	done, err := m.reader.Volumes(ctx)
	if err != nil {
		return Volume{}, false, err
	}
	last := Volume{Partition: onlyPartition, Hash: Genesis}
	if len(done) > 0 {
		last = done[len(done)-1]
	}
	if err := m.checkFolder(ctx, done, last.To+1); err != nil {
		return Volume{}, false, err
	}
	first, err := m.firstKept(ctx)
	if err != nil || first == nil {
		return Volume{}, false, err
	}
	if first.Height <= last.To { // An earlier call was stopped.
		return last, true, m.remove(ctx, first.Height, last)
	}
	day := first.At.Truncate(dayLength)
	head, err := m.reader.Head(ctx)
	if err != nil || head.At.Before(day.Add(dayLength)) || !day.Before(before) {
		return Volume{}, false, err
	}
	v, err := m.write(ctx, last, day)
	if err != nil {
		return v, false, err
	}
	v.At = microseconds(now)
	if err := m.record(ctx, v); err != nil {
		return v, false, err
	}
	return v, true, m.remove(ctx, v.From, v)
}

// firstKept returns the first block that is in the database, or nil for none.
func (m mover) firstKept(ctx context.Context) (*sealed, error) {
	found, err := blocks.all(ctx, m.reader, "WHERE partition = $1 ORDER BY height LIMIT 1", int64(onlyPartition))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// write writes the volume that follows another one: the blocks up to the first one
// that was made after the day. It is read back and compared before it gets its name.
func (m mover) write(ctx context.Context, last Volume, day time.Time) (Volume, error) {
	v := Volume{Partition: last.Partition, From: last.To + 1, To: last.To, Hash: last.Hash, File: day.Format(time.DateOnly) + ".zip"}
	return v, m.archive.place(v.File, func(file *os.File) (err error) {
		out := &volumeWriter{archive: zip.NewWriter(file)}
		for block, err := range m.reader.EachRecordedBlock(ctx, v.From) {
			if err != nil {
				return err
			}
			if !block.At.Before(day.Add(dayLength)) {
				break
			}
			if block.Height != v.To+1 || block.Previous != v.Hash || block.Hash != block.Seal() {
				return fmt.Errorf("block %d is not what follows block %d: run hansa audit", block.Height, v.To)
			}
			if err := out.add(block); err != nil {
				return err
			}
			v.To, v.Hash, v.Events = block.Height, block.Hash, v.Events+int64(len(block.Recorded))
		}
		if err := out.archive.Close(); err != nil {
			return err
		}
		if v.Sum, v.Size, err = sumOf(file); err != nil {
			return err
		}
		return m.prove(ctx, v, file)
	})
}

// checkFolder returns an error unless the folder holds the volumes that the database
// knows, and no other but the next one, which a call that was stopped has left there.
func (m mover) checkFolder(ctx context.Context, done []Volume, next int64) error {
	listed, err := m.archive.manifest()
	if err != nil {
		return err
	}
	for _, v := range done {
		if !slices.ContainsFunc(listed, v.equal) {
			return fmt.Errorf("%s does not hold %s: the journal has another archive", m.archive.folder, v.File)
		}
	}
	for _, v := range listed {
		if slices.ContainsFunc(done, v.equal) {
			continue
		}
		found, err := m.reader.Blocks(ctx, v.To, 1)
		if err != nil {
			return err
		}
		if v.From != next || len(found) == 0 || found[0].Hash != v.Hash {
			return fmt.Errorf("%s holds %s, which is of another journal", m.archive.folder, v.File)
		}
	}
	return nil
}

// prove returns an error unless the file, read from the disk again, holds every block
// of the volume as the database does.
func (m mover) prove(ctx context.Context, v Volume, file *os.File) error {
	written, err := openVolume(m.archive.folder, Volume{File: filepath.Base(file.Name()), Sum: v.Sum})
	if err != nil {
		return err
	}
	defer written.file.Close() //nolint:errcheck // It was only read.
	next, stop := iter.Pull2(m.reader.EachRecordedBlock(ctx, v.From))
	defer stop()
	end := v.From - 1
	written.each(v.From, func(block RecordedBlock, fault error) bool {
		kept, fromDatabase, _ := next()
		end = block.Height
		err = errors.Join(fault, fromDatabase)
		if err == nil && !block.same(kept) {
			err = fmt.Errorf("block %d was written in another way", block.Height)
		}
		return err == nil
	})
	if err == nil && end != v.To {
		err = fmt.Errorf("%s ends with block %d and not %d", v.File, end, v.To)
	}
	return err
}

func (b RecordedBlock) same(other RecordedBlock) bool {
	return b.Partition == other.Partition && b.Height == other.Height && b.Previous == other.Previous && b.Hash == other.Hash &&
		b.At.Equal(other.At) && slices.EqualFunc(b.Recorded, other.Recorded, Recorded.same)
}

func (r Recorded) same(other Recorded) bool {
	return r.Cursor == other.Cursor && r.Subject == other.Subject && r.Wallet == other.Wallet && r.Acquirer == other.Acquirer &&
		bytes.Equal(r.Data, other.Data)
}

// record says in the database and in the manifest that a volume is there.
func (m mover) record(ctx context.Context, v Volume) error {
	if err := m.archive.list(v); err != nil {
		return err
	}
	return m.commit(ctx, func(tx *Tx) error {
		last, err := blocks.all(ctx, tx.session, "WHERE partition = $1 AND height = $2", int64(v.Partition), v.To)
		if err == nil && (len(last) == 0 || last[0].Hash != v.Hash || tx.head.Height <= v.To) {
			err = fmt.Errorf("block %d is another one now", v.To)
		}
		if err != nil {
			return err
		}
		return take(ctx, tx.session, writes(volumes, []Volume{v}))
	})
}

// remove takes the blocks of a volume from the database, once more after its file was
// checked.
func (m mover) remove(ctx context.Context, from int64, v Volume) error {
	if err := m.reader.CheckVolume(v); err != nil {
		return err
	}
	for ; from <= v.To; from += removedAtOnce {
		err := m.commit(ctx, func(tx *Tx) error {
			_, err := tx.session.run(ctx, "DELETE FROM blocks WHERE partition = $1 AND height BETWEEN $2 AND $3",
				int64(v.Partition), from, min(from+removedAtOnce-1, v.To))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// commit commits what work does in a transaction of its own.
func (m mover) commit(ctx context.Context, work func(*Tx) error) (err error) {
	tx, err := m.store.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		tx.heed(&err)
		return err
	}
	return tx.Commit()
}
