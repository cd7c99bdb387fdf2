package photo

import (
	"image"
	"slices"

	"github.com/hansa-network/hansa/qr/symbol"
)

// A barsRead is a text that was read along lines through bars.
type barsRead struct {
	text   string
	lines  []int // the rows or columns in which it was read, each once
	bounds image.Rectangle
}

// A stroke is a band of rows of a picture, or of columns, across which its light is
// taken together: that takes away noise, as bars are the same along their length.
type stroke struct {
	upright bool // of columns
	middle  int
	breadth int
}

// readBars returns the bars of Code 128 that lie along the rows or the columns of
// the picture, turned by some degrees at most. Their checksum lets one error of a
// hundred pass, so that two lines must say the same, and nearly no line anything
// else.
func (g grey) readBars(breadth int, f focus, work *effort) []Found {
	const (
		linesAcross = 60
		linesMin    = 2
	)
	var reads []barsRead
	for _, upright := range [...]bool{false, true} {
		length, across := g.width, g.height
		if upright {
			length, across = across, length
		}
		step := max(across/linesAcross, 1)
		for middle := step / 2; middle < across && !work.isSpent(); middle += step {
			work.spend(length * (3 + breadth + len(f)))
			reads = g.readStroke(stroke{upright, middle, breadth}, f, reads)
		}
	}
	var found []Found
	for i, r := range reads {
		contradicted := slices.ContainsFunc(reads, func(other barsRead) bool {
			return other.text != r.text && other.bounds.Overlaps(r.bounds) && 2*len(other.lines) > len(r.lines)
		})
		if len(reads[i].lines) >= linesMin && !contradicted {
			found = append(found, r.found())
		}
	}
	return found
}

func (r barsRead) found() Found {
	b := r.bounds
	content := symbol.Content{Text: r.text, Bytes: []byte(r.text)}
	return Found{content, [4]image.Point{b.Min, {b.Max.X, b.Min.Y}, b.Max, {b.Min.X, b.Max.Y}}}
}

// readStroke adds the bars that lie along the stroke, in either direction.
func (g grey) readStroke(s stroke, f focus, reads []barsRead) []barsRead {
	edges := edgesOf(f.sharpen(g.along(s)))
	widths := make([]int, max(len(edges)-1, 0))
	for i := range widths {
		widths[i] = edges[i+1] - edges[i]
	}
	for range 2 {
		// The first width is light: that of what comes before the first bar.
		for i := 1; i < len(widths); i += 2 {
			text, used, ok := readWidths(widths, i)
			if !ok {
				continue
			}
			from, to := edges[i], edges[i+used]
			reads = add(reads, text, s, min(from, to)/pixel, max(from, to)/pixel)
			i += used
		}
		slices.Reverse(widths)
		slices.Reverse(edges)
	}
	return reads
}

// readWidths reads the bars that begin at a width, if there is enough paper before
// and behind them: half of what the standard asks for.
func readWidths(widths []int, first int) (text string, used int, ok bool) {
	const quiet, modules = 5, 11
	if first+6 > len(widths) {
		return "", 0, false
	}
	sum := 0
	for _, width := range widths[first : first+6] {
		sum += width
	}
	if modules*widths[first-1] < quiet*sum {
		return "", 0, false
	}
	text, used, err := symbol.ReadCode128(widths[first:])
	if err != nil || first+used >= len(widths) || modules*widths[first+used] < quiet*sum {
		return "", 0, false
	}
	return text, used, true
}

// add notes that the text was read in the stroke, between two places along it.
func add(reads []barsRead, text string, s stroke, from, to int) []barsRead {
	bounds := image.Rect(from, s.middle, to+1, s.middle+1)
	line := s.middle
	if s.upright {
		bounds = image.Rect(s.middle, from, s.middle+1, to+1)
		line = -1 - line
	}
	for i := range reads {
		r := &reads[i]
		if r.text == text && r.bounds.Inset(-r.bounds.Dx()-r.bounds.Dy()).Overlaps(bounds) {
			if !slices.Contains(r.lines, line) {
				r.lines = append(r.lines, line)
			}
			r.bounds = r.bounds.Union(bounds)
			return reads
		}
	}
	return append(reads, barsRead{text, []int{line}, bounds})
}

// along returns the light along the stroke.
func (g grey) along(s stroke) []int {
	length := g.width
	if s.upright {
		length = g.height
	}
	light := make([]int, length)
	for across := s.middle - s.breadth/2; across <= s.middle+s.breadth/2; across++ {
		for i := range light {
			if s.upright {
				light[i] += g.at(across, i)
			} else {
				light[i] += g.at(i, across)
			}
		}
	}
	return light
}

// pixel is the unit of edges: a part of a pixel.
const pixel = 256

// edgesOf returns where the light crosses the mean of its surroundings, to a part
// of a pixel, together with both ends. It begins in the light.
func edgesOf(light []int) []int {
	reach := max(len(light)/24, 8)
	edges := []int{0}
	sum, count := 0, 0
	for i := range min(reach, len(light)) {
		sum, count = sum+light[i], count+1
	}
	dark, before := false, 0 // before is how much darker than its surroundings the last pixel was
	for i := range light {
		if i+reach < len(light) {
			sum, count = sum+light[i+reach], count+1
		}
		if i > reach {
			sum, count = sum-light[i-reach-1], count-1
		}
		darker := sum/count - light[i]
		if isDark := darker > 0; isDark != dark {
			at := i * pixel
			if darker != before {
				at += pixel*before/(before-darker) - pixel
			}
			edges = append(edges, max(at, edges[len(edges)-1]))
			dark = isDark
		}
		before = darker
	}
	return append(edges, len(light)*pixel)
}
