package symbol_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/hansa-network/hansa/qr/symbol"
)

// TestLogoMayBeAnything covers the square in the middle with the worst that fits
// it, and the independent reader still reads the text: the logo costs no block
// more than half of its correction.
func TestLogoMayBeAnything(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 1))
	logos := map[string]func(x, y int) bool{
		"left free": func(int, int) bool { return false },
		"dark":      func(int, int) bool { return true },
		"striped":   func(x, _ int) bool { return x%2 == 0 },
		"noise":     func(int, int) bool { return dice.IntN(2) == 0 },
	}
	for length := 1; length <= 1273; length = length*4/3 + 1 {
		text := letters(dice, nordic[:26]+digits, length, length)
		drawn := newSymbol(t, text, symbol.Options{Logo: true})
		for name, logo := range logos {
			got, err := readBack(t, sample{modules: covered{drawn, logo}})
			if err != nil || got != text {
				t.Errorf("%d bytes, %s in %d of %d modules: %v", length, name, drawn.LogoSize(), drawn.Size(), err)
			}
		}
	}
}

// covered is a symbol with something in the square for a logo.
type covered struct {
	symbol.Symbol
	logo func(x, y int) bool
}

func (c covered) PNG(scale int) []byte {
	first := (c.Size() - c.LogoSize()) / 2
	side := (c.Size() + 8) * scale
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	inside := func(i int) bool { return i >= first && i < first+c.LogoSize() }
	for row := range c.Size() {
		for column := range c.Size() {
			dark := c.Dark(column, row)
			if inside(column) && inside(row) {
				dark = c.logo(column, row)
			}
			for i := range scale * scale {
				if dark {
					picture.SetColorIndex((column+4)*scale+i%scale, (row+4)*scale+i/scale, 1)
				}
			}
		}
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		panic(err)
	}
	return encoded.Bytes()
}

func TestSizesOfLogos(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text       string
		size, logo int
	}{
		"the smallest symbol": {"1", 21, 3},
		"digits of a wallet":  {walletDigits, 29, 5},
		"a sticker":           {plainSticker, 81, 21},
	}
	for name, c := range cases {
		drawn := newSymbol(t, c.text, symbol.Options{Logo: true, Level: symbol.Low})
		if drawn.Size() != c.size || drawn.LogoSize() != c.logo {
			t.Errorf("%s: want %d of %d modules, got %d of %d", name, c.logo, c.size, drawn.LogoSize(), drawn.Size())
		}
		first := (drawn.Size() - drawn.LogoSize()) / 2
		for row := range drawn.LogoSize() {
			for column := range drawn.LogoSize() {
				if drawn.Dark(first+column, first+row) {
					t.Errorf("%s: module %d, %d is dark", name, column, row)
				}
			}
		}
	}
	if size := newSymbol(t, plainSticker, symbol.Options{Level: symbol.High}).LogoSize(); size != 0 {
		t.Errorf("a logo of %d modules that nobody asked for", size)
	}
}
