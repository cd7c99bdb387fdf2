package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	driver "modernc.org/sqlite"
)

// sqliteReadersMax is how many connections read at a time, one of them ahead of the writer.
const sqliteReadersMax = 5

// sqliteVersionMin is the first version of SQLite in which two connections that
// write and checkpoint at once cannot damage the file.
var sqliteVersionMin = [...]int{3, 51, 3}

// sqlitePragmas are set on every connection.
var sqlitePragmas = []string{
	"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "recursive_triggers(1)",
	"trusted_schema(0)", "mmap_size(0)", "cell_size_check(1)", "wal_autocheckpoint(4000)", "secure_delete(FAST)",
	"cache_size(-32000)", "temp_store(MEMORY)",
}

var sqliteSettings = []setting{
	{"PRAGMA synchronous", []string{"2"}, "a commit could be lost with the power"},
	{"PRAGMA journal_mode", []string{"wal"}, "readers would stop the writer"},
	{"PRAGMA foreign_keys", []string{"1"}, "rows could refer to nothing"},
	{"PRAGMA recursive_triggers", []string{"1"}, "what is append only could be replaced"},
	{"PRAGMA trusted_schema", []string{"0"}, "the file could bring functions of its own"},
	{"PRAGMA mmap_size", []string{"0", ""}, "a stray write could damage the file"},
	{"PRAGMA cell_size_check", []string{"1"}, "damage would be found late"},
	{"PRAGMA busy_timeout", []string{"5000"}, "writers would not take turns"},
}

// sqlite is the dialect of a database in a file.
func sqlite(path string) (dialect, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return dialect{}, fmt.Errorf("open %s: %w", path, err)
	}
	return dialect{
		name: "sqlite", driver: "modernc.org/sqlite", begin: []string{"BEGIN IMMEDIATE"}, snapshot: "BEGIN", patient: true,
		hasSchema: "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_version'",
		size:      "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
		types:     strings.NewReplacer(),
		bulk:      unnumbered,
		open:      func() (*connections, error) { return openSQLite(path) },
		check:     checkSQLite,
		verify:    verifySQLite,
		commit: func(connection *sql.Conn) error {
			_, err := connection.ExecContext(context.Background(), "COMMIT")
			return err
		},
		isLost:   func(error) bool { return false },
		isBroken: isBrokenSQLite,
	}, nil
}

func openSQLite(path string) (*connections, error) {
	if err := onThisMachine(filepath.Dir(path)); err != nil {
		return nil, err
	}
	// The file holds what belongs to persons: only its owner may read it.
	const ownerOnly = 0o600
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, ownerOnly)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	writer, err := sqlitePool(path, sqlitePragmas)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	readers, err := sqlitePool(path, append(slices.Clip(sqlitePragmas), "query_only(1)"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers.SetMaxOpenConns(sqliteReadersMax)
	readers.SetMaxIdleConns(sqliteReadersMax)
	return &connections{writer: writer, readers: newKeeper(readers)}, nil
}

func sqlitePool(path string, pragmas []string) (*sql.DB, error) {
	// Without double-quoted strings a misspelt column is an error.
	query := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}, "_dqs": {"0"}}
	address := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	return sql.Open("sqlite", address.String())
}

// unnumbered returns the text with "?" for "$1", "$2" and so on. SQLite takes
// these for names, and looks for each of a thousand among a thousand.
func unnumbered(text string) string {
	return numberedParameter.ReplaceAllLiteralString(text, "?")
}

var numberedParameter = regexp.MustCompile(`\$[0-9]+`)

func checkSQLite(ctx context.Context, connection *sql.Conn) error {
	var version string
	if err := connection.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if isOlder(version) {
		return fmt.Errorf("SQLite %s can damage its file", version)
	}
	return checkSettings(ctx, connection, sqliteSettings)
}

func isOlder(version string) bool {
	parts := strings.Split(version, ".")
	for i, wanted := range sqliteVersionMin {
		part := 0
		if i < len(parts) {
			part, _ = strconv.Atoi(parts[i]) // What is no number is older than any.
		}
		if part != wanted {
			return part < wanted
		}
	}
	return false
}

// verifySQLite makes sure that the file is whole, and then moves what the log
// holds into it. After a failed write to the disk the log may be whole in memory
// only: nothing may be added to it that a loss of power would take with it.
func verifySQLite(ctx context.Context, connection *sql.Conn) error {
	var found string
	if err := connection.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the file is damaged: %s", found)
	}
	var busy, pages, moved int64
	if err := connection.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("a reader keeps the log from being moved into the file")
	}
	return nil
}

// isBrokenSQLite reports whether the disk, or the file on it, has failed.
func isBrokenSQLite(err error) bool {
	failed, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return false
	}
	const (
		primary                                     = 0xff
		disk, corrupt, cannotOpen, protocol, noFile = 10, 11, 14, 15, 26
	)
	switch failed.Code() & primary {
	case disk, corrupt, cannotOpen, protocol, noFile:
		return true
	}
	return false
}
