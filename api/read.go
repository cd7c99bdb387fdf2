package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// fieldsMax is how many fields a message may have.
const fieldsMax = 64

// CheckJSON refuses, with Malformed, what is not one JSON value by RFC 8259 in
// well-formed UTF-8 without half surrogate pairs and with at most DepthMax levels.
// Unlike Decode it takes any value, and does not mind members given twice.
func CheckJSON(body []byte) error { return read(body, anything, reflect.Value{}) }

// read reads the whole body as one value.
func read(body []byte, f *form, into reflect.Value) error {
	return (&reader{scanner: scanner{body: body}}).read(f, into)
}

func (r *reader) read(f *form, into reflect.Value) error {
	if !utf8.Valid(r.body) {
		return hansa.Refuse(hansa.Malformed, "the body is not UTF-8")
	}
	if err := r.end(r.value(f, into)); err != nil {
		return err
	}
	return r.finding
}

// A reader reads a message in one pass. Its methods return false where the text
// stops being JSON, which is told before all else. Of what else is wrong the first
// thing is told, and nothing is taken after it.
type reader struct {
	scanner

	lenient bool   // members that a message does not have are passed over
	path    []step // to the value that is read
	finding error
}

// A step leads to a member by its name, or to an item by its index.
type step struct {
	name  []byte
	index int // negative: a member
}

// A token is a value that is read as a whole.
type token struct {
	kind kind
	raw  []byte // as it stands in the text
	text []byte // what it means, if it is a string
}

func (r *reader) value(f *form, into reflect.Value) bool {
	found, more := r.next()
	if !more {
		return false
	}
	if f.want != jsonAny && f.want != found {
		r.refuse(hansa.Malformed, ": want %s, not %s", f.want, found)
		f = anything
	}
	if f.pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	start := r.at
	text, ok := r.inner(found, f, into)
	if ok && f.take != nil && r.finding == nil {
		f.take(r, token{found, r.body[start:r.at], text}, into)
	}
	return ok
}

// inner reads what the value is made of. Of a string it returns what it means.
func (r *reader) inner(found kind, f *form, into reflect.Value) (text []byte, ok bool) {
	switch found {
	case jsonObject:
		switch {
		case f.want == jsonAny:
			return nil, r.object(f)
		case f.item != nil:
			return nil, r.entries(f.item, into)
		}
		return nil, r.message(f.fields, into)
	case jsonArray:
		if f.want == jsonAny {
			return nil, r.array(f)
		}
		return nil, r.list(f.item, into)
	case jsonString:
		return r.text()
	case jsonBoolean:
		return nil, r.word("true") || r.word("false")
	case jsonNull:
		return nil, r.word("null")
	case jsonNumber:
		return nil, r.number()
	case jsonAny:
	}
	panic("a value is of no kind")
}

// message reads the members of a struct.
func (r *reader) message(fields []field, into reflect.Value) bool {
	var given uint64 // A bit for each field.
	ok := r.members(func(name []byte) bool {
		at := slices.IndexFunc(fields, func(f field) bool { return f.name == string(name) })
		if at < 0 && r.lenient {
			return r.value(anything, reflect.Value{})
		}
		if at < 0 {
			r.refuse(hansa.UnknownField, "")
			return r.value(anything, reflect.Value{})
		}
		if given&(1<<at) != 0 {
			r.refuse(hansa.Malformed, ": given twice")
		}
		given |= 1 << at
		if found, _ := r.next(); found == jsonNull {
			if fields[at].required {
				r.refuse(hansa.Malformed, ": required, not null")
			}
			return r.word("null")
		}
		return r.value(fields[at].form, into.FieldByIndex(fields[at].index))
	})
	for i, field := range fields {
		if field.required && given&(1<<i) == 0 {
			r.path = append(r.path, step{[]byte(field.name), -1})
			r.refuse(hansa.Malformed, ": required")
			r.path = r.path[:len(r.path)-1]
		}
	}
	return ok
}

// entries reads a map.
func (r *reader) entries(item *form, into reflect.Value) bool {
	into.Set(reflect.MakeMap(into.Type()))
	return r.members(func(name []byte) bool {
		key, entry := reflect.New(into.Type().Key()).Elem(), reflect.New(into.Type().Elem()).Elem()
		key.SetString(string(name))
		if into.MapIndex(key).IsValid() {
			r.refuse(hansa.Malformed, ": given twice")
		}
		r.refuseNull()
		ok := r.value(item, entry)
		into.SetMapIndex(key, entry)
		return ok
	})
}

// list reads a slice.
func (r *reader) list(item *form, into reflect.Value) bool {
	into.Set(reflect.MakeSlice(into.Type(), 0, 0))
	return r.elements(func(i int) bool {
		into.Grow(1)
		into.SetLen(i + 1)
		r.refuseNull()
		return r.value(item, into.Index(i))
	})
}

// refuseNull refuses null as an item, where it has no meaning.
func (r *reader) refuseNull() {
	if found, _ := r.next(); found == jsonNull {
		r.refuse(hansa.Malformed, ": null has no meaning here")
	}
}

// object passes over the members of any object.
func (r *reader) object(f *form) bool {
	var names map[string]bool
	if f.once {
		names = make(map[string]bool)
	}
	return r.members(func(name []byte) bool {
		if !f.once {
			return r.value(anything, reflect.Value{})
		}
		if names[string(name)] {
			r.refuse(hansa.Malformed, ": given twice")
		}
		names[string(name)] = true
		return r.value(anythingOnce, reflect.Value{})
	})
}

// array passes over the items of any array.
func (r *reader) array(f *form) bool {
	item := anything
	if f.once {
		item = anythingOnce
	}
	return r.elements(func(int) bool { return r.value(item, reflect.Value{}) })
}

// members reads an object and calls one behind each name.
func (r *reader) members(one func(name []byte) bool) bool {
	return r.items('}', func(int) bool {
		name, ok := r.name()
		if !ok {
			return false
		}
		r.path = append(r.path, step{name, -1})
		ok = one(name)
		r.path = r.path[:len(r.path)-1]
		return ok
	})
}

// elements reads an array and calls one at each of its items.
func (r *reader) elements(one func(i int) bool) bool {
	return r.items(']', func(i int) bool {
		r.path = append(r.path, step{nil, i})
		ok := one(i)
		r.path = r.path[:len(r.path)-1]
		return ok
	})
}

// refuse keeps what is wrong with the value that is read, if it is the first
// finding.
func (r *reader) refuse(reason hansa.Reason, what string, arguments ...any) {
	if r.finding == nil {
		r.finding = hansa.Refuse(reason, "%s%s", r.place(), fmt.Sprintf(what, arguments...))
	}
}

// place is the path to the value that is read.
func (r *reader) place() string {
	path := ""
	for _, step := range r.path {
		if step.index >= 0 {
			path = fmt.Sprintf("%s[%d]", path, step.index)
			continue
		}
		path = inside(path, string(step.name))
	}
	if path == "" {
		return "body"
	}
	return path
}

// inside appends a member's name to a path. A name is shortened and shown with
// its strange characters escaped, because it comes from outside.
func inside(path, name string) string {
	const nameMax = 64
	if len(name) > nameMax {
		name = name[:nameMax] + "…"
	}
	if shown := fmt.Sprintf("%+q", name); shown != `"`+name+`"` || name == "" {
		name = shown
	}
	return strings.TrimPrefix(path+"."+name, ".")
}
