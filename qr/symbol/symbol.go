// Package symbol turns text into what a camera or scanner reads, QR symbols of
// ISO/IEC 18004 and bars of Code 128, and draws them for screens and printers.
// Its tables serve both directions, writing and reading modules. It promises
// that a symbol is the smallest that holds its text, and that what it draws has
// the quiet zone readers need. It knows nothing of what the text means.
package symbol

import (
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// A Level says how much of a symbol may be lost and still be read.
type Level int

// The levels of ISO/IEC 18004. Medium is the zero value and what a sticker or
// screen wants; High leaves room for scratches, at the cost of size.
const (
	Medium   Level = iota // 15 %
	Low                   // 7 %
	Quartile              // 25 %
	High                  // 30 %
)

// Options say how a text becomes a symbol. The zero value is right for EMVCo's
// codes.
type Options struct {
	Level Level
	// Dense writes a text of digits alone, or of digits, capitals and the signs
	// " $%*+-./:" alone, in the mode that needs less room. EMVCo forbids it for
	// its codes; links in capitals and payment codes become smaller.
	Dense bool
	// Logo raises the level to High and leaves a light square in the middle, of
	// LogoSize modules a side, for something that is no part of the code.
	Logo bool
}

// A Symbol is the square of dark and light modules that a camera reads. It is a
// value and never changes; its images have the quiet zone that a reader needs.
type Symbol struct {
	modules  grid
	logoSize int
}

// New draws text as a QR symbol of the smallest size that holds it, and announces
// it as UTF-8 if it is not plain ASCII. It refuses with hansa.CodeInvalid an empty
// text, one that is not UTF-8, and one that no symbol of that level holds.
func New(text string, options Options) (Symbol, error) {
	if !utf8.ValidString(text) {
		return Symbol{}, hansa.Refuse(hansa.CodeInvalid, "a text that is not UTF-8")
	}
	charset := Unannounced
	if !isASCII(text) {
		charset = UTF8
	}
	return newSymbol(text, charset, options)
}

// NewBytes draws bytes in any character set, and announces it unless it is
// Unannounced. It refuses with hansa.CodeInvalid what New refuses, other than
// bytes that are not UTF-8, and a charset over CharsetMax.
func NewBytes(content []byte, charset Charset, options Options) (Symbol, error) {
	if charset < 0 || charset > CharsetMax {
		return Symbol{}, hansa.Refuse(hansa.CodeInvalid, "character set %d is not from 0 to %d", charset, CharsetMax)
	}
	return newSymbol(string(content), charset, options)
}

func newSymbol(text string, charset Charset, options Options) (Symbol, error) {
	if text == "" {
		return Symbol{}, hansa.Refuse(hansa.CodeInvalid, "a symbol holds at least one character")
	}
	content, level := content{text, charset, modeByte}, options.Level
	if options.Dense {
		content.mode = densestMode(text)
	}
	if options.Logo {
		level = High
	}
	version, ok := content.smallestVersion(level)
	if !ok {
		return Symbol{}, hansa.Refuse(hansa.CodeInvalid, "%d bytes fit no symbol of this level", len(text))
	}
	drawing := newDrawing(content, version, level)
	symbol := Symbol{modules: drawing.leastConfusing()}
	if options.Logo {
		symbol.logoSize = largestLogo(drawing.layout, drawing.division)
		symbol.modules.clearMiddle(symbol.logoSize)
	}
	return symbol, nil
}

// Size returns the number of modules on a side, without the quiet zone.
func (s Symbol) Size() int { return len(s.modules) }

// Dark reports whether the module in that column and row is dark, counted from
// the upper left. Everything outside is light.
func (s Symbol) Dark(column, row int) bool {
	side := len(s.modules)
	return column >= 0 && column < side && row >= 0 && row < side && s.modules.dark(column, row)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
