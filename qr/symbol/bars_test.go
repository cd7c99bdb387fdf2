package symbol_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/symbol"
)

// TestBarsTakeTheFewestNumbers counts the numbers of 11 modules each; start,
// check and the 13 modules of the end come with every text.
func TestBarsTakeTheFewestNumbers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want int // for the text, changes of the set included
	}{
		"pairs of digits":                   {walletDigits, 12},
		"the odd digit is written alone":    {"28123456789012345", 8 + 1 + 1},
		"one digit":                         {"7", 1},
		"three digits":                      {"123", 3},
		"letters":                           {"Hansa", 5},
		"four digits at the end":            {"Hansa1234", 5 + 1 + 2},
		"five digits at the end":            {"Hansa12345", 5 + 1 + 1 + 2},
		"few digits between letters":        {"a1234b", 6},
		"six digits between letters":        {"a123456b", 1 + 1 + 3 + 1 + 1},
		"a line end":                        {"AB\r\n", 4},
		"small letters after a line end":    {"\r\nab", 2 + 1 + 2},
		"digits, then what only set A has":  {"1234\t", 2 + 1 + 1},
		"control characters between digits": {"123456\x00123456", 3 + 1 + 1 + 1 + 3},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bars, err := symbol.NewCode128(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if want := 11*(1+c.want+1) + 13; bars.Size() != want {
				t.Errorf("want %d modules, got %d", want, bars.Size())
			}
			got, err := readBack(t, sample{modules: bars})
			if err != nil || got != c.text || bars.Text() != c.text {
				t.Errorf("read back as %q, %v", got, err)
			}
		})
	}
}

func TestBarsThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", strings.Repeat("7", 81), "Kafé"} {
		_, err := symbol.NewCode128(text)
		if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
			t.Errorf("%q: want a refusal, got %v", text, err)
		}
	}
}

func TestBarsAreDrawn(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"bars.svg": "28123456789012345", "signs.svg": "<A&\n>"} {
		bars, err := symbol.NewCode128(text)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, []byte(bars.SVG()))
		for _, r := range svgRectangles(t, bars.SVG()) {
			for column := r[0] - 11; column <= r[0]-10+r[2]; column++ {
				inside := column >= r[0]-10 && column < r[0]-10+r[2]
				if bars.Dark(column) != inside {
					t.Errorf("%s: module %d", name, column)
				}
			}
		}
	}
}
