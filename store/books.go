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

func positionColumns(p *ledger.Position) []column {
	return []column{
		text("account", &p.Account), text("currency", &p.Currency),
		number("balance", &p.Balance), number("reserved", &p.Reserved), number("cap", &p.Cap),
	}
}

var positionsByKey = lookup[PositionKey, ledger.Position]{
	table: positions, columns: positions.key, order: "account, currency",
	compare: func(a, b PositionKey) int {
		return cmp.Or(strings.Compare(string(a.Account), string(b.Account)), strings.Compare(string(a.Currency), string(b.Currency)))
	},
	values: func(key PositionKey) []any { return []any{string(key.Account), string(key.Currency)} },
}

// A window is closed once.
var windows = &table[Window]{
	name: "windows", key: []string{"id"}, columns: windowColumns,
	guard: "windows.closed_at IS NULL OR windows.closed_at = excluded.closed_at",
}

func windowColumns(w *Window) []column {
	return append(
		fixed(text("id", &w.ID), text("currency", &w.Currency), moment("opened_at", &w.OpenedAt)),
		moment("closed_at", &w.ClosedAt),
	)
}

// OpenWindows returns the windows that take postings, by currency.
func (t *Tx) OpenWindows(ctx context.Context) (open []Window, err error) {
	defer t.heed(&err)
	return windows.all(ctx, t.session, "WHERE closed_at IS NULL ORDER BY currency")
}

var entries = &table[ledger.Entry]{name: "entries", key: []string{"id"}, columns: entryColumns, once: true}

func entryColumns(e *ledger.Entry) []column {
	return []column{text("id", &e.ID), text("payment", &e.Payment), text("cause", &e.Cause), text("subject", &e.Subject)}
}

// A line is a posting with its place in its entry.
type line struct {
	entry string
	place int
	ledger.Posting
}

var postings = &table[line]{name: "postings", key: []string{"entry", "place"}, columns: lineColumns, once: true}

func lineColumns(l *line) []column {
	return []column{
		text("entry", &l.entry), number("place", &l.place), text("account", &l.Account),
		number("amount", &l.Amount.Value), text("currency", &l.Amount.Currency), text("settlement_window", &l.Window),
	}
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

func postedColumns(p *Posted) []column {
	return []column{
		text("entry", &p.Entry), text("payment", &p.Payment), text("cause", &p.Cause), text("subject", &p.Subject),
		number("place", &p.Place), text("account", &p.Account),
		number("amount", &p.Amount.Value), text("currency", &p.Amount.Currency), text("settlement_window", &p.Window),
	}
}

// Positions returns all positions, by account and currency.
func (r *Reader) Positions(ctx context.Context) ([]ledger.Position, error) {
	return positions.all(ctx, r, "ORDER BY account, currency")
}

// EachPosting reads all postings, entry by entry.
func (r *Reader) EachPosting(ctx context.Context) iter.Seq2[Posted, error] {
	return posted.each(ctx, r, "ORDER BY entry, place")
}
