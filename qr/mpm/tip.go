package mpm

import (
	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Currency returns the currency in which the payee is paid. It returns false
// where object 53 is none in use.
func (c Code) Currency() (money.Currency, bool) {
	numeric, _ := c.Value(IDCurrency)
	row, ok := currencyOf(numeric)
	return row.currency, ok
}

// Amount returns the amount that the code asks for, without a tip or fee. It
// returns false where the payer enters one, and where there is no amount that
// everybody understands: it stands there twice, is zero, has more decimals than its
// currency, or the currency is not known.
func (c Code) Amount() (money.Amount, bool) {
	text, _ := c.Value(IDAmount)
	return c.amountOf(text)
}

// amountOf returns an amount in the currency of the code.
func (c Code) amountOf(text string) (money.Amount, bool) {
	numeric, _ := c.Value(IDCurrency)
	row, known := currencyOf(numeric)
	number, ok := parseDecimal(text)
	if !known || !ok {
		return money.Amount{}, false
	}
	value, ok := number.scaledTo(row.exponent)
	amount := money.New(value, row.currency)
	return amount, ok && amount.Payable() == nil
}

// A TipKind says what is added to the amount of a code.
type TipKind uint8

// The kinds of tips.
const (
	NoTip         TipKind = iota
	TipPrompted           // the wallet asks the payer for a tip
	TipFixed              // a fee is added
	TipPercentage         // a percentage of the amount is added
)

// A Tip is what the payer pays beside the amount: a tip of his own, or a fee that
// the payee asks for.
type Tip struct {
	Kind       TipKind
	Fee        money.Amount // of TipFixed
	Hundredths int64        // of TipPercentage: hundredths of a percent of the amount, 1 to 9999
}

// Tip returns what object 55 asks for. It returns false where objects 55, 56 and 57
// contradict each other or cannot be understood: then nothing must be paid.
func (c Code) Tip() (Tip, bool) {
	indicator, ok := c.Value(IDTipIndicator)
	fixed, hasFixed := c.Value(IDFixedFee)
	percentage, hasPercentage := c.Value(IDPercentageFee)
	if hasFixed != (indicator == tipFixed) || hasPercentage != (indicator == tipPercentage) {
		return Tip{}, false
	}
	switch indicator {
	case tipPrompted:
		return Tip{Kind: TipPrompted}, true
	case tipFixed:
		fee, ok := c.amountOf(fixed)
		return Tip{Kind: TipFixed, Fee: fee}, ok
	case tipPercentage:
		hundredths, ok := parsePercentage(percentage)
		return Tip{Kind: TipPercentage, Hundredths: hundredths}, ok
	}
	return Tip{}, !ok
}

// Total returns what the payer pays for amount: with given, which may be zero, for
// TipPrompted, and else with the fee. A percentage is rounded to minor units by
// rounding.
//
// It refuses hansa.InvalidAmount for a given tip that is negative or was not asked
// for, hansa.CurrencyMismatch, and hansa.OutOfRange.
func (t Tip) Total(amount, given money.Amount, rounding money.Rounding) (money.Amount, error) {
	if given.Value < 0 || given.Value > 0 && t.Kind != TipPrompted {
		return money.Amount{}, hansa.Refuse(hansa.InvalidAmount, "a tip of %s", given)
	}
	switch t.Kind {
	case NoTip:
		return amount, nil
	case TipPrompted:
		if given.IsZero() {
			return amount, nil
		}
		return amount.Plus(given)
	case TipFixed:
		return amount.Plus(t.Fee)
	case TipPercentage:
		fee, err := amount.Share(t.Hundredths, 100_00, rounding)
		if err != nil {
			return money.Amount{}, err
		}
		return amount.Plus(fee)
	}
	panic("mpm: no such kind of tip")
}
