package money_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

func TestConvert(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		base, quote money.Currency
		decimal     string
		amount      string
		rounding    money.Rounding
		want        string
	}{
		// 4000 / 7.74 = 516.79586...
		{"kroner to dollars", "USD", "NOK", "7.74", "4000.00 NOK", money.HalfUp, "516.80 USD"},
		{"kroner to dollars down", "USD", "NOK", "7.74", "4000.00 NOK", money.Down, "516.79 USD"},
		{"dollars to kroner", "USD", "NOK", "7.74", "516.80 USD", money.HalfUp, "4000.03 NOK"},
		// 12.34 × 143.5 = 1770.79
		{"to no decimals", "EUR", "ISK", "143.5", "12.34 EUR", money.HalfUp, "1771 ISK"},
		{"to no decimals down", "EUR", "ISK", "143.5", "12.34 EUR", money.Down, "1770 ISK"},
		// 1771 / 143.5 = 12.3414...
		{"from no decimals", "EUR", "ISK", "143.5", "1771 ISK", money.HalfUp, "12.34 EUR"},
		{"from no decimals up", "EUR", "ISK", "143.5", "1771 ISK", money.Up, "12.35 EUR"},
		// 1 / 0.376 = 2.6595...
		{"from three decimals", "USD", "BHD", "0.376", "1.000 BHD", money.HalfUp, "2.66 USD"},
		// 12.34 × 0.376 = 4.63984
		{"to three decimals", "USD", "BHD", "0.376", "12.34 USD", money.HalfUp, "4.640 BHD"},
		// 0.376 / 155 = 0.0024258...
		{"from none to three", "BHD", "JPY", "412.25", "1 JPY", money.HalfUp, "0.002 BHD"},
		{"from three to none", "BHD", "JPY", "412.25", "0.001 BHD", money.Up, "1 JPY"},
		{"half up", "EUR", "NOK", "0.5", "0.01 EUR", money.HalfUp, "0.01 NOK"},
		{"half even", "EUR", "NOK", "0.5", "0.01 EUR", money.HalfEven, "0.00 NOK"},
		{"half even to the upper", "EUR", "NOK", "0.5", "0.03 EUR", money.HalfEven, "0.02 NOK"},
		{"negative", "USD", "NOK", "7.74", "-4000.00 NOK", money.HalfUp, "-516.80 USD"},
		{"negative down", "USD", "NOK", "7.74", "-4000.00 NOK", money.Down, "-516.79 USD"},
		{"nothing", "USD", "NOK", "7.74", "0.00 NOK", money.Up, "0.00 USD"},
		{"a tiny rate", "IRR", "KWD", "0.000007", "1000000.00 IRR", money.HalfUp, "7.000 KWD"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			amount, err := money.ParseAmount(c.amount)
			if err != nil {
				t.Fatal(err)
			}
			got, err := mustRate(t, c.base, c.quote, c.decimal).Convert(amount, c.rounding)
			if err != nil || got.String() != c.want {
				t.Errorf("%s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestConvertRefuses(t *testing.T) {
	t.Parallel()
	rate := mustRate(t, "USD", "NOK", "7.74")
	cases := []struct {
		name   string
		rate   money.Rate
		amount money.Amount
		want   hansa.Reason
	}{
		{"another currency", rate, money.New(1, "SEK"), hansa.CurrencyMismatch},
		{"an unknown currency", rate, money.New(1, "XXX"), hansa.CurrencyMismatch},
		{"no rate", money.Rate{}, money.New(1, "NOK"), hansa.CurrencyMismatch},
		{"no rate, no currency", money.Rate{}, money.Amount{}, hansa.CurrencyMismatch},
		{"more than fits", rate, money.New(math.MaxInt64, "USD"), hansa.OutOfRange},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := c.rate.Convert(c.amount, money.HalfUp)
			wantReason(t, err, c.want)
		})
	}
}

func TestRatesHaveOneForm(t *testing.T) {
	t.Parallel()
	rate := mustRate(t, "USD", "NOK", "7.7400")
	if rate != mustRate(t, "USD", "NOK", "7.74") {
		t.Error("trailing zeros make another rate")
	}
	if got := rate.String(); got != "7.74 NOK/USD" {
		t.Error(got)
	}
	for decimal, want := range map[string]string{
		"0.10": "0.1", "100": "100", "100.0": "100", "0.000000000000000001": "0.000000000000000001",
		"999999999999999999": "999999999999999999", "1.00000000000000000000": "1",
	} {
		if got := mustRate(t, "USD", "NOK", decimal).Decimal(); got != want {
			t.Errorf("%s is written %s, want %s", decimal, got, want)
		}
	}
	if got := (money.Rate{}).String(); got != "no conversion" {
		t.Error(got)
	}
}

func TestRatesThatAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		base, quote money.Currency
		decimal     string
		want        hansa.Reason
	}{
		{"unknown base", "XXX", "NOK", "1", hansa.UnknownCurrency},
		{"unknown quote", "USD", "", "1", hansa.UnknownCurrency},
		{"against itself", "NOK", "NOK", "1", hansa.CurrencyMismatch},
		{"zero", "USD", "NOK", "0.00", hansa.OutOfRange},
		{"negative", "USD", "NOK", "-1", hansa.Malformed},
		{"empty", "USD", "NOK", "", hansa.Malformed},
		{"no digit", "USD", "NOK", ".", hansa.Malformed},
		{"leading zero", "USD", "NOK", "07.74", hansa.Malformed},
		{"comma", "USD", "NOK", "7,74", hansa.Malformed},
		{"exponent", "USD", "NOK", "1e1", hansa.Malformed},
		{"space", "USD", "NOK", "7.74 ", hansa.Malformed},
		{"nineteen digits", "USD", "NOK", "1234567890.123456789", hansa.OutOfRange},
		{"nineteen decimals", "USD", "NOK", "0.0000000000000000001", hansa.OutOfRange},
		{"a megabyte", "USD", "NOK", strings.Repeat("1", 1<<20), hansa.Malformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rate, err := money.NewRate(c.base, c.quote, c.decimal)
			wantReason(t, err, c.want)
			if !rate.IsZero() {
				t.Errorf("a rate came with the refusal: %s", rate)
			}
		})
	}
}

func TestConvertsBetween(t *testing.T) {
	t.Parallel()
	rate := mustRate(t, "USD", "NOK", "7.74")
	if !rate.ConvertsBetween("USD", "NOK") || !rate.ConvertsBetween("NOK", "USD") {
		t.Error("not between its own currencies")
	}
	if rate.ConvertsBetween("USD", "USD") || rate.ConvertsBetween("USD", "SEK") || (money.Rate{}).ConvertsBetween("", "") {
		t.Error("between others")
	}
}

func TestWorsenedCostsThePayerMore(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		base, quote money.Currency
		decimal     string
		from        money.Currency
		basisPoints int64
		want        string
		refused     hansa.Reason
	}{
		{name: "order in the quote", base: "USD", quote: "NOK", decimal: "7.74", from: "NOK", basisPoints: 150, want: "7.6239"},
		{name: "order in the base", base: "USD", quote: "NOK", decimal: "7.74", from: "USD", basisPoints: 150, want: "7.8561"},
		{name: "by nothing", base: "USD", quote: "NOK", decimal: "7.74", from: "NOK", basisPoints: 0, want: "7.74"},
		{name: "short again", base: "EUR", quote: "NOK", decimal: "10", from: "EUR", basisPoints: 5000, want: "15"},
		{name: "nearly all", base: "EUR", quote: "NOK", decimal: "10", from: "NOK", basisPoints: 9999, want: "0.001"},
		{name: "all", base: "EUR", quote: "NOK", decimal: "10", from: "NOK", basisPoints: 10_000, refused: hansa.OutOfRange},
		{name: "negative", base: "EUR", quote: "NOK", decimal: "10", from: "NOK", basisPoints: -1, refused: hansa.OutOfRange},
		{name: "another currency", base: "EUR", quote: "NOK", decimal: "10", from: "SEK", basisPoints: 1, refused: hansa.CurrencyMismatch},
		{
			name: "digits that do not fit", base: "EUR", quote: "NOK", decimal: "1.23456789012345678", from: "NOK",
			basisPoints: 1, refused: hansa.OutOfRange,
		},
		{
			name: "decimals that do not fit", base: "EUR", quote: "NOK", decimal: "0.000000000000000001", from: "NOK",
			basisPoints: 1, refused: hansa.OutOfRange,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := mustRate(t, c.base, c.quote, c.decimal).Worsened(c.from, c.basisPoints)
			wantReason(t, err, c.refused)
			if err == nil && got != mustRate(t, c.base, c.quote, c.want) {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestRateInJSON(t *testing.T) {
	t.Parallel()
	const text = `{"base":"USD","quote":"NOK","value":"7.74"}`
	rate := mustRate(t, "USD", "NOK", "7.74")
	encoded, err := json.Marshal(rate)
	if err != nil || string(encoded) != text {
		t.Errorf("%s, %v; want %s", encoded, err, text)
	}
	for name, text := range map[string]string{
		"as written":     text,
		"another order":  ` { "value" : "7.7400", "quote":"NOK", "base":"USD" } `,
		"escaped digits": `{"base":"\u0055SD","quote":"NOK","value":"7.74"}`,
	} {
		var decoded money.Rate
		if err := json.Unmarshal([]byte(text), &decoded); err != nil || decoded != rate {
			t.Errorf("%s: %s, %v", name, decoded, err)
		}
	}
}

func TestNoRateIsNullInJSON(t *testing.T) {
	t.Parallel()
	encoded, err := json.Marshal(money.Rate{})
	if err != nil || string(encoded) != "null" {
		t.Errorf("%s, %v", encoded, err)
	}
	decoded := mustRate(t, "USD", "NOK", "7.74")
	if err := json.Unmarshal([]byte("null"), &decoded); err != nil || !decoded.IsZero() {
		t.Errorf("%s, %v", decoded, err)
	}
}

func TestRateInJSONIsStrict(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       hansa.Reason
	}{
		{"a number", `{"base":"USD","quote":"NOK","value":7.74}`, hansa.Malformed},
		{"null inside", `{"base":"USD","quote":"NOK","value":null}`, hansa.Malformed},
		{"an object inside", `{"base":"USD","quote":"NOK","value":{}}`, hansa.Malformed},
		{"one missing", `{"base":"USD","quote":"NOK"}`, hansa.Malformed},
		{"one twice", `{"base":"USD","base":"USD","quote":"NOK","value":"7.74"}`, hansa.Malformed},
		{"one more", `{"base":"USD","quote":"NOK","value":"7.74","date":""}`, hansa.UnknownField},
		{"upper case", `{"Base":"USD","quote":"NOK","value":"7.74"}`, hansa.UnknownField},
		{"a list", `["USD","NOK","7.74"]`, hansa.Malformed},
		{"a string", `"7.74 NOK/USD"`, hansa.Malformed},
		{"unknown currency", `{"base":"XXX","quote":"NOK","value":"7.74"}`, hansa.UnknownCurrency},
		{"zero", `{"base":"USD","quote":"NOK","value":"0"}`, hansa.OutOfRange},
		{"negative", `{"base":"USD","quote":"NOK","value":"-7.74"}`, hansa.Malformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var decoded money.Rate
			wantReason(t, json.Unmarshal([]byte(c.text), &decoded), c.want)
			if !decoded.IsZero() {
				t.Errorf("a rate came with the refusal: %s", decoded)
			}
		})
	}
	for _, text := range []string{"", "{", `{"base"`, `{"base":"USD","quote":"NOK","value":"7.74"}{}`} {
		var decoded money.Rate
		wantReason(t, decoded.UnmarshalJSON([]byte(text)), hansa.Malformed)
	}
}
