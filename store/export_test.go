package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Execute runs any statement in the transaction.
func (t *Tx) Execute(ctx context.Context, text string, arguments ...any) (err error) {
	defer t.heed(&err)
	t.strange = true
	_, err = t.session.run(ctx, text, arguments...)
	return err
}

// OpenNext opens a database with a program of the next release, whose schema has one
// more file. oldest is the version that programs must know to go on after it.
func OpenNext(ctx context.Context, dsn, file string, oldest int) (*Store, error) {
	known := ownSchema()
	known.files = withNext{known.files, file}
	known.migrations = append(known.migrations, migration{shared: "next.sql", oldest: oldest})
	return openKnowing(ctx, dsn, known)
}

// A withNext are the files of a schema and the next one.
type withNext struct {
	fs.FS
	next string
}

// ReadFile implements fs.ReadFileFS.
func (w withNext) ReadFile(name string) ([]byte, error) {
	if name == "schema/next.sql" {
		return []byte(w.next), nil
	}
	return fs.ReadFile(w.FS, name)
}

// OpenEarlier opens a database with a program that knows so many files only.
func OpenEarlier(ctx context.Context, dsn string, files int) (*Store, error) {
	known := ownSchema()
	known.migrations = known.migrations[:files]
	return openKnowing(ctx, dsn, known)
}

// Versions returns the first version of the schema that was released, and the newest.
func Versions() (first, newest int) { return ownSchema().first, ownSchema().version() }

// Oldest returns the version that programs must know after each file.
func Oldest() []int {
	var all []int
	for _, m := range ownSchema().migrations {
		all = append(all, m.oldest)
	}
	return all
}

// A Column is one of a table.
type Column struct {
	Table, Name, Type string
	Needed            bool // it may not be left out when a row is written
}

// Columns returns all columns of all tables.
func (t *Tx) Columns(ctx context.Context) ([]Column, error) {
	text := "SELECT table_name, column_name, data_type, is_nullable = 'NO' AND column_default IS NULL" +
		" FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2"
	if t.store.dialect.lockClause == "" {
		text = "SELECT m.name, c.name, c.type, c.\"notnull\" = 1 AND c.dflt_value IS NULL" +
			" FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' ORDER BY 1, 2"
	}
	rows, err := t.session.connection.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Column
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Table, &c.Name, &c.Type, &c.Needed); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Setting returns a setting of the connection of the transaction.
func (t *Tx) Setting(ctx context.Context, name string) (value string, err error) {
	err = t.session.connection.QueryRowContext(ctx, "SHOW "+name).Scan(&value)
	return value, err
}

// Tables returns the names of all tables of a PostgreSQL.
func (t *Tx) Tables(ctx context.Context) ([]string, error) {
	rows, err := t.session.connection.QueryContext(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// TablesWithRights are those of which a role may do something.
func TablesWithRights() map[string]bool {
	known := make(map[string]bool)
	for _, r := range rights() {
		known[r.table] = true
	}
	return known
}

// Ask reads a number with any statement.
func (r *Reader) Ask(ctx context.Context, text string) (number int64, err error) {
	readers, err := r.store.readers()
	if err != nil {
		return 0, err
	}
	return number, readers.pool.QueryRowContext(ctx, text).Scan(&number)
}

// Plans returns how SQLite would run what the hot path runs, by what it is.
func (t *Tx) Plans(ctx context.Context) (map[string][]string, error) {
	texts := map[string]string{
		"payments by id":       paymentsByID.selection(chunks[0]),
		"movements by payment": movementsByPayment.selection(chunks[0]),
		"references by key":    referencesByKey.byNumber().selection(chunks[0]),
		"positions by key":     positionsByKey.selection(chunks[0]),
		"nonces by key":        noncesByKey.selection(chunks[0]),
		"misses by key":        missesByKey.selection(chunks[0]),
		"requests by key":      requestsByKey.byNumber().selection(chunks[0]),
		"ranges by acquirer":   codeRangesByAcquirer.selection(chunks[0]),
		"payments due":         waitingIDs.selection("WHERE wake_at <= $1 ORDER BY wake_at, id LIMIT $2"),
		"open windows":         windows.selection("WHERE closed_at IS NULL ORDER BY currency"),
		"blocks from a height": blocks.selection("WHERE partition = $1 AND height >= $2 ORDER BY height LIMIT $3"),
		"stores of a country":  stores.selection("WHERE country = $1 AND id > $2 ORDER BY country, id LIMIT $3"),
		"nonces to forget":     "DELETE FROM nonces WHERE (signed_at, key_id, value) <= ($1, $2, $3)",
		"misses to forget":     "DELETE FROM misses WHERE (minute, scope) <= ($1, $2)",
		"payments of a page":   paymentPages.selection("WHERE place = $1"),
		"payments in no run":   newPayments.selection("WHERE number > $1 ORDER BY number"),
	}
	plans := make(map[string][]string)
	for name, text := range texts {
		arguments := make([]any, strings.Count(text, "$"))
		plan, err := t.plan(ctx, "EXPLAIN QUERY PLAN "+text, arguments)
		if err != nil {
			return nil, err
		}
		plans[name] = plan
	}
	return plans, nil
}

func (t *Tx) plan(ctx context.Context, text string, arguments []any) (plan []string, err error) {
	rows, err := t.session.connection.QueryContext(ctx, text, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number, parent, unused int
		var line string
		if err := rows.Scan(&number, &parent, &unused, &line); err != nil {
			return nil, err
		}
		plan = append(plan, line)
	}
	return plan, rows.Err()
}

// PostgresPlans returns how PostgreSQL runs what looks for many keys, by what it is.
func (t *Tx) PostgresPlans(ctx context.Context) (map[string]string, error) {
	plans := make(map[string]string)
	for name, text := range map[string]string{
		"payments by id":       lookupText(paymentsByID),
		"settled by id":        lookupText(settledByID),
		"movements by id":      lookupText(movementsByID),
		"movements by payment": lookupText(movementsByPayment),
		"orders by id":         lookupText(ordersByID),
		"quotes by id":         lookupText(quotesByID),
		"positions by key":     lookupText(positionsByKey),
		"nonces by key":        lookupText(noncesByKey),
		"misses by key":        lookupText(missesByKey),
		"stores by id":         lookupText(storesByID),
		"terminals by id":      lookupText(terminalsByID),
		"codes by code":        lookupText(storeCodesByCode),
		"ranges by acquirer":   lookupText(codeRangesByAcquirer),
		"removed by id":        openVersions.removalOf(),
	} {
		if _, err := t.session.connection.ExecContext(ctx, "PREPARE looking AS "+text); err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		nothing := strings.TrimPrefix(strings.Repeat(", NULL", strings.Count(text, "$")), ", ")
		plan, err := t.lines(ctx, "EXPLAIN EXECUTE looking ("+nothing+")")
		if err != nil {
			return nil, err
		}
		plans[name] = plan
		if _, err := t.session.connection.ExecContext(ctx, "DEALLOCATE looking"); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

func (t *Tx) lines(ctx context.Context, text string) (lines string, err error) {
	rows, err := t.session.connection.QueryContext(ctx, text, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return "", err
		}
		lines += line + "\n"
	}
	return lines, rows.Err()
}

func lookupText[K comparable, R any](l lookup[K, R]) string {
	return l.selectionOf(l.arrays(new(arrays), make([]K, 1)))
}

// Sever closes the connection under the transaction, as a failing network or
// machine does, before or after the database has done the commit.
func (t *Tx) Sever(committed bool) error {
	if err := t.close(); err != nil {
		return err
	}
	t.wrote = false
	if committed {
		if err := t.store.dialect.commit(t.session.connection); err != nil {
			return err
		}
	}
	t.session.discard()
	return nil
}

// Cancel asks PostgreSQL to stop what the connection of the transaction is doing.
func (t *Tx) Cancel(ctx context.Context) error {
	return t.session.connection.Raw(func(driver any) error {
		return driver.(*stdlib.Conn).Conn().PgConn().CancelRequest(ctx)
	})
}

// KeysOfRun lets so many keys of a shard make a run.
func (s *Store) KeysOfRun(count int) { s.catalogue.ofRun = count }

// PaymentsOfRun lets so many payments make a run.
func (s *Store) PaymentsOfRun(count int64) { s.rolls.ofRun = count }

// Passes reports how many of some numbered strangers pass a filter of so many keys, and
// how many of the keys themselves.
func Passes(keys, strangers int) (own, others int) {
	name := func(kind string, i int) fingerprint { return fingerprintOf(kind, strconv.Itoa(i)) }
	f := newFilter(keys)
	for i := range keys {
		f.add(name("key", i))
	}
	for i := range keys {
		if f.mayHold(name("key", i)) {
			own++
		}
	}
	for i := range strangers {
		if f.mayHold(name("stranger", i)) {
			others++
		}
	}
	return own, others
}

// CheckSQLite says what is wrong with the settings of a connection to SQLite.
func CheckSQLite(ctx context.Context, connection *sql.Conn) error {
	return checkSQLite(ctx, connection)
}

// IsOlder reports whether a version of SQLite is too old.
func IsOlder(version string) bool { return isOlder(version) }

// Body returns events as a block keeps them.
func Body(events []Event) ([]byte, error) { return new(press).body(events) }

// ReadBody returns the events that a block keeps.
func ReadBody(body []byte) ([]Event, error) { return readBody(body) }
