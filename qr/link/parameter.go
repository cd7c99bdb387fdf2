package link

import (
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// A Parameter is one pair of the query.
type Parameter struct {
	Key   string // as it was scanned
	Value string // with percent signs decoded; a plus is a plus
	at    int    // where the key starts in the text
}

// readParameters divides the query. Readers differ over keys that come twice, over
// escapes in keys, over semicolons and over plus signs.
func (r *reader) readParameters() {
	rest, at := r.code.parts.query, r.code.parts.queryAt
	for rest != "" {
		pair, after, _ := strings.Cut(rest, "&")
		if pair != "" {
			if len(r.code.parameters) == parametersMax {
				r.found(reading.TooLong, atQuery, reading.Error, "more than %d parameters: the others are not read", parametersMax)
				return
			}
			r.readParameter(pair, at)
		}
		at += len(rest) - len(after)
		rest = after
	}
}

func (r *reader) readParameter(pair string, at int) {
	key, raw, ok := strings.Cut(pair, "=")
	place := placeOf(key)
	if !ok {
		r.found(reading.Format, place, reading.Warning, "a parameter without a value")
	}
	decodedKey := r.decoded(key, place)
	switch {
	case decodedKey == "":
		r.found(reading.Format, atQuery, reading.Error, "a parameter without a name")
		return
	case decodedKey != key:
		r.found(reading.BadEscape, place, reading.Error, "the name of a parameter is escaped: some readers see another one")
	case !isKey(key):
		r.found(reading.Format, place, reading.Error, "the name of a parameter has more than letters, digits and _-.")
	}
	if _, again := r.code.Value(decodedKey); again {
		r.found(reading.Twice, place, reading.Error, "the parameter stands there twice: one reader takes the first, another the last")
	}
	if _, other, split := strings.Cut(raw, ";"); split && strings.Contains(other, "=") {
		r.found(reading.Contradiction, place, reading.Error, "a semicolon, at which some readers begin another parameter")
	}
	r.inspectValue(raw, place)
	value := r.decoded(raw, place)
	if value != raw {
		for _, finding := range shown.Check(value, place) {
			r.found(finding.Code, place, finding.Severity, "%s", finding.Detail)
		}
	}
	r.code.parameters = append(r.code.parameters, Parameter{Key: decodedKey, Value: value, at: at})
}

// placeOf names a parameter in a finding, if its name can be shown.
func placeOf(key string) reading.Place {
	if !isKey(key) {
		return atQuery
	}
	return reading.Place(key)
}

const keyMax = 32 // characters

func isKey(key string) bool {
	for i := range len(key) {
		b := key[i] | 0x20
		if (b < 'a' || b > 'z') && (key[i] < '0' || key[i] > '9') && key[i] != '_' && key[i] != '-' && key[i] != '.' {
			return false
		}
	}
	return key != "" && len(key) <= keyMax
}

// inspectValue judges characters that links must escape. Indian tills print spaces
// and letters of their script as they are, which every wallet there reads.
func (r *reader) inspectValue(raw string, place reading.Place) {
	severity := reading.Error
	if r.code.parts.scheme == "upi" {
		severity = reading.Warning
	}
	if strings.Contains(raw, " ") {
		r.found(reading.WhiteSpace, place, severity, "a space that is not escaped")
	}
	if !isPlain(strings.ReplaceAll(raw, " ", "")) {
		r.found(reading.NotASCII, place, severity, "a character that links must escape")
	}
}

// decoded returns text without its escapes. An escape that is broken stays as it
// is. A letter or digit has no reason to be escaped but to be hidden.
func (r *reader) decoded(text string, place reading.Place) string {
	if !strings.Contains(text, "%") {
		return text
	}
	broken, hides := false, false
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			plain = append(plain, text[i])
			continue
		}
		b, ok := hexByte(text[i+1:])
		if !ok {
			broken = true
			plain = append(plain, '%')
			continue
		}
		hides = hides || isAlphanumeric(b)
		plain = append(plain, b)
		i += 2
	}
	if broken {
		r.found(reading.BadEscape, place, reading.Error, "a percent sign without two hexadecimal digits")
	}
	if hides {
		r.found(reading.BadEscape, place, reading.Error, "a letter or digit is escaped, which only hides it")
	}
	return string(plain)
}

// escapeLength is the number of characters that an escaped one takes.
const escapeLength = len("%2F")

// hexByte reads the two hexadecimal digits that text starts with.
func hexByte(text string) (byte, bool) {
	if len(text) < 2 {
		return 0, false
	}
	high, low := strings.IndexByte(hexDigits, text[0]|0x20), strings.IndexByte(hexDigits, text[1]|0x20)
	if !isAlphanumeric(text[0]) || !isAlphanumeric(text[1]) || high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true //nolint:gosec // Below 256.
}

const hexDigits = "0123456789abcdef"

func isAlphanumeric(b byte) bool {
	return (b >= '0' && b <= '9') || (b|0x20 >= 'a' && b|0x20 <= 'z')
}
