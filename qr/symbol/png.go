package symbol

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

const scaleMax = 40 // pixels for a module; the largest symbol is then 7,400 pixels wide

// PNG returns a black and white image, of one bit for each pixel, with scale
// pixels for each side of a module; less than 1 counts as 1 and more than 40 as
// 40.
func (s Symbol) PNG(scale int) []byte { return s.picture().png(scale) }

func (p picture) png(scale int) []byte {
	scale = min(max(scale, 1), scaleMax)
	bounds := image.Rect(0, 0, p.width*scale, p.height*scale)
	pixels := image.NewPaletted(bounds, color.Palette{color.White, color.Black})
	for _, dark := range p.dark {
		first := pixels.Pix[dark.Min.Y*scale*pixels.Stride:]
		line := first[dark.Min.X*scale : dark.Max.X*scale]
		for x := range line {
			line[x] = 1
		}
		for y := 1; y < dark.Dy()*scale; y++ {
			copy(first[y*pixels.Stride+dark.Min.X*scale:], line)
		}
	}
	var encoded bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&encoded, pixels); err != nil {
		panic(fmt.Sprintf("symbol: image of %v: %v", bounds, err)) // A buffer takes everything.
	}
	return encoded.Bytes()
}
