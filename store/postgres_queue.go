package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// queuedMax is how many rows one statement in a queue is about at most.
const queuedMax = 8192

// A queue holds statements until they are sent, all of them in one message, whose
// answers come in one as well. None is done after one that has failed.
type queue struct {
	connection *sql.Conn
	prepared   map[statement]*pgconn.StatementDescription
	batch      *pgconn.Batch
	waiting    []queued
	values     arrays // of the statement that is added
}

// A queued statement waits to be sent.
type queued struct {
	name   statement
	doing  string // what it does, if it fails
	values [][]byte
	text   func() string
	heed   func(*pgconn.ResultReader) error // takes what comes of it
}

func newQueue(connection *sql.Conn) *queue {
	return &queue{connection: connection, prepared: make(map[statement]*pgconn.StatementDescription), batch: &pgconn.Batch{}}
}

func (q *queue) add(ctx context.Context, next queued) error {
	known, ok := q.prepared[next.name]
	if !ok {
		err := q.raw(func(server *pgx.Conn) (err error) {
			text := next.text()
			known, err = server.Prepare(ctx, text, text) // What is there already is not prepared again.
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", next.doing, err)
		}
		q.prepared[next.name] = known
	}
	q.batch.ExecStatement(known, next.values, []int16{binaryFormat}, []int16{binaryFormat})
	q.waiting = append(q.waiting, next)
	return nil
}

// clear drops what waits.
func (q *queue) clear() { q.batch, q.waiting = &pgconn.Batch{}, nil }

// flush sends what waits, and returns when all of it is done, or has failed. goOn hears
// of each statement that was done.
func (q *queue) flush(ctx context.Context, goOn func()) error {
	if len(q.waiting) == 0 {
		return nil
	}
	batch, sent := q.batch, q.waiting
	q.clear()
	return q.raw(func(server *pgx.Conn) error {
		results := server.PgConn().ExecBatch(ctx, batch)
		var failed error
		done := 0
		for ; results.NextResult(); done++ {
			goOn()
			if err := sent[done].heed(results.ResultReader()); err != nil && failed == nil {
				failed = fmt.Errorf("%s: %w", sent[done].doing, err)
			}
		}
		if err := results.Close(); err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", sent[min(done, len(sent)-1)].doing, err)
		}
		return failed
	})
}

// raw lends the driver's own connection.
func (q *queue) raw(use func(*pgx.Conn) error) error {
	return q.connection.Raw(func(lent any) error {
		own, ok := lent.(*stdlib.Conn)
		if !ok {
			panic(fmt.Sprintf("%T is no connection to PostgreSQL", lent))
		}
		if own.Conn().IsClosed() {
			return driver.ErrBadConn
		}
		return use(own.Conn())
	})
}

// queued returns the statement that writes all rows. It is to be added before another
// one has the values.
func (t *table[R]) queued(values *arrays, rows []R) (queued, error) {
	values.reset()
	b := binding{writing: true, arrays: values}
	for i := range rows {
		values.begin()
		t.columns(&b, &rows[i])
	}
	doing := fmt.Sprintf("write %d %s", len(rows), t.name)
	if b.err != nil {
		return queued{}, fmt.Errorf("%s: %w", doing, b.err)
	}
	return queued{
		name: statement{name: "write " + t.name, table: t}, doing: doing,
		values: values.parameters(), text: func() string { return t.insertionOf(values) },
		heed: func(result *pgconn.ResultReader) error {
			tag, err := result.Close()
			if err != nil {
				return err
			}
			return allWritten(tag.RowsAffected(), len(rows))
		},
	}, nil
}

// arrays are the values of keys.
func (l lookup[K, R]) arrays(values *arrays, keys []K) *arrays {
	values.reset()
	for _, key := range keys {
		values.begin()
		for _, value := range l.values(key) {
			values.put(value)
		}
	}
	return values
}

// finds returns what takes the rows of a result.
func (t *table[R]) finds(found func([]R) error) func(*pgconn.ResultReader) error {
	return func(result *pgconn.ResultReader) error {
		rows, err := t.rowsOf(result)
		if err != nil {
			return err
		}
		return found(rows)
	}
}

// ends takes a result that says nothing.
func ends(result *pgconn.ResultReader) error {
	_, err := result.Close()
	return err
}

// rowsOf reads the rows of a result.
func (t *table[R]) rowsOf(result *pgconn.ResultReader) ([]R, error) {
	var all []R
	var row R
	into := t.bound(&row)
	for result.NextRow() {
		for i, form := range result.Values() {
			value, err := columnValue(result.FieldDescriptions()[i], form)
			if err == nil {
				err = into[i].into(value)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", into[i].name, err)
			}
		}
		all = append(all, row)
	}
	_, err := result.Close()
	return all, err
}
