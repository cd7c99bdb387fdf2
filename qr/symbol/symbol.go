// Package symbol turns text into what a camera or scanner reads, QR symbols of
// ISO/IEC 18004 and bars of Code 128, and draws them for screens and printers.
// Its tables serve both directions, writing and reading modules. It promises
// that a symbol is the smallest that holds its text, and that what it draws has
// the quiet zone readers need. It knows nothing of what the text means.
package symbol

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
