package money_test

import (
	"slices"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// TestOddCurrencies holds those that common tables have wrong, and those that
// came or changed of late.
func TestOddCurrencies(t *testing.T) {
	t.Parallel()
	cases := []struct {
		code     money.Currency
		numeric  string
		exponent int
	}{
		{"NOK", "578", 2},
		{"DKK", "208", 2},
		{"SEK", "752", 2},
		{"ISK", "352", 0},
		{"EUR", "978", 2},
		{"CNY", "156", 2},
		{"USD", "840", 2},
		// Three decimals, among them one that tables give none.
		{"BHD", "048", 3},
		{"IQD", "368", 3},
		{"JOD", "400", 3},
		{"KWD", "414", 3},
		{"LYD", "434", 3},
		{"OMR", "512", 3},
		{"TND", "788", 3},
		// Four decimals.
		{"CLF", "990", 4},
		{"UYW", "927", 4},
		// Two decimals, though coins of them are gone.
		{"AFN", "971", 2},
		{"ALL", "008", 2},
		{"HUF", "348", 2},
		{"IDR", "360", 2},
		{"IRR", "364", 2},
		{"LAK", "418", 2},
		{"LBP", "422", 2},
		{"MGA", "969", 2},
		{"MMK", "104", 2},
		{"MRU", "929", 2},
		{"RSD", "941", 2},
		{"SOS", "706", 2},
		{"SYP", "760", 2},
		{"TWD", "901", 2},
		{"YER", "886", 2},
		// None.
		{"BIF", "108", 0},
		{"CLP", "152", 0},
		{"DJF", "262", 0},
		{"GNF", "324", 0},
		{"JPY", "392", 0},
		{"KMF", "174", 0},
		{"KRW", "410", 0},
		{"PYG", "600", 0},
		{"RWF", "646", 0},
		{"UGX", "800", 0},
		{"UYI", "940", 0},
		{"VND", "704", 0},
		{"VUV", "548", 0},
		{"XAF", "950", 0},
		{"XOF", "952", 0},
		{"XPF", "953", 0},
		// New.
		{"SLE", "925", 2},
		{"VED", "926", 2},
		{"VES", "928", 2},
		{"XAD", "396", 2},
		{"XCG", "532", 2},
		{"ZWG", "924", 2},
	}
	for _, c := range cases {
		t.Run(string(c.code), func(t *testing.T) {
			t.Parallel()
			if !c.code.Known() {
				t.Fatal("not known")
			}
			if got := c.code.Exponent(); got != c.exponent {
				t.Errorf("exponent %d, want %d", got, c.exponent)
			}
			if got := c.code.Numeric(); got != c.numeric {
				t.Errorf("numeric %s, want %s", got, c.numeric)
			}
		})
	}
}

func TestOnlyTheListedCurrenciesHaveNoOrManyDecimals(t *testing.T) {
	t.Parallel()
	count := map[int]int{}
	for _, c := range money.Currencies() {
		count[c.Exponent()]++
	}
	for exponent, want := range map[int]int{0: 17, 2: 139, 3: 7, 4: 2} {
		if count[exponent] != want {
			t.Errorf("%d currencies with %d decimals, want %d", count[exponent], exponent, want)
		}
	}
	if len(count) != 4 {
		t.Errorf("exponents %v", count)
	}
}

func TestCurrenciesAreSortedAndOne(t *testing.T) {
	t.Parallel()
	all := money.Currencies()
	if !slices.IsSorted(all) {
		t.Error("not sorted")
	}
	for _, c := range all {
		if len(c) != 3 || len(c.Numeric()) != 3 {
			t.Errorf("%s %s: a code has three characters", c, c.Numeric())
		}
		if found, err := money.CurrencyByNumeric(c.Numeric()); err != nil || found != c {
			t.Errorf("%s is %s, %v; want %s", c.Numeric(), found, err, c)
		}
		if parsed, err := money.ParseCurrency(string(c)); err != nil || parsed != c {
			t.Errorf("%s reads as %s, %v", c, parsed, err)
		}
	}
	all[0] = "QQQ"
	if money.Currencies()[0] != "AED" {
		t.Error("a caller could change the table")
	}
}

func TestWhatIsNoCurrency(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"empty": "", "lower case": "nok", "a space": "NOK ", "too long": "NOKK", "too short": "NO",
		"kuna": "HRK", "lev": "BGN", "old guilder": "ANG", "convertible peso": "CUC", "old leone": "SLL", "old dollar": "ZWL",
		"gold": "XAU", "drawing rights": "XDR", "testing": "XTS", "none": "XXX", "Cyrillic letters": "\u0420\u0423\u0411",
	}
	for name, code := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := money.ParseCurrency(code)
			wantReason(t, err, hansa.UnknownCurrency)
			if money.Currency(code).Known() {
				t.Error("known")
			}
		})
	}
	for _, numeric := range []string{"", "000", "36", "0036", "NOK", "999", "191"} {
		_, err := money.CurrencyByNumeric(numeric)
		wantReason(t, err, hansa.UnknownCurrency)
	}
}
