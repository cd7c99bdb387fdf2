package fx_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/money"
)

func TestStandingRatesThatABoardRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*fx.StandingRate)
		want   hansa.Reason
	}{
		{"nothing wrong", func(*fx.StandingRate) {}, ""},
		{"widest spreads", func(s *fx.StandingRate) { s.Spread, s.ClosedSpread = fx.SpreadMax, fx.SpreadMax }, ""},
		{"no spreads", func(s *fx.StandingRate) { s.Spread, s.ClosedSpread = 0, 0 }, ""},
		{"no provider", func(s *fx.StandingRate) { s.Provider = "" }, hansa.Malformed},
		{"no rate", func(s *fx.StandingRate) { s.Rate = money.Rate{} }, hansa.Malformed},
		{"no next publication", func(s *fx.StandingRate) { s.NextPublication = s.PublishedAt }, hansa.Malformed},
		{"spread too wide", func(s *fx.StandingRate) { s.Spread = fx.SpreadMax + 1 }, hansa.OutOfRange},
		{"closed spread too wide", func(s *fx.StandingRate) { s.ClosedSpread = fx.SpreadMax + 1 }, hansa.OutOfRange},
		{"negative spread", func(s *fx.StandingRate) { s.Spread = -1 }, hansa.OutOfRange},
		{"thirteen digits", func(s *fx.StandingRate) { s.Rate = mustRate(t, "EUR", "NOK", "9.999999999999") }, ""},
		{"too many digits", func(s *fx.StandingRate) { s.Rate = mustRate(t, "EUR", "NOK", "9.9999999999999") }, hansa.OutOfRange},
		{"too many decimals", func(s *fx.StandingRate) { s.Rate = mustRate(t, "EUR", "NOK", "0.000000000000001") }, hansa.OutOfRange},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rate := standing(t, "EUR", "NOK", "10")
			c.change(&rate)
			_, err := fx.NewBoard([]fx.StandingRate{rate}, nil)
			wantReason(t, err, c.want)
		})
	}
}

func TestOneRatePerProviderAndPair(t *testing.T) {
	t.Parallel()
	euro, inverse, krona := standing(t, "EUR", "NOK", "10"), standing(t, "NOK", "EUR", "0.1"), standing(t, "EUR", "SEK", "10")
	other := euro
	other.Provider = "other-fx"
	_, err := fx.NewBoard([]fx.StandingRate{euro, krona, other}, nil)
	wantReason(t, err, "")
	_, err = fx.NewBoard([]fx.StandingRate{euro, euro}, nil)
	wantReason(t, err, hansa.AlreadyExists)
	_, err = fx.NewBoard([]fx.StandingRate{euro, inverse}, nil)
	wantReason(t, err, hansa.AlreadyExists)
	_, err = fx.NewBoard(nil, []fx.Reference{{Source: "ecb", Date: wednesday}})
	wantReason(t, err, hansa.Malformed)
}

func TestStandingRateFromPublicationToStale(t *testing.T) {
	t.Parallel()
	rate := standing(t, "EUR", "NOK", "10")
	board := mustBoard(t, []fx.StandingRate{rate}, nil)
	cases := []struct {
		name     string
		provider string
		from, to money.Currency
		now      time.Time
		want     hansa.Reason
	}{
		{"quote to base", rate.Provider, "NOK", "EUR", wednesday, ""},
		{"base to quote", rate.Provider, "EUR", "NOK", wednesday, ""},
		{"as it is published", rate.Provider, "NOK", "EUR", rate.PublishedAt, ""},
		{"over the weekend", rate.Provider, "NOK", "EUR", saturday, ""},
		{"when the next is due", rate.Provider, "NOK", "EUR", rate.NextPublication, ""},
		{"last moment of the grace", rate.Provider, "NOK", "EUR", rate.NextPublication.Add(fx.Grace - 1), ""},
		{"after the grace", rate.Provider, "NOK", "EUR", rate.NextPublication.Add(fx.Grace), hansa.RateStale},
		{"before it is published", rate.Provider, "NOK", "EUR", rate.PublishedAt.Add(-1), hansa.RateUnavailable},
		{"another provider", "other-fx", "NOK", "EUR", wednesday, hansa.RateUnavailable},
		{"no provider", "", "NOK", "EUR", wednesday, hansa.RateUnavailable},
		{"another pair", rate.Provider, "NOK", "SEK", wednesday, hansa.RateUnavailable},
		{"one currency", rate.Provider, "NOK", "NOK", wednesday, hansa.RateUnavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := board.Standing(c.provider, c.from, c.to, c.now)
			wantReason(t, err, c.want)
			if err == nil && got != rate {
				t.Errorf("%+v, want %+v", got, rate)
			}
		})
	}
	_, err := fx.Board{}.Standing(rate.Provider, "NOK", "EUR", wednesday)
	wantReason(t, err, hansa.RateUnavailable)
}

func TestReferencesBoundStandingRates(t *testing.T) {
	t.Parallel()
	euro := reference(t, "ecb", "EUR", "NOK", "10")
	dollar := reference(t, "ecb", "EUR", "USD", "1.25")
	cases := []struct {
		name       string
		rate       fx.StandingRate
		references []fx.Reference
		want       hansa.Reason
	}{
		{"at the bound", standing(t, "EUR", "NOK", "11"), []fx.Reference{euro}, ""},
		{"over the bound", standing(t, "EUR", "NOK", "11.001"), []fx.Reference{euro}, hansa.RateOutOfBounds},
		{"at the lower bound", standing(t, "EUR", "NOK", "9"), []fx.Reference{euro}, ""},
		{"under the lower bound", standing(t, "EUR", "NOK", "8.999"), []fx.Reference{euro}, hansa.RateOutOfBounds},
		{"opposite direction", standing(t, "NOK", "EUR", "0.1"), []fx.Reference{euro}, ""},
		{"opposite direction, upside down", standing(t, "NOK", "EUR", "10"), []fx.Reference{euro}, hansa.RateOutOfBounds},
		{"no reference", standing(t, "EUR", "NOK", "99"), []fx.Reference{dollar}, ""},
		// 10 / 1.25 = 8
		{"through the euro", standing(t, "USD", "NOK", "8.8"), []fx.Reference{euro, dollar}, ""},
		{"through the euro, over the bound", standing(t, "USD", "NOK", "8.801"), []fx.Reference{euro, dollar}, hansa.RateOutOfBounds},
		{"through the euro, the other way", standing(t, "NOK", "USD", "0.15"), []fx.Reference{euro, dollar}, hansa.RateOutOfBounds},
		{
			"directly rather than through the euro", standing(t, "USD", "NOK", "8.801"),
			[]fx.Reference{euro, dollar, reference(t, "norges_bank", "USD", "NOK", "8.6")},
			"",
		},
		{
			"half of a cross", standing(t, "USD", "NOK", "99"),
			[]fx.Reference{euro},
			"",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			board := mustBoard(t, []fx.StandingRate{c.rate}, c.references)
			_, err := board.Standing(c.rate.Provider, c.rate.Rate.Quote(), c.rate.Rate.Base(), wednesday)
			wantReason(t, err, c.want)
		})
	}
}

func TestARateOutOfBoundsLeavesTheOthersInForce(t *testing.T) {
	t.Parallel()
	board := mustBoard(t,
		[]fx.StandingRate{standing(t, "EUR", "NOK", "20"), standing(t, "EUR", "SEK", "11")},
		[]fx.Reference{reference(t, "ecb", "EUR", "NOK", "10"), reference(t, "ecb", "EUR", "SEK", "11")})
	_, err := board.Standing("hanseatic-fx", "NOK", "EUR", wednesday)
	wantReason(t, err, hansa.RateOutOfBounds)
	_, err = board.Standing("hanseatic-fx", "SEK", "EUR", wednesday)
	wantReason(t, err, "")
}

func TestTheNewestReferenceCounts(t *testing.T) {
	t.Parallel()
	old := reference(t, "ecb", "EUR", "NOK", "9")
	old.Date = old.Date.AddDate(0, 0, -1)
	bank := reference(t, "norges_bank", "EUR", "NOK", "10.1")
	central := reference(t, "ecb", "EUR", "NOK", "10")
	for name, c := range map[string]struct {
		references []fx.Reference
		want       string
	}{
		"newest last":    {[]fx.Reference{old, bank}, "10.1 NOK/EUR"},
		"newest first":   {[]fx.Reference{bank, old}, "10.1 NOK/EUR"},
		"ecb of one day": {[]fx.Reference{bank, central}, "10 NOK/EUR"},
		"ecb was first":  {[]fx.Reference{central, bank, old}, "10 NOK/EUR"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := mustBoard(t, nil, c.references).Reference("NOK", "EUR")
			if !ok || got.String() != c.want {
				t.Errorf("%s, %t; want %s", got, ok, c.want)
			}
		})
	}
}
