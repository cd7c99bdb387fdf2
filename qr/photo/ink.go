package photo

// Ink says which pixels of a picture are dark, row by row: 1 is dark.
type ink struct {
	width, height int
	dark          []uint8
}

// inkNear returns the ink as it stands out from the mean of its surroundings: a
// square that reaches so far from each pixel. It sees through shadows, and takes
// a wide dark area for a light one.
func (g grey) inkNear(reach int) ink {
	i := ink{g.width, g.height, make([]uint8, len(g.light))}
	columns := make([]int32, g.width) // the sum of each column from top to bottom
	sums := make([]int32, g.width+1)  // those, added up from the left
	top, bottom := 0, 0
	for y := range g.height {
		for ; bottom < min(y+reach+1, g.height); bottom++ {
			for x, light := range g.light[bottom*g.width : (bottom+1)*g.width] {
				columns[x] += int32(light)
			}
		}
		for ; top < y-reach; top++ {
			for x, light := range g.light[top*g.width : (top+1)*g.width] {
				columns[x] -= int32(light)
			}
		}
		for x, sum := range columns {
			sums[x+1] = sums[x] + sum
		}
		i.darken(y, g.light[y*g.width:(y+1)*g.width], sums, reach, bottom-top)
	}
	return i
}

// darken fills one row: dark is what is below the mean of its surroundings, whose
// sums, from the left edge up to each pixel, are given with the number of rows in
// them.
func (i ink) darken(y int, lights []uint8, sums []int32, reach, rows int) {
	dark := i.dark[y*i.width : (y+1)*i.width]
	near := func(from, to int) {
		for x := from; x < to; x++ {
			left, right := max(x-reach, 0), min(x+reach+1, i.width)
			dark[x] = isBelow(lights[x], int32((right-left)*rows), sums[right]-sums[left]) //nolint:gosec // A square of the picture is small.
		}
	}
	first, last := min(reach, i.width), max(i.width-reach-1, 0)
	if first >= last {
		near(0, i.width)
		return
	}
	near(0, first)
	area := int32((2*reach + 1) * rows) //nolint:gosec // As above.
	inner, before, behind := lights[first:last], sums[:last-first], sums[2*reach+1:]
	for k, light := range inner {
		dark[first+k] = isBelow(light, area, behind[k]-before[k])
	}
	near(last, i.width)
}

// isBelow returns 1 if the light is below the mean of an area with that sum by
// one level, so that an even area is all light.
func isBelow(light uint8, area, sum int32) uint8 {
	return uint8(uint32((int32(light)+1)*area-sum-1) >> 31) //nolint:gosec // The sign is meant.
}
