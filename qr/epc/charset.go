package epc

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// A Charset says how the bytes of a symbol spell its text. Zero is none.
type Charset uint8

// The character sets, by their numbers in the third line.
const (
	UTF8 Charset = iota + 1
	Latin1
	Latin2
	Latin4
	Cyrillic
	Greek
	Latin6
	Latin9
)

// parseCharset returns the character set with the number, and zero if there is none.
func parseCharset(number string) Charset {
	if len(number) != 1 || number[0] < '1' || number[0] > '8' {
		return 0
	}
	return Charset(number[0] - '0')
}

// number returns how a text names the character set.
func (c Charset) number() string { return string(rune('0' + c)) }

// String returns the name of the character set's standard.
func (c Charset) String() string {
	if table := c.table(); table != nil {
		return table.String()
	}
	if c == UTF8 {
		return "UTF-8"
	}
	return "no character set"
}

// table returns how the bytes stand for letters; nil for UTF-8 and for none.
func (c Charset) table() *charmap.Charmap {
	switch c {
	case Latin1:
		return charmap.ISO8859_1
	case Latin2:
		return charmap.ISO8859_2
	case Latin4:
		return charmap.ISO8859_4
	case Cyrillic:
		return charmap.ISO8859_5
	case Greek:
		return charmap.ISO8859_7
	case Latin6:
		return charmap.ISO8859_10
	case Latin9:
		return charmap.ISO8859_15
	case UTF8:
	}
	return nil
}

// declared returns the character set that the third line of a text names.
func declared(scanned string) Charset {
	var head [charset + 1]string
	bank.SplitLines(scanned, head[:])
	return parseCharset(strings.Trim(head[charset], " "))
}

// ReadBytes reads the bytes of a symbol by the character set that they declare.
// Many writers declare one and use UTF-8: bytes that are UTF-8 are read as such,
// with a warning, since hardly any other text happens to be.
func ReadBytes(raw []byte) (Code, []reading.Finding) {
	scanned := string(raw)
	code, findings := Read(scanned)
	table := code.transfer.Charset.table()
	if table != nil && !shown.Printable(strings.Join(code.lines[:], "")) && utf8.ValidString(scanned) {
		findings = append(findings, reading.Finding{
			Code: reading.Contradiction, Place: layout[charset].place, Severity: reading.Warning,
			Detail: "declares " + table.String() + ", but the bytes are UTF-8",
		})
	}
	return code, findings
}

// decoded returns the text that the bytes spell.
func (r *reader) decoded(scanned string) string {
	table := declared(scanned).table()
	if table == nil || utf8.ValidString(scanned) {
		return scanned
	}
	var letters strings.Builder
	for i := range len(scanned) {
		letters.WriteRune(table.DecodeByte(scanned[i]))
	}
	if strings.ContainsRune(letters.String(), utf8.RuneError) {
		r.report.Found(reading.Format, reading.Error, "", "a byte that is no letter of %s", table)
	}
	return letters.String()
}

// spells reports whether the character set has all letters of value.
func (c Charset) spells(value string) bool {
	table := c.table()
	if table == nil {
		return true
	}
	for _, char := range value {
		if _, ok := table.EncodeRune(char); !ok {
			return false
		}
	}
	return true
}

// checkSize judges whether a symbol of the size allowed can hold the text.
func (r *reader) checkSize() {
	size := len(r.code.text)
	if r.code.transfer.Charset.table() != nil && utf8.ValidString(r.code.text) {
		size = utf8.RuneCountInString(r.code.text)
	}
	if size > BytesMax {
		r.report.Found(reading.TooLong, reading.Warning, "", "%d bytes; %d are allowed", size, BytesMax)
	}
}
