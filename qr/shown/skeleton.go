package shown

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// LookAlike reports whether people may take one text for the other: equal texts,
// texts with equal skeletons, and those that differ besides in case, over which
// people read.
func LookAlike(a, b string) bool {
	return a == b || Skeleton(a) == Skeleton(b) || Skeleton(strings.ToUpper(a)) == Skeleton(strings.ToUpper(b))
}

// Skeleton returns what is left of text for an eye in a hurry, after the idea of
// Unicode Technical Standard 39: letters of other scripts, styles and widths become
// the Latin letters and digits that they look like, I, l, 1 and | one letter, O and
// 0 another, m becomes rn and w becomes vv, letters whose capital is only larger
// become small, white space one space, and what is hidden is gone. Marks stay. It
// is for comparing with other skeletons, not for showing.
func Skeleton(text string) string {
	var plain strings.Builder
	for part := range strings.FieldsSeq(drawn(drawn(text, norm.NFD), norm.NFKD)) {
		if plain.Len() > 0 {
			plain.WriteByte(' ')
		}
		plain.WriteString(part)
	}
	return norm.NFD.String(plain.String())
}

// drawn returns text in the normal form, with each character replaced by what it
// looks like. The form that keeps styles comes first: some letters lose their shape
// with their style, as the lunate sigma does.
func drawn(text string, form norm.Form) string {
	var drawn strings.Builder
	drawn.Grow(len(text))
	for _, char := range form.String(text) {
		if unicode.IsSpace(char) || !isUnseen(char) {
			drawn.WriteString(looksLike(char))
		}
	}
	return drawn.String()
}

// looksLike returns what char looks like at its smallest, or char itself.
func looksLike(char rune) string {
	if twin, ok := twins[char]; ok {
		return twin
	}
	return string(char)
}
