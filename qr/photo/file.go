package photo

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// Limits of one picture, held to before anything of it is unpacked. A picture of
// so many pixels takes 320 MB for a moment if it is a PNG of 16 bits, and half
// a gigabyte if it is a progressive JPEG.
const (
	bytesMax  = 32 << 20   // of the file
	pixelsMax = 40_000_000 // that the file says it has
)

// A decoder unpacks the pictures of one format.
type decoder struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// unpack returns the file's picture in levels of grey. Which format it is in is
// told by its first bytes: names and content types of uploads are often wrong.
func unpack(file []byte) (grey, error) {
	var d decoder
	switch {
	case len(file) > bytesMax:
		return grey{}, hansa.Refuse(hansa.TooLarge, "a picture has at most %d MiB", bytesMax>>20)
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		d = decoder{"PNG", png.DecodeConfig, png.Decode}
	case bytes.HasPrefix(file, []byte("\xFF\xD8\xFF")):
		d = decoder{"JPEG", jpeg.DecodeConfig, jpeg.Decode}
	default:
		return grey{}, hansa.Refuse(hansa.Unsupported, "%s: only PNG and JPEG are read", formatOf(file))
	}
	config, err := d.config(bytes.NewReader(file))
	switch {
	case err != nil:
		return grey{}, hansa.Refuse(hansa.Malformed, "the %s is damaged: %v", d.name, err)
	case config.Width < 1 || config.Height < 1:
		return grey{}, hansa.Refuse(hansa.Malformed, "the %s has no pixels", d.name)
	case config.Width > pixelsMax/config.Height:
		return grey{}, hansa.Refuse(hansa.TooLarge, "a picture has at most %d megapixels, and this one %d times %d",
			pixelsMax/1_000_000, config.Width, config.Height)
	}
	picture, err := d.decode(bytes.NewReader(file))
	if err != nil {
		return grey{}, hansa.Refuse(hansa.Malformed, "the %s is damaged: %v", d.name, err)
	}
	return greyOf(picture), nil
}

// formatOf says to people what a file is that cannot be read.
func formatOf(file []byte) string {
	signatures := []struct {
		offset int
		bytes  string
		name   string
	}{
		{0, "GIF8", "a GIF"},
		{8, "WEBP", "a WebP"},
		{4, "ftypheic", "a HEIC"},
		{4, "ftypheix", "a HEIC"},
		{4, "ftypmif1", "a HEIC"},
		{4, "ftypavif", "an AVIF"},
		{4, "ftyp", "a film"},
		{0, "%PDF-", "a PDF"},
		{0, "II*\x00", "a TIFF"},
		{0, "MM\x00*", "a TIFF"},
		{0, "BM", "a BMP"},
		{0, "\xFF\x0A", "a JPEG XL"},
		{4, "JXL ", "a JPEG XL"},
		{4, "jP  ", "a JPEG 2000"},
	}
	for _, s := range signatures {
		if len(file) >= s.offset && bytes.HasPrefix(file[s.offset:], []byte(s.bytes)) {
			return s.name
		}
	}
	switch start := file[:min(len(file), 1024)]; {
	case len(file) == 0:
		return "an empty file"
	case bytes.Contains(start, []byte("<svg")):
		return "an SVG"
	case isText(start):
		return "a text"
	}
	return "a file of unknown format"
}

// isText reports whether bytes read as text, of which the last letter may be cut.
func isText(start []byte) bool {
	for i := 0; i < utf8.UTFMax && len(start) > 0 && !utf8.Valid(start); i++ {
		start = start[:len(start)-1]
	}
	return utf8.Valid(start) && !slices.Contains(start, 0)
}

// greyOf returns the light of each pixel. What can be looked through is laid on
// white: codes with a transparent background are drawn for paper.
func greyOf(picture image.Image) grey {
	bounds := picture.Bounds()
	g := newGrey(bounds.Dx(), bounds.Dy())
	var row func(y int, into []uint8)
	switch p := picture.(type) {
	case *image.Gray:
		row = func(y int, into []uint8) { copy(into, p.Pix[y*p.Stride:]) }
	case *image.YCbCr: // Its first part is the light.
		row = func(y int, into []uint8) { copy(into, p.Y[y*p.YStride:]) }
	case *image.Paletted:
		var light [256]uint8
		for i, colour := range p.Palette {
			light[i] = lightOf(colour.RGBA())
		}
		row = func(y int, into []uint8) {
			for x := range into {
				into[x] = light[p.Pix[y*p.Stride+x]]
			}
		}
	case image.RGBA64Image: // All others are.
		row = func(y int, into []uint8) {
			for x := range into {
				into[x] = lightOf(p.RGBA64At(bounds.Min.X+x, bounds.Min.Y+y).RGBA())
			}
		}
	}
	for y := range g.height {
		row(y, g.light[y*g.width:(y+1)*g.width])
	}
	return g
}

// lightOf returns how light a colour looks on white, by the weights of ITU-R
// BT.601, which JPEG has as well. The parts are those of color.Color: multiplied
// with alpha already.
func lightOf(red, green, blue, alpha uint32) uint8 {
	return uint8((19595*red + 38470*green + 7471*blue + (0xFFFF-alpha)<<16 + 1<<15) >> 24)
}
