package shown

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// inLatin lists the letters that do not come apart into a base letter and a mark,
// and the signs of print that have a plain twin.
var inLatin = strings.NewReplacer(
	"æ", "ae", "Æ", "Ae", "ø", "o", "Ø", "O", "œ", "oe", "Œ", "Oe", "ß", "ss", "ẞ", "SS",
	"ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "đ", "d", "Đ", "D", "ł", "l", "Ł", "L", "ħ", "h", "Ħ", "H",
	"ı", "i", "ŋ", "ng", "Ŋ", "Ng", "ŧ", "t", "Ŧ", "T", "ĸ", "q", "ſ", "s", "ə", "a", "Ə", "A",
	"ĳ", "ij", "Ĳ", "IJ", "ŀ", "l", "Ŀ", "L", "ŉ", "'n", "ɓ", "b", "Ɓ", "B", "ɗ", "d", "Ɗ", "D", "ƙ", "k", "Ƙ", "K",
	"‘", "'", "’", "'", "‚", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‹", "'", "›", "'",
	"‐", "-", "‑", "-", "–", "-", "—", "-", "…", "...", "·", ".", "\u00a0", " ", "\u202f", " ",
)

// Latin returns text in plain ASCII letters, as objects 59 and 60 of EMVCo want it:
// marks dropped, ligatures and special letters spelt out. It returns false for text
// in another script, which only its owner can write in Latin letters.
func Latin(text string) (string, bool) {
	if Printable(text) {
		return text, true
	}
	var bare strings.Builder
	for _, char := range norm.NFD.String(text) {
		if !unicode.Is(unicode.Mn, char) {
			bare.WriteRune(char)
		}
	}
	latin := inLatin.Replace(bare.String())
	return latin, latin != "" && Printable(latin)
}
