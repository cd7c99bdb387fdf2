package symbol

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/hansa-network/hansa"
)

// Character sets that are read but never written.
const (
	shiftJIS Charset = 20
	ascii    Charset = 27
	octets   Charset = 899
)

// text returns the run in UTF-8.
func (r run) text() (string, error) {
	switch {
	case r.charset == Unannounced && utf8.Valid(r.bytes):
		return string(r.bytes), nil
	case r.charset == Unannounced, r.charset == octets:
		return decode(charmap.ISO8859_1, r.bytes)
	case r.charset != UTF8 && r.charset != ascii:
		set := r.charset.encoding()
		if set == nil {
			return "", hansa.Refuse(hansa.CodeUnknown, "the text is in character set %d, which is not known here", r.charset)
		}
		return decode(set, r.bytes)
	case !utf8.Valid(r.bytes):
		return "", hansa.Refuse(hansa.CodeInvalid, "the text is not the UTF-8 that it says it is")
	}
	return string(r.bytes), nil
}

func decode(set encoding.Encoding, text []byte) (string, error) {
	decoded, err := set.NewDecoder().Bytes(text)
	if err != nil {
		return "", hansa.Refuse(hansa.CodeInvalid, "the text is not in the character set that it says it is in")
	}
	return string(decoded), nil
}

// encoding returns what the assignment number stands for, nil where that is
// reserved or not for text.
func (c Charset) encoding() encoding.Encoding {
	sets := [...]encoding.Encoding{
		1:        charmap.ISO8859_1,
		2:        charmap.CodePage437,
		Latin1:   charmap.ISO8859_1,
		Latin2:   charmap.ISO8859_2,
		5:        charmap.ISO8859_3,
		Latin4:   charmap.ISO8859_4,
		Cyrillic: charmap.ISO8859_5,
		8:        charmap.ISO8859_6,
		Greek:    charmap.ISO8859_7,
		10:       charmap.ISO8859_8,
		11:       charmap.ISO8859_9,
		Latin6:   charmap.ISO8859_10,
		15:       charmap.ISO8859_13,
		16:       charmap.ISO8859_14,
		Latin9:   charmap.ISO8859_15,
		18:       charmap.ISO8859_16,
		shiftJIS: japanese.ShiftJIS,
		21:       charmap.Windows1250,
		22:       charmap.Windows1251,
		23:       charmap.Windows1252,
		24:       charmap.Windows1256,
		25:       unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		28:       traditionalchinese.Big5,
		29:       simplifiedchinese.GB18030,
		30:       korean.EUCKR,
		32:       simplifiedchinese.GB18030,
	}
	if int(c) >= len(sets) {
		return nil
	}
	return sets[c]
}
