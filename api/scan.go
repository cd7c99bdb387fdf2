package api

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// A scanner walks over body. Its methods return false where the text stops being
// JSON, and leave at on that byte.
type scanner struct {
	body  []byte
	at    int
	depth int
	deep  bool // stopped because of the depth
	half  bool // stopped because of half a surrogate pair
}

// end refuses a text that is not one JSON value to its end, where ok says whether
// there was one.
func (s *scanner) end(ok bool) error {
	if ok {
		s.space()
	}
	switch {
	case s.deep:
		return hansa.Refuse(hansa.Malformed, "more than %d levels deep", DepthMax)
	case s.half:
		return hansa.Refuse(hansa.Malformed, "half a surrogate pair at byte %d", s.at)
	case !ok:
		return hansa.Refuse(hansa.Malformed, "not JSON at byte %d", s.at)
	case s.at < len(s.body):
		return hansa.Refuse(hansa.Malformed, "more after the JSON value at byte %d", s.at)
	}
	return nil
}

func (s *scanner) space() {
	for s.at < len(s.body) {
		switch s.body[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// next steps to the next value and returns its kind, which its first byte tells.
// What begins no other value is taken for a number.
func (s *scanner) next() (kind, bool) {
	s.space()
	if s.at >= len(s.body) {
		return jsonAny, false
	}
	switch s.body[s.at] {
	case '{':
		return jsonObject, true
	case '[':
		return jsonArray, true
	case '"':
		return jsonString, true
	case 't', 'f':
		return jsonBoolean, true
	case 'n':
		return jsonNull, true
	}
	return jsonNumber, true
}

// take steps over c if it is next.
func (s *scanner) take(c byte) bool {
	if s.at >= len(s.body) || s.body[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) word(word string) bool {
	if !bytes.HasPrefix(s.body[s.at:], []byte(word)) {
		return false
	}
	s.at += len(word)
	return true
}

// items reads an object or an array from its first bracket to its last, which is
// end, and calls one for each item.
func (s *scanner) items(end byte, one func(i int) bool) bool {
	if s.depth == DepthMax {
		s.deep = true
		return false
	}
	s.depth++
	defer func() { s.depth-- }()
	s.at++
	s.space()
	if s.take(end) {
		return true
	}
	for i := 0; one(i); i++ {
		s.space()
		if s.take(end) {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
	return false
}

// name reads a member's name and the colon.
func (s *scanner) name() ([]byte, bool) {
	s.space()
	if s.at >= len(s.body) || s.body[s.at] != '"' {
		return nil, false
	}
	name, ok := s.text()
	s.space()
	return name, ok && s.take(':')
}

// text reads a string and returns what it means, which may be a part of body.
func (s *scanner) text() ([]byte, bool) {
	s.at++
	for start := s.at; s.at < len(s.body); s.at++ {
		switch c := s.body[s.at]; {
		case c == '"':
			s.at++
			return s.body[start : s.at-1], true
		case c < ' ':
			return nil, false
		case c == '\\':
			return s.escaped(bytes.Clone(s.body[start:s.at]))
		}
	}
	return nil, false
}

// escaped reads the rest of a string that has a backslash, and returns what all
// of it means.
func (s *scanner) escaped(meaning []byte) ([]byte, bool) {
	for s.at < len(s.body) {
		switch c := s.body[s.at]; {
		case c == '"':
			s.at++
			return meaning, true
		case c < ' ':
			return nil, false
		case c == '\\':
			r, ok := s.escape()
			if !ok {
				return nil, false
			}
			meaning = utf8.AppendRune(meaning, r)
		default:
			meaning = append(meaning, c)
			s.at++
		}
	}
	return nil, false
}

// escape reads a backslash and what belongs to it.
func (s *scanner) escape() (rune, bool) {
	const letters, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	s.at++
	if s.at >= len(s.body) {
		return 0, false
	}
	if i := strings.IndexByte(letters, s.body[s.at]); i >= 0 {
		s.at++
		return rune(meanings[i]), true
	}
	r, ok := s.unit()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if s.take('\\') {
		if low, ok := s.unit(); ok {
			r = utf16.DecodeRune(r, low)
		}
	}
	s.half = utf16.IsSurrogate(r) || r == utf8.RuneError
	return r, !s.half
}

// unit reads u and four hexadecimal digits.
func (s *scanner) unit() (rune, bool) {
	const hex = "0123456789abcdefABCDEF"
	if !s.take('u') {
		return 0, false
	}
	var r rune
	for range 4 {
		if s.at >= len(s.body) {
			return 0, false
		}
		digit := strings.IndexByte(hex, s.body[s.at])
		if digit < 0 {
			return 0, false
		}
		if digit > 15 {
			digit -= 6
		}
		r = r<<4 | rune(digit) //nolint:gosec // At most 15.
		s.at++
	}
	return r, true
}

func (s *scanner) number() bool {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return false
	}
	if s.take('.') && !s.digits() {
		return false
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		return s.digits()
	}
	return true
}

// digits steps over one digit or more.
func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.body) && '0' <= s.body[s.at] && s.body[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}
