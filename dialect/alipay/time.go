package alipay

import (
	"strconv"
	"time"
)

// timeForm is how times are written: to the second, and with an offset in figures,
// which is what every client reads.
const timeForm = "2006-01-02T15:04:05-07:00"

// written is t as we say it, in UTC.
func written(t time.Time) string { return t.UTC().Format(timeForm) }

// Digits of a time since 1970, for a long while.
const (
	digitsOfMilliseconds = 13
	digitsOfNanoseconds  = 19
)

// parseTime reads a time in any of the forms that clients write: milliseconds or, by an
// older one, nanoseconds since 1970, or a date with an offset, which may lack its colon or
// be a Z.
func parseTime(text string) (time.Time, bool) {
	if count, err := strconv.ParseUint(text, 10, 63); err == nil {
		switch len(text) {
		case digitsOfMilliseconds:
			return time.UnixMilli(int64(count)).UTC(), true
		case digitsOfNanoseconds:
			return time.Unix(0, int64(count)).UTC(), true
		}
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "20060102150405Z0700"} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// beijing is UTC+8 without its name, by which Alipay's days begin.
func beijing() *time.Location { return time.FixedZone("", 8*60*60) }

// cancelWindow is how far into the next day of UTC+8 a payment can be cancelled.
// A wallet takes a cancel fifteen minutes longer, which is the room for clocks to differ.
const cancelWindow = 15 * time.Minute

// cancelsUntil is when a payment that has begun then can be cancelled no more, and
// must be refunded.
func cancelsUntil(begun time.Time) time.Time {
	year, month, day := begun.In(beijing()).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, beijing()).Add(cancelWindow)
}
