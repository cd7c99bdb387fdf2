// Package store keeps everything durable: the only SQL of the tree, written once
// for SQLite and PostgreSQL. Whatever is written goes through a Tx, one at a
// time, and ends in one durable commit with one block of the journal. The
// package promises that what it says was committed survives the loss of power,
// and that it never guesses what became of a commit that failed. It decides
// nothing about payments: its constraints are the last to say no.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hansa-network/hansa"
)

// onlyPartition is the partition that this version keeps.
const onlyPartition = 0

// ErrOutcomeUnknown says that a commit may or may not have happened. Read again
// what you want to know.
var ErrOutcomeUnknown = errors.New("the outcome of the commit is unknown")

var errClosed = errors.New("the store is closed")

// unavailable is a fault as others may hear of it: it passes.
func unavailable(fault error) error {
	return fmt.Errorf("%w: %w", hansa.Refuse(hansa.Unavailable, "the database cannot be reached for now"), fault)
}

// A Store is one database. It is safe for concurrent use.
type Store struct {
	dialect dialect
	schema  schema
	archive *Archive          // nil: none is known
	watch   func(Stage, Rows) // nil: nobody watches

	// turn holds one token. Who has taken it is writing, and may use what stands
	// below it, up to mutex.
	turn    chan struct{}
	session *session // nil: none is open
	broken  bool     // a commit or the disk has failed: all connections are suspect
	press   press    // makes the bodies of blocks
	reached Head     // the end of the journal after the last commit of this store

	steps     atomic.Int64 // statements of those who write
	catalogue catalogue    // of natural keys
	rolls     rolls        // lists of payments

	// looking is held by who reads ahead of the transaction that comes next.
	looking sync.Mutex
	looker  *session // nil: none is open
	looksAt int      // the renewal at which it was opened

	mutex    sync.Mutex
	pools    *connections // nil while they are being opened again
	renewals int          // how often a session that writes was opened
	known    *memory      // what stands in the database after the last commit of this store
	closed   bool
}

// connections are those of a store: one that writes and some that read.
type connections struct {
	writer  *sql.DB
	readers *keeper
}

// Open opens the database that dsn names: a file, which is made if need be, or
// the address of a PostgreSQL as postgres://…. It returns an error if the
// database does not keep the settings that durable commits need, or if its
// schema is so much newer that this program cannot use it. Call Migrate before
// anything else where the schema may be older.
func Open(ctx context.Context, dsn string) (*Store, error) { return openKnowing(ctx, dsn, ownSchema()) }

func openKnowing(ctx context.Context, dsn string, known schema) (*Store, error) {
	dialect, err := dialectOf(dsn)
	if err != nil {
		return nil, err
	}
	s := &Store{
		dialect: dialect, schema: known, turn: make(chan struct{}, 1), catalogue: catalogue{ofRun: keysOfRun},
		rolls: rolls{ofRun: paymentsOfRun}, known: new(memory),
	}
	if err := s.connect(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.disconnect())
	}
	s.turn <- struct{}{}
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.Close())
	}
	return s, nil
}

func dialectOf(dsn string) (dialect, error) {
	switch scheme, _, isAddress := strings.Cut(dsn, "://"); {
	case scheme == "postgres" || scheme == "postgresql":
		return postgres(dsn)
	case isAddress || dsn == "" || strings.HasPrefix(dsn, "file:") || strings.Contains(dsn, ":memory:"):
		return dialect{}, fmt.Errorf("%q is neither a file nor an address such as postgres://host/name", dsn)
	}
	return sqlite(dsn)
}

// connect opens the pools and the session that writes, and checks the settings.
func (s *Store) connect(ctx context.Context) error {
	opened, err := s.dialect.open()
	if err != nil {
		return err
	}
	s.mutex.Lock()
	s.pools = opened
	s.mutex.Unlock()
	return s.renew(ctx)
}

// Steps counts the statements that those who write have begun. It stays as it is while
// a commit waits, for its disk or for a standby.
func (s *Store) Steps() int64 { return s.steps.Load() }

// disconnect closes all connections.
func (s *Store) disconnect() error {
	s.drop()
	s.mutex.Lock()
	opened := s.pools
	s.pools = nil
	s.mutex.Unlock()
	if opened == nil {
		return nil
	}
	return errors.Join(opened.readers.close(), opened.writer.Close())
}

// renew opens a session that writes.
func (s *Store) renew(ctx context.Context) error {
	connection, err := s.pools.writer.Conn(ctx)
	if err != nil {
		return err
	}
	s.session = s.dialect.session(connection)
	s.session.patient, s.session.steps = s.dialect.patient, &s.steps
	s.mutex.Lock()
	s.renewals++
	s.mutex.Unlock()
	if err := s.dialect.check(ctx, connection); err != nil {
		s.drop()
		return err
	}
	return nil
}

// drop closes the session that writes, and with it whatever it has not committed.
func (s *Store) drop() {
	if s.session != nil {
		s.session.discard()
		s.session = nil
	}
}

// repair closes all connections, opens them again and lets the database show
// that it is sound.
func (s *Store) repair(ctx context.Context) error {
	_ = s.disconnect() // What these connections say of their end does not matter any more.
	if err := s.connect(ctx); err != nil {
		return fmt.Errorf("open database again: %w", err)
	}
	if err := s.dialect.verify(ctx, s.session.connection); err != nil {
		return fmt.Errorf("verify database: %w", err)
	}
	s.broken = false
	return nil
}

// Close waits for the transaction that is under way and closes the database.
func (s *Store) Close() error {
	<-s.turn
	s.mutex.Lock()
	s.closed = true
	s.mutex.Unlock()
	s.closeLooker()
	err := s.disconnect()
	if s.archive != nil {
		err = errors.Join(err, s.archive.close())
	}
	s.turn <- struct{}{}
	if err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// isClosed reports whether Close was called.
func (s *Store) isClosed() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.closed
}

// Read returns a reader of what was committed.
func (s *Store) Read() *Reader { return &Reader{store: s} }

// readers returns the connections that read.
func (s *Store) readers() (*keeper, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.pools == nil {
		return nil, errors.New("the database is not open")
	}
	return s.pools.readers, nil
}

// hasLost reports whether an error of connections that read says that they cannot
// reach the database, or have been closed to open it again.
func (s *Store) hasLost(readers *keeper, err error) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.dialect.isLost(err) || s.pools == nil || s.pools.readers != readers
}

// Snapshot lets read see one moment of the database, whatever is committed
// meanwhile. Its reader must finish one read before it starts the next.
func (s *Store) Snapshot(ctx context.Context, read func(*Reader) error) error {
	readers, err := s.readers()
	if err != nil {
		return err
	}
	connection, err := readers.pool.Conn(ctx)
	if err != nil && s.hasLost(readers, err) {
		return fmt.Errorf("begin snapshot: %w", unavailable(err))
	}
	if err != nil {
		return fmt.Errorf("begin snapshot: %w", err)
	}
	own := s.dialect.session(connection)
	defer own.release()
	if _, err := connection.ExecContext(ctx, s.dialect.snapshot); err != nil {
		return fmt.Errorf("begin snapshot: %w", err)
	}
	return read(&Reader{store: s, snapshot: own})
}
