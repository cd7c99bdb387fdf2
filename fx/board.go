package fx

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Bound is how far, in basis points, a standing rate may be from the reference
// rate of its currencies.
const Bound int64 = 1_000

// A Board is the standing rates in force and the references that bound them. It
// never changes: who publishes makes a new one. It is safe for concurrent use.
type Board struct {
	standing   map[lane]entry
	references map[pair]Reference
}

// An entry is a standing rate and what it is judged by.
type entry struct {
	StandingRate
	reference   money.Rate // the zero Rate if there is none
	outOfBounds bool
}

// A lane is what a provider has one standing rate for.
type lane struct {
	provider string
	pair     pair
}

// A pair is two currencies without a direction, in alphabetical order.
type pair struct{ first, second money.Currency }

func pairOf(a, b money.Currency) pair {
	if a > b {
		a, b = b, a
	}
	return pair{a, b}
}

// NewBoard returns the board of these rates. Of several references for a pair
// the newest counts, and "ecb" before "norges_bank" of one day.
//
// A rate too far from its reference is taken, because a new reference must not
// bring down the whole board; Standing refuses that rate alone. Who publishes a
// rate makes the next board, asks it for that rate, and keeps the old board if
// it is refused.
//
// It refuses AlreadyExists for two rates of one provider and pair, Malformed for
// a rate without a provider, number or time of the next, and OutOfRange for a
// spread over SpreadMax or a rate with too many digits to be worsened by one.
func NewBoard(standing []StandingRate, reference []Reference) (Board, error) {
	board := Board{
		standing:   make(map[lane]entry, len(standing)),
		references: make(map[pair]Reference, len(reference)),
	}
	for _, r := range reference {
		if r.Rate.IsZero() {
			return Board{}, hansa.Refuse(hansa.Malformed, "a reference of %s without a rate", r.Source)
		}
		key := pairOf(r.Rate.Base(), r.Rate.Quote())
		if known, ok := board.references[key]; !ok || r.counts(known) {
			board.references[key] = r
		}
	}
	for _, s := range standing {
		if err := s.check(); err != nil {
			return Board{}, err
		}
		key := lane{s.Provider, pairOf(s.Rate.Base(), s.Rate.Quote())}
		if _, taken := board.standing[key]; taken {
			return Board{}, hansa.Refuse(hansa.AlreadyExists, "%s has two rates of %s and %s", s.Provider, key.pair.first, key.pair.second)
		}
		board.standing[key] = board.judged(s)
	}
	return board, nil
}

// judged compares a standing rate with its reference.
func (b Board) judged(s StandingRate) entry {
	reference, ok := b.Reference(s.Rate.Base(), s.Rate.Quote())
	if !ok {
		return entry{StandingRate: s}
	}
	difference, err := s.Rate.DifferenceBasisPoints(reference)
	// An error is a difference beyond all numbers.
	return entry{StandingRate: s, reference: reference, outOfBounds: err != nil || difference > Bound}
}

// Standing returns the provider's rate between from and to that may be dealt at
// now. It refuses RateUnavailable if there is none or it is not published yet,
// RateStale if a publication was missed, and RateOutOfBounds if the rate is more
// than Bound from the reference. A pair without a reference has no bound.
func (b Board) Standing(provider string, from, to money.Currency, now time.Time) (StandingRate, error) {
	found, ok := b.standing[lane{provider, pairOf(from, to)}]
	switch {
	case !ok || now.Before(found.PublishedAt):
		return StandingRate{}, hansa.Refuse(hansa.RateUnavailable, "%s has no rate of %s and %s", provider, from, to)
	case found.IsStale(now):
		return StandingRate{}, hansa.Refuse(hansa.RateStale, "%s missed a publication of %s", provider, found.Rate)
	case found.outOfBounds:
		return StandingRate{}, hansa.Refuse(hansa.RateOutOfBounds, "%s of %s is too far from the reference", found.Rate, provider)
	}
	return found.StandingRate, nil
}

// Reference returns the reference rate between two currencies, in either
// direction, if there is one. Where no bank publishes the pair itself it is
// computed through the euro, to at least 12 significant digits: good enough for
// the bound and the mark-up, and for nothing else.
func (b Board) Reference(from, to money.Currency) (money.Rate, bool) {
	if direct, ok := b.references[pairOf(from, to)]; ok {
		return direct.Rate, true
	}
	first, second := b.references[pairOf(euro, from)], b.references[pairOf(euro, to)]
	cross, err := second.Rate.Per(first.Rate)
	return cross, err == nil
}
