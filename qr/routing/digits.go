package routing

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// digits matches a numeric code. Who has the longest prefix decides whether the
// length is one in use.
func (t *Table) digits(text string) Match {
	var found hits
	var flaw reading.Code
	for _, n := range t.prefixLengths {
		if n > len(text) {
			continue
		}
		for _, i := range t.prefixes[text[:n]] {
			rule := t.rules[i].Digits
			switch {
			case slices.Contains(rule.Lengths, len(text)):
				found.add(t, i)
			case slices.Contains(rule.Reserved, len(text)):
				if found.n == 0 {
					flaw = reading.Reserved
				}
				found.add(t, i)
			}
		}
	}
	if found.n == 0 {
		return t.nearDigits(text)
	}
	match := t.match(&found, nil)
	match.Flaw = flaw
	return match
}

// nearDigits returns the kinds that digits of no kind were meant to have: those
// of their prefix in another length or, where nobody has the prefix, those of
// their length.
func (t *Table) nearDigits(text string) Match {
	var found hits
	for _, n := range t.prefixLengths {
		if n > len(text) || t.prefixes[text[:n]] == nil {
			continue
		}
		for _, i := range t.prefixes[text[:n]] {
			found.add(t, i)
		}
		match := t.match(&found, nil)
		match.Flaw = t.wrongLength(&found, len(text))
		return match
	}
	for _, i := range t.byLength[len(text)] {
		found.add(t, i)
	}
	match := t.match(&found, nil)
	match.Flaw = reading.Unknown
	return match
}

// wrongLength names what is wrong with a length that none of the rules has.
func (t *Table) wrongLength(found *hits, length int) reading.Code {
	shorter, longer := true, true
	for _, i := range found.rules[:found.n] {
		lengths := t.rules[i].Digits.Lengths
		shorter = shorter && length < lengths[0]
		longer = longer && length > lengths[len(lengths)-1]
	}
	switch {
	case shorter:
		return reading.TooShort
	case longer:
		return reading.TooLong
	}
	return reading.Format
}

// foldedDigits matches digits in groups, as people type them, and those of the
// full-width form, which some keyboards type and which no payment code has.
func (t *Table) foldedDigits(text string) Match {
	if len(text) > len("０ ")*digitsMax {
		return Match{Flaw: reading.Unknown}
	}
	isWide := false
	folded := strings.Map(func(char rune) rune {
		switch {
		case char >= '０' && char <= '９':
			isWide = true
			return char - '０' + '0'
		case char == ' ':
			return -1
		}
		return char
	}, text)
	if folded == "" || !isDigits(folded) {
		return Match{Flaw: reading.Unknown}
	}
	match := t.digits(folded)
	if isWide && match.Flaw != reading.Unknown {
		match.Flaw = reading.NotASCII
	}
	return match
}
