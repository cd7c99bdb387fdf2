package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Driver names the driver under this store.
func (s *Store) Driver() string { return s.dialect.driver }

// Size returns how many bytes of the disk the database takes, its indexes
// included. What a log holds and the database has not taken over is not in it.
func (s *Store) Size(ctx context.Context) (bytes int64, err error) {
	readers, err := s.readers()
	if err != nil {
		return 0, err
	}
	if err := readers.pool.QueryRowContext(ctx, s.dialect.size).Scan(&bytes); err != nil {
		return 0, fmt.Errorf("measure the database: %w", err)
	}
	return bytes, nil
}

// Logged returns how many bytes the server of a PostgreSQL has ever written to its
// log, for all its databases. It is zero where the log is part of the file.
func (s *Store) Logged(ctx context.Context) (bytes int64, err error) {
	if s.dialect.logged == "" {
		return 0, nil
	}
	readers, err := s.readers()
	if err != nil {
		return 0, err
	}
	if err := readers.pool.QueryRowContext(ctx, s.dialect.logged).Scan(&bytes); err != nil {
		return 0, fmt.Errorf("measure the log: %w", err)
	}
	return bytes, nil
}

// BareInserts writes n rows of 300 bytes into a new SQLite file, 256 in one commit:
// the least that something durable can cost, to which a benchmark compares.
func BareInserts(ctx context.Context, path string, n int) (err error) {
	db, err := sqlitePool(path, sqlitePragmas)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE bare (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT"); err != nil {
		return fmt.Errorf("measure inserts: %w", err)
	}
	const together = 256
	//nolint:gosec // Both texts are constants.
	insert := "INSERT INTO bare (number, body) VALUES " + strings.TrimSuffix(strings.Repeat("(?, ?), ", together), ", ")
	body, values := make([]byte, 300), make([]any, 0, 2*together)
	for first := 0; first < n; first += together {
		values = values[:0]
		for i := range together {
			values = append(values, first+i, body)
		}
		if _, err := db.ExecContext(ctx, insert, values...); err != nil {
			return fmt.Errorf("measure inserts: %w", err)
		}
	}
	return nil
}
