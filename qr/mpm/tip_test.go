package mpm_test

import (
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
)

func TestTipIsUnderstoodInOneWayOrNotAtAll(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		changes []string
		want    mpm.Tip
		ok      bool
	}{
		"none":                        {nil, mpm.Tip{}, true},
		"the payer is asked":          {[]string{"550201"}, mpm.Tip{Kind: mpm.TipPrompted}, true},
		"a fee":                       {[]string{"550202", "56041.00"}, mpm.Tip{Kind: mpm.TipFixed, Fee: money.New(100, "EUR")}, true},
		"a percentage":                {[]string{"550203", "57042.50"}, mpm.Tip{Kind: mpm.TipPercentage, Hundredths: 250}, true},
		"a whole percentage":          {[]string{"550203", "570210"}, mpm.Tip{Kind: mpm.TipPercentage, Hundredths: 1000}, true},
		"a fee that is not announced": {[]string{"56041.00"}, mpm.Tip{}, false},
		"a fee that is not there":     {[]string{"550202"}, mpm.Tip{}, false},
		"both":                        {[]string{"550202", "56041.00", "57042.50"}, mpm.Tip{}, false},
		"a fee that is none":          {[]string{"550202", "56041,00"}, mpm.Tip{Kind: mpm.TipFixed}, false},
		"a percentage that is none":   {[]string{"550203", "5703100"}, mpm.Tip{Kind: mpm.TipPercentage, Hundredths: 10000}, false},
		"something else":              {[]string{"550204"}, mpm.Tip{}, false},
		"an empty indicator":          {[]string{"5500"}, mpm.Tip{}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _ := mpm.Read(changed(c.changes...))
			if got, ok := code.Tip(); ok != c.ok || ok && got != c.want {
				t.Errorf("got %v, %v, want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestTotalThatThePayerPays(t *testing.T) {
	t.Parallel()
	fixed := mpm.Tip{Kind: mpm.TipFixed, Fee: money.New(100, "EUR")}
	percentage := mpm.Tip{Kind: mpm.TipPercentage, Hundredths: 250}
	cases := map[string]struct {
		tip           mpm.Tip
		amount, given int64
		rounding      money.Rounding
		want          int64
	}{
		"no tip":                     {mpm.Tip{}, 1050, 0, money.HalfUp, 1050},
		"a tip that was given":       {mpm.Tip{Kind: mpm.TipPrompted}, 1050, 150, money.HalfUp, 1200},
		"a tip that was not given":   {mpm.Tip{Kind: mpm.TipPrompted}, 1050, 0, money.HalfUp, 1050},
		"a fee":                      {fixed, 1050, 0, money.HalfUp, 1150},
		"a percentage":               {percentage, 1000, 0, money.HalfUp, 1025},
		"a percentage rounded up":    {percentage, 1060, 0, money.HalfUp, 1087},
		"a percentage rounded even":  {percentage, 1060, 0, money.HalfEven, 1086},
		"a percentage rounded down":  {percentage, 1060, 0, money.Down, 1086},
		"a percentage of the most":   {percentage, money.AmountMax, 0, money.HalfUp, money.AmountMax / 1000 * 1025},
		"a percentage of one cent":   {percentage, 1, 0, money.HalfUp, 1},
		"a percentage of one cent +": {percentage, 1, 0, money.Up, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.tip.Total(money.New(c.amount, "EUR"), money.New(c.given, "EUR"), c.rounding)
			if want := money.New(c.want, "EUR"); err != nil || got != want {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestTipsThatAreRefused(t *testing.T) {
	t.Parallel()
	euro, yen := money.New(1000, "EUR"), money.New(100, "JPY")
	cases := map[string]struct {
		tip           mpm.Tip
		amount, given money.Amount
		want          hansa.Reason
	}{
		"a tip that was not asked for": {mpm.Tip{}, euro, money.New(1, "EUR"), hansa.InvalidAmount},
		"a tip beside a fee":           {mpm.Tip{Kind: mpm.TipFixed, Fee: euro}, euro, money.New(1, "EUR"), hansa.InvalidAmount},
		"a negative tip":               {mpm.Tip{Kind: mpm.TipPrompted}, euro, money.New(-1, "EUR"), hansa.InvalidAmount},
		"a tip in another currency":    {mpm.Tip{Kind: mpm.TipPrompted}, euro, yen, hansa.CurrencyMismatch},
		"a fee in another currency":    {mpm.Tip{Kind: mpm.TipFixed, Fee: yen}, euro, money.Amount{}, hansa.CurrencyMismatch},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.tip.Total(c.amount, c.given, money.HalfUp)
			if reason, _ := hansa.ReasonOf(err); reason != c.want {
				t.Errorf("got %v, %v, want %s", got, err, c.want)
			}
		})
	}
}
