package clearing

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a day of the civil calendar. It has neither a time nor a zone: which
// moments belong to it depends on where one asks.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateAt returns the day that it is at a moment in a place. Alipay's clearing days,
// for instance, are those of UTC+8.
func DateAt(at time.Time, place *time.Location) Date {
	year, month, day := at.In(place).Date()
	return Date{year, month, day}
}

// ParseDate reads a day as ISO 8601 writes it, such as 2026-05-17.
func ParseDate(text string) (Date, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date such as 2026-05-17", text)
	}
	return DateAt(at, time.UTC), nil
}

// String writes the day as ISO 8601 does.
func (d Date) String() string { return d.noon().Format(time.DateOnly) }

// Compare is negative where d is before e, positive where it is after it.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// After returns the day that is n days later, or earlier where n is negative.
func (d Date) After(n int) Date {
	return DateAt(d.noon().AddDate(0, 0, n), time.UTC)
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// noon of a day in UTC is far from both its ends.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// A TimeOfDay is what a clock on the wall shows.
type TimeOfDay struct{ Hour, Minute int }

// ParseTimeOfDay reads a time such as 16:35, from 00:00 to 23:59.
func ParseTimeOfDay(text string) (TimeOfDay, error) {
	at, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return TimeOfDay{}, fmt.Errorf("%q is no time such as 16:35", text)
	}
	return TimeOfDay{at.Hour(), at.Minute()}, nil
}

// String writes the time in 24 hours, such as 16:35.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute) }

// Compare is negative where t is earlier on the wall than u.
func (t TimeOfDay) Compare(u TimeOfDay) int {
	return cmp.Or(cmp.Compare(t.Hour, u.Hour), cmp.Compare(t.Minute, u.Minute))
}

// On returns the moment at which the clocks of a place show the time on a day. Where
// they show it twice it is the first of both; where they leap over it, the moment of
// the leap. So there is one answer on the days on which summer time begins and ends.
func (t TimeOfDay) On(d Date, place *time.Location) time.Time {
	shown := time.Date(d.Year, d.Month, d.Day, t.Hour, t.Minute, 0, 0, time.UTC)
	_, before := shown.Add(-24 * time.Hour).In(place).Zone()
	_, after := shown.Add(24 * time.Hour).In(place).Zone()
	first := shown.Add(-time.Duration(max(before, after)) * time.Second).In(place)
	last := shown.Add(-time.Duration(min(before, after)) * time.Second).In(place)
	switch {
	case t.shownAt(first, d):
		return first
	case t.shownAt(last, d):
		return last
	}
	leap, _ := last.ZoneBounds()
	return leap
}

func (t TimeOfDay) shownAt(at time.Time, d Date) bool {
	return DateAt(at, at.Location()) == d && at.Hour() == t.Hour && at.Minute() == t.Minute
}
