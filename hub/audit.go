package hub

import (
	"context"
	"fmt"
	"iter"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A Check is one invariant as recomputed from the stored rows alone.
type Check struct {
	ID       string // as in docs/invariants.md
	Says     string
	Rows     int      // how many were looked at
	Breaches []string // none is the wish; at most breachesMax are named
}

// breachesMax is how many breaches of one invariant are named.
const breachesMax = 20

// An auditor holds what has been read, and the checks so far.
type auditor struct {
	payments  map[string]payment.Payment
	movements map[string][]payment.Movement // by payment
	entries   map[entryKey][]store.Posted
	positions []ledger.Position
	told      map[string]*told // by payment
	partial   bool             // some of the journal was not read
	checks    []*Check
}

type entryKey struct {
	entry, payment, subject string
	cause                   ledger.Cause
}

// Audit recomputes every invariant that applies so far. The references in
// acknowledged must be payments that are there and approved. An error is a
// fault of reading; a breach is in the checks.
func Audit(ctx context.Context, reader *store.Reader, acknowledged []string) ([]Check, error) {
	a := &auditor{
		payments: make(map[string]payment.Payment), movements: make(map[string][]payment.Movement),
		entries: make(map[entryKey][]store.Posted), told: make(map[string]*told),
	}
	for _, read := range []func(context.Context, *store.Reader) error{a.readPayments, a.readBooks, a.readJournal} {
		if err := read(ctx, reader); err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
	}
	a.checkEntries()
	a.checkBalances()
	a.checkCauses()
	a.checkAmounts()
	a.checkStates()
	a.checkReservations()
	a.checkMovements()
	a.checkNotes()
	if err := a.checkQuotes(ctx, reader); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if err := a.checkCodes(ctx, reader); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if err := a.checkKeys(ctx, reader); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	a.checkReferences()
	a.checkAcknowledged(acknowledged)
	checks := make([]Check, len(a.checks))
	for i, check := range a.checks {
		checks[i] = *check
	}
	return checks, nil
}

func (a *auditor) check(id, says string) *Check {
	check := &Check{ID: id, Says: says}
	a.checks = append(a.checks, check)
	return check
}

// must counts a row and notes a breach where it does not hold.
func (c *Check) must(holds bool, format string, args ...any) {
	c.Rows++
	if !holds && len(c.Breaches) < breachesMax {
		c.Breaches = append(c.Breaches, fmt.Sprintf(format, args...))
	}
}

func each[T any](rows iter.Seq2[T, error], do func(T)) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		do(row)
	}
	return nil
}

func (a *auditor) readPayments(ctx context.Context, reader *store.Reader) error {
	if err := each(reader.EachPayment(ctx), func(p payment.Payment) { a.payments[p.ID] = p }); err != nil {
		return err
	}
	return each(reader.EachMovement(ctx), func(m payment.Movement) {
		a.movements[m.Payment] = append(a.movements[m.Payment], m)
	})
}

func (a *auditor) readBooks(ctx context.Context, reader *store.Reader) error {
	var err error
	if a.positions, err = reader.Positions(ctx); err != nil {
		return err
	}
	return each(reader.EachPosting(ctx), func(p store.Posted) {
		key := entryKey{p.Entry, p.Payment, p.Subject, p.Cause}
		a.entries[key] = append(a.entries[key], p)
	})
}
