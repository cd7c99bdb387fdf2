package symbol

import (
	"fmt"

	"github.com/hansa-network/hansa"
)

const code128Max = 80 // characters; scanners at tills are not wider

// A codeSet of Code 128 says what its numbers stand for.
type codeSet int

const (
	setA codeSet = iota // capitals, digits, signs and control characters
	setB                // capitals, small letters, digits and signs
	setC                // pairs of digits
)

// Numbers of Code 128 that stand for no character.
const (
	switchToC = 99 // in setA and setB
	switchToB = 100
	switchToA = 101
	startA    = 103 // the other sets follow
	stop      = 106

	checkModulus = 103
)

// NewCode128 returns the bars of a text in ASCII, such as the digits that a wallet
// shows, pairs of which need as much room as one letter (ISO/IEC 15417). It
// refuses with hansa.CodeInvalid an empty text, one of more than 80 characters and
// one beyond ASCII.
func NewCode128(text string) (Bars, error) {
	if text == "" || len(text) > code128Max || !isASCII(text) {
		return Bars{}, hansa.Refuse(hansa.CodeInvalid, "bars hold 1 to %d characters of ASCII", code128Max)
	}
	numbers := code128Numbers(text)
	check := numbers[0]
	for i, number := range numbers {
		check += i * number
	}
	numbers = append(numbers, check%checkModulus, stop)
	bars := Bars{text: text}
	for _, number := range numbers {
		dark := true
		for _, width := range code128Widths[number] {
			for range width - '0' {
				bars.modules = append(bars.modules, dark)
			}
			dark = !dark
		}
	}
	return bars, nil
}

// code128Numbers returns the text as numbers, behind that of the first set.
func code128Numbers(text string) []int {
	set := firstSet(text)
	numbers := []int{startA + int(set)}
	for rest := text; rest != ""; {
		if next := nextSet(rest, set); next != set {
			set = next
			numbers = append(numbers, set.switchTo())
		}
		if set == setC {
			numbers = append(numbers, 10*int(rest[0]-'0')+int(rest[1]-'0'))
			rest = rest[2:]
			continue
		}
		numbers = append(numbers, characterNumber(rest[0]))
		rest = rest[1:]
	}
	return numbers
}

// firstSet returns the set to begin with: pairs where at least two of them come
// first.
func firstSet(text string) codeSet {
	if leadingDigits(text) >= 4 {
		return setC
	}
	return letterSet(text)
}

// nextSet returns the set for what comes next. It pays to change to pairs for
// six digits, and for four at the end; an odd digit goes before them.
func nextSet(rest string, set codeSet) codeSet {
	digits := leadingDigits(rest)
	switch {
	case set == setC && digits >= 2, digits%2 == 0 && (digits >= 6 || digits == len(rest) && digits >= 4):
		return setC
	case set == setC, set == setA && rest[0] >= '`', set == setB && rest[0] < ' ':
		return letterSet(rest)
	}
	return set
}

// letterSet returns the set that the next character needs which only one has.
func letterSet(text string) codeSet {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ':
			return setA
		case c >= '`':
			return setB
		}
	}
	return setB
}

func leadingDigits(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// switchTo returns the number that changes to the set.
func (s codeSet) switchTo() int {
	switch s {
	case setA:
		return switchToA
	case setB:
		return switchToB
	case setC:
		return switchToC
	}
	panic(fmt.Sprintf("symbol: set %d of Code 128", int(s)))
}

// characterNumber returns the number of a character in whichever of setA and
// setB has it; where both have, they agree.
func characterNumber(c byte) int {
	if c < ' ' {
		return int(c) + 64
	}
	return int(c) - ' '
}

// code128Widths holds for each number the widths of its bars and spaces in turns.
var code128Widths = [stop + 1]string{
	"212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
	"221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
	"221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
	"212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
	"231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
	"231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
	"314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
	"112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
	"111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
	"214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
	"114131", "311141", "411131", "211412", "211214", "211232", "2331112",
}
