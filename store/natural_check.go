package store

import (
	"context"
	"iter"
)

// A Keyed is a row with a natural key, or, without a table, what the catalogue says of
// that key: under which number its row stands. Each row must stand where its key leads,
// so that no two rows have the same.
type Keyed struct {
	Table  string
	Key    [16]byte // its fingerprint
	Number int64
}

// EachKeyed reads the whole catalogue, and then the requests, codes and order
// references, in the order in which they came. What the catalogue says may come twice.
func (r *Reader) EachKeyed(ctx context.Context) iter.Seq2[Keyed, error] {
	return func(yield func(Keyed, error) bool) {
		_ = eachPageKeyed(ctx, r, yield) &&
			eachNewKeyed(ctx, r, yield) &&
			eachKeyed(ctx, r, requestsByKey, yield) &&
			eachKeyed(ctx, r, codesByCode, yield) &&
			eachKeyed(ctx, r, referencesByKey, yield)
	}
}

// eachKeyed reports whether to go on, as those below do.
func eachKeyed[K comparable, R any](ctx context.Context, r *Reader, of natural[K, R], yield func(Keyed, error) bool) bool {
	for whole, err := range of.table.each(ctx, r, "ORDER BY number") {
		if err != nil {
			return yield(Keyed{}, err) && false
		}
		if !yield(Keyed{of.table.name, of.fingerprint(of.key(&whole.row)), whole.number}, nil) {
			return false
		}
	}
	return true
}

func eachPageKeyed(ctx context.Context, r *Reader, yield func(Keyed, error) bool) bool {
	for page, err := range keyPages.each(ctx, r, "ORDER BY place") {
		if err != nil {
			return yield(Keyed{}, err) && false
		}
		for i := range page.count() {
			key, at := page.at(i)
			if !yield(Keyed{Key: key, Number: at}, nil) {
				return false
			}
		}
	}
	return true
}

func eachNewKeyed(ctx context.Context, r *Reader, yield func(Keyed, error) bool) bool {
	for list, err := range newKeys.each(ctx, r, "ORDER BY number") {
		if err != nil {
			return yield(Keyed{}, err) && false
		}
		for i, key := range list.fingerprints() {
			if !yield(Keyed{Key: key, Number: list.numberOf(i)}, nil) {
				return false
			}
		}
	}
	return true
}
