package symbol

import "iter"

// timingLine is the row and the column of alternating modules by which a reader
// counts.
const timingLine = 6

// A layout is what all symbols of one version have in common.
type layout struct {
	version  version
	patterns grid // the dark modules by which a reader finds and measures the symbol
	reserved grid // all modules that hold no data: patterns, format and version
}

func newLayout(v version) layout {
	side := v.side()
	l := layout{v, newGrid(side), newGrid(side)}
	l.drawTiming()
	l.drawCorners()
	l.drawAlignments()
	l.patterns.set(8, side-8, true) // One module beside the lower left corner is always dark.
	if v >= versionWritten {
		bits := versionBits(v)
		for _, places := range versionPlaces(side) {
			for i, at := range places {
				l.patterns.set(at.column, at.row, bits>>i&1 == 1)
				l.reserved.set(at.column, at.row, true)
			}
		}
	}
	return l
}

func (l layout) drawTiming() {
	side := len(l.patterns)
	l.reserved.fill(0, timingLine, side, 1, true)
	l.reserved.fill(timingLine, 0, 1, side, true)
	for i := 0; i < side; i += 2 {
		l.patterns.set(i, timingLine, true)
		l.patterns.set(timingLine, i, true)
	}
}

// drawCorners draws the three marks by which a symbol is found, each with a
// light border, and reserves the lines along them in which the format is written.
func (l layout) drawCorners() {
	far := len(l.patterns) - 8
	l.reserved.fill(0, 0, 9, 9, true)
	l.reserved.fill(far, 0, 8, 9, true)
	l.reserved.fill(0, far, 9, 8, true)
	for _, corner := range [3]place{{0, 0}, {far, 0}, {0, far}} {
		l.patterns.fill(corner.column, corner.row, 8, 8, false)
	}
	for _, centre := range [3]place{{3, 3}, {far + 4, 3}, {3, far + 4}} {
		l.drawRings(centre, 3)
	}
}

// drawAlignments draws the smaller marks by which a reader follows a symbol that
// is bent or seen from the side. The corners have larger ones.
func (l layout) drawAlignments() {
	centres := l.version.alignments()
	last := len(centres) - 1
	for i, column := range centres {
		for j, row := range centres {
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue
			}
			l.reserved.fill(column-2, row-2, 5, 5, true)
			l.drawRings(place{column, row}, 2)
		}
	}
}

// drawRings draws a mark: a dark ring so far from its centre, a light one within,
// and all dark inside of that.
func (l layout) drawRings(centre place, radius int) {
	for r := radius; r >= 0; r-- {
		dark := r != radius-1
		l.patterns.fill(centre.column-r, centre.row-r, 2*r+1, 2*r+1, dark)
	}
}

// dataModules walks over the columns and rows of the modules that hold data, in
// the order in which the bits lie in them: in stripes of two modules from the
// right to the left, up the first, down the next.
func (l layout) dataModules() iter.Seq2[int, int] {
	side := len(l.reserved)
	return func(yield func(column, row int) bool) {
		upwards := true
		for right := side - 1; right > 0; right -= 2 {
			if right == timingLine {
				right-- // The timing column belongs to no stripe.
			}
			for i := range side {
				row := i
				if upwards {
					row = side - 1 - i
				}
				for column := right; column >= right-1; column-- {
					if !l.reserved.dark(column, row) && !yield(column, row) {
						return
					}
				}
			}
			upwards = !upwards
		}
	}
}
