package symbol

import "slices"

// A drawing is a symbol that wants its mask and format.
type drawing struct {
	layout   layout
	division division
	level    Level
	plain    grid // patterns and data
}

func newDrawing(c content, v version, level Level) drawing {
	d := drawing{layout: newLayout(v), division: divide(v, level), level: level}
	data := c.codewords(v, d.division.data())
	d.plain = d.layout.write(d.division.protect(data))
	return d
}

// protect returns the data with their correction, in the order of the symbol.
func (d division) protect(data []byte) []byte {
	size := d.short + 1 + d.corrections
	corrected := make([]byte, d.blocks*size)
	generator := newGenerator(d.corrections)
	for i := range d.blocks {
		n := d.dataOf(i)
		block := corrected[i*size:][:n+d.corrections]
		copy(block, data[:n])
		data = data[n:]
		generator.correct(block)
	}
	inOrder := make([]byte, 0, len(corrected))
	for block, place := range d.interleaved() {
		inOrder = append(inOrder, corrected[block*size+place])
	}
	return inOrder
}

// write returns the patterns with the codewords in the data modules. Modules
// that are left over stay light.
func (l layout) write(codewords []byte) grid {
	written := slices.Clone(l.patterns)
	bit := 0
	for column, row := range l.dataModules() {
		if bit == 8*len(codewords) {
			break
		}
		written.set(column, row, codewords[bit/8]>>(7-bit%8)&1 == 1)
		bit++
	}
	return written
}

// leastConfusing returns the symbol under the mask with the lowest penalty, of
// equals the first.
func (d drawing) leastConfusing() grid {
	best, next := newGrid(len(d.plain)), newGrid(len(d.plain))
	lowest := -1
	for m := range mask(masks) {
		d.drawMasked(next, m)
		if p := next.penalty(); lowest < 0 || p < lowest {
			best, next, lowest = next, best, p
		}
	}
	return best
}

// drawMasked draws the finished symbol under that mask over what the grid showed.
func (d drawing) drawMasked(g grid, m mask) {
	copy(g, d.plain)
	m.apply(g, d.layout.reserved)
	format := formatBits(d.level, m)
	for _, places := range formatPlaces(len(g)) {
		for i, at := range places {
			g.set(at.column, at.row, format>>i&1 == 1)
		}
	}
}
