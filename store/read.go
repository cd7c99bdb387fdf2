package store

import (
	"context"
	"errors"
	"slices"

	"github.com/hansa-network/hansa/payment"
)

// A step is one part of a larger read or write.
type step func(ctx context.Context, s *session) error

// take takes all steps.
func take(ctx context.Context, s *session, steps ...step) error {
	if err := start(ctx, s, steps...); err != nil {
		return err
	}
	return s.flush(ctx)
}

// start takes steps of which some may wait until others can go with them.
func start(ctx context.Context, s *session, steps ...step) error {
	for _, take := range steps {
		if err := take(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// into returns what takes the rows that were found to a list.
func into[R any](list *[]R) func([]R) error {
	return func(found []R) error { *list = found; return nil }
}

// reads returns the step that reads the rows of these keys into a list.
func reads[K comparable, R any](list *[]R, by lookup[K, R], keys []K) step {
	return func(ctx context.Context, s *session) error { return by.read(ctx, s, keys, into(list)) }
}

// recalls returns the step that reads the rows of these keys into a list, as far as
// they are not remembered.
func recalls[K comparable, R any](list *[]R, by lookup[K, R], known *remembered[K, R], keys []K) step {
	return func(ctx context.Context, s *session) error { return by.recall(ctx, s, known, keys, into(list)) }
}

// Read returns the rows of these keys as this transaction sees them, each kind
// in the order of its key. What is not there is left out.
func (t *Tx) Read(ctx context.Context, keys Keys) (rows Rows, err error) {
	defer t.heed(&err)
	return readAll(ctx, t.sight(), keys)
}

// A sight is what rows are found by: a session, what is known without it, and where the
// rows of natural keys stand.
type sight struct {
	session   *session
	known     *memory
	numbersOf func(context.Context, []fingerprint) ([]int64, error)
}

func (t *Tx) sight() sight { return sight{t.session, t.memory(), t.numbersOf} }

// readAll reads the rows of these keys, as far as they are not known.
func readAll(ctx context.Context, from sight, keys Keys) (rows Rows, err error) {
	known := from.known
	err = take(ctx, from.session,
		finds(from, &rows.Requests, requestsByKey, keys.Requests),
		reads(&rows.Nonces, noncesByKey, keys.Nonces),
		recollects(from, &rows.Codes, codesByCode, &known.codes, keys.Codes),
		recollects(from, &rows.Persons, personsByReference, &known.persons, keys.Persons),
		recollects(from, &rows.References, referencesByKey, &known.references, keys.References),
		readsPayments(&rows, known, keys),
		recalls(&rows.Orders, ordersByID, &known.orders, keys.Orders),
		recalls(&rows.Quotes, quotesByID, &known.quotes, keys.Quotes),
		recalls(&rows.Positions, positionsByKey, &known.positions, keys.Positions),
		recalls(&rows.Stores, storesByID, &known.stores, keys.Stores),
		recalls(&rows.Terminals, terminalsByID, &known.terminals, keys.Terminals),
		recalls(&rows.StoreCodes, storeCodesByCode, &known.storeCodes, keys.StoreCodes),
		recalls(&rows.Misses, missesByKey, &known.misses, keys.Misses),
		reads(&rows.Ranges, codeRangesByAcquirer, keys.Ranges),
		recalls(&rows.Subscriptions, subscriptionsByParticipant, &known.subscriptions, keys.Subscriptions),
	)
	return rows, err
}

// readsPayments returns the step that reads payments, those of single movements
// among them, each with all its movements, oldest first.
func readsPayments(rows *Rows, known *memory, keys Keys) step {
	return func(ctx context.Context, s *session) error {
		wanted := slices.Clone(keys.Payments)
		if len(keys.Movements) > 0 {
			err := movementsByID.read(ctx, s, keys.Movements, func(named []payment.Movement) error {
				for _, movement := range named {
					wanted = append(wanted, movement.Payment)
				}
				return nil
			})
			if err = errors.Join(err, s.flush(ctx)); err != nil {
				return err
			}
		}
		if err := paymentsByID.recall(ctx, s, &known.payments, wanted, into(&rows.Payments)); err != nil {
			return err
		}
		return movementsByPayment.recall(ctx, s, &known.movements, wanted, into(&rows.Movements))
	}
}
