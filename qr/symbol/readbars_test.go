package symbol_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/symbol"
)

// widthsOf measures the bars and spaces, in so many units of a module.
func widthsOf(bars symbol.Bars, unit int) []int {
	var widths []int
	for i := range bars.Size() {
		if i == 0 || bars.Dark(i) != bars.Dark(i-1) {
			widths = append(widths, 0)
		}
		widths[len(widths)-1] += unit
	}
	return widths
}

func code128(t testing.TB, text string) symbol.Bars {
	t.Helper()
	bars, err := symbol.NewCode128(text)
	if err != nil {
		t.Fatal(err)
	}
	return bars
}

// TestBarsAreReadBack reads texts of each set of characters, and of all of them.
func TestBarsAreReadBack(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for c := range byte(128) {
		all.WriteByte(127 - c)
	}
	ascii := all.String()
	for _, text := range []string{
		walletDigits, "1", "12", "123", "1234", "x1234567", "12345x", "\r\n\x1f", "ab\r12", "A\x01b\x02C", "~`~", ascii[:64], ascii[64:],
	} {
		widths := widthsOf(code128(t, text), 3)
		got, used, err := symbol.ReadCode128(append(slices.Clone(widths), 30, 3, 9))
		if err != nil || got != text || used != len(widths) {
			t.Errorf("want %q in %d widths, got %q in %d: %v", text, len(widths), got, used, err)
		}
	}
}

// TestBarsMayBeThick reads bars to which so much was added, or from which it was
// taken, on both sides.
func TestBarsMayBeThick(t *testing.T) {
	t.Parallel()
	const unit = 100
	for _, thicker := range []int{-40, -20, 20, 40} {
		widths := widthsOf(code128(t, walletDigits), unit)
		for i := range widths {
			widths[i] += thicker * (1 - i%2*2)
		}
		if got, _, err := symbol.ReadCode128(widths); err != nil || got != walletDigits {
			t.Errorf("%d of %d: want %q, got %q: %v", thicker, unit, walletDigits, got, err)
		}
	}
}

// TestBarsThatAreRefused reads what is no Code 128, or none of ours.
func TestBarsThatAreRefused(t *testing.T) {
	t.Parallel()
	whole := widthsOf(code128(t, "1234"), 1)
	const start, number, stop = 6, 6, 7
	without := func(from, to int) []int { return slices.Delete(slices.Clone(whole), from, to) }
	gs1 := slices.Concat(whole[:start], []int{4, 1, 1, 1, 3, 1}, []int{2, 2, 2, 1, 2, 2}, whole[len(whole)-stop:])
	tests := []struct {
		name   string
		widths []int
		want   hansa.Reason
	}{
		{"nothing", nil, hansa.CodeInvalid},
		{"no width", make([]int, 60), hansa.CodeInvalid},
		{"no start", whole[start:], hansa.CodeInvalid},
		{"no stop", whole[:len(whole)-stop], hansa.CodeInvalid},
		{"a number is missing", without(start, start+number), hansa.CodeInvalid},
		{"the checksum is missing", without(len(whole)-stop-number, len(whole)-stop), hansa.CodeInvalid},
		{"a start and a stop", without(start, len(whole)-stop), hansa.CodeInvalid},
		{"a bar of nine modules", slices.Concat(whole[:start], []int{9, 1, 1, 9, 1, 1}, whole[start:]), hansa.CodeInvalid},
		{"GS1", gs1, hansa.CodeUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, _, err := symbol.ReadCode128(test.widths)
			if reason, _ := hansa.ReasonOf(err); reason != test.want {
				t.Errorf("want %s, got %v (%q)", test.want, err, text)
			}
		})
	}
}

// FuzzReadCode128 reads any widths. A text that is read can be written, and is
// read again.
func FuzzReadCode128(f *testing.F) {
	for _, text := range []string{walletDigits, "\r\nAb1234567\x7F"} {
		var widths []byte
		for _, width := range widthsOf(code128(f, text), 1) {
			widths = append(widths, byte(width))
		}
		f.Add(widths)
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		widths := make([]int, len(bytes))
		for i, width := range bytes {
			widths[i] = int(width)
		}
		text, used, err := symbol.ReadCode128(widths)
		if err != nil {
			return
		}
		if used > len(widths) {
			t.Errorf("%d of %d widths were used", used, len(widths))
		}
		bars, err := symbol.NewCode128(text)
		if err != nil {
			return // Bars may be longer than those that we write.
		}
		if again, _, err := symbol.ReadCode128(widthsOf(bars, 1)); err != nil || again != text {
			t.Errorf("want %q, got %q: %v", text, again, err)
		}
	})
}
