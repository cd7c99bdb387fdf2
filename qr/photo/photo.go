// Package photo finds the codes in a photograph and reads them with the tables of
// qr/symbol. It is the one place of qr that may use floating point: where a module
// lies in a picture is a matter of measure, and what was read there is held to the
// symbol's own corrections.
package photo

import (
	"cmp"
	"image"
	"slices"

	"github.com/hansa-network/hansa/qr/symbol"
)

// Found is one code of a picture. Bars of Code 128 have a text and nothing else of
// the content: their version is 0.
type Found struct {
	symbol.Content
	Corners [4]image.Point // in pixels, clockwise, from what is the upper left of a symbol; a rectangle around bars
}

// Read returns the codes of a PNG or a JPEG in reading order: QR symbols, be they
// turned, leaning, mirrored or light on dark, and dark bars of Code 128 that lie
// along rows or columns, turned by some degrees at most. How the camera was held
// (the orientation of EXIF) does not matter, for a symbol says itself where its top
// is; the corners are those of the pixels as they are stored.
//
// Read refuses other formats with hansa.Unsupported, damaged files with
// hansa.Malformed, more than 32 MiB or 40 megapixels with hansa.TooLarge, a picture
// in which it finds nothing with hansa.NotFound, and one whose only symbols are
// none of payment as symbol.Read does. It takes at most some two seconds: what it
// looks at is counted, so that the same picture has the same answer everywhere.
func Read(file []byte) ([]Found, error) {
	g, err := unpack(file)
	if err != nil {
		return nil, err
	}
	found, err := g.read()
	if err != nil {
		return nil, err
	}
	return inReadingOrder(found), nil
}

// inReadingOrder sorts what was found as people read: line by line from the top,
// each from the left. What begins above the middle of the first of a line is in it.
func inReadingOrder(found []Found) []Found {
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(a.bounds().Min.Y, b.bounds().Min.Y) })
	for rest := found; len(rest) > 0; {
		first := rest[0].bounds()
		middle := (first.Min.Y + first.Max.Y) / 2
		n := 1
		for n < len(rest) && rest[n].bounds().Min.Y < middle {
			n++
		}
		slices.SortStableFunc(rest[:n], func(a, b Found) int { return cmp.Compare(a.bounds().Min.X, b.bounds().Min.X) })
		rest = rest[n:]
	}
	return found
}

// bounds returns the rectangle around the corners.
func (f Found) bounds() image.Rectangle {
	r := image.Rectangle{f.Corners[0], f.Corners[0]}
	for _, corner := range f.Corners {
		r.Min = image.Pt(min(r.Min.X, corner.X), min(r.Min.Y, corner.Y))
		r.Max = image.Pt(max(r.Max.X, corner.X), max(r.Max.Y, corner.Y))
	}
	return r
}
