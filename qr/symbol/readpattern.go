package symbol

// A Pattern is what all symbols of one size have in common: the modules by which
// a reader finds the symbol, and follows it over a surface that is not flat.
type Pattern struct {
	layout layout
	format grid // modules that differ with level and mask
}

// PatternOf returns the pattern of the symbols with so many modules on a side, and
// false if there are none.
func PatternOf(side int) (Pattern, bool) {
	v := version((side - 17) / 4)
	if v < 1 || v > versionMax || v.side() != side {
		return Pattern{}, false
	}
	p := Pattern{newLayout(v), newGrid(side)}
	for _, places := range formatPlaces(side) {
		for _, at := range places {
			p.format.set(at.column, at.row, true)
		}
	}
	return p, true
}

// Fixed reports whether the module is the same in all symbols of this size, and
// if so, whether it is dark.
func (p Pattern) Fixed(column, row int) (dark, fixed bool) {
	fixed = p.layout.reserved.dark(column, row) && !p.format.dark(column, row)
	return fixed && p.layout.patterns.dark(column, row), fixed
}

// Alignments returns the columns, which are the rows as well, in whose crossings
// an alignment pattern has its centre, except for the three corners. The smallest
// symbols have none.
func (p Pattern) Alignments() []int { return p.layout.version.alignments() }
