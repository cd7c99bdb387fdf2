package cpm

import (
	"bytes"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// checkValues judges each value that a terminal may use. What the templates 63 and
// 64 hold is not for it: only a signature is noted there, which somebody should check.
func (r *reader) checkValues() {
	var numbered numbering
	for _, object := range r.code.objects {
		if object.Tag != TagApplication && object.Tag != TagCommon {
			r.checkValue(object, "")
			continue
		}
		template := numbered.of(object.Tag)
		for _, inner := range object.Inside {
			r.checkValue(inner, template)
		}
	}
}

func (r *reader) checkValue(object Object, template reading.Place) {
	known := lookUp(object.Tag)
	flawed := func(code reading.Code, format string, args ...any) {
		r.found(code, reading.Warning, below(template, object.Tag), format, args...)
	}
	size := len(object.Value)
	switch {
	case object.Tag == TagTransparent, object.Tag == TagCommonTransparent:
		r.noteSignature(object.Value, below(template, object.Tag))
		return
	case object.Tag == TagAID, object.Tag == TagFormat, object.Tag.IsTemplate():
		return // Judged where they are used, or unknown.
	case size == 0:
		flawed(reading.Empty, "no value")
		return
	case size < known.min:
		flawed(reading.TooShort, "%d bytes; at least %d are wanted", size, known.min)
	case size > known.max:
		flawed(reading.TooLong, "%d bytes; %d are allowed", size, known.max)
	}
	switch known.format {
	case words:
		if !shown.Printable(string(object.Value)) {
			r.checkLetters(string(object.Value), below(template, object.Tag))
		}
		switch object.Tag { //nolint:exhaustive // Other words have no form of their own.
		case TagIssuerURL:
			if !bytes.HasPrefix(object.Value, []byte("tel:")) && !bytes.HasPrefix(object.Value, []byte("mailto:")) {
				flawed(reading.Format, "neither tel: nor mailto:, so that it is no link to follow")
			}
		case TagLanguages:
			if !isLanguages(object.Value) {
				flawed(reading.Format, "not one to four languages of two letters each")
			}
		}
	case numeric, card:
		if _, ok := digits(object.Value); !ok {
			flawed(reading.Format, "not digits")
		}
	case track:
		if _, ok := parseTrack(object.Value); !ok {
			flawed(reading.Format, "not a card number, a separator, a month and a service code")
		}
	case octets, secret:
	}
}

// checkLetters judges text with other letters than the printable ones of ASCII.
func (r *reader) checkLetters(text string, place reading.Place) {
	for _, finding := range shown.Check(text, place) {
		r.found(finding.Code, finding.Severity, finding.Place, "%s", finding.Detail)
	}
	r.found(reading.NotASCII, reading.Warning, place, "other letters than the printable ones of ASCII")
}

// isLanguages reports whether value is a list of codes of ISO 639, without
// separators and in either case.
func isLanguages(value []byte) bool {
	for _, char := range value {
		if lower := char | 0x20; lower < 'a' || lower > 'z' {
			return false
		}
	}
	return len(value)%2 == 0
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
