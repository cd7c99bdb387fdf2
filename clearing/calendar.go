package clearing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/hansa-network/hansa/money"
)

// A Calendar says on which days the money of one currency can move between banks.
// The zero Calendar knows no year.
type Calendar struct {
	name        string
	currency    money.Currency
	edition     int // rises whenever a rule of ours is changed
	first, last int // the years for which the rule is known to hold
	closed      []rule
	published   published
}

// An UnknownYearError says that a calendar does not know a year: its days are
// published year by year, or its rules were never checked for it. They are not
// guessed. Import the year.
type UnknownYearError struct {
	Calendar string
	Year     int
}

// Error says what is missing and what to do.
func (e UnknownYearError) Error() string {
	return fmt.Sprintf("the settlement days of %s in %d are not known: import them", e.Calendar, e.Year)
}

// Name is what files and agreements call the calendar, such as TARGET or NOK.
func (c Calendar) Name() string { return c.name }

// Currency is whose money moves by it.
func (c Calendar) Currency() money.Currency { return c.currency }

// Version names the rules and all that was published beside them: twelve digits that
// a settlement keeps, so that it can be told by which days it was made.
func (c Calendar) Version() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d-%d\n%s", c.name, c.edition, c.first, c.last, c.published.text()))
	return hex.EncodeToString(sum[:6])
}

// Open reports whether money moves on a day. It fails with UnknownYearError.
func (c Calendar) Open(d Date) (bool, error) {
	if said, known := c.published.days[d]; known {
		return said.kind != closedDay, nil
	}
	complete := c.published.years[d.Year]
	if !complete && (d.Year < c.first || d.Year > c.last) {
		return false, UnknownYearError{c.name, d.Year}
	}
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false, nil
	}
	return complete || !slices.ContainsFunc(c.closed, func(r rule) bool { return r(d) }), nil
}

// Next returns the first settlement day that is not before d. It fails with
// UnknownYearError where the search leaves the years that are known.
func (c Calendar) Next(d Date) (Date, error) {
	for {
		open, err := c.Open(d)
		if err != nil || open {
			return d, err
		}
		d = d.After(1)
	}
}

// Later returns the settlement day that is n of them after d, where d counts as the
// next settlement day if it is none. T+2 of a Thursday is Monday. It fails with
// UnknownYearError, and panics for a negative n.
func (c Calendar) Later(d Date, n int) (Date, error) {
	if n < 0 {
		panic(fmt.Sprintf("%d settlement days later", n))
	}
	d, err := c.Next(d)
	for ; n > 0 && err == nil; n-- {
		d, err = c.Next(d.After(1))
	}
	return d, err
}

// A CutOff is when a settlement day of an agreement ends for what is booked, and how
// many settlement days later that is paid.
type CutOff struct {
	At    TimeOfDay
	Place *time.Location
	Days  int // 1 is T+1
}

// Moment returns when a day is cut off: earlier than usual where the calendar closes
// early. Whether the day is a settlement day at all it does not ask.
func (c Calendar) Moment(d Date, cut CutOff) time.Time {
	at := cut.At
	if said := c.published.days[d]; said.kind == earlyDay && said.cutoff.Compare(at) < 0 {
		at = said.cutoff
	}
	return at.On(d, cut.Place)
}

// ValueDate returns the day on which what was booked at a moment is paid. What is
// booked at the cut-off or later, or on a day that is no settlement day, belongs to
// the next one. It fails with UnknownYearError.
func (c Calendar) ValueDate(booked time.Time, cut CutOff) (Date, error) {
	day := DateAt(booked, cut.Place)
	if !booked.Before(c.Moment(day, cut)) {
		day = day.After(1)
	}
	return c.Later(day, cut.Days)
}
