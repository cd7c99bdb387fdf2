package store

import (
	"context"
	"slices"
)

// A step is one part of a larger read or write.
type step func(ctx context.Context, s *session) error

func (t *Tx) take(ctx context.Context, steps ...step) error {
	for _, take := range steps {
		if err := take(ctx, t.session); err != nil {
			return err
		}
	}
	return nil
}

// reads returns the step that reads the rows of these keys into a list.
func reads[K comparable, R any](into *[]R, by lookup[K, R], keys []K) step {
	return func(ctx context.Context, s *session) (err error) {
		*into, err = by.read(ctx, s, keys)
		return err
	}
}

// Read returns the rows of these keys as this transaction sees them, each kind
// in the order of its key. What is not there is left out.
func (t *Tx) Read(ctx context.Context, keys Keys) (rows Rows, err error) {
	defer t.heed(&err)
	err = t.take(ctx,
		readsRequests(&rows.Requests, keys.Requests),
		reads(&rows.Nonces, noncesByKey, keys.Nonces),
		reads(&rows.Codes, codesByCode, keys.Codes),
		reads(&rows.Persons, personsByReference, keys.Persons),
		reads(&rows.References, referencesByKey, keys.References),
		readsPayments(&rows, keys),
		reads(&rows.Orders, ordersByID, keys.Orders),
		reads(&rows.Quotes, quotesByID, keys.Quotes),
		reads(&rows.Positions, positionsByKey, keys.Positions),
		reads(&rows.Stores, storesByID, keys.Stores),
		reads(&rows.Terminals, terminalsByID, keys.Terminals),
		reads(&rows.StoreCodes, storeCodesByCode, keys.StoreCodes),
		reads(&rows.Misses, missesByKey, keys.Misses),
		reads(&rows.Ranges, codeRangesByAcquirer, keys.Ranges),
	)
	return rows, err
}

// readsPayments returns the step that reads payments, those of single movements
// among them, each with all its movements, oldest first.
func readsPayments(rows *Rows, keys Keys) step {
	return func(ctx context.Context, s *session) error {
		wanted := slices.Clone(keys.Payments)
		named, err := movementsByID.read(ctx, s, keys.Movements)
		if err != nil {
			return err
		}
		for _, movement := range named {
			wanted = append(wanted, movement.Payment)
		}
		if rows.Payments, err = paymentsByID.read(ctx, s, wanted); err != nil {
			return err
		}
		rows.Movements, err = movementsByPayment.read(ctx, s, wanted)
		return err
	}
}
