package api

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// CheckJSON refuses, with Malformed, what is not one JSON value by RFC 8259 in
// well-formed UTF-8 without half surrogate pairs and with at most DepthMax levels.
// Unlike Decode it takes any value, and does not mind members given twice.
func CheckJSON(body []byte) error {
	_, err := scan(body)
	return err
}

// scan reads the whole body as one value.
func scan(body []byte) (node, error) {
	s := scanner{body: string(body)}
	if !utf8.ValidString(s.body) {
		return node{}, hansa.Refuse(hansa.Malformed, "the body is not UTF-8")
	}
	root, ok := s.value(0)
	if ok {
		s.space()
	}
	switch {
	case s.deep:
		return node{}, hansa.Refuse(hansa.Malformed, "more than %d levels deep", DepthMax)
	case s.half:
		return node{}, hansa.Refuse(hansa.Malformed, "half a surrogate pair at byte %d", s.at)
	case !ok:
		return node{}, hansa.Refuse(hansa.Malformed, "not JSON at byte %d", s.at)
	case s.at < len(s.body):
		return node{}, hansa.Refuse(hansa.Malformed, "more after the JSON value at byte %d", s.at)
	}
	return root, nil
}

// A scanner walks over body. Its methods return false where the text stops being
// JSON, and leave at on that byte.
type scanner struct {
	body string
	at   int
	deep bool // stopped because of the depth
	half bool // stopped because of half a surrogate pair
}

func (s *scanner) space() {
	for s.at < len(s.body) && strings.IndexByte(" \t\r\n", s.body[s.at]) >= 0 {
		s.at++
	}
}

// take steps over c if it is next.
func (s *scanner) take(c byte) bool {
	if s.at >= len(s.body) || s.body[s.at] != c {
		return false
	}
	s.at++
	return true
}

func (s *scanner) value(depth int) (node, bool) {
	s.space()
	if s.at >= len(s.body) {
		return node{}, false
	}
	switch c := s.body[s.at]; c {
	case '{', '[':
		if depth == DepthMax {
			s.deep = true
			return node{}, false
		}
		return s.container(depth)
	case '"':
		_, ok := s.text()
		return node{kind: jsonString}, ok
	case 't':
		return node{kind: jsonBoolean}, s.word("true")
	case 'f':
		return node{kind: jsonBoolean}, s.word("false")
	case 'n':
		return node{kind: jsonNull}, s.word("null")
	default:
		return node{kind: jsonNumber}, s.number()
	}
}

func (s *scanner) word(word string) bool {
	if !strings.HasPrefix(s.body[s.at:], word) {
		return false
	}
	s.at += len(word)
	return true
}

// container reads an object or an array.
func (s *scanner) container(depth int) (node, bool) {
	v, end := node{kind: jsonArray}, byte(']')
	if s.body[s.at] == '{' {
		v, end = node{kind: jsonObject}, '}'
	}
	s.at++
	s.space()
	if s.take(end) {
		return v, true
	}
	for {
		var name string
		if v.kind == jsonObject {
			var ok bool
			if name, ok = s.name(); !ok {
				return v, false
			}
		}
		item, ok := s.value(depth + 1)
		if !ok {
			return v, false
		}
		item.name = name
		v.items = append(v.items, item)
		s.space()
		if s.take(end) {
			return v, true
		}
		if !s.take(',') {
			return v, false
		}
	}
}

// name reads a member's name and the colon.
func (s *scanner) name() (string, bool) {
	s.space()
	if s.at >= len(s.body) || s.body[s.at] != '"' {
		return "", false
	}
	name, ok := s.text()
	s.space()
	return name, ok && s.take(':')
}

// text reads a string and returns what it means.
func (s *scanner) text() (string, bool) {
	s.at++
	start := s.at
	var meaning strings.Builder
	for s.at < len(s.body) {
		switch c := s.body[s.at]; {
		case c == '"':
			meaning.WriteString(s.body[start:s.at])
			s.at++
			return meaning.String(), true
		case c < ' ':
			return "", false
		case c == '\\':
			meaning.WriteString(s.body[start:s.at])
			r, ok := s.escape()
			if !ok {
				return "", false
			}
			meaning.WriteRune(r)
			start = s.at
		default:
			s.at++
		}
	}
	return "", false
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
