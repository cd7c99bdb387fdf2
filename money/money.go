// Package money counts money exactly. An Amount is an integer of minor units in
// one ISO 4217 currency; a Rate is an exact decimal that knows its direction.
// Every division names its Rounding, every sum that leaves the range is
// refused, and nothing here is ever a float. The package knows no rule of
// payment: who may pay how much is for others to say.
package money

import (
	"math"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
)

// AmountMax is the largest value, in minor units, that one payment or one
// posting may have. Sums of many, such as balances, may go up to the range of
// an int64.
const AmountMax int64 = 1_000_000_000_000_000

// An Amount is so many minor units of one currency: 10000 NOK is 100.00 kroner,
// 500 ISK is 500 krónur. The zero Amount has no currency and stands for "none".
//
// Decoding JSON into an Amount checks nothing, so that old rows in a currency
// since withdrawn can be read; call Payable on what comes from outside.
type Amount struct {
	Value    int64    `json:"value"`
	Currency Currency `json:"currency"`
}

// New returns value minor units of c. It checks neither: see Payable.
func New(value int64, c Currency) Amount {
	return Amount{Value: value, Currency: c}
}

// Plus returns a + b.
// It refuses CurrencyMismatch, and OutOfRange beyond ±(2^63 - 1).
func (a Amount) Plus(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, hansa.Refuse(hansa.CurrencyMismatch, "%s and %s", a.Currency, b.Currency)
	}
	sum := a.Value + b.Value
	overflows := (sum > a.Value) != (b.Value > 0) && b.Value != 0
	if overflows || sum == math.MinInt64 {
		return Amount{}, hansa.Refuse(hansa.OutOfRange, "%d + %d %s", a.Value, b.Value, a.Currency)
	}
	return New(sum, a.Currency), nil
}

// Minus returns a - b.
// It refuses CurrencyMismatch, and OutOfRange beyond ±(2^63 - 1).
func (a Amount) Minus(b Amount) (Amount, error) {
	if b.Value == math.MinInt64 {
		return Amount{}, hansa.Refuse(hansa.OutOfRange, "%d - %d %s", a.Value, b.Value, a.Currency)
	}
	return a.Plus(b.Negative())
}

// Negative returns -a. It panics on the one int64 that has no negative, which
// no sum or conversion here returns.
func (a Amount) Negative() Amount {
	if a.Value == math.MinInt64 {
		panic("money: the negative of " + a.String() + " does not exist")
	}
	return New(-a.Value, a.Currency)
}

// Compare returns -1, 0 or +1 as a is less than, equal to or greater than b.
// Amounts of two currencies have no order: to ask is a bug and panics.
func (a Amount) Compare(b Amount) int {
	if a.Currency != b.Currency {
		panic("money: compare " + a.String() + " with " + b.String())
	}
	switch {
	case a.Value < b.Value:
		return -1
	case a.Value > b.Value:
		return 1
	}
	return 0
}

// IsZero reports whether the value is zero, in whatever currency.
func (a Amount) IsZero() bool { return a.Value == 0 }

// IsPositive reports whether the value is greater than zero.
func (a Amount) IsPositive() bool { return a.Value > 0 }

// Payable returns nil if a is something that can be paid or booked.
// It refuses UnknownCurrency, and InvalidAmount unless 0 < value <= AmountMax.
func (a Amount) Payable() error {
	if _, err := ParseCurrency(string(a.Currency)); err != nil {
		return err
	}
	if a.Value <= 0 || a.Value > AmountMax {
		return hansa.Refuse(hansa.InvalidAmount, "%d minor units; 1 to %d can be paid", a.Value, AmountMax)
	}
	return nil
}

// Share returns value × part / whole, the product being exact and the quotient
// rounded by r: Share(70, 10000, HalfUp) is a fee of 70 basis points.
// It refuses OutOfRange if whole is zero or the result leaves the range.
func (a Amount) Share(part, whole int64, r Rounding) (Amount, error) {
	if whole == 0 {
		return Amount{}, hansa.Refuse(hansa.OutOfRange, "a share of zero parts")
	}
	product := multiply(a.Value, part)
	value, err := divide(product, integer(whole), r)
	if err != nil {
		return Amount{}, err
	}
	return New(value, a.Currency), nil
}

// Decimal returns the amount in major units with all the decimals of its
// currency: "100.00", "-0.05", "500". It panics on an unknown currency.
func (a Amount) Decimal() string {
	return decimalText(a.Value, a.Currency.Exponent())
}

// String returns the amount as ParseAmount reads it: "100.00 NOK". An amount in
// an unknown currency, which ParseAmount refuses, is told in minor units.
func (a Amount) String() string {
	if !a.Currency.Known() {
		return strconv.FormatInt(a.Value, 10) + " minor units of " + strconv.Quote(string(a.Currency))
	}
	return a.Decimal() + " " + string(a.Currency)
}

// decimalText writes value × 10^-scale with exactly scale decimals.
func decimalText(value int64, scale int) string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(value, 10), "-")
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	sign := ""
	if negative {
		sign = "-"
	}
	if scale == 0 {
		return sign + digits
	}
	point := len(digits) - scale
	return sign + digits[:point] + "." + digits[point:]
}
