package symbol

const (
	sideMax  = 177 // of version 40
	wordBits = 64
)

// A grid is a square of modules, row by row, at most sideMax of them. A bit that
// is set is a dark module; bits beyond the side are never set.
type grid []row

// A row has column 0 in the lowest bit of its first word.
type row [(sideMax + wordBits - 1) / wordBits]uint64

func newGrid(side int) grid { return make(grid, side) }

// words returns how many words of a row hold modules.
func (g grid) words() int { return (len(g) + wordBits - 1) / wordBits }

// columns returns a row in which all modules are dark.
func (g grid) columns() (all row) {
	for word := range all {
		switch columns := len(g) - word*wordBits; {
		case columns >= wordBits:
			all[word] = ^uint64(0)
		case columns > 0:
			all[word] = 1<<columns - 1
		}
	}
	return all
}

// next returns, for each module of a word, the one in the next column.
func (r *row) next(word int) uint64 {
	next := r[word] >> 1
	if word+1 < len(r) {
		next |= r[word+1] << (wordBits - 1)
	}
	return next
}

// dark reports whether the module is dark; it must lie in the grid.
func (g grid) dark(column, row int) bool {
	return g[row][column/wordBits]>>(column%wordBits)&1 == 1
}

// set makes the module dark or light.
func (g grid) set(column, row int, dark bool) {
	word, bit := &g[row][column/wordBits], uint64(1)<<(column%wordBits)
	*word &^= bit
	if dark {
		*word |= bit
	}
}

// fill makes the modules of a rectangle dark or light.
func (g grid) fill(left, top, width, height int, dark bool) {
	for row := top; row < top+height; row++ {
		for column := left; column < left+width; column++ {
			g.set(column, row, dark)
		}
	}
}

// transpose makes the columns of another grid, of the same side, the rows of g.
func (g grid) transpose(other grid) {
	var square [wordBits]uint64
	for across := range other.words() {
		for down := range other.words() {
			rows := other[down*wordBits : min(len(g), (down+1)*wordBits)]
			clear(square[:])
			for i := range rows {
				square[i] = rows[i][across]
			}
			transposeSquare(&square)
			columns := g[across*wordBits : min(len(g), (across+1)*wordBits)]
			for i := range columns {
				columns[i][down] = square[i]
			}
		}
	}
}

// transposeSquare swaps two quarters of a square of bits, and then those of each
// quarter, and so on.
func transposeSquare(square *[wordBits]uint64) {
	low := ^uint64(0) // the lower half of the bits of each part
	for half := wordBits / 2; half > 0; half /= 2 {
		low ^= low << half
		for i := range square {
			if i&half == 0 {
				swapped := (square[i]>>half ^ square[i+half]) & low
				square[i] ^= swapped << half
				square[i+half] ^= swapped
			}
		}
	}
}
