package photo

// A grey is a picture in levels of grey, row by row, 255 being light.
type grey struct {
	width, height int
	light         []uint8
}

func newGrey(width, height int) grey { return grey{width, height, make([]uint8, width*height)} }

// at returns the light of a pixel, of the nearest one outside of the picture.
func (g grey) at(x, y int) int {
	return int(g.light[min(max(y, 0), g.height-1)*g.width+min(max(x, 0), g.width-1)])
}

// sample returns the light at a point between pixels.
func (g grey) sample(p point) float64 {
	x, y := p.x-0.5, p.y-0.5
	if !(x >= 0 && y >= 0 && x < float64(g.width-1) && y < float64(g.height-1)) { // Nor if it is no number.
		x = min(max(x, 0), float64(g.width)-1.001)
		y = min(max(y, 0), float64(g.height)-1.001)
		if x != x || y != y || g.width < 2 || g.height < 2 {
			return 0
		}
	}
	left, top := int(x), int(y)
	dx, dy := x-float64(left), y-float64(top)
	i := top*g.width + left
	upper := float64(g.light[i])*(1-dx) + float64(g.light[i+1])*dx
	lower := float64(g.light[i+g.width])*(1-dx) + float64(g.light[i+g.width+1])*dx
	return upper*(1-dy) + lower*dy
}

// asIs returns the picture itself.
func (g grey) asIs() grey { return g }

// half returns the picture in half the size.
func (g grey) half() grey {
	small := newGrey(max(g.width/2, 1), max(g.height/2, 1))
	for y := range small.height {
		upper, lower := g.row(2*y), g.row(2*y+1)
		for x := range small.width {
			left, right := 2*x, min(2*x+1, g.width-1)
			sum := int(upper[left]) + int(upper[right]) + int(lower[left]) + int(lower[right])
			small.light[y*small.width+x] = uint8((sum + 2) / 4) //nolint:gosec // A mean of levels of grey is one.
		}
	}
	return small
}

// row returns a row of pixels, the nearest one outside of the picture.
func (g grey) row(y int) []uint8 {
	y = min(max(y, 0), g.height-1)
	return g.light[y*g.width : (y+1)*g.width]
}

// twice returns the picture in twice the size.
func (g grey) twice() grey {
	large := newGrey(2*g.width, 2*g.height)
	mixed := make([]int, g.width+2) // a row between two, with a pixel more on each side
	for y := range large.height {
		near, far := g.row(y/2), g.row(y/2-1+y%2*2) // the row of the pixel and the one next to it
		for x := range near {
			mixed[x+1] = 3*int(near[x]) + int(far[x])
		}
		mixed[0], mixed[g.width+1] = mixed[1], mixed[g.width]
		row := large.row(y)
		for x := range g.width {
			row[2*x] = uint8((3*mixed[x+1] + mixed[x] + 8) / 16)     //nolint:gosec // A mean of levels of grey is one.
			row[2*x+1] = uint8((3*mixed[x+1] + mixed[x+2] + 8) / 16) //nolint:gosec // A mean of levels of grey is one.
		}
	}
	return large
}

// smooth returns the picture with each pixel mixed with its neighbours, which
// takes away noise.
func (g grey) smooth() grey {
	rows := make([]uint16, len(g.light))
	for y := range g.height {
		row := g.light[y*g.width : (y+1)*g.width]
		for x := range row {
			left, right := row[max(x-1, 0)], row[min(x+1, g.width-1)]
			rows[y*g.width+x] = uint16(left) + 2*uint16(row[x]) + uint16(right)
		}
	}
	soft := newGrey(g.width, g.height)
	for y := range g.height {
		above, below := max(y-1, 0)*g.width, min(y+1, g.height-1)*g.width
		for x := range g.width {
			sum := rows[above+x] + 2*rows[y*g.width+x] + rows[below+x]
			soft.light[y*g.width+x] = uint8((sum + 8) / 16) //nolint:gosec // A mean of levels of grey is one.
		}
	}
	return soft
}

// sharp returns the picture with what differs from the surroundings made
// stronger, which takes away some blur.
func (g grey) sharp() grey {
	soft := g.smooth().smooth().smooth()
	for i, light := range g.light {
		soft.light[i] = uint8(min(max(3*int(light)-2*int(soft.light[i]), 0), 255))
	}
	return soft
}
