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
