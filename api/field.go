package api

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// An input is what Signature-Input says of a signature. It has one text for one
// meaning, the one that RFC 9651 serialises: what could also be written otherwise,
// or is said twice, is no input.
type input struct {
	text       string // all of it
	components []component
	params     []param
}

// A component that a signature covers, as an input names it.
type component struct {
	text   string // such as "@method" or "signature";req;key="hansa", with the quotes
	name   string
	params []param
}

// plain is a component without parameters.
func plain(name string) component { return component{text: `"` + name + `"`, name: name} }

// ofRequest is a component of the request that an answer belongs to.
func ofRequest(name string) component {
	return component{text: `"` + name + `";req`, name: name, params: []param{{name: "req"}}}
}

// signatureOfRequest is the request's signature of that label.
func signatureOfRequest(label string) component {
	one := ofRequest("signature")
	one.text += `;key="` + label + `"`
	one.params = append(one.params, param{name: "key", kind: aText, text: label})
	return one
}

// ofRequest tells if the component is that of the request that an answer belongs
// to, and names the label there if it is a signature.
func (c component) ofRequest() (label string, ok bool) {
	ok = len(c.params) > 0 && c.params[0] == param{name: "req"}
	if ok && len(c.params) == 2 && c.name == "signature" && c.params[1].name == "key" && c.params[1].kind == aText {
		return c.params[1].text, true
	}
	return "", ok && len(c.params) == 1
}

// A param of an input or a component.
type param struct {
	name   string
	kind   paramKind
	text   string
	number int64
}

// paramsMax is more than a signature that we know may have, so that nobody lets us
// compare hundreds of names with each other.
const paramsMax = 8

// How many parameters there mostly are.
const (
	paramsOfInput     = 4
	paramsOfComponent = 2
)

type paramKind int

const (
	aFlag paramKind = iota // there, and no more
	aText
	aNumber
)

// parseInput reads an input to its last byte.
func parseInput(text string) (input, bool) {
	f := fieldReader{text}
	in := input{text: text}
	var ok bool
	if in.components, ok = f.components(); !ok {
		return input{}, false
	}
	if in.params, ok = f.params(paramsOfInput); !ok || f.rest != "" {
		return input{}, false
	}
	return in, true
}

// appendBytes adds a byte sequence, such as :AAAA:, as the method bytes reads it.
func appendBytes(text, raw []byte) []byte {
	return append(base64.StdEncoding.AppendEncode(append(text, ':'), raw), ':')
}

// unescaping reads the two characters that end a text as they stand in it.
var unescaping = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

// appendText adds a text in quotes. It answers false for what is no visible ASCII,
// which a field cannot hold.
func appendText(to []byte, text string) ([]byte, bool) {
	to = append(to, '"')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' {
			return to, false
		}
		if c == '"' || c == '\\' {
			to = append(to, '\\')
		}
		to = append(to, c)
	}
	return append(to, '"'), true
}

// A fieldReader reads a header field by the grammar of RFC 9651, as far as
// signatures need it. Its methods answer false where the text is another, and may
// have read a part of it then.
type fieldReader struct{ rest string }

func (f *fieldReader) take(prefix string) bool {
	rest, ok := strings.CutPrefix(f.rest, prefix)
	f.rest = rest
	return ok
}

// components reads the list in parentheses.
func (f *fieldReader) components() ([]component, bool) {
	if !f.take("(") {
		return nil, false
	}
	list := make([]component, 0, 6) // As many as an answer covers.
	for !f.take(")") {
		if len(list) > 0 && !f.take(" ") {
			return nil, false
		}
		before := f.rest
		name, isText := f.text()
		params, ok := f.params(paramsOfComponent)
		if !isText || !ok {
			return nil, false
		}
		list = append(list, component{text: before[:len(before)-len(f.rest)], name: name, params: params})
	}
	return list, true
}

// params reads what follows an item or a list, each name once and at most paramsMax,
// about as many as usual.
func (f *fieldReader) params(usual int) (list []param, ok bool) {
	for f.take(";") {
		one := param{}
		if one.name, ok = f.key(); !ok || slices.ContainsFunc(list, func(p param) bool { return p.name == one.name }) {
			return nil, false
		}
		if f.take("=") {
			if one.kind, one.text, one.number, ok = f.value(); !ok {
				return nil, false
			}
		}
		if list == nil {
			list = make([]param, 0, usual)
		}
		if len(list) == paramsMax {
			return nil, false
		}
		list = append(list, one)
	}
	return list, true
}

// value reads a text or a number.
func (f *fieldReader) value() (kind paramKind, text string, number int64, ok bool) {
	if strings.HasPrefix(f.rest, `"`) {
		text, ok = f.text()
		return aText, text, 0, ok
	}
	number, ok = f.number()
	return aNumber, "", number, ok
}

// comma steps to the next member of a dictionary, if there is one.
func (f *fieldReader) comma() bool {
	const space = " \t"
	rest, ok := strings.CutPrefix(strings.TrimLeft(f.rest, space), ",")
	if ok {
		f.rest = strings.TrimLeft(rest, space)
	}
	return ok
}

// key reads a name, as of a label or a parameter.
func (f *fieldReader) key() (string, bool) {
	letter := func(c byte) bool { return c >= 'a' && c <= 'z' || c == '*' }
	i := 0
	for i < len(f.rest) && (letter(f.rest[i]) || i > 0 && strings.IndexByte("0123456789_-.", f.rest[i]) >= 0) {
		i++
	}
	key := f.rest[:i]
	f.rest = f.rest[i:]
	return key, key != ""
}

// text reads a text in quotes and returns what it means.
func (f *fieldReader) text() (string, bool) {
	if !f.take(`"`) {
		return "", false
	}
	escaped := false
	for i := 0; i < len(f.rest); i++ {
		switch c := f.rest[i]; {
		case c == '"':
			text := f.rest[:i]
			f.rest = f.rest[i+1:]
			if escaped {
				text = unescaping.Replace(text)
			}
			return text, true
		case c == '\\' && i+1 < len(f.rest) && (f.rest[i+1] == '"' || f.rest[i+1] == '\\'):
			escaped = true
			i++
		case c == '\\' || c < ' ' || c > '~':
			return "", false
		}
	}
	return "", false
}

// strictBase64 takes no stray bits.
var strictBase64 = base64.StdEncoding.Strict()

// bytes reads a byte sequence.
func (f *fieldReader) bytes() ([]byte, bool) {
	if !f.take(":") {
		return nil, false
	}
	text, rest, ended := strings.Cut(f.rest, ":")
	f.rest = rest
	raw, err := strictBase64.DecodeString(text)
	// The decoder passes over line breaks.
	return raw, ended && err == nil && base64.StdEncoding.EncodedLen(len(raw)) == len(text)
}

// number reads a whole number of at most fifteen digits, without needless zeros.
func (f *fieldReader) number() (int64, bool) {
	const digitsMax = 15
	i := 0
	for i < len(f.rest) && (f.rest[i] >= '0' && f.rest[i] <= '9' || i == 0 && f.rest[i] == '-') {
		i++
	}
	text := f.rest[:i]
	f.rest = f.rest[i:]
	number, err := strconv.ParseInt(text, 10, 64)
	digits := len(strings.TrimPrefix(text, "-"))
	return number, err == nil && digits <= digitsMax && strconv.FormatInt(number, 10) == text
}
