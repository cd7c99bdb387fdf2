package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
)

// A lookup reads the rows whose columns have the values of one of many keys.
type lookup[K comparable, R any] struct {
	table   *table[R]
	columns []string
	order   string
	compare func(a, b K) int
	key     func(*R) K
	values  func(K) []any // of the columns
}

// byText is the lookup by one column of text.
func byText[R any](t *table[R], column, order string, key func(*R) string) lookup[string, R] {
	return lookup[string, R]{
		table: t, columns: []string{column}, order: order, compare: strings.Compare, key: key,
		values: func(key string) []any { return []any{key} },
	}
}

// byNumber is the lookup by one column of whole numbers.
func byNumber[R any](t *table[R], column string, key func(*R) int64) lookup[int64, R] {
	return lookup[int64, R]{
		table: t, columns: []string{column}, order: column, compare: cmp.Compare[int64], key: key,
		values: func(key int64) []any { return []any{key} },
	}
}

// sorted returns each key once, in order.
func (l lookup[K, R]) sorted(keys []K) []K { return inOrderOnce(keys, l.compare) }

// inOrderOnce returns each key once, in order.
func inOrderOnce[K comparable](keys []K, compare func(a, b K) int) []K {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, compare)
	return slices.Compact(keys)
}

// recall finds the rows of these keys in order, as far as they are remembered without
// asking. Keys may come twice, in any order, and without a row.
func (l lookup[K, R]) recall(ctx context.Context, s *session, known *remembered[K, R], keys []K, found func([]R) error) error {
	unknown, assemble := known.recall(l.sorted(keys), l.key, found)
	return l.read(ctx, s, unknown, assemble)
}

// read finds the rows of these keys in order, now or when the session is flushed.
// Keys may come twice, in any order, and without a row.
func (l lookup[K, R]) read(ctx context.Context, s *session, keys []K, found func([]R) error) error {
	if len(keys) == 0 {
		return found(nil)
	}
	keys = l.sorted(keys)
	if s.queue != nil {
		values := l.arrays(&s.queue.values, keys)
		return s.queue.add(ctx, queued{
			name: l.statement("SELECT", 0), doing: "read " + l.table.name, values: values.parameters(),
			text: func() string { return l.selectionOf(values) }, heed: l.table.finds(found),
		})
	}
	var all []R
	for chunk := range slices.Chunk(keys, chunks[0]) {
		rows, err := l.some(ctx, s, chunk)
		if err != nil {
			return err
		}
		all = append(all, rows...)
	}
	return found(all)
}

// some reads the rows of at most as many keys as one statement has room for.
func (l lookup[K, R]) some(ctx context.Context, q querier, keys []K) ([]R, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	size := smallestChunk(len(keys))
	return collect(l.table.stream(ctx, q, l.statement("SELECT", size), l.arguments(keys, size), func() string { return l.selection(size) }))
}

// remove deletes the rows of these keys, and finds what they were, now or when the
// session is flushed.
func (l lookup[K, R]) remove(ctx context.Context, s *session, keys []K, found func([]R) error) error {
	if len(keys) == 0 {
		return found(nil)
	}
	if s.queue != nil {
		values := l.arrays(&s.queue.values, keys)
		return s.queue.add(ctx, queued{
			name: l.statement("DELETE", 0), doing: "remove " + l.table.name, values: values.parameters(),
			text: l.removalOf, heed: l.table.finds(found),
		})
	}
	var all []R
	for chunk := range slices.Chunk(keys, chunks[0]) {
		size := smallestChunk(len(chunk))
		rows, err := collect(l.table.stream(ctx, s, l.statement("DELETE", size), l.arguments(chunk, size), func() string {
			return "DELETE FROM " + l.table.name + " " + l.condition(size) + " RETURNING " + strings.Join(l.table.names(), ", ")
		}))
		if err != nil {
			return err
		}
		all = append(all, rows...)
	}
	return found(all)
}

func (l lookup[K, R]) statement(verb string, size int) statement {
	return statement{verb + " " + l.table.name + " by " + strings.Join(l.columns, ", "), size, l.table}
}

// arguments are the values of keys. A statement has room for size of them: the last one
// fills it up.
func (l lookup[K, R]) arguments(keys []K, size int) []any {
	var arguments []any
	for i := range size {
		arguments = append(arguments, l.values(keys[min(i, len(keys)-1)])...)
	}
	return arguments
}

func (l lookup[K, R]) selection(size int) string {
	return l.table.selection(l.condition(size) + " ORDER BY " + l.order)
}

func (l lookup[K, R]) condition(size int) string {
	var b strings.Builder
	b.WriteString("WHERE ")
	if len(l.columns) == 1 {
		b.WriteString(l.columns[0] + " IN (")
		for i := range size {
			separate(&b, i, ", ")
			b.WriteString("$" + strconv.Itoa(i+1))
		}
		b.WriteByte(')')
	} else {
		for i := range size {
			separate(&b, i, " OR ")
			for j, name := range l.columns {
				separate(&b, j, " AND ")
				b.WriteString(name + " = $" + strconv.Itoa(i*len(l.columns)+j+1))
			}
		}
	}
	return b.String()
}
