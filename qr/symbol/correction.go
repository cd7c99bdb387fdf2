package symbol

// A generator is the polynomial of a Reed-Solomon code whose roots are the
// powers of x from 0 on. It has its coefficients from the highest degree down,
// without the leading one.
type generator []byte

// newGenerator returns the polynomial that makes so many correction codewords.
func newGenerator(corrections int) generator {
	product := make(generator, corrections)
	product[corrections-1] = 1
	for n := range corrections { // times (z - x^n)
		root := powers[n]
		for i := range product {
			product[i] = multiply(product[i], root)
			if i+1 < len(product) {
				product[i] ^= product[i+1]
			}
		}
	}
	return product
}

// correct writes the correction codewords behind the data: the remainder of the
// long division by the generator. The block has room for both.
func (g generator) correct(block []byte) {
	data := len(block) - len(g)
	rest := make([]byte, len(block))
	copy(rest, block[:data])
	for i := range data {
		factor := rest[i]
		if factor == 0 {
			continue
		}
		below := rest[i+1:]
		for j, coefficient := range g {
			below[j] ^= multiply(coefficient, factor)
		}
	}
	copy(block[data:], rest[data:])
}
