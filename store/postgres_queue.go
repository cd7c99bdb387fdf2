package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strconv"

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
}

// A queued statement waits to be sent.
type queued struct {
	name   statement
	doing  string // what it does, if it fails
	values *arrays
	text   func(*arrays) string
	heed   func(*pgconn.ResultReader) error // takes what comes of it
}

func newQueue(connection *sql.Conn) *queue {
	return &queue{connection: connection, prepared: make(map[statement]*pgconn.StatementDescription), batch: &pgconn.Batch{}}
}

func (q *queue) add(ctx context.Context, next queued) error {
	known, ok := q.prepared[next.name]
	if !ok {
		err := q.raw(func(server *pgconn.PgConn) (err error) {
			known, err = server.Prepare(ctx, "bulk_"+strconv.Itoa(len(q.prepared)), next.text(next.values), nil)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", next.doing, err)
		}
		q.prepared[next.name] = known
	}
	q.batch.ExecStatement(known, next.values.parameters(), []int16{binaryFormat}, []int16{binaryFormat})
	next.values = nil // It stands in the message.
	q.waiting = append(q.waiting, next)
	return nil
}

// flush sends what waits, and returns when all of it is done, or has failed.
func (q *queue) flush(ctx context.Context) error {
	if len(q.waiting) == 0 {
		return nil
	}
	batch, sent := q.batch, q.waiting
	q.batch, q.waiting = &pgconn.Batch{}, nil
	return q.raw(func(server *pgconn.PgConn) error {
		results := server.ExecBatch(ctx, batch)
		var failed error
		done := 0
		for ; results.NextResult(); done++ {
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
func (q *queue) raw(use func(*pgconn.PgConn) error) error {
	return q.connection.Raw(func(lent any) error {
		own, ok := lent.(*stdlib.Conn)
		if !ok {
			panic(fmt.Sprintf("%T is no connection to PostgreSQL", lent))
		}
		server := own.Conn().PgConn()
		if server.IsClosed() {
			return driver.ErrBadConn
		}
		return use(server)
	})
}

// queued returns the statement that writes all rows.
func (t *table[R]) queued(rows []R) (queued, error) {
	values := &arrays{}
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
		name: statement{name: "write " + t.name, table: t}, doing: doing, values: values, text: t.insertionOf,
		heed: func(result *pgconn.ResultReader) error {
			tag, err := result.Close()
			if err != nil {
				return err
			}
			return allWritten(tag.RowsAffected(), len(rows))
		},
	}, nil
}

// queued returns the statement of this text that finds the rows of keys.
func (l lookup[K, R]) queued(keys []K, text func(*arrays) string, found func([]R) error) queued {
	values := &arrays{}
	for _, key := range keys {
		values.begin()
		for _, value := range l.values(key) {
			values.put(value)
		}
	}
	return queued{
		doing: "read " + l.table.name, values: values, text: text,
		heed: func(result *pgconn.ResultReader) error {
			rows, err := l.table.rowsOf(result)
			if err != nil {
				return err
			}
			return found(rows)
		},
	}
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
