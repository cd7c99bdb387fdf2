package mpm

import (
	"unicode/utf8"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/reading"
)

const (
	textUsual  = 640 // bytes that are written without a second try
	nestingMax = 4   // templates in templates: schemes go to 2
)

// Encode returns the text of a code that holds objects in the given order, the
// checksum appended. A template is an object with its Template in place of a Value.
//
// It refuses with hansa.CodeInvalid what Read would call an error or a warning in
// the result, so that every reader understands it in the same way: values of more
// than 99 characters or none, an id twice, hidden characters, text that is not in
// Unicode normal form C, amounts that are none, names that are too long or not
// plain ASCII. Only the absence of objects 52, 59 and 60, which the codes of whole
// countries leave out, is allowed.
func Encode(objects ...Object) (string, error) {
	var space [textUsual]byte
	written, _, err := appendObjects(space[:0], objects, nestingMax)
	if err != nil {
		return "", err
	}
	written = append(written, checksumHeader...)
	digits := checksumDigits(checksum(written))
	text := string(append(written, digits[:]...))
	if err := mustBeStrict(text); err != nil {
		return "", err
	}
	return text, nil
}

// EncodeTemplate returns the value of a template that holds objects in the given
// order, for writers of other templates than Encode knows. It refuses with
// hansa.CodeInvalid values of more than 99 characters or none, an id twice, and
// more than 99 characters altogether.
func EncodeTemplate(objects ...Object) (string, error) {
	written, length, err := appendObjects(nil, objects, nestingMax)
	if err != nil {
		return "", err
	}
	if length < 1 || length > valueMax {
		return "", hansa.Refuse(hansa.CodeInvalid, "template of %d characters, not 1 to %d", length, valueMax)
	}
	return string(written), nil
}

// appendObjects writes objects behind text and returns how many characters that
// were. Templates may go nesting levels deep.
func appendObjects(text []byte, objects []Object, nesting int) (_ []byte, length int, err error) {
	var seen [idMax + 1]bool
	for n := range objects {
		object := &objects[n]
		if object.ID > idMax {
			return nil, 0, hansa.Refuse(hansa.CodeInvalid, "object %d: an id has two digits", object.ID)
		}
		if seen[object.ID] {
			return nil, 0, hansa.Refuse(hansa.CodeInvalid, "object %02d occurs twice", object.ID)
		}
		seen[object.ID] = true
		start := len(text)
		text = append(appendTwoDigits(text, int(object.ID)), "00"...)
		inside := 0
		text, inside, err = appendValue(text, object, nesting)
		if err != nil {
			return nil, 0, err
		}
		if inside < 1 || inside > valueMax {
			return nil, 0, hansa.Refuse(hansa.CodeInvalid, "object %02d has %d characters, not 1 to %d", object.ID, inside, valueMax)
		}
		appendTwoDigits(text[:start+2], inside)
		length += header + inside
	}
	return text, length, nil
}

// appendValue writes the value of object behind text, or the objects of its
// template.
func appendValue(text []byte, object *Object, nesting int) (_ []byte, length int, err error) {
	if len(object.Template) == 0 {
		return append(text, object.Value...), utf8.RuneCountInString(object.Value), nil
	}
	if object.Value != "" {
		return nil, 0, hansa.Refuse(hansa.CodeInvalid, "object %02d has a value and a template", object.ID)
	}
	if nesting == 0 {
		return nil, 0, hansa.Refuse(hansa.CodeInvalid, "object %02d: more than %d templates in each other", object.ID, nestingMax)
	}
	return appendObjects(text, object.Template, nesting-1)
}

// appendTwoDigits writes n, 0 to 99.
func appendTwoDigits(text []byte, n int) []byte {
	return append(text, '0'+byte(n/10), '0'+byte(n%10)) //nolint:gosec // n is at most 99.
}

// mustBeStrict reads back what was written.
func mustBeStrict(text string) error {
	var space [objectsUsual]Object
	i := inspectionOf(text, space[:0])
	i.inspect()
	for _, finding := range i.findings {
		if finding.Severity == reading.Note || finding.Code == reading.Missing && finding.Severity == reading.Warning {
			continue
		}
		return hansa.Refuse(hansa.CodeInvalid, "object %s: %s", finding.Place, finding.Detail)
	}
	return nil
}
