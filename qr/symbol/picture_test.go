package symbol_test

import (
	"bytes"
	"fmt"
	"image/png"
	"strconv"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/symbol"
)

func TestImagesShowTheSameModules(t *testing.T) {
	t.Parallel()
	for _, level := range levels {
		drawn := newSymbol(t, walletDigits, symbol.Options{Level: level})
		want := drawing(drawn.Size(), drawn.Dark)
		for _, scale := range []int{1, 3, 8} {
			if got := pngModules(t, drawn, scale); got != want {
				t.Errorf("level %d, PNG at scale %d:\n%s", level, scale, got)
			}
		}
		for name, got := range map[string]string{
			"SVG":      drawing(drawn.Size(), rectangles(t, svgRectangles(t, drawn.SVG()))),
			"PDF":      drawing(drawn.Size(), rectangles(t, pdfRectangles(t, drawn))),
			"terminal": terminalModules(drawn),
			"plain":    strings.NewReplacer("##", "#", "  ", ".").Replace(drawn.Plain()),
		} {
			if got != want {
				t.Errorf("level %d, %s:\n%s", level, name, got)
			}
		}
	}
}

func pngModules(t *testing.T, drawn symbol.Symbol, scale int) string {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(drawn.PNG(scale)))
	if err != nil {
		t.Fatal(err)
	}
	if want := (drawn.Size() + 8) * scale; picture.Bounds().Dx() != want || picture.Bounds().Dy() != want {
		t.Errorf("image of %v, want %d pixels a side", picture.Bounds(), want)
	}
	dark := func(column, row, corner int) bool {
		red, _, _, _ := picture.At((column+4)*scale+corner, (row+4)*scale+corner).RGBA()
		return red == 0
	}
	return drawing(drawn.Size(), func(column, row int) bool {
		return dark(column, row, 0) && dark(column, row, scale-1)
	})
}

// rectangles returns the modules, without the quiet zone, that rectangles of
// left, top, width and height make dark.
func rectangles(t *testing.T, all [][4]int) func(column, row int) bool {
	t.Helper()
	modules := map[[2]int]bool{}
	for _, r := range all {
		for x := r[0]; x < r[0]+r[2]; x++ {
			for y := r[1]; y < r[1]+r[3]; y++ {
				if modules[[2]int{x - 4, y - 4}] {
					t.Errorf("module %d, %d is drawn twice", x, y)
				}
				modules[[2]int{x - 4, y - 4}] = true
			}
		}
	}
	return func(column, row int) bool { return modules[[2]int{column, row}] }
}

func svgRectangles(t *testing.T, text string) (all [][4]int) {
	t.Helper()
	_, path, _ := strings.Cut(text, `"/><path d="`)
	path, _, found := strings.Cut(path, `"`)
	if !found {
		t.Fatalf("no path in %s", text)
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(path, "z"), "z") {
		var left, top, width, height, back int
		if _, err := fmt.Sscanf(part, "M%d %dh%dv%dh-%d", &left, &top, &width, &height, &back); err != nil || width != back {
			t.Fatalf("part %q: %v", part, err)
		}
		all = append(all, [4]int{left, top, width, height})
	}
	return all
}

func pdfRectangles(t *testing.T, drawn symbol.Symbol) (all [][4]int) {
	t.Helper()
	file, err := drawn.PDF(40 * symbol.Millimetre)
	if err != nil {
		t.Fatal(err)
	}
	_, content, _ := strings.Cut(string(file), "\n0 g\n") // Behind it is black.
	for line := range strings.Lines(content) {
		var r [4]int
		if _, err := fmt.Sscanf(line, "%d %d %d %d re", &r[0], &r[1], &r[2], &r[3]); err != nil {
			break
		}
		all = append(all, r)
	}
	return all
}

func terminalModules(drawn symbol.Symbol) string {
	text := strings.NewReplacer("\x1b[38;5;16;48;5;231m", "", "\x1b[0m", "").Replace(drawn.Terminal())
	lines := strings.Split(text, "\n")
	return drawing(drawn.Size(), func(column, row int) bool {
		half := []rune(lines[(row+4)/2])[column+4]
		if (row+4)%2 == 0 {
			return half == '█' || half == '▀'
		}
		return half == '█' || half == '▄'
	})
}

func TestScaleHasBounds(t *testing.T) {
	t.Parallel()
	drawn := newSymbol(t, walletDigits, symbol.Options{})
	if !bytes.Equal(drawn.PNG(-1), drawn.PNG(1)) || !bytes.Equal(drawn.PNG(1<<30), drawn.PNG(40)) {
		t.Error("a scale out of bounds is not drawn as the nearest within")
	}
}

// TestPDFIsWellFormed follows the file as a reader does: from its end to the
// table, and from there to each object.
func TestPDFIsWellFormed(t *testing.T) {
	t.Parallel()
	drawn := newSymbol(t, norwegianSticker, symbol.Options{})
	file, err := drawn.PDF(73 * symbol.Millimetre) // one for each module
	if err != nil {
		t.Fatal(err)
	}
	text := string(file)
	_, tail, _ := strings.Cut(text, "startxref\n")
	start, err := strconv.Atoi(strings.TrimSuffix(tail, "\n%%EOF\n"))
	if err != nil || !strings.HasPrefix(text[start:], "xref\n0 5\n0000000000 65535 f \n") {
		t.Fatalf("the end %q does not lead to a table: %v", tail, err)
	}
	entries := strings.SplitAfter(text[start:], "\n")[3:]
	for number := 1; number <= 4; number++ {
		var offset int
		entry := entries[number-1]
		if _, err := fmt.Sscanf(entry, "%010d 00000 n \n", &offset); err != nil || len(entry) != 20 {
			t.Fatalf("entry %q: %v", entry, err)
		}
		if want := fmt.Sprintf("%d 0 obj\n", number); !strings.HasPrefix(text[offset:], want) {
			t.Errorf("object %d is not where the table says", number)
		}
	}
	_, content, _ := strings.Cut(text, "stream\n")
	content, _, _ = strings.Cut(content, "endstream")
	for _, want := range []string{
		"/MediaBox [0 0 206.929134 206.929134]", // 73 mm in points
		fmt.Sprintf("/Length %d ", len(content)),
		"\n2.834646 0 0 -2.834646 0 206.929134 cm\n1 g 0 0 73 73 re f\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q", want)
		}
	}
}

func TestPrintsThatCanBeRead(t *testing.T) {
	t.Parallel()
	sticker := newSymbol(t, norwegianSticker, symbol.Options{}) // 65 modules, 73 with the quiet zone
	small := newSymbol(t, walletDigits, symbol.Options{})       // 25 and 33
	const mm = symbol.Millimetre
	cases := map[string]struct {
		side func() (symbol.Length, error)
		want symbol.Length
	}{
		"by module":                      {func() (symbol.Length, error) { return sticker.SideOf(mm / 2) }, 36_500},
		"by the finest module":           {func() (symbol.Length, error) { return sticker.SideOf(333) }, 24_309},
		"in the hand":                    {func() (symbol.Length, error) { return sticker.SideFrom(300 * mm) }, 36_573},
		"on a wall":                      {func() (symbol.Length, error) { return sticker.SideFrom(3000 * mm) }, 365_073},
		"few modules need a tenth":       {func() (symbol.Length, error) { return small.SideFrom(300 * mm) }, 39_633},
		"near enough for the finest":     {func() (symbol.Length, error) { return small.SideFrom(mm) }, 11_022},
		"nothing is near enough as well": {func() (symbol.Length, error) { return small.SideFrom(0) }, 11_022},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := c.side(); err != nil || got != c.want {
				t.Errorf("want %d µm, got %d: %v", c.want, got, err)
			}
		})
	}
}

func TestPrintsThatNobodyReads(t *testing.T) {
	t.Parallel()
	sticker := newSymbol(t, norwegianSticker, symbol.Options{})
	const mm = symbol.Millimetre
	cases := map[string]struct {
		err  func() error
		want string
	}{
		"a small side":   {func() error { _, err := sticker.ModuleOf(20 * mm); return err }, "needs 25 mm for its 65 modules"},
		"a small page":   {func() error { _, err := sticker.PDF(24 * mm); return err }, "modules of 328 µm are too fine"},
		"a fine module":  {func() error { _, err := sticker.SideOf(mm / 4); return err }, "modules of 250 µm"},
		"less than none": {func() error { _, err := sticker.ModuleOf(-mm); return err }, "too fine"},
		"a wide side":    {func() error { _, err := sticker.ModuleOf(5001 * mm); return err }, "wider than 5000 mm"},
		"a wide module":  {func() error { _, err := sticker.SideOf(1 << 62); return err }, "wider than 5000 mm"},
		"too far":        {func() error { _, err := sticker.SideFrom(1 << 62); return err }, "wider than 5000 mm"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.err()
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, got %v", c.want, err)
			}
		})
	}
}
