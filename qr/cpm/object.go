package cpm

import (
	"encoding/binary"
	"iter"
)

// A Tag names an object by one to four bytes: 0x5A, 0x9F26.
type Tag uint32

// The tags that decide something.
const (
	TagFormat            Tag = 0x85
	TagApplication       Tag = 0x61
	TagCommon            Tag = 0x62
	TagTransparent       Tag = 0x63
	TagCommonTransparent Tag = 0x64
	TagAID               Tag = 0x4F
	TagLabel             Tag = 0x50
	TagTrack2            Tag = 0x57
	TagCardNumber        Tag = 0x5A
	TagLanguages         Tag = 0x5F2D
	TagIssuerURL         Tag = 0x5F50
	TagSignature         Tag = 0xDE
)

// String returns the tag in hexadecimal digits: 9F26.
func (t Tag) String() string {
	var data [4]byte
	return upperHex(appendTag(data[:0], t))
}

// IsTemplate reports whether the object holds objects, and no value of its own.
func (t Tag) IsTemplate() bool {
	const constructed = 0x20
	for t > 0xff {
		t >>= 8
	}
	return t&constructed != 0
}

// An Object is a tag and its value. An application template and the common data
// template have their objects Inside; other templates have their content as Value
// only, which All takes apart.
type Object struct {
	Tag    Tag
	Value  []byte
	Inside []Object
}

// A form is how an object was written.
type form uint8

const (
	sound       form = iota
	wide             // a length in more bytes than it needs
	filled           // bytes of zero before the object
	cut              // ends before all is there
	badTag           // a tag that no one may write
	badLength        // a length without end, or in more than two bytes
	nothingLeft      // nothing but bytes of zero
)

// take reads the first object of content and returns what follows it. Of several
// flaws of form the first that counts is told. Bytes of zero between objects mean
// nothing in EMV.
func take(content []byte) (object Object, rest []byte, written form) {
	rest = content
	for len(rest) > 0 && rest[0] == 0 {
		rest, written = rest[1:], filled
	}
	if len(rest) == 0 {
		return Object{}, nil, nothingLeft
	}
	tag, size, tagForm := takeTag(rest)
	if tagForm != sound {
		return Object{}, nil, tagForm
	}
	length, rest, lengthForm := takeLength(rest[size:])
	if lengthForm > filled {
		return Object{Tag: tag}, nil, lengthForm
	}
	if length > len(rest) {
		return Object{Tag: tag}, nil, cut
	}
	return Object{Tag: tag, Value: rest[:length:length]}, rest[length:], max(written, lengthForm)
}

// takeTag returns the tag that content begins with and how many bytes it has.
func takeTag(content []byte) (tag Tag, size int, written form) {
	const (
		multiple = 0x1f // in the first byte: others follow
		follows  = 0x80 // in another byte: it is not the last
		sizeMax  = 4
	)
	tag = Tag(content[0])
	if content[0]&multiple != multiple {
		return tag, 1, sound
	}
	for at, next := range content[1:min(len(content), sizeMax)] {
		if at == 0 && next == follows {
			return tag, 0, badTag // Its number would begin with zeros, of which there may be any number.
		}
		tag = tag<<8 | Tag(next)
		if next&follows == 0 {
			return tag, at + 2, sound
		}
	}
	if len(content) < sizeMax {
		return tag, 0, cut
	}
	return tag, 0, badTag
}

// takeLength returns the length that content begins with.
func takeLength(content []byte) (length int, rest []byte, written form) {
	const short, one, two = 0x80, 0x81, 0x82
	if len(content) == 0 {
		return 0, nil, cut
	}
	first, rest := content[0], content[1:]
	switch {
	case first < short:
		return int(first), rest, sound
	case first == one && len(rest) >= 1:
		length, rest = int(rest[0]), rest[1:]
		if length < short {
			return length, rest, wide
		}
		return length, rest, sound
	case first == two && len(rest) >= 2:
		length, rest = int(rest[0])<<8|int(rest[1]), rest[2:]
		if length <= 0xff {
			return length, rest, wide
		}
		return length, rest, sound
	case first == one || first == two:
		return 0, nil, cut
	}
	return 0, nil, badLength
}

// All walks through the objects of a template's content without allocation. It
// stops at the first thing that is no object.
func All(content []byte) iter.Seq[Object] {
	return func(yield func(Object) bool) {
		for len(content) > 0 {
			object, rest, written := take(content)
			if written > filled || !yield(object) {
				return
			}
			content = rest
		}
	}
}

// consistsOfObjects reports whether the whole content can be taken apart.
func consistsOfObjects(content []byte) bool {
	for len(content) > 0 {
		_, rest, written := take(content)
		if written > filled {
			return written == nothingLeft
		}
		content = rest
	}
	return true
}

// appendTo writes the object in its shortest form.
func (o Object) appendTo(data []byte) []byte {
	value := o.Value
	if len(o.Inside) > 0 {
		value = nil
		for _, object := range o.Inside {
			value = object.appendTo(value)
		}
	}
	data = appendTag(data, o.Tag)
	const low = 0xff
	switch size := len(value); {
	case size < 0x80:
		data = append(data, byte(size&low))
	case size <= low:
		data = append(data, 0x81, byte(size&low))
	default: // Nobody reads more than SizeMax bytes, so that two are enough.
		data = append(data, 0x82, byte(size>>8&low), byte(size&low))
	}
	return append(data, value...)
}

func appendTag(data []byte, tag Tag) []byte {
	var whole [4]byte
	binary.BigEndian.PutUint32(whole[:], uint32(tag))
	first := 0
	for first < len(whole)-1 && whole[first] == 0 {
		first++
	}
	return append(data, whole[first:]...)
}

// upperHex returns value as hexadecimal digits in upper case.
func upperHex(value []byte) string {
	const digits = "0123456789ABCDEF"
	text := make([]byte, 0, 2*len(value))
	for _, octet := range value {
		text = append(text, digits[octet>>4], digits[octet&0xf])
	}
	return string(text)
}
