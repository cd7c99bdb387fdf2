package money_test

import (
	"encoding/json"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{
		"100.00 NOK", "100 NOK", "5 ISK", "5.0 ISK", "0.001 BHD", "1.2345 CLF", "-0.05 EUR", "-0 EUR",
		"92233720368547758.07 USD", "92233720368547758.08 USD", "1e9 NOK", " NOK", "", "1 XXX",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := money.ParseAmount(text)
		if err != nil {
			if _, ok := hansa.ReasonOf(err); !ok {
				t.Fatalf("%q: %v is no refusal", text, err)
			}
			return
		}
		again, err := money.ParseAmount(amount.String())
		if err != nil || again != amount {
			t.Fatalf("%q is %s, which reads as %s, %v", text, amount, again, err)
		}
	})
}

func FuzzNewRate(f *testing.F) {
	for _, seed := range []string{
		"7.74", "0.5", "1", "100", "0.000000000000000001", "999999999999999999", "1.0000000000000000000", "0", "07", "1.", ".1", "-1", "1e5",
	} {
		f.Add("USD", "NOK", seed)
	}
	f.Fuzz(func(t *testing.T, base, quote, decimal string) {
		rate, err := money.NewRate(money.Currency(base), money.Currency(quote), decimal)
		if err != nil {
			if _, ok := hansa.ReasonOf(err); !ok {
				t.Fatalf("%q: %v is no refusal", decimal, err)
			}
			return
		}
		again, err := money.NewRate(rate.Base(), rate.Quote(), rate.Decimal())
		if err != nil || again != rate {
			t.Fatalf("%q is %s, which reads as %s, %v", decimal, rate, again, err)
		}
		encoded, err := json.Marshal(rate)
		if err != nil {
			t.Fatal(err)
		}
		var decoded money.Rate
		if err := json.Unmarshal(encoded, &decoded); err != nil || decoded != rate {
			t.Fatalf("%s reads as %s, %v", encoded, decoded, err)
		}
		if difference, err := rate.DifferenceBasisPoints(again); err != nil || difference != 0 {
			t.Fatalf("%s differs from itself by %d, %v", rate, difference, err)
		}
	})
}

func FuzzRateJSON(f *testing.F) {
	f.Add([]byte(`{"base":"USD","quote":"NOK","value":"7.74"}`))
	f.Add([]byte(`{"base":"USD","base":"USD","quote":"NOK","value":"7.74"}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"value":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var rate money.Rate
		if err := rate.UnmarshalJSON(text); err != nil {
			if _, ok := hansa.ReasonOf(err); !ok {
				t.Fatalf("%q: %v is no refusal", text, err)
			}
			return
		}
		encoded, err := json.Marshal(rate)
		if err != nil {
			t.Fatal(err)
		}
		var again money.Rate
		if err := json.Unmarshal(encoded, &again); err != nil || again != rate {
			t.Fatalf("%s reads as %s, %v", encoded, again, err)
		}
	})
}
