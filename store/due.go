package store

import (
	"context"
	"time"
)

// An id is the first column of a row.
type id struct{ id string }

func idColumns(b *binding, i *id) {
	text(b, "id", &i.id)
}

var (
	paymentIDs = &table[id]{name: "payments", columns: idColumns} // with an outcome
	waitingIDs = &table[id]{
		name:    "(SELECT id, wake_at FROM open_payments UNION ALL SELECT id, wake_at FROM payments) AS waiting",
		columns: idColumns,
	}
	movementIDs = &table[id]{name: "movements", columns: idColumns}
	orderIDs    = &table[id]{name: "orders", columns: idColumns}
)

// atMostSecond limits rows to the second parameter. SQLite plans a statement
// anew for each number that it gets after LIMIT, but does not look into a cast.
const atMostSecond = " LIMIT CAST($2 AS BIGINT)"

// Due returns the ids of payments, movements and orders that must be looked at
// by now, at most limit of each, those that wait longest first.
func (t *Tx) Due(ctx context.Context, now time.Time, limit int) (payments, movements, orders []string, err error) {
	defer t.heed(&err)
	if payments, err = t.dueOf(ctx, waitingIDs, now, limit); err != nil {
		return nil, nil, nil, err
	}
	if movements, err = t.dueOf(ctx, movementIDs, now, limit); err != nil {
		return nil, nil, nil, err
	}
	if orders, err = t.dueOf(ctx, orderIDs, now, limit); err != nil {
		return nil, nil, nil, err
	}
	return payments, movements, orders, nil
}

func (t *Tx) dueOf(ctx context.Context, of *table[id], now time.Time, limit int) ([]string, error) {
	var due []string
	rows := of.each(ctx, t.session, "WHERE wake_at <= $1 ORDER BY wake_at, id"+atMostSecond, now.UnixMicro(), int64(limit))
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		due = append(due, row.id)
	}
	return due, nil
}

// Of these, the smallest is when the first of all that waits is due.
const (
	wakes = "SELECT MIN(wake_at) AS at FROM open_payments WHERE wake_at IS NOT NULL" +
		" UNION ALL SELECT MIN(wake_at) FROM payments WHERE wake_at IS NOT NULL" +
		" UNION ALL SELECT MIN(wake_at) FROM movements WHERE wake_at IS NOT NULL" +
		" UNION ALL SELECT MIN(wake_at) FROM orders WHERE wake_at IS NOT NULL"
	tellings = "SELECT MIN(due) FROM deliveries WHERE due IS NOT NULL AND " + foremost +
		" UNION ALL SELECT MIN(CASE WHEN COALESCE(leased_until, 0) > COALESCE(due, 0) THEN leased_until ELSE COALESCE(due, 0) END)" +
		" FROM subscriptions WHERE " + unheard
)

var (
	nextWake = &table[time.Time]{name: "(" + wakes + ") AS waiting", columns: dueColumns}
	nextDue  = &table[time.Time]{name: "(" + wakes + " UNION ALL " + tellings + ") AS waiting", columns: dueColumns}
)

func dueColumns(b *binding, at *time.Time) { moment(b, "MIN(at)", at) }

// NextWake returns when the next payment, movement or order will be due, and false
// if none ever will. It lies in the past if one is due now.
func (r *Reader) NextWake(ctx context.Context) (time.Time, bool, error) {
	at, err := one(nextWake.each(ctx, r, ""))
	return at, !at.IsZero(), err
}

// NextDue returns the same with the subscriptions and deliveries among them.
func (r *Reader) NextDue(ctx context.Context) (time.Time, bool, error) {
	at, err := one(nextDue.each(ctx, r, ""))
	return at, !at.IsZero(), err
}
