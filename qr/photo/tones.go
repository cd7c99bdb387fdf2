package photo

// Tones are the modules of a symbol in levels of grey, row by row.
type tones struct {
	side  int
	level []float64
}

// tones takes the level of each module from the picture, as the mean of some
// points around its centre.
func (l *lattice) tones(g grey) tones {
	side := l.fixed.side
	t := tones{side, make([]float64, side*side)}
	unit := l.anchors[0].distance(l.anchors[1]) / float64(side-7)
	offsets := []float64{0}
	if unit > 2.5 {
		offsets = []float64{-0.22, 0, 0.22}
	}
	n := float64(len(offsets) * len(offsets))
	for row := range side {
		for column := range side {
			sum := 0.0
			for _, dv := range offsets {
				for _, du := range offsets {
					sum += g.sample(l.projection.at(float64(column)+0.5+du, float64(row)+0.5+dv))
				}
			}
			t.level[row*side+column] = sum / n
		}
	}
	return t
}

// at returns the tone of a module, of the nearest one outside of the symbol.
func (t tones) at(column, row int) float64 {
	return t.level[min(max(row, 0), t.side-1)*t.side+min(max(column, 0), t.side-1)]
}

// flat returns the tones as if the light had been the same everywhere: 1 for ink
// and -1 for paper, in the mean of the modules that are fixed.
func (t tones) flat(fixed *fixedModules) (tones, bool) {
	var s system
	scale := 2 / float64(t.side)
	for i, centre := range fixed.centres {
		x, y, ink := centre.x*scale-1, centre.y*scale-1, fixed.inks[i]
		s.add([]float64{1, x, y, ink, ink * x, ink * y}, t.at(int(centre.x), int(centre.y)), 1)
	}
	f, ok := s.solve(1)
	if !ok {
		return tones{}, false
	}
	even := tones{t.side, make([]float64, len(t.level))}
	for i, level := range t.level {
		x, y := (float64(i%t.side)+0.5)*scale-1, (float64(i/t.side)+0.5)*scale-1
		contrast := f[3] + f[4]*x + f[5]*y
		if contrast*f[3] <= 0.04*f[3]*f[3] {
			contrast = 0.2 * f[3] // The slope of the light must not turn ink into paper.
		}
		even.level[i] = (level - f[0] - f[1]*x - f[2]*y) / contrast
	}
	return even, true
}

// A lens undoes what blur did to the modules: each is told from the tones of its
// surroundings, weighed as the symbol itself teaches.
type lens struct {
	reach   int // modules to each side
	weights []float64
}

// around returns the tones that the lens weighs for a module, and one for its own
// constant.
func (n lens) around(t tones, column, row int, into []float64) []float64 {
	into = append(into[:0], 1)
	for y := row - n.reach; y <= row+n.reach; y++ {
		for x := column - n.reach; x <= column+n.reach; x++ {
			into = append(into, t.at(x, y))
		}
	}
	return into
}

// learn grinds a lens by the modules that are fixed, and by those of a former
// reading if there is one.
func learn(t tones, fixed *fixedModules, reach int, former []float64) (lens, bool) {
	n := lens{reach: reach}
	var s system
	var around []float64
	for i, centre := range fixed.centres {
		around = n.around(t, int(centre.x), int(centre.y), around)
		s.add(around, fixed.inks[i], 1)
	}
	for i, ink := range former {
		if ink == 0 {
			continue
		}
		around = n.around(t, i%t.side, i/t.side, around)
		s.add(around, ink, 1)
	}
	var ok bool
	n.weights, ok = s.solve(1)
	return n, ok
}

// look returns the modules as the lens shows them: above 0 is ink.
func (n lens) look(t tones) []float64 {
	inks := make([]float64, len(t.level))
	var around []float64
	for i := range inks {
		around = n.around(t, i%t.side, i/t.side, around)
		for k, weight := range n.weights {
			inks[i] += weight * around[k]
		}
	}
	return inks
}

// sure returns which modules are ink, 1, and which paper, -1.
func sure(inks []float64) []float64 {
	decided := make([]float64, len(inks))
	for i, ink := range inks {
		decided[i] = inkOf(ink > 0)
	}
	return decided
}
