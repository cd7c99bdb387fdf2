package symbol

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// SVG returns a drawing whose unit is one module. It has no size of its own, so
// that the page or the printer gives it one.
func (s Symbol) SVG() string { return s.picture().svg() }

func (p picture) svg() string {
	var text strings.Builder
	fmt.Fprintf(&text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, p.width, p.height)
	fmt.Fprintf(&text, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, p.width, p.height)
	for _, dark := range p.dark {
		write := func(command string, number int) {
			text.WriteString(command)
			text.WriteString(strconv.Itoa(number))
		}
		write("M", dark.Min.X)
		write(" ", dark.Min.Y)
		write("h", dark.Dx())
		write("v", dark.Dy())
		write("h-", dark.Dx())
		text.WriteByte('z')
	}
	text.WriteString(`"/>`)
	if p.caption != "" {
		fmt.Fprintf(&text, `<text x="%d" y="%d" font-family="monospace" font-size="%d" text-anchor="middle">%s</text>`,
			p.width/2, p.height-captionHeight/4, captionHeight*3/4, html.EscapeString(p.caption))
	}
	text.WriteString("</svg>\n")
	return text.String()
}
