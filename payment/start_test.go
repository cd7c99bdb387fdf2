package payment_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
)

// TestBeginRefuses tries to begin what may not begin. Nothing is reserved and
// nobody is asked.
func TestBeginRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		flow payment.Flow
		bend func(s *payment.Start)
		want hansa.Reason
	}{
		{"the wallet is suspended", "a", func(s *payment.Start) { s.Wallet.Suspended = true }, hansa.Suspended},
		{"the wallet is suspended as a wallet", "b", func(s *payment.Start) { s.Wallet.Roles[0].Suspended = true }, hansa.Suspended},
		{"the payer's provider is no wallet", "a", func(s *payment.Start) { s.Wallet.Roles = nil }, hansa.RoleMissing},
		{"the acquirer is suspended", "c", func(s *payment.Start) { s.Acquirer.Suspended = true }, hansa.Suspended},
		{"the payee's provider is no acquirer", "a", func(s *payment.Start) { s.Acquirer.Roles = nil }, hansa.RoleMissing},
		{"the store is suspended", "a", func(s *payment.Start) { s.Store.Suspended = true }, hansa.StoreClosed},
		{"nothing is to be paid", "a", func(s *payment.Start) { s.Terms.Order.Value = 0 }, hansa.InvalidAmount},
		{"the store takes another currency", "a", func(s *payment.Start) { s.Store.Currency = "SEK" }, hansa.CurrencyMismatch},
		{"the corridor is closed", "a", func(s *payment.Start) { s.Corridor.Closed = true }, hansa.MarketNotActive},
		{"the corridor has other modes", "b", func(s *payment.Start) { s.Corridor.Modes = []member.Mode{member.Static} }, hansa.MarketNotActive},
		{"the amount is over the limit of the store's currency", "a", func(s *payment.Start) {
			s.Corridor.Limits = []member.Limit{{Mode: member.ConsumerPresented, Currency: "NOK", Largest: 99_99}}
		}, hansa.AmountTooLarge},
		{"the amount is over the limit of the payer's currency", "a", func(s *payment.Start) {
			s.Corridor.Limits = []member.Limit{{Mode: member.ConsumerPresented, Currency: "CNY", Largest: 80_39}}
		}, hansa.AmountTooLarge},
		{"the order is held", "b", func(s *payment.Start) { s.Order.State = payment.OrderHeld }, hansa.OrderNotOpen},
		{"the order is paid", "c", func(s *payment.Start) { s.Order.State = payment.OrderPaid }, hansa.OrderPaid},
		{"the order is closed", "c", func(s *payment.Start) { s.Order.State = payment.OrderClosed }, hansa.OrderNotOpen},
		{"the order's time is over", "b", func(s *payment.Start) { s.Order.ExpiresAt = noon }, hansa.OrderExpired},
		{"the order is of another amount", "b", func(s *payment.Start) { s.Order.Amount.Value++ }, hansa.ConsentMismatch},
		{"the cap has one cent too little room", "a", func(s *payment.Start) { s.Position.Cap = 10_04 }, hansa.CapExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(subject, c.flow)
			s.Order = newWorld(t).order("order").orders["order"]
			s.Position = ledger.Position{Account: ledger.OfWallet("alipay"), Currency: "EUR", Cap: 10_05}
			if _, _, err := payment.Begin(s, noon); err != nil {
				t.Fatalf("unbent: %v", err)
			}
			c.bend(&s)
			p, plan, err := payment.Begin(s, noon)
			refused(t, err, c.want)
			if p != (payment.Payment{}) || plan.Holds != nil || plan.Notes != nil {
				t.Errorf("a refusal has made %v, %v", p, plan)
			}
		})
	}
}

// TestClocksOfABeginning compares the clocks of each flow with the specification.
func TestClocksOfABeginning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                       string
		flow                       payment.Flow
		wait                       time.Duration // that the wallet has agreed
		expires                    time.Duration // when the order does
		until, deadline, firstCall time.Duration // after the beginning
		call                       payment.Call
	}{
		{"the till scans", "a", 0, time.Hour, 60 * time.Second, 10 * time.Second, 0, payment.CallAsk},
		{"the till scans, five and five minutes agreed", "a", 10 * time.Minute, time.Hour, 10 * time.Minute, 10 * time.Second, 0, payment.CallAsk},
		{"the wallet accepts", "b", 0, time.Hour, 15 * time.Second, 25 * time.Second, 15 * time.Second, payment.CallInquire},
		{"the wallet announces", "c", 0, time.Hour, 60 * time.Second, 70 * time.Second, 60 * time.Second, payment.CallInquire},
		{"the wallet announces, the order ends before", "c", 0, 20 * time.Second, 20 * time.Second, 30 * time.Second, 20 * time.Second, payment.CallInquire},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(subject, c.flow)
			s.Wallet.Wallet.PayerWait = c.wait
			s.Order = newWorld(t).order("order").orders["order"]
			s.Order.ExpiresAt = noon.Add(c.expires)
			s.Position.Cap = ledger.Uncapped
			p, _, err := payment.Begin(s, noon)
			if err != nil {
				t.Fatal(err)
			}
			got := []time.Duration{p.PayerUntil.Sub(noon), p.Deadline.Sub(noon), p.Task.Due.Sub(noon)}
			if diff := cmp.Diff([]time.Duration{c.until, c.deadline, c.firstCall}, got); diff != "" || p.Task.Call != c.call {
				t.Errorf("until, deadline, %s (-want +got):\n%s", p.Task.Call, diff)
			}
			if first := min(c.deadline, c.firstCall); !p.WakeAt().Equal(noon.Add(first)) {
				t.Errorf("wakes at %s", p.WakeAt())
			}
		})
	}
}

// TestPayerNeverWaitsLongerThanAgreed lets a wallet name a time that is too long.
func TestPayerNeverWaitsLongerThanAgreed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, asked}, {2, subject, hears(prompts(3600))}})
	if p := w.payments[subject]; !p.PayerUntil.Equal(noon.Add(time.Minute)) || !p.Deadline.Equal(noon.Add(65*time.Second)) {
		t.Errorf("until %s, deadline %s", p.PayerUntil, p.Deadline)
	}
}

// TestLeaseKeepsATaskAsleep lets a payment wake when the lease of its call ends.
func TestLeaseKeepsATaskAsleep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, asked}, {3, subject, hears(stop())}})
	p := w.at(3).payments[subject]
	if want := noon.Add(3 * time.Second).Add(payment.ConfirmWithin); !p.WakeAt().Equal(want) {
		t.Errorf("wakes at %s, want %s", p.WakeAt(), want)
	}
}
