package money_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// wantReason fails the test unless err is a Refusal of that reason; the empty
// reason stands for no error at all.
func wantReason(t *testing.T, err error, want hansa.Reason) {
	t.Helper()
	got, _ := hansa.ReasonOf(err)
	if got != want || (err == nil) != (want == "") {
		t.Errorf("error %v, want reason %q", err, want)
	}
}

func mustRate(t testing.TB, base, quote money.Currency, decimal string) money.Rate {
	t.Helper()
	rate, err := money.NewRate(base, quote, decimal)
	if err != nil {
		t.Fatalf("rate %s %s/%s: %v", decimal, quote, base, err)
	}
	return rate
}

func TestPlusAndMinusStayInRange(t *testing.T) {
	t.Parallel()
	const top = math.MaxInt64
	cases := []struct {
		name        string
		a, b        money.Amount
		plus, minus int64
		refusePlus  hansa.Reason
		refuseMinus hansa.Reason
	}{
		{name: "small", a: money.New(5, "NOK"), b: money.New(7, "NOK"), plus: 12, minus: -2},
		{name: "nothing added", a: money.New(5, "NOK"), b: money.New(0, "NOK"), plus: 5, minus: 5},
		{name: "negative", a: money.New(-5, "NOK"), b: money.New(-7, "NOK"), plus: -12, minus: 2},
		{
			name: "two currencies", a: money.New(5, "NOK"), b: money.New(7, "SEK"),
			refusePlus: hansa.CurrencyMismatch, refuseMinus: hansa.CurrencyMismatch,
		},
		{name: "over the top", a: money.New(top, "NOK"), b: money.New(1, "NOK"), refusePlus: hansa.OutOfRange, minus: top - 1},
		{name: "under the bottom", a: money.New(-top, "NOK"), b: money.New(1, "NOK"), plus: -top + 1, refuseMinus: hansa.OutOfRange},
		{name: "both at the top", a: money.New(top, "NOK"), b: money.New(top, "NOK"), refusePlus: hansa.OutOfRange},
		{name: "both at the bottom", a: money.New(-top, "NOK"), b: money.New(-top, "NOK"), refusePlus: hansa.OutOfRange},
		{
			name: "a value that has no negative", a: money.New(0, "NOK"), b: money.New(math.MinInt64, "NOK"),
			refusePlus: hansa.OutOfRange, refuseMinus: hansa.OutOfRange,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sum, err := c.a.Plus(c.b)
			wantReason(t, err, c.refusePlus)
			if err == nil && sum != money.New(c.plus, c.a.Currency) {
				t.Errorf("plus %s, want %d", sum, c.plus)
			}
			difference, err := c.a.Minus(c.b)
			wantReason(t, err, c.refuseMinus)
			if err == nil && difference != money.New(c.minus, c.a.Currency) {
				t.Errorf("minus %s, want %d", difference, c.minus)
			}
		})
	}
}

func TestWhatIsPayable(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		amount money.Amount
		want   hansa.Reason
	}{
		{"the least", money.New(1, "ISK"), ""},
		{"the most", money.New(money.AmountMax, "EUR"), ""},
		{"nothing", money.New(0, "EUR"), hansa.InvalidAmount},
		{"less than nothing", money.New(-1, "EUR"), hansa.InvalidAmount},
		{"more than the most", money.New(money.AmountMax+1, "EUR"), hansa.InvalidAmount},
		{"lower case", money.New(1, "eur"), hansa.UnknownCurrency},
		{"no currency", money.Amount{Value: 1}, hansa.UnknownCurrency},
		{"a currency of the past", money.New(1, "HRK"), hansa.UnknownCurrency},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantReason(t, c.amount.Payable(), c.want)
		})
	}
}

func TestCompareOrdersAmounts(t *testing.T) {
	t.Parallel()
	small, large := money.New(-3, "NOK"), money.New(2, "NOK")
	got := []int{small.Compare(large), large.Compare(large), large.Compare(small)}
	if diff := cmp.Diff([]int{-1, 0, 1}, got); diff != "" {
		t.Errorf("compare (-want +got):\n%s", diff)
	}
}

func TestBugsPanic(t *testing.T) {
	t.Parallel()
	cases := map[string]func(){
		"comparing two currencies":         func() { money.New(1, "NOK").Compare(money.New(1, "SEK")) },
		"the exponent of no currency":      func() { money.Currency("XXX").Exponent() },
		"the number of no currency":        func() { _ = money.Currency("").Numeric() },
		"the negative that does not exist": func() { money.New(math.MinInt64, "NOK").Negative() },
		"a rounding that does not exist":   func() { _ = money.Rounding(4).String() },
	}
	for name, bug := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			bug()
		})
	}
}

func TestShareIsExactAndRoundedOnce(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name               string
		value, part, whole int64
		rounding           money.Rounding
		want               int64
		refused            hansa.Reason
	}{
		{name: "70 basis points", value: 10_050, part: 70, whole: 10_000, rounding: money.HalfUp, want: 70},
		{name: "half up", value: 5, part: 1, whole: 2, rounding: money.HalfUp, want: 3},
		{name: "half even", value: 5, part: 1, whole: 2, rounding: money.HalfEven, want: 2},
		{name: "half even to the upper", value: 7, part: 1, whole: 2, rounding: money.HalfEven, want: 4},
		{name: "down", value: 299, part: 1, whole: 100, rounding: money.Down, want: 2},
		{name: "up", value: 201, part: 1, whole: 100, rounding: money.Up, want: 3},
		{name: "negative half up", value: -5, part: 1, whole: 2, rounding: money.HalfUp, want: -3},
		{name: "negative half even", value: -5, part: 1, whole: 2, rounding: money.HalfEven, want: -2},
		{name: "negative down", value: -299, part: 1, whole: 100, rounding: money.Down, want: -2},
		{name: "negative up", value: -201, part: 1, whole: 100, rounding: money.Up, want: -3},
		{name: "negative whole", value: 5, part: 1, whole: -2, rounding: money.Down, want: -2},
		{name: "product over 64 bits", value: math.MaxInt64, part: math.MaxInt64, whole: math.MaxInt64, want: math.MaxInt64},
		{name: "result over 64 bits", value: math.MaxInt64, part: 2, whole: 1, refused: hansa.OutOfRange},
		{name: "result that has no negative", value: math.MinInt64, part: 1, whole: 1, refused: hansa.OutOfRange},
		{name: "of zero parts", value: 1, part: 1, whole: 0, refused: hansa.OutOfRange},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := money.New(c.value, "NOK").Share(c.part, c.whole, c.rounding)
			wantReason(t, err, c.refused)
			if err == nil && got != money.New(c.want, "NOK") {
				t.Errorf("%s, want %d", got, c.want)
			}
		})
	}
}

func TestAmountsAreWrittenWithTheirDecimals(t *testing.T) {
	t.Parallel()
	cases := map[string]money.Amount{
		"100.00 NOK":                money.New(10_000, "NOK"),
		"0.05 NOK":                  money.New(5, "NOK"),
		"-0.05 NOK":                 money.New(-5, "NOK"),
		"0.00 EUR":                  money.New(0, "EUR"),
		"500 ISK":                   money.New(500, "ISK"),
		"0 JPY":                     money.New(0, "JPY"),
		"-12 JPY":                   money.New(-12, "JPY"),
		"0.001 BHD":                 money.New(1, "BHD"),
		"1.2345 CLF":                money.New(12_345, "CLF"),
		"92233720368547758.07 USD":  money.New(math.MaxInt64, "USD"),
		"-92233720368547758.08 USD": money.New(math.MinInt64, "USD"),
		`7 minor units of "XYZ"`:    money.New(7, "XYZ"),
		`0 minor units of ""`:       {},
	}
	for want, amount := range cases {
		if got := amount.String(); got != want {
			t.Errorf("%d %s: %q, want %q", amount.Value, amount.Currency, got, want)
		}
	}
}

func TestAmountInJSON(t *testing.T) {
	t.Parallel()
	const text = `{"value":51680,"currency":"USD"}`
	encoded, err := json.Marshal(money.New(51_680, "USD"))
	if err != nil || string(encoded) != text {
		t.Errorf("%s, %v; want %s", encoded, err, text)
	}
	var decoded money.Amount
	if err := json.Unmarshal([]byte(text), &decoded); err != nil || decoded != money.New(51_680, "USD") {
		t.Errorf("%s, %v", decoded, err)
	}
	if err := json.Unmarshal([]byte(`{"value":516.8,"currency":"USD"}`), &decoded); err == nil {
		t.Error("a fraction of a minor unit was read")
	}
}

func TestRoundingsHaveNames(t *testing.T) {
	t.Parallel()
	for rounding, name := range map[money.Rounding]string{
		money.HalfUp: `"half_up"`, money.HalfEven: `"half_even"`, money.Down: `"down"`, money.Up: `"up"`,
	} {
		encoded, err := json.Marshal(rounding)
		if err != nil || string(encoded) != name {
			t.Errorf("%s, %v; want %s", encoded, err, name)
		}
		var decoded money.Rounding
		if err := json.Unmarshal(encoded, &decoded); err != nil || decoded != rounding {
			t.Errorf("%s, %v; want %s", decoded, err, rounding)
		}
	}
	_, err := money.ParseRounding("HALF_UP")
	wantReason(t, err, hansa.Malformed)
	var unchanged money.Rounding
	wantReason(t, json.Unmarshal([]byte(`"ceiling"`), &unchanged), hansa.Malformed)
}
