package symbol

import "image"

const quietZone = 4 // light modules on every side of a symbol: readers look for them

// A picture is what all images show: dark rectangles on a light ground that is
// the quiet zone. Its unit is the module.
type picture struct {
	width, height int
	dark          []image.Rectangle
	caption       string // below the rectangles, in captionHeight; images of text alone show it
}

// picture joins the dark modules that are neighbours in a row.
func (s Symbol) picture() picture {
	side := len(s.modules)
	whole := side + 2*quietZone
	p := picture{width: whole, height: whole, dark: make([]image.Rectangle, 0, side*side/4)}
	for row := range side {
		for column := 0; column < side; column++ {
			start := column
			for s.Dark(column, row) {
				column++
			}
			if start < column {
				p.dark = append(p.dark, image.Rect(start, row, column, row+1).Add(image.Pt(quietZone, quietZone)))
			}
		}
	}
	return p
}
