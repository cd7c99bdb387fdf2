package hub

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// checkEntry recomputes that an entry balances, has at least two postings and moves
// amounts within bounds, and that every posting has a window; and adds them up.
func (a *auditor) checkEntry(e ledger.Entry) {
	perCurrency := make(map[money.Currency]int64)
	for _, p := range e.Postings {
		perCurrency[p.Amount.Currency] += p.Amount.Value
		a.windows[shelf{p.Window, p.Amount.Currency}] += p.Amount.Value
		a.sums[store.PositionKey{Account: p.Account, Currency: p.Amount.Currency}] += p.Amount.Value
		a.bounded.must(p.Amount.Value != 0 && p.Amount.Value <= money.AmountMax && p.Amount.Value >= -money.AmountMax && p.Amount.Currency.Known(),
			"entry %s posts %d %s", e.ID, p.Amount.Value, p.Amount.Currency)
		a.windowed.must(p.Window != "", "entry %s posts outside every window", e.ID)
		if e.Cause == ledger.Approval && p.Account == ledger.Rounding {
			a.converted.must(p.Amount.Value == 1 || p.Amount.Value == -1, "entry %s rounds by %d", e.ID, p.Amount.Value)
		}
	}
	a.balanced.must(len(e.Postings) >= 2, "entry %s has %d postings", e.ID, len(e.Postings))
	for _, currency := range slices.Sorted(maps.Keys(perCurrency)) {
		a.balanced.must(perCurrency[currency] == 0, "entry %s of %s is off by %d %s", e.ID, e.Payment, perCurrency[currency], currency)
	}
}

// checkPositions recomputes every balance and reservation from zero.
func (a *auditor) checkPositions(ctx context.Context) (err error) {
	if a.positions, err = a.reader.Positions(ctx); err != nil {
		return err
	}
	for _, at := range slices.SortedFunc(maps.Keys(a.windows), func(x, y shelf) int {
		return cmp.Or(cmp.Compare(x.window, y.window), cmp.Compare(x.currency, y.currency))
	}) {
		a.windowSums.must(a.windows[at] == 0, "window %s is off by %d %s", at.window, a.windows[at], at.currency)
	}
	a.checkBalances()
	a.checkReservations()
	return nil
}

func sortedPositions(of map[store.PositionKey]int64) []store.PositionKey {
	return slices.SortedFunc(maps.Keys(of), func(x, y store.PositionKey) int {
		return cmp.Or(cmp.Compare(x.Account, y.Account), cmp.Compare(x.Currency, y.Currency))
	})
}

func (a *auditor) checkBalances() {
	totals := make(map[money.Currency]int64)
	for key, sum := range a.sums {
		totals[key.Currency] += sum
	}
	for _, currency := range slices.Sorted(maps.Keys(totals)) {
		a.total.must(totals[currency] == 0, "all postings are off by %d %s", totals[currency], currency)
	}
	for _, position := range a.positions {
		key := store.PositionKey{Account: position.Account, Currency: position.Currency}
		a.cached.must(position.Balance == a.sums[key], "%s stands at %d and its postings at %d %s",
			position.Account, position.Balance, a.sums[key], position.Currency)
		delete(a.sums, key)
	}
	for _, key := range sortedPositions(a.sums) {
		a.cached.must(a.sums[key] == 0, "%s has postings of %d %s and no balance", key.Account, a.sums[key], key.Currency)
	}
}

// checkReservations recomputes what is reserved from the payments that hold it.
func (a *auditor) checkReservations() {
	for _, position := range a.positions {
		key := store.PositionKey{Account: position.Account, Currency: position.Currency}
		a.reserved.must(position.Reserved == a.held[key], "%s has %d %s reserved and %d held",
			position.Account, position.Reserved, position.Currency, a.held[key])
		delete(a.held, key)
		a.caps.must(position.Cap < 0 || position.Reserved == 0 || position.Reserved-position.Balance <= position.Cap,
			"%s is past its cap of %d %s", position.Account, position.Cap, position.Currency)
	}
	for _, key := range sortedPositions(a.held) {
		a.reserved.must(a.held[key] == 0, "%s has nothing reserved and %d held", key.Account, a.held[key])
	}
}

// checkReservation recomputes what a payment holds, and adds that up.
func (a *auditor) checkReservation(l *life) {
	a.held[store.PositionKey{Account: l.WalletAccount(), Currency: l.Terms.WalletSettlement.Currency}] += l.Held
	a.final.must(l.Held == heldIn(l.Payment, l.movements), "payment %s is %s and holds %d", l.ID, l.State, l.Held)
	for _, m := range l.movements {
		if m.State == payment.Pending {
			a.held[store.PositionKey{Account: l.AcquirerAccount(), Currency: m.Amounts.AcquirerSettlement.Currency}] += m.Amounts.AcquirerSettlement.Value
		}
	}
}

// checkConversions recomputes the conversions of a payment.
func (a *auditor) checkConversions(l *life) {
	t := l.Terms
	a.converted.must(converts(t, t.Rate, t.Debit), "payment %s turns %s into %s at %s", l.ID, t.Order, t.Debit, t.Rate)
	a.converted.must(converts(t, t.WalletRate, t.WalletSettlement), "payment %s turns %s into %s at %s", l.ID, t.Order, t.WalletSettlement, t.WalletRate)
	a.converted.must(converts(t, t.AcquirerRate, t.AcquirerSettlement), "payment %s turns %s into %s at %s", l.ID, t.Order, t.AcquirerSettlement, t.AcquirerRate)
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
