package cpm

import (
	"encoding/base64"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/reading"
)

// Encode returns the text of a code that holds the objects, in their order, each in
// its shortest form. Objects with others Inside are written from those. The first
// must be the format indicator, and all must be as a strict reader wants them.
// It refuses CodeInvalid.
func Encode(objects ...Object) (string, error) {
	var data []byte
	for _, object := range objects {
		if !object.isWritable() {
			return "", hansa.Refuse(hansa.CodeInvalid, "%s is not of the form of a tag, or has objects inside and is no template", object.Tag)
		}
		data = object.appendTo(data)
	}
	text := base64.StdEncoding.EncodeToString(data)
	_, findings := Read(text)
	for _, finding := range findings {
		if finding.Severity != reading.Note {
			return "", hansa.Refuse(hansa.CodeInvalid, "%s: %s", finding.Place, finding.Detail)
		}
	}
	return text, nil
}

// isWritable reports whether the object's tag, and each one inside, reads as itself,
// and only templates have something inside.
func (o Object) isWritable() bool {
	const noValue = 0
	object, rest, written := take(append(appendTag(nil, o.Tag), noValue))
	if written != sound || object.Tag != o.Tag || len(rest) > 0 || len(o.Inside) > 0 && !o.Tag.IsTemplate() {
		return false
	}
	for _, inner := range o.Inside {
		if !inner.isWritable() {
			return false
		}
	}
	return true
}
