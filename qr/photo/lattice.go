package photo

import (
	"image"
	"math"

	"github.com/hansa-network/hansa/qr/symbol"
)

// A lattice is the squares into which the modules of a symbol fall, laid over a
// picture of it.
type lattice struct {
	fixed      *fixedModules
	anchors    [4]point // where the centres of the marks lie, and what is opposite of the corner
	opposite   point    // of that, on the symbol
	projection projection
	likeness   float64 // of the picture to what each such symbol shows, from -1 to 1
}

// fixedModules are the modules that all symbols of one size have in common.
type fixedModules struct {
	side    int
	pattern symbol.Pattern
	centres []point
	inks    []float64 // 1 for dark, -1 for light
}

func newFixedModules(side int) *fixedModules {
	pattern, ok := symbol.PatternOf(side)
	if !ok {
		return nil
	}
	f := &fixedModules{side: side, pattern: pattern}
	for row := range side {
		for column := range side {
			dark, fixed := pattern.Fixed(column, row)
			if !fixed {
				continue
			}
			f.centres = append(f.centres, point{float64(column) + 0.5, float64(row) + 0.5})
			f.inks = append(f.inks, inkOf(dark))
		}
	}
	return f
}

func inkOf(dark bool) float64 {
	if dark {
		return 1
	}
	return -1
}

// lay lays the lattice over the anchors.
func (l *lattice) lay(g grey, inverted bool) bool {
	near, far := 3.5, float64(l.fixed.side)-3.5
	projection, ok := project([4]point{{near, near}, {far, near}, {near, far}, l.opposite}, l.anchors)
	if !ok {
		return false
	}
	l.projection = projection
	l.likeness = likeness(g, projection, l.fixed.centres, l.fixed.inks)
	if inverted {
		l.likeness = -l.likeness
	}
	return true
}

// likeness returns how much the picture is like the inks at their places.
func likeness(g grey, p projection, places []point, inks []float64) float64 {
	return correlation(places, inks, func(place point) float64 { return g.sample(p.at(place.x, place.y)) })
}

// correlation returns that between the inks and the darkness at their places.
func correlation(places []point, inks []float64, light func(point) float64) float64 {
	var sum, squares, inkSum, inkSquares, products float64
	for i, place := range places {
		light := light(place)
		sum += light
		squares += light * light
		inkSum += inks[i]
		inkSquares += inks[i] * inks[i]
		products += light * inks[i]
	}
	n := float64(len(places))
	spread := (squares - sum*sum/n) * (inkSquares - inkSum*inkSum/n)
	if spread <= 0 {
		return 0
	}
	return -(products - sum*inkSum/n) / math.Sqrt(spread)
}

// newLattice lays the lattice of a symbol with these modules over the trio.
func newLattice(g grey, t trio, fixed *fixedModules) (lattice, bool) {
	far := float64(fixed.side) - 3.5
	l := lattice{
		fixed:    fixed,
		anchors:  [4]point{t.corner.centre, t.right.centre, t.lower.centre, t.opposite()},
		opposite: point{far, far},
	}
	return l, l.lay(g, t.corner.inverted)
}

// align moves the fourth anchor into the alignment pattern opposite of the corner,
// where such symbols have one and it is found.
func (l *lattice) align(g grey, inverted bool) {
	if len(l.fixed.pattern.Alignments()) == 0 {
		return
	}
	far := float64(l.fixed.side) - 6.5
	for _, at := range l.alignments(g, inverted) {
		aligned := *l
		aligned.opposite = point{far, far}
		aligned.anchors[3] = at
		if aligned.lay(g, inverted) && aligned.likeness > l.likeness {
			*l = aligned
		}
	}
}

// alignments returns where the picture looks most like an alignment pattern, in
// the region where the one opposite of the corner may be.
func (l *lattice) alignments(g grey, inverted bool) []point {
	const step = 0.5 // modules
	centre := float64(l.fixed.side) - 6.5
	reach := int((4 + 0.08*float64(l.fixed.side)) / step)
	width := 2*reach + 1
	scores := make([]float64, width*width)
	var places [25]point
	var inks [25]float64
	for i := range scores {
		u, v := centre+step*float64(i%width-reach), centre+step*float64(i/width-reach)
		for k := range places {
			dx, dy := k%5-2, k/5-2
			places[k] = point{u + float64(dx), v + float64(dy)}
			inks[k] = inkOf(max(dx, -dx, dy, -dy) != 1)
		}
		scores[i] = likeness(g, l.projection, places[:], inks[:])
		if inverted {
			scores[i] = -scores[i]
		}
	}
	const peaks, plain = 3, 0.4
	var found []point
	for range peaks {
		best := 0
		for i, score := range scores {
			if score > scores[best] {
				best = i
			}
		}
		if scores[best] < plain {
			break
		}
		column, row := best%width, best/width
		found = append(found, l.projection.at(centre+step*float64(column-reach), centre+step*float64(row-reach)))
		for i := range scores {
			if x, y := i%width-column, i/width-row; max(x, -x, y, -y) <= 3 {
				scores[i] = -1
			}
		}
	}
	return found
}

// settle moves the anchors to where the picture is most like a symbol.
func (l *lattice) settle(g grey, inverted bool) {
	unit := l.anchors[0].distance(l.anchors[1]) / float64(l.fixed.side-7)
	for _, step := range [...]float64{1, 0.5, 0.25, 0.12, 0.06} {
		const roundsMax = 6
		for range roundsMax {
			moved := false
			for k := range l.anchors {
				for _, way := range [...]point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
					other := *l
					other.anchors[k] = other.anchors[k].plus(way.times(step * unit))
					if other.lay(g, inverted) && other.likeness > l.likeness {
						*l, moved = other, true
					}
				}
			}
			if !moved {
				break
			}
		}
	}
}

// corners returns where the corners of the symbol lie, clockwise from the upper
// left as it is read.
func (l *lattice) corners(mirrored bool) [4]image.Point {
	side := float64(l.fixed.side)
	var corners [4]image.Point
	for i, corner := range [...]point{{0, 0}, {side, 0}, {side, side}, {0, side}} {
		at := l.projection.at(corner.x, corner.y)
		corners[i] = image.Pt(int(math.Round(at.x)), int(math.Round(at.y)))
	}
	if mirrored {
		corners[1], corners[3] = corners[3], corners[1]
	}
	return corners
}

// points returns how many points of the picture it takes to lay the lattice.
func (l *lattice) points() int { return len(l.fixed.centres) }
