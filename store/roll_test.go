package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A listing is what the lists of payments must say: all payments, by id.
type listing []payment.Payment

// begin adds payments that begin, nearly in the order of their ids, one of many long after.
func (l *listing) begin(draw *rand.Rand, count int) store.Rows {
	var rows store.Rows
	for range count {
		moment := len(*l)*10 + draw.IntN(40)
		if draw.IntN(50) == 0 {
			moment = draw.IntN(moment + 1)
		}
		p := openPayment(fmt.Sprintf("pay_%07d_%07d", moment, len(*l)))
		if draw.IntN(2) == 0 {
			p = samplePayment(p.ID)
		}
		p.Wallet = []string{"alipay", "vipps", "epassi"}[draw.IntN(40)/19]
		p.Acquirer = []string{"nets", "alipay"}[draw.IntN(2)] // One of them is a wallet as well.
		p.Payee.Store = fmt.Sprint("store-", draw.IntN(1+draw.IntN(200)))
		*l = append(*l, p)
		rows.Payments, rows.Begun = append(rows.Payments, p), append(rows.Begun, p.ID)
	}
	return rows
}

// page returns what a filter selects.
func (l *listing) page(f store.Filter) []string {
	var ids []string
	for _, p := range *l {
		if p.ID > f.After && (f.Wallet == "" || f.Wallet == p.Wallet) && (f.Acquirer == "" || f.Acquirer == p.Acquirer) &&
			(f.Store == "" || f.Store == p.Payee.Store) && (f.Status == "" || f.Status == p.Status()) {
			ids = append(ids, p.ID)
		}
	}
	slices.Sort(ids)
	return ids[:min(len(ids), f.Limit)]
}

// wantListed fails unless s lists what it must to whoever asks.
func wantListed(t *testing.T, s *store.Store, draw *rand.Rand, all *listing) {
	t.Helper()
	filters := []store.Filter{{Wallet: "alipay"}, {Acquirer: "alipay"}, {Wallet: "nets"}, {Store: "store-0"}, {Wallet: "epassi", Status: "approved"}}
	for range 8 {
		f := filters[draw.IntN(len(filters))]
		if draw.IntN(2) == 0 {
			f.Store = fmt.Sprint("store-", draw.IntN(201))
		}
		if f.Limit = 1 + draw.IntN(100); draw.IntN(3) > 0 {
			f.After = (*all)[draw.IntN(len(*all))].ID
		}
		found, err := s.Read().Payments(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range found {
			got = append(got, p.ID)
		}
		if want := all.page(f); !slices.Equal(got, want) {
			t.Fatalf("%+v of %d: %d payments %v, want %d %v", f, len(*all), len(got), got, len(want), want)
		}
	}
}

// wantEachListed fails unless every payment is in its lists, and in no other.
func wantEachListed(t *testing.T, s *store.Store, all *listing) {
	t.Helper()
	missing := make(map[store.Listed]bool)
	for _, p := range *all {
		for _, list := range store.ListsOf(p) {
			missing[list] = true
		}
	}
	for listed, err := range s.Read().EachListed(t.Context()) {
		if err != nil || !missing[listed] {
			t.Errorf("%+v is one too many, %v", listed, err)
		}
		delete(missing, listed)
	}
	if len(missing) > 0 {
		t.Errorf("%d payments are missing in their lists", len(missing))
	}
}

// TestPaymentsAreListedForTheirParties by two nodes that write runs of different sizes,
// by one that only reads, and after a start.
func TestPaymentsAreListedForTheirParties(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		one, other, idle := openMigrated(t, dsn), open(t, dsn), open(t, dsn)
		one.PaymentsOfRun(100)
		other.PaymentsOfRun(400)
		draw := rand.New(rand.NewPCG(4, 2))
		var all listing
		for i := range 40 {
			node := one
			if i%3 == 1 {
				node = other
			}
			write(t, node, all.begin(draw, 1+draw.IntN(80)))
			wantListed(t, node, draw, &all)
			if i%5 == 0 {
				wantListed(t, idle, draw, &all)
			}
		}
		wantListed(t, open(t, dsn), draw, &all)
		wantEachListed(t, one, &all)
		runs, err := one.Read().Ask(t.Context(), "SELECT COUNT(*) FROM payment_runs")
		if err != nil || runs < 5 {
			t.Errorf("there are %d runs, %v", runs, err)
		}
		left, err := one.Read().Ask(t.Context(), "SELECT COUNT(*) FROM new_payments")
		if err != nil || left > 100 {
			t.Errorf("%d rows are in no run, %v", left, err)
		}
	})
}

// TestAPaymentThatWasNotCommittedIsNotListed rolls back what makes a run, and loses an
// outcome.
func TestAPaymentThatWasNotCommittedIsNotListed(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		s.PaymentsOfRun(50)
		draw := rand.New(rand.NewPCG(4, 3))
		var all listing
		write(t, s, all.begin(draw, 60))
		for _, committed := range []bool{false, true} {
			wantListed(t, s, draw, &all)
			more := slices.Clone(all)
			tx := begin(t, s)
			if err := tx.Write(t.Context(), more.begin(draw, 60)); err != nil {
				t.Fatal(err)
			}
			if err := tx.Sever(committed); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err == nil {
				t.Fatal("the outcome is known")
			}
			if committed {
				all = more
			}
			write(t, s, all.begin(draw, 30))
		}
		wantListed(t, s, draw, &all)
	})
}

// TestAPaymentBeginsWithItsRow refuses one that has none.
func TestAPaymentBeginsWithItsRow(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		if err := tryWrite(t, s, store.Rows{Begun: []string{"pay_1"}}); err == nil {
			t.Error("a payment without a row has begun")
		}
	})
}
