package mpm

import (
	"iter"
	"unicode/utf8"
)

const (
	valueMax = 99 // characters in one object: its length has two digits
	header   = 4  // bytes of id and length
)

// An Object is one numbered value.
type Object struct {
	ID ID

	// Value is the value as it stands in the text. That of a template is itself a
	// row of objects: see All and Inside.
	Value string

	// Template holds the objects of a template that is to be written, in place of
	// its Value. In what was read it is empty.
	Template []Object
}

// All returns the objects of a payload or of the value of a template in their
// order. It stops at the first thing that is no object.
func All(value string) iter.Seq[Object] {
	return func(yield func(Object) bool) {
		for rest := value; rest != ""; {
			id, inside, after, ok := cut(rest, characters)
			if !ok || !yield(Object{ID: id, Value: inside}) {
				return
			}
			rest = after
		}
	}
}

// Inside returns the value of the only object with that id in the value of a
// template. It returns false also for an id that stands there twice.
func Inside(value string, id ID) (string, bool) {
	found, ok := "", false
	for object := range All(value) {
		if object.ID != id {
			continue
		}
		if ok {
			return "", false
		}
		found, ok = object.Value, true
	}
	return found, ok
}

// A unit is what the lengths of a text count. The standard says characters; in
// plain ASCII both are the same, and bytes are faster.
type unit uint8

const (
	characters unit = iota
	bytes
)

// walk appends the objects of text to objects, at most objectsMax. It returns the
// rest of the text from the first thing that is no object.
func walk(objects []Object, text string, counting unit) (_ []Object, rest string) {
	for text != "" && len(objects) < objectsMax {
		id, value, after, ok := cut(text, counting)
		if !ok {
			break
		}
		// Set in place: an Object is too large to be copied for nothing.
		objects = append(objects, Object{})
		object := &objects[len(objects)-1]
		object.ID, object.Value = id, value
		text = after
	}
	return objects, text
}

// skip returns the rest of text from the first thing that is no object.
func skip(text string, counting unit) (rest string) {
	for text != "" {
		_, _, after, ok := cut(text, counting)
		if !ok {
			break
		}
		text = after
	}
	return text
}

// cut splits the first object off text. A value may be empty here: whether that
// is allowed depends on where it stands.
func cut(text string, counting unit) (id ID, value, rest string, ok bool) {
	if len(text) < header {
		return 0, "", "", false
	}
	number, numberOK := twoDigits(text)
	length, lengthOK := twoDigits(text[2:])
	end := header + length
	if counting == characters {
		end = endOf(text, length)
	}
	if !numberOK || !lengthOK || end > len(text) {
		return 0, "", "", false
	}
	return ID(number), text[header:end], text[end:], true //nolint:gosec // Two digits are at most 99.
}

// twoDigits reads the first two bytes of text. Only the ten ASCII digits count:
// a number parser would also take "+3".
func twoDigits(text string) (int, bool) {
	tens, units := text[0]-'0', text[1]-'0'
	return int(tens)*10 + int(units), tens <= 9 && units <= 9
}

// endOf returns where the n characters behind the header end, or some place behind
// the text. Lengths count characters, neither bytes nor the 16-bit units of some
// languages.
func endOf(text string, n int) int {
	end := header
	for range n {
		if end >= len(text) {
			return len(text) + 1
		}
		if text[end] < utf8.RuneSelf {
			end++
			continue
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return end
}
