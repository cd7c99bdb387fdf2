package fx

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Legs are the currencies between which a payment moves.
type Legs struct {
	Order            money.Amount   // what the store asks, in its currency
	DebitCurrency    money.Currency // what the payer pays in
	WalletCurrency   money.Currency // what the wallet settles in
	AcquirerCurrency money.Currency // what the acquirer settles in
}

// Terms are the exact amounts at which a payment would execute. Where nothing
// is converted an amount equals the order and its rate is the zero Rate.
//
// If the wallet's or the acquirer's leg is converted, the FX provider stands in
// between them: it receives the one and gives the other. As it deals in whole
// minor units, its converted legs are rounded down and may be one minor unit
// less than what the wallet owes or the acquirer is owed: the residues. If
// neither is converted, both its amounts are zero Amounts and money goes
// straight across.
type Terms struct {
	Order              money.Amount
	Debit              money.Amount // what the payer pays
	WalletSettlement   money.Amount // what the wallet owes
	AcquirerSettlement money.Amount // what the acquirer is owed
	ProviderReceives   money.Amount
	ProviderGives      money.Amount
	Rate               money.Rate // from Order to Debit
	WalletRate         money.Rate // from Order to WalletSettlement
	AcquirerRate       money.Rate // from Order to AcquirerSettlement
	Provider           string     // "" when nothing is converted
	Rounding           money.Rounding
	// MarkupBasisPoints is how much more the payer pays at Rate than at the
	// reference rate, if there is a rate and HasReference.
	MarkupBasisPoints int64
	HasReference      bool
}

// Price returns the terms on which the provider would let the legs be paid now.
//
// The payer and the wallet pay the standing rate worsened by the provider's
// spread and the corridor's, both in basis points; the acquirer gets the
// standing rate itself. What the parties owe is rounded half up. The provider
// is not looked at when nothing is converted.
//
// It refuses terms that could not execute: AmountTooSmall if a leg comes to
// nothing, OutOfRange if one is over money.AmountMax or the spread over
// SpreadMax, InvalidAmount and UnknownCurrency for the legs themselves, and what
// Standing refuses.
func (b Board) Price(provider string, legs Legs, corridorSpread int64, now time.Time) (Terms, error) {
	if err := legs.check(); err != nil {
		return Terms{}, err
	}
	if !isSpread(corridorSpread) {
		return Terms{}, hansa.Refuse(hansa.OutOfRange, "a spread is 0 to %d basis points", SpreadMax)
	}
	desk := desk{board: b, provider: provider, corridorSpread: corridorSpread, now: now}
	debit, err := desk.convert(legs.Order, legs.DebitCurrency, payer)
	if err != nil {
		return Terms{}, err
	}
	wallet, err := desk.convert(legs.Order, legs.WalletCurrency, payer)
	if err != nil {
		return Terms{}, err
	}
	acquirer, err := desk.convert(legs.Order, legs.AcquirerCurrency, payee)
	if err != nil {
		return Terms{}, err
	}
	terms := Terms{
		Order: legs.Order, Debit: debit.owed, WalletSettlement: wallet.owed, AcquirerSettlement: acquirer.owed,
		Rate: debit.rate, WalletRate: wallet.rate, AcquirerRate: acquirer.rate, Rounding: money.HalfUp,
	}
	if wallet.isConverted() || acquirer.isConverted() {
		terms.ProviderReceives, terms.ProviderGives = wallet.dealt, acquirer.dealt
	}
	if debit.isConverted() || wallet.isConverted() || acquirer.isConverted() {
		terms.Provider = provider
	}
	if err := terms.check(); err != nil {
		return Terms{}, err
	}
	return b.withMarkup(terms), nil
}

// check returns nil if the legs name a payable order and known currencies.
func (l Legs) check() error {
	if err := l.Order.Payable(); err != nil {
		return err
	}
	for _, c := range []money.Currency{l.DebitCurrency, l.WalletCurrency, l.AcquirerCurrency} {
		if _, err := money.ParseCurrency(string(c)); err != nil {
			return err
		}
	}
	return nil
}

// check returns nil if every amount of the terms can be booked.
func (t Terms) check() error {
	amounts := []money.Amount{t.Debit, t.WalletSettlement, t.AcquirerSettlement}
	if t.ProviderReceives != (money.Amount{}) {
		amounts = append(amounts, t.ProviderReceives, t.ProviderGives)
	}
	for _, amount := range amounts {
		if amount.Value <= 0 {
			return hansa.Refuse(hansa.AmountTooSmall, "%s comes to %s", t.Order, amount)
		}
		if amount.Value > money.AmountMax {
			return hansa.Refuse(hansa.OutOfRange, "%s comes to %s", t.Order, amount)
		}
	}
	return nil
}

// withMarkup compares what the payer pays with the reference rate.
func (b Board) withMarkup(t Terms) Terms {
	if t.Rate.IsZero() {
		return t
	}
	reference := b.standing[lane{t.Provider, pairOf(t.Order.Currency, t.Debit.Currency)}].reference
	if reference.IsZero() {
		return t
	}
	markup, err := t.Rate.MarkupBasisPoints(reference, t.Order.Currency)
	if err != nil {
		// The bound was passed, so that the two are close and of one pair.
		panic("fx: mark-up of " + t.Rate.String() + " over " + reference.String() + ": " + err.Error())
	}
	t.MarkupBasisPoints, t.HasReference = markup, true
	return t
}

// A desk is a provider at one moment, for one corridor.
type desk struct {
	board          Board
	provider       string
	corridorSpread int64
	now            time.Time
}

// A side says whether a leg bears the spread.
type side uint8

const (
	payer side = iota // bears the spread
	payee             // does not
)

// A leg is an order in the currency of one party. The zero rate means that it
// was not converted.
type leg struct {
	rate  money.Rate
	owed  money.Amount // rounded half up
	dealt money.Amount // rounded down
}

func (l leg) isConverted() bool { return !l.rate.IsZero() }

// convert returns the leg of the order in the currency to.
func (d desk) convert(order money.Amount, to money.Currency, s side) (leg, error) {
	if to == order.Currency {
		return leg{owed: order, dealt: order}, nil
	}
	standing, err := d.board.Standing(d.provider, order.Currency, to, d.now)
	if err != nil {
		return leg{}, err
	}
	rate := standing.Rate
	if s == payer {
		rate, err = rate.Worsened(order.Currency, standing.SpreadAt(d.now)+d.corridorSpread)
		if err != nil {
			return leg{}, err
		}
	}
	owed, err := rate.Convert(order, money.HalfUp)
	if err != nil {
		return leg{}, err
	}
	dealt, err := rate.Convert(order, money.Down)
	if err != nil {
		return leg{}, err
	}
	return leg{rate: rate, owed: owed, dealt: dealt}, nil
}
