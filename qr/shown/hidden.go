package shown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The two joiners decide whether the letters around them touch.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// noChar stands for the neighbour of the first and the last character.
const noChar rune = -1

// blanks are letters and symbols by their category which nevertheless leave the
// screen empty: the combining grapheme joiner, the fillers of Hangul, the inherent
// vowels of Khmer and the Braille pattern without dots.
const blanks = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

// firstHidden returns the first character of text that is not seen although it may
// change what is seen.
func firstHidden(text string) (rune, bool) {
	previous := noChar
	for at, char := range text {
		if isUnseen(char) && !changes(previous, char, text[at+utf8.RuneLen(char):]) {
			return char, true
		}
		previous = char
	}
	return 0, false
}

// isUnseen reports what leaves no trace of its own on the screen: control
// characters, line separators, format characters, all that reorder text among them,
// selectors of variants and blanks.
func isUnseen(char rune) bool {
	if char < utf8.RuneSelf {
		return char < ' ' || char == 0x7f
	}
	return unicode.In(char, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) ||
		strings.ContainsRune(blanks, char)
}

// changes reports whether an unseen character changes, as scripts and emoji need
// it, what stands right before it or between it and the rest of the text.
func changes(previous, char rune, rest string) bool {
	switch {
	case char == nonJoiner || char == joiner:
		return joins(previous, firstOf(rest))
	case unicode.Is(unicode.Variation_Selector, char):
		return varies(previous, char, firstOf(rest))
	}
	return false
}

func firstOf(text string) rune {
	for _, char := range text {
		return char
	}
	return noChar
}

// joined are the scripts whose letters join or stack, and which therefore need the
// joiners to say where they should not, or should nevertheless.
var joined = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Devanagari, unicode.Bengali,
	unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Tibetan, unicode.Myanmar, unicode.Khmer, unicode.Balinese,
	unicode.Javanese, unicode.Sundanese,
}

// joins reports whether a joiner between the two characters has work to do: within
// a word of a joining script, or between the parts of one emoji. A virama may stand
// at the end of a word with a joiner behind it; that it is seen there is why the
// letter before the joiner decides alone when it is a mark.
func joins(previous, next rune) bool {
	if unicode.In(previous, joined...) && (unicode.In(next, joined...) || unicode.Is(unicode.M, previous)) {
		return true
	}
	isPart := isSymbol(previous) || isSkinTone(previous) || previous == emojiForm
	return isPart && isSymbol(next)
}

// Behind a symbol they choose between its black form and its coloured one.
const (
	textForm  = '\ufe0e'
	emojiForm = '\ufe0f'
)

// keycap is the frame around the digit before it.
const keycap = '\u20e3'

// alsoEmoji are no symbols by their category and have a coloured form all the same.
const alsoEmoji = "‼⁉〰ℹ"

// varies reports whether a variation selector chooses between forms of the
// character before it: emoji or text, a form of a Chinese character, a Mongolian one.
func varies(previous, selector, next rune) bool {
	switch {
	case unicode.Is(unicode.Mongolian, selector):
		return unicode.Is(unicode.Mongolian, previous)
	case selector == textForm || selector == emojiForm:
		isKey := next == keycap && strings.ContainsRune("0123456789#*", previous)
		return isKey || isSymbol(previous) || isSkinTone(previous) || strings.ContainsRune(alsoEmoji, previous)
	}
	return unicode.Is(unicode.Han, previous)
}

// isSymbol reports a symbol that may be an emoji or a part of one, as the arrows of
// mathematics may. The symbols of ASCII are none.
func isSymbol(char rune) bool {
	return char >= utf8.RuneSelf && unicode.In(char, unicode.So, unicode.Sm)
}
