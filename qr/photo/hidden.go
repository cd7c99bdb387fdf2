package photo

import (
	"cmp"
	"slices"
)

// A sticker is worn at its corners first. Two good marks tell where the third may
// have been: either they are next to each other, on one side of the symbol or on
// the other, or they are opposite of each other.

// hiddenTrios returns the trios of which one mark is only guessed, the likeliest
// first.
func hiddenTrios(marks []mark) []trio {
	const (
		likenessMin = 0.8
		goodMax     = 8
	)
	var found []trio
	for i, a := range marks[:min(len(marks), goodMax)] {
		for _, b := range marks[:i] {
			if !a.isLike(b) || min(a.likeness, b.likeness) < likenessMin {
				continue
			}
			way := b.centre.minus(a.centre)
			across := point{-way.y, way.x}
			middle := a.centre.plus(b.centre).times(0.5)
			for _, centre := range [...]point{
				a.centre.plus(across), a.centre.minus(across), b.centre.plus(across), b.centre.minus(across),
				middle.plus(across.times(0.5)), middle.minus(across.times(0.5)),
			} {
				guess := mark{centre: centre, unit: (a.unit + b.unit) / 2, inverted: a.inverted}
				if t, ok := newTrio(a, b, guess); ok {
					found = append(found, t)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b trio) int { return cmp.Compare(a.flaw, b.flaw) })
	return found
}
