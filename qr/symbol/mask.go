package symbol

import "fmt"

// A mask inverts some of the data modules in a regular pattern. A writer takes
// the one that leaves the fewest shapes which could confuse a reader.
type mask uint8

const masks = 8

// Both directions repeat: columns after columnPeriod modules, rows after
// rowPeriod.
const (
	columnPeriod = 6
	rowPeriod    = 12
)

// inverts reports whether the mask inverts the module.
func (m mask) inverts(column, row int) bool {
	product := column * row
	switch m {
	case 0:
		return (column+row)%2 == 0
	case 1:
		return row%2 == 0
	case 2:
		return column%3 == 0
	case 3:
		return (column+row)%3 == 0
	case 4:
		return (column/3+row/2)%2 == 0
	case 5:
		return product%2+product%3 == 0
	case 6:
		return (product%2+product%3)%2 == 0
	case 7:
		return ((column+row)%2+product%3)%2 == 0
	}
	panic(fmt.Sprintf("symbol: mask %d", m))
}

// rows returns the modules that the mask inverts, for the first rowPeriod rows.
func (m mask) rows() (inverted [rowPeriod]row) {
	const everyPeriod = 1 | 1<<6 | 1<<12 | 1<<18 | 1<<24 | 1<<30 | 1<<36 | 1<<42 | 1<<48 | 1<<54 | 1<<60
	for y := range inverted {
		for word := range inverted[y] {
			var first uint64
			for x := range columnPeriod {
				if m.inverts(word*wordBits+x, y) {
					first |= 1 << x
				}
			}
			inverted[y][word] = first * everyPeriod
		}
	}
	return inverted
}

// apply inverts what the mask inverts of those modules of g that are not
// reserved. Applied twice it does nothing.
func (m mask) apply(g, reserved grid) {
	inverted, columns := m.rows(), g.columns()
	for y := range g {
		for word := range g.words() {
			g[y][word] ^= inverted[y%rowPeriod][word] & columns[word] &^ reserved[y][word]
		}
	}
}
