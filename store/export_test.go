package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
)

// Execute runs any statement in the transaction.
func (t *Tx) Execute(ctx context.Context, text string, arguments ...any) (err error) {
	defer t.heed(&err)
	_, err = t.session.run(ctx, text, arguments...)
	return err
}

// Setting returns a setting of the connection of the transaction.
func (t *Tx) Setting(ctx context.Context, name string) (value string, err error) {
	err = t.session.connection.QueryRowContext(ctx, "SHOW "+name).Scan(&value)
	return value, err
}

// Plans returns how SQLite would run what the hot path runs, by what it is.
func (t *Tx) Plans(ctx context.Context) (map[string][]string, error) {
	texts := map[string]string{
		"payments by id":       paymentsByID.selection(chunks[0]),
		"movements by payment": movementsByPayment.selection(chunks[0]),
		"references by key":    referencesByKey.selection(chunks[0]),
		"positions by key":     positionsByKey.selection(chunks[0]),
		"nonces by key":        noncesByKey.selection(chunks[0]),
		"misses by key":        missesByKey.selection(chunks[0]),
		"requests by key":      requestsByKey.selection(chunks[0]),
		"ranges by acquirer":   codeRangesByAcquirer.selection(chunks[0]),
		"payments due":         paymentIDs.selection("WHERE wake_at <= $1 ORDER BY wake_at, id LIMIT $2"),
		"open windows":         windows.selection("WHERE closed_at IS NULL ORDER BY currency"),
		"events from a cursor": events.selection("WHERE partition = $1 AND (height, place) >= ($2, $3) ORDER BY partition, height, place LIMIT $4"),
		"stores of a country":  stores.selection("WHERE country = $1 AND id > $2 ORDER BY country, id LIMIT $3"),
		"payments of a wallet": payments.selection("WHERE id > $1 AND wallet = $2 ORDER BY id LIMIT $3"),
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

// Sever closes the connection under the transaction, as a failing network or
// machine does, before or after the database has done the commit.
func (t *Tx) Sever(committed bool) error {
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

// CheckSQLite says what is wrong with the settings of a connection to SQLite.
func CheckSQLite(ctx context.Context, connection *sql.Conn) error {
	return checkSQLite(ctx, connection)
}

// IsOlder reports whether a version of SQLite is too old.
func IsOlder(version string) bool { return isOlder(version) }
