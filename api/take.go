package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"

	"github.com/hansa-network/hansa"
)

// A take reads a variable from a value that is of the form's kind.
type take func(r *reader, found token, into reflect.Value)

func takeString(_ *reader, found token, into reflect.Value) { into.SetString(string(found.text)) }

func takeBool(_ *reader, found token, into reflect.Value) { into.SetBool(found.raw[0] == 't') }

func takeInt(r *reader, found token, into reflect.Value) {
	number, err := strconv.ParseInt(string(found.raw), 10, into.Type().Bits())
	if err != nil {
		r.misfit(hansa.Malformed)
		return
	}
	into.SetInt(number)
}

func takeUint(r *reader, found token, into reflect.Value) {
	number, err := strconv.ParseUint(string(found.raw), 10, into.Type().Bits())
	if err != nil {
		r.misfit(hansa.Malformed)
		return
	}
	into.SetUint(number)
}

// takeMinorUnits tells what is wrong with a number of money apart from what is not
// in form at all.
func takeMinorUnits(r *reader, found token, into reflect.Value) {
	number, err := strconv.ParseInt(string(found.raw), 10, into.Type().Bits())
	switch {
	case err == nil:
		into.SetInt(number)
	case bytes.ContainsAny(found.raw, ".eE"):
		r.misfit(hansa.InvalidScale)
	default:
		r.misfit(hansa.InvalidAmount)
	}
}

// takeJSON is for a type that reads JSON itself.
func takeJSON(r *reader, found token, into reflect.Value) {
	self, ok := reflect.TypeAssert[json.Unmarshaler](into.Addr())
	if !ok {
		panic("a form for what reads itself is of something else")
	}
	r.heard(self.UnmarshalJSON(found.raw))
}

// takeText is for a type that reads itself from what a string means.
func takeText(r *reader, found token, into reflect.Value) {
	self, ok := reflect.TypeAssert[encoding.TextUnmarshaler](into.Addr())
	if !ok {
		panic("a form for what reads itself is of something else")
	}
	if found.kind != jsonString {
		r.misfit(hansa.Malformed)
		return
	}
	r.heard(self.UnmarshalText(found.text))
}

// takeOther leaves rare types to encoding/json.
func takeOther(r *reader, found token, into reflect.Value) {
	r.heard(json.Unmarshal(found.raw, into.Addr().Interface()))
}

// misfit refuses a value of the right kind that the field cannot hold. Where the
// field is that of an item, the path has no index.
func (r *reader) misfit(reason hansa.Reason) {
	path := r.path
	r.path = slices.DeleteFunc(slices.Clone(path), func(s step) bool { return s.index >= 0 })
	r.refuse(reason, ": does not fit")
	r.path = path
}

// heard passes on a refusal of the type itself, and keeps its other errors, which
// may repeat the value, from the other side.
func (r *reader) heard(err error) {
	if _, refused := hansa.ReasonOf(err); err != nil && !refused {
		err = hansa.Refuse(hansa.Malformed, "a member has an unreadable value")
	}
	if r.finding == nil {
		r.finding = err
	}
}
