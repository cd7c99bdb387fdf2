package mpm

import (
	"unicode/utf8"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// nestingMax is how deep templates may lie in each other: schemes go to 2.
const nestingMax = 4

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
	var d draft
	if len(objects) == 0 || objects[0].ID != IDPayloadFormat {
		return "", hansa.Refuse(hansa.CodeInvalid, "object 00, the payload format, is not the first")
	}
	if err := d.write(objects, nestingMax); err != nil {
		return "", err
	}
	written := append(d.text[:d.size], checksumHeader...)
	text := string(appendChecksum(written, checksum(written)))
	if err := mustBeStrict(text, !d.unplain); err != nil {
		return "", err
	}
	return text, nil
}

// A draft is a text that is being written. It has room for the longest payload, so
// that it needs no memory of its own.
type draft struct {
	text       [payloadMax * utf8.UTFMax]byte
	size       int  // bytes that are written
	characters int  // that those bytes are
	unplain    bool // some of them are not printable ASCII
}

// write writes objects, whose templates may lie nesting levels deep in each other.
func (d *draft) write(objects []Object, nesting int) error {
	var seen [idMax + 1]bool
	for n := range objects {
		object := &objects[n]
		if object.ID > idMax {
			return hansa.Refuse(hansa.CodeInvalid, "object %d: an id has two digits", object.ID)
		}
		if seen[object.ID] {
			return hansa.Refuse(hansa.CodeInvalid, "object %02d occurs twice", object.ID)
		}
		seen[object.ID] = true
		if err := d.writeObject(object, nesting); err != nil {
			return err
		}
	}
	return nil
}

// writeObject leaves room for the header and fills it when the length is known.
func (d *draft) writeObject(object *Object, nesting int) error {
	if header+len(object.Value)+header+checksumLength > len(d.text)-d.size {
		return hansa.Refuse(hansa.CodeInvalid, "more than %d characters", payloadMax)
	}
	start, before := d.size, d.characters
	d.size += header
	d.writeValue(object.Value)
	if len(object.Template) > 0 {
		if object.Value != "" || nesting == 0 {
			return hansa.Refuse(hansa.CodeInvalid, "object %02d has a value and a template, or lies too deep", object.ID)
		}
		if err := d.write(object.Template, nesting-1); err != nil {
			return err
		}
	}
	length := d.characters - before
	if length < 1 || length > valueMax {
		return hansa.Refuse(hansa.CodeInvalid, "object %02d has %d characters, not 1 to %d", object.ID, length, valueMax)
	}
	d.characters += header
	at := (*[header]byte)(d.text[start:])
	at[0], at[1] = digits(uint(object.ID))
	at[2], at[3] = digits(uint(length))
	return nil
}

func (d *draft) writeValue(value string) {
	d.size += copy(d.text[d.size:], value)
	if shown.Printable(value) {
		d.characters += len(value)
		return
	}
	d.characters += utf8.RuneCountInString(value)
	d.unplain = true
}

// digits returns the two digits of n, 0 to 99.
func digits(n uint) (tens, units byte) {
	return '0' + byte(n/10), '0' + byte(n%10) //nolint:gosec // n is at most 99.
}

// mustBeStrict reads back what was written and is sound at both ends.
func mustBeStrict(text string, plain bool) error {
	var space [objectsUsual]Object
	var findings []reading.Finding
	i := inspection{findings: &findings}
	if plain {
		i.payload = plainPayloadOf(text, space[:0])
	} else {
		i.payload = payloadOf(text, space[:0], characters)
	}
	i.inspect()
	for _, finding := range findings {
		if finding.Severity == reading.Note || finding.Code == reading.Missing && finding.Severity == reading.Warning {
			continue
		}
		return hansa.Refuse(hansa.CodeInvalid, "object %s: %s", finding.Place, finding.Detail)
	}
	return nil
}
