package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// Rows with a natural key are numbered in the order in which they come, so that their
// tables grow at the end alone. The catalogue knows the number of each key.
type numbered[R any] struct {
	number int64
	row    R
}

// inOrder makes the table of rows that have numbers.
func inOrder[R any](of table[R]) *table[numbered[R]] {
	return &table[numbered[R]]{
		name: of.name, key: []string{"number"}, once: of.once, guard: of.guard,
		columns: func(b *binding, n *numbered[R]) {
			number(b, "number", &n.number)
			of.columns(b, &n.row)
		},
	}
}

// A natural is how rows are read and written by their natural keys.
type natural[K comparable, R any] struct {
	table   *table[numbered[R]]
	key     func(*R) K
	compare func(a, b K) int
	words   func(K) []string // that no other key of the table consists of
}

func (n natural[K, R]) fingerprint(key K) fingerprint {
	return fingerprintOf(append([]string{n.table.name}, n.words(key)...)...)
}

func (n natural[K, R]) byNumber() lookup[int64, numbered[R]] {
	return byNumber(n.table, "number", func(row *numbered[R]) int64 { return row.number })
}

// numbers returns where the rows of these keys stand, zero for those without one.
func (n natural[K, R]) numbers(ctx context.Context, from sight, keys []K) ([]fingerprint, []int64, error) {
	prints := make([]fingerprint, len(keys))
	for i, key := range keys {
		prints[i] = n.fingerprint(key)
	}
	numbers, err := from.numbersOf(ctx, prints)
	if err != nil {
		return nil, nil, fmt.Errorf("find %s: %w", n.table.name, err)
	}
	return prints, numbers, nil
}

// read finds the rows of these keys, which are in order, in the same order, now or when
// the session is flushed. One fingerprint for two keys is a fault: nobody will see it
// happen, and nobody may be given the row of another.
func (n natural[K, R]) read(ctx context.Context, from sight, keys []K, found func([]R) error) error {
	_, numbers, err := n.numbers(ctx, from, keys)
	if err != nil {
		return err
	}
	wanted := make(map[int64]K)
	var there []int64
	for i, at := range numbers {
		if at != 0 {
			wanted[at], there = keys[i], append(there, at)
		}
	}
	return n.byNumber().read(ctx, from.session, there, func(read []numbered[R]) error {
		var rows []R
		for i := range read {
			if key := n.key(&read[i].row); key != wanted[read[i].number] {
				return fmt.Errorf("read %s: %v has the fingerprint of %v", n.table.name, key, wanted[read[i].number])
			}
			rows = append(rows, read[i].row)
		}
		slices.SortFunc(rows, func(a, b R) int { return n.compare(n.key(&a), n.key(&b)) })
		return found(rows)
	})
}

// readFor returns the row of a key for somebody who has not the turn to write, or
// refuses NotFound.
func (n natural[K, R]) readFor(ctx context.Context, r *Reader, key K, what string) (R, error) {
	at, err := r.store.catalogue.findFor(ctx, r, n.fingerprint(key))
	if err != nil {
		return *new(R), fmt.Errorf("find %s: %w", n.table.name, err)
	}
	whole, err := existing(n.table.each(ctx, r, "WHERE number = $1", at), what)
	if found := n.key(&whole.row); err == nil && found != key {
		return *new(R), fmt.Errorf("read %s: %v has the fingerprint of %v", n.table.name, found, key)
	}
	return whole.row, err
}

// write writes rows, each under the number of its key, or a new one.
func (n natural[K, R]) write(ctx context.Context, t *Tx, rows []R) error {
	keys := make([]K, len(rows))
	for i := range rows {
		keys[i] = n.key(&rows[i])
	}
	prints, numbers, err := n.numbers(ctx, t.sight(), keys)
	if err != nil {
		return err
	}
	whole := make([]numbered[R], len(rows))
	for i, row := range rows {
		if numbers[i] == 0 {
			numbers[i] = t.enter(prints[i])
		} else if n.table.once {
			return fmt.Errorf("write %s: %v was written before", n.table.name, keys[i])
		}
		whole[i] = numbered[R]{numbers[i], row}
	}
	return n.table.write(ctx, t.session, whole)
}

// each reads all rows, in the order in which they came.
func (n natural[K, R]) each(ctx context.Context, q querier) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for whole, err := range n.table.each(ctx, q, "ORDER BY number") {
			if !yield(whole.row, err) {
				return
			}
		}
	}
}

// finds is the step that reads the rows of these keys into a list.
func finds[K comparable, R any](from sight, list *[]R, by natural[K, R], keys []K) step {
	return func(ctx context.Context, _ *session) error {
		return by.read(ctx, from, inOrderOnce(keys, by.compare), into(list))
	}
}

// recollects is the same for rows that may be remembered.
func recollects[K comparable, R any](from sight, list *[]R, by natural[K, R], known *remembered[K, R], keys []K) step {
	return func(ctx context.Context, _ *session) error {
		unknown, assemble := known.recall(inOrderOnce(keys, by.compare), by.key, into(list))
		return by.read(ctx, from, unknown, assemble)
	}
}

// enters is the step that writes rows under their natural keys.
func enters[K comparable, R any](t *Tx, by natural[K, R], rows []R) step {
	return func(ctx context.Context, _ *session) error { return by.write(ctx, t, rows) }
}

// numbersOf returns where the rows of keys stand, as this transaction sees them: zero
// for those without one.
func (t *Tx) numbersOf(ctx context.Context, keys []fingerprint) ([]int64, error) {
	known := &t.store.catalogue
	if len(keys) == 0 {
		return nil, nil
	}
	numbers, err := known.find(ctx, t.session, keys)
	if err != nil || len(t.entered) == 0 {
		return numbers, err
	}
	for i, key := range keys {
		if at, ok := t.given[key]; ok {
			numbers[i] = at
		}
	}
	return numbers, nil
}

// enter gives a key the next number. It returns that which it has been given before.
func (t *Tx) enter(key fingerprint) int64 {
	if t.given == nil {
		t.given = make(map[fingerprint]int64)
	}
	if at, ok := t.given[key]; ok {
		return at
	}
	t.entered = append(t.entered, key)
	t.given[key] = t.head.Numbered + int64(len(t.entered))
	return t.given[key]
}
