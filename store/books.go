package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

var positions = &table[ledger.Position]{name: "positions", key: []string{"account", "currency"}, columns: positionColumns}

func positionColumns(b *binding, p *ledger.Position) {
	text(b, "account", &p.Account)
	text(b, "currency", &p.Currency)
	number(b, "balance", &p.Balance)
	number(b, "reserved", &p.Reserved)
	number(b, "cap", &p.Cap)
}

var positionsByKey = lookup[PositionKey, ledger.Position]{
	table: positions, columns: positions.key, order: "account, currency",
	compare: func(a, b PositionKey) int {
		return cmp.Or(strings.Compare(string(a.Account), string(b.Account)), strings.Compare(string(a.Currency), string(b.Currency)))
	},
	key:    func(p *ledger.Position) PositionKey { return PositionKey{p.Account, p.Currency} },
	values: func(key PositionKey) []any { return []any{string(key.Account), string(key.Currency)} },
}

// A window is closed once.
var windows = &table[Window]{
	name: "windows", key: []string{"id"}, columns: windowColumns,
	guard: "windows.closed_at IS NULL OR windows.closed_at = excluded.closed_at",
}

func windowColumns(b *binding, w *Window) {
	b.fixed()
	text(b, "id", &w.ID)
	text(b, "currency", &w.Currency)
	moment(b, "opened_at", &w.OpenedAt)
	b.changing()
	moment(b, "closed_at", &w.ClosedAt)
}

// OpenWindows returns the windows that take postings, by currency.
func (t *Tx) OpenWindows(ctx context.Context) (open []Window, err error) {
	defer t.heed(&err)
	return openWindows(ctx, t.session, t.memory())
}

func openWindows(ctx context.Context, s *session, known *memory) ([]Window, error) {
	if open, ok := known.windows.rows(struct{}{}); ok {
		return open, nil
	}
	open, err := windows.all(ctx, s, "WHERE closed_at IS NULL ORDER BY currency")
	if err == nil {
		known.windows.suppose(struct{}{}, open)
	}
	return open, err
}

// An entry is one row with its postings, as a JSON list of [account, amount,
// currency, window].
var entries = &table[ledger.Entry]{name: "entries", key: []string{"subject", "cause"}, columns: entryColumns, once: true}

func entryColumns(b *binding, e *ledger.Entry) {
	text(b, "subject", &e.Subject)
	text(b, "cause", &e.Cause)
	text(b, "id", &e.ID)
	text(b, "payment", &e.Payment)
	packedList(b, "postings", &e.Postings, postingColumns)
}

func postingColumns(b *binding, p *ledger.Posting) {
	text(b, "account", &p.Account)
	number(b, "amount", &p.Amount.Value)
	text(b, "currency", &p.Amount.Currency)
	text(b, "settlement_window", &p.Window)
}

// writesEntries returns the step that writes entries. One that does not balance is a
// fault, and so is a posting of nothing, or in a window that is not open.
func writesEntries(all []ledger.Entry, open []Window) step {
	return func(ctx context.Context, s *session) error {
		for _, entry := range all {
			if err := entry.Balanced(); err != nil {
				return fmt.Errorf("write entries: %w", err)
			}
			for _, posting := range entry.Postings {
				if err := fits(posting, open); err != nil {
					return fmt.Errorf("write entry %s: %w", entry.ID, err)
				}
			}
		}
		// In the order of the key, as in payments, so that pages are filled one after the other.
		ordered := slices.SortedFunc(slices.Values(all), func(a, b ledger.Entry) int { return strings.Compare(a.Subject, b.Subject) })
		return entries.write(ctx, s, ordered)
	}
}

// fits returns an error unless a posting moves something within bounds, in an open
// window of its currency.
func fits(p ledger.Posting, open []Window) error {
	if p.Account == "" || p.Amount.Value == 0 || p.Amount.Value > money.AmountMax || p.Amount.Value < -money.AmountMax {
		return fmt.Errorf("%d %q for %q is out of bounds", p.Amount.Value, p.Amount.Currency, p.Account)
	}
	if !slices.ContainsFunc(open, func(w Window) bool { return w.ID == p.Window && w.Currency == p.Amount.Currency }) {
		return fmt.Errorf("window %q is not open for %q", p.Window, p.Amount.Currency)
	}
	return nil
}

// A Posted is a posting with the entry that it belongs to.
type Posted struct {
	Entry   string
	Payment string
	Cause   ledger.Cause
	Subject string
	Place   int // in the entry, from zero
	ledger.Posting
}

// Positions returns all positions, by account and currency.
func (r *Reader) Positions(ctx context.Context) ([]ledger.Position, error) {
	return positions.all(ctx, r, "ORDER BY account, currency")
}

// EachEntry reads all entries, by subject and cause.
func (r *Reader) EachEntry(ctx context.Context) iter.Seq2[ledger.Entry, error] {
	return entries.each(ctx, r, "ORDER BY subject, cause")
}

// EachPosting reads all postings, entry by entry.
func (r *Reader) EachPosting(ctx context.Context) iter.Seq2[Posted, error] {
	return func(yield func(Posted, error) bool) {
		for e, err := range r.EachEntry(ctx) {
			if err != nil {
				yield(Posted{}, err)
				return
			}
			for place, posting := range e.Postings {
				if !yield(Posted{Entry: e.ID, Payment: e.Payment, Cause: e.Cause, Subject: e.Subject, Place: place, Posting: posting}, nil) {
					return
				}
			}
		}
	}
}
