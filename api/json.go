package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/hansa-network/hansa"
)

// ReadBody reads at most limit bytes and refuses more with TooLarge. Any other
// error is a fault of the connection.
func ReadBody(r io.Reader, limit int) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if _, over := errors.AsType[*http.MaxBytesError](err); over || len(body) > limit {
		return nil, hansa.Refuse(hansa.TooLarge, "more than %d bytes", limit)
	}
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	return body, nil
}

// Decode reads the JSON object body (RFC 8259, and I-JSON of RFC 7493) into the
// struct that into points at, which should be zero. It allows one reading only:
//
//   - a member that the struct does not have is refused with UnknownField, and a
//     name matches only if each letter does;
//   - a member given twice, text after the object, broken UTF-8, half a surrogate
//     pair and more than DepthMax levels are refused with Malformed;
//   - a member whose field is no pointer and has neither omitempty nor omitzero is
//     required: to leave it out or to give null is Malformed;
//   - an amount with a part of a minor unit is refused with InvalidScale, one that
//     no integer of 64 bits holds with InvalidAmount.
//
// A Refusal that a field's own UnmarshalText or UnmarshalJSON gives is passed on.
// The detail names the member by its path and repeats no value. What is refused
// leaves the struct zero.
func Decode(body []byte, into any) error {
	if len(body) > BodyMax {
		return hansa.Refuse(hansa.TooLarge, "more than %d bytes", BodyMax)
	}
	return decode(&reader{scanner: scanner{body: body}}, into)
}

// DecodeAnswer reads an answer or an event as Decode reads a request, but passes
// over members that the struct does not have: new ones may come. How long the body
// may be is the caller's affair, because answers may be longer than requests.
func DecodeAnswer(body []byte, into any) error {
	return decode(&reader{scanner: scanner{body: body}, lenient: true}, into)
}

func decode(r *reader, into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("decode into %T: need a pointer to a struct", into))
	}
	message := target.Elem()
	form, known := forms[message.Type()]
	if !known {
		form = formOf(message.Type())
	}
	err := r.read(form, message)
	if err != nil {
		message.SetZero()
	}
	return err
}

// Encode returns v as JSON in the one form that the network sends: no spaces, no
// escaping for HTML, members in the order of the struct, keys of maps sorted.
// A value that cannot be JSON is a bug and panics.
func Encode(v any) []byte {
	var text bytes.Buffer // It is written to once, and takes no more than is needed.
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}
