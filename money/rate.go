package money

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
)

// basisPointsWhole is one, in basis points.
const basisPointsWhole = 10_000

// rateDigitsMax bounds a rate's significant digits as well as its decimals, so
// that its coefficient fits an int64.
const rateDigitsMax = 18

// A Rate says that one major unit of its base currency costs so many major units
// of its quote currency, as an exact decimal. Rates are equal by == when they
// have the same direction and number. The zero Rate stands for "no conversion".
type Rate struct {
	base, quote Currency
	// The number is coefficient × 10^-scale. It has no trailing zeros after the
	// point, so that each number has one form.
	coefficient int64
	scale       int
}

// NewRate returns the rate at which one base costs decimal quote: "7.74".
// It refuses UnknownCurrency, CurrencyMismatch for a currency against itself,
// Malformed for what is no decimal number, and OutOfRange for zero or more than
// 18 significant digits or decimals. Trailing zeros after the point are dropped.
func NewRate(base, quote Currency, decimal string) (Rate, error) {
	for _, c := range []Currency{base, quote} {
		if !c.Known() {
			return Rate{}, unknownCurrency(string(c))
		}
	}
	if base == quote {
		return Rate{}, hansa.Refuse(hansa.CurrencyMismatch, "a rate of %s against itself", base)
	}
	whole, fraction, ok := splitDecimal(decimal)
	if !ok {
		return Rate{}, hansa.Refuse(hansa.Malformed, "a rate is a decimal number such as 7.74")
	}
	fraction = strings.TrimRight(fraction, "0")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" || len(digits) > rateDigitsMax || len(fraction) > rateDigitsMax {
		return Rate{}, hansa.Refuse(hansa.OutOfRange, "a rate is over zero and has at most %d digits", rateDigitsMax)
	}
	coefficient, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		panic("money: " + digits + " are digits that fit")
	}
	return Rate{base: base, quote: quote, coefficient: coefficient, scale: len(fraction)}, nil
}

// Base returns the currency of which the rate prices one unit.
func (r Rate) Base() Currency { return r.base }

// Quote returns the currency in which the rate says the price.
func (r Rate) Quote() Currency { return r.quote }

// IsZero reports whether r is the zero Rate: no conversion.
func (r Rate) IsZero() bool { return r == Rate{} }

// Decimal returns the number without trailing zeros: "7.74".
func (r Rate) Decimal() string { return decimalText(r.coefficient, r.scale) }

// String returns the number and its direction, quote per base: "7.74 NOK/USD".
// The zero Rate is "no conversion".
func (r Rate) String() string {
	if r.IsZero() {
		return "no conversion"
	}
	return r.Decimal() + " " + string(r.quote) + "/" + string(r.base)
}

// ConvertsBetween reports whether a and b, in either order, are the two
// currencies of the rate.
func (r Rate) ConvertsBetween(a, b Currency) bool {
	return !r.IsZero() && (r.base == a && r.quote == b || r.base == b && r.quote == a)
}

// Convert returns a in the other currency of the rate: an amount in the base is
// multiplied, one in the quote divided, exactly, and then rounded once by r to
// a minor unit. It refuses CurrencyMismatch and OutOfRange.
func (r Rate) Convert(a Amount, rounding Rounding) (Amount, error) {
	to, err := r.other(a.Currency)
	if err != nil {
		return Amount{}, err
	}
	// One minor unit of a is 10^-exponent of its major unit, and the result
	// counts 10^exponent minor units of its own.
	numerator := new(big.Int).Mul(integer(a.Value), powerOfTen(to.Exponent()))
	denominator := powerOfTen(a.Currency.Exponent())
	coefficient, unit := integer(r.coefficient), powerOfTen(r.scale)
	if a.Currency == r.base {
		numerator.Mul(numerator, coefficient)
		denominator.Mul(denominator, unit)
	} else {
		numerator.Mul(numerator, unit)
		denominator.Mul(denominator, coefficient)
	}
	value, err := divide(numerator, denominator, rounding)
	if err != nil {
		return Amount{}, err
	}
	return New(value, to), nil
}

// other returns the currency of the rate that is not c.
func (r Rate) other(c Currency) (Currency, error) {
	switch {
	case r.IsZero():
		return "", hansa.Refuse(hansa.CurrencyMismatch, "no rate")
	case c == r.base:
		return r.quote, nil
	case c == r.quote:
		return r.base, nil
	}
	return "", hansa.Refuse(hansa.CurrencyMismatch, "%q at %s", c, r)
}

// Worsened returns the rate that a payer gets for an order in the currency from
// when basisPoints go to somebody else. An order in the base becomes dearer by a
// higher rate, × (1 + basisPoints/10000); an order in the quote by a lower one,
// × (1 - basisPoints/10000). The result is exact.
// It refuses CurrencyMismatch, and OutOfRange unless 0 <= basisPoints < 10000
// and the digits of the result fit a Rate.
func (r Rate) Worsened(from Currency, basisPoints int64) (Rate, error) {
	if _, err := r.other(from); err != nil {
		return Rate{}, err
	}
	if basisPoints < 0 || basisPoints >= basisPointsWhole {
		return Rate{}, hansa.Refuse(hansa.OutOfRange, "%d basis points", basisPoints)
	}
	factor := basisPointsWhole + basisPoints
	if from == r.quote {
		factor = basisPointsWhole - basisPoints
	}
	const factorScale = 4
	return r.withNumber(multiply(r.coefficient, factor), r.scale+factorScale)
}

// withNumber returns the rate of the same direction with another number.
func (r Rate) withNumber(coefficient *big.Int, scale int) (Rate, error) {
	ten, remainder := integer(10), new(big.Int)
	for scale > 0 {
		shorter, _ := new(big.Int).QuoRem(coefficient, ten, remainder)
		if remainder.Sign() != 0 {
			break
		}
		coefficient, scale = shorter, scale-1
	}
	if scale > rateDigitsMax || coefficient.Cmp(powerOfTen(rateDigitsMax)) >= 0 {
		return Rate{}, hansa.Refuse(hansa.OutOfRange, "a rate of more than %d digits", rateDigitsMax)
	}
	r.coefficient, r.scale = coefficient.Int64(), scale
	return r, nil
}
