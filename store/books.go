package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hansa-network/hansa/ledger"
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
	known := t.memory()
	if open, ok := known.windows.rows(struct{}{}); ok {
		return open, nil
	}
	open, err = windows.all(ctx, t.session, "WHERE closed_at IS NULL ORDER BY currency")
	if err == nil {
		known.windows.keep(struct{}{}, open)
	}
	return open, err
}

var entries = &table[ledger.Entry]{name: "entries", key: []string{"id"}, columns: entryColumns, once: true}

func entryColumns(b *binding, e *ledger.Entry) {
	text(b, "id", &e.ID)
	text(b, "payment", &e.Payment)
	text(b, "cause", &e.Cause)
	text(b, "subject", &e.Subject)
}

// A line is a posting with its place in its entry.
type line struct {
	entry string
	place int
	ledger.Posting
}

var postings = &table[line]{name: "postings", key: []string{"entry", "place"}, columns: lineColumns, once: true}

func lineColumns(b *binding, l *line) {
	text(b, "entry", &l.entry)
	number(b, "place", &l.place)
	text(b, "account", &l.Account)
	number(b, "amount", &l.Amount.Value)
	text(b, "currency", &l.Amount.Currency)
	text(b, "settlement_window", &l.Window)
}

// writesEntries returns the step that writes entries with their postings. One
// that does not balance is a fault.
func writesEntries(all []ledger.Entry) step {
	return func(ctx context.Context, s *session) error {
		var lines []line
		for _, entry := range all {
			if err := entry.Balanced(); err != nil {
				return fmt.Errorf("write entries: %w", err)
			}
			for place, posting := range entry.Postings {
				lines = append(lines, line{entry.ID, place, posting})
			}
		}
		if err := entries.write(ctx, s, all); err != nil {
			return err
		}
		return postings.write(ctx, s, lines)
	}
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

// posted is read only: a posting joined with its entry.
var posted = &table[Posted]{name: "postings JOIN entries ON entries.id = postings.entry", columns: postedColumns}

func postedColumns(b *binding, p *Posted) {
	text(b, "entry", &p.Entry)
	text(b, "payment", &p.Payment)
	text(b, "cause", &p.Cause)
	text(b, "subject", &p.Subject)
	number(b, "place", &p.Place)
	text(b, "account", &p.Account)
	number(b, "amount", &p.Amount.Value)
	text(b, "currency", &p.Amount.Currency)
	text(b, "settlement_window", &p.Window)
}

// Positions returns all positions, by account and currency.
func (r *Reader) Positions(ctx context.Context) ([]ledger.Position, error) {
	return positions.all(ctx, r, "ORDER BY account, currency")
}

// EachPosting reads all postings, entry by entry.
func (r *Reader) EachPosting(ctx context.Context) iter.Seq2[Posted, error] {
	return posted.each(ctx, r, "ORDER BY entry, place")
}
