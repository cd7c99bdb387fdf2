package photo

import (
	"cmp"
	"image"
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/symbol"
)

// An effort is how much work is left, in points of the picture that are looked
// at, or what takes as long. A clock would give the same picture another answer on
// another day.
type effort struct{ left int }

// effortMax takes one to two seconds on a core of 2020.
const effortMax = 60_000_000

func (e *effort) spend(points int) { e.left -= points }
func (e *effort) isSpent() bool    { return e.left <= 0 }

// A search goes through a picture for symbols.
type search struct {
	grey
	effort  *effort
	marks   []mark // of all views, without those of symbols that were read; likeliest first
	fixed   map[int]*fixedModules
	tried   map[[3]image.Point]bool // the centres of the trios that were
	found   []Found
	foreign error // why the last symbol that was read well is not for us
}

// closeMax is how many pixels a picture may have to be worth a thorough look: in
// one that has more, sharpness is no question, and modules are large.
const closeMax = 4_000_000

// read returns the codes of the picture, or says why there are none.
func (g grey) read() ([]Found, error) {
	s := &search{grey: g, effort: &effort{effortMax}, fixed: map[int]*fixedModules{}, tried: map[[3]image.Point]bool{}}
	sizes := g.sizes()
	large := 0
	for large < len(sizes)-1 && len(sizes[large].light) > closeMax {
		large++
	}
	s.readClosely(sizes[large:], 1<<large)
	for large > 0 && len(s.found) == 0 && !s.effort.isSpent() {
		large--
		s.readBars(sizes[large], 1<<large, 1, nil)
		s.look(views[0], sizes[large], 1<<large)
	}
	switch {
	case len(s.found) > 0:
		return s.found, nil
	case s.foreign != nil:
		return nil, s.foreign
	}
	return nil, hansa.Refuse(hansa.NotFound, "no symbol and no bars were found in the picture")
}

// readClosely goes through sizes of the picture, the first of which is so many times
// smaller than the picture itself. It begins with the smallest, which is soon done,
// and takes one view after the other until all marks belong to what was read.
func (s *search) readClosely(sizes []grey, times int) {
	const breadth = 9 // of a band of rows in which noise goes away
	s.readBars(sizes[0], times, 1, nil)
	for i, v := range views {
		for halvings, size := range slices.Backward(sizes) {
			s.look(v, size, times<<halvings)
		}
		if i == 0 && len(s.found) == 0 {
			s.readBars(sizes[0], times, breadth, nil)
		}
		if s.isOver() {
			return
		}
	}
	if len(s.found) == 0 {
		s.readTrios(hiddenTrios(s.marks))
	}
	for _, b := range blurs {
		if len(s.found) == 0 {
			s.readBars(sizes[0], times, breadth, newFocus(b.deviation, b.noise))
		}
	}
}

// readBars reads the bars in the picture that is so many times smaller.
func (s *search) readBars(size grey, times, breadth int, f focus) {
	for _, bars := range size.readBars(breadth, f, s.effort) {
		for k := range bars.Corners {
			bars.Corners[k] = bars.Corners[k].Mul(times)
		}
		s.found = append(s.found, bars)
	}
}

// isOver reports whether another view would be of no use: all marks belong to
// what was read, or there was enough work.
func (s *search) isOver() bool {
	return len(s.found) > 0 && len(s.marks) < 3 || s.effort.isSpent()
}

// look reads the symbols whose marks the view shows in the picture that is so many
// times smaller, together with marks of earlier views.
func (s *search) look(v view, size grey, times int) {
	const (
		likenessMin = 0.6
		marksMax    = 200
	)
	ink := v.treat(size).inkNear(v.reach)
	s.effort.spend(len(size.light) + len(ink.dark)/2)
	larger := float64(times) / v.scale
	for _, m := range ink.marks(s.effort) {
		m.centre, m.unit = m.centre.times(larger), m.unit*larger
		m.weigh(s.grey)
		s.effort.spend(400)
		if m.likeness > likenessMin && !s.isRead(m) {
			s.effort.spend(len(s.marks) / 4)
			s.marks = collect(s.marks, m)
		}
	}
	slices.SortStableFunc(s.marks, func(a, b mark) int { return cmp.Compare(b.likeness, a.likeness) })
	s.marks = s.marks[:min(len(s.marks), marksMax)]
	s.readTrios(trios(s.marks, s.effort))
}

// readTrios reads those trios that were not tried before.
func (s *search) readTrios(trios []trio) {
	for _, t := range trios {
		key := t.key()
		if s.tried[key] || s.isRead(t.corner) || s.isRead(t.right) || s.isRead(t.lower) {
			continue
		}
		s.tried[key] = true
		if s.effort.isSpent() {
			return
		}
		if f, ok := s.readTrio(t); ok {
			s.found = append(s.found, f)
		}
	}
	s.marks = slices.DeleteFunc(s.marks, s.isRead)
}

// isRead reports whether the mark lies in a symbol that was read.
func (s *search) isRead(m mark) bool {
	return slices.ContainsFunc(s.found, func(f Found) bool { return f.covers(m.centre) })
}

// covers reports whether the point lies in the symbol.
func (f Found) covers(p point) bool {
	left, right := false, false
	for i, corner := range f.Corners {
		next := f.Corners[(i+1)%len(f.Corners)].Sub(corner)
		side := point{float64(next.X), float64(next.Y)}.cross(p.minus(point{float64(corner.X), float64(corner.Y)}))
		left, right = left || side < 0, right || side > 0
	}
	return !left || !right
}

// readTrio reads the symbol whose marks the trio is, in the size that fits best.
func (s *search) readTrio(t trio) (Found, bool) {
	const (
		likenessMin   = 0.35 // before the lattice is aligned
		likenessClear = 0.8  // then it need not settle first
	)
	var laid []lattice
	for _, side := range t.sides() {
		if l, ok := newLattice(s.grey, t, s.fixedOf(side)); ok && l.likeness > likenessMin {
			laid = append(laid, l)
		}
	}
	slices.SortStableFunc(laid, func(a, b lattice) int { return cmp.Compare(b.likeness, a.likeness) })
	for i := range laid {
		l := &laid[i]
		l.align(s.grey, t.corner.inverted)
		s.effort.spend(l.points())
		if l.likeness > likenessClear {
			if f, ok := s.readLattice(*l); ok {
				return f, true
			}
		}
	}
	for _, l := range laid {
		l.settle(s.grey, t.corner.inverted)
		s.effort.spend(10 * l.points())
		if f, ok := s.readLattice(l); ok {
			return f, true
		}
	}
	return Found{}, false
}

// fixedOf returns the modules that symbols with that side have in common.
func (s *search) fixedOf(side int) *fixedModules {
	if s.fixed[side] == nil {
		s.fixed[side] = newFixedModules(side)
	}
	return s.fixed[side]
}

// readLattice reads the symbol under the lattice, through ever stronger lenses. Each
// learns from the modules that the one before it was taken for.
func (s *search) readLattice(l lattice) (Found, bool) {
	t, ok := l.tones(s.grey).flat(l.fixed)
	if !ok {
		return Found{}, false
	}
	var former []float64
	for _, reach := range [...]int{0, 1, 1, 1, 2, 2} {
		n, ok := learn(t, l.fixed, reach, former)
		if !ok {
			return Found{}, false
		}
		inks := n.look(t)
		s.effort.spend(len(inks) * (6 + len(n.weights)*len(n.weights)/20))
		content, mirrored, err := readInks(t.side, inks)
		if err == nil {
			return Found{content, l.corners(mirrored)}, true
		}
		if reason, _ := hansa.ReasonOf(err); reason == hansa.CodeUnknown {
			s.foreign = err
			return Found{}, false
		}
		if reach > 0 {
			former = sure(inks)
		}
	}
	return Found{}, false
}

// readInks reads modules as they are seen, and as they are seen in a mirror.
func readInks(side int, inks []float64) (content symbol.Content, mirrored bool, err error) {
	content, err = symbol.Read(side, func(column, row int) bool { return inks[row*side+column] > 0 })
	if reason, refused := hansa.ReasonOf(err); !refused || reason == hansa.CodeUnknown {
		return content, false, err
	}
	content, err = symbol.Read(side, func(column, row int) bool { return inks[column*side+row] > 0 })
	return content, true, err
}
