package symbol

import (
	"github.com/hansa-network/hansa"
)

// Modes that are read but never written.
const (
	modeEnd      mode = 0
	modeAppended mode = 3 // one of several symbols
	modeGS1      mode = 5
	modeKanji    mode = 8
	modeIndustry mode = 9 // fields of an industry
)

// A run is a part of a symbol whose bytes are in one character set.
type run struct {
	charset Charset
	bytes   []byte
}

// segments is what was read so far.
type segments struct {
	version version
	bits    bitReader
	runs    []run
	charset Charset
}

// readSegments reads the data codewords of a symbol.
func (v version) readSegments(data []byte) (Content, error) {
	s := segments{version: v, bits: bitReader{bytes: data}}
	for s.bits.left() >= modeLength {
		m := mode(s.bits.read(modeLength))
		if m == modeEnd {
			break
		}
		if err := s.readSegment(m); err != nil {
			return Content{}, err
		}
		if s.bits.beyond {
			return Content{}, hansa.Refuse(hansa.CodeInvalid, "a segment is longer than its symbol")
		}
	}
	content := Content{Charset: s.charset}
	for _, r := range s.runs {
		text, err := r.text()
		if err != nil {
			return Content{}, err
		}
		content.Text += text
		content.Bytes = append(content.Bytes, r.bytes...)
	}
	return content, nil
}

// readSegment reads what follows the number of a mode. Kanji count as pairs of
// bytes, in as many bits as bytes in small symbols, in less in large ones.
func (s *segments) readSegment(m mode) error {
	//nolint:exhaustive // A symbol may hold any number; those without a case are refused below.
	switch m {
	case modeNumeric:
		return s.readNumeric(s.readCount(m))
	case modeAlphanumeric:
		return s.readAlphanumeric(s.readCount(m))
	case modeByte:
		s.readBytes(s.readCount(m))
		return nil
	case modeKanji:
		s.readKanji(s.bits.read(s.version.kanjiCountLength()))
		return nil
	case modeCharset:
		return s.readCharset()
	case modeAppended:
		return hansa.Refuse(hansa.CodeUnknown, "the symbol is one part of several")
	case modeGS1, modeIndustry:
		return hansa.Refuse(hansa.CodeUnknown, "the symbol holds fields of GS1 or of an industry, no payment code")
	}
	return hansa.Refuse(hansa.CodeInvalid, "no segment has the mode %d", m)
}

// readCount reads how many characters the segment has.
func (s *segments) readCount(m mode) int { return s.bits.read(m.countLength(s.version)) }

// kanjiCountLength returns in how many bits the number of Kanji is written.
func (v version) kanjiCountLength() int {
	switch {
	case v <= 9:
		return 8
	case v <= 26:
		return 10
	}
	return 12
}

// add appends bytes that are in that character set.
func (s *segments) add(charset Charset, bytes ...byte) {
	if n := len(s.runs); n == 0 || s.runs[n-1].charset != charset {
		s.runs = append(s.runs, run{charset: charset})
	}
	last := &s.runs[len(s.runs)-1]
	last.bytes = append(last.bytes, bytes...)
}

// readNumeric reads digits, three in ten bits, two in seven, one in four.
func (s *segments) readNumeric(count int) error {
	for left := count; left > 0 && !s.bits.beyond; left -= 3 {
		n := min(left, 3)
		number := s.bits.read(3*n + 1)
		unit := []int{1, 10, 100}[n-1]
		if number >= 10*unit {
			return hansa.Refuse(hansa.CodeInvalid, "%d stands for no %d digits", number, n)
		}
		for ; unit > 0; unit /= 10 {
			s.add(s.charset, byte('0'+number/unit%10))
		}
	}
	return nil
}

// readAlphanumeric reads characters of 45, two in eleven bits, one in six.
func (s *segments) readAlphanumeric(count int) error {
	const base = len(alphanumerics)
	for left := count; left > 0 && !s.bits.beyond; left -= 2 {
		if left == 1 {
			last := s.bits.read(6)
			if last >= base {
				return hansa.Refuse(hansa.CodeInvalid, "%d stands for no character", last)
			}
			s.add(s.charset, alphanumerics[last])
			continue
		}
		pair := s.bits.read(11)
		if pair >= base*base {
			return hansa.Refuse(hansa.CodeInvalid, "%d stands for no two characters", pair)
		}
		s.add(s.charset, alphanumerics[pair/base], alphanumerics[pair%base])
	}
	return nil
}

func (s *segments) readBytes(count int) {
	for ; count > 0 && !s.bits.beyond; count-- {
		s.add(s.charset, byte(s.bits.read(8))) //nolint:gosec // Eight bits.
	}
}

// readKanji reads characters of Shift JIS, thirteen bits for the two bytes of
// each: those from 8140 and those from E040 on, without the gaps.
func (s *segments) readKanji(count int) {
	const (
		trailing   = 0xC0 // second bytes that are counted for each first one
		lowFirst   = 0x8140
		highFirst  = 0xC140 // E040 less the gap
		highNumber = 0x1F00 // of the first character beyond the gap
	)
	for ; count > 0 && !s.bits.beyond; count-- {
		number := s.bits.read(13)
		character := number/trailing<<8 + number%trailing
		if character < highNumber {
			character += lowFirst
		} else {
			character += highFirst
		}
		s.add(shiftJIS, byte(character>>8), byte(character)) //nolint:gosec // Two bytes.
	}
}

// readCharset reads which character set follows, in one, two or three bytes.
func (s *segments) readCharset() error {
	first := s.bits.read(8)
	switch {
	case first < 0x80:
		s.charset = Charset(first)
	case first < 0xC0:
		s.charset = Charset(first&0x3F<<8 | s.bits.read(8))
	case first < 0xE0:
		s.charset = Charset(first&0x1F<<16 | s.bits.read(16))
	default:
		return hansa.Refuse(hansa.CodeInvalid, "no character set begins with %02X", first)
	}
	return nil
}

// A bitReader reads numbers from bytes, the highest bit first.
type bitReader struct {
	bytes  []byte
	at     int  // bits that were read
	beyond bool // more was asked for than there is
}

func (b *bitReader) left() int { return 8*len(b.bytes) - b.at }

// read returns the number in the next n bits, 0 beyond the end.
func (b *bitReader) read(n int) int {
	if n > b.left() {
		b.beyond = true
		return 0
	}
	number := 0
	for range n {
		number = number<<1 | int(b.bytes[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return number
}
