package payment

import (
	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/money"
)

// Amounts are the part of a payment's terms that one movement moves.
type Amounts struct {
	Order, Debit                         money.Amount
	WalletSettlement, AcquirerSettlement money.Amount
	ProviderReceives, ProviderGives      money.Amount
}

// AmountsOf are the whole amounts of terms.
func AmountsOf(t fx.Terms) Amounts {
	return Amounts{
		Order: t.Order, Debit: t.Debit,
		WalletSettlement: t.WalletSettlement, AcquirerSettlement: t.AcquirerSettlement,
		ProviderReceives: t.ProviderReceives, ProviderGives: t.ProviderGives,
	}
}

// each applies f to every amount.
func (a Amounts) each(b Amounts, f func(a, b money.Amount) money.Amount) Amounts {
	return Amounts{
		Order: f(a.Order, b.Order), Debit: f(a.Debit, b.Debit),
		WalletSettlement: f(a.WalletSettlement, b.WalletSettlement), AcquirerSettlement: f(a.AcquirerSettlement, b.AcquirerSettlement),
		ProviderReceives: f(a.ProviderReceives, b.ProviderReceives), ProviderGives: f(a.ProviderGives, b.ProviderGives),
	}
}

func (a Amounts) negative() Amounts {
	return a.each(a, func(a, _ money.Amount) money.Amount { return a.Negative() })
}

// without returns a less the live movements of these kinds.
func (a Amounts) without(movements []Movement, kinds ...MovementKind) Amounts {
	for _, m := range movements {
		if m.State == Failed {
			continue
		}
		for _, kind := range kinds {
			if m.Kind == kind {
				a = a.each(m.Amounts, difference)
			}
		}
	}
	return a
}

// take returns the share of a that belongs to part of its order amount. The last
// part takes all that is left, so that the parts add up to the whole. It refuses
// tooLarge where less is left, and AmountTooSmall where the part, or what it
// would leave, comes to nothing in another party's currency.
func (a Amounts) take(part money.Amount, tooLarge hansa.Reason) (Amounts, error) {
	if err := part.Payable(); err != nil {
		return Amounts{}, err
	}
	if part.Currency != a.Order.Currency {
		return Amounts{}, hansa.Refuse(hansa.CurrencyMismatch, "the payment is in %s", a.Order.Currency)
	}
	if part.Value > a.Order.Value {
		return Amounts{}, hansa.Refuse(tooLarge, "%s is left", a.Order)
	}
	if part == a.Order {
		return a, nil
	}
	taken := a.each(a, func(whole, _ money.Amount) money.Amount {
		share, err := whole.Share(part.Value, a.Order.Value, money.HalfUp)
		if err != nil {
			panic(err)
		}
		return share
	})
	left := a.each(taken, difference)
	for _, of := range []Amounts{taken, left} {
		if of.Debit.IsZero() || of.WalletSettlement.IsZero() || of.AcquirerSettlement.IsZero() {
			return Amounts{}, hansa.Refuse(hansa.AmountTooSmall, "%s of %s comes to nothing for one side", of.Order, a.Order)
		}
	}
	return taken, nil
}

func difference(a, b money.Amount) money.Amount {
	d, err := a.Minus(b)
	if err != nil {
		panic(err)
	}
	return d
}
