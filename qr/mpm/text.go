package mpm

import (
	"strings"
	"unicode/utf8"
)

// isNumber reports whether text is n of the ten ASCII digits.
func isNumber(text string, n int) bool {
	if len(text) != n {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// isCountry reports whether text is two capitals.
func isCountry(text string) bool {
	return len(text) == 2 && isCapital(text[0]) && isCapital(text[1])
}

// isLanguage reports whether text is two letters. The standard asks for capitals or
// small ones nowhere, and both are in the field.
func isLanguage(text string) bool {
	return len(text) == 2 && isCapital(text[0]&^0x20) && isCapital(text[1]&^0x20)
}

func isCapital(char byte) bool { return char >= 'A' && char <= 'Z' }

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// shorten returns the first characters of text, enough to find the place. They are
// a copy, so that a finding does not keep the whole text.
func shorten(text string) string {
	const enough = 8
	count := 0
	for at := range text {
		if count == enough {
			return text[:at] + "…"
		}
		count++
	}
	return strings.Clone(text)
}
