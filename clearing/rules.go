package clearing

import (
	"slices"
	"time"
)

// A rule names days of every year on which a calendar is closed.
type rule func(Date) bool

// on is the same date each year.
func on(month time.Month, days ...int) rule {
	return func(d Date) bool { return d.Month == month && slices.Contains(days, d.Day) }
}

// easter is so many days after Easter Sunday, or before it.
func easter(days ...int) rule {
	return func(d Date) bool {
		return slices.ContainsFunc(days, func(n int) bool { return easterSunday(d.Year).After(n) == d })
	}
}

// firstFrom is the first such weekday of a month that is not before a day of it.
func firstFrom(weekday time.Weekday, month time.Month, day int) rule {
	return func(d Date) bool {
		return d.Weekday() == weekday && d.Month == month && d.Day >= day && d.Day < day+7
	}
}

// orMonday is a date each year, or the Monday after it where it is a Sunday.
func orMonday(month time.Month, day int) rule {
	return func(d Date) bool {
		kept := Date{d.Year, month, day}
		if kept.Weekday() == time.Sunday {
			kept = kept.After(1)
		}
		return kept == d
	}
}

// Days from Easter Sunday.
const (
	maundyThursday    = -3
	goodFriday        = -2
	easterMonday      = 1
	ascension         = 39
	dayAfterAscension = 40
	whitMonday        = 50
)

// easterSunday is that of the Gregorian calendar, by the method that is called
// anonymous: it counts on from the full moon of the church's tables.
func easterSunday(year int) Date {
	golden, century, inCentury := year%19, year/100, year%100
	epact := (19*golden + century - century/4 - (century-(century+8)/25+1)/3 + 15) % 30
	toSunday := (32 + 2*(century%4) + 2*(inCentury/4) - epact - inCentury%4) % 7
	late := (golden + 11*epact + 22*toSunday) / 451
	fromMarch := epact + toSunday - 7*late + 114
	return Date{year, time.Month(fromMarch / 31), fromMarch%31 + 1}
}
