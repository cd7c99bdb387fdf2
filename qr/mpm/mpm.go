// Package mpm reads and writes the codes that merchants present, as EMVCo
// specifies them for QR symbols: a row of numbered objects, some of which are
// templates that hold objects again, and a checksum at the end. It knows the
// rules of that standard and of no scheme that builds on it.
//
// Read never fails. It keeps the text and the order as they were scanned and says
// in findings what is wrong with them; packages of schemes then raise or lower
// findings by their code and place. Encode is strict: it writes only what every
// reader understands in one way.
package mpm

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// An ID is the number of an object, 0 to 99, in its payload or template.
type ID uint8

// The objects of a payload that have a meaning of their own. 2 to 51 are accounts
// of the payee in some scheme, 65 to 79 are kept for later versions, and 80 to 99
// are free for any scheme.
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

// The bounds of the ranges of a payload.
const (
	accountFirst         ID = 2
	accountTemplateFirst ID = 26 // below, accounts are plain values of card schemes
	accountLast          ID = 51
	reservedFirst        ID = 65
	reservedLast         ID = 79
	unreservedFirst      ID = 80
	idMax                ID = 99
)

// IDScheme is the object that names the scheme in the templates that belong to
// one: 26 to 51, 80 to 99, and 50 to 99 inside of 62.
const IDScheme ID = 0

// The objects of template 62 with a meaning of their own. The last two came with
// version 1.1.
const (
	IDBillNumber      ID = 1
	IDMobileNumber    ID = 2
	IDStoreLabel      ID = 3
	IDLoyaltyNumber   ID = 4
	IDReferenceLabel  ID = 5
	IDCustomerLabel   ID = 6
	IDTerminalLabel   ID = 7
	IDPurpose         ID = 8
	IDConsumerRequest ID = 9
	IDTaxID           ID = 10
	IDChannel         ID = 11
)

// The objects of template 64.
const (
	IDLanguage  ID = 0
	IDLocalName ID = 1
	IDLocalCity ID = 2
)

const (
	formatVersion  = "01"     // in object 00: the only payload format there is
	staticCode     = "11"     // in object 01: shown to many payers
	dynamicCode    = "12"     // in object 01: for one payment
	askThePayer    = "***"    // in 62.01 to 62.08: the payer's wallet asks for the value
	checksumLength = 4        // hexadecimal digits at the end
	payloadStart   = "0002"   // object 00 comes first and has two characters
	checksumHeader = "6304"   // object 63 comes last and has four characters
	byteOrderMark  = "\ufeff" // some scanners put it in front
)

const (
	payloadMax   = 512 // characters of a payload; larger symbols are hard to scan
	objectsMax   = 128 // objects that are read, more than a payload of 512 characters can hold
	objectsUsual = 16  // objects of a payload that are read without a second try
)

// A Code is a merchant-presented code as it was scanned, good or bad. It is a
// value and never changes.
type Code struct {
	text    string
	objects []Object
}

// Read reads a scanned text and says what it finds about it. A byte order mark in
// front and spaces and line ends behind are a scanner's and are dropped; nothing
// else is altered. The Code holds all objects up to the first thing that is none,
// 128 at most.
//
// The severities are those of a reader that knows no scheme. An error is what two
// readers could understand in two ways, what could be shown wrongly to a payer,
// or what no code in the field does. A warning breaks the standard as codes in
// the field do: no name, no city or category, a name that is too long or not
// plain ASCII. A note is allowed. At most 64 findings are returned.
func Read(text string) (Code, []reading.Finding) {
	scanned := text
	text = strings.TrimRight(strings.TrimPrefix(text, byteOrderMark), " \r\n")
	var space [objectsUsual]Object
	var findings []reading.Finding
	i := inspection{payload: takeApart(text, space[:0]), findings: &findings}
	if len(text) != len(scanned) {
		i.report(reading.Surrounded, root, reading.Note, "%d bytes around the code were dropped", len(scanned)-len(text))
	}
	i.inspect()
	i.inspectEnds()
	return Code{text: text, objects: slices.Clone(i.objects)}, findings
}

// Recognises reports whether a text has the outer form of a merchant-presented
// code: it starts with a payload format of two characters.
func Recognises(text string) bool {
	return strings.HasPrefix(strings.TrimPrefix(text, byteOrderMark), payloadStart)
}

// Text returns the code as it was scanned, without what a scanner added around it.
func (c Code) Text() string { return c.text }

// Objects returns the objects in the order of the text, the checksum included.
// The slice is shared and must not be changed; appending to it copies it.
func (c Code) Objects() []Object { return slices.Clip(c.objects) }

// Value returns the value of the only object with that id. It returns false also
// for an id that stands there twice: what such a code means is not to be guessed.
func (c Code) Value(id ID) (string, bool) {
	value, found := "", false
	for n := range c.objects {
		if c.objects[n].ID != id {
			continue
		}
		if found {
			return "", false
		}
		value, found = c.objects[n].Value, true
	}
	return value, found
}

// Static reports whether the code is meant for many payers, as a sticker is: it
// says so or says nothing. Any other code is for one payment.
func (c Code) Static() bool {
	for n := range c.objects {
		if c.objects[n].ID == IDInitiation && c.objects[n].Value != staticCode {
			return false
		}
	}
	return true
}
