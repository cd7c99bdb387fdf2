package qr

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/hansa-network/hansa"
)

// A signature has 86 characters and a template holds 99, of which the name of the
// scheme takes some, so it lies in halves in the last two objects before the
// checksum.
const (
	idSignatureFirst  ID = 80
	idSignatureSecond ID = 81
	idSignatureHalf   ID = 1 // inside either
	signatureHalf        = 43
)

// signingContext is put before what is signed, so that a signature made with the
// same key for another purpose never fits a code.
const signingContext = "hansa code 1\n"

// signatureEncoding allows one text per signature: padding bits must be zero.
var signatureEncoding = base64.RawURLEncoding.Strict()

// Keys returns the public key with that id, or false if there is none that may
// sign codes now. It also tells its owner who signed: whether that party may
// issue codes for the store is the caller's to judge.
type Keys func(keyID string) (ed25519.PublicKey, bool)

// sign returns the text of the code that holds objects and a signature over all of them.
func sign(objects []Object, key ed25519.PrivateKey) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", fmt.Errorf("sign code: private key of %d bytes, not %d", len(key), ed25519.PrivateKeySize)
	}
	signed, err := write(objects)
	if err != nil {
		return "", err
	}
	halves := signatureObjects(ed25519.Sign(key, []byte(signingContext+signed)))
	return Encode(append(objects, halves...)...)
}

// signatureObjects returns the two objects in which a signature travels.
func signatureObjects(signature []byte) []Object {
	text := signatureEncoding.EncodeToString(signature)
	return []Object{
		{idSignatureFirst, signatureTemplate(text[:signatureHalf])},
		{idSignatureSecond, signatureTemplate(text[signatureHalf:])},
	}
}

func signatureTemplate(half string) string {
	value, err := EncodeTemplate(Object{idScheme, Scheme}, Object{idSignatureHalf, half})
	if err != nil {
		panic(fmt.Sprintf("qr: half a signature of %d characters does not fit: %v", len(half), err))
	}
	return value
}

// verify checks the signature over everything that stands before it. A code of
// ours without one is refused like a wrong one: to strip it gains nothing.
func (c claim) verify(keys Keys) error {
	objects := c.payload.objects
	if len(objects) < 3 {
		return hansa.Refuse(hansa.CodeInvalid, "the code is not signed")
	}
	first, second := objects[len(objects)-3], objects[len(objects)-2]
	if first.ID != idSignatureFirst || second.ID != idSignatureSecond {
		return hansa.Refuse(hansa.CodeInvalid, "the code is not signed: objects 80 and 81 are not the last two before the checksum")
	}
	signature, ok := signatureOf(first.Value, second.Value)
	if !ok {
		return hansa.Refuse(hansa.CodeInvalid, "objects 80 and 81 hold no signature of this network")
	}
	key, ok := keys(c.keyID)
	if !ok || len(key) != ed25519.PublicKeySize {
		return hansa.Refuse(hansa.UnknownKey, "code signed with key %s", c.keyID)
	}
	const tail = 2*header + len(checksumHeader) + 4
	signed := c.payload.text[:len(c.payload.text)-tail-len(first.Value)-len(second.Value)]
	if !ed25519.Verify(key, []byte(signingContext+signed), signature) {
		return hansa.Refuse(hansa.CodeInvalid, "wrong signature: the code was altered or made by someone else")
	}
	return nil
}

// signatureOf puts the two halves together. It accepts one way of writing them
// only, since they are the part of a code that is not itself signed.
func signatureOf(first, second string) ([]byte, bool) {
	frame := signatureTemplate(strings.Repeat("A", signatureHalf))
	frame = frame[:len(frame)-signatureHalf]
	firstHalf, okFirst := strings.CutPrefix(first, frame)
	secondHalf, okSecond := strings.CutPrefix(second, frame)
	if !okFirst || !okSecond || len(firstHalf) != signatureHalf || len(secondHalf) != signatureHalf {
		return nil, false
	}
	if strings.ContainsAny(firstHalf+secondHalf, "\r\n") {
		return nil, false
	}
	signature, err := signatureEncoding.DecodeString(firstHalf + secondHalf)
	return signature, err == nil
}
