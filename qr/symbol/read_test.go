package symbol_test

import (
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/symbol"
)

// A canvas is a symbol on which modules can be changed.
type canvas struct {
	side int
	dark []bool
}

func newCanvas(s symbol.Symbol) canvas {
	c := canvas{s.Size(), make([]bool, s.Size()*s.Size())}
	for i := range c.dark {
		c.dark[i] = s.Dark(i%c.side, i/c.side)
	}
	return c
}

func (c canvas) at(column, row int) bool { return c.dark[row*c.side+column] }

// spoil changes at least one module of so many codewords.
func (c canvas) spoil(codewords [][]image.Point, count int, dice *rand.Rand) {
	for _, i := range dice.Perm(len(codewords))[:count] {
		changed := 1 + dice.IntN(255)
		for bit, module := range codewords[i] {
			if changed>>bit&1 == 1 {
				at := module.Y*c.side + module.X
				c.dark[at] = !c.dark[at]
			}
		}
	}
}

// TestDamageIsPutRightUpToTheLimit spoils as many codewords of every block as
// each symbol can lose, and then one more.
func TestDamageIsPutRightUpToTheLimit(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 40; version++ {
		t.Run(fmt.Sprintf("version %d", version), func(t *testing.T) {
			t.Parallel()
			for _, level := range levels {
				for mask := range symbol.Masks {
					spoilSymbol(t, version, level, mask)
				}
			}
		})
	}
}

func spoilSymbol(t *testing.T, version int, level symbol.Level, mask int) {
	t.Helper()
	dice := rand.New(rand.NewPCG(uint64(version), uint64(mask)))
	text := strings.Repeat(plainSticker, 13)[:symbol.BytesMax(version, level)]
	blocks, limit := symbol.CodewordModules(version, level), symbol.CorrectableMax(version, level)
	c := newCanvas(symbol.NewMasked(text, symbol.Options{Level: level}, mask))
	for _, codewords := range blocks {
		c.spoil(codewords, limit, dice)
	}
	want := symbol.Content{
		Text: text, Bytes: []byte(text), Version: version, Level: level, Mask: mask, Corrected: limit * len(blocks),
	}
	got, err := symbol.Read(c.side, c.at)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("level %d, mask %d: %v\n%s", level, mask, err, diff)
	}
	c = newCanvas(symbol.NewMasked(text, symbol.Options{Level: level}, mask))
	c.spoil(blocks[dice.IntN(len(blocks))], limit+1, dice)
	if got, err := symbol.Read(c.side, c.at); err == nil {
		t.Errorf("level %d, mask %d: one more than can be put right was read as %q", level, mask, got.Text)
	}
}

// TestFormatIsReadFromEitherCopy covers one of the two, and spoils the other as
// far as its code allows.
func TestFormatIsReadFromEitherCopy(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(c canvas){
		"around the corner": func(c canvas) {
			for i := range 9 {
				c.dark[8*c.side+i], c.dark[i*c.side+8] = true, true
			}
			c.dark[6*c.side+8], c.dark[8*c.side+6] = true, true
		},
		"along the others": func(c canvas) {
			for i := range 8 {
				c.dark[8*c.side+c.side-1-i], c.dark[(c.side-1-i)*c.side+8] = false, false
			}
		},
	} {
		s, err := symbol.New(plainSticker, symbol.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := newCanvas(s)
		spoil(c)
		if got, err := symbol.Read(c.side, c.at); err != nil || got.Text != plainSticker {
			t.Errorf("%s: want %q, got %q: %v", name, plainSticker, got.Text, err)
		}
	}
}

// TestCharactersAreReadByTheirSet reads the bytes of each set that a code in the
// field may announce, and of none.
func TestCharactersAreReadByTheirSet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		bytes   string
		charset symbol.Charset
		want    string
	}{
		{"nothing announced, UTF-8", "Blåbær", symbol.Unannounced, "Blåbær"},
		{"nothing announced, Latin-1", "Bl\xE5b\xE6r", symbol.Unannounced, "Blåbær"},
		{"Latin-1, though it is UTF-8 as well", "\xC3\xA5", symbol.Latin1, "Ã¥"},
		{"Latin-2", "\xA3\xF3d\xBC", symbol.Latin2, "Łódź"},
		{"Cyrillic", "\xBC\xD8\xE0", symbol.Cyrillic, "Мир"},
		{"Greek", "\xC1\xE8\xDE\xED\xE1", symbol.Greek, "Αθήνα"},
		{"Latin-9", "5 \xA4", symbol.Latin9, "5 €"},
		{"UTF-8", "東京", symbol.UTF8, "東京"},
		{"Shift JIS", "\x93\x8C\x8B\x9E", 20, "東京"},
		{"UTF-16", "\x67\x71\x4E\xAC", 25, "東京"},
		{"Big5", "\xBB\x4F\xA5\x5F", 28, "臺北"},
		{"GB18030", "\xB1\xB1\xBE\xA9", 29, "北京"},
		{"EUC-KR", "\xBC\xAD\xBF\xEF", 30, "서울"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := symbol.NewBytes([]byte(test.bytes), test.charset, symbol.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := symbol.Read(s.Size(), s.Dark)
			if err != nil || got.Text != test.want || string(got.Bytes) != test.bytes || got.Charset != test.charset {
				t.Errorf("want %q from %q, got %+v: %v", test.want, test.bytes, got, err)
			}
		})
	}
}

// TestSymbolsThatAreRefused reads what is no symbol, or none of ours.
func TestSymbolsThatAreRefused(t *testing.T) {
	t.Parallel()
	charset := func(content string, charset symbol.Charset) canvas {
		s, err := symbol.NewBytes([]byte(content), charset, symbol.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return newCanvas(s)
	}
	tests := []struct {
		name string
		canvas
		want hansa.Reason
	}{
		{"no modules", canvas{}, hansa.CodeInvalid},
		{"a side that no version has", canvas{22, make([]bool, 22*22)}, hansa.CodeInvalid},
		{"a side above all versions", canvas{181, make([]bool, 181*181)}, hansa.CodeInvalid},
		{"all light", canvas{21, make([]bool, 21*21)}, hansa.CodeInvalid},
		{"UTF-8 that is none", charset("\xFF\xFE", symbol.UTF8), hansa.CodeInvalid},
		{"an unknown character set", charset("text", 127), hansa.CodeUnknown},
		{"segment of no mode", newCanvas(symbol.NewOfBits("1111 0000")), hansa.CodeInvalid},
		{"longer than the symbol", newCanvas(symbol.NewOfBits("0100 11111111 01000001")), hansa.CodeInvalid},
		{"three digits above 999", newCanvas(symbol.NewOfBits("0001 0000000011 1111111111")), hansa.CodeInvalid},
		{"a pair above 2024", newCanvas(symbol.NewOfBits("0010 000000010 11111111111")), hansa.CodeInvalid},
		{"a character above 44", newCanvas(symbol.NewOfBits("0010 000000001 111111")), hansa.CodeInvalid},
		{"a character set of four bytes", newCanvas(symbol.NewOfBits("0111 11110000")), hansa.CodeInvalid},
		{"one of several symbols", newCanvas(symbol.NewOfBits("0011 00000001 00000000")), hansa.CodeUnknown},
		{"GS1", newCanvas(symbol.NewOfBits("0101 0100 00000001 01000001")), hansa.CodeUnknown},
		{"an industry", newCanvas(symbol.NewOfBits("1001 00100101")), hansa.CodeUnknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := symbol.Read(test.side, test.at)
			if reason, _ := hansa.ReasonOf(err); reason != test.want {
				t.Errorf("want %s, got %v (%q)", test.want, err, got.Text)
			}
		})
	}
}

// TestSegmentsThatAreNeverWritten reads modes and mixtures that other writers use.
func TestSegmentsThatAreNeverWritten(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, bits, want string }{
		{"Kanji of both ranges", "1000 00000010 0110110011111 1101010101010", "点茗"},
		{"digits, then bytes", "0001 0000000101 0000001100 0100010 0100 00000001 01000001 0000", "01234A"},
		{"a character set of two bytes", "0111 1000000000011010 0100 00000010 1100001110100101 0000", "å"},
		{"a character set of three bytes", "0111 110000000000000000011010 0100 00000010 1100001110100101 0000", "å"},
		{"a letter in two segments", "0111 00011010 0100 00000001 11000011 0100 00000001 10100101 0000", "å"},
		{"two character sets", "0100 00000001 01000001 0111 00000011 0100 00000001 11100101 0000", "Aå"},
		{"nothing", "0000", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := symbol.NewOfBits(test.bits)
			if got, err := symbol.Read(s.Size(), s.Dark); err != nil || got.Text != test.want {
				t.Errorf("want %q, got %q: %v", test.want, got.Text, err)
			}
		})
	}
}

// FuzzReadModules reads any modules. What is read once is the same when it is
// written and read again.
func FuzzReadModules(f *testing.F) {
	for _, text := range []string{plainSticker, norwegianSticker, walletDigits} {
		s, err := symbol.New(text, symbol.Options{})
		if err != nil {
			f.Fatal(err)
		}
		packed := make([]byte, (s.Size()*s.Size()+7)/8)
		for i, dark := range newCanvas(s).dark {
			if dark {
				packed[i/8] |= 1 << (i % 8)
			}
		}
		f.Add(s.Size(), packed)
	}
	f.Add(0, []byte{})
	f.Add(-3, []byte{1})
	f.Fuzz(func(t *testing.T, side int, packed []byte) {
		at := func(column, row int) bool {
			i := row*side + column
			return i/8 < len(packed) && packed[i/8]>>(i%8)&1 == 1
		}
		got, err := symbol.Read(side, at)
		if err != nil || len(got.Bytes) == 0 {
			return
		}
		again, err := symbol.NewBytes(got.Bytes, min(got.Charset, symbol.CharsetMax), symbol.Options{Level: symbol.Low})
		if err != nil {
			return // Digits may be too many for bytes.
		}
		if second, err := symbol.Read(again.Size(), again.Dark); err == nil && string(second.Bytes) != string(got.Bytes) {
			t.Errorf("want %q, got %q", got.Bytes, second.Bytes)
		}
	})
}
