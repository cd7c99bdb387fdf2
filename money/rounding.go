package money

import (
	"math"
	"math/big"

	"github.com/hansa-network/hansa"
)

// A Rounding says which whole number stands for one with a fraction. All four
// look at the distance from zero, so that rounding -x always gives the negative
// of rounding x.
type Rounding uint8

// The ways to round. The examples show 0.5, 1.5, -0.5 and 1.4 in this order.
const (
	HalfUp   Rounding = iota // to the nearest, at a half away from zero: 1, 2, -1, 1
	HalfEven                 // to the nearest, at a half to the even one: 0, 2, 0, 1
	Down                     // toward zero: 0, 1, 0, 1
	Up                       // away from zero: 1, 2, -1, 2
)

// ParseRounding reads what String writes. It refuses Malformed.
func ParseRounding(name string) (Rounding, error) {
	for _, r := range []Rounding{HalfUp, HalfEven, Down, Up} {
		if r.String() == name {
			return r, nil
		}
	}
	return 0, hansa.Refuse(hansa.Malformed, "rounding is half_up, half_even, down or up")
}

// String returns "half_up", "half_even", "down" or "up".
func (r Rounding) String() string {
	switch r {
	case HalfUp:
		return "half_up"
	case HalfEven:
		return "half_even"
	case Down:
		return "down"
	case Up:
		return "up"
	}
	panic("money: no such rounding")
}

// MarshalText writes the name, for JSON.
func (r Rounding) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the name. It refuses Malformed.
func (r *Rounding) UnmarshalText(text []byte) error {
	parsed, err := ParseRounding(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}

// away reports whether a quotient whose magnitude was cut off moves one step
// away from zero: half tells how twice the remainder compares with the divisor.
func (r Rounding) away(odd, exact bool, half int) bool {
	switch r {
	case HalfUp:
		return half >= 0
	case HalfEven:
		return half > 0 || half == 0 && odd
	case Down:
		return false
	case Up:
		return !exact
	}
	panic("money: no such rounding")
}

// divide returns numerator / denominator rounded by r; the denominator is not
// zero. It refuses OutOfRange beyond ±(2^63 - 1).
func divide(numerator, denominator *big.Int, r Rounding) (int64, error) {
	negative := numerator.Sign()*denominator.Sign() < 0
	divisor := new(big.Int).Abs(denominator)
	quotient, remainder := new(big.Int).QuoRem(new(big.Int).Abs(numerator), divisor, new(big.Int))
	exact := remainder.Sign() == 0
	half := remainder.Lsh(remainder, 1).Cmp(divisor)
	if r.away(quotient.Bit(0) == 1, exact, half) {
		quotient.Add(quotient, integer(1))
	}
	if negative {
		quotient.Neg(quotient)
	}
	if !quotient.IsInt64() || quotient.Int64() == math.MinInt64 {
		return 0, hansa.Refuse(hansa.OutOfRange, "more than an amount can hold")
	}
	return quotient.Int64(), nil
}

func integer(value int64) *big.Int { return big.NewInt(value) }

func multiply(a, b int64) *big.Int { return new(big.Int).Mul(integer(a), integer(b)) }

// powerOfTen returns 10^exponent, for 0 <= exponent <= 18.
func powerOfTen(exponent int) *big.Int {
	power := int64(1)
	for range exponent {
		power *= 10
	}
	return integer(power)
}
