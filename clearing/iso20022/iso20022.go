// Package iso20022 writes and reads the messages that settlement banks and other
// schemes understand: ISO 20022 in XML, in the versions that the constants name. It is
// pure.
//
// Each message is a struct of ours with one description of its elements, which both
// writes it and reads it. What is read is held to the order, the number and the form of
// its elements, as the public schemas demand it, and an element that the schema does not
// have is refused; in an order, so is one that we do not understand. So are a document type, entities of its own, comments, processing
// instructions, a second root, what is over MaxBytes, and elements deeper than MaxDepth:
// a bank writes none of them, and whoever does wants two readers to see two things.
//
// Refusals have the reason Malformed, and name the path of the element.
package iso20022

import (
	"crypto/sha256"
	"encoding/hex"
)

// MaxBytes is the largest message that is read.
const MaxBytes = 16 << 20

// MaxDepth is how deep its elements may stand in each other.
const MaxDepth = 64

// Lengths of texts that the schemas share.
const (
	longestID         = 35
	longestName       = 140
	longestRemittance = 140
	longestWords      = 105
)

// namespaceOf is what the namespace of a message is, before its name.
const namespaceOf = "urn:iso:std:iso:20022:tech:xsd:"

// A message describes its elements, and judges what a schema cannot say.
type message interface {
	// name is that of the message with its version, such as pacs.009.001.08.
	name() string
	root() node
	judge() error
}

// encode writes a message.
func encode(m message) ([]byte, error) {
	root := m.root()
	if err := m.judge(); err != nil {
		return nil, err
	}
	return write(m.name(), root)
}

// decode reads a message into m.
func decode(data []byte, m message) error {
	if err := read(data, m.name(), m.root()); err != nil {
		return err
	}
	return m.judge()
}

// UETROf returns the unique end-to-end transaction reference of a transfer with this
// id: the same for the same id, in the form of a random UUID (RFC 9562, version 4).
func UETROf(id string) string {
	sum := sha256.Sum256([]byte("uetr\n" + id))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	digits := hex.EncodeToString(sum[:16])
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
