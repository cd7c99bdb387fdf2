package store

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// rollbackWithin bounds how long a connection is given to roll back.
const rollbackWithin = 5 * time.Second

// A Tx is the one transaction that writes. Others wait for its end, those of
// other nodes as well. It is not safe for concurrent use.
type Tx struct {
	store    *Store
	session  *session
	head     Head
	rows     Rows                  // that were handed in, for who watches
	entered  []fingerprint         // keys that it gives the next numbers to
	given    map[fingerprint]int64 // which
	list     keyList               // of them, as it is committed
	runs     []keyRun              // that are due with it
	begun    []begun               // payments of which nothing was written before
	alone    bool                  // nobody but this store has committed since its last commit
	wrote    bool                  // something that others must see: the head says so at the end
	strange  bool                  // what was written is not all in rows
	appended bool                  // a block of this commit was written
	raised   bool                  // so was a new version of the directory
	fault    error                 // the first that a statement returned
	done     bool
}

// Begin waits for its turn, and then takes the head of the partition before
// anything is read. On PostgreSQL that lock is also a small write of its own: a
// commit that only repeats an earlier answer waits for the standby, and so for
// the commit that the answer came from. An error refuses Unavailable: nothing has
// happened.
func (s *Store) Begin(ctx context.Context) (*Tx, error) {
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("begin: %w", ctx.Err())
	case <-s.turn:
	}
	tx, err := s.begin(ctx)
	if err != nil {
		s.turn <- struct{}{}
		return nil, fmt.Errorf("begin: %w", unavailable(err))
	}
	return tx, nil
}

func (s *Store) begin(ctx context.Context) (*Tx, error) {
	if s.isClosed() {
		return nil, errClosed
	}
	if s.broken {
		if err := s.repair(ctx); err != nil {
			return nil, err
		}
	}
	if s.session != nil {
		if tx, err := s.beginHere(ctx); err == nil || ctx.Err() != nil {
			return tx, err
		}
		// The connection may have died of old age. Nothing was done on it yet.
	}
	if err := s.renew(ctx); err != nil {
		return nil, err
	}
	return s.beginHere(ctx)
}

// beginHere begins on the session, and drops it if that fails.
func (s *Store) beginHere(ctx context.Context) (*Tx, error) {
	tx := &Tx{store: s, session: s.session}
	err := tx.open(ctx)
	if err != nil {
		s.drop()
		return nil, err
	}
	return tx, nil
}

func (t *Tx) open(ctx context.Context) error {
	var taken []Head
	err := take(ctx, t.session,
		func(ctx context.Context, s *session) error { return s.begin(ctx, t.store.dialect.begin) },
		func(ctx context.Context, s *session) error {
			return heads.find(ctx, s, "WHERE partition = "+strconv.Itoa(onlyPartition)+t.store.dialect.lockClause, into(&taken))
		},
	)
	if err != nil {
		return err
	}
	if len(taken) == 0 {
		return errNoHead
	}
	t.head = taken[0]
	if err := t.store.follows(t.head); err != nil {
		return err
	}
	if err := t.store.catalogue.follow(ctx, t.session, t.head.Numbered); err != nil {
		return err
	}
	t.alone = t.head.isThatOf(t.store.reached)
	if !t.alone {
		t.store.forget()
	}
	return nil
}

// isThatOf reports whether nobody has committed between two looks at the head.
func (h Head) isThatOf(other Head) bool { return h.Commits == other.Commits && h.Hash == other.Hash }

// IsAlone reports whether nobody but this store has committed since its last commit.
func (t *Tx) IsAlone() bool { return t.alone }

// memory is what is known without asking. A transaction that has written looks itself.
func (t *Tx) memory() *memory {
	if t.wrote {
		return new(memory)
	}
	return t.store.memory()
}

// touches notes that the transaction changes something beside the rows that are handed
// to Write.
func (t *Tx) touches() { t.wrote, t.strange = true, true }

// follows returns an error unless the journal goes on from what this store has
// committed last. A primary that lacks it, or a backup that was put in its place,
// has broken promises: nothing may be built on that.
func (s *Store) follows(head Head) error {
	last := s.reached
	if head.Height < last.Height || head.Height == last.Height && last.Hash != "" && head.Hash != last.Hash {
		return fmt.Errorf("the journal ends with block %d %s, after block %d %s was committed", head.Height, head.Hash, last.Height, last.Hash)
	}
	return nil
}

// heed remembers an error of a statement: a transaction that had one is not
// committed, and its connection is not used again. If the server was lost, the
// error refuses Unavailable.
func (t *Tx) heed(err *error) {
	if *err == nil || t.fault != nil {
		return
	}
	if t.store.dialect.isBroken(*err) {
		t.store.broken = true
	}
	if t.store.dialect.isLost(*err) {
		*err = unavailable(*err)
	}
	t.fault = *err
}

// Commit makes everything durable that the transaction wrote. It waits for as
// long as that takes: a commit that is given up half-way may stand, and be seen,
// where it is not safe yet. An error that is ErrOutcomeUnknown says just that, and
// refuses Unavailable; the store then opens its connections again before the next
// transaction.
func (t *Tx) Commit() error {
	if t.done {
		panic("a transaction is committed once")
	}
	if t.fault != nil {
		t.Rollback()
		return fmt.Errorf("commit after a fault: %w", t.fault)
	}
	if err := t.close(); err != nil {
		t.Rollback()
		return fmt.Errorf("commit: %w", err)
	}
	t.passes(Written)
	if err := t.store.dialect.commit(t.session.connection); err != nil {
		t.store.broken = true
		t.end()
		return fmt.Errorf("commit on block %d: %w: %w", t.head.Height, ErrOutcomeUnknown, unavailable(err))
	}
	t.store.reached = t.head
	if len(t.entered) > 0 {
		t.store.catalogue.learn(t.list, t.runs)
	}
	if t.strange {
		t.store.forget()
	} else {
		t.store.memory().learn(t.rows)
	}
	t.passes(Committed)
	t.end()
	return nil
}

// close writes the new head, by which everybody sees that something was written.
func (t *Tx) close() (err error) {
	if !t.wrote {
		return nil
	}
	defer t.heed(&err)
	t.head.Commits++
	if len(t.entered) > 0 {
		t.head.Numbered += int64(len(t.entered))
		t.list = listOf(t.head.Numbered, t.entered)
		if t.runs, err = t.store.catalogue.enter(context.Background(), t.session, t.list); err != nil {
			return err
		}
	}
	if len(t.begun) > 0 {
		if err = t.enlist(context.Background()); err != nil {
			return err
		}
	}
	return take(context.Background(), t.session, writes(heads, []Head{t.head}))
}

// Rollback forgets what the transaction wrote. After Commit it does nothing.
func (t *Tx) Rollback() {
	if t.done {
		return
	}
	if t.fault != nil {
		t.store.drop()
		t.end()
		return
	}
	t.session.forget()
	ctx, cancel := context.WithTimeout(context.Background(), rollbackWithin)
	defer cancel()
	if _, err := t.session.connection.ExecContext(ctx, "ROLLBACK"); err != nil {
		t.store.drop() // The database rolls back what its connection leaves behind.
	}
	t.end()
}

// end lets the next transaction begin.
func (t *Tx) end() {
	t.done = true
	t.store.turn <- struct{}{}
}
