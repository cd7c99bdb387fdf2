package qr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hansa-network/hansa"
)

// checkText refuses text that is not UTF-8 in normal form C, the only one in which
// equal names are equal bytes, or that holds a character which is not seen but
// changes what is seen. It is asked of a whole code, since every object of it may
// end up on someone's screen.
func checkText(text string) error {
	if printable(text) {
		return nil
	}
	if !utf8.ValidString(text) {
		return hansa.Refuse(hansa.CodeInvalid, "not UTF-8")
	}
	for _, char := range text {
		if hidden(char) {
			return hansa.Refuse(hansa.CodeInvalid, "holds the hidden character %U", char)
		}
	}
	if !norm.NFC.IsNormalString(text) {
		return hansa.Refuse(hansa.CodeInvalid, "not in Unicode normal form C")
	}
	return nil
}

// hidden reports control characters, line separators and format characters: all
// that reorder text are among the last. Two joiners are let through, since
// Persian and several Indian scripts cannot be written without them.
func hidden(char rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	if char == nonJoiner || char == joiner {
		return false
	}
	return unicode.In(char, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// printable reports whether text has only the characters that the standard calls
// common: space to tilde.
func printable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// inLatin lists the letters that do not come apart into a base letter and an
// accent, and the marks of print that have a plain twin.
var inLatin = strings.NewReplacer(
	"æ", "ae", "Æ", "Ae", "ø", "o", "Ø", "O", "œ", "oe", "Œ", "Oe", "ß", "ss", "ẞ", "SS",
	"ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "đ", "d", "Đ", "D", "ł", "l", "Ł", "L", "ħ", "h", "Ħ", "H",
	"ı", "i", "ŋ", "ng", "Ŋ", "Ng",
	"‘", "'", "’", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "–", "-", "—", "-", "…", "...", "·", ".",
)

// Latin returns text in plain ASCII letters, as object 59 and 60 want it: accents
// dropped, ligatures and special letters spelt out. It returns false for text in
// another script, which only its owner can write in Latin letters.
func Latin(text string) (string, bool) {
	if printable(text) {
		return text, true
	}
	var latin strings.Builder
	for _, char := range norm.NFD.String(inLatin.Replace(text)) {
		if !unicode.Is(unicode.Mn, char) {
			latin.WriteRune(char)
		}
	}
	return latin.String(), printable(latin.String())
}

// fit returns at most the first n characters of text, without a space at the end.
func fit(text string, n int) string {
	if head, _, ok := split(text, n); ok {
		return strings.TrimRight(head, " ")
	}
	return text
}
