package qr

import (
	"fmt"
	"unicode/utf8"

	"rsc.io/qr/coding"

	"github.com/hansa-network/hansa"
)

// A Level says how much of a symbol may be lost and still be read.
type Level int

// The levels of ISO/IEC 18004. Medium is the zero value and what a sticker or
// screen wants; High leaves room for a logo or scratches, at the cost of size.
const (
	Medium   Level = iota // 15 %
	Low                   // 7 %
	Quartile              // 25 %
	High                  // 30 %
)

// A Symbol is the square of dark and light modules that a camera reads. It is a
// value and never changes; its images have the quiet zone that a reader needs.
type Symbol struct {
	side    int
	modules []byte // row by row, 1 is dark
}

// NewSymbol draws text as a QR symbol of the smallest size that holds it. The
// text is written in byte mode only, as EMVCo wants it, and announced as UTF-8 if
// it is not plain ASCII. It refuses with hansa.CodeInvalid an empty text, one that
// is not UTF-8, and one that no symbol of that level holds.
func NewSymbol(text string, level Level) (Symbol, error) {
	if text == "" || !utf8.ValidString(text) {
		return Symbol{}, hansa.Refuse(hansa.CodeInvalid, "a symbol holds UTF-8 text of at least one character")
	}
	parts := []coding.Encoding{coding.String(text)}
	if !ascii(text) {
		parts = []coding.Encoding{unicodeMark{}, coding.String(text)}
	}
	version, ok := smallestVersion(parts, level.coding())
	if !ok {
		return Symbol{}, hansa.Refuse(hansa.CodeInvalid, "%d bytes fit no symbol of this level", len(text))
	}
	return leastConfusing(parts, version, level.coding()), nil
}

// Size returns the number of modules on a side, without the quiet zone.
func (s Symbol) Size() int { return s.side }

// Dark reports whether the module in that column and row is dark, counted from
// the upper left. Everything outside is light.
func (s Symbol) Dark(column, row int) bool {
	return column >= 0 && column < s.side && row >= 0 && row < s.side && s.modules[row*s.side+column] == 1
}

func (l Level) coding() coding.Level {
	switch l {
	case Low:
		return coding.L
	case Medium:
		return coding.M
	case Quartile:
		return coding.Q
	case High:
		return coding.H
	}
	panic(fmt.Sprintf("qr: level %d", int(l)))
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// unicodeMark tells the reader that UTF-8 follows: extended channel
// interpretation 26. Without it a reader may take Latin-1.
type unicodeMark struct{}

func (unicodeMark) Check() error            { return nil }
func (unicodeMark) Bits(coding.Version) int { return 12 }

// Encode writes the four bits of the mode and the eight of the assignment.
func (unicodeMark) Encode(b *coding.Bits, _ coding.Version) {
	b.Write(7, 4)
	b.Write(26, 8)
}

func smallestVersion(parts []coding.Encoding, level coding.Level) (coding.Version, bool) {
	for version := coding.Version(coding.MinVersion); version <= coding.MaxVersion; version++ {
		bits := 0
		for _, part := range parts {
			bits += part.Bits(version)
		}
		if bits <= version.DataBytes(level)*8 {
			return version, true
		}
	}
	return 0, false
}

// leastConfusing draws the symbol with each of the eight masks and returns the
// one with the lowest penalty.
func leastConfusing(parts []coding.Encoding, version coding.Version, level coding.Level) Symbol {
	var best Symbol
	lowest := -1
	for mask := range coding.Mask(8) {
		symbol := draw(parts, version, level, mask)
		if p := symbol.penalty(); lowest < 0 || p < lowest {
			best, lowest = symbol, p
		}
	}
	return best
}

func draw(parts []coding.Encoding, version coding.Version, level coding.Level, mask coding.Mask) Symbol {
	plan, err := coding.NewPlan(version, level, mask)
	if err != nil {
		panic(fmt.Sprintf("qr: version %d, level %v, mask %d: %v", version, level, mask, err))
	}
	code, err := plan.Encode(parts...)
	if err != nil {
		panic(fmt.Sprintf("qr: version %d, level %v, mask %d: %v", version, level, mask, err))
	}
	symbol := Symbol{side: code.Size, modules: make([]byte, 0, code.Size*code.Size)}
	for y := range code.Size {
		row := code.Bitmap[y*code.Stride:]
		for x := range code.Size {
			symbol.modules = append(symbol.modules, row[x/8]>>(7-x%8)&1)
		}
	}
	return symbol
}
