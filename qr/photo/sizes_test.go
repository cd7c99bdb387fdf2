package photo_test

import (
	"fmt"
	"image"
	"image/draw"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/symbol"
)

// TestEveryScaleIsRead reads symbols of all densities, from one pixel for a module
// to many: screenshots are as small, and drawings for print as large.
func TestEveryScaleIsRead(t *testing.T) {
	t.Parallel()
	for _, length := range []int{5, 100, 700, 2900} {
		text := strings.Repeat("0123456789abcdef", 200)[:length]
		drawn, err := symbol.New(text, symbol.Options{Level: symbol.Low})
		if err != nil {
			t.Fatal(err)
		}
		for _, pixels := range []int{1, 2, 5, 13, 40} {
			if side := drawn.Size() * pixels; side > 1500 {
				continue
			}
			t.Run(fmt.Sprintf("%d modules of %d pixels", drawn.Size(), pixels), func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff([]string{text}, textsOf(t, drawn.PNG(pixels))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// TestSmallSymbolOfALargePictureIsRead puts a symbol of a few centimetres into what
// a telephone's camera takes of a wall, beside a large one.
func TestSmallSymbolOfALargePictureIsRead(t *testing.T) {
	t.Parallel()
	wall := image.NewGray(image.Rect(0, 0, 4000, 3000))
	draw.Draw(wall, wall.Bounds(), image.White, image.Point{}, draw.Src)
	put := func(text string, x, y, pixels int) {
		small := newGreySymbol(t, text, pixels)
		draw.Draw(wall, small.Bounds().Add(image.Pt(x, y)), small, image.Point{}, draw.Src)
	}
	put("large", 300, 400, 60)
	put("small", 3300, 1200, 5)
	if diff := cmp.Diff([]string{"large", "small"}, textsOf(t, encoded(t, wall))); diff != "" {
		t.Error(diff)
	}
}

func newGreySymbol(t *testing.T, text string, pixels int) *image.Gray {
	t.Helper()
	drawn, err := symbol.New(text, symbol.Options{})
	if err != nil {
		t.Fatal(err)
	}
	side := drawn.Size() * pixels
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for i := range picture.Pix {
		if !drawn.Dark(i%side/pixels, i/side/pixels) {
			picture.Pix[i] = 255
		}
	}
	return picture
}
