package api

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/hansa-network/hansa/money"
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

// A form is how a Go type is read from JSON.
type form struct {
	want    kind
	pointer bool // to what is read
	once    bool // of any value: no object in it names a member twice
	fields  []field
	item    *form // of a slice or a map
	take    take  // of everything that is read as a whole
}

// A field of a message as its struct tag declares it.
type field struct {
	name     string
	index    []int
	required bool
	form     *form
}

// What is passed over.
var (
	anything     = &form{want: jsonAny}
	anythingOnce = &form{want: jsonAny, once: true}
)

// forms are those of the messages that are read all day. That of another type is
// made each time that it is read.
var forms = formsOf(
	AskPayment{}, Payment{}, Ask{}, WalletAnswer{}, Problem{}, Event{}, MakeOrder{}, Order{}, Change{}, Cancelled{},
	FetchCodes{}, PaymentCodes{}, Resolve{}, Resolution{}, AskQuote{}, Quote{}, Accept{}, Accepted{}, Announce{}, Announced{},
	TellOutcome{}, OutcomeHeard{}, MoveMoney{}, Movement{}, Receipt{}, Stop{}, Carry{}, Carried{},
)

func formsOf(messages ...any) map[reflect.Type]*form {
	all := make(map[reflect.Type]*form, len(messages))
	for _, message := range messages {
		all[reflect.TypeOf(message)] = formOf(reflect.TypeOf(message))
	}
	return all
}

func formOf(target reflect.Type) *form {
	pointer := target.Kind() == reflect.Pointer
	if pointer {
		target = target.Elem()
	}
	f := wholeForm(target)
	switch {
	case f.take != nil:
	case target.Kind() == reflect.Struct:
		f = form{want: jsonObject, fields: fieldsOf(target)}
	case target.Kind() == reflect.Slice:
		f = form{want: jsonArray, item: formOf(target.Elem())}
	case target.Kind() == reflect.Map && target.Key().Kind() == reflect.String:
		f = form{want: jsonObject, item: formOf(target.Elem())}
	default:
		panic(fmt.Sprintf("a message has a field of type %s", target))
	}
	f.pointer = pointer
	return &f
}

// wholeForm is the form of a type that is read as a whole, if it is one.
func wholeForm(target reflect.Type) form {
	switch pointer := reflect.PointerTo(target); {
	case pointer.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return form{want: jsonAny, once: true, take: takeJSON}
	case pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return form{want: jsonAny, once: true, take: takeText}
	}
	switch target.Kind() { //nolint:exhaustive // The other kinds are not read as a whole.
	case reflect.String:
		return form{want: jsonString, take: takeString}
	case reflect.Bool:
		return form{want: jsonBoolean, take: takeBool}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return form{want: jsonNumber, take: takeInt}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return form{want: jsonNumber, take: takeUint}
	case reflect.Interface:
		return form{want: jsonAny, once: true, take: takeOther}
	case reflect.Slice:
		if target.Elem().Kind() == reflect.Uint8 {
			return form{want: jsonString, take: takeOther}
		}
	}
	return form{}
}

// fieldsOf lists the fields of a struct in order, those of embedded structs too.
// Every field of a message has a json tag: a Go name is no name for the wire.
func fieldsOf(target reflect.Type) []field {
	var list []field
	for _, f := range reflect.VisibleFields(target) {
		tag := f.Tag.Get("json")
		if !f.IsExported() || tag == "-" || f.Anonymous {
			continue
		}
		name, flags, _ := strings.Cut(tag, ",")
		if name == "" {
			panic(fmt.Sprintf("field %s of %s has no name for JSON", f.Name, target))
		}
		one := field{name: name, index: f.Index, form: formOf(f.Type)}
		one.required = !one.form.pointer && !strings.Contains(flags, "omit")
		if target == reflect.TypeFor[money.Amount]() && one.form.want == jsonNumber {
			one.form.take = takeMinorUnits
		}
		list = append(list, one)
	}
	if len(list) > fieldsMax {
		panic(fmt.Sprintf("%s has more than %d fields", target, fieldsMax))
	}
	return list
}
