package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

func TestDueIsWhatWaitsLongest(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		var rows store.Rows
		for i, wake := range []int{30, 10, 20, 0, 10} { // Zero: never.
			p := samplePayment(fmt.Sprintf("pay_%d", i))
			p.Quote = ""
			if i%2 == 1 {
				p = openPayment(p.ID)
				p.Quote = ""
			}
			p.Deadline, p.Task = time.Time{}, payment.Task{}
			if wake > 0 {
				p.Deadline = at(wake)
			}
			m := sampleMovement(fmt.Sprintf("mov_%d", i), "pay_0")
			m.Task = payment.Task{}
			if wake > 0 {
				m.Task = payment.Task{Call: payment.CallRefund, Due: at(0), LeasedUntil: at(wake)}
			}
			o := sampleOrder(fmt.Sprintf("ord_%d", i))
			if wake > 0 {
				o.State, o.Payment, o.ExpiresAt = payment.OrderOpen, "", at(wake)
			}
			rows.Payments, rows.Movements, rows.Orders = append(rows.Payments, p), append(rows.Movements, m), append(rows.Orders, o)
		}
		write(t, s, rows)
		cases := []struct {
			name  string
			now   time.Time
			limit int
			want  string
		}{
			{"before all", at(10).Add(-time.Microsecond), 9, "[] [] []"},
			{"the first two", at(10), 9, "[pay_1 pay_4] [mov_1 mov_4] [ord_1 ord_4]"},
			{"all", at(30), 9, "[pay_1 pay_4 pay_2 pay_0] [mov_1 mov_4 mov_2 mov_0] [ord_1 ord_4 ord_2 ord_0]"},
			{"no more than the limit", at(30), 1, "[pay_1] [mov_1] [ord_1]"},
		}
		tx := begin(t, s)
		for _, c := range cases {
			payments, movements, orders, err := tx.Due(t.Context(), c.now, c.limit)
			if got := fmt.Sprint(payments, movements, orders); err != nil || got != c.want {
				t.Errorf("%s: %s, want %s, %v", c.name, got, c.want, err)
			}
		}
		tx.Rollback()
		wantNextDue(t, s, at(10))
		wantNextWake(t, s, at(10))
	})
}

// wantNextDue compares what is due next; the zero time stands for nothing.
func wantNextDue(t *testing.T, s *store.Store, want time.Time) {
	t.Helper()
	got, found, err := s.Read().NextDue(t.Context())
	if err != nil || !got.Equal(want) || found == want.IsZero() {
		t.Errorf("next due at %v (%t), want %v, %v", got, found, want, err)
	}
}

// wantNextWake does the same with what the clock wakes.
func wantNextWake(t *testing.T, s *store.Store, want time.Time) {
	t.Helper()
	got, found, err := s.Read().NextWake(t.Context())
	if err != nil || !got.Equal(want) || found == want.IsZero() {
		t.Errorf("next wake at %v (%t), want %v, %v", got, found, want, err)
	}
}

func TestNothingIsDueInAnEmptyStore(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		wantNextDue(t, s, time.Time{})
	})
}

func TestSubscriptionsAreDueWhenThereIsSomethingToHear(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		waiting := store.Subscription{
			Participant: "waiting", Next: store.Cursor{Height: 1, Index: 1}, Failures: 2, Due: at(20), FailingFrom: at(5), Fence: 3, LeasedUntil: at(10),
		}
		wantComplete(t, waiting, "Next.Partition")
		leased := store.Subscription{Participant: "leased", Next: store.Cursor{Height: 1}, Due: at(1), LeasedUntil: at(40)}
		heard := store.Subscription{Participant: "heard", Next: store.Cursor{Height: 2}, Due: at(1)}
		write(t, s, store.Rows{Subscriptions: []store.Subscription{waiting, leased, heard}})
		wantSame(t, "subscriptions", []store.Subscription{heard, leased, waiting}, mustRead(t, s.Read().Subscriptions))
		wantNextDue(t, s, time.Time{})
		journal(t, s, "something")
		wantNextDue(t, s, at(20))
		write(t, s, store.Rows{Subscriptions: []store.Subscription{{Participant: "new"}}})
		cases := []struct {
			now   time.Time
			limit int
			want  string
		}{
			{at(19), 9, "[new]"}, {at(20), 9, "[new waiting]"}, {at(40), 9, "[new leased waiting]"}, {at(40), 2, "[new leased]"},
		}
		tx := begin(t, s)
		for _, c := range cases {
			due, err := tx.DueSubscriptions(t.Context(), c.now, c.limit)
			names := make([]string, len(due))
			for i, subscription := range due {
				names[i] = subscription.Participant
			}
			if got := fmt.Sprint(names); err != nil || got != c.want {
				t.Errorf("at %v: %s, want %s, %v", c.now, got, c.want, err)
			}
		}
		tx.Rollback()
		wantNextDue(t, s, time.UnixMicro(0))
		wantNextWake(t, s, time.Time{})
	})
}

func TestDeliveriesOfASubjectKeepTheirOrder(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		delivery := func(height int64, index int, subject string, due int) store.Delivery {
			place := store.Cursor{Height: height, Index: index}
			return store.Delivery{Participant: "nets", Place: place, Subject: subject, Tries: 1, Due: at(due), Since: at(1)}
		}
		parked := delivery(1, 0, "pay_1", 5)
		parked.Parked = true
		wantComplete(t, parked, "Place.Partition", "Place.Index")
		first, second, other := delivery(1, 1, "pay_1", 30), delivery(2, 0, "pay_1", 10), delivery(3, 0, "pay_2", 20)
		elsewhere := delivery(4, 0, "pay_1", 25)
		elsewhere.Participant = "vipps"
		write(t, s, store.Rows{Deliveries: []store.Delivery{second, first, parked, other, elsewhere}})

		due := func(now time.Time, limit int) []store.Delivery {
			t.Helper()
			tx := begin(t, s)
			defer tx.Rollback()
			found, err := tx.DueDeliveries(t.Context(), now, limit)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		wantSame(t, "due early", []store.Delivery{other, elsewhere}, due(at(29), 9))
		wantSame(t, "due", []store.Delivery{other, elsewhere, first}, due(at(30), 9))
		wantSame(t, "no more than the limit", []store.Delivery{other}, due(at(30), 1))
		wantNextDue(t, s, at(20))

		write(t, s, store.Rows{Delivered: []store.Delivery{first, other}})
		wantSame(t, "due once the first has arrived", []store.Delivery{second, elsewhere}, due(at(30), 9))
		ofNets := func(parkedOnly bool) []store.Delivery {
			t.Helper()
			found, err := s.Read().Deliveries(t.Context(), "nets", parkedOnly)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		wantSame(t, "all of nets", []store.Delivery{parked, second}, ofNets(false))
		wantSame(t, "parked", []store.Delivery{parked}, ofNets(true))
		waiting, err := s.Read().Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "waiting", []store.Delivery{second, elsewhere}, waiting)
	})
}

// TestForgetTakesTheOldestFirst and never more than it is asked to.
func TestForgetTakesTheOldestFirst(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s := openMigrated(t, dsn)
		minute := at(2).Unix() / 60
		var rows store.Rows
		var asked store.Keys
		for i, value := range []string{"a", "b", "c", "d", "e"} { // Three of them in one second.
			rows.Nonces = append(rows.Nonces, store.Nonce{KeyID: "nets#1", Value: value, At: at(max(0, i-2))})
			rows.Misses = append(rows.Misses, store.Miss{Key: store.MissKey{Scope: value, Minute: minute - 4 + int64(i)}, Count: 5})
		}
		for _, miss := range rows.Misses {
			asked.Misses = append(asked.Misses, miss.Key)
		}
		asked.Nonces = rows.Nonces
		write(t, s, rows)
		for _, step := range []struct {
			left int
			more bool
		}{{3, true}, {1, true}, {1, false}, {1, false}} {
			tx := begin(t, s)
			more, err := tx.Forget(t.Context(), at(2), 2)
			if err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			from := len(rows.Nonces) - step.left
			wantSame(t, "left", store.Rows{Nonces: rows.Nonces[from:], Misses: rows.Misses[from:]}, read(t, open(t, dsn), asked))
			if more != step.more {
				t.Errorf("with %d left: want more %t, got %t", step.left, step.more, more)
			}
		}
	})
}
