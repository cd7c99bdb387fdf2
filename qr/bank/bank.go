// Package bank is what the codes for bank transfers have in common: account
// numbers, bank codes and creditor references with their check digits, and texts
// of one element a line with what may be found in them. It promises exact checks
// and knows no code format.
package bank

// A Flaw says what is wrong with a number.
type Flaw uint8

// The flaws, in the order in which a number is checked.
const (
	Sound          Flaw = iota // nothing is wrong
	Malformed                  // not the characters that such a number has, or not so many
	UnknownCountry             // no country whose numbers we know
	WrongLength                // another length than the country's numbers have
	WrongCheck                 // check digits that do not fit: misread or altered
)

// String says the flaw as people read it.
func (f Flaw) String() string {
	switch f {
	case Sound:
		return "sound"
	case Malformed:
		return "not of its form"
	case UnknownCountry:
		return "of no country with such numbers"
	case WrongLength:
		return "not as long as its country's"
	case WrongCheck:
		return "check digits do not fit"
	}
	panic("bank: no such flaw")
}

// remainder returns the number that text spells, modulo 97: a digit stands for
// itself, a letter for 10 (A) to 35 (Z), as ISO/IEC 7064 counts them.
func remainder(start uint32, text string) uint32 {
	const modulus = 97
	for i := range len(text) {
		switch char := text[i]; {
		case isDigit(char):
			start = (start*10 + uint32(char-'0')) % modulus
		default:
			start = (start*100 + uint32(char-'A') + 10) % modulus
		}
	}
	return start
}

// checksFit reports whether the check digits fit that are the third and fourth
// character of a number whose first four characters count last.
func checksFit(number string) bool {
	return remainder(remainder(0, number[4:]), number[:4]) == 1
}

func isDigit(char byte) bool { return '0' <= char && char <= '9' }

func isUpper(char byte) bool { return 'A' <= char && char <= 'Z' }

// isAll reports whether each character of text is of the kind, or one of both
// kinds that are handed in.
func isAll(text string, kind, other func(byte) bool) bool {
	for i := range len(text) {
		if !kind(text[i]) && !other(text[i]) {
			return false
		}
	}
	return true
}
