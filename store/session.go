package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
)

// A session is one connection with the statements that were prepared on it.
type session struct {
	connection *sql.Conn
	kept       map[statement]*sql.Stmt
}

func (s *session) prepared(ctx context.Context, name statement, text func() string) (*sql.Stmt, error) {
	if known, ok := s.kept[name]; ok {
		return known, nil
	}
	prepared, err := s.connection.PrepareContext(ctx, text())
	if err != nil {
		return nil, err
	}
	s.kept[name] = prepared
	return prepared, nil
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

func (k *keeper) close() error { return k.pool.Close() }
