package clearing

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// columns are the head of a file of published days.
const columns = "calendar,date,kind,cutoff,source,as_of"

// A kind is what a line of such a file says of its day.
type kind string

const (
	closedDay    kind = "closed"
	openDay      kind = "open"     // though the rule, or the weekend, says otherwise
	earlyDay     kind = "early"    // open until its cutoff, in the agreement's local time
	completeYear kind = "complete" // the date is a year, all of whose days the file tells
)

// published is what was published for one calendar beside its rule. It wins over it.
type published struct {
	days  map[Date]day
	years map[int]bool // whose days are all here, so that no rule is asked
}

// A day is what was published for it.
type day struct {
	kind   kind
	cutoff TimeOfDay // of an early day
}

// text says all of it, and is the same in whatever order it was published.
func (p published) text() string {
	var text strings.Builder
	for _, year := range slices.Sorted(maps.Keys(p.years)) {
		fmt.Fprintf(&text, "%d\n", year)
	}
	for _, date := range slices.SortedFunc(maps.Keys(p.days), Date.Compare) {
		fmt.Fprintf(&text, "%s %s %s\n", date, p.days[date].kind, p.days[date].cutoff)
	}
	return text.String()
}

// With returns the calendar with the days that a file publishes for it. Lines of
// other calendars are passed over, and a later file wins over an earlier one.
//
// The file is CSV (RFC 4180) in UTF-8 with the columns calendar, date, kind, cutoff,
// source, as_of; lines that begin with # are remarks. The kind is closed, open, early
// with a cutoff such as 12:30, or complete with a year as the date: nothing else makes
// a year known, and no rule is asked for it. Errors name the line, and what the
// calendar knew before it still knows.
func (c Calendar) With(file io.Reader) (Calendar, error) {
	lines := csv.NewReader(file)
	lines.Comment, lines.FieldsPerRecord = '#', strings.Count(columns, ",")+1
	head, err := lines.Read()
	if err != nil {
		return Calendar{}, fmt.Errorf("read the columns: %w", err)
	}
	if strings.Join(head, ",") != columns {
		return Calendar{}, fmt.Errorf("the columns must be %s", columns)
	}
	read := published{days: make(map[Date]day), years: make(map[int]bool)}
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			c.published = published{days: over(c.published.days, read.days), years: over(c.published.years, read.years)}
			return c, nil
		}
		if err != nil {
			return Calendar{}, fmt.Errorf("read the days: %w", err)
		}
		if err := read.line(fields, c.name); err != nil {
			number, _ := lines.FieldPos(0)
			return Calendar{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
}

// line reads one line, and keeps it if it is about the calendar called name.
func (p published) line(fields []string, name string) error {
	said, source, asOf := day{kind: kind(fields[2])}, fields[4], fields[5]
	if _, err := ParseDate(asOf); err != nil || source == "" {
		return errors.New("a line names its source, and the day as of which it says so")
	}
	var err error
	switch said.kind {
	case earlyDay:
		said.cutoff, err = ParseTimeOfDay(fields[3])
	case closedDay, openDay, completeYear:
		if fields[3] != "" {
			err = fmt.Errorf("only a day that is %s has a cutoff", earlyDay)
		}
	default:
		err = fmt.Errorf("the kind is %s, %s, %s or %s, not %q", closedDay, openDay, earlyDay, completeYear, said.kind)
	}
	if err != nil || fields[0] != name {
		return err
	}
	if said.kind == completeYear {
		return p.addYear(fields[1])
	}
	return p.addDay(fields[1], said)
}

func (p published) addYear(text string) error {
	year, err := strconv.Atoi(text)
	if err != nil || len(text) != len("2026") {
		return fmt.Errorf("a complete year is written such as 2026, not %q", text)
	}
	p.years[year] = true
	return nil
}

func (p published) addDay(text string, said day) error {
	date, err := ParseDate(text)
	if err != nil {
		return err
	}
	if _, twice := p.days[date]; twice {
		return fmt.Errorf("%s stands here twice", date)
	}
	p.days[date] = said
	return nil
}

// over returns both maps as one; what is in the second wins.
func over[K comparable, V any](below, above map[K]V) map[K]V {
	both := make(map[K]V, len(below)+len(above))
	maps.Copy(both, below)
	maps.Copy(both, above)
	return both
}
