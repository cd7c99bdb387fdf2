package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
)

// A session is one connection with the statements that were prepared on it.
type session struct {
	connection *sql.Conn
	bulk       func(string) string // the dialect's form of a statement about many rows
	patient    bool                // no statement is stopped half-way
	steps      *atomic.Int64       // counts its statements; nil: nobody asks
	kept       map[statement]*sql.Stmt
	queue      *queue // of statements that are done with others; nil: each is done at once
}

func (d dialect) session(connection *sql.Conn) *session {
	s := &session{connection: connection, bulk: d.bulk, kept: make(map[statement]*sql.Stmt)}
	if d.queues {
		s.queue = newQueue(connection)
	}
	return s
}

func (s *session) prepared(ctx context.Context, name statement, text func() string) (*sql.Stmt, error) {
	s.goOn()
	if known, ok := s.kept[name]; ok {
		return known, nil
	}
	form := text()
	if name.size > 0 {
		form = s.bulk(form)
	}
	prepared, err := s.connection.PrepareContext(ctx, form)
	if err != nil {
		return nil, err
	}
	s.kept[name] = prepared
	return prepared, nil
}

// flush does what is queued.
func (s *session) flush(ctx context.Context) error {
	if s.queue == nil {
		return nil
	}
	s.goOn()
	return s.queue.flush(ctx, s.goOn)
}

// goOn says that there is progress.
func (s *session) goOn() {
	if s.steps != nil {
		s.steps.Add(1)
	}
}

// forget drops what is queued.
func (s *session) forget() {
	if s.queue != nil {
		s.queue.clear()
	}
}

// context returns that of a statement. Where a statement never waits for anybody
// it is not worth to watch for the end of its context meanwhile.
func (s *session) context(ctx context.Context) (context.Context, error) {
	if !s.patient {
		return ctx, nil
	}
	return context.WithoutCancel(ctx), ctx.Err()
}

func (s *session) query(ctx context.Context, name statement, arguments []any, text func() string) (*sql.Rows, error) {
	if err := s.flush(ctx); err != nil {
		return nil, err
	}
	ctx, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	prepared, err := s.prepared(ctx, name, text)
	if err != nil {
		return nil, err
	}
	return prepared.QueryContext(ctx, arguments...)
}

// judged leaves an error to who has the session.
func (s *session) judged(err error) error { return err }

// execute runs a statement and returns the number of rows it has touched.
func (s *session) execute(ctx context.Context, name statement, arguments []any, text func() string) (int64, error) {
	if err := s.flush(ctx); err != nil {
		return 0, err
	}
	ctx, err := s.context(ctx)
	if err != nil {
		return 0, err
	}
	prepared, err := s.prepared(ctx, name, text)
	if err != nil {
		return 0, err
	}
	result, err := prepared.ExecContext(ctx, arguments...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// run executes a statement by its text.
func (s *session) run(ctx context.Context, text string, arguments ...any) (int64, error) {
	return s.execute(ctx, statement{name: text}, arguments, func() string { return text })
}

// begin executes what begins a transaction, now or when the session is flushed.
func (s *session) begin(ctx context.Context, texts []string) error {
	ctx, err := s.context(ctx)
	if err != nil {
		return err
	}
	for _, text := range texts {
		if s.queue != nil {
			err = s.queue.add(ctx, queued{name: statement{name: text}, doing: text, text: func() string { return text }, heed: ends})
		} else {
			_, err = s.connection.ExecContext(ctx, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// discard closes the connection for good. Whatever it has begun is rolled back
// by that.
func (s *session) discard() {
	// SQLite keeps a connection alive, with its locks, until its last statement
	// is closed. What is wrong with them does not matter any more.
	_ = s.closeStatements()
	// To call it bad is how the pool is told not to use the connection again.
	_ = s.connection.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.connection.Close()
}

// release ends what the session has read and gives its connection back.
func (s *session) release() {
	ctx, cancel := context.WithTimeout(context.Background(), rollbackWithin)
	defer cancel()
	_, err := s.connection.ExecContext(ctx, "ROLLBACK")
	if err != nil || s.closeStatements() != nil {
		s.discard()
		return
	}
	_ = s.connection.Close() // It goes back into the pool.
}

func (s *session) closeStatements() error {
	var failed []error
	for _, kept := range s.kept {
		failed = append(failed, kept.Close())
	}
	clear(s.kept)
	return errors.Join(failed...)
}

// A keeper is a pool of connections that read, with its prepared statements. It
// is safe for concurrent use.
type keeper struct {
	pool *sql.DB

	mutex sync.Mutex
	kept  map[statement]*sql.Stmt
}

func newKeeper(pool *sql.DB) *keeper {
	return &keeper{pool: pool, kept: make(map[statement]*sql.Stmt)}
}

func (k *keeper) prepared(ctx context.Context, name statement, text func() string) (*sql.Stmt, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if known, ok := k.kept[name]; ok {
		return known, nil
	}
	prepared, err := k.pool.PrepareContext(ctx, text())
	if err != nil {
		return nil, err
	}
	k.kept[name] = prepared
	return prepared, nil
}

func (k *keeper) query(ctx context.Context, name statement, arguments []any, text func() string) (*sql.Rows, error) {
	prepared, err := k.prepared(ctx, name, text)
	if err != nil {
		return nil, err
	}
	return prepared.QueryContext(ctx, arguments...)
}

func (k *keeper) close() error { return k.pool.Close() }
