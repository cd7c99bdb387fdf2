package cpm

import (
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// A format is how the bytes of a value are meant.
type format uint8

const (
	binary  format = iota
	words          // letters for people and programs
	numeric        // two digits a byte, with F where there is none
	card           // a card number: numeric, and never shown in full
	track          // a card number and what else the magnetic stripe says
	secret         // never shown
)

// An entry is what the standard says of a tag: how its value is meant and how
// many bytes it has.
type entry struct {
	tag      Tag
	name     string
	format   format
	min, max int
}

// dictionary has the tags of the standard, those of EMV that wallets add, and the
// few of a scheme that is known by them.
var dictionary = [...]entry{
	{TagFormat, "payload_format_indicator", words, 5, 5},
	{TagApplication, "application_template", binary, 0, SizeMax},
	{TagCommon, "common_data_template", binary, 0, SizeMax},
	{TagTransparent, "application_transparent_template", binary, 0, SizeMax},
	{TagCommonTransparent, "common_data_transparent_template", binary, 0, SizeMax},
	{TagAID, "adf_name", binary, aidMin, aidMax},
	{TagLabel, "application_label", words, 1, 16},
	{TagTrack2, "track_2_equivalent_data", track, 1, 19},
	{TagCardNumber, "application_pan", card, 1, 10},
	{0x56, "track_1_data", secret, 1, 79},
	{0x82, "application_interchange_profile", binary, 2, 2},
	{TagSignature, "signature", binary, 1, SizeMax},
	{0x5F20, "cardholder_name", words, 2, 26},
	{0x5F24, "application_expiration_date", numeric, 3, 3},
	{TagLanguages, "language_preference", words, 2, 8},
	{0x5F34, "pan_sequence_number", numeric, 1, 1},
	{TagIssuerURL, "issuer_url", words, 1, SizeMax},
	{0x9F08, "application_version_number", binary, 2, 2},
	{0x9F10, "issuer_application_data", binary, 1, 32},
	{0x9F12, "application_preferred_name", words, 1, 16},
	{0x9F19, "token_requestor_id", numeric, 6, 6},
	{0x9F1F, "track_1_discretionary_data", secret, 1, SizeMax},
	{0x9F20, "track_2_discretionary_data", secret, 1, SizeMax},
	{0x9F24, "payment_account_reference", words, 29, 29},
	{0x9F25, "last_4_digits_of_pan", numeric, 2, 2},
	{0x9F26, "application_cryptogram", binary, 8, 8},
	{0x9F27, "cryptogram_information_data", binary, 1, 1},
	{0x9F36, "application_transaction_counter", binary, 2, 2},
	{0x9F37, "unpredictable_number", binary, 4, 4},
	{0x9F6B, "track_2_data", secret, 1, 19},
	{0x9F74, "issuer_qris_data", words, 1, SizeMax},
	{0x9F7A, "issuer_public_key_certificate", binary, 1, SizeMax},
	{0x9F7B, "encrypted_data", binary, 1, SizeMax},
}

// lookUp returns the entry of a tag, and one without name if there is none.
func lookUp(tag Tag) entry {
	for _, known := range dictionary {
		if known.tag == tag {
			return known
		}
	}
	return entry{tag: tag, format: binary, max: SizeMax}
}

// checkValues judges each value that a terminal may use. What the templates 63 and
// 64 hold is not for it: only a signature is noted there, which somebody should check.
func (r *reader) checkValues() {
	var numbered places
	for _, object := range r.code.objects {
		place := numbered.of("", object.Tag)
		r.checkValue(object, place)
		for _, inner := range object.Inside {
			r.checkValue(inner, below(place, inner.Tag))
		}
	}
}

func (r *reader) checkValue(object Object, place reading.Place) {
	known := lookUp(object.Tag)
	size := len(object.Value)
	switch {
	case object.Tag == TagTransparent, object.Tag == TagCommonTransparent:
		r.noteSignature(object.Value, place)
		return
	case object.Tag == TagAID, object.Tag == TagFormat, object.Tag.IsTemplate():
		return // Judged where they are used, or unknown.
	case size == 0:
		r.found(reading.Empty, reading.Warning, place, "no value")
		return
	case size < known.min:
		r.found(reading.TooShort, reading.Warning, place, "%d bytes; at least %d are wanted", size, known.min)
	case size > known.max:
		r.found(reading.TooLong, reading.Warning, place, "%d bytes; %d are allowed", size, known.max)
	}
	switch known.format {
	case words:
		r.checkWords(object, place)
	case numeric, card:
		if _, ok := digits(object.Value); !ok {
			r.found(reading.Format, reading.Warning, place, "not digits")
		}
	case track:
		if _, ok := parseTrack(object.Value); !ok {
			r.found(reading.Format, reading.Warning, place, "not a card number, a separator, a month and a service code")
		}
	case binary, secret:
	}
}

func (r *reader) checkWords(object Object, place reading.Place) {
	text := string(object.Value)
	for _, finding := range shown.Check(text, place) {
		r.found(finding.Code, finding.Severity, finding.Place, "%s", finding.Detail)
	}
	if !shown.Printable(text) {
		r.found(reading.NotASCII, reading.Warning, place, "other letters than the printable ones of ASCII")
	}
	switch object.Tag {
	case TagIssuerURL:
		if !strings.HasPrefix(text, "tel:") && !strings.HasPrefix(text, "mailto:") {
			r.found(reading.Format, reading.Warning, place, "neither tel: nor mailto:, so that it is no link to follow")
		}
	case TagLanguages:
		if len(text)%2 == 1 || strings.ContainsFunc(text, func(char rune) bool { return char|0x20 < 'a' || char|0x20 > 'z' }) {
			r.found(reading.Format, reading.Warning, place, "not one to four languages of two letters each")
		}
	}
}

// noteSignature notes a signature in a template that the wallet's own side checks.
func (r *reader) noteSignature(content []byte, template reading.Place) {
	for object := range All(content) {
		if object.Tag == TagSignature && holdsSignature(object.Value) {
			r.found(reading.SignedElse, reading.Note, below(template, TagSignature), "an ECDSA signature of the wallet, which is not verified")
		}
	}
}

// holdsSignature reports whether value is an ECDSA signature in DER, a sequence of
// two integers, be it with a byte before it that names the algorithm.
func holdsSignature(value []byte) bool {
	const sequence, integer = 0x30, 0x02
	if len(value) > 0 && value[0] != sequence {
		value = value[1:]
	}
	whole, rest, written := take(value)
	if written != sound || whole.Tag != sequence || len(rest) > 0 {
		return false
	}
	count := 0
	for object := range All(whole.Value) {
		if object.Tag != integer {
			return false
		}
		count++
	}
	return count == 2 && consistsOfObjects(whole.Value)
}

// digits returns a number that is written in two digits a byte and ends in F where
// a byte has only one, or none.
func digits(value []byte) (string, bool) {
	number := strings.TrimRight(upperHex(value), "F")
	return number, number != "" && !strings.ContainsAny(number, "ABCDEF")
}

// A stripe is the content of track 2.
type stripe struct {
	number string // of the card
	rest   string // the month of expiry, the service code, and what the issuer adds
}

// parseTrack takes track 2 apart. A number without the rest is still a number.
func parseTrack(value []byte) (stripe, bool) {
	const separator, monthAndService = "D", 7
	number, rest, ok := strings.Cut(strings.TrimRight(upperHex(value), "F"), separator)
	isDigits := !strings.ContainsAny(number+rest, "ABCDEF")
	return stripe{number, rest}, ok && isDigits && len(rest) >= monthAndService
}

// Fields returns every value that could be read, in the order of the text, with
// their places: the tags on the way, and #2 behind the second application. Values
// are text where they are meant so, and else hexadecimal digits. Of card numbers
// only the first six and the last four digits are given, and of the magnetic
// stripe no more: fields are shown and logged.
func (c Code) Fields() []reading.Field {
	const depthMax = 4
	return appendFields(make([]reading.Field, 0, 16), c.data, "", depthMax)
}

func appendFields(fields []reading.Field, content []byte, template reading.Place, depth int) []reading.Field {
	var numbered places
	for object := range All(content) {
		place := numbered.of(template, object.Tag)
		if object.Tag.IsTemplate() && depth > 1 && consistsOfObjects(object.Value) {
			fields = appendFields(fields, object.Value, place, depth-1)
			continue
		}
		fields = append(fields, reading.Field{Place: place, Name: lookUp(object.Tag).name, Value: shownValue(object)})
	}
	return fields
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
	case binary:
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
