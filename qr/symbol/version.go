package symbol

// A version is one of the forty sizes of a symbol.
type version int

const versionMax version = 40

// side returns the modules on a side, without the quiet zone.
func (v version) side() int { return 17 + 4*int(v) }

// alignments returns the columns, which are the rows as well, in whose crossings
// an alignment pattern has its centre: from the left to the right, evenly, with
// what is over between the first two.
func (v version) alignments() []int {
	if v == 1 {
		return nil
	}
	centres := make([]int, v.alignmentsAcross())
	gaps := len(centres) - 1
	first, last := timingLine, v.side()-7
	step := (last - first + 2*gaps - 1) / (2 * gaps) * 2 // even, rounded up
	if v == 32 {
		step = 26 // The one that the standard rounds otherwise.
	}
	centres[0] = first
	for i := range gaps {
		centres[gaps-i] = last - i*step
	}
	return centres
}

// alignmentsAcross returns the length of alignments.
func (v version) alignmentsAcross() int {
	if v == 1 {
		return 0
	}
	return int(v)/7 + 2
}

// codewords returns how many bytes a symbol holds, data and correction. Up to
// seven modules are left over.
func (v version) codewords() int {
	side := v.side()
	modules := side*side - 3*8*8 - 2*formatLength - 1 - 2*(side-2*8)
	if n := v.alignmentsAcross(); n > 0 {
		modules -= 25*(n*n-3) - 2*5*(n-2) // The timing lines run through some of them.
	}
	if v >= versionWritten {
		modules -= 2 * versionLength
	}
	return modules / 8
}
