package symbol

import "slices"

// repair puts right the wrong codewords of a block, of which the last ones are
// corrections, and returns how many there were. It says no, and leaves the block
// alone, where there are more than wrongMax.
func repair(block []byte, corrections, wrongMax int) (wrong int, ok bool) {
	syndromes, clean := syndromesOf(block, corrections)
	if clean {
		return 0, true
	}
	locator := locate(syndromes)
	wrong = len(locator) - 1
	if wrong > wrongMax {
		return 0, false
	}
	repaired := append([]byte(nil), block...)
	found := 0
	for at := range block {
		// The error at this place is the root of the locator that is the inverse
		// of the power of x which stands for the place.
		power := len(block) - 1 - at
		root := powers[(fieldOrder-power)%fieldOrder]
		if evaluate(locator, root) != 0 {
			continue
		}
		repaired[at] ^= magnitude(syndromes, locator, root)
		found++
	}
	if _, clean := syndromesOf(repaired, corrections); !clean || found != wrong {
		return 0, false
	}
	copy(block, repaired)
	return wrong, true
}

// syndromesOf evaluates the block at each root of the generator. A block without
// an error has none but zeros.
func syndromesOf(block []byte, corrections int) (syndromes []byte, clean bool) {
	syndromes, clean = make([]byte, corrections), true
	for n := range syndromes {
		var sum byte
		for _, word := range block {
			sum = multiply(sum, powers[n]) ^ word
		}
		syndromes[n] = sum
		clean = clean && sum == 0
	}
	return syndromes, clean
}

// locate returns the shortest polynomial, lowest degree first and without zeros
// behind, whose recurrence makes the syndromes: the algorithm of Berlekamp and
// Massey. Its roots are the places of the errors.
func locate(syndromes []byte) []byte {
	locator, before := []byte{1}, []byte{1}
	length, gap, last := 0, 1, byte(1)
	for n := range syndromes {
		discrepancy := syndromes[n]
		for i := 1; i < len(locator) && i <= n; i++ {
			discrepancy ^= multiply(locator[i], syndromes[n-i])
		}
		if discrepancy == 0 {
			gap++
			continue
		}
		next := make([]byte, max(len(locator), len(before)+gap))
		copy(next, locator)
		factor := multiply(discrepancy, inverse(last))
		for i, coefficient := range before {
			next[i+gap] ^= multiply(factor, coefficient)
		}
		if 2*length <= n {
			length, before, last, gap = n+1-length, locator, discrepancy, 1
		} else {
			gap++
		}
		locator = next
	}
	for len(locator) > 1 && locator[len(locator)-1] == 0 {
		locator = locator[:len(locator)-1]
	}
	return locator
}

// evaluate returns the value at x of a polynomial, lowest degree first.
func evaluate(polynomial []byte, x byte) byte {
	var sum byte
	for _, factor := range slices.Backward(polynomial) {
		sum = multiply(sum, x) ^ factor
	}
	return sum
}

// magnitude returns by how much the codeword is wrong whose place has this root:
// the formula of Forney for roots of the generator that begin with one.
func magnitude(syndromes, locator []byte, root byte) byte {
	var evaluator, derivative byte
	power := byte(1) // of the root
	for n := range len(locator) - 1 {
		var coefficient byte
		for i := 0; i <= n; i++ {
			coefficient ^= multiply(locator[i], syndromes[n-i])
		}
		evaluator ^= multiply(coefficient, power)
		if n%2 == 0 { // The derivative over bits has only the odd powers, each lowered by one.
			derivative ^= multiply(locator[n+1], power)
		}
		power = multiply(power, root)
	}
	if derivative == 0 {
		return 0 // The root is double: no pattern of errors looks like that.
	}
	return multiply(multiply(evaluator, inverse(derivative)), inverse(root))
}
