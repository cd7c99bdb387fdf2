package payment_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

const (
	lives     = 1000 // of one payment each
	lifeSteps = 40
)

// someTerms draws terms in three or one currencies, of all magnitudes, with
// residues of rounding or without.
func someTerms(chance *rand.Rand) fx.Terms {
	value := func() int64 { return 1 + chance.Int64N(1+money.AmountMax>>chance.IntN(50)) }
	order := kroner(min(value(), money.AmountMax))
	if chance.IntN(4) == 0 {
		return fx.Terms{Order: order, Debit: order, WalletSettlement: order, AcquirerSettlement: order}
	}
	owes, owed := 1+min(value(), money.AmountMax-1), 1+min(value(), money.AmountMax-1)
	return fx.Terms{
		Order: order, Debit: money.New(min(value(), money.AmountMax), "CNY"), Provider: "hanseatic",
		WalletSettlement: money.New(owes, "EUR"), ProviderReceives: money.New(owes-chance.Int64N(2), "EUR"),
		AcquirerSettlement: money.New(owed, "DKK"), ProviderGives: money.New(owed-chance.Int64N(2), "DKK"),
	}
}

// someEvent draws what may happen next, sensible or not.
func (w *world) someEvent(chance *rand.Rand, p payment.Payment) payment.Event {
	id := fmt.Sprintf("m%d", len(w.movements[p.ID]))
	known := fmt.Sprintf("m%d", chance.IntN(len(w.movements[p.ID])+1))
	part := kroner(1 + chance.Int64N(p.Terms.Order.Value))
	if chance.IntN(3) == 0 {
		part.Value = max(1, p.Captured-p.Refunding-p.Refunded)
	}
	events := []payment.Event{
		yes(p), wrongYes(p), no()(p),
		payment.PayerAsked{Until: w.now.Add(time.Duration(chance.IntN(100)) * time.Second)},
		payment.Silent{},
		payment.Unfound{},
		payment.Unsent{},
		payment.Silent{},
		payment.CancelAcknowledged{},
		payment.CancelAsked{},
		payment.Elapsed{ID: id},
		payment.Elapsed{ID: id},
		payment.CaptureAsked{ID: id, Amount: part},
		payment.CaptureAsked{ID: id, Amount: part},
		payment.RefundAsked{ID: id, Amount: part},
		payment.RefundAsked{ID: id, Amount: part},
		payment.MovementAcknowledged{ID: known},
		payment.MovementAcknowledged{ID: known},
		payment.MovementRefused{ID: known},
		payment.MovementSilent{ID: known},
	}
	if chance.IntN(10) == 0 {
		events = append(events, payment.ReleaseAsked{ID: id}, payment.ApprovalCancelled{ID: id})
	}
	return events[chance.IntN(len(events))]
}

// TestEveryLifeKeepsItsPromises lets anything happen to many payments. The world
// checks each change by itself; here is what holds between changes and at the end.
func TestEveryLifeKeepsItsPromises(t *testing.T) {
	t.Parallel()
	flows := []payment.Flow{payment.TillScans, payment.WalletAsks, payment.WalletDebits}
	for seed := range uint64(lives) {
		chance := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(t).order("order")
		s := start(subject, flows[chance.IntN(len(flows))])
		s.Terms, s.CaptureLater = someTerms(chance), chance.IntN(2) == 0
		s.Wallet.Wallet.Cap = ledger.Uncapped
		order := w.orders["order"]
		order.Amount = s.Terms.Order
		w.orders["order"], s.Order = order, order
		if err := w.enter(s); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		second := 0
		for range lifeSteps {
			second += chance.IntN(15)
			if chance.IntN(40) == 0 {
				second += 24 * 60 * 60 * chance.IntN(9)
			}
			p := w.at(second).payments[subject]
			_ = w.hears(subject, w.someEvent(chance, p)) // A refusal has changed nothing: the world checks it.
			w.promises(seed)
		}
		w.ends(seed, second)
	}
}

// promises checks one payment against its movements and positions.
func (w *world) promises(seed uint64) {
	w.t.Helper()
	p := w.payments[subject]
	var captured, released, refunding, refunded, reserved int64
	for _, m := range w.movements[subject] {
		value := m.Amounts.Order.Value
		switch {
		case m.Kind == payment.Capture:
			captured += value
		case m.Kind == payment.Release:
			released += value
		case m.State == payment.Pending:
			refunding += value
			reserved += m.Amounts.AcquirerSettlement.Value
		case m.State == payment.Succeeded:
			refunded += value
		}
	}
	if !p.CaptureLater && p.Outcome == payment.WasApproved {
		captured = p.Terms.Order.Value
	}
	check := func(holds bool, what string, numbers ...int64) {
		w.t.Helper()
		if !holds {
			w.t.Fatalf("seed %d, %s: %s %d", seed, p.State, what, numbers)
		}
	}
	check(p.Captured == captured && p.Released == released, "captured, released", p.Captured, captured, p.Released, released)
	check(p.Refunding == refunding && p.Refunded == refunded, "refunding, refunded", p.Refunding, refunding, p.Refunded, refunded)
	check(captured+released <= p.Terms.Order.Value, "captured and released of the order", captured, released, p.Terms.Order.Value)
	check(refunding+refunded <= captured, "refunding and refunded of captured", refunding, refunded, captured)
	held := w.position(p.WalletAccount(), p.Terms.WalletSettlement.Currency).Reserved
	check(p.Held == held, "held, reserved", p.Held, held)
	check(!isFinal(p.State) || held == 0, "held in a final state", held)
	promised := w.position(p.AcquirerAccount(), p.Terms.AcquirerSettlement.Currency).Reserved
	check(promised == reserved, "reserved for refunds", promised, reserved)
	check(isFinal(p.State) || !p.Deadline.IsZero() || p.Task.Call != payment.NoCall, "nobody wakes it")
	check(!p.Open() || p.State != payment.Approved, "approved and open")
	w.balanced()
}

// ends heals the world: wallets answer and the till decides. Then nothing may be
// left, and all that went out and came back adds up to nothing in every currency.
func (w *world) ends(seed uint64, second int) {
	w.t.Helper()
	w.at(second + 60)
	_ = w.hears(subject, payment.CancelAsked{}) // Refused where it is approved.
	_ = w.hears(subject, payment.ReleaseAsked{ID: "last release"})
	_ = w.hears(subject, payment.CancelAcknowledged{})
	for range 3 {
		for _, m := range w.movements[subject] {
			if err := w.hears(subject, payment.MovementAcknowledged{ID: m.ID}); err != nil {
				w.t.Fatalf("seed %d: %v", seed, err)
			}
		}
		if p := w.payments[subject]; p.Captured > p.Refunded {
			event := payment.RefundAsked{ID: fmt.Sprintf("last refund %d", len(w.movements[subject])), Amount: kroner(p.Captured - p.Refunded)}
			if err := w.hears(subject, event); err != nil {
				w.t.Fatalf("seed %d: refund the rest: %v", seed, err)
			}
		}
	}
	w.promises(seed)
	w.settled()
	if books := w.books(); books != "" {
		w.t.Fatalf("seed %d: all was given back, and the books say %s", seed, books)
	}
}

// TestPartsAddUp captures in parts to the last øre, and compares every position
// with what one capture of all would have booked.
func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(lives) {
		chance := rand.New(rand.NewPCG(seed, 2))
		terms := someTerms(chance)
		whole, parts := newWorld(t), newWorld(t)
		for _, w := range []*world{whole, parts} {
			s := start(subject, payment.TillScans)
			s.Terms, s.CaptureLater, s.Wallet.Wallet.Cap = terms, w == parts, ledger.Uncapped
			if err := w.enter(s); err != nil {
				t.Fatal(err)
			}
			if err := w.at(1).hears(subject, yes(w.payments[subject])); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 20 {
			left := terms.Order.Value - parts.payments[subject].Captured
			if left == 0 {
				break
			}
			_ = parts.hears(subject, payment.CaptureAsked{ID: fmt.Sprint("part ", i), Amount: kroner(1 + chance.Int64N(left))}) // A part may come to nothing.
		}
		if left := terms.Order.Value - parts.payments[subject].Captured; left > 0 {
			if err := parts.hears(subject, payment.CaptureAsked{ID: "last part", Amount: kroner(left)}); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		if got, want := parts.books(), whole.books(); got != want {
			t.Fatalf("seed %d: in parts %s, at once %s", seed, got, want)
		}
		for _, m := range parts.movements[subject] {
			if a := m.Amounts; !a.Debit.IsPositive() || !a.WalletSettlement.IsPositive() || !a.AcquirerSettlement.IsPositive() {
				t.Fatalf("seed %d: a part of %s is for %s, %s and %s", seed, a.Order, a.Debit, a.WalletSettlement, a.AcquirerSettlement)
			}
		}
	}
}

// TestOneOrderIsPaidOnce lets three wallets race for one order in random ways.
func TestOneOrderIsPaidOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(lives) {
		chance := rand.New(rand.NewPCG(seed, 3))
		w := newWorld(t).order("order")
		racers := []string{subject, "other", rival}
		for second := range lifeSteps {
			id := racers[chance.IntN(len(racers))]
			w.at(second)
			if p, begun := w.payments[id]; begun {
				_ = w.hears(id, w.someEvent(chance, p)) // A refusal has changed nothing.
				continue
			}
			begins := []action{accepted, announced, announced, closesOrder}
			_ = begins[chance.IntN(len(begins))](w, id) // Most are refused, since another holds the order.
		}
		paid := ""
		for _, id := range racers {
			p := w.payments[id]
			if p.Outcome != payment.WasApproved {
				continue
			}
			if paid != "" {
				t.Fatalf("seed %d: %s and %s have both paid the order", seed, paid, id)
			}
			paid = id
		}
		order := w.orders["order"]
		if (order.State == payment.OrderPaid) != (paid != "") || paid != "" && order.Payment != paid {
			t.Fatalf("seed %d: the order is %s by %q, paid by %q", seed, order.State, order.Payment, paid)
		}
	}
}
