package store_test

import (
	"fmt"
	"testing"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// TestPagesJoinWithoutASeam: rows come in order, each once, wherever a page ends, and
// beside each other in one snapshot.
func TestPagesJoinWithoutASeam(t *testing.T) {
	t.Parallel()
	const payments, perPayment = 1100, 3 // more than a page of each
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		var rows store.Rows
		for i := range payments {
			id := fmt.Sprintf("pay_%05d", i)
			if i%5 == 0 {
				rows.Payments = append(rows.Payments, openPayment(id))
				continue
			}
			rows.Payments = append(rows.Payments, samplePayment(id))
			quote := sampleQuote("quo_of_" + id)
			quote.Payment = id
			rows.Quotes = append(rows.Quotes, quote)
			for j := range perPayment {
				rows.Movements = append(rows.Movements, sampleMovement(fmt.Sprintf("mov_%05d_%d", payments-i, j), id))
			}
		}
		write(t, s, rows)
		err := s.Snapshot(t.Context(), func(r *store.Reader) error {
			var got store.Rows
			for p, err := range r.EachPayment(t.Context()) {
				if err != nil {
					return err
				}
				if got.Payments = append(got.Payments, p); len(got.Payments) == 1 {
					got.Quotes = all[fx.Quote](t, r.EachUsedQuote(t.Context()))
					got.Movements = all[payment.Movement](t, r.EachMovement(t.Context()))
				}
			}
			wantSame(t, "payments", rows.Payments, got.Payments)
			wantSame(t, "quotes", rows.Quotes, got.Quotes)
			wantSame(t, "movements", rows.Movements, got.Movements)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
