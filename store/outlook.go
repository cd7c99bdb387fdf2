package store

import (
	"context"
	"fmt"
)

// An Outlook reads what the next transaction will find if nobody else commits until
// then, beside a transaction that is under way. What that one writes may be seen in it
// or not: its rows must be asked for elsewhere. It is for one goroutine, and one
// Outlook at a time.
type Outlook struct {
	store    *Store
	session  *session
	known    *memory
	renewals int
}

// Outlook returns what can be seen now.
func (s *Store) Outlook(ctx context.Context) (*Outlook, error) {
	s.mutex.Lock()
	pools, known, renewals, closed := s.pools, s.known, s.renewals, s.closed
	s.mutex.Unlock()
	if closed || pools == nil {
		return nil, fmt.Errorf("look ahead: %w", unavailable(errClosed))
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	if s.looker != nil && s.looksAt != renewals {
		s.looker.discard() // It may lead to a server that is not the one that is written to.
		s.looker = nil
	}
	if s.looker == nil {
		connection, err := pools.readers.pool.Conn(ctx)
		if err != nil {
			return nil, fmt.Errorf("look ahead: %w", err)
		}
		s.looker, s.looksAt = s.dialect.session(connection), renewals
		s.looker.patient, s.looker.steps = s.dialect.patient, &s.steps
	}
	return &Outlook{store: s, session: s.looker, known: known, renewals: renewals}, nil
}

// Read returns the rows of these keys, each kind in the order of its key. What is not
// there is left out.
func (o *Outlook) Read(ctx context.Context, keys Keys) (rows Rows, err error) {
	err = o.look(func() error {
		rows, err = readAll(ctx, sight{o.session, o.known, o.numbersOf}, keys)
		return err
	})
	return rows, err
}

// OpenWindows returns the windows that take postings, by currency.
func (o *Outlook) OpenWindows(ctx context.Context) (open []Window, err error) {
	err = o.look(func() error {
		open, err = openWindows(ctx, o.session, o.known)
		return err
	})
	return open, err
}

// numbersOf returns where the rows of keys stand, zero for those without one.
func (o *Outlook) numbersOf(ctx context.Context, keys []fingerprint) ([]int64, error) {
	return o.store.catalogue.find(ctx, o.session, keys)
}

// look reads on the session, and gives it up if that fails.
func (o *Outlook) look(read func() error) error {
	s := o.store
	s.looking.Lock()
	defer s.looking.Unlock()
	if s.looker != o.session {
		return fmt.Errorf("look ahead: %w", unavailable(errClosed))
	}
	err := read()
	if err != nil {
		s.looker.discard()
		s.looker = nil
	}
	return err
}

// closeLooker gives up the session that looks ahead.
func (s *Store) closeLooker() {
	s.looking.Lock()
	defer s.looking.Unlock()
	if s.looker != nil {
		s.looker.discard()
		s.looker = nil
	}
}

// Confirms reports whether all that was seen from an outlook is as this transaction
// finds it: nobody has committed since head was the end of the journal, and it is the
// same connection that says so.
func (t *Tx) Confirms(o *Outlook, head Head) bool {
	t.store.mutex.Lock()
	defer t.store.mutex.Unlock()
	return t.head.isThatOf(head) && t.store.renewals == o.renewals
}
