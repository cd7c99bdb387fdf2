package api

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/hansa-network/hansa"
)

// A kind of JSON value.
type kind int

const (
	jsonAny kind = iota
	jsonNull
	jsonBoolean
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// String returns the kind with its article, as it stands in a refusal.
func (k kind) String() string {
	return [...]string{"any value", "null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// A node is the skeleton of a JSON text: kinds and names, no contents.
type node struct {
	kind  kind
	name  string // unescaped, if it is a member of an object
	items []node // of an array or an object
}

func (v node) has(name string) bool {
	for _, item := range v.items {
		if item.name == name {
			return true
		}
	}
	return false
}

// uniqueHere refuses an object that names a member twice.
func (v node) uniqueHere(path string) error {
	if v.kind != jsonObject {
		return nil
	}
	seen := make(map[string]bool, len(v.items))
	for _, item := range v.items {
		if seen[item.name] {
			return hansa.Refuse(hansa.Malformed, "%s: given twice", inside(path, item.name))
		}
		seen[item.name] = true
	}
	return nil
}

// unique is uniqueHere for the value and everything in it.
func (v node) unique(path string) error {
	if err := v.uniqueHere(path); err != nil {
		return err
	}
	for i, item := range v.items {
		if err := item.unique(v.pathOf(path, i)); err != nil {
			return err
		}
	}
	return nil
}

// fits checks what encoding/json lets pass: the names, the required members, the
// kinds and null. Types that read themselves are only searched for duplicates.
func (v node) fits(target reflect.Type, path string) error {
	if target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	if readsItself(target) {
		return v.unique(path)
	}
	switch want := kindOf(target); {
	case want == jsonAny:
		return v.unique(path)
	case want != v.kind:
		return hansa.Refuse(hansa.Malformed, "%s: want %s, not %s", where(path), want, v.kind)
	case want == jsonObject && target.Kind() == reflect.Struct:
		return v.fitsStruct(target, path)
	case want == jsonObject || want == jsonArray:
		return v.fitsItems(target.Elem(), path)
	}
	return nil
}

func (v node) fitsStruct(target reflect.Type, path string) error {
	if err := v.uniqueHere(path); err != nil {
		return err
	}
	fields := fieldsOf(target)
	for _, item := range v.items {
		at := inside(path, item.name)
		field, known := fields.find(item.name)
		switch {
		case !known:
			return hansa.Refuse(hansa.UnknownField, "%s", at)
		case item.kind == jsonNull && field.required:
			return hansa.Refuse(hansa.Malformed, "%s: required, not null", at)
		case item.kind == jsonNull:
			continue
		}
		if err := item.fits(field.target, at); err != nil {
			return err
		}
	}
	for _, field := range fields {
		if field.required && !v.has(field.name) {
			return hansa.Refuse(hansa.Malformed, "%s: required", inside(path, field.name))
		}
	}
	return nil
}

// fitsItems checks the items of an array or a map, where null has no meaning.
func (v node) fitsItems(target reflect.Type, path string) error {
	if err := v.uniqueHere(path); err != nil {
		return err
	}
	for i, item := range v.items {
		at := v.pathOf(path, i)
		if item.kind == jsonNull {
			return hansa.Refuse(hansa.Malformed, "%s: null has no meaning here", at)
		}
		if err := item.fits(target, at); err != nil {
			return err
		}
	}
	return nil
}

// kindOf returns the kind of JSON that the Go type is read from.
func kindOf(target reflect.Type) kind {
	switch target.Kind() { //nolint:exhaustive // The other kinds have no JSON: the panic says so.
	case reflect.Struct, reflect.Map:
		return jsonObject
	case reflect.Slice:
		if target.Elem().Kind() == reflect.Uint8 {
			return jsonString
		}
		return jsonArray
	case reflect.String:
		return jsonString
	case reflect.Bool:
		return jsonBoolean
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return jsonNumber
	case reflect.Interface:
		return jsonAny
	}
	panic(fmt.Sprintf("a message has a field of type %s", target))
}

func readsItself(target reflect.Type) bool {
	pointer := reflect.PointerTo(target)
	return pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// A wireField is a field of a message as its struct tag declares it.
type wireField struct {
	name     string
	target   reflect.Type
	required bool
}

type wireFields []wireField

// fieldsOf lists the fields of a struct in order, those of embedded structs too.
// Every field of a message has a json tag: a Go name is no name for the wire.
func fieldsOf(target reflect.Type) wireFields {
	var list wireFields
	for _, f := range reflect.VisibleFields(target) {
		tag := f.Tag.Get("json")
		if !f.IsExported() || tag == "-" || f.Anonymous {
			continue
		}
		name, flags, _ := strings.Cut(tag, ",")
		if name == "" {
			panic(fmt.Sprintf("field %s of %s has no name for JSON", f.Name, target))
		}
		optional := f.Type.Kind() == reflect.Pointer || strings.Contains(flags, "omit")
		list = append(list, wireField{name: name, target: f.Type, required: !optional})
	}
	return list
}

func (f wireFields) find(name string) (wireField, bool) {
	for _, one := range f {
		if one.name == name {
			return one, true
		}
	}
	return wireField{}, false
}

// pathOf returns the path of the item i of v, where v is at path.
func (v node) pathOf(path string, i int) string {
	if v.kind == jsonArray {
		return fmt.Sprintf("%s[%d]", path, i)
	}
	return inside(path, v.items[i].name)
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

func where(path string) string {
	if path == "" {
		return "body"
	}
	return path
}
