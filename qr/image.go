package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

const (
	quietZone = 4  // light modules on every side: readers look for them
	scaleMax  = 40 // pixels for a module; the largest symbol is then 7,400 pixels wide
)

// PNG returns a black and white image with scale pixels for each side of a
// module; less than 1 counts as 1 and more than 40 as 40.
func (s Symbol) PNG(scale int) []byte {
	scale = min(max(scale, 1), scaleMax)
	side := (s.side + 2*quietZone) * scale
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if s.Dark(x/scale-quietZone, y/scale-quietZone) {
				picture.Pix[y*picture.Stride+x] = 1
			}
		}
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		panic(fmt.Sprintf("qr: image of %d pixels: %v", side, err)) // A buffer takes everything.
	}
	return encoded.Bytes()
}

// SVG returns a drawing whose unit is one module. It has no size of its own, so
// that the page or the printer gives it one.
func (s Symbol) SVG() string {
	side := s.side + 2*quietZone
	var text strings.Builder
	fmt.Fprintf(&text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, side, side)
	fmt.Fprintf(&text, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side)
	for row := range s.side {
		for column := 0; column < s.side; column++ {
			start := column
			for s.Dark(column, row) {
				column++
			}
			if n := column - start; n > 0 {
				fmt.Fprintf(&text, "M%d %dh%dv1h-%dz", start+quietZone, row+quietZone, n, n)
			}
		}
	}
	text.WriteString(`"/></svg>` + "\n")
	return text.String()
}

// Terminal returns lines of text, two modules high, that show the symbol in a
// terminal. Colours are set by escape sequences, because a symbol in the
// colours of a dark terminal is a negative that many cameras cannot read.
func (s Symbol) Terminal() string {
	const blackOnWhite, reset = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	halves := map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}
	var text strings.Builder
	for row := -quietZone; row < s.side+quietZone; row += 2 {
		text.WriteString(blackOnWhite)
		for column := -quietZone; column < s.side+quietZone; column++ {
			text.WriteString(halves[[2]bool{s.Dark(column, row), s.Dark(column, row+1)}])
		}
		text.WriteString(reset + "\n")
	}
	return text.String()
}
