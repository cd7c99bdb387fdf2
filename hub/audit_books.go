package hub

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// entryKeys are all entries in an order that stays the same.
func (a *auditor) entryKeys() []entryKey {
	return slices.SortedFunc(maps.Keys(a.entries), func(x, y entryKey) int { return cmp.Compare(x.entry, y.entry) })
}

func (a *auditor) paymentIDs() []string { return slices.Sorted(maps.Keys(a.payments)) }

// checkEntries recomputes that every entry balances, has at least two postings
// and moves amounts within bounds, and that every posting has a window.
func (a *auditor) checkEntries() {
	balanced := a.check("L1", "every entry balances in every currency and has two postings or more")
	bounded := a.check("L4", "amounts are whole minor units, not zero and within bounds")
	windowed := a.check("T1", "every posting has its settlement window")
	windows := a.check("T3", "postings of a window and currency sum to zero")
	type shelf struct {
		window   string
		currency money.Currency
	}
	sums := make(map[shelf]int64)
	for _, key := range a.entryKeys() {
		perCurrency := make(map[money.Currency]int64)
		for _, p := range a.entries[key] {
			perCurrency[p.Amount.Currency] += p.Amount.Value
			sums[shelf{p.Window, p.Amount.Currency}] += p.Amount.Value
			bounded.must(p.Amount.Value != 0 && p.Amount.Value <= money.AmountMax && p.Amount.Value >= -money.AmountMax && p.Amount.Currency.Known(),
				"entry %s posts %d %s", key.entry, p.Amount.Value, p.Amount.Currency)
			windowed.must(p.Window != "", "entry %s posts outside every window", key.entry)
		}
		balanced.must(len(a.entries[key]) >= 2, "entry %s has %d postings", key.entry, len(a.entries[key]))
		for currency, sum := range perCurrency {
			balanced.must(sum == 0, "entry %s of %s is off by %d %s", key.entry, key.payment, sum, currency)
		}
	}
	for at, sum := range sums {
		windows.must(sum == 0, "window %s is off by %d %s", at.window, sum, at.currency)
	}
}

// checkBalances recomputes every balance from zero.
func (a *auditor) checkBalances() {
	total := a.check("L2", "all postings of a currency sum to zero")
	cached := a.check("L3", "every balance is the sum of its postings")
	sums := make(map[store.PositionKey]int64)
	totals := make(map[money.Currency]int64)
	for _, postings := range a.entries {
		for _, p := range postings {
			sums[store.PositionKey{Account: p.Account, Currency: p.Amount.Currency}] += p.Amount.Value
			totals[p.Amount.Currency] += p.Amount.Value
		}
	}
	for currency, sum := range totals {
		total.must(sum == 0, "all postings are off by %d %s", sum, currency)
	}
	for _, position := range a.positions {
		key := store.PositionKey{Account: position.Account, Currency: position.Currency}
		cached.must(position.Balance == sums[key], "%s stands at %d and its postings at %d %s", position.Account, position.Balance, sums[key], position.Currency)
		delete(sums, key)
	}
	for key, sum := range sums {
		cached.must(sum == 0, "%s has postings of %d %s and no balance", key.Account, sum, key.Currency)
	}
}

// checkCauses recomputes that each approval, capture and refund has one entry,
// and that no entry is without its cause.
func (a *auditor) checkCauses() {
	check := a.check("L7", "every approval, capture and refund has exactly one entry, and every entry one cause")
	due := make(map[cause]int)
	for id, p := range a.payments {
		if p.Outcome == payment.WasApproved && !p.CaptureLater {
			due[cause{ledger.Approval, id}]++
		}
		for _, m := range a.movements[id] {
			switch {
			case m.Kind == payment.Capture:
				due[cause{ledger.Capture, m.ID}]++
			case m.Kind != payment.Release && m.State == payment.Succeeded:
				due[cause{ledger.Refund, m.ID}]++
			}
		}
	}
	for _, key := range a.entryKeys() {
		due[cause{key.cause, key.subject}]--
		_, known := a.payments[key.payment]
		check.must(known, "entry %s is of no payment", key.entry)
	}
	for what, missing := range due {
		check.must(missing == 0, "%s of %s lacks %d entries", what.kind, what.subject, missing)
	}
}

type cause struct {
	kind    ledger.Cause
	subject string
}

// checkAmounts recomputes the conversions of every payment and the postings of
// every approval.
func (a *auditor) checkAmounts() {
	check := a.check("L5", "conversions are those of the stated rates, and less than one minor unit of each goes to rounding")
	for _, id := range a.paymentIDs() {
		t := a.payments[id].Terms
		check.must(converts(t, t.Rate, t.Debit), "payment %s turns %s into %s at %s", id, t.Order, t.Debit, t.Rate)
		check.must(converts(t, t.WalletRate, t.WalletSettlement), "payment %s turns %s into %s at %s", id, t.Order, t.WalletSettlement, t.WalletRate)
		check.must(converts(t, t.AcquirerRate, t.AcquirerSettlement), "payment %s turns %s into %s at %s", id, t.Order, t.AcquirerSettlement, t.AcquirerRate)
	}
	for _, key := range a.entryKeys() {
		if key.cause != ledger.Approval {
			continue
		}
		for _, posting := range a.entries[key] {
			if posting.Account == ledger.Rounding {
				check.must(posting.Amount.Value == 1 || posting.Amount.Value == -1, "entry %s rounds by %d", key.entry, posting.Amount.Value)
			}
		}
	}
}

// converts reports whether the order amount of t is to at rate, or to itself
// where there is no rate.
func converts(t fx.Terms, rate money.Rate, to money.Amount) bool {
	if rate.IsZero() {
		return t.Order == to
	}
	converted, err := rate.Convert(t.Order, t.Rounding)
	return err == nil && converted == to
}

// checkReservations recomputes what is reserved from the payments that hold it.
func (a *auditor) checkReservations() {
	sums := a.check("P2", "what is reserved is what open payments and pending refunds hold")
	caps := a.check("P1", "no position is past its cap")
	final := a.check("P3", "a reservation ends with its payment")
	held := make(map[store.PositionKey]int64)
	for _, id := range a.paymentIDs() {
		p := a.payments[id]
		held[store.PositionKey{Account: p.WalletAccount(), Currency: p.Terms.WalletSettlement.Currency}] += p.Held
		final.must(p.Held == heldIn(p, a.movements[id]), "payment %s is %s and holds %d", id, p.State, p.Held)
		for _, m := range a.movements[id] {
			if m.State == payment.Pending {
				held[store.PositionKey{Account: p.AcquirerAccount(), Currency: m.Amounts.AcquirerSettlement.Currency}] += m.Amounts.AcquirerSettlement.Value
			}
		}
	}
	for _, position := range a.positions {
		key := store.PositionKey{Account: position.Account, Currency: position.Currency}
		sums.must(position.Reserved == held[key], "%s has %d %s reserved and %d held", position.Account, position.Reserved, position.Currency, held[key])
		delete(held, key)
		caps.must(position.Cap < 0 || position.Reserved == 0 || position.Reserved-position.Balance <= position.Cap,
			"%s is past its cap of %d %s", position.Account, position.Cap, position.Currency)
	}
	for key, sum := range held {
		sums.must(sum == 0, "%s has nothing reserved and %d held", key.Account, sum)
	}
}

// heldIn is what a payment in its state must hold. An authorised one holds what
// is neither captured nor released.
func heldIn(p payment.Payment, movements []payment.Movement) int64 {
	switch p.State {
	case payment.Asking, payment.AwaitingPayer, payment.Resolving, payment.Debiting, payment.Announced, payment.Reversing:
		return p.Terms.WalletSettlement.Value
	case payment.Authorised:
		held := p.Terms.WalletSettlement.Value
		for _, m := range movements {
			if m.Kind == payment.Capture || m.Kind == payment.Release {
				held -= m.Amounts.WalletSettlement.Value
			}
		}
		return held
	case payment.Approved, payment.Declined, payment.Reversed:
		return 0
	}
	panic("unknown state " + string(p.State))
}
