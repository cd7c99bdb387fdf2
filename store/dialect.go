package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A dialect is what the two databases do not have in common.
type dialect struct {
	name       string   // of the schema's own files
	driver     string   // as people know it
	size       string   // counts the bytes on the disk
	logged     string   // counts the bytes of the server's log; empty: there is none
	begin      []string // begins a transaction that writes
	snapshot   string   // begins one that reads and sees one moment
	patient    bool     // a transaction that has begun waits for nobody
	queues     bool     // what is said to it takes time on the way: statements wait for others
	lockClause string   // takes a row for itself
	lockSchema string   // lets one migration at a time go on; empty: begin does
	lockTables string   // lets nobody be in the middle of a commit; empty: begin does
	hasSchema  string   // counts the tables that hold the version of the schema
	types      *strings.Replacer
	bulk       func(string) string // the form of a statement about many rows, whose parameters are in order

	open     func() (*connections, error)
	check    func(context.Context, *sql.Conn) error // of the settings, by reading them back
	verify   func(context.Context, *sql.Conn) error // after something has failed
	commit   func(*sql.Conn) error
	isBroken func(error) bool // whether an error casts doubt on more than its transaction
	isLost   func(error) bool // whether an error says that the server cannot be reached for now
}

// A setting must have one of these values.
type setting struct {
	query  string
	values []string
	why    string
}

func checkSettings(ctx context.Context, connection *sql.Conn, settings []setting) error {
	for _, wanted := range settings {
		var value string
		err := connection.QueryRowContext(ctx, wanted.query).Scan(&value)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%s: %w", wanted.query, err)
		}
		if !slices.Contains(wanted.values, value) {
			return fmt.Errorf("%s is %q and not %s: %s", wanted.query, value, strings.Join(wanted.values, " or "), wanted.why)
		}
	}
	return nil
}
