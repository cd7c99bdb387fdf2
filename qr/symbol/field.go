package symbol

// The codewords of a symbol are elements of GF(256): polynomials over bits,
// modulo x^8 + x^4 + x^3 + x^2 + 1. Adding two of them is an exclusive or.
const (
	fieldModulus = 0b1_0001_1101
	fieldOrder   = 255 // of the multiplicative group, which x generates
)

// powers holds x to the n-th, twice over so that the sum of two logarithms
// needs no reduction; logarithms is its inverse.
var powers, logarithms = fieldTables()

func fieldTables() (powers [2 * fieldOrder]byte, logarithms [256]uint8) {
	element := byte(1)
	for n := range uint8(fieldOrder) {
		powers[n], powers[fieldOrder+int(n)] = element, element
		logarithms[element] = n
		overflows := element >= 0x80
		element <<= 1
		if overflows {
			element ^= fieldModulus & 0xFF
		}
	}
	return powers, logarithms
}

// multiply returns the product of two elements.
func multiply(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return powers[int(logarithms[a])+int(logarithms[b])]
}

// inverse returns what makes one when multiplied with a, which is not zero.
func inverse(a byte) byte {
	return powers[fieldOrder-int(logarithms[a])]
}
