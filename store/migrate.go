package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
)

// A migration takes the schema from one version to the next. One that was
// released is never changed.
type migration struct {
	shared string // its text for both databases
	own    string // the start of the name of what each of them says in its own words
}

var migrations = []migration{
	{shared: "0001_first.sql", own: "0001_append_only"},
}

//go:embed schema
var schemas embed.FS

// Schema returns the version of the schema that the database has, zero for
// none, and the one that this program wants.
func (s *Store) Schema(ctx context.Context) (have, want int, err error) {
	readers, err := s.readers()
	if err != nil {
		return 0, 0, err
	}
	connection, err := readers.pool.Conn(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read schema: %w", err)
	}
	defer connection.Close() //nolint:errcheck // It goes back into the pool.
	have, err = s.schemaVersion(ctx, connection)
	if err != nil {
		return 0, 0, fmt.Errorf("read schema: %w", err)
	}
	return have, len(migrations), nil
}

func (s *Store) schemaVersion(ctx context.Context, connection *sql.Conn) (int, error) {
	var tables, version int
	if err := connection.QueryRowContext(ctx, s.dialect.hasSchema).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	err := connection.QueryRowContext(ctx, "SELECT version FROM schema_version").Scan(&version)
	return version, err
}

// checkSchema returns an error if the schema is newer than this program.
func (s *Store) checkSchema(ctx context.Context) error {
	have, want, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("the schema has version %d, this program knows %d", have, want)
	}
	return nil
}

// Migrate brings the schema to the version that this program wants, in one
// transaction. It may be called by many at once.
func (s *Store) Migrate(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("migrate: %w", ctx.Err())
	case <-s.turn:
	}
	defer func() { s.turn <- struct{}{} }()
	if s.isClosed() {
		return errClosed
	}
	// Whatever happens, the next transaction gets a connection that knows the
	// new schema, and none that a fault has left behind.
	defer s.drop()
	if s.session == nil {
		if err := s.renew(ctx); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	if err := s.migrate(ctx, s.session.connection); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, connection *sql.Conn) error {
	execute := func(text string, arguments ...any) error {
		_, err := connection.ExecContext(ctx, text, arguments...)
		return err
	}
	if err := execute(s.dialect.begin); err != nil {
		return err
	}
	if s.dialect.lockSchema != "" {
		if err := execute(s.dialect.lockSchema); err != nil {
			return err
		}
	}
	have, err := s.schemaVersion(ctx, connection)
	if err != nil {
		return err
	}
	for version := have; version < len(migrations); version++ {
		text, err := s.migrationText(migrations[version])
		if err != nil {
			return err
		}
		if err := execute(text); err != nil {
			return fmt.Errorf("to version %d: %w", version+1, err)
		}
		if err := execute("UPDATE schema_version SET version = $1", int64(version+1)); err != nil {
			return err
		}
	}
	if err := s.dialect.commit(connection); err != nil {
		return errors.Join(ErrOutcomeUnknown, err)
	}
	return nil
}

// migrationText returns the statements of a migration in the words of the
// dialect.
func (s *Store) migrationText(m migration) (string, error) {
	shared, err := schemas.ReadFile("schema/" + m.shared)
	if err != nil {
		return "", err
	}
	own, err := schemas.ReadFile("schema/" + m.own + "." + s.dialect.name + ".sql")
	if err != nil {
		return "", err
	}
	return s.dialect.types.Replace(string(shared)) + string(own), nil
}
