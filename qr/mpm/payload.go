package mpm

import "github.com/hansa-network/hansa/qr/shown"

// A payload is a text that was taken apart.
type payload struct {
	text     string
	objects  []Object // in the order of the text
	rest     string   // from the first thing that is no object
	counting unit     // of the lengths
	plain    bool     // the whole text is printable ASCII
}

// takeApart walks through text and appends its objects to space. Where lengths in
// characters do not lead to a checksum, but lengths in bytes lead to a right one,
// that is what the writer of the text meant.
func takeApart(text string, space []Object) payload {
	if shown.Printable(text) {
		return plainPayloadOf(text, space)
	}
	p := payloadOf(text, space, characters)
	if p.isComplete() {
		return p
	}
	if inBytes := payloadOf(text, nil, bytes); inBytes.isComplete() && inBytes.checksumFits() {
		return inBytes
	}
	return p
}

// plainPayloadOf walks through text that is printable ASCII.
func plainPayloadOf(text string, space []Object) payload {
	p := payloadOf(text, space, bytes)
	p.plain = true
	return p
}

func payloadOf(text string, space []Object, counting unit) payload {
	objects, rest := walk(space, text, counting)
	return payload{text: text, objects: objects, rest: rest, counting: counting}
}

// isComplete reports whether the text consists of objects to its end and the last
// is a checksum.
func (p *payload) isComplete() bool {
	return p.rest == "" && p.last().ID == IDChecksum
}

// last returns the last object, or that with id 0 and no value if there is none.
func (p *payload) last() Object {
	if len(p.objects) == 0 {
		return Object{}
	}
	return p.objects[len(p.objects)-1]
}

// checksumFits reports whether the checksum at the end of the text is right.
func (p *payload) checksumFits() bool {
	want, ok := parseChecksum(p.last().Value)
	return ok && checksum(p.text[:len(p.text)-checksumLength]) == want
}
