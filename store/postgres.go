package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	postgresReadersMax = 9               // connections that read at a time, one of them ahead of the writer
	connectWithin      = 3 * time.Second // to each server of the address
)

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
	// A machine that is gone does not even say no.
	config.ConnectTimeout = min(config.ConnectTimeout, connectWithin)
	// Of several servers only the primary will do. No replica decides anything, and
	// what is read there may have been on no other server yet.
	config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	// While a commit waits for the standby and is told not to, the server says so
	// in a warning, and nothing else: the commit itself seems to succeed.
	warned := new(atomic.Bool)
	return dialect{
		name: "postgres", driver: "github.com/jackc/pgx/v5",
		// Nodes queue for the row of the head. Whoever waits for a row alone is passed by
		// the one that has just changed it, again and again.
		begin:      []string{"BEGIN ISOLATION LEVEL READ COMMITTED", "SELECT pg_advisory_xact_lock(4218)"},
		snapshot:   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		size:       "SELECT pg_database_size(current_database())",
		logged:     "SELECT (pg_current_wal_insert_lsn() - '0/0')::BIGINT",
		queues:     true,
		lockClause: " FOR UPDATE",
		lockSchema: "SELECT pg_advisory_xact_lock(4217)",
		// Who reads for long is not waited for while everybody else waits for us.
		lockTables: "SELECT height FROM heads FOR UPDATE; SET LOCAL lock_timeout = '3s'",
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
		isLost:   isLostPostgres,
	}, nil
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
