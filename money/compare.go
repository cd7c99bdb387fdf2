package money

import (
	"math/big"

	"github.com/hansa-network/hansa"
)

// crossDigits is how many significant digits Per keeps at the least.
const crossDigits = 12

// DifferenceBasisPoints returns how far r is from other, |r/other - 1| in basis
// points rounded half up. A rate of the opposite direction is inverted exactly.
// It refuses CurrencyMismatch for another pair, and OutOfRange.
func (r Rate) DifferenceBasisPoints(other Rate) (int64, error) {
	numerator, denominator, err := r.ratio(other)
	if err != nil {
		return 0, err
	}
	difference := new(big.Int).Sub(numerator, denominator)
	difference.Abs(difference).Mul(difference, integer(basisPointsWhole))
	return divide(difference, denominator, HalfUp)
}

// MarkupBasisPoints returns how much more, in basis points rounded half up, a
// payer pays for an order in the currency from at r than at the reference: 300
// is three percent dearer, a negative number cheaper.
// It refuses CurrencyMismatch and OutOfRange.
func (r Rate) MarkupBasisPoints(reference Rate, from Currency) (int64, error) {
	if _, err := r.other(from); err != nil {
		return 0, err
	}
	dearer, cheaper, err := r.ratio(reference)
	if err != nil {
		return 0, err
	}
	if from == r.quote {
		// What is divided by a lower rate costs more.
		dearer, cheaper = cheaper, dearer
	}
	difference := new(big.Int).Sub(dearer, cheaper)
	return divide(difference.Mul(difference, integer(basisPointsWhole)), cheaper, HalfUp)
}

// ratio returns r/other as a fraction of two positive integers.
func (r Rate) ratio(other Rate) (numerator, denominator *big.Int, err error) {
	if r.IsZero() || !r.ConvertsBetween(other.base, other.quote) {
		return nil, nil, hansa.Refuse(hansa.CurrencyMismatch, "%s and %s", r, other)
	}
	unit, otherUnit := powerOfTen(r.scale), powerOfTen(other.scale)
	if r.base == other.base {
		numerator = new(big.Int).Mul(integer(r.coefficient), otherUnit)
		denominator = new(big.Int).Mul(integer(other.coefficient), unit)
		return numerator, denominator, nil
	}
	numerator = multiply(r.coefficient, other.coefficient)
	denominator = new(big.Int).Mul(unit, otherUnit)
	return numerator, denominator, nil
}

// Per returns the cross rate of two rates with one base: 7.50 DKK/EUR per
// 10.00 NOK/EUR is 0.75 DKK/NOK. It is rounded half even to at least 12
// significant digits or 18 decimals, which is enough to judge another rate by
// and not to deal at. It refuses CurrencyMismatch if the bases differ, and
// OutOfRange.
func (r Rate) Per(other Rate) (Rate, error) {
	if r.IsZero() || r.base != other.base || r.quote == other.quote {
		return Rate{}, hansa.Refuse(hansa.CurrencyMismatch, "%s per %s", r, other)
	}
	numerator := new(big.Int).Mul(integer(r.coefficient), powerOfTen(other.scale))
	denominator := new(big.Int).Mul(integer(other.coefficient), powerOfTen(r.scale))
	// The whole part of the quotient has as many digits as the two differ by in
	// length, or one more.
	wholeDigits := len(numerator.String()) - len(denominator.String())
	scale := min(max(crossDigits-wholeDigits, 0), rateDigitsMax)
	coefficient, err := divide(numerator.Mul(numerator, powerOfTen(scale)), denominator, HalfEven)
	if err != nil {
		return Rate{}, err
	}
	if coefficient == 0 {
		return Rate{}, hansa.Refuse(hansa.OutOfRange, "%s per %s is next to nothing", r, other)
	}
	return Rate{base: other.quote, quote: r.quote}.withNumber(integer(coefficient), scale)
}
