package money_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// rounded is the oracle: the whole number that stands for x, found by stepping
// from the whole number below it.
func rounded(x *big.Rat, r money.Rounding) *big.Int {
	below := new(big.Int).Div(x.Num(), x.Denom()) // toward minus infinity, for a positive denominator
	if x.IsInt() {
		return below
	}
	above := new(big.Int).Add(below, big.NewInt(1))
	inner, outer := below, above
	if x.Sign() < 0 {
		inner, outer = above, below
	}
	distance := new(big.Rat).Sub(x, new(big.Rat).SetInt(inner))
	half := distance.Abs(distance).Cmp(big.NewRat(1, 2))
	switch r {
	case money.Down:
		return inner
	case money.Up:
		return outer
	case money.HalfUp:
		if half >= 0 {
			return outer
		}
		return inner
	case money.HalfEven:
		if half > 0 || half == 0 && outer.Bit(0) == 0 {
			return outer
		}
		return inner
	}
	panic("no such rounding")
}

// agrees compares a result with the oracle's exact value.
func agrees(t *testing.T, got money.Amount, err error, exact *big.Rat, r money.Rounding, what string) {
	t.Helper()
	want := rounded(exact, r)
	if reason, ok := hansa.ReasonOf(err); ok && reason == hansa.OutOfRange {
		if want.IsInt64() {
			t.Fatalf("%s: refused %v, want %s", what, err, want)
		}
		return
	}
	if err != nil || want.Cmp(big.NewInt(got.Value)) != 0 {
		t.Fatalf("%s: %d, %v; want %s", what, got.Value, err, want)
	}
}

// someValue draws from all magnitudes alike.
func someValue(chance *rand.Rand) int64 {
	value := chance.Int64() >> chance.IntN(63)
	if chance.IntN(2) == 0 {
		return -value
	}
	return value
}

func someRate(t *testing.T, chance *rand.Rand) money.Rate {
	t.Helper()
	all := money.Currencies()
	base := all[chance.IntN(len(all))]
	quote := all[chance.IntN(len(all))]
	for quote == base {
		quote = all[chance.IntN(len(all))]
	}
	digits := fmt.Sprint(chance.Int64N(1_000_000_000_000_000_000)>>chance.IntN(58) + 1)
	if chance.IntN(2) == 0 {
		return mustRate(t, base, quote, "0."+digits)
	}
	if point := chance.IntN(len(digits)); point > 0 {
		digits = digits[:point] + "." + digits[point:]
	}
	return mustRate(t, base, quote, digits)
}

func fraction(t *testing.T, decimal string) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(decimal)
	if !ok {
		t.Fatalf("%s is no number", decimal)
	}
	return x
}

func power(exponent int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exponent)), nil))
}

const rounds = 20_000

func TestConvertAgreesWithFractions(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 1))
	for range rounds {
		rate, rounding := someRate(t, chance), money.Rounding(chance.IntN(4))
		from, to, number := rate.Base(), rate.Quote(), fraction(t, rate.Decimal())
		if chance.IntN(2) == 0 {
			from, to, number = to, from, number.Inv(number)
		}
		amount := money.New(someValue(chance), from)
		exact := new(big.Rat).Quo(new(big.Rat).SetInt64(amount.Value), power(from.Exponent()))
		exact.Mul(exact, number).Mul(exact, power(to.Exponent()))
		got, err := rate.Convert(amount, rounding)
		if err == nil && got.Currency != to {
			t.Fatalf("%s at %s is in %s", amount, rate, got.Currency)
		}
		agrees(t, got, err, exact, rounding, fmt.Sprintf("%s at %s, %s", amount, rate, rounding))
	}
}

func TestShareAgreesWithFractions(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(2, 2))
	for range rounds {
		value, part, whole, rounding := someValue(chance), someValue(chance), someValue(chance), money.Rounding(chance.IntN(4))
		if whole == 0 {
			continue
		}
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(value), big.NewInt(part)), big.NewInt(whole))
		got, err := money.New(value, "NOK").Share(part, whole, rounding)
		agrees(t, got, err, exact, rounding, fmt.Sprintf("%d × %d / %d, %s", value, part, whole, rounding))
	}
}

func TestWorsenedIsExactAndNeverBetter(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(3, 3))
	done := 0
	for range rounds {
		rate, basisPoints := someRate(t, chance), chance.Int64N(10_000)
		from, factor := rate.Base(), big.NewRat(10_000+basisPoints, 10_000)
		if chance.IntN(2) == 0 {
			from, factor = rate.Quote(), big.NewRat(10_000-basisPoints, 10_000)
		}
		worse, err := rate.Worsened(from, basisPoints)
		if reason, _ := hansa.ReasonOf(err); reason == hansa.OutOfRange {
			continue
		}
		done++
		want := factor.Mul(factor, fraction(t, rate.Decimal()))
		if err != nil || fraction(t, worse.Decimal()).Cmp(want) != 0 {
			t.Fatalf("%s by %d from %s: %s, %v; want %s", rate, basisPoints, from, worse, err, want.RatString())
		}
		if markup, err := worse.MarkupBasisPoints(rate, from); err == nil && markup < basisPoints {
			t.Fatalf("%s by %d from %s costs %d more", rate, basisPoints, from, markup)
		}
	}
	if done < rounds/4 {
		t.Errorf("only %d rates could be worsened", done)
	}
}

func TestDifferenceAgreesWithFractions(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(4, 4))
	for range rounds {
		rate := someRate(t, chance)
		other := mustRate(t, rate.Base(), rate.Quote(), someRate(t, chance).Decimal())
		exact := new(big.Rat).Quo(fraction(t, rate.Decimal()), fraction(t, other.Decimal()))
		exact.Sub(exact, big.NewRat(1, 1)).Abs(exact).Mul(exact, big.NewRat(10_000, 1))
		got, err := rate.DifferenceBasisPoints(other)
		agrees(t, money.New(got, "NOK"), err, exact, money.HalfUp, fmt.Sprintf("%s to %s", rate, other))
	}
}

func TestCrossRatesAreCloseToTheFraction(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(5, 5))
	for range rounds {
		rate := mustRate(t, "EUR", "NOK", fmt.Sprintf("%d.%04d", chance.IntN(1000), 1+chance.IntN(9999)))
		other := mustRate(t, "EUR", "SEK", fmt.Sprintf("%d.%04d", chance.IntN(1000), 1+chance.IntN(9999)))
		cross, err := rate.Per(other)
		if err != nil {
			t.Fatalf("%s per %s: %v", rate, other, err)
		}
		exact := new(big.Rat).Quo(fraction(t, rate.Decimal()), fraction(t, other.Decimal()))
		off := new(big.Rat).Sub(fraction(t, cross.Decimal()), exact)
		off.Abs(off.Quo(off, exact))
		if off.Cmp(new(big.Rat).Inv(power(11))) > 0 {
			t.Fatalf("%s per %s: %s is off by %s", rate, other, cross, off.FloatString(20))
		}
	}
}
