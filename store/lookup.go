package store

import (
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

// sorted returns each key once, in order.
func (l lookup[K, R]) sorted(keys []K) []K {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, l.compare)
	return slices.Compact(keys)
}

// recall finds the rows of these keys in order, as far as they are remembered without
// asking. Keys may come twice, in any order, and without a row.
func (l lookup[K, R]) recall(ctx context.Context, s *session, known *remembered[K, R], keys []K, found func([]R) error) error {
	keys = l.sorted(keys)
	remember := make(map[K][]R, len(keys))
	var unknown []K
	for _, key := range keys {
		rows, ok := known.rows(key)
		if !ok {
			unknown = append(unknown, key)
			continue
		}
		remember[key] = rows
	}
	assemble := func(read []R) error {
		for i := range read {
			key := l.key(&read[i])
			remember[key] = append(remember[key], read[i])
		}
		for _, key := range unknown {
			known.keep(key, remember[key])
		}
		var all []R
		for _, key := range keys {
			all = append(all, remember[key]...)
		}
		return found(all)
	}
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
		return s.queue.add(ctx, l.queued(l.statement("SELECT", 0), keys, l.selectionOf, found))
	}
	var all []R
	for chunk := range slices.Chunk(keys, chunks[0]) {
		size := smallestChunk(len(chunk))
		rows, err := collect(l.table.stream(ctx, s, l.statement("SELECT", size), l.arguments(chunk, size), func() string { return l.selection(size) }))
		if err != nil {
			return err
		}
		all = append(all, rows...)
	}
	return found(all)
}

// remove deletes the rows of these keys, and finds what they were, now or when the
// session is flushed.
func (l lookup[K, R]) remove(ctx context.Context, s *session, keys []K, found func([]R) error) error {
	if len(keys) == 0 {
		return found(nil)
	}
	if s.queue != nil {
		return s.queue.add(ctx, l.queued(l.statement("DELETE", 0), keys, l.removalOf, found))
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
