// Package cpm reads and writes the codes that a customer presents by EMVCo's
// consumer-presented mode: what a card would tell a terminal, as BER-TLV in base64.
// Reading never fails and keeps what it does not know; writing is strict. The
// package decides nothing about a payment, and it shows no full card number: where
// one is needed, it is asked for by name.
package cpm

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// Kind is what a Reading calls these codes.
const Kind = "cpm"

// SizeMax is how many bytes a code may have before it is written as base64: what
// every terminal must take.
const SizeMax = 512

// A Code is a text of this format as it was read. The zero Code is one of which
// nothing could be read. It is safe for concurrent use; nothing that it returns
// may be changed.
type Code struct {
	text         string
	data         []byte
	objects      []Object
	applications []Application
}

// Text returns the text as it was handed in.
func (c Code) Text() string { return c.text }

// Objects returns what the code holds, in the order of the text.
func (c Code) Objects() []Object { return c.objects }

// Applications returns the ways to pay that the code offers, one or two, in the
// order of the text: of two that the terminal knows, the merchant may choose.
// A template without a sound name is none and is left out.
func (c Code) Applications() []Application { return c.applications }

// An Application is one way to pay: a card or an account, of one scheme.
type Application struct {
	place  reading.Place
	own    []Object // of its own template
	common []Object // of the template that all applications share
	root   []Object // of the code; its templates are no part of an application
}

// AID returns the application's name: 5 to 16 bytes, the first five of them those
// of the scheme.
func (a Application) AID() []byte {
	aid, _ := find(a.own, TagAID)
	return aid
}

// Matches reports whether a terminal that knows the name aid may take the
// application: if it is its name, or its name begins with it.
func (a Application) Matches(aid []byte) bool {
	return len(aid) >= aidMin && bytes.HasPrefix(a.AID(), aid)
}

// Label returns what the application is called on a screen; it may be empty.
func (a Application) Label() string {
	label, _ := a.Value(TagLabel)
	return string(label)
}

// Value returns the value with the tag: the application's own, or else one that
// all applications share. What the templates 63 and 64 hold is not searched: it is
// between the wallet and those who authorise.
func (a Application) Value(tag Tag) ([]byte, bool) {
	for _, objects := range a.sources() {
		if value, ok := find(objects, tag); ok {
			return value, true
		}
	}
	return nil, false
}

// Transparent returns the content of the templates 63 and 64, which is passed on
// as it is to those who authorise the payment.
func (a Application) Transparent() (own, common []byte) {
	own, _ = a.Value(TagTransparent)
	common, _ = a.Value(TagCommonTransparent)
	return own, common
}

// CardNumber returns the full card number, or the token in its place. It must
// neither be shown nor logged; Fields has what may be.
func (a Application) CardNumber() (string, bool) {
	card, _ := a.Value(TagCardNumber)
	if number, ok := digits(card); ok {
		return number, true
	}
	value, _ := a.Value(TagTrack2)
	if track, ok := parseTrack(value); ok {
		return track.number, true
	}
	return "", false
}

// sources returns where the application's values are, the nearest first.
func (a Application) sources() [3][]Object { return [...][]Object{a.own, a.common, a.root} }

func find(objects []Object, tag Tag) ([]byte, bool) {
	for _, object := range objects {
		if object.Tag == tag {
			return object.Value, true
		}
	}
	return nil, false
}

// Recognises reports whether text begins as these codes do: with the format
// indicator, whatever its version.
func Recognises(text string) bool { return strings.HasPrefix(text, "hQVDUFY") }

// Read reads a text. Its base64 must be that of RFC 4648, padded and without line
// ends: decoders differ in what else they take, and a code must mean the same to all.
func Read(text string) (Code, []reading.Finding) {
	r := reader{code: Code{text: text}}
	if !r.decode() {
		return r.code, r.findings
	}
	r.code.objects = r.objects(r.code.data, "")
	if !reading.Valid(r.findings) {
		return r.code, r.findings // What follows a broken length is noise, and judging it too.
	}
	r.checkOrder()
	r.collectApplications()
	r.checkValues()
	for _, application := range r.code.applications {
		r.checkApplication(application)
	}
	return r.code, r.findings
}

// decode undoes the base64 and reports whether anything came of it.
func (r *reader) decode() bool {
	text := r.code.text
	if len(text) > base64.StdEncoding.EncodedLen(SizeMax) {
		r.found(reading.TooLong, reading.Error, "", "%d characters; no terminal need take more than %d bytes", len(text), SizeMax)
		return false
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		r.found(reading.Format, reading.Error, "", "not base64 of RFC 4648, padded and without line ends")
		return false
	}
	if len(data) > SizeMax {
		r.found(reading.TooLong, reading.Error, "", "%d bytes; no terminal need take more than %d", len(data), SizeMax)
		return false
	}
	r.code.data = data
	return true
}
