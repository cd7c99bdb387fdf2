package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresReadersMax is how many connections read at a time.
const postgresReadersMax = 8

var postgresSettings = []setting{
	{"SHOW synchronous_commit", []string{"on", "remote_apply"}, "a commit could be lost with the power or the primary"},
	{"SHOW server_encoding", []string{"UTF8"}, "names could not be kept"},
}

// postgres is the dialect of a PostgreSQL server.
func postgres(dsn string) (dialect, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return dialect{}, fmt.Errorf("read the address of the database: %w", err)
	}
	// While a commit waits for the standby and is told not to, the server says so
	// in a warning, and nothing else: the commit itself seems to succeed.
	warned := new(atomic.Bool)
	return dialect{
		name: "postgres", driver: "github.com/jackc/pgx/v5", begin: "BEGIN ISOLATION LEVEL READ COMMITTED",
		snapshot:   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		size:       "SELECT pg_database_size(current_database())",
		lockClause: " FOR UPDATE",
		lockSchema: "SELECT pg_advisory_xact_lock(4217)",
		hasSchema:  "SELECT COUNT(to_regclass('schema_version'))",
		types:      strings.NewReplacer(") STRICT, WITHOUT ROWID;", ");", " INTEGER", " BIGINT", " BLOB", " BYTEA", " TEXT", ` TEXT COLLATE "C"`, ") STRICT;", ");"),
		bulk:       func(text string) string { return text },
		open:       func() (*connections, error) { return openPostgres(config, warned), nil },
		check: func(ctx context.Context, connection *sql.Conn) error {
			return checkSettings(ctx, connection, postgresSettings)
		},
		verify:   func(context.Context, *sql.Conn) error { return nil },
		commit:   func(connection *sql.Conn) error { return commitPostgres(connection, warned) },
		isBroken: func(error) bool { return false },
	}, nil
}

func openPostgres(config *pgx.ConnConfig, warned *atomic.Bool) *connections {
	writing := config.Copy()
	// Plans that were made while the tables were empty would read them whole for
	// ever. Each of our statements has an index that it must use.
	writing.RuntimeParams["enable_seqscan"] = "off"
	writing.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
		if notice.SeverityUnlocalized == "WARNING" {
			warned.Store(true)
		}
	}
	writer := stdlib.OpenDB(*writing)
	writer.SetMaxOpenConns(1)
	reading := config.Copy()
	reading.RuntimeParams["default_transaction_read_only"] = "on"
	readers := stdlib.OpenDB(*reading)
	readers.SetMaxOpenConns(postgresReadersMax)
	readers.SetMaxIdleConns(postgresReadersMax)
	return &connections{writer: writer, readers: newKeeper(readers)}
}

func commitPostgres(connection *sql.Conn, warned *atomic.Bool) error {
	warned.Store(false)
	if _, err := connection.ExecContext(context.Background(), "COMMIT"); err != nil {
		return err
	}
	if warned.Load() {
		return errors.New("the commit may not have reached the standby")
	}
	return nil
}
