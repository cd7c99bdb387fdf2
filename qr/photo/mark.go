package photo

import (
	"math"
	"slices"
)

// A mark is one of the three squares in the corners of a symbol: through its
// centre, in every direction, run one module of ink, one of paper, three of ink,
// one of paper and one of ink. In an inverted symbol ink and paper have changed
// places.
type mark struct {
	centre   point
	unit     float64 // pixels of a module along rows and columns of the picture, not of the symbol
	inverted bool
	seen     int     // in how many rows
	likeness float64 // of the picture there to such a square, up to 1
}

// Runs are the lengths of five runs of pixels in a line.
type runs [5]int

// unit returns the pixels of a module if the runs are those through a mark.
func (r runs) unit() (float64, bool) {
	total := r[0] + r[1] + r[2] + r[3] + r[4]
	if total < 7 || r[2] < max(r[0], r[1], r[3], r[4]) {
		return 0, false // Most are, and this is soon seen.
	}
	unit := float64(total) / 7
	slack := 0.6*unit + 0.4
	for i, modules := range [5]float64{1, 1, 3, 1, 1} {
		if math.Abs(float64(r[i])-modules*unit) > slack*math.Sqrt(modules) {
			return 0, false
		}
	}
	// Spread ink makes the dark runs longer and the light ones shorter: together,
	// neighbours keep their length.
	for i, modules := range [4]float64{2, 4, 4, 2} {
		if math.Abs(float64(r[i]+r[i+1])-modules*unit) > 0.8*slack*math.Sqrt(modules/2) {
			return 0, false
		}
	}
	return unit, true
}

// marks returns the marks that are seen in the ink, those first that are seen in
// the most rows.
func (i ink) marks(work *effort) []mark {
	var found []mark
	edges := make([]int, 0, i.width+1)
	for y := 0; y < i.height; y += 2 { // A mark that fills less than two rows cannot be read.
		if work.isSpent() {
			break
		}
		row := i.dark[y*i.width : (y+1)*i.width]
		edges = append(edges[:0], 0)
		for x := 1; x < len(row); x++ {
			if row[x] != row[x-1] {
				edges = append(edges, x)
			}
		}
		edges = append(edges, i.width)
		work.spend(len(edges))
		for k := 0; k+5 < len(edges); k++ {
			r := runs{
				edges[k+1] - edges[k], edges[k+2] - edges[k+1], edges[k+3] - edges[k+2],
				edges[k+4] - edges[k+3], edges[k+5] - edges[k+4],
			}
			if _, ok := r.unit(); !ok {
				continue
			}
			work.spend(r[0] + r[1] + r[2] + r[3] + r[4])
			if m, ok := i.crossed((edges[k+2]+edges[k+3])/2, y); ok {
				work.spend(len(found) / 4)
				found = collect(found, m)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b mark) int { return b.seen - a.seen })
	return found
}

// crossed looks at the place in both directions of the picture and returns the
// mark that has its centre there.
func (i ink) crossed(x, y int) (mark, bool) {
	down, before, ok := i.runsThrough(x, y, i.width, i.height-y, y+1)
	if !ok {
		return mark{}, false
	}
	vertical, ok := down.unit()
	if !ok {
		return mark{}, false
	}
	centreY := float64(y) + float64(down[2])/2 - float64(before)
	y = int(centreY)
	along, before, ok := i.runsThrough(x, y, 1, i.width-x, x+1)
	if !ok {
		return mark{}, false
	}
	horizontal, ok := along.unit()
	if !ok || horizontal > 2*vertical || vertical > 2*horizontal {
		return mark{}, false
	}
	centreX := float64(x) + float64(along[2])/2 - float64(before)
	return mark{
		centre:   point{centreX, centreY},
		unit:     (horizontal + vertical) / 2,
		inverted: i.dark[y*i.width+int(centreX)] == 0,
		seen:     1,
	}, true
}

// runsThrough measures the five runs of which the middle one goes through a pixel,
// in steps along a row or a column with so many pixels ahead and behind, the pixel
// among both. It returns how much of the middle run lies before the pixel.
func (i ink) runsThrough(x, y, step, ahead, behind int) (r runs, before int, ok bool) {
	start := y*i.width + x
	walk := func(step, room int, first, second, third *int) bool {
		at, colour := start, i.dark[start]
		for _, run := range []*int{first, second, third} {
			begin := room
			for room > 0 && i.dark[at] == colour {
				at += step
				room--
			}
			*run += begin - room
			if begin == room {
				return false
			}
			colour ^= 1
		}
		return true
	}
	if !walk(-step, behind, &r[2], &r[1], &r[0]) {
		return r, 0, false
	}
	before = r[2] - 1
	r[2]-- // The pixel itself is counted twice.
	ok = walk(step, ahead, &r[2], &r[3], &r[4])
	return r, before, ok
}

// A cut through a mark shows these inks, from the light border on one side to
// that on the other.
var cut = [9]float64{-1, 1, -1, 1, 1, 1, -1, 1, -1}

// weigh sets how much the picture is like the mark there. It looks along four
// cuts, in each of which the modules may have another length: how the mark is
// turned is not known yet.
func (m *mark) weigh(g grey) {
	sum := 0.0
	for _, way := range [...]point{{1, 0}, {0, 1}, {math.Sqrt2 / 2, math.Sqrt2 / 2}, {math.Sqrt2 / 2, -math.Sqrt2 / 2}} {
		best := -1.0
		for stretch := 0.7; stretch < 1.45; stretch += 0.1 {
			step := way.times(stretch * m.unit)
			var places [len(cut)]point
			for k := range places {
				places[k] = m.centre.plus(step.times(float64(k - len(cut)/2)))
			}
			l := correlation(places[:], cut[:], g.sample)
			if m.inverted {
				l = -l
			}
			best = max(best, l)
		}
		sum += best / 4
	}
	m.likeness = sum
}

// collect adds a mark to those that were found, or to the one that it is.
func collect(found []mark, m mark) []mark {
	for k := range found {
		f := &found[k]
		apart, near := f.centre.minus(m.centre), 1.5*max(f.unit, m.unit)
		if apart.dot(apart) > near*near || f.inverted != m.inverted || f.unit > 1.4*m.unit || m.unit > 1.4*f.unit {
			continue
		}
		n, more := float64(f.seen), float64(m.seen)
		f.centre = f.centre.times(n).plus(m.centre.times(more)).times(1 / (n + more))
		f.unit = (f.unit*n + m.unit*more) / (n + more)
		f.seen += m.seen
		return found
	}
	return append(found, m)
}
