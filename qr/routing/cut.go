package routing

import (
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/mpm"
)

// header is the length of the id and the length of an object.
const header = 4

// cut returns the id of the object that text starts with, and where the object
// ends: 0 where there is none. Package mpm judges objects; here nobody looks at
// them, because an owner is to be found in less time than it takes to read a
// code. A length counts characters, which in plain ASCII are bytes.
func cut(text string, plain bool) (id mpm.ID, end int) {
	if len(text) < header {
		return 0, 0
	}
	a, b, c, d := text[0]-'0', text[1]-'0', text[2]-'0', text[3]-'0'
	if a > 9 || b > 9 || c > 9 || d > 9 {
		return 0, 0
	}
	end = header + int(c*10+d)
	if !plain {
		end = endOf(text, int(c*10+d))
	}
	if end > len(text) {
		return 0, 0
	}
	return mpm.ID(a*10 + b), end
}

// endOf returns where the n characters behind the header end: beyond the text,
// if they do not.
func endOf(text string, n int) int {
	end := header
	for range n {
		if end >= len(text) {
			return len(text) + 1
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return end
}

// inside returns the value of the first object with that id in a template.
func inside(template string, id mpm.ID, plain bool) (string, bool) {
	for {
		at, end := cut(template, plain)
		if end == 0 {
			return "", false
		}
		if at == id {
			return template[header:end], true
		}
		template = template[end:]
	}
}

// isASCII reports whether no byte has its high bit, eight bytes at a time.
func isASCII(text string) bool {
	const stride, highBits = 8, 0x8080808080808080
	var word uint64
	for ; len(text) >= stride; text = text[stride:] {
		b := text[:stride]
		word |= uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
	}
	for i := range len(text) {
		word |= uint64(text[i])
	}
	return word&highBits == 0
}
