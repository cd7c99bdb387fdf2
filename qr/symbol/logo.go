package symbol

// logoShare divides the errors that a block can correct: a logo may cause one half
// of them, the other half is for scratches and dirt.
const logoShare = 2

// LogoSize returns the modules on a side of the light square in the middle of a
// symbol that was drawn with Options.Logo, and 0 otherwise.
func (s Symbol) LogoSize() int { return s.logoSize }

// clearMiddle makes a square in the middle light. What it covers is an error to the
// reader, which corrects it.
func (g grid) clearMiddle(size int) {
	first := (len(g) - size) / 2
	g.fill(first, first, size, size, false)
}

// largestLogo returns the side of the largest square in the middle that lies
// inside of corners and timing, and that costs no block more than its share.
func largestLogo(l layout, d division) int {
	side := len(l.reserved)
	errorsMax := d.corrections / 2 // Each error takes two codewords of correction.
	size := 1
	for next := size + 2; (side-next)/2 > 8 && mostCovered(l, d, next) <= errorsMax/logoShare; next += 2 {
		size = next
	}
	return size
}

// mostCovered returns how many codewords a square of that size in the middle
// touches in the block that it touches most.
func mostCovered(l layout, d division, size int) int {
	first := (len(l.reserved) - size) / 2
	blocks := make([]int, 0, d.data()+d.blocks*d.corrections) // the block of each codeword
	for block := range d.interleaved() {
		blocks = append(blocks, block)
	}
	covered := make([]int, d.blocks)
	touched, bit := -1, 0
	for column, row := range l.dataModules() {
		inside := column >= first && column < first+size && row >= first && row < first+size
		if codeword := bit / 8; inside && codeword > touched && codeword < len(blocks) {
			covered[blocks[codeword]]++
			touched = codeword
		}
		bit++
	}
	most := 0
	for _, n := range covered {
		most = max(most, n)
	}
	return most
}
