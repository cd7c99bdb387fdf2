package photo

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// A trio is three marks that may be the corners of one symbol. Seen from the
// corner, its right mark lies clockwise before its lower one, unless the picture
// is a mirror's.
type trio struct {
	corner, right, lower mark
	flaw                 float64 // how unlike a symbol it looks; 0 is a square seen from above
}

const (
	marksMax = 40 // of which trios are formed
	triosMax = 30 // that are looked at in one view
)

// trios returns the trios of marks that may belong together, the likeliest first.
func trios(marks []mark, work *effort) []trio {
	marks = marks[:min(len(marks), marksMax)]
	work.spend(5 * len(marks) * len(marks) * len(marks))
	var found []trio
	for i, a := range marks {
		for j, b := range marks[:i] {
			if !a.isLike(b) {
				continue
			}
			for _, c := range marks[:j] {
				if !c.isLike(a) || !c.isLike(b) {
					continue
				}
				if t, ok := newTrio(a, b, c); ok {
					found = append(found, t)
				}
			}
			if len(found) > 10*triosMax {
				found = likeliest(found)
			}
		}
	}
	return likeliest(found)
}

func likeliest(found []trio) []trio {
	slices.SortStableFunc(found, func(a, b trio) int { return cmp.Compare(a.flaw, b.flaw) })
	return found[:min(len(found), triosMax)]
}

// isLike reports whether the marks may be of one symbol by their size.
func (m *mark) isLike(other mark) bool {
	const unitsMax = 1.7 // times the smaller
	return m.inverted == other.inverted && m.unit < unitsMax*other.unit && other.unit < unitsMax*m.unit
}

// newTrio says which of the marks is which, and no where they cannot belong
// together.
func newTrio(a, b, c mark) (trio, bool) {
	// The corner is opposite of the longest side.
	ab, bc, ca := a.centre.distance(b.centre), b.centre.distance(c.centre), c.centre.distance(a.centre)
	t := trio{corner: a, right: b, lower: c}
	switch {
	case ca >= ab && ca >= bc:
		t = trio{corner: b, right: c, lower: a}
	case ab >= bc && ab >= ca:
		t = trio{corner: c, right: a, lower: b}
	}
	along, down := t.legs()
	if along.cross(down) < 0 {
		t.right, t.lower = t.lower, t.right
		along, down = down, along
	}
	const (
		legsMax  = 2.0 // times the shorter
		angleMax = 0.6 // its cosine
	)
	smallest := min(a.unit, b.unit, c.unit)
	units := max(a.unit, b.unit, c.unit) / smallest
	legs := max(along.length(), down.length()) / min(along.length(), down.length())
	angle := math.Abs(along.dot(down)) / (along.length() * down.length())
	modules := max(along.length(), down.length()) / smallest
	if !(legs <= legsMax && angle <= angleMax && modules > 9 && modules < 260) {
		return trio{}, false
	}
	t.flaw = (units - 1) + (legs - 1) + angle + 2*(3-a.likeness-b.likeness-c.likeness)
	return t, true
}

// key returns where the marks are, to the pixel.
func (t trio) key() [3]image.Point {
	var key [3]image.Point
	for i, m := range [...]mark{t.corner, t.right, t.lower} {
		key[i] = image.Pt(int(m.centre.x), int(m.centre.y))
	}
	return key
}

// legs returns the ways from the corner to the other two marks.
func (t trio) legs() (along, down point) {
	return t.right.centre.minus(t.corner.centre), t.lower.centre.minus(t.corner.centre)
}

// unitOf returns the pixels of a module at the mark, along the symbol: a line
// along rows or columns of the picture crosses a turned mark at a slant.
func (t trio) unitOf(m mark) float64 {
	along, _ := t.legs()
	slant := math.Mod(math.Atan2(along.y, along.x)+2*math.Pi, math.Pi/2)
	return m.unit * math.Cos(min(slant, math.Pi/2-slant))
}

// sides returns how many modules a side of the symbol may have, the likeliest
// number first.
func (t trio) sides() []int {
	along, down := t.legs()
	corner, right, lower := t.unitOf(t.corner), t.unitOf(t.right), t.unitOf(t.lower)
	modules := 7 + (along.length()/math.Sqrt(corner*right)+down.length()/math.Sqrt(corner*lower))/2
	version := (modules - 17) / 4
	nearest := int(math.Round(version))
	reach := 1 + nearest/6
	var sides []int
	for v := max(nearest-reach, 1); v <= min(nearest+reach, 40); v++ {
		sides = append(sides, 17+4*v)
	}
	slices.SortStableFunc(sides, func(a, b int) int {
		return cmp.Compare(math.Abs(float64(a)-modules), math.Abs(float64(b)-modules))
	})
	return sides
}

// opposite returns where the fourth corner of the square lies whose other three
// are the marks. A mark that is farther away looks smaller, by the power of one
// and a half of its depth, and this tells how the symbol leans.
func (t trio) opposite() point {
	depth := func(m mark) float64 { return math.Pow(m.unit, -2.0/3) }
	corner, right, lower := depth(t.corner), depth(t.right), depth(t.lower)
	sum := t.right.centre.times(right).plus(t.lower.centre.times(lower)).minus(t.corner.centre.times(corner))
	return sum.times(1 / (right + lower - corner))
}
