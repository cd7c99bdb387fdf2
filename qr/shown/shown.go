// Package shown judges and prepares the text that people see: names, places and
// messages in payment codes. It finds what a reader of a screen would not notice,
// hidden characters, unequal spellings of equal text and letters of another script
// that look alike, and it writes names such that any receipt printer can print them.
// It never changes a text behind its owner's back: whoever wants a cleaner text asks.
package shown

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hansa-network/hansa/qr/reading"
)

// Check returns what is wrong with a text that stands at place and that someone
// may see. Text that is not UTF-8, that holds a character which is not seen but
// changes what is seen, or that is not in Unicode normal form C is an error: equal
// names would not be equal bytes. Letters of scripts that look alike within one
// word are a warning. Each code is found once, at its first character. For
// printable ASCII Check returns nil and allocates nothing.
func Check(text string, place reading.Place) []reading.Finding {
	if Printable(text) {
		return nil
	}
	found := func(code reading.Code, severity reading.Severity, format string, args ...any) reading.Finding {
		return reading.Finding{Code: code, Place: place, Severity: severity, Detail: fmt.Sprintf(format, args...)}
	}
	if at := invalidAt(text); at >= 0 {
		return []reading.Finding{found(reading.NotUTF8, reading.Error, "byte %d, 0x%02x, is not UTF-8", at+1, text[at])}
	}
	var findings []reading.Finding
	if char, ok := firstHidden(text); ok {
		findings = append(findings, found(reading.HiddenText, reading.Error, "holds the hidden character %U", char))
	}
	if !norm.NFC.IsNormalString(text) {
		findings = append(findings, found(reading.NotComposed, reading.Error, "not in Unicode normal form C"))
	}
	if mixed, ok := firstMixed(text); ok {
		findings = append(findings, found(reading.MixedScripts, reading.Warning, "the %s letter %U stands in a word of %s letters",
			mixed.script, mixed.char, mixed.word))
	}
	return findings
}

// Printable reports whether text has only the characters that EMVCo calls common:
// the 95 of ASCII from space to tilde.
func Printable(text string) bool {
	for ; len(text) >= 8; text = text[8:] {
		if !printable8(text) {
			return false
		}
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// printable8 judges the first eight bytes of text at once. In each of them the
// highest bit must be off, stay off when 1 is added (it is not 0x7f), and be taken
// from no neighbour when space is taken away.
func printable8(text string) bool {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	_ = text[7] // One check for all eight.
	word := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
	return (word|(word+each))&highest == 0 && ((word|highest)-' '*each)&highest == highest
}

// Fit returns at most the first n characters of text, never half of a letter with
// its marks, and without a space at the end. Nothing is left of a first letter that
// has more than n marks.
func Fit(text string, n int) string {
	end := 0 // the last place where text may be cut
	count := 0
	for at, char := range text {
		if startsLetter(text[:at], char) {
			end = at
		}
		if count >= n {
			return trimEnd(text[:end])
		}
		count++
	}
	return trimEnd(text)
}

// startsLetter reports whether char begins something of its own on the screen,
// rather than changing or joining what stands before it.
func startsLetter(before string, char rune) bool {
	if char < utf8.RuneSelf {
		return !endsWithJoiner(before)
	}
	var raw [utf8.UTFMax]byte
	switch {
	case unicode.In(char, unicode.M, unicode.Variation_Selector), char == joiner, char == nonJoiner, isSkinTone(char):
		return false
	case !norm.NFC.Properties(utf8.AppendRune(raw[:0], char)).BoundaryBefore():
		return false
	}
	return !endsWithJoiner(before)
}

func endsWithJoiner(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return last == joiner
}

// isSkinTone reports the modifiers that colour the emoji before them.
func isSkinTone(char rune) bool { return char >= 0x1f3fb && char <= 0x1f3ff }

func trimEnd(text string) string {
	for {
		last, size := utf8.DecodeLastRuneInString(text)
		if size == 0 || !unicode.IsSpace(last) {
			return text
		}
		text = text[:len(text)-size]
	}
}

// invalidAt returns the place of the first byte that is not UTF-8, or -1.
func invalidAt(text string) int {
	for at := 0; at < len(text); {
		char, size := utf8.DecodeRuneInString(text[at:])
		if char == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}
