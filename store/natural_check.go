package store

import (
	"context"
	"iter"
)

// A Keyed row has a natural key. It must stand where its key leads, so that no two rows
// have the same.
type Keyed struct {
	Table  string
	Number int64 // under which it stands
	Leads  int64 // under which its key says that it stands; zero: the key is unknown
}

// EachKeyed reads the requests, codes and order references, in the order in which they
// came, with where the catalogue says that they are. It holds all natural keys in
// memory meanwhile.
func (r *Reader) EachKeyed(ctx context.Context) iter.Seq2[Keyed, error] {
	return func(yield func(Keyed, error) bool) {
		numbers, err := r.allKeys(ctx)
		if err != nil {
			yield(Keyed{}, err)
			return
		}
		_ = eachKeyed(ctx, r, requestsByKey, numbers, yield) &&
			eachKeyed(ctx, r, codesByCode, numbers, yield) &&
			eachKeyed(ctx, r, referencesByKey, numbers, yield)
	}
}

// eachKeyed reports whether to go on.
func eachKeyed[K comparable, R any](
	ctx context.Context, r *Reader, of natural[K, R], numbers map[fingerprint]int64, yield func(Keyed, error) bool,
) bool {
	for whole, err := range of.table.each(ctx, r, "ORDER BY number") {
		if err != nil {
			yield(Keyed{}, err)
			return false
		}
		if !yield(Keyed{of.table.name, whole.number, numbers[of.fingerprint(of.key(&whole.row))]}, nil) {
			return false
		}
	}
	return true
}

// allKeys reads the whole catalogue.
func (r *Reader) allKeys(ctx context.Context) (map[fingerprint]int64, error) {
	numbers := make(map[fingerprint]int64)
	for page, err := range keyPages.each(ctx, r, "ORDER BY place") {
		if err != nil {
			return nil, err
		}
		for i := range page.count() {
			key, at := page.at(i)
			numbers[key] = at
		}
	}
	for list, err := range newKeys.each(ctx, r, "ORDER BY number") {
		if err != nil {
			return nil, err
		}
		for i, key := range list.fingerprints() {
			numbers[key] = list.numberOf(i)
		}
	}
	return numbers, nil
}
