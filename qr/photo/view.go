package photo

// A view is one way to tell ink from paper. Blur, noise and shadow each hide the
// marks of a symbol from some of them.
type view struct {
	ink   func(g grey) ink
	scale float64 // pixels of the ink for one of the picture
}

// views come in the order in which they show the most that those before do not.
// The first shows nearly all that is sharp.
var views = [...]view{
	{func(g grey) ink { return g.inkNear(g.part(40)) }, 1},
	{func(g grey) ink { return g.smooth().inkNear(g.part(40)) }, 1},
	{func(g grey) ink { return g.sharp(3).inkNear(g.part(60)) }, 1},
	{func(g grey) ink { return g.twice().inkNear(g.part(20)) }, 2},
	{func(g grey) ink { return g.inkBelow() }, 1},
	{func(g grey) ink { return g.smooth().smooth().smooth().inkNear(g.part(30)) }, 1},
	{func(g grey) ink { return g.half().inkNear(g.part(60)) }, 0.5},
}

// part returns a fraction of the longer side.
func (g grey) part(of int) int { return max(g.width, g.height) / of }
