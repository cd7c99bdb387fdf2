package symbol

// logoShare is the part of each block's correction that a logo may use up: the
// rest is for scratches and dirt.
const logoShare = 2

// LogoSize returns the modules on a side of the light square in the middle of a
// symbol that was drawn with Options.Logo, and 0 otherwise.
func (s Symbol) LogoSize() int { return s.logoSize }

// leaveLogo makes the square in the middle light. What it covers is an error to
// the reader, which corrects it.
func (s *Symbol) leaveLogo(l layout, d division) {
	s.logoSize = largestLogo(l, d)
	corner := (len(s.modules) - s.logoSize) / 2
	s.modules.fill(corner, corner, s.logoSize, s.logoSize, false)
}

// largestLogo returns the side of the largest square in the middle that lies
// inside of corners and timing, and that costs no block more than its share.
func largestLogo(l layout, d division) int {
	side := len(l.reserved)
	size := 1
	for next := size + 2; (side-next)/2 > 8 && mostCovered(l, d, next) <= d.corrections/2/logoShare; next += 2 {
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
