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
		dark := i.dark[y*g.width : (y+1)*g.width]
		for x, light := range g.light[y*g.width : (y+1)*g.width] {
			left, right := max(x-reach, 0), min(x+reach+1, g.width)
			area := int32((right - left) * (bottom - top))
			if (int32(light)+1)*area <= sums[right]-sums[left] {
				dark[x] = 1
			}
		}
	}
	return i
}

// inkBelow returns all that is darker than one level, the one which divides the
// picture into the two most different parts: the method of Otsu.
func (g grey) inkBelow() ink {
	var count [256]int
	for _, light := range g.light {
		count[light]++
	}
	all, sum := len(g.light), 0
	for light, n := range count {
		sum += light * n
	}
	below, sumBelow, level, most := 0, 0, 0, 0.0
	for light, n := range count {
		below, sumBelow = below+n, sumBelow+light*n
		if below == 0 || below == all {
			continue
		}
		gap := float64(sumBelow)/float64(below) - float64(sum-sumBelow)/float64(all-below)
		if apart := float64(below) * float64(all-below) * gap * gap; apart > most {
			level, most = light, apart
		}
	}
	i := ink{g.width, g.height, make([]uint8, len(g.light))}
	for at, light := range g.light {
		if int(light) <= level {
			i.dark[at] = 1
		}
	}
	return i
}
