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
			object, after, ok := cut(rest, characters)
			if !ok || !yield(object) {
				return
			}
			rest = after
		}
	}
}

// Inside returns the value of the only object with that id in the value of a
// template. It returns false also for an id that stands there twice.
func Inside(value string, id ID) (string, bool) {
	inside, found := "", false
	for rest := value; rest != ""; {
		object, after, ok := cut(rest, characters)
		if !ok {
			break
		}
		if object.ID == id {
			if found {
				return "", false
			}
			inside, found = object.Value, true
		}
		rest = after
	}
	return inside, found
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
		object, after, ok := cut(text, counting)
		if !ok {
			break
		}
		objects, text = append(objects, object), after
	}
	return objects, text
}

// isRow reports whether text consists of objects to its end.
func isRow(text string, counting unit) bool {
	for text != "" {
		_, after, ok := cut(text, counting)
		if !ok {
			return false
		}
		text = after
	}
	return true
}

// cut splits the first object off text. A value may be empty here: whether that
// is allowed depends on where it stands.
func cut(text string, counting unit) (object Object, rest string, ok bool) {
	if len(text) < header {
		return Object{}, "", false
	}
	id, idOK := twoDigits(text)
	length, lengthOK := twoDigits(text[2:])
	if !idOK || !lengthOK {
		return Object{}, "", false
	}
	end := header + length
	if counting == characters {
		end, ok = endOf(text, length)
		if !ok {
			return Object{}, "", false
		}
	}
	if end > len(text) {
		return Object{}, "", false
	}
	return Object{ID: ID(id), Value: text[header:end]}, text[end:], true //nolint:gosec // Two digits are at most 99.
}

// twoDigits reads the first two bytes of text. Only the ten ASCII digits count:
// a number parser would also take "+3".
func twoDigits(text string) (int, bool) {
	tens, units := text[0]-'0', text[1]-'0'
	return int(tens)*10 + int(units), tens <= 9 && units <= 9
}

// endOf returns where the n characters behind the header end. Lengths count
// characters, neither bytes nor the 16-bit units of some languages.
func endOf(text string, n int) (end int, ok bool) {
	end = header
	for range n {
		if end >= len(text) {
			return 0, false
		}
		if text[end] < utf8.RuneSelf {
			end++
			continue
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
	}
	return end, true
}
