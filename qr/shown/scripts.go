package shown

import "unicode"

// alike are the scripts of which many letters look like those of another one of
// the list. Any other two scripts may meet in a word: Japanese is written in
// three, brands in Latin stand within Chinese and Korean, and digits belong to all.
var alike = []struct {
	name  string
	chars *unicode.RangeTable
}{
	{"Latin", unicode.Latin},
	{"Cyrillic", unicode.Cyrillic},
	{"Greek", unicode.Greek},
	{"Armenian", unicode.Armenian},
	{"Cherokee", unicode.Cherokee},
	{"Coptic", unicode.Coptic},
	{"Lisu", unicode.Lisu},
	{"Canadian Aboriginal", unicode.Canadian_Aboriginal},
}

// A stranger is a letter in a word of another script.
type stranger struct {
	char   rune
	script string // its own
	word   string // that of the letters before it
}

// firstMixed returns the first letter of text that stands in a word of another
// script which looks alike. Marks, digits and apostrophes do not end a word.
func firstMixed(text string) (stranger, bool) {
	word := ""
	for _, char := range text {
		switch {
		case unicode.IsLetter(char):
			script := scriptOf(char)
			if script != "" && word != "" && script != word {
				return stranger{char, script, word}, true
			}
			if script != "" {
				word = script
			}
		case unicode.In(char, unicode.M, unicode.Nd, unicode.Cf), char == '\'', char == '’':
		default:
			word = ""
		}
	}
	return stranger{}, false
}

// scriptOf returns the name of the script among those that look alike, or nothing.
func scriptOf(letter rune) string {
	for _, script := range alike {
		if unicode.Is(script.chars, letter) {
			return script.name
		}
	}
	return ""
}
