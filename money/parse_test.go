package money_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

func TestAmountsThatAreRead(t *testing.T) {
	t.Parallel()
	cases := map[string]money.Amount{
		"100.00 NOK":               money.New(10_000, "NOK"),
		"100 NOK":                  money.New(10_000, "NOK"),
		"100.5 NOK":                money.New(10_050, "NOK"),
		"0.05 EUR":                 money.New(5, "EUR"),
		"-0.05 EUR":                money.New(-5, "EUR"),
		"0 EUR":                    money.New(0, "EUR"),
		"0.00 EUR":                 money.New(0, "EUR"),
		"5 ISK":                    money.New(5, "ISK"),
		"0.001 BHD":                money.New(1, "BHD"),
		"1.2345 CLF":               money.New(12_345, "CLF"),
		"92233720368547758.07 USD": money.New(9_223_372_036_854_775_807, "USD"),
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := money.ParseAmount(text)
			if err != nil || got != want {
				t.Errorf("%s, %v; want %s", got, err, want)
			}
		})
	}
}

func TestAmountsThatAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want hansa.Reason
	}{
		{"100.001 NOK", hansa.InvalidScale},
		{"100.000 NOK", hansa.InvalidScale},
		{"5.0 ISK", hansa.InvalidScale},
		{"1.0001 BHD", hansa.InvalidScale},
		{"100.00 XYZ", hansa.UnknownCurrency},
		{"100.00 nok", hansa.UnknownCurrency},
		{"100.00 HRK", hansa.UnknownCurrency},
		{"100.00 ", hansa.UnknownCurrency},
		{"100.00  NOK", hansa.UnknownCurrency},
		{"100.00 NOK ", hansa.UnknownCurrency},
		{"", hansa.InvalidAmount},
		{"100.00", hansa.InvalidAmount},
		{"100.00NOK", hansa.InvalidAmount},
		{"NOK 100.00", hansa.UnknownCurrency},
		{" NOK", hansa.InvalidAmount},
		{"- NOK", hansa.InvalidAmount},
		{"-0.00 NOK", hansa.InvalidAmount},
		{"--1 NOK", hansa.InvalidAmount},
		{"+1 NOK", hansa.InvalidAmount},
		{"01 NOK", hansa.InvalidAmount},
		{"1. NOK", hansa.InvalidAmount},
		{".5 NOK", hansa.InvalidAmount},
		{"1,50 NOK", hansa.InvalidAmount},
		{"1.000.00 NOK", hansa.InvalidAmount},
		{"1e3 NOK", hansa.InvalidAmount},
		{"0x10 NOK", hansa.InvalidAmount},
		{"1_000 NOK", hansa.InvalidAmount},
		{"NaN NOK", hansa.InvalidAmount},
		{"\u0661 NOK", hansa.InvalidAmount},
		{"92233720368547758.08 NOK", hansa.InvalidAmount},
		{strings.Repeat("9", 1<<20) + " NOK", hansa.InvalidAmount},
		{"0." + strings.Repeat("0", 1<<20) + " NOK", hansa.InvalidAmount},
	}
	for _, c := range cases {
		t.Run(c.text[:min(len(c.text), 30)], func(t *testing.T) {
			t.Parallel()
			got, err := money.ParseAmount(c.text)
			wantReason(t, err, c.want)
			if got != (money.Amount{}) {
				t.Errorf("an amount came with the refusal: %s", got)
			}
		})
	}
	_, err := money.ParseDecimal("1.00", "XYZ")
	wantReason(t, err, hansa.UnknownCurrency)
}
