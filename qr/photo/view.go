package photo

// A view is one way to tell ink from paper. Blur, noise and shadow each hide the
// marks of a symbol from some of them.
type view struct {
	treat func(g grey) grey
	scale float64 // pixels of what is treated for one of the picture
	reach int     // how far the surroundings of a pixel go, see inkNear
}

// views come in the order in which they show the most that those before do not.
// The first shows nearly all that is sharp.
var views = [...]view{
	{grey.asIs, 1, 9},
	{grey.smooth, 1, 7},
	{grey.twice, 2, 14},
	{grey.sharp, 1, 10},
}

// A mark is seen while its middle is no wider than the surroundings, so each view
// is taken of the picture in ever smaller sizes.
const sideMin = 60 // pixels of the shorter side of the smallest

// sizes returns the picture, and half of it, and half of that.
func (g grey) sizes() []grey {
	sizes := []grey{g}
	for min(g.width, g.height) >= 2*sideMin {
		g = g.half()
		sizes = append(sizes, g)
	}
	return sizes
}
