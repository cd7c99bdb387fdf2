package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// A migration takes the schema from one version to the next. One that was
// released is never changed. It expands: programs that do not know it yet go on with
// the columns and tables that they know, beside those that do. What they need is only
// taken away by a later release, whose migration says so.
type migration struct {
	shared string // its text for both databases
	own    string // the start of the name of what each of them says in its own words; empty: nothing
	oldest int    // the version that a program must know at least to go on after it
}

// A schema is all that a program knows of it: the files, and their order.
type schema struct {
	files      fs.FS
	first      int // the version that the first migration makes
	migrations []migration
}

// version is the one that the last migration makes.
func (s schema) version() int { return s.first - 1 + len(s.migrations) }

//go:embed schema
var schemaFiles embed.FS

func ownSchema() schema {
	// Versions 1 to 3 were made before the first release.
	return schema{files: schemaFiles, first: 4, migrations: []migration{
		{shared: "0004_first.sql", own: "0004_append_only", oldest: 4},
	}}
}

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
	return have, s.schema.version(), nil
}

func (s *Store) schemaVersion(ctx context.Context, connection *sql.Conn) (int, error) {
	var tables, version int
	if err := connection.QueryRowContext(ctx, s.dialect.hasSchema).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	err := connection.QueryRowContext(ctx, "SELECT version FROM schema_version").Scan(&version)
	return version, err
}

// checkSchema returns an error if the schema lacks what this program needs of it:
// a newer one has taken it away, or it is older than the first release.
func (s *Store) checkSchema(ctx context.Context) error {
	have, want, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if have > 0 && have < s.schema.first {
		return fmt.Errorf("the schema has version %d, which was made before the first release: start with an empty database", have)
	}
	if have <= want {
		return nil
	}
	readers, err := s.readers()
	if err != nil {
		return err
	}
	var oldest int
	if err := readers.pool.QueryRowContext(ctx, "SELECT oldest FROM schema_version").Scan(&oldest); err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	if want < oldest {
		return fmt.Errorf("the schema has version %d and is for programs that know version %d; this one knows %d", have, oldest, want)
	}
	return nil
}

// Migrate brings the schema to the version that this program wants, in one
// transaction. It may be called by many at once, and while other programs work: it
// takes its turn between their commits. A schema that is newer stays as it is.
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
	s.forget()
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
	for _, text := range s.dialect.begin {
		if err := execute(text); err != nil {
			return err
		}
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
	if have > 0 && have < s.schema.version() && s.dialect.lockTables != "" {
		if err := execute(s.dialect.lockTables); err != nil {
			return err
		}
	}
	for version := max(have+1, s.schema.first); version <= s.schema.version(); version++ {
		if err := s.step(version, execute); err != nil {
			return fmt.Errorf("to version %d: %w", version, err)
		}
	}
	if err := s.dialect.commit(connection); err != nil {
		return errors.Join(ErrOutcomeUnknown, err)
	}
	return nil
}

// step takes the schema to a version from the one before.
func (s *Store) step(version int, execute func(text string, arguments ...any) error) error {
	m := s.schema.migrations[version-s.schema.first]
	text, err := s.migrationText(m)
	if err != nil {
		return err
	}
	if err := execute(text); err != nil {
		return err
	}
	return execute("UPDATE schema_version SET version = $1, oldest = $2", int64(version), int64(m.oldest))
}

// migrationText returns the statements of a migration in the words of the
// dialect.
func (s *Store) migrationText(m migration) (string, error) {
	shared, err := fs.ReadFile(s.schema.files, "schema/"+m.shared)
	if err != nil || m.own == "" {
		return s.dialect.types.Replace(string(shared)), err
	}
	own, err := fs.ReadFile(s.schema.files, "schema/"+m.own+"."+s.dialect.name+".sql")
	return s.dialect.types.Replace(string(shared)) + string(own), err
}
