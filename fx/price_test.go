package fx_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/money"
)

// counter is a board with round numbers, so that a person can check the golden
// table with a pencil.
func counter(t testing.TB) fx.Board {
	t.Helper()
	return mustBoard(t,
		[]fx.StandingRate{
			standing(t, "EUR", "NOK", "10"),
			standing(t, "EUR", "SEK", "11"),
			standing(t, "EUR", "DKK", "7.5"),
			standing(t, "EUR", "ISK", "140"),
			standing(t, "EUR", "CNY", "8"),
			standing(t, "EUR", "BHD", "0.4"),
			standing(t, "CNY", "NOK", "1.25"),
			standing(t, "CNY", "ISK", "17.5"),
			standing(t, "NOK", "SEK", "1.1"),
			standing(t, "USD", "NOK", "7.74"),
		},
		[]fx.Reference{
			reference(t, "ecb", "EUR", "NOK", "10"),
			reference(t, "ecb", "EUR", "SEK", "11"),
			reference(t, "ecb", "EUR", "DKK", "7.5"),
			reference(t, "ecb", "EUR", "ISK", "140"),
			reference(t, "ecb", "EUR", "CNY", "8"),
			reference(t, "norges_bank", "USD", "NOK", "7.74"),
		})
}

// conversion is a line of the golden table.
type conversion struct {
	name                    string
	order                   string
	debit, wallet, acquirer money.Currency
	corridorSpread          int64
	now                     time.Time
}

func conversions() []conversion {
	return []conversion{
		{"a visitor with yuan, a wallet in euros, an acquirer in kroner", "100.00 NOK", "CNY", "EUR", "NOK", 0, wednesday},
		{"the same on a Saturday", "100.00 NOK", "CNY", "EUR", "NOK", 0, saturday},
		{"the same in a corridor that takes 50 basis points", "100.00 NOK", "CNY", "EUR", "NOK", 50, wednesday},
		{"the same, the acquirer in euros as well", "100.00 NOK", "CNY", "EUR", "EUR", 0, wednesday},
		{"a neighbour: kroner for a price in kronor", "99.90 SEK", "NOK", "NOK", "SEK", 0, wednesday},
		{"a payer in euros in Denmark", "45.00 DKK", "EUR", "EUR", "DKK", 0, wednesday},
		{"a payer in euros in Iceland", "2500 ISK", "EUR", "EUR", "ISK", 0, wednesday},
		{"a price in euros, a payer in Iceland", "12.34 EUR", "ISK", "ISK", "EUR", 0, wednesday},
		{"a price in euros, a payer in Bahrain", "12.34 EUR", "BHD", "BHD", "EUR", 0, wednesday},
		{"yuan for a price in Iceland, settled in euros on both sides", "2500 ISK", "CNY", "EUR", "EUR", 0, wednesday},
		{"everything in kroner", "100.00 NOK", "NOK", "NOK", "NOK", 0, wednesday},
		{"euros straight across, yuan for the payer's eye only", "20.00 EUR", "CNY", "EUR", "EUR", 0, wednesday},
		{"a wallet in kroner, an acquirer in euros", "100.00 NOK", "NOK", "NOK", "EUR", 0, wednesday},
		{"four currencies", "4000.00 NOK", "CNY", "USD", "EUR", 0, wednesday},
	}
}

func TestConversionsGolden(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	board := counter(t)
	for _, c := range conversions() {
		legs := fx.Legs{Order: mustAmount(t, c.order), DebitCurrency: c.debit, WalletCurrency: c.wallet, AcquirerCurrency: c.acquirer}
		terms, err := board.Price("hanseatic-fx", legs, c.corridorSpread, c.now)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		fmt.Fprintf(&table, "%s\n%s\n", c.name, written(terms))
	}
	golden(t, "testdata/conversions.txt", table.String())
}

// written lays the terms out for a reader with a pencil.
func written(t fx.Terms) string {
	var text strings.Builder
	line := func(name string, amount money.Amount, rate money.Rate) {
		fmt.Fprintf(&text, "  %-10s %12s", name, amount)
		if !rate.IsZero() {
			fmt.Fprintf(&text, " at %s", rate)
		}
		text.WriteString("\n")
	}
	line("order", t.Order, money.Rate{})
	line("debit", t.Debit, t.Rate)
	line("wallet", t.WalletSettlement, t.WalletRate)
	line("acquirer", t.AcquirerSettlement, t.AcquirerRate)
	if t.ProviderReceives.IsPositive() {
		line("receives", t.ProviderReceives, money.Rate{})
		line("gives", t.ProviderGives, money.Rate{})
	}
	markup := "no reference"
	if t.HasReference {
		markup = fmt.Sprintf("mark-up %d basis points", t.MarkupBasisPoints)
	}
	fmt.Fprintf(&text, "  provider %q, %s, %s\n", t.Provider, t.Rounding, markup)
	return text.String()
}

// golden compares got with a file, or rewrites the file if UPDATE_GOLDEN is 1.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestFourThousandKronerByHand is the worked example, without a spread: 4000 /
// 7.74 = 516.7958…, of which the wallet owes the nearest cent and the provider
// deals the whole ones.
func TestFourThousandKronerByHand(t *testing.T) {
	t.Parallel()
	rate := standing(t, "USD", "NOK", "7.74")
	rate.Spread = 0
	board := mustBoard(t, []fx.StandingRate{rate}, []fx.Reference{reference(t, "norges_bank", "USD", "NOK", "7.74")})
	legs := fx.Legs{Order: mustAmount(t, "4000.00 NOK"), DebitCurrency: "USD", WalletCurrency: "USD", AcquirerCurrency: "NOK"}
	got, err := board.Price(rate.Provider, legs, 0, wednesday)
	if err != nil {
		t.Fatal(err)
	}
	want := fx.Terms{
		Order:              money.New(400_000, "NOK"),
		Debit:              money.New(51_680, "USD"),
		WalletSettlement:   money.New(51_680, "USD"),
		AcquirerSettlement: money.New(400_000, "NOK"),
		ProviderReceives:   money.New(51_679, "USD"),
		ProviderGives:      money.New(400_000, "NOK"),
		Rate:               rate.Rate,
		WalletRate:         rate.Rate,
		Provider:           rate.Provider,
		Rounding:           money.HalfUp,
		HasReference:       true,
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", written(got), written(want))
	}
}

func TestPriceRefusesWhatCouldNotExecute(t *testing.T) {
	t.Parallel()
	board := counter(t)
	next := standing(t, "EUR", "NOK", "10").NextPublication
	cases := []struct {
		name                    string
		order                   money.Amount
		debit, wallet, acquirer money.Currency
		spread                  int64
		now                     time.Time
		want                    hansa.Reason
	}{
		{"nothing to pay", money.New(0, "NOK"), "NOK", "NOK", "NOK", 0, wednesday, hansa.InvalidAmount},
		{"less than nothing", money.New(-1, "NOK"), "NOK", "NOK", "NOK", 0, wednesday, hansa.InvalidAmount},
		{"over the most", money.New(money.AmountMax+1, "NOK"), "NOK", "NOK", "NOK", 0, wednesday, hansa.InvalidAmount},
		{"order in no currency", money.New(1, ""), "NOK", "NOK", "NOK", 0, wednesday, hansa.UnknownCurrency},
		{"debit in no currency", money.New(1, "NOK"), "", "NOK", "NOK", 0, wednesday, hansa.UnknownCurrency},
		{"wallet in no currency", money.New(1, "NOK"), "NOK", "HRK", "NOK", 0, wednesday, hansa.UnknownCurrency},
		{"acquirer in no currency", money.New(1, "NOK"), "NOK", "NOK", "nok", 0, wednesday, hansa.UnknownCurrency},
		// 0.04 NOK are 0.004 EUR, and 0.05 are 0.005, which a payer owes but no provider can deal.
		{"debit of nothing", money.New(4, "NOK"), "EUR", "NOK", "NOK", 0, wednesday, hansa.AmountTooSmall},
		{"debit of a half", money.New(5, "NOK"), "EUR", "NOK", "NOK", 0, wednesday, ""},
		{"wallet leg of nothing", money.New(4, "NOK"), "NOK", "EUR", "NOK", 0, wednesday, hansa.AmountTooSmall},
		{"wallet leg that cannot be dealt", money.New(5, "NOK"), "NOK", "EUR", "NOK", 0, wednesday, hansa.AmountTooSmall},
		{"wallet leg of one cent", money.New(10, "NOK"), "NOK", "EUR", "NOK", 0, wednesday, ""},
		{"acquirer leg of nothing", money.New(4, "NOK"), "NOK", "NOK", "EUR", 0, wednesday, hansa.AmountTooSmall},
		{"acquirer leg that cannot be dealt", money.New(9, "NOK"), "NOK", "NOK", "EUR", 0, wednesday, hansa.AmountTooSmall},
		{"debit over the most", money.New(money.AmountMax, "EUR"), "CNY", "EUR", "EUR", 0, wednesday, hansa.OutOfRange},
		{"wallet leg over the most", money.New(money.AmountMax, "EUR"), "EUR", "CNY", "EUR", 0, wednesday, hansa.OutOfRange},
		{"acquirer leg over the most", money.New(money.AmountMax, "EUR"), "EUR", "EUR", "CNY", 0, wednesday, hansa.OutOfRange},
		{"corridor takes too much", money.New(100, "NOK"), "EUR", "EUR", "NOK", fx.SpreadMax + 1, wednesday, hansa.OutOfRange},
		{"corridor gives", money.New(100, "NOK"), "EUR", "EUR", "NOK", -1, wednesday, hansa.OutOfRange},
		{"corridor takes the most", money.New(100, "NOK"), "EUR", "EUR", "NOK", fx.SpreadMax, wednesday, ""},
		{"no rate for the debit", money.New(100, "DKK"), "CNY", "EUR", "DKK", 0, wednesday, hansa.RateUnavailable},
		{"no rate for the wallet", money.New(100, "DKK"), "EUR", "CNY", "DKK", 0, wednesday, hansa.RateUnavailable},
		{"no rate for the acquirer", money.New(100, "DKK"), "EUR", "EUR", "CNY", 0, wednesday, hansa.RateUnavailable},
		{"stale", money.New(100, "NOK"), "EUR", "EUR", "NOK", 0, next.Add(fx.Grace), hansa.RateStale},
		{"stale, but not needed", money.New(100, "NOK"), "NOK", "NOK", "NOK", 0, next.Add(fx.Grace), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			legs := fx.Legs{Order: c.order, DebitCurrency: c.debit, WalletCurrency: c.wallet, AcquirerCurrency: c.acquirer}
			terms, err := board.Price("hanseatic-fx", legs, c.spread, c.now)
			wantReason(t, err, c.want)
			if err != nil && terms != (fx.Terms{}) {
				t.Errorf("terms came with the refusal: %s", written(terms))
			}
		})
	}
}

func TestNoProviderIsNeededWithoutConversion(t *testing.T) {
	t.Parallel()
	legs := fx.Legs{Order: money.New(100, "NOK"), DebitCurrency: "NOK", WalletCurrency: "NOK", AcquirerCurrency: "NOK"}
	terms, err := fx.Board{}.Price("", legs, 0, wednesday)
	if err != nil || terms.Provider != "" || terms.Debit != legs.Order {
		t.Errorf("%s, %v", written(terms), err)
	}
}

// TestEveryTermsExecutes draws boards, legs and moments, and holds whatever is
// priced to what the ledger and the payment rely on.
func TestEveryTermsExecutes(t *testing.T) {
	t.Parallel()
	currencies := []money.Currency{"NOK", "ISK", "BHD", "CLF", "EUR", "CNY"}
	chance := rand.New(rand.NewPCG(7, 7))
	someOf := func() money.Currency { return currencies[chance.IntN(len(currencies))] }
	priced := 0
	for range 20_000 {
		board := someBoard(t, chance, currencies)
		legs := fx.Legs{
			Order:         money.New(1+chance.Int64N(money.AmountMax)>>chance.IntN(50), someOf()),
			DebitCurrency: someOf(), WalletCurrency: someOf(), AcquirerCurrency: someOf(),
		}
		now := []time.Time{wednesday, saturday}[chance.IntN(2)]
		terms, err := board.Price("hanseatic-fx", legs, chance.Int64N(fx.SpreadMax+1), now)
		switch reason, _ := hansa.ReasonOf(err); {
		case err == nil:
			priced++
			checkExecutes(t, legs, terms)
		case reason != hansa.AmountTooSmall && reason != hansa.OutOfRange && reason != hansa.InvalidAmount:
			t.Fatalf("%+v: %v", legs, err)
		}
	}
	if priced < 5_000 {
		t.Errorf("only %d were priced", priced)
	}
}

// someBoard draws a rate between every two currencies, in either direction.
func someBoard(t *testing.T, chance *rand.Rand, currencies []money.Currency) fx.Board {
	t.Helper()
	var rates []fx.StandingRate
	for i, a := range currencies {
		for _, b := range currencies[:i] {
			base, quote := a, b
			if chance.IntN(2) == 0 {
				base, quote = b, a
			}
			rate := standing(t, base, quote, fmt.Sprintf("%d.%06d", chance.IntN(2)*chance.IntN(500), 1+chance.IntN(999_999)))
			rate.Spread, rate.ClosedSpread = chance.Int64N(fx.SpreadMax+1), chance.Int64N(fx.SpreadMax+1)
			rates = append(rates, rate)
		}
	}
	return mustBoard(t, rates, nil)
}

func checkExecutes(t *testing.T, legs fx.Legs, terms fx.Terms) {
	t.Helper()
	fail := func(what string) { t.Fatalf("%s\n%s", what, written(terms)) }
	if terms.Order != legs.Order || terms.Debit.Currency != legs.DebitCurrency ||
		terms.WalletSettlement.Currency != legs.WalletCurrency || terms.AcquirerSettlement.Currency != legs.AcquirerCurrency {
		fail("a leg is in the wrong currency")
	}
	for _, amount := range []money.Amount{terms.Debit, terms.WalletSettlement, terms.AcquirerSettlement} {
		if err := amount.Payable(); err != nil {
			fail(err.Error())
		}
	}
	for _, leg := range []struct {
		amount money.Amount
		rate   money.Rate
	}{
		{terms.Debit, terms.Rate},
		{terms.WalletSettlement, terms.WalletRate},
		{terms.AcquirerSettlement, terms.AcquirerRate},
	} {
		if leg.rate.IsZero() != (leg.amount.Currency == terms.Order.Currency) {
			fail("a rate where nothing is converted, or none where something is")
		}
		want := terms.Order
		if !leg.rate.IsZero() {
			var err error
			if want, err = leg.rate.Convert(terms.Order, terms.Rounding); err != nil {
				fail(err.Error())
			}
		}
		if leg.amount != want {
			fail("a leg is not the order at its rate: " + want.String())
		}
	}
	if terms.Debit.Currency == terms.WalletSettlement.Currency && terms.Debit != terms.WalletSettlement {
		fail("the wallet owes something else than its payer pays")
	}
	checkProvider(t, terms)
}

func checkProvider(t *testing.T, terms fx.Terms) {
	t.Helper()
	fail := func(what string) { t.Fatalf("%s\n%s", what, written(terms)) }
	settles := !terms.WalletRate.IsZero() || !terms.AcquirerRate.IsZero()
	if (terms.Provider != "") != (settles || !terms.Rate.IsZero()) {
		fail("a provider without a conversion, or the reverse")
	}
	if !settles {
		if terms.ProviderReceives != (money.Amount{}) || terms.ProviderGives != (money.Amount{}) ||
			terms.WalletSettlement != terms.AcquirerSettlement {
			fail("money does not go straight across")
		}
		return
	}
	if terms.ProviderReceives.Payable() != nil || terms.ProviderGives.Payable() != nil {
		fail("the provider deals nothing")
	}
	for _, pair := range []struct {
		owed, dealt money.Amount
		rate        money.Rate
	}{
		{terms.WalletSettlement, terms.ProviderReceives, terms.WalletRate},
		{terms.AcquirerSettlement, terms.ProviderGives, terms.AcquirerRate},
	} {
		residue, err := pair.owed.Minus(pair.dealt)
		if err != nil || residue.Value < 0 || residue.Value > 1 || pair.rate.IsZero() && residue.Value != 0 {
			fail("a residue of " + residue.String())
		}
	}
}

func BenchmarkPrice(b *testing.B) {
	board := counter(b)
	legs := fx.Legs{Order: money.New(10_000, "NOK"), DebitCurrency: "CNY", WalletCurrency: "EUR", AcquirerCurrency: "NOK"}
	for b.Loop() {
		if _, err := board.Price("hanseatic-fx", legs, 50, wednesday); err != nil {
			b.Fatal(err)
		}
	}
}
