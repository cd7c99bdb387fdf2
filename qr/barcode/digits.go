package barcode

import (
	"strings"
	"unicode"

	"github.com/hansa-network/hansa/qr/reading"
)

// unwrapped drops what scanners put around a text.
func unwrapped(text string) string { return strings.Trim(text, " \t\r\n\ufeff") }

// take reads the digits of text into the code, and reports whether text is a number
// at all. Digits of another script, such as the full-width ones of Japanese
// keyboards, are read so that the kind can be named, and are an error.
func (r *reader) take(text string) bool {
	inner := unwrapped(text)
	if inner != text {
		r.found(reading.Surrounded, "", reading.Note, "white space around the number was dropped")
	}
	if isASCIIDigits(inner) && len(inner) <= lengthMax {
		r.code.digits = inner
	} else if !r.gather(inner) {
		return false
	}
	switch length := len(r.code.digits); {
	case length == 0:
		r.found(reading.Empty, "", reading.Error, "no digits")
		return false
	case length < lengthMin:
		r.found(reading.Unknown, "", reading.Error, "%d digits are too few for a payment code", length)
		r.code = Code{}
		return false
	}
	return true
}

// gather reads digits with something between them.
func (r *reader) gather(text string) bool {
	digits := make([]byte, 0, lengthMax)
	isSpaced, foreignAt := false, 0
	for _, char := range text {
		if char == ' ' {
			isSpaced = true
			continue
		}
		digit, ok := digitOf(char)
		switch {
		case !ok:
			r.found(reading.Unknown, "", reading.Error, "%U is no digit", char)
			return false
		case len(digits) == lengthMax:
			r.found(reading.Unknown, "", reading.Error, "more than %d digits", lengthMax)
			return false
		}
		digits = append(digits, digit)
		if char > unicode.MaxASCII && foreignAt == 0 {
			foreignAt = len(digits)
		}
	}
	if foreignAt > 0 {
		r.found(reading.NotASCII, digitsFrom(foreignAt-1, 1), reading.Error, "a digit of another script or width")
	}
	if isSpaced {
		r.found(reading.Spaced, "", reading.Note, "spaces between the digits were dropped")
	}
	r.code.digits = string(digits)
	return true
}

func isASCIIDigits(text string) bool {
	for i := range len(text) {
		if text[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// digitOf returns the ASCII digit of the same value. Unicode keeps the ten digits
// of a script together, the zero first.
func digitOf(char rune) (byte, bool) {
	if char <= unicode.MaxASCII {
		return byte(char), char >= '0' && char <= '9' //nolint:gosec // ASCII.
	}
	if !unicode.Is(unicode.Nd, char) {
		return 0, false
	}
	for _, run := range unicode.Nd.R16 {
		if char <= rune(run.Hi) {
			return '0' + byte((char-rune(run.Lo))%10), true //nolint:gosec // Below ten.
		}
	}
	for _, run := range unicode.Nd.R32 {
		if char <= rune(run.Hi) { //nolint:gosec // A rune.
			return '0' + byte((char-rune(run.Lo))%10), true //nolint:gosec // Below ten.
		}
	}
	return 0, false
}
