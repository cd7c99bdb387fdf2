package cpm

import (
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// Fields returns every value that could be read, in the order of the text, with
// their places: the tags on the way, and #2 behind the second application. Values
// are text where they are meant so, and else hexadecimal digits. Of card numbers
// only the first six and the last four digits are given, and of the magnetic
// stripe no more: fields are shown and logged.
func (c Code) Fields() []reading.Field {
	fields := make([]reading.Field, 0, countValues(c.data, depthMax))
	return appendFields(fields, c.data, "", depthMax)
}

// depthMax is how many templates are opened within each other.
const depthMax = 4

func appendFields(fields []reading.Field, content []byte, template reading.Place, depth int) []reading.Field {
	var numbered numbering
	for object := range All(content) {
		var place reading.Place
		if template == "" {
			place = numbered.of(object.Tag)
		} else {
			place = below(template, object.Tag)
		}
		if isOpened(object, depth) {
			fields = appendFields(fields, object.Value, place, depth-1)
		} else {
			fields = append(fields, reading.Field{Place: place, Name: lookUp(object.Tag).name, Value: shownValue(object)})
		}
	}
	return fields
}

// countValues returns how many fields the content has.
func countValues(content []byte, depth int) int {
	count := 0
	for object := range All(content) {
		if isOpened(object, depth) {
			count += countValues(object.Value, depth-1)
		} else {
			count++
		}
	}
	return count
}

// isOpened reports whether the object is a template whose content can be shown.
func isOpened(object Object, depth int) bool {
	return object.Tag.IsTemplate() && depth > 1 && consistsOfObjects(object.Value)
}

// shownValue returns what may be shown of a value.
func shownValue(object Object) string {
	const hidden = "*"
	if object.Tag.IsTemplate() {
		return strings.Repeat(hidden, len(object.Value)) // It may hold a card number anywhere.
	}
	switch lookUp(object.Tag).format {
	case words:
		if text := string(object.Value); utf8.ValidString(text) && len(shown.Check(text, "")) == 0 {
			return text
		}
	case numeric:
		if number, ok := digits(object.Value); ok {
			return number
		}
	case card:
		return masked(strings.TrimRight(upperHex(object.Value), "F"))
	case track:
		number, rest, ok := strings.Cut(strings.TrimRight(upperHex(object.Value), "F"), "D")
		if !ok {
			return masked(number)
		}
		return masked(number) + "D" + strings.Repeat(hidden, len(rest))
	case secret:
		return strings.Repeat(hidden, len(object.Value))
	case octets:
	}
	return upperHex(object.Value)
}

// masked returns a card number of which only the first six and the last four
// digits are left, and nothing of one that is too short to hide anything.
func masked(number string) string {
	const head, tail = 6, 4
	if len(number) <= head+tail {
		return strings.Repeat("*", len(number))
	}
	return number[:head] + strings.Repeat("*", len(number)-head-tail) + number[len(number)-tail:]
}
