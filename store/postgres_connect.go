package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// errNoCancel is what a request to cancel fails with before it is sent.
var errNoCancel = errors.New("nothing is cancelled on a connection that commits")

var errNotReplicated = errors.New("what this server shows may not have reached the standby")

// How long a transaction may do nothing before the server rolls it back. It never
// touches a commit, nor a statement that is running.
const (
	idleTimeout = "idle_in_transaction_session_timeout"
	idleMax     = "5s"
)

func openPostgres(config *pgx.ConnConfig, warned *atomic.Bool) *connections {
	// Plans that were made while the tables were empty would read them whole for
	// ever. Each of our statements has an index that it must use, and none is worth to
	// be compiled.
	config.RuntimeParams["enable_seqscan"] = "off"
	config.RuntimeParams["jit"] = "off"
	writing := config.Copy()
	// What is written is done in one way whatever the values are: one plan is enough.
	writing.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	// A node that stops in the middle of a transaction would hold up all others.
	if _, given := writing.RuntimeParams[idleTimeout]; !given {
		writing.RuntimeParams[idleTimeout] = idleMax
	}
	writing.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { noteWarning(warned, notice) }
	writer := stdlib.OpenDB(*writing, stdlib.OptionBeforeConnect(neverCancel))
	writer.SetMaxOpenConns(1)
	reading := config.Copy()
	reading.RuntimeParams["default_transaction_read_only"] = "on"
	readers := stdlib.OpenDB(*reading, stdlib.OptionBeforeConnect(showOnlyReplicated))
	readers.SetMaxOpenConns(postgresReadersMax)
	readers.SetMaxIdleConns(postgresReadersMax)
	return &connections{writer: writer, readers: newKeeper(readers)}
}

func noteWarning(warned *atomic.Bool, notice *pgconn.Notice) {
	if notice.SeverityUnlocalized == "WARNING" {
		warned.Store(true)
	}
}

// neverCancel keeps the driver from asking the server to cancel what runs on a
// connection, as it does by itself when the connection breaks. A commit that
// waits for its standby would be seen by everybody from then on, and might still
// be lost with its server.
func neverCancel(_ context.Context, config *pgx.ConnConfig) error {
	connected, dial := new(atomic.Bool), config.DialFunc
	config.AfterConnect = func(context.Context, *pgconn.PgConn) error {
		connected.Store(true)
		return nil
	}
	// The driver dials again on behalf of a connection only to cancel.
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if connected.Load() {
			return nil, errNoCancel
		}
		return dial(ctx, network, address)
	}
	return nil
}

// showOnlyReplicated lets a connection be used once everything that it can see has
// reached the standby. A server that has crashed, or has just become the primary,
// shows commits that nobody but it may have. A small commit of our own that the
// standby has acknowledged proves that it has all those before it; what comes later
// is not shown before it is safe.
func showOnlyReplicated(_ context.Context, config *pgx.ConnConfig) error {
	warned := new(atomic.Bool)
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { noteWarning(warned, notice) }
	config.AfterConnect = func(ctx context.Context, connection *pgconn.PgConn) error {
		ctx, cancel := context.WithTimeout(ctx, connectWithin)
		defer cancel()
		_, err := connection.Exec(ctx, "SELECT pg_logical_emit_message(true, 'hansa', '')").ReadAll()
		if err == nil && warned.Load() {
			err = errNotReplicated
		}
		return err
	}
	return nil
}

// isLostPostgres reports whether an error says that there is no server to ask for
// now: it is gone, it is going, or it has not come yet (SQLSTATE classes 08 and
// 57P, and too many connections).
func isLostPostgres(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if answered, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(answered.Code, "08") || strings.HasPrefix(answered.Code, "57P") || answered.Code == "53300"
	}
	lost := []error{errNotReplicated, driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF}
	return slices.ContainsFunc(lost, func(known error) bool { return errors.Is(err, known) })
}
