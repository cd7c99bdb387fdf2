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

// read returns the symbols of the picture. It looks at a large one from afar
// first: that is soon done, and what is small in it is large enough.
func (g grey) read() ([]Found, error) {
	const near = 4_000_000 // pixels
	work := &effort{effortMax}
	sizes := []grey{g}
	for g.width*g.height > near {
		g = g.half()
		sizes = append(sizes, g)
	}
	var foreign error
	for halvings, g := range slices.Backward(sizes) {
		s := &search{grey: g, effort: work, fixed: map[int]*fixedModules{}, tried: map[[3]image.Point]bool{}}
		s.readAll(halvings == len(sizes)-1)
		if len(s.found) > 0 {
			return enlarged(s.found, 1<<halvings), nil
		}
		foreign = cmp.Or(s.foreign, foreign)
	}
	if foreign == nil {
		foreign = hansa.Refuse(hansa.NotFound, "no symbol and no bars were found in the picture")
	}
	return nil, foreign
}

// readAll reads what the picture shows at first sight, and if it should be
// thorough and there is nothing, or marks are left over, what other views show.
// A picture that is larger than another one of the same is not worth that.
func (s *search) readAll(thorough bool) {
	const breadth = 9 // of the band of rows in which noise goes away
	s.found = s.readBars(1, s.effort)
	s.look(views[0])
	if !thorough {
		return
	}
	for _, sharpness := range [...]int{0, 3} {
		if len(s.found) == 0 {
			s.found = s.sharp(sharpness).readBars(breadth, s.effort)
		}
	}
	for _, v := range views[1:] {
		if s.isOver() {
			break
		}
		s.look(v)
	}
}

// enlarged returns the symbols as they lie in a picture that is so many times
// larger.
func enlarged(found []Found, times int) []Found {
	for i := range found {
		for k := range found[i].Corners {
			found[i].Corners[k] = found[i].Corners[k].Mul(times)
		}
	}
	return found
}

// isOver reports whether another view would be of no use: all marks belong to
// what was read, or there was enough work.
func (s *search) isOver() bool {
	return len(s.found) > 0 && len(s.marks) < 3 || s.effort.isSpent()
}

// look reads the symbols whose marks the view shows, together with earlier ones.
func (s *search) look(v view) {
	const (
		likenessMin = 0.6
		marksMax    = 200
	)
	ink := v.ink(s.grey)
	s.effort.spend(len(s.light) + len(ink.dark)/2)
	for _, m := range ink.marks(s.effort) {
		m.centre = m.centre.times(1 / v.scale)
		m.unit /= v.scale
		m.weigh(s.grey)
		s.effort.spend(400)
		if m.likeness > likenessMin && !s.isRead(m) {
			s.effort.spend(len(s.marks) / 4)
			s.marks = collect(s.marks, m)
		}
	}
	slices.SortStableFunc(s.marks, func(a, b mark) int { return cmp.Compare(b.likeness, a.likeness) })
	s.marks = s.marks[:min(len(s.marks), marksMax)]
	for _, t := range trios(s.marks, s.effort) {
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
