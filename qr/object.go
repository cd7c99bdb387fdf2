package qr

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

// An ID is the number of an object, 0 to 99, in its payload or template.
type ID uint8

// The objects of an EMVCo payload that have a meaning of their own. 2 to 51 are
// accounts of the payee in some scheme, 80 to 99 are free for any scheme.
const (
	IDPayloadFormat  ID = 0
	IDInitiation     ID = 1
	IDCategory       ID = 52
	IDCurrency       ID = 53
	IDAmount         ID = 54
	IDTipIndicator   ID = 55
	IDFixedFee       ID = 56
	IDPercentageFee  ID = 57
	IDCountry        ID = 58
	IDName           ID = 59
	IDCity           ID = 60
	IDPostalCode     ID = 61
	IDAdditionalData ID = 62
	IDChecksum       ID = 63
	IDLocalLanguage  ID = 64
)

const idMax ID = 99

const (
	valueMax = 99 // characters in one object: its length has two digits
	header   = 4  // bytes of id and length
)

// An Object is one numbered value, as it stands in the text. The value of a
// template is itself a sequence of objects: see ParseTemplate.
type Object struct {
	ID    ID
	Value string
}

// ParseTemplate splits the value of a template into its objects, in their order.
// It refuses with hansa.CodeInvalid what is not a complete sequence of objects,
// each of at least one character and each id once.
func ParseTemplate(value string) ([]Object, error) {
	objects := make([]Object, 0, 8)
	var seen [idMax + 1]bool
	for rest := value; rest != ""; {
		object, after, err := cut(rest)
		if err != nil {
			return nil, err
		}
		if object.Value == "" {
			return nil, hansa.Refuse(hansa.CodeInvalid, "object %02d is empty", object.ID)
		}
		if seen[object.ID] {
			return nil, hansa.Refuse(hansa.CodeInvalid, "object %02d occurs twice", object.ID)
		}
		seen[object.ID] = true
		objects, rest = append(objects, object), after
	}
	return objects, nil
}

// EncodeTemplate returns the value of a template that holds objects in the given
// order. It refuses what ParseTemplate would, text that Parse would refuse, and
// more than 99 characters in one object or altogether.
func EncodeTemplate(objects ...Object) (string, error) {
	value, err := write(objects)
	if err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(value); n > valueMax {
		return "", hansa.Refuse(hansa.CodeInvalid, "template of %d characters, at most %d fit", n, valueMax)
	}
	return value, nil
}

// write joins objects. What it accepts, cut and the rules on text read back.
func write(objects []Object) (string, error) {
	var text strings.Builder
	var seen [idMax + 1]bool
	for _, object := range objects {
		if object.ID > idMax {
			return "", hansa.Refuse(hansa.CodeInvalid, "object %d: an id has two digits", object.ID)
		}
		if seen[object.ID] {
			return "", hansa.Refuse(hansa.CodeInvalid, "object %02d occurs twice", object.ID)
		}
		seen[object.ID] = true
		length := utf8.RuneCountInString(object.Value)
		if length < 1 || length > valueMax {
			return "", hansa.Refuse(hansa.CodeInvalid, "object %02d has %d characters, not 1 to %d", object.ID, length, valueMax)
		}
		if err := checkText(object.Value); err != nil {
			return "", err
		}
		writeTwoDigits(&text, int(object.ID))
		writeTwoDigits(&text, length)
		text.WriteString(object.Value)
	}
	return text.String(), nil
}

func writeTwoDigits(text *strings.Builder, n int) {
	text.WriteByte('0' + byte(n/10)) //nolint:gosec // n is at most 99.
	text.WriteByte('0' + byte(n%10)) //nolint:gosec // n is at most 99.
}

// cut splits the first object off text, which is valid UTF-8. A value may be
// empty here: whether that is allowed depends on where it stands.
func cut(text string) (object Object, rest string, err error) {
	if len(text) < header {
		return Object{}, "", hansa.Refuse(hansa.CodeInvalid, "ends within the id and length of an object")
	}
	id, ok := twoDigits(text)
	if !ok {
		return Object{}, "", hansa.Refuse(hansa.CodeInvalid, "%q where the id of an object must stand", shorten(text))
	}
	length, ok := twoDigits(text[2:])
	if !ok {
		return Object{}, "", hansa.Refuse(hansa.CodeInvalid, "object %02d: %q where its length must stand", id, shorten(text[2:]))
	}
	value, rest, ok := split(text[header:], length)
	if !ok {
		return Object{}, "", hansa.Refuse(hansa.CodeInvalid, "object %02d: ends before its %d characters", id, length)
	}
	return Object{ID: ID(id), Value: value}, rest, nil //nolint:gosec // Two digits are at most 99.
}

// twoDigits reads the first two bytes of text. Only the ten ASCII digits count:
// a number parser would also take "+3".
func twoDigits(text string) (int, bool) {
	tens, units := text[0]-'0', text[1]-'0'
	return int(tens)*10 + int(units), tens <= 9 && units <= 9
}

// split cuts off the first n characters of text. Lengths count characters, not
// bytes, because that is what every other reader of the standard counts.
func split(text string, n int) (head, tail string, ok bool) {
	end := 0
	for range n {
		if end == len(text) {
			return "", "", false
		}
		if text[end] < utf8.RuneSelf {
			end++
			continue
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return text[:end], text[end:], true
}

// shorten returns the first characters of text, enough to find the place.
func shorten(text string) string {
	head, _, ok := split(text, 8)
	if !ok {
		return text
	}
	return head
}

// valueOf returns the value of the object with that id, if there is one.
func valueOf(objects []Object, id ID) (string, bool) {
	i := slices.IndexFunc(objects, func(object Object) bool { return object.ID == id })
	if i < 0 {
		return "", false
	}
	return objects[i].Value, true
}
