package money_test

import (
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

func TestDifferenceInBasisPoints(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		rate, other money.Rate
		want        int64
		refused     hansa.Reason
	}{
		{name: "equal", rate: mustRate(t, "EUR", "NOK", "10"), other: mustRate(t, "EUR", "NOK", "10.0")},
		{name: "over", rate: mustRate(t, "EUR", "NOK", "10.3"), other: mustRate(t, "EUR", "NOK", "10"), want: 300},
		{name: "under", rate: mustRate(t, "EUR", "NOK", "9.7"), other: mustRate(t, "EUR", "NOK", "10"), want: 300},
		{name: "half a point", rate: mustRate(t, "EUR", "NOK", "10.0005"), other: mustRate(t, "EUR", "NOK", "10"), want: 1},
		{name: "less than half", rate: mustRate(t, "EUR", "NOK", "10.00049"), other: mustRate(t, "EUR", "NOK", "10"), want: 0},
		{name: "half under", rate: mustRate(t, "EUR", "NOK", "9.9995"), other: mustRate(t, "EUR", "NOK", "10"), want: 1},
		{name: "inverted", rate: mustRate(t, "NOK", "EUR", "0.103"), other: mustRate(t, "EUR", "NOK", "10"), want: 300},
		{
			name: "another pair", rate: mustRate(t, "EUR", "NOK", "10"), other: mustRate(t, "EUR", "SEK", "10"),
			refused: hansa.CurrencyMismatch,
		},
		{name: "no rate", rate: mustRate(t, "EUR", "NOK", "10"), refused: hansa.CurrencyMismatch},
		{name: "neither", refused: hansa.CurrencyMismatch},
		{
			name: "worlds apart", rate: mustRate(t, "EUR", "NOK", "999999999999999999"),
			other: mustRate(t, "EUR", "NOK", "0.000000000000000001"), refused: hansa.OutOfRange,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.rate.DifferenceBasisPoints(c.other)
			wantReason(t, err, c.refused)
			if got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestMarkupIsWhatThePayerPaysMore(t *testing.T) {
	t.Parallel()
	reference := mustRate(t, "EUR", "NOK", "10")
	cases := []struct {
		name    string
		rate    money.Rate
		from    money.Currency
		want    int64
		refused hansa.Reason
	}{
		{name: "order in the base, dearer", rate: mustRate(t, "EUR", "NOK", "10.25"), from: "EUR", want: 250},
		{name: "order in the base, cheaper", rate: mustRate(t, "EUR", "NOK", "9.75"), from: "EUR", want: -250},
		// 10 / 8 = 1.25
		{name: "order in the quote, dearer", rate: mustRate(t, "EUR", "NOK", "8"), from: "NOK", want: 2500},
		{name: "order in the quote, cheaper", rate: mustRate(t, "EUR", "NOK", "12.5"), from: "NOK", want: -2000},
		{name: "inverted, order in its base", rate: mustRate(t, "NOK", "EUR", "0.125"), from: "NOK", want: 2500},
		{name: "inverted, order in its quote", rate: mustRate(t, "NOK", "EUR", "0.08"), from: "EUR", want: 2500},
		{name: "the same", rate: reference, from: "NOK"},
		{name: "another currency", rate: reference, from: "SEK", refused: hansa.CurrencyMismatch},
		{name: "another pair", rate: mustRate(t, "EUR", "SEK", "10"), from: "EUR", refused: hansa.CurrencyMismatch},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.rate.MarkupBasisPoints(reference, c.from)
			wantReason(t, err, c.refused)
			if got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestCrossRates(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		rate, other money.Rate
		want        string
		refused     hansa.Reason
	}{
		{name: "exact", rate: mustRate(t, "EUR", "DKK", "7.5"), other: mustRate(t, "EUR", "NOK", "10"), want: "0.75 DKK/NOK"},
		{name: "a third", rate: mustRate(t, "EUR", "DKK", "1"), other: mustRate(t, "EUR", "NOK", "3"), want: "0.333333333333 DKK/NOK"},
		{name: "a whole number", rate: mustRate(t, "EUR", "ISK", "143"), other: mustRate(t, "EUR", "USD", "1.1"), want: "130 ISK/USD"},
		{
			name: "a tiny one", rate: mustRate(t, "EUR", "KWD", "0.33"), other: mustRate(t, "EUR", "IRR", "990000000"),
			want: "0.000000000333333333 KWD/IRR",
		},
		{
			name: "next to nothing", rate: mustRate(t, "EUR", "KWD", "0.000000001"), other: mustRate(t, "EUR", "IRR", "990000000000"),
			refused: hansa.OutOfRange,
		},
		{
			name: "too much", rate: mustRate(t, "EUR", "IRR", "990000000000"), other: mustRate(t, "EUR", "KWD", "0.000000001"),
			refused: hansa.OutOfRange,
		},
		{
			name: "another base", rate: mustRate(t, "EUR", "DKK", "7.5"), other: mustRate(t, "USD", "NOK", "10"),
			refused: hansa.CurrencyMismatch,
		},
		{
			name: "the same quote", rate: mustRate(t, "EUR", "DKK", "7.5"), other: mustRate(t, "EUR", "DKK", "7.4"),
			refused: hansa.CurrencyMismatch,
		},
		{name: "no rates", refused: hansa.CurrencyMismatch},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := c.rate.Per(c.other)
			wantReason(t, err, c.refused)
			if err == nil && got.String() != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
