package qr

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
)

const (
	payloadMax     = 512      // characters, by the standard; larger symbols are hard to scan
	payloadStart   = "0002"   // object 00 comes first and has two characters
	formatVersion  = "01"     // the only payload format there is
	checksumHeader = "6304"   // object 63 comes last and has four characters
	byteOrderMark  = "\ufeff" // some scanners put it in front
)

// A Payload is an EMVCo merchant-presented code that has been read and found
// sound: its objects in the order in which they were scanned. It is a value and
// never changes.
type Payload struct {
	text    string
	objects []Object
}

// Parse reads the text of an EMVCo merchant-presented code. A byte order mark in
// front and spaces or line ends behind are a scanner's and are dropped; nothing
// inside is altered.
//
// It refuses with hansa.CodeInvalid whatever two readers could understand in two
// ways or a payer could be shown wrongly: an id twice, a length that is not two
// digits or does not fit, a wrong or missing checksum, text behind it, control
// characters and direction overrides, text not in Unicode normal form C, a
// contradictory amount, tip or fee. It does not ask for the objects that whole
// countries leave out (52, 59 and 60).
func Parse(text string) (Payload, error) {
	text = strings.TrimRight(strings.TrimPrefix(text, byteOrderMark), " \r\n")
	if err := checkLength(text); err != nil {
		return Payload{}, err
	}
	if err := checkText(text); err != nil {
		return Payload{}, err
	}
	objects, err := parseRoot(text)
	if err != nil {
		return Payload{}, err
	}
	if err := checkEnds(text, objects); err != nil {
		return Payload{}, err
	}
	payload := Payload{text: text, objects: objects}
	if err := payload.check(); err != nil {
		return Payload{}, err
	}
	return payload, nil
}

// Encode returns the text of a code that holds objects in the given order, the
// checksum appended. It refuses with hansa.CodeInvalid whatever Parse would
// refuse, empty values, and more than 99 characters in a value.
func Encode(objects ...Object) (string, error) {
	text, err := write(objects)
	if err != nil {
		return "", err
	}
	text += checksumHeader
	text += checksum(text)
	if _, err := Parse(text); err != nil {
		return "", err
	}
	return text, nil
}

// Text returns the code as it was scanned, without what a scanner added around it.
func (p Payload) Text() string { return p.text }

// Objects returns the objects in the order of the text, the checksum included.
func (p Payload) Objects() []Object { return slices.Clone(p.objects) }

// Value returns the value of the object with that id, and whether there is one.
func (p Payload) Value(id ID) (string, bool) { return valueOf(p.objects, id) }

// looksLikePayload tells an EMVCo code from other text, broken ones included.
func looksLikePayload(text string) bool {
	return strings.HasPrefix(strings.TrimPrefix(text, byteOrderMark), payloadStart)
}

func checkLength(text string) error {
	// Counting stops mattering long before a hostile text costs time.
	if len(text) > payloadMax*utf8.UTFMax {
		return hansa.Refuse(hansa.CodeInvalid, "%d bytes, at most %d characters fit", len(text), payloadMax)
	}
	if n := utf8.RuneCountInString(text); n > payloadMax {
		return hansa.Refuse(hansa.CodeInvalid, "%d characters, at most %d fit", n, payloadMax)
	}
	return nil
}

// parseRoot splits text into objects. An empty object 62 is let through: codes in
// Hong Kong and Vietnam carry one.
func parseRoot(text string) ([]Object, error) {
	objects := make([]Object, 0, 16)
	var seen [idMax + 1]bool
	for rest := text; rest != ""; {
		object, after, err := cut(rest)
		if err != nil {
			return nil, err
		}
		if object.Value == "" && object.ID != IDAdditionalData {
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

// checkEnds checks the first object and the last, and the checksum over all that
// comes before its four digits.
func checkEnds(text string, objects []Object) error {
	if len(objects) == 0 || objects[0].ID != IDPayloadFormat {
		return hansa.Refuse(hansa.CodeInvalid, "object 00 is not the first")
	}
	if objects[0].Value != formatVersion {
		return hansa.Refuse(hansa.CodeInvalid, "payload format %q, not 01", objects[0].Value)
	}
	last := objects[len(objects)-1]
	if last.ID != IDChecksum || len(last.Value) != 4 {
		return hansa.Refuse(hansa.CodeInvalid, "the checksum is not the last object")
	}
	// Codes in the field carry it in lower case too.
	if !strings.EqualFold(last.Value, checksum(text[:len(text)-4])) {
		return hansa.Refuse(hansa.CodeInvalid, "wrong checksum: the code was misread or altered")
	}
	return nil
}
