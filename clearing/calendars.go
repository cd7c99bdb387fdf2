package clearing

import (
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/hansa-network/hansa/money"
)

// Years up to which rules are taken for granted. The decisions behind EUR and USD name
// no end. The banks of the others publish a few years ahead: look each year.
const (
	byDecision = 2099
	lookedUp   = 2030
)

// Calendars returns the calendars that are built in, each by its own rules, in the
// order of their names. CNY has none: its years are published, and one that was not is
// unknown until it is imported.
func Calendars() []Calendar {
	return []Calendar{china(), {
		name: "DKK", currency: "DKK", edition: 1, first: 2024, last: lookedUp, closed: []rule{ // Danmarks Nationalbank
			on(time.January, 1), easter(maundyThursday, goodFriday, easterMonday, ascension, dayAfterAscension, whitMonday),
			on(time.June, 5), on(time.December, 24, 25, 26, 31),
		},
	}, {
		name: "ISK", currency: "ISK", edition: 1, first: 2024, last: lookedUp, closed: []rule{ // Seðlabanki Íslands
			on(time.January, 1), easter(maundyThursday, goodFriday, easterMonday, ascension, whitMonday),
			firstFrom(time.Thursday, time.April, 19), // the first day of summer
			on(time.May, 1), on(time.June, 17), firstFrom(time.Monday, time.August, 1), on(time.December, 24, 25, 26, 31),
		},
	}, {
		name: "NOK", currency: "NOK", edition: 1, first: 2017, last: lookedUp, closed: []rule{ // Norges Bank
			on(time.January, 1), easter(maundyThursday, goodFriday, easterMonday, ascension, whitMonday),
			on(time.May, 1, 17), on(time.December, 24, 25, 26),
		},
	}, {
		name: "SEK", currency: "SEK", edition: 1, first: 2024, last: lookedUp, closed: []rule{ // Sveriges Riksbank
			on(time.January, 1, 6), easter(goodFriday, easterMonday, ascension), on(time.May, 1), on(time.June, 6),
			firstFrom(time.Friday, time.June, 19), // Midsummer's Eve
			on(time.December, 24, 25, 26, 31),
		},
	}, {
		name: "TARGET", currency: "EUR", edition: 1, first: 2002, last: byDecision, closed: []rule{ // ECB, 14 December 2000
			on(time.January, 1), easter(goodFriday, easterMonday), on(time.May, 1), on(time.December, 25, 26),
		},
	}, {
		name: "USD", currency: "USD", edition: 1, first: 2022, last: byDecision, closed: []rule{ // Federal Reserve
			orMonday(time.January, 1), firstFrom(time.Monday, time.January, 15), firstFrom(time.Monday, time.February, 15),
			firstFrom(time.Monday, time.May, 25), orMonday(time.June, 19), orMonday(time.July, 4),
			firstFrom(time.Monday, time.September, 1), firstFrom(time.Monday, time.October, 8),
			orMonday(time.November, 11), firstFrom(time.Thursday, time.November, 22), orMonday(time.December, 25),
		},
	}}
}

// CalendarOf returns the calendar by which money of a currency moves. It reports false
// where none is built in.
func CalendarOf(currency money.Currency) (Calendar, bool) {
	for _, c := range Calendars() {
		if c.currency == currency {
			return c, true
		}
	}
	return Calendar{}, false
}

//go:embed cny.csv
var workingDays string

// china reads the days that the State Council has published.
func china() Calendar {
	c, err := Calendar{name: "CNY", currency: "CNY", edition: 1}.With(strings.NewReader(workingDays))
	if err != nil {
		panic(fmt.Sprintf("the working days of China: %v", err))
	}
	return c
}
