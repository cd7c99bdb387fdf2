package qr

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A signature has 86 characters and a template holds 99, of which the name of the
// scheme takes some, so it lies in halves in the last two objects before the
// checksum.
const (
	idSignatureFirst  mpm.ID = 80
	idSignatureSecond mpm.ID = 81
	idSignatureHalf   mpm.ID = 1 // inside either
	signatureHalf            = 43
	checksumTail             = 8                   // characters of object 63, the last
	signatureFrame           = "0009org.hansa0143" // what stands before either half in its template
	signatureTail            = 2*(4+len(signatureFrame)+signatureHalf) + checksumTail
)

// signingContext is put before what is signed, so that a signature made with the
// same key for another purpose never fits a code.
const signingContext = "hansa code 1\n"

// signatureEncoding allows one text per signature: padding bits must be zero.
var signatureEncoding = base64.RawURLEncoding.Strict()

// sign returns the text of the code that holds objects and a signature over all of
// them.
func sign(objects []mpm.Object, key ed25519.PrivateKey) (string, error) {
	if len(key) != ed25519.PrivateKeySize {
		return "", fmt.Errorf("sign code: private key of %d bytes, not %d", len(key), ed25519.PrivateKeySize)
	}
	unsigned, err := mpm.Encode(objects...)
	if err != nil {
		return "", err
	}
	signed := unsigned[:len(unsigned)-checksumTail]
	text := signatureEncoding.EncodeToString(ed25519.Sign(key, []byte(signingContext+signed)))
	return mpm.Encode(append(objects,
		mpm.Object{ID: idSignatureFirst, Value: signatureFrame + text[:signatureHalf]},
		mpm.Object{ID: idSignatureSecond, Value: signatureFrame + text[signatureHalf:]},
	)...)
}

// signedText is what the signature at the end of a code covers.
func signedText(code mpm.Code) string {
	text := code.Text()
	return text[:len(text)-signatureTail]
}

// signatureOf returns the signature of a code, or the first thing that is wrong
// with its form. It accepts one way of writing it only, since it is the part of a
// code that is not itself signed.
func signatureOf(code mpm.Code) ([]byte, *reading.Finding) {
	first, second := halfAt(code, idSignatureFirst), halfAt(code, idSignatureSecond)
	switch {
	case first < 0 && second < 0:
		return nil, broken(reading.SignatureMissing, "80", "the signature was stripped, or never there")
	case first < 0:
		return nil, broken(reading.SignatureMissing, "80", "the first half of the signature was stripped")
	case second < 0:
		return nil, broken(reading.SignatureMissing, "81", "the second half of the signature was stripped")
	case second < first:
		return nil, broken(reading.SignatureForm, "81", "the second half of the signature stands before the first")
	}
	objects := code.Objects()
	tail := objects[max(0, len(objects)-3):]
	if tail[0].ID != idSignatureFirst || tail[1].ID != idSignatureSecond {
		return nil, broken(reading.SignatureForm, placeOf(behindSignature(objects)),
			"objects 80 and 81 are not the last two before the checksum")
	}
	var text strings.Builder
	for _, half := range tail[:2] {
		value, ok := strings.CutPrefix(half.Value, signatureFrame)
		if !ok || utf8.RuneCountInString(value) != signatureHalf {
			return nil, broken(reading.SignatureForm, placeOf(half.ID), "not %s and half a signature", signatureFrame)
		}
		if at := strings.IndexFunc(value, notBase64URL); at >= 0 {
			return nil, broken(reading.SignatureForm, placeOf(half.ID, idSignatureHalf), "byte %d does not belong to base64url", at+1)
		}
		text.WriteString(value)
	}
	signature, err := signatureEncoding.DecodeString(text.String())
	if err != nil {
		return nil, broken(reading.SignatureForm, placeOf(idSignatureSecond, idSignatureHalf), "the unused bits of the last character are not zero")
	}
	return signature, nil
}

// halfAt returns where in the code the template of ours with that id is, or -1.
func halfAt(code mpm.Code, id mpm.ID) int {
	return slices.IndexFunc(code.Objects(), func(o mpm.Object) bool { return o.ID == id && isOwn(o.Value) })
}

// behindSignature returns the first object that stands within or behind the
// signature, the checksum apart.
func behindSignature(objects []mpm.Object) mpm.ID {
	begun := false
	for _, object := range objects {
		if begun && object.ID != idSignatureSecond && object.ID != mpm.IDChecksum {
			return object.ID
		}
		begun = begun || object.ID == idSignatureFirst
	}
	return idSignatureFirst
}

func notBase64URL(char rune) bool {
	return (char < 'A' || char > 'Z') && (char < 'a' || char > 'z') && (char < '0' || char > '9') && char != '-' && char != '_'
}
