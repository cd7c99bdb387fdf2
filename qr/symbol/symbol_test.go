package symbol_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/symbol"
)

// Texts that the tests draw: two stickers of a store and the digits of a wallet.
const (
	plainSticker = "00020101021126420009org.hansa0112NO4F7K2M9QXR0409test-20265204581253035785802NO5911Bergen Cafe6006Bergen" +
		"80600009org.hansa0143JYSVIqFdW-WIEyWpukgE2QFWdBH0sVsXbfpE1HVVgCB81600009org.hansa0143tRMlRA3WpeIclxhIiHO_x_c0by5b4-gKGr7KBZ0LeAw6304B4A1"
	norwegianSticker = "00020101021126420009org.hansa0112NO4F7K2M9QXR0409test-20265204581253035785802NO5912Kafe Blabaer6006Tromso" +
		"64310002no0111Kafé Blåbær0206Tromsø80600009org.hansa0143zTeSFYaqmUHez53-UanS8ZiyU92LS5uGk9h6SIpqEjd81600009org.hansa0143ZTgrDuGeqaOMlqWIerb0g57udpfBPtiYT2NyC1lxsCg6304A00C"
	walletDigits = "700112133433737636571868"
)

var levels = []symbol.Level{symbol.Low, symbol.Medium, symbol.Quartile, symbol.High}

func newSymbol(t testing.TB, text string, options symbol.Options) symbol.Symbol {
	t.Helper()
	drawn, err := symbol.New(text, options)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

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

// golden compares got with a file of testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(string(want), string(got)))
	}
}

// TestSymbolIsDrawn holds the modules to golden files, which independent readers
// have read.
func TestSymbolIsDrawn(t *testing.T) {
	t.Parallel()
	for name, drawn := range map[string]symbol.Symbol{
		"sticker.txt":   newSymbol(t, plainSticker, symbol.Options{}),
		"norwegian.txt": newSymbol(t, norwegianSticker, symbol.Options{}),
		"digits.txt":    newSymbol(t, walletDigits, symbol.Options{}),
		"dense.txt":     newSymbol(t, walletDigits, symbol.Options{Dense: true}),
		"logo.txt":      newSymbol(t, plainSticker, symbol.Options{Logo: true}),
	} {
		golden(t, name, []byte(drawing(drawn.Size(), drawn.Dark)))
	}
}

// TestExampleOfTheStandard draws what ISO/IEC 18004 works through step by step:
// eight digits at level M, under the mask that is shown there.
func TestExampleOfTheStandard(t *testing.T) {
	t.Parallel()
	drawn := symbol.NewMasked("01234567", symbol.Options{Dense: true}, 2)
	golden(t, "standard.txt", []byte(drawing(drawn.Size(), drawn.Dark)))
}

func TestMoreCorrectionNeedsMoreRoom(t *testing.T) {
	t.Parallel()
	before := 0
	for _, level := range levels {
		size := newSymbol(t, plainSticker, symbol.Options{Level: level}).Size()
		if size <= before {
			t.Errorf("level %d has %d modules a side, after %d", level, size, before)
		}
		before = size
	}
}

func TestDenseModesNeedLessRoom(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text        string
		byte, dense int // modules a side
	}{
		"digits":                  {walletDigits, 25, 21},
		"many digits":             {strings.Repeat("7", 100), 41, 29},
		"capitals":                {"HTTPS://QR.ALIPAY.COM/FKX00000ABCDEFGHIJ", 29, 29},
		"more capitals":           {"HTTPS://QR.ALIPAY.COM/FKX00000ABCDEFGHIJKLMNOPQ", 33, 29},
		"one small letter":        {"HTTPS://QR.ALIPAY.COM/FKX00000ABCDEFGHIJKLMNOPq", 33, 33},
		"a letter beyond ASCII":   {"Å", 21, 21},
		"as many as bytes can be": {strings.Repeat("0", 2331), 177, 117},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBytes, dense := newSymbol(t, c.text, symbol.Options{}).Size(), newSymbol(t, c.text, symbol.Options{Dense: true}).Size()
			if inBytes != c.byte || dense != c.dense {
				t.Errorf("want %d and %d modules a side, got %d and %d", c.byte, c.dense, inBytes, dense)
			}
		})
	}
}

// TestPitfallMerchantCodeInAlphanumericMode draws an EMVCo code that would be smaller
// in the mode for digits and capitals. The standard allows bytes alone, and other
// packages choose by themselves.
func TestPitfallMerchantCodeInAlphanumericMode(t *testing.T) {
	t.Parallel()
	code := "00020101021126200008COM.TEST0104M00152045411530397854045.005802DE5904SHOP6006BERLIN63041F07"
	inBytes, dense := newSymbol(t, code, symbol.Options{}), newSymbol(t, code, symbol.Options{Dense: true})
	another := newSymbol(t, strings.ToLower(code), symbol.Options{Dense: true}) // in bytes, because of its small letters
	if inBytes.Size() <= dense.Size() || inBytes.Size() != another.Size() {
		t.Errorf("%d modules, dense %d, in bytes %d", inBytes.Size(), dense.Size(), another.Size())
	}
}

func TestTextsThatNoSymbolHolds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text    string
		options symbol.Options
	}{
		"nothing":                        {"", symbol.Options{}},
		"nothing, densely":               {"", symbol.Options{Dense: true}},
		"bytes that are no UTF-8":        {"\xff", symbol.Options{}},
		"a byte more than the most":      {strings.Repeat("a", 2332), symbol.Options{}},
		"a byte more than the most at H": {strings.Repeat("a", 1274), symbol.Options{Level: symbol.High}},
		"no room beside a logo":          {strings.Repeat("a", 1274), symbol.Options{Logo: true}},
		"a digit more than the most":     {strings.Repeat("7", 5597), symbol.Options{Dense: true}},
		"the announcement does not fit":  {strings.Repeat("a", 2329) + "å", symbol.Options{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := symbol.New(c.text, c.options)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
				t.Errorf("want a refusal, got %v", err)
			}
		})
	}
	for name, c := range map[string]struct {
		text    string
		options symbol.Options
	}{
		"bytes":     {strings.Repeat("a", 2331), symbol.Options{}},
		"letters":   {strings.Repeat("a", 2328) + "å", symbol.Options{}},
		"bytes, H":  {strings.Repeat("a", 1273), symbol.Options{Logo: true}},
		"bytes, L":  {strings.Repeat("a", 2953), symbol.Options{Level: symbol.Low}},
		"digits":    {strings.Repeat("7", 5596), symbol.Options{Dense: true}},
		"capitals":  {strings.Repeat("A", 3391), symbol.Options{Dense: true}},
		"digits, L": {strings.Repeat("7", 7089), symbol.Options{Dense: true, Level: symbol.Low}},
	} {
		if size := newSymbol(t, c.text, c.options).Size(); size != 177 {
			t.Errorf("%s: the largest symbol has %d modules a side, want 177", name, size)
		}
	}
}

func TestCharsetsThatCannotBeAnnounced(t *testing.T) {
	t.Parallel()
	for _, charset := range []symbol.Charset{-1, symbol.CharsetMax + 1} {
		if _, err := symbol.NewBytes([]byte("a"), charset, symbol.Options{}); err == nil {
			t.Errorf("charset %d was announced", charset)
		}
	}
	if _, err := symbol.NewBytes([]byte{0xFF, 0}, symbol.CharsetMax, symbol.Options{}); err != nil {
		t.Error(err)
	}
}

// TestMaskIsTheLeastConfusing weighs the masks module by module, as the standard
// has it, and holds the weights by words to it.
func TestMaskIsTheLeastConfusing(t *testing.T) {
	t.Parallel()
	for length := 1; length <= 2331; length = length*3/2 + 1 {
		text := strings.Repeat(plainSticker, 12)[:length]
		least := -1
		for number := range symbol.Masks {
			masked := symbol.NewMasked(text, symbol.Options{}, number)
			want := slowPenalty(masked)
			if got := symbol.Penalty(masked); got != want {
				t.Errorf("%d bytes, mask %d: want %d, got %d", length, number, want, got)
			}
			if least < 0 || want < least {
				least = want
			}
		}
		if got := slowPenalty(newSymbol(t, text, symbol.Options{})); got != least {
			t.Errorf("%d bytes: chose a mask of %d, not of %d", length, got, least)
		}
	}
}

// slowPenalty weighs each line as text.
func slowPenalty(s symbol.Symbol) int {
	size, sum, dark := s.Size(), 0, 0
	for i := range size {
		var row, column strings.Builder
		for j := range size {
			row.WriteByte("01"[boolIndex(s.Dark(j, i))])
			column.WriteByte("01"[boolIndex(s.Dark(i, j))])
			dark += boolIndex(s.Dark(j, i))
			square := boolIndex(s.Dark(j, i)) + boolIndex(s.Dark(j+1, i)) + boolIndex(s.Dark(j, i+1)) + boolIndex(s.Dark(j+1, i+1))
			if i+1 < size && j+1 < size && square%4 == 0 {
				sum += 3
			}
		}
		sum += slowLinePenalty(row.String()) + slowLinePenalty(column.String())
	}
	percentOff := max(100*dark-50*size*size, 50*size*size-100*dark) / (size * size)
	return sum + percentOff/5*10
}

func slowLinePenalty(line string) int {
	sum := 0
	for rest := line; rest != ""; {
		run := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
		if run >= 5 {
			sum += run - 2
		}
		rest = rest[run:]
	}
	for i := range line {
		for _, mark := range []string{"00001011101", "10111010000"} {
			if strings.HasPrefix(line[i:], mark) {
				sum += 40
			}
		}
	}
	return sum
}

func boolIndex(b bool) int {
	if b {
		return 1
	}
	return 0
}
