package store

import (
	"context"
	"reflect"
	"slices"
)

// writes returns the step that writes these rows.
func writes[R any](into *table[R], rows []R) step {
	return func(ctx context.Context, s *session) error { return into.write(ctx, s, rows) }
}

// Write writes rows, each at most once in a call. A row that exists is
// replaced, except for what was settled when it was first written: the terms and
// parties of a payment, movement, order or quote, and what a code leads to. It
// is a fault to write what would undo what stands (an older version, another
// outcome, a second use of a code or quote), a request, nonce, entry or posting
// that exists, or an entry that does not balance. Whoever is not told so now is told when
// the rows are read, or by Commit.
func (t *Tx) Write(ctx context.Context, rows Rows) (err error) {
	defer t.heed(&err)
	if rows.isEmpty() {
		return nil
	}
	open, err := t.windowsFor(ctx, rows)
	if err != nil {
		return err
	}
	if err := t.begin(rows); err != nil {
		return err
	}
	t.strange = t.strange || t.wrote // Of what was handed in before nothing is kept.
	t.wrote, t.rows = true, rows
	t.passes(Decided)
	// What others refer to comes first.
	return start(ctx, t.session,
		enters(t, requestsByKey, rows.Requests),
		writes(nonces, rows.Nonces),
		writes(memos, rows.Memos),
		writesClientDocuments(rows.Documents),
		enters(t, codesByCode, rows.Codes),
		enters(t, personsByReference, rows.Persons),
		enters(t, referencesByKey, rows.References),
		writes(merchants, rows.Merchants),
		writes(stores, rows.Stores),
		writes(terminals, rows.Terminals),
		writes(storeCodes, rows.StoreCodes),
		writes(codeRanges, rows.Ranges),
		writes(misses, rows.Misses),
		writes(orders, rows.Orders),
		writes(quotes, rows.Quotes),
		writesPayments(rows.Payments),
		writes(movements, rows.Movements),
		writes(positions, rows.Positions),
		writes(windows, rows.Windows),
		writesEntries(rows.Entries, open),
		writes(subscriptions, rows.Subscriptions),
		writes(deliveries, rows.Deliveries),
		removes(rows.Delivered),
		t.writesDirectory(rows),
	)
}

// isEmpty reports whether there is nothing in any of the lists.
func (r Rows) isEmpty() bool {
	for _, list := range reflect.ValueOf(r).Fields() {
		if list.Len() > 0 {
			return false
		}
	}
	return true
}

// windowsFor returns the windows that are open for the entries of rows, if there are any.
func (t *Tx) windowsFor(ctx context.Context, rows Rows) ([]Window, error) {
	if len(rows.Entries) == 0 {
		return nil, nil
	}
	open, err := t.OpenWindows(ctx)
	return slices.Concat(open, rows.Windows), err
}
