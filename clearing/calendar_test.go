package clearing_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/money"
)

// TestClosedWeekdays are compared with the days that the central banks publish. Days of a
// weekend are closed anyhow and not listed.
func TestClosedWeekdays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		currency money.Currency
		year     int
		want     string
	}{
		{"EUR", 2026, "01-01 04-03 04-06 05-01 12-25"},
		{"EUR", 2027, "01-01 03-26 03-29"},
		{"NOK", 2026, "01-01 04-02 04-03 04-06 05-01 05-14 05-25 12-24 12-25"},
		{"NOK", 2027, "01-01 03-25 03-26 03-29 05-06 05-17 12-24"},
		{"DKK", 2026, "01-01 04-02 04-03 04-06 05-14 05-15 05-25 06-05 12-24 12-25 12-31"},
		{"DKK", 2027, "01-01 03-25 03-26 03-29 05-06 05-07 05-17 12-24 12-31"},
		{"SEK", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31"},
		{"SEK", 2027, "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31"},
		{"ISK", 2026, "01-01 04-02 04-03 04-06 04-23 05-01 05-14 05-25 06-17 08-03 12-24 12-25 12-31"},
		{"USD", 2026, "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25"},
		{"USD", 2027, "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25"},
		{"CNY", 2026, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07"},
	} {
		if diff := cmp.Diff(c.want, strings.Join(weekdays(t, of(t, c.currency), c.year), " ")); diff != "" {
			t.Errorf("%s in %d: %s", c.currency, c.year, diff)
		}
	}
}

// TestMadeUpWeekends are open in China, and nowhere else.
func TestMadeUpWeekends(t *testing.T) {
	t.Parallel()
	saturday := clearing.Date{Year: 2026, Month: time.February, Day: 14}
	for _, calendar := range clearing.Calendars() {
		open, err := calendar.Open(saturday)
		if err != nil || open != (calendar.Name() == "CNY") {
			t.Errorf("%s on %s: open %t, %v", calendar.Name(), saturday, open, err)
		}
	}
}

// TestEaster is seen through Good Friday, whose dates are those of the almanacs.
func TestEaster(t *testing.T) {
	t.Parallel()
	euro := of(t, "EUR")
	for _, friday := range []string{
		"2008-03-21", "2011-04-22", "2019-04-19", "2024-03-29", "2025-04-18", "2026-04-03", "2027-03-26", "2028-04-14",
		"2029-03-30", "2030-04-19", "2038-04-23", "2049-04-16", "2076-04-17", "2099-04-10",
	} {
		if open, err := euro.Open(date(t, friday)); open || err != nil {
			t.Errorf("Good Friday %s: open %t, %v", friday, open, err)
		}
		if open, err := euro.Open(date(t, friday).After(-1)); !open || err != nil {
			t.Errorf("the day before %s: open %t, %v", friday, open, err)
		}
	}
}

// TestUnknownYears are refused by whatever asks for them, and not guessed.
func TestUnknownYears(t *testing.T) {
	t.Parallel()
	yuan := of(t, "CNY")
	want := clearing.UnknownYearError{Calendar: "CNY", Year: 2027}
	_, open := yuan.Open(date(t, "2027-01-04"))
	_, next := yuan.Next(date(t, "2027-01-01"))
	_, later := yuan.Later(date(t, "2026-12-31"), 1)
	_, value := yuan.ValueDate(moment(t, "2026-12-31T10:00:00Z"), clearing.CutOff{Place: time.UTC})
	for _, err := range []error{open, next, later, value} {
		var unknown clearing.UnknownYearError
		if !errors.As(err, &unknown) || unknown != want {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if day, err := yuan.Later(date(t, "2026-12-30"), 1); err != nil || day.String() != "2026-12-31" {
		t.Errorf("the last known day: %s, %v", day, err)
	}
	if _, known := clearing.CalendarOf("HKD"); known {
		t.Error("HKD has a calendar from nowhere")
	}
}

func TestLater(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		currency money.Currency
		from     string
		days     int
		want     string
	}{
		{"EUR", "2026-04-01", 0, "2026-04-01"},
		{"EUR", "2026-04-01", 2, "2026-04-07"}, // over Easter
		{"EUR", "2026-04-04", 0, "2026-04-07"}, // a Saturday counts as the next day
		{"EUR", "2026-04-04", 1, "2026-04-08"},
		{"NOK", "2026-04-01", 1, "2026-04-07"},
		{"NOK", "2026-12-23", 1, "2026-12-28"},
		{"DKK", "2026-12-30", 1, "2027-01-04"},
		{"CNY", "2026-02-13", 1, "2026-02-14"}, // a Saturday that is made up for
		{"CNY", "2026-02-14", 1, "2026-02-24"},
	} {
		if got, err := of(t, c.currency).Later(date(t, c.from), c.days); err != nil || got.String() != c.want {
			t.Errorf("%s %s + %d: %s, %v, want %s", c.currency, c.from, c.days, got, err, c.want)
		}
	}
}

// TestValueDates fall on the right side of a cut-off in local time, on both sides of
// the changes to and from summer time.
func TestValueDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		currency     money.Currency
		place        string
		at           clearing.TimeOfDay
		booked, want string
	}{
		{"NOK", "Europe/Oslo", clearing.TimeOfDay{Hour: 16}, "2026-03-27T14:59:59Z", "2026-03-30"}, // winter: UTC+1
		{"NOK", "Europe/Oslo", clearing.TimeOfDay{Hour: 16}, "2026-03-27T15:00:00Z", "2026-03-31"},
		{"NOK", "Europe/Oslo", clearing.TimeOfDay{Hour: 16}, "2026-03-30T13:59:59Z", "2026-03-31"}, // summer: UTC+2
		{"NOK", "Europe/Oslo", clearing.TimeOfDay{Hour: 16}, "2026-03-30T14:00:00Z", "2026-04-01"},
		{"NOK", "Europe/Oslo", clearing.TimeOfDay{Hour: 16}, "2026-03-28T12:00:00Z", "2026-03-31"}, // a Saturday
		{"CNY", "Asia/Shanghai", clearing.TimeOfDay{Hour: 0, Minute: 30}, "2026-09-29T16:29:59Z", "2026-10-08"},
		{"CNY", "Asia/Shanghai", clearing.TimeOfDay{Hour: 0, Minute: 30}, "2026-09-28T16:29:59Z", "2026-09-30"},
		{"USD", "America/New_York", clearing.TimeOfDay{Hour: 17}, "2026-10-30T20:59:59Z", "2026-11-02"},
		{"USD", "America/New_York", clearing.TimeOfDay{Hour: 17}, "2026-11-02T21:59:59Z", "2026-11-03"},
	} {
		place, err := time.LoadLocation(c.place)
		if err != nil {
			t.Fatal(err)
		}
		got, err := of(t, c.currency).ValueDate(moment(t, c.booked), clearing.CutOff{At: c.at, Place: place, Days: 1})
		if err != nil || got.String() != c.want {
			t.Errorf("%s booked %s: %s, %v, want %s", c.currency, c.booked, got, err, c.want)
		}
	}
}

// TestClocksThatChange: every time of day is one moment, also in the night in which
// clocks leap and in the one in which they show an hour twice.
func TestClocksThatChange(t *testing.T) {
	t.Parallel()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ day, at, want string }{
		{"2026-03-29", "01:59", "2026-03-29T00:59:00Z"},
		{"2026-03-29", "02:00", "2026-03-29T01:00:00Z"},
		{"2026-03-29", "02:30", "2026-03-29T01:00:00Z"}, // shown by no clock
		{"2026-03-29", "03:00", "2026-03-29T01:00:00Z"},
		{"2026-10-25", "01:59", "2026-10-24T23:59:00Z"},
		{"2026-10-25", "02:30", "2026-10-25T00:30:00Z"}, // shown twice
		{"2026-10-25", "03:00", "2026-10-25T02:00:00Z"},
		{"2026-07-01", "00:00", "2026-06-30T22:00:00Z"},
	} {
		at, err := clearing.ParseTimeOfDay(c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.On(date(t, c.day), oslo).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.day, c.at, got, c.want)
		}
	}
}

// TestPublishedDays win over rules and weekends, and make years known.
func TestPublishedDays(t *testing.T) {
	t.Parallel()
	const file = `calendar,date,kind,cutoff,source,as_of
# The bank moves, and works one Saturday for it.
NOK,2026-11-24,closed,,Norges Bank,2026-11-01
NOK,2026-11-28,open,,Norges Bank,2026-11-01
NOK,2026-05-17,open,,Norges Bank,2026-11-01
NOK,2026-12-23,early,12:30,Norges Bank,2026-11-01
SEK,2026-11-24,open,,Riksbanken,2026-11-01
NOK,2031,complete,,Norges Bank,2030-06-01
NOK,2031-01-01,closed,,Norges Bank,2030-06-01
`
	before := of(t, "NOK")
	krone := with(t, before, file)
	for day, want := range map[string]bool{
		"2026-11-24": false, "2026-11-28": true, "2026-05-17": true, "2026-12-23": true, "2026-12-24": false,
		"2031-01-01": false, "2031-01-02": true, "2031-05-01": true, "2031-01-04": false,
	} {
		if open, err := krone.Open(date(t, day)); err != nil || open != want {
			t.Errorf("%s: open %t, %v", day, open, err)
		}
	}
	cut := clearing.CutOff{At: clearing.TimeOfDay{Hour: 16}, Place: time.UTC}
	for booked, want := range map[string]string{"2026-12-23T12:29:59Z": "2026-12-23", "2026-12-23T12:30:00Z": "2026-12-28", "2026-12-22T15:59:59Z": "2026-12-22"} {
		if got, err := krone.ValueDate(moment(t, booked), cut); err != nil || got.String() != want {
			t.Errorf("booked %s: %s, %v, want %s", booked, got, err, want)
		}
	}
	if open, err := before.Open(date(t, "2026-11-24")); !open || err != nil {
		t.Errorf("the calendar before: open %t, %v", open, err)
	}
}

// TestVersions are the same for the same days in whatever order they came.
func TestVersions(t *testing.T) {
	t.Parallel()
	const head = "calendar,date,kind,cutoff,source,as_of\n"
	const first, second = "DKK,2026-11-24,closed,,a,2026-11-01\n", "DKK,2026-11-28,open,,a,2026-11-01\n"
	krone := of(t, "DKK")
	once, twice := with(t, krone, head+first+second), with(t, with(t, krone, head+second), head+first)
	if once.Version() != twice.Version() || once.Version() == krone.Version() {
		t.Errorf("versions %s, %s and before %s", once.Version(), twice.Version(), krone.Version())
	}
	if again := with(t, once, head+strings.Replace(first, "closed", "open", 1)); again.Version() == once.Version() {
		t.Error("another day, the same version")
	}
	seen := make(map[string]string)
	for _, calendar := range clearing.Calendars() {
		if other, taken := seen[calendar.Version()]; taken {
			t.Errorf("%s and %s have one version", calendar.Name(), other)
		}
		seen[calendar.Version()] = calendar.Name()
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	const head = "calendar,date,kind,cutoff,source,as_of\n"
	for _, c := range []struct{ file, want string }{
		{"", "read the columns: EOF"},
		{"date,calendar,kind,cutoff,source,as_of\n", "the columns must be calendar,date,kind,cutoff,source,as_of"},
		{head + "NOK,2026-11-24,closed,,a\n", "read the days: record on line 2: wrong number of fields"},
		{head + "NOK,2026-02-29,closed,,a,2026-01-01\n", `line 2: "2026-02-29" is no date such as 2026-05-17`},
		{head + "NOK,24.11.2026,closed,,a,2026-01-01\n", `line 2: "24.11.2026" is no date such as 2026-05-17`},
		{head + "NOK,2026-11-24,shut,,a,2026-01-01\n", `line 2: the kind is closed, open, early or complete, not "shut"`},
		{head + "SEK,2026-11-24,shut,,a,2026-01-01\n", `line 2: the kind is closed, open, early or complete, not "shut"`},
		{head + "NOK,2026-11-24,closed,12:00,a,2026-01-01\n", "line 2: only a day that is early has a cutoff"},
		{head + "NOK,2026-11-24,early,,a,2026-01-01\n", `line 2: "" is no time such as 16:35`},
		{head + "NOK,2026-11-24,early,24:00,a,2026-01-01\n", `line 2: "24:00" is no time such as 16:35`},
		{head + "NOK,2026-11-24,early,9:00,a,2026-01-01\n", `line 2: "9:00" is no time such as 16:35`},
		{head + "NOK,2026-11-24,closed,,,2026-01-01\n", "line 2: a line names its source, and the day as of which it says so"},
		{head + "NOK,2026-11-24,closed,,a,today\n", "line 2: a line names its source, and the day as of which it says so"},
		{head + "NOK,26,complete,,a,2026-01-01\n", `line 2: a complete year is written such as 2026, not "26"`},
		{head + "NOK,2026-11-24,closed,,a,2026-01-01\n\nNOK,2026-11-24,open,,a,2026-01-01\n", "line 4: 2026-11-24 stands here twice"},
	} {
		if _, err := of(t, "NOK").With(strings.NewReader(c.file)); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.file, err, c.want)
		}
	}
}

// FuzzPublishedDays: whatever a file says, it is refused or can be asked.
func FuzzPublishedDays(f *testing.F) {
	f.Add("calendar,date,kind,cutoff,source,as_of\nCNY,2027,complete,,a,2026-11-05\nCNY,2027-02-06,early,12:00,a,2026-11-05\n")
	f.Fuzz(func(t *testing.T, file string) {
		calendar, err := of(t, "CNY").With(strings.NewReader(file))
		if err != nil {
			return
		}
		cut := clearing.CutOff{At: clearing.TimeOfDay{Hour: 12}, Place: time.UTC, Days: 1}
		booked := moment(t, "2027-02-05T12:00:00Z")
		if value, err := calendar.ValueDate(booked, cut); err == nil && value.Compare(clearing.DateAt(booked, time.UTC)) <= 0 {
			t.Errorf("T+1 of %s is %s", booked, value)
		}
	})
}

// weekdays are those days of a year that are closed, without the weekends.
func weekdays(t *testing.T, calendar clearing.Calendar, year int) (closed []string) {
	t.Helper()
	for day := (clearing.Date{Year: year, Month: time.January, Day: 1}); day.Year == year; day = day.After(1) {
		open, err := calendar.Open(day)
		if err != nil {
			t.Fatal(err)
		}
		if !open && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			closed = append(closed, day.String()[len("2026-"):])
		}
	}
	return closed
}

func of(t *testing.T, currency money.Currency) clearing.Calendar {
	t.Helper()
	calendar, known := clearing.CalendarOf(currency)
	if !known || calendar.Currency() != currency {
		t.Fatalf("the calendar of %s is that of %s", currency, calendar.Currency())
	}
	return calendar
}

func with(t *testing.T, calendar clearing.Calendar, file string) clearing.Calendar {
	t.Helper()
	calendar, err := calendar.With(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return calendar
}

func date(t *testing.T, text string) clearing.Date {
	t.Helper()
	day, err := clearing.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
