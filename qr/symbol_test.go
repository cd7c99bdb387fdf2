package qr_test

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr"
)

// drawing shows a symbol with its quiet zone, one character for each module.
func drawing(side int, dark func(column, row int) bool) string {
	var text strings.Builder
	for row := -4; row < side+4; row++ {
		for column := -4; column < side+4; column++ {
			if dark(column, row) {
				text.WriteByte('#')
			} else {
				text.WriteByte('.')
			}
		}
		text.WriteByte('\n')
	}
	return text.String()
}

func newSymbol(t testing.TB, text string, level qr.Level) qr.Symbol {
	t.Helper()
	symbol, err := qr.NewSymbol(text, level)
	if err != nil {
		t.Fatal(err)
	}
	return symbol
}

// TestSymbolIsDrawn holds the modules to golden files, which an independent
// reader has read.
func TestSymbolIsDrawn(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"symbol_store.txt":   signedStore(t, bergenSticker()),
		"symbol_unicode.txt": signedStore(t, storeVectors()["store, Norwegian letters"]),
		"symbol_payment.txt": newPaymentCode(t, "700112", 1),
	} {
		symbol := newSymbol(t, text, qr.Medium)
		golden(t, name, []byte(drawing(symbol.Size(), symbol.Dark)))
	}
}

func TestImagesShowTheSameModules(t *testing.T) {
	t.Parallel()
	for _, level := range []qr.Level{qr.Low, qr.Medium, qr.Quartile, qr.High} {
		symbol := newSymbol(t, "700112100000000000000000", level)
		want := drawing(symbol.Size(), symbol.Dark)
		for _, scale := range []int{1, 3, 8} {
			if got := pngModules(t, symbol, scale); got != want {
				t.Errorf("level %d, PNG at scale %d:\n%s", level, scale, got)
			}
		}
		if got := svgModules(t, symbol); got != want {
			t.Errorf("level %d, SVG:\n%s", level, got)
		}
		if got := terminalModules(symbol); got != want {
			t.Errorf("level %d, terminal:\n%s", level, got)
		}
	}
}

func pngModules(t *testing.T, symbol qr.Symbol, scale int) string {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(symbol.PNG(scale)))
	if err != nil {
		t.Fatal(err)
	}
	if want := (symbol.Size() + 8) * scale; picture.Bounds().Dx() != want || picture.Bounds().Dy() != want {
		t.Errorf("image of %v, want %d pixels a side", picture.Bounds(), want)
	}
	dark := func(column, row, corner int) bool {
		red, _, _, _ := picture.At((column+4)*scale+corner, (row+4)*scale+corner).RGBA()
		return red == 0
	}
	return drawing(symbol.Size(), func(column, row int) bool {
		return dark(column, row, 0) && dark(column, row, scale-1)
	})
}

func svgModules(t *testing.T, symbol qr.Symbol) string {
	t.Helper()
	_, path, found := strings.Cut(symbol.SVG(), `"/><path d="`)
	if !found {
		t.Fatalf("no path in %s", symbol.SVG())
	}
	modules := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.TrimSuffix(path, "\"/></svg>\n"), "z") {
		if run == "" {
			continue
		}
		var column, row, n, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &column, &row, &n, &back); err != nil || n != back {
			t.Fatalf("run %q: %v", run, err)
		}
		for i := range n {
			modules[[2]int{column + i - 4, row - 4}] = true
		}
	}
	return drawing(symbol.Size(), func(column, row int) bool { return modules[[2]int{column, row}] })
}

func terminalModules(symbol qr.Symbol) string {
	text := strings.NewReplacer("\x1b[38;5;16;48;5;231m", "", "\x1b[0m", "").Replace(symbol.Terminal())
	lines := strings.Split(text, "\n")
	return drawing(symbol.Size(), func(column, row int) bool {
		half := []rune(lines[(row+4)/2])[column+4]
		if (row+4)%2 == 0 {
			return half == '█' || half == '▀'
		}
		return half == '█' || half == '▄'
	})
}

func TestScaleHasBounds(t *testing.T) {
	t.Parallel()
	symbol := newSymbol(t, "700112100000000000000000", qr.Medium)
	if !bytes.Equal(symbol.PNG(-1), symbol.PNG(1)) || !bytes.Equal(symbol.PNG(1<<30), symbol.PNG(40)) {
		t.Error("a scale out of bounds is not drawn as the nearest within")
	}
}

func TestMoreCorrectionNeedsMoreRoom(t *testing.T) {
	t.Parallel()
	text := signedStore(t, bergenSticker())
	before := 0
	for _, level := range []qr.Level{qr.Low, qr.Medium, qr.Quartile, qr.High} {
		size := newSymbol(t, text, level).Size()
		if size <= before {
			t.Errorf("level %d has %d modules a side, after %d", level, size, before)
		}
		before = size
	}
}

func TestTextsThatNoSymbolHolds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text  string
		level qr.Level
	}{
		"nothing":                        {"", qr.Medium},
		"bytes that are no UTF-8":        {"\xff", qr.Medium},
		"a byte more than the most":      {strings.Repeat("a", 2332), qr.Medium},
		"a byte more than the most at H": {strings.Repeat("a", 1274), qr.High},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := qr.NewSymbol(c.text, c.level)
			wantReason(t, err, hansa.CodeInvalid)
		})
	}
	if size := newSymbol(t, strings.Repeat("a", 2331), qr.Medium).Size(); size != 177 {
		t.Errorf("the largest symbol has %d modules a side, want 177", size)
	}
}
