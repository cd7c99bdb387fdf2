package photo

import "math"

// A point is a place in a picture, or on a symbol. Pixels and modules begin at
// whole numbers: the centre of the first one is at one half.
type point struct{ x, y float64 }

func (p point) plus(q point) point         { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point        { return point{p.x - q.x, p.y - q.y} }
func (p point) times(factor float64) point { return point{p.x * factor, p.y * factor} }
func (p point) length() float64            { return math.Hypot(p.x, p.y) }
func (p point) dot(q point) float64        { return p.x*q.x + p.y*q.y }
func (p point) cross(q point) float64      { return p.x*q.y - p.y*q.x }
func (p point) distance(q point) float64   { return p.minus(q).length() }

// A projection says where the points of a flat thing lie in a picture of it.
type projection struct {
	x, y, depth [3]float64 // factors of the two coordinates, and what is added
}

// project returns the projection that takes four points to four others. It says
// no where three of them lie in a line.
func project(from, to [4]point) (projection, bool) {
	var equations system
	for i, p := range from {
		q := to[i]
		equations.add([]float64{p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y}, q.x, 1)
		equations.add([]float64{0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y}, q.y, 1)
	}
	f, ok := equations.solve(0)
	if !ok {
		return projection{}, false
	}
	return projection{[3]float64{f[0], f[1], f[2]}, [3]float64{f[3], f[4], f[5]}, [3]float64{f[6], f[7], 1}}, true
}

// at returns where the projection takes the point.
func (p projection) at(u, v float64) point {
	depth := p.depth[0]*u + p.depth[1]*v + p.depth[2]
	return point{(p.x[0]*u + p.x[1]*v + p.x[2]) / depth, (p.y[0]*u + p.y[1]*v + p.y[2]) / depth}
}
