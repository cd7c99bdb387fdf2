package symbol

import (
	"image"
	"strings"
)

const (
	barsQuietZone = 10 // light modules before and behind the bars
	barsHeight    = 40 // modules; tall enough for a hand that does not aim well
	barsMargin    = 2  // light modules above and below
	captionHeight = 12
	captionGroup  = 4 // digits that a person reads at once
)

// Bars are a line of dark and light modules that a till's scanner reads.
type Bars struct {
	text    string
	modules []bool // dark ones are true
}

// Text returns what the bars hold.
func (b Bars) Text() string { return b.text }

// Size returns the number of modules, without the quiet zone.
func (b Bars) Size() int { return len(b.modules) }

// Dark reports whether the module in that column is dark. Everything outside is
// light.
func (b Bars) Dark(column int) bool {
	return column >= 0 && column < len(b.modules) && b.modules[column]
}

// SVG returns a drawing whose unit is one module, with the text below the bars.
// It has no size of its own, so that the page or the printer gives it one.
func (b Bars) SVG() string {
	p := b.picture()
	p.caption = caption(b.text)
	p.height += captionHeight
	return p.svg()
}

// PNG returns a black and white image of the bars alone, with scale pixels for
// the width of a module; less than 1 counts as 1 and more than 40 as 40.
func (b Bars) PNG(scale int) []byte { return b.picture().png(scale) }

func (b Bars) picture() picture {
	p := picture{width: len(b.modules) + 2*barsQuietZone, height: barsHeight + 2*barsMargin}
	for column := 0; column < len(b.modules); column++ {
		start := column
		for b.Dark(column) {
			column++
		}
		if start < column {
			p.dark = append(p.dark, image.Rect(start, 0, column, barsHeight).Add(image.Pt(barsQuietZone, barsMargin)))
		}
	}
	return p
}

// caption returns what a person reads: digits in groups, and a space for what
// cannot be shown.
func caption(text string) string {
	if strings.Trim(text, "0123456789") != "" {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7F {
				return ' '
			}
			return r
		}, text)
	}
	var grouped strings.Builder
	for i := range len(text) {
		if i > 0 && i%captionGroup == 0 {
			grouped.WriteByte(' ')
		}
		grouped.WriteByte(text[i])
	}
	return grouped.String()
}
