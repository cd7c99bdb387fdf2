package fx_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/money"
)

// A Wednesday and a Saturday of April 2018.
var (
	wednesday = time.Date(2018, 4, 18, 12, 0, 0, 0, time.UTC)
	saturday  = time.Date(2018, 4, 21, 12, 0, 0, 0, time.UTC)
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

func mustAmount(t testing.TB, text string) money.Amount {
	t.Helper()
	amount, err := money.ParseAmount(text)
	if err != nil {
		t.Fatalf("amount %s: %v", text, err)
	}
	return amount
}

// standing is a rate published in the morning of Wednesday for a week, with a
// spread of 100 basis points, and 150 while markets are closed.
func standing(t testing.TB, base, quote money.Currency, decimal string) fx.StandingRate {
	t.Helper()
	return fx.StandingRate{
		Provider:        "hanseatic-fx",
		Rate:            mustRate(t, base, quote, decimal),
		Spread:          100,
		ClosedSpread:    150,
		PublishedAt:     wednesday.Add(-3 * time.Hour),
		NextPublication: wednesday.Add(7 * 24 * time.Hour),
	}
}

func reference(t testing.TB, source string, base, quote money.Currency, decimal string) fx.Reference {
	t.Helper()
	day := time.Date(2018, 4, 17, 0, 0, 0, 0, time.UTC)
	return fx.Reference{Source: source, Rate: mustRate(t, base, quote, decimal), Date: day}
}

func mustBoard(t testing.TB, rates []fx.StandingRate, references []fx.Reference) fx.Board {
	t.Helper()
	board, err := fx.NewBoard(rates, references)
	if err != nil {
		t.Fatalf("board: %v", err)
	}
	return board
}

func TestMarketsCloseForTheWeekend(t *testing.T) {
	t.Parallel()
	friday := time.Date(2018, 4, 20, 21, 59, 59, 999_999_999, time.UTC)
	sunday := time.Date(2018, 4, 22, 21, 59, 59, 999_999_999, time.UTC)
	oslo := time.FixedZone("CEST", 2*60*60)
	cases := []struct {
		name string
		at   time.Time
		open bool
	}{
		{"Wednesday noon", wednesday, true},
		{"Monday at midnight", time.Date(2018, 4, 23, 0, 0, 0, 0, time.UTC), true},
		{"Thursday at the end", time.Date(2018, 4, 19, 23, 59, 59, 0, time.UTC), true},
		{"last moment of Friday", friday, true},
		{"Friday 22:00", friday.Add(time.Nanosecond), false},
		{"Friday 22:00 written as Saturday 00:00 in Oslo", friday.Add(time.Nanosecond).In(oslo), false},
		{"Friday 23:59 in Oslo", time.Date(2018, 4, 20, 23, 59, 0, 0, oslo), true},
		{"Saturday noon", saturday, false},
		{"last moment of the weekend", sunday, false},
		{"Sunday 22:00", sunday.Add(time.Nanosecond), true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := fx.MarketsOpen(c.at); got != c.open {
				t.Errorf("open %t, want %t", got, c.open)
			}
			spread := map[bool]int64{true: 100, false: 150}[c.open]
			if got := standing(t, "EUR", "NOK", "10").SpreadAt(c.at); got != spread {
				t.Errorf("spread %d, want %d", got, spread)
			}
		})
	}
}
