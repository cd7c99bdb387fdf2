package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// A table says how rows of one kind are written and read. All statements about
// rows are made of it, so that a column is named once.
type table[R any] struct {
	name string
	key  []string // columns, in order
	// columns binds a row, always in the same order.
	columns func(*binding, *R)
	// once says that a row is written once: one that exists is a fault.
	once bool
	// guard is what must hold between the row that is there, by the table's
	// name, and the one that replaces it, called "excluded". Empty: nothing.
	guard string
}

// chunks are the numbers of rows or keys in one statement, so that few
// statements are prepared, and those few are used again and again.
var chunks = [...]int{64, 16, 4, 1}

// A statement names a prepared statement: its text, or what its text is made
// from for so many rows or keys.
type statement struct {
	name  string
	size  int
	table any // whose columns it reads or writes; nil where the name is all of it
}

// A querier reads with statements that it has prepared.
type querier interface {
	query(ctx context.Context, name statement, arguments []any, text func() string) (*sql.Rows, error)
	judged(err error) error // that ended the rows of a query, for whoever has asked
}

// bound returns the columns, to be read into a row.
func (t *table[R]) bound(row *R) []column {
	var b binding
	t.columns(&b, row)
	return b.columns
}

func (t *table[R]) names() []string {
	var names []string
	for _, bound := range t.bound(new(R)) {
		names = append(names, bound.name)
	}
	return names
}

// insert returns the beginning of a text that writes rows.
func (t *table[R]) insert() string {
	return "INSERT INTO " + t.name + " (" + strings.Join(t.names(), ", ") + ") "
}

// insertion returns the text that writes size rows.
func (t *table[R]) insertion(size int) string {
	var b strings.Builder
	columns := t.bound(new(R))
	b.WriteString(t.insert() + "VALUES ")
	for row := range size {
		separate(&b, row, ", ")
		b.WriteByte('(')
		for i := range columns {
			separate(&b, i, ", ")
			b.WriteString("$" + strconv.Itoa(row*len(columns)+i+1))
		}
		b.WriteByte(')')
	}
	return b.String() + t.otherwise()
}

// otherwise returns the end of such a text: what is done with a row that exists.
func (t *table[R]) otherwise() string {
	if t.once {
		return ""
	}
	var changes []string
	for _, bound := range t.bound(new(R)) {
		if !bound.fixed && !slices.Contains(t.key, bound.name) {
			changes = append(changes, bound.name+" = excluded."+bound.name)
		}
	}
	text := " ON CONFLICT (" + strings.Join(t.key, ", ") + ") DO UPDATE SET " + strings.Join(changes, ", ")
	if t.guard != "" {
		text += " WHERE " + t.guard
	}
	return text
}

func separate(b *strings.Builder, position int, separator string) {
	if position > 0 {
		b.WriteString(separator)
	}
}

// write writes all rows: now, as many at a time as the chunks allow, or when the
// session is flushed.
func (t *table[R]) write(ctx context.Context, s *session, rows []R) error {
	if s.queue != nil {
		for chunk := range slices.Chunk(rows, queuedMax) {
			next, err := t.queued(&s.queue.values, chunk)
			if err != nil {
				return err
			}
			if err := s.queue.add(ctx, next); err != nil {
				return err
			}
			if len(chunk) < queuedMax {
				break // It is the last one, and may wait.
			}
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	for len(rows) > 0 {
		size := largestChunk(len(rows))
		if err := t.writeChunk(ctx, s, rows[:size]); err != nil {
			return fmt.Errorf("write %d %s: %w", size, t.name, err)
		}
		rows = rows[size:]
	}
	return nil
}

func (t *table[R]) writeChunk(ctx context.Context, s *session, rows []R) error {
	b := binding{writing: true}
	for i := range rows {
		t.columns(&b, &rows[i])
		if i == 0 {
			b.values = slices.Grow(b.values, (len(rows)-1)*len(b.values))
		}
	}
	if b.err != nil {
		return b.err
	}
	name := statement{"write " + t.name, len(rows), t}
	written, err := s.execute(ctx, name, b.values, func() string { return t.insertion(len(rows)) })
	if err != nil {
		return err
	}
	return allWritten(written, len(rows))
}

func allWritten(written int64, rows int) error {
	if written != int64(rows) {
		return fmt.Errorf("%d would undo what stands", int64(rows)-written)
	}
	return nil
}

// largestChunk returns the largest chunk of at most count, which is not zero.
func largestChunk(count int) int {
	return chunks[slices.IndexFunc(chunks[:], func(size int) bool { return size <= count })]
}

// smallestChunk returns the smallest chunk that holds count, or the largest.
func smallestChunk(count int) int {
	for _, size := range slices.Backward(chunks[:]) {
		if size >= count {
			return size
		}
	}
	return chunks[0]
}

// each reads the rows that clauses such as "WHERE … ORDER BY …" select, one by
// one. An error ends them.
func (t *table[R]) each(ctx context.Context, q querier, clauses string, arguments ...any) iter.Seq2[R, error] {
	name := statement{name: "SELECT " + t.name + " " + clauses, table: t}
	return t.stream(ctx, q, name, arguments, func() string { return t.selection(clauses) })
}

// all reads the rows that clauses select.
func (t *table[R]) all(ctx context.Context, q querier, clauses string, arguments ...any) ([]R, error) {
	return collect(t.each(ctx, q, clauses, arguments...))
}

// find finds the rows that clauses select, now or when the session is flushed.
func (t *table[R]) find(ctx context.Context, s *session, clauses string, found func([]R) error) error {
	if s.queue != nil {
		return s.queue.add(ctx, queued{
			name: statement{name: "SELECT " + t.name + " " + clauses, table: t}, doing: "read " + t.name,
			text: func() string { return t.selection(clauses) }, heed: t.finds(found),
		})
	}
	rows, err := t.all(ctx, s, clauses)
	if err != nil {
		return err
	}
	return found(rows)
}

func (t *table[R]) selection(clauses string) string {
	return "SELECT " + strings.Join(t.names(), ", ") + " FROM " + t.name + " " + clauses
}

func (t *table[R]) stream(
	ctx context.Context, q querier, name statement, arguments []any, text func() string,
) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		fail := func(err error) { yield(*new(R), fmt.Errorf("read %s: %w", t.name, err)) }
		rows, err := q.query(ctx, name, arguments, text)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close() //nolint:errcheck // Err below says what was wrong with the rows.
		var row R
		var into []any
		for _, bound := range t.bound(&row) {
			into = append(into, bound.into)
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				fail(q.judged(err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(q.judged(err))
		}
	}
}

// collect returns all rows, or the error that ended them.
func collect[R any](rows iter.Seq2[R, error]) ([]R, error) {
	var all []R
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}
