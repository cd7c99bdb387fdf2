package api

import (
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
)

// A signature as read from the two fields, not yet verified.
type signature struct {
	label   string
	input   input
	bytes   []byte
	text    string // the bytes as they stand in the field
	created time.Time
	expires time.Time // zero if it does not say
	keyID   string
	nonce   string
}

// readSignature accepts one text for one meaning: one line per field, one label,
// and that written exactly as RFC 9651 serialises it.
func readSignature(header http.Header) (signature, error) {
	inputs, signatures := header.Values("Signature-Input"), header.Values("Signature")
	if len(inputs) == 0 && len(signatures) == 0 {
		return signature{}, hansa.Refuse(hansa.Unsigned, "no Signature-Input and no Signature")
	}
	label, text, err := readOnly("Signature-Input", inputs)
	if err != nil {
		return signature{}, err
	}
	other, encoded, err := readOnly("Signature", signatures)
	if err != nil {
		return signature{}, err
	}
	if label != other {
		return signature{}, hansa.Refuse(hansa.BadSignature, "Signature-Input and Signature do not belong together")
	}
	in, ok := parseInput(text)
	if !ok {
		return signature{}, hansa.Refuse(hansa.BadSignature, "Signature-Input is not one input in canonical form")
	}
	f := fieldReader{encoded}
	raw, ok := f.bytes()
	if !ok || f.rest != "" {
		return signature{}, hansa.Refuse(hansa.BadSignature, "Signature is not one byte sequence in canonical form")
	}
	if len(in.components) == 0 {
		return signature{}, hansa.Refuse(hansa.BadSignature, "the signature covers nothing")
	}
	read := signature{label: label, input: in, bytes: raw, text: encoded}
	return read, read.readParams()
}

// readOnly parts the only line of a field into its label and what that stands for.
func readOnly(name string, lines []string) (label, value string, err error) {
	if len(lines) != 1 || len(lines[0]) > SignatureMax {
		return "", "", hansa.Refuse(hansa.BadSignature, "need one %s of at most %d bytes", name, SignatureMax)
	}
	f := fieldReader{lines[0]}
	label, ok := f.key()
	if !ok || !f.take("=") {
		return "", "", hansa.Refuse(hansa.BadSignature, "%s has no label", name)
	}
	return label, f.rest, nil
}

// readParams reads the parameters of the signature and refuses those it does not
// know. The parameter alg may be left out; it never chooses the algorithm.
func (s *signature) readParams() error {
	var tag string
	algorithm := signatureAlgorithm
	for _, p := range s.input.params {
		ok := p.kind == aText
		switch p.name {
		case "created":
			s.created, ok = p.time()
		case "expires":
			s.expires, ok = p.time()
		case "keyid":
			s.keyID = p.text
		case "nonce":
			s.nonce = p.text
		case "tag":
			tag = p.text
		case "alg":
			algorithm = p.text
		default:
			ok = false
		}
		if !ok {
			return hansa.Refuse(hansa.BadSignature, "parameter %s is unknown or of the wrong type", p.name)
		}
	}
	switch {
	case s.created.IsZero():
		return hansa.Refuse(hansa.BadSignature, "no time of creation")
	case s.keyID == "" || len(s.keyID) > KeyIDMax:
		return hansa.Refuse(hansa.BadSignature, "no key id, or one over %d characters", KeyIDMax)
	case len(s.nonce) > NonceMax:
		return hansa.Refuse(hansa.BadSignature, "the nonce is over %d characters", NonceMax)
	case tag != SignatureTag:
		return hansa.Refuse(hansa.BadSignature, "the tag is not %s", SignatureTag)
	case algorithm != signatureAlgorithm:
		return hansa.Refuse(hansa.BadSignature, "the algorithm is not that of the key")
	}
	return nil
}

func (p param) time() (time.Time, bool) { return time.Unix(p.number, 0).UTC(), p.kind == aNumber }

// inTime holds the window of acceptance, both ends included.
func (s *signature) inTime(now time.Time) error {
	age := now.Sub(s.created)
	switch {
	case age > SignatureAgeMax:
		return hansa.Refuse(hansa.SignatureExpired, "created more than %s ago", SignatureAgeMax)
	case age < -SignatureAheadMax:
		return hansa.Refuse(hansa.SignatureExpired, "created more than %s in the future", SignatureAheadMax)
	case !s.expires.IsZero() && now.After(s.expires):
		return hansa.Refuse(hansa.SignatureExpired, "expired as its signer said")
	}
	return nil
}
