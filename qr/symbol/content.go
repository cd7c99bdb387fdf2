package symbol

import (
	"fmt"
	"strings"
)

// A Charset is the assignment number of an extended channel interpretation that
// names a character set. It tells a reader how to understand the bytes.
type Charset int

// The character sets of EPC069-12. A reader that is told none may take bytes
// beyond ASCII for Latin-1.
const (
	Unannounced Charset = 0
	Latin1      Charset = 3  // ISO 8859-1
	Latin2      Charset = 4  // ISO 8859-2
	Latin4      Charset = 6  // ISO 8859-4
	Cyrillic    Charset = 7  // ISO 8859-5
	Greek       Charset = 9  // ISO 8859-7
	Latin6      Charset = 12 // ISO 8859-10
	Latin9      Charset = 17 // ISO 8859-15
	UTF8        Charset = 26

	CharsetMax Charset = 127 // what one byte announces; all character sets are below
)

// A mode says how characters become bits, by the number that a symbol uses.
type mode int

const (
	modeNumeric      mode = 1
	modeAlphanumeric mode = 2
	modeByte         mode = 4
	modeCharset      mode = 7 // A charset follows, then the mode of the text.

	modeLength = 4 // bits
)

// alphanumerics are the characters of modeAlphanumeric, each at its value.
const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// Codewords that fill a symbol behind its text, in turns.
const padFirst, padSecond = 0b1110_1100, 0b0001_0001

// content is what a symbol holds: one text, in one mode.
type content struct {
	text    string
	charset Charset
	mode    mode
}

// densestMode returns the mode in which all of the text needs the fewest bits.
func densestMode(text string) mode {
	switch {
	case strings.Trim(text, "0123456789") == "":
		return modeNumeric
	case strings.Trim(text, alphanumerics) == "":
		return modeAlphanumeric
	}
	return modeByte
}

// smallestVersion returns the version of the smallest symbol that holds the content.
func (c content) smallestVersion(level Level) (version, bool) {
	for v := version(1); v <= versionMax; v++ {
		if c.bits(v) <= 8*divide(v, level).data() {
			return v, true
		}
	}
	return 0, false
}

// bits returns how many bits the content needs in a symbol of that version.
func (c content) bits(v version) int {
	sum := modeLength + c.mode.countLength(v)
	if c.charset != Unannounced {
		sum += modeLength + 8
	}
	switch n := len(c.text); {
	case c.mode == modeNumeric:
		return sum + n/3*10 + [3]int{0, 4, 7}[n%3]
	case c.mode == modeAlphanumeric:
		return sum + n/2*11 + n%2*6
	case c.mode == modeByte:
		return sum + 8*n
	}
	panic(fmt.Sprintf("symbol: text in mode %d", c.mode))
}

// countLengths holds in how many bits the number of characters is written, in
// small, middle and large symbols.
var countLengths = [...][3]int{
	modeNumeric:      {10, 12, 14},
	modeAlphanumeric: {9, 11, 13},
	modeByte:         {8, 16, 16},
}

// countLength returns in how many bits the number of characters is written.
func (m mode) countLength(v version) int {
	switch {
	case v >= 27:
		return countLengths[m][2]
	case v >= 10:
		return countLengths[m][1]
	}
	return countLengths[m][0]
}

// codewords returns the content as the data codewords of a symbol of that version
// which has room for so many.
func (c content) codewords(v version, room int) []byte {
	w := bitWriter{bytes: make([]byte, 0, room)}
	if c.charset != Unannounced {
		w.write(int(modeCharset), modeLength)
		w.write(int(c.charset), 8)
	}
	w.write(int(c.mode), modeLength)
	w.write(len(c.text), c.mode.countLength(v))
	c.writeText(&w)
	w.write(0, min(modeLength, 8*room-w.length)) // There is no mode 0: the text ends.
	for pad := byte(padFirst); len(w.bytes) < room; pad ^= padFirst ^ padSecond {
		w.bytes = append(w.bytes, pad)
	}
	return w.bytes
}

func (c content) writeText(w *bitWriter) {
	switch {
	case c.mode == modeNumeric:
		for rest := c.text; rest != ""; {
			n := min(3, len(rest))
			number := 0
			for i := range n {
				number = 10*number + int(rest[i]-'0')
			}
			w.write(number, 1+3*n)
			rest = rest[n:]
		}
	case c.mode == modeAlphanumeric:
		value := func(i int) int { return strings.IndexByte(alphanumerics, c.text[i]) }
		for i := 0; i+1 < len(c.text); i += 2 {
			w.write(value(i)*len(alphanumerics)+value(i+1), 11)
		}
		if last := len(c.text) - 1; last%2 == 0 {
			w.write(value(last), 6)
		}
	case c.mode == modeByte:
		for i := range len(c.text) {
			w.write(int(c.text[i]), 8)
		}
	}
}

// A bitWriter collects bits, the highest of each byte first.
type bitWriter struct {
	bytes  []byte
	length int // bits
}

// write appends the lowest n bits of the value.
func (w *bitWriter) write(value, n int) {
	for n--; n >= 0; n-- {
		if w.length%8 == 0 {
			w.bytes = append(w.bytes, 0)
		}
		if value>>n&1 == 1 {
			w.bytes[w.length/8] |= 0x80 >> (w.length % 8)
		}
		w.length++
	}
}
