// Package fx prices a payment whose parties count in different currencies. FX
// providers publish standing rates; a Board holds those in force; Price turns an
// order into the exact amounts that each party would pay or receive; a Quote
// locks them for one payment. The reference rates of central banks bound what a
// provider may ask and show the payer the mark-up, and are never dealt at. The
// package holds no positions and no risk: the named provider stands in between.
package fx

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Grace is how long after its next publication was due a standing rate may
// still be dealt at.
const Grace = 15 * time.Minute

// SpreadMax is the widest spread, in basis points, of a standing rate or of a
// corridor.
const SpreadMax int64 = 2_000

// A StandingRate is what a provider deals at between two currencies, both ways,
// until its next publication.
type StandingRate struct {
	Provider        string
	Rate            money.Rate
	Spread          int64 // in basis points, while markets are open
	ClosedSpread    int64 // in basis points, while they are closed
	PublishedAt     time.Time
	NextPublication time.Time // when the provider promises the next one
}

// SpreadAt returns the provider's spread at now, in basis points.
func (s StandingRate) SpreadAt(now time.Time) int64 {
	if MarketsOpen(now) {
		return s.Spread
	}
	return s.ClosedSpread
}

// IsStale reports whether, at now, the provider has missed a publication.
func (s StandingRate) IsStale(now time.Time) bool {
	return !now.Before(s.NextPublication.Add(Grace))
}

// check returns nil if the rate is one that Price can always work with.
// It refuses Malformed and OutOfRange.
func (s StandingRate) check() error {
	switch {
	case s.Provider == "" || s.Rate.IsZero():
		return hansa.Refuse(hansa.Malformed, "a standing rate has a provider and a rate")
	case !s.PublishedAt.Before(s.NextPublication):
		return hansa.Refuse(hansa.Malformed, "%s at %s: the next publication is not later", s.Provider, s.Rate)
	case !isSpread(s.Spread) || !isSpread(s.ClosedSpread):
		return hansa.Refuse(hansa.OutOfRange, "%s at %s: a spread is 0 to %d basis points", s.Provider, s.Rate, SpreadMax)
	}
	// No other spread makes more digits than this one, because 19999 and ten
	// have no divisor in common.
	if _, err := s.Rate.Worsened(s.Rate.Base(), 9_999); err != nil {
		return hansa.Refuse(hansa.OutOfRange, "%s at %s: too many digits for a spread", s.Provider, s.Rate)
	}
	return nil
}

func isSpread(basisPoints int64) bool { return basisPoints >= 0 && basisPoints <= SpreadMax }

// MarketsOpen reports whether currencies are traded at now: they are not from
// Friday 22:00 to Sunday 22:00 UTC. Holidays are left to the providers, who set
// their spread for them.
func MarketsOpen(now time.Time) bool {
	const closingHour = 22
	now = now.UTC()
	switch now.Weekday() {
	case time.Monday, time.Tuesday, time.Wednesday, time.Thursday:
		return true
	case time.Friday:
		return now.Hour() < closingHour
	case time.Saturday:
		return false
	case time.Sunday:
		return now.Hour() >= closingHour
	}
	panic("fx: no such day of the week")
}
