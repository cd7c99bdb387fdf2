package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// mustRead returns what one read of a reader returns.
func mustRead[T any](t testing.TB, read func(context.Context) (T, error)) T {
	t.Helper()
	got, err := read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSingleRows(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		rows := sampleRows()
		rows.Merchants = []merchant.Merchant{sampleMerchant()}
		r := s.Read()
		cases := []struct {
			name string
			read func(id string) (any, error)
			id   string
			want any
		}{
			{"payment", func(id string) (any, error) { return r.Payment(t.Context(), id) }, "pay_1", rows.Payments[0]},
			{"movement", func(id string) (any, error) { return r.Movement(t.Context(), id) }, "ref_1", rows.Movements[0]},
			{"order", func(id string) (any, error) { return r.Order(t.Context(), id) }, "ord_1", rows.Orders[0]},
			{"quote", func(id string) (any, error) { return r.Quote(t.Context(), id) }, "quo_1", rows.Quotes[0]},
			{"store", func(id string) (any, error) { return r.Store(t.Context(), id) }, "bergen-cafe", rows.Stores[0]},
			{"terminal", func(id string) (any, error) { return r.Terminal(t.Context(), id) }, "till-1", rows.Terminals[0]},
			{"store code", func(id string) (any, error) { return r.StoreCode(t.Context(), id) }, "470001", rows.StoreCodes[0]},
			{"request", func(id string) (any, error) {
				return r.Request(t.Context(), store.RequestKey{Participant: "nets", Operation: "pay", ID: id})
			}, "request-1", rows.Requests[0]},
		}
		for _, c := range cases {
			if _, err := c.read(c.id); !isNotFound(err) {
				t.Errorf("%s that is not there: %v", c.name, err)
			}
		}
		write(t, s, rows)
		for _, c := range cases {
			got, err := c.read(c.id)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			wantSame(t, c.name, c.want, got)
		}
	})
}

func isNotFound(err error) bool {
	reason, ok := hansa.ReasonOf(err)
	return ok && reason == hansa.NotFound
}

func TestLists(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		rows := sampleRows()
		rows.Merchants = []merchant.Merchant{sampleMerchant()}
		oslo := sampleStore("aker-brygge")
		helsinki := sampleStore("esplanadi")
		helsinki.Country = "FI"
		rows.Stores = append(rows.Stores, oslo, helsinki)
		write(t, s, rows)
		ctx, r := t.Context(), s.Read()
		stores := func(country, after string, limit int) string {
			found, err := r.Stores(ctx, country, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			ids := make([]string, len(found))
			for i, one := range found {
				ids[i] = one.ID
			}
			return fmt.Sprint(ids)
		}
		cases := []struct{ got, want string }{
			{stores("", "", 9), "[aker-brygge bergen-cafe esplanadi]"},
			{stores("", "aker-brygge", 1), "[bergen-cafe]"},
			{stores("FI", "", 9), "[esplanadi]"},
			{stores("NO", "aker-brygge", 9), "[bergen-cafe]"},
			{stores("SE", "", 9), "[]"},
		}
		for i, c := range cases {
			if c.got != c.want {
				t.Errorf("stores %d: %s, want %s", i, c.got, c.want)
			}
		}
		issued, err := r.StoreCodesOf(ctx, "bergen-cafe")
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "codes of a store", rows.StoreCodes, issued)
		moved, err := r.Movements(ctx, "pay_1")
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "movements", rows.Movements, moved)
		wantSame(t, "positions", rows.Positions, mustRead(t, r.Positions))
		wantSame(t, "each payment", rows.Payments, all(t, r.EachPayment(ctx)))
		wantSame(t, "each movement", rows.Movements, all(t, r.EachMovement(ctx)))
		wantSame(t, "each order", rows.Orders, all(t, r.EachOrder(ctx)))
		wantSame(t, "each used quote", rows.Quotes, all(t, r.EachUsedQuote(ctx)))
		wantSame(t, "each code", rows.Codes, all(t, r.EachCode(ctx)))
		wantSame(t, "each request", rows.Requests, all(t, r.EachRequest(ctx)))
	})
}

func TestPaymentsByFilter(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		var rows store.Rows
		for i := range 6 {
			p := openPayment(fmt.Sprintf("pay_%d", i))
			if i >= 3 {
				p = samplePayment(p.ID)
			}
			p.Wallet = []string{"alipay", "vipps"}[i%2]
			p.Acquirer = []string{"nets", "nets", "vipps"}[i%3]
			rows.Payments, rows.Begun = append(rows.Payments, p), append(rows.Begun, p.ID)
		}
		rows.Payments[5].Payee.Store = "oslo-cafe"
		write(t, s, rows)
		cases := []struct {
			filter store.Filter
			want   string
		}{
			{store.Filter{Limit: 9}, "[pay_0 pay_1 pay_2 pay_3 pay_4 pay_5]"},
			{store.Filter{Limit: 2, After: "pay_1"}, "[pay_2 pay_3]"},
			{store.Filter{Limit: 9, Wallet: "vipps"}, "[pay_1 pay_3 pay_5]"},
			{store.Filter{Limit: 9, Acquirer: "nets"}, "[pay_0 pay_1 pay_3 pay_4]"},
			{store.Filter{Limit: 9, Store: "oslo-cafe"}, "[pay_5]"},
			{store.Filter{Limit: 9, Status: "pending"}, "[pay_0 pay_1 pay_2]"},
			{store.Filter{Limit: 9, Status: "approved"}, "[pay_3 pay_4 pay_5]"},
			{store.Filter{Limit: 9, Status: "expired"}, "[]"},
			{store.Filter{Limit: 1, Wallet: "alipay", Acquirer: "nets", Store: "bergen-cafe", Status: "approved", After: "pay_0"}, "[pay_4]"},
		}
		for _, c := range cases {
			found, err := s.Read().Payments(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			ids := make([]string, len(found))
			for i, p := range found {
				ids[i] = p.ID
			}
			if got := fmt.Sprint(ids); got != c.want {
				t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
			}
		}
	})
}

// TestIDsSortByBytes holds both databases to one order, whatever the language
// of the machine.
func TestIDsSortByBytes(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		var rows store.Rows
		for _, id := range []string{"a_b", "B", "a", "ä", "a-b", "Z", "_"} {
			p := openPayment(id)
			rows.Payments = append(rows.Payments, p)
		}
		write(t, s, rows)
		var got []string
		for _, p := range all(t, s.Read().EachPayment(t.Context())) {
			got = append(got, p.ID)
		}
		if want := "[B Z _ a a-b a_b ä]"; fmt.Sprint(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestASnapshotSeesOneMoment(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		journal(t, s, "one")
		enough := errors.New("enough")
		err := s.Snapshot(t.Context(), func(r *store.Reader) error {
			before := mustRead(t, r.Head)
			journal(t, s, "two")
			write(t, s, store.Rows{Payments: []payment.Payment{openPayment("pay_1")}})
			if after := mustRead(t, r.Head); after != before {
				t.Errorf("height %d, want %d", after.Height, before.Height)
			}
			if got := len(all(t, r.EachPayment(t.Context()))); got != 0 {
				t.Errorf("%d payments of later", got)
			}
			return enough
		})
		if !errors.Is(err, enough) {
			t.Errorf("%v", err)
		}
		if head := mustRead(t, s.Read().Head); head.Height != 2 {
			t.Errorf("height %d", head.Height)
		}
	})
}

func TestAnErasedPersonIsNobody(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		write(t, s, store.Rows{Persons: sampleRows().Persons})
		if err := s.PersonErase(t.Context(), "per_2"); !isNotFound(err) {
			t.Errorf("another: %v", err)
		}
		for range 2 {
			if err := s.PersonErase(t.Context(), "per_1"); err != nil {
				t.Fatal(err)
			}
		}
		want := []store.Person{{Reference: "per_1", Wallet: "alipay"}}
		wantSame(t, "person", want, read(t, s, store.Keys{Persons: []string{"per_1"}}).Persons)
	})
}
