package api

import (
	"crypto/ed25519"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/hansa-network/hansa"
)

// How long and for what a signature counts.
const (
	SignatureTag      = "hansa-v1"        // the tag that every signature carries
	SignatureAgeMax   = 300 * time.Second // since created
	SignatureAheadMax = 30 * time.Second  // that created may lie in the future

	signatureLabel     = "hansa" // ours; another label is as good
	signatureAlgorithm = "ed25519"
)

// Signing is what a party signs a message with. The nonce is never used twice
// with one key; a request must have one, an answer needs none.
type Signing struct {
	KeyID string
	Key   ed25519.PrivateKey
	Now   time.Time
	Nonce string
}

// A Key is the record of a public key. What is in it decides the algorithm, never
// the message: today a key is always Ed25519.
type Key struct {
	Public ed25519.PublicKey
}

// Verify tells if the holder of the key made signature over message.
func (k Key) Verify(message, signature []byte) bool {
	return len(k.Public) == ed25519.PublicKeySize && ed25519.Verify(k.Public, message, signature)
}

// Keys finds the key of a key id, such as nets#1. It answers false for a key that
// was withdrawn as for one that never was.
type Keys func(keyID string) (Key, bool)

// Verified is what is known after a signature was verified. The nonce is not yet
// known to be fresh: whoever changes something stores it with the change.
type Verified struct {
	KeyID     string
	Nonce     string
	Created   time.Time
	Input     string // the member of Signature-Input, which with Base makes the proof
	Base      []byte // what was signed
	Signature []byte
}

// SignRequest sets Content-Digest if there is a body, Signature-Input and
// Signature. The body is what will be sent, and a request with one must have its
// Content-Type. An error is a fault of the caller.
func SignRequest(r *http.Request, body []byte, p Signing) error {
	m, err := sent(r)
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	if p.Nonce == "" {
		return fmt.Errorf("sign request with key %s: no nonce", p.KeyID)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Digest", Digest(body))
	}
	if err := sign(m, requestComponents(body), p); err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	return nil
}

// VerifyRequest verifies a request as the server received it. The origin, for
// example https://pay.example, is the one that the server is known by; it comes
// from its configuration and never from the message. Refusals: Unsigned,
// BadSignature, UnknownKey, SignatureExpired.
func VerifyRequest(r *http.Request, body []byte, origin string, keys Keys, now time.Time) (Verified, error) {
	m, err := received(r, origin)
	if err != nil {
		return Verified{}, err
	}
	verified, err := m.verify(body, requestComponents(body), keys, now)
	if err == nil && verified.Nonce == "" {
		return Verified{}, hansa.Refuse(hansa.BadSignature, "no nonce")
	}
	return verified, err
}

// What a signature of a request must cover, without a body and with one.
var (
	askedBare     = []component{plain("@method"), plain("@target-uri")}
	askedWithBody = []component{plain("@method"), plain("@target-uri"), plain("content-type"), plain("content-digest")}
)

func requestComponents(body []byte) []component {
	if len(body) == 0 {
		return askedBare
	}
	return askedWithBody
}

// sign covers exactly components and writes the two fields.
func sign(m *message, components []component, p Signing) error {
	in, err := inputOf(components, p)
	if err != nil {
		return err
	}
	base, err := m.base(in)
	if err != nil {
		return err
	}
	if len(p.Key) != ed25519.PrivateKeySize {
		return fmt.Errorf("key %s is not an Ed25519 key", p.KeyID)
	}
	field := append(make([]byte, 0, signatureSize), signatureLabel...)
	field = appendBytes(append(field, '='), ed25519.Sign(p.Key, base))
	m.header.Set("Signature-Input", signatureLabel+"="+in.text)
	m.header.Set("Signature", string(field))
	return nil
}

// signatureSize is what the field has.
const signatureSize = len(signatureLabel) + len("=::") + (ed25519.SignatureSize+2)/3*4

// inputOf is the input of a signature over components.
func inputOf(components []component, p Signing) (input, error) {
	text := make([]byte, 0, inputSize)
	for i, one := range components {
		text = append(text, "( "[min(i, 1)])
		text = append(text, one.text...)
	}
	text = append(text, ");created="...)
	text = strconv.AppendInt(text, p.Now.Unix(), 10)
	for _, one := range [...]param{{name: ";keyid=", text: p.KeyID}, {name: ";nonce=", text: p.Nonce}, {name: ";tag=", text: SignatureTag}} {
		if one.text == "" {
			continue
		}
		var ok bool
		if text, ok = appendText(append(text, one.name...), one.text); !ok {
			return input{}, fmt.Errorf("%s %q is not plain text", one.name, one.text)
		}
	}
	return input{text: string(text), components: components}, nil
}

// nobody is the public key of a known seed. It is verified against when a key id
// is unknown, so that the time an answer takes does not tell which ids exist.
var nobody = ed25519.PublicKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))[ed25519.SeedSize:])

// verify checks the cheap things first and the signature last.
func (m *message) verify(body []byte, required []component, keys Keys, now time.Time) (Verified, error) {
	signature, err := readSignature(m.header)
	if err != nil {
		return Verified{}, err
	}
	if err := signature.inTime(now); err != nil {
		return Verified{}, err
	}
	if err := checkDigest(m.header, body); err != nil {
		return Verified{}, err
	}
	base, err := m.base(signature.input)
	if err != nil {
		return Verified{}, err
	}
	for _, needed := range required {
		if !slices.ContainsFunc(signature.input.components, func(c component) bool { return c.text == needed.text }) {
			return Verified{}, hansa.Refuse(hansa.BadSignature, "%s is not covered", needed.text)
		}
	}
	key, known := keys(signature.keyID)
	if !known {
		key.Public = nobody
	}
	genuine := key.Verify(base, signature.bytes)
	switch {
	case !known:
		return Verified{}, hansa.Refuse(hansa.UnknownKey, "no such key")
	case !genuine:
		return Verified{}, hansa.Refuse(hansa.BadSignature, "the signature does not verify")
	}
	return Verified{
		KeyID: signature.keyID, Nonce: signature.nonce, Created: signature.created,
		Input: signature.input.text, Base: base, Signature: signature.bytes,
	}, nil
}
