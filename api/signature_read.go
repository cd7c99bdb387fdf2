package api

import (
	"net/http"
	"time"

	"github.com/dunglas/httpsfv"

	"github.com/hansa-network/hansa"
)

// A signature as read from the two fields, not yet verified.
type signature struct {
	label   string
	input   httpsfv.InnerList
	text    string // of input
	bytes   []byte
	created time.Time
	expires time.Time // zero if it does not say
	keyID   string
	nonce   string
}

// readSignature accepts one text for one meaning: one line per field, one label,
// and that written exactly as RFC 9651 serialises it. So a repeated label or
// parameter, which a parser would silently drop, cannot occur.
func readSignature(header http.Header) (signature, error) {
	inputs, signatures := header.Values("Signature-Input"), header.Values("Signature")
	if len(inputs) == 0 && len(signatures) == 0 {
		return signature{}, hansa.Refuse(hansa.Unsigned, "no Signature-Input and no Signature")
	}
	label, member, text, err := readOnly("Signature-Input", inputs)
	if err != nil {
		return signature{}, err
	}
	other, value, _, err := readOnly("Signature", signatures)
	if err != nil {
		return signature{}, err
	}
	input, isList := member.(httpsfv.InnerList)
	item, isItem := value.(httpsfv.Item)
	if !isList || !isItem || label != other {
		return signature{}, hansa.Refuse(hansa.BadSignature, "Signature-Input and Signature do not belong together")
	}
	raw, isBytes := item.Value.([]byte)
	if !isBytes || len(item.Params.Names()) != 0 {
		return signature{}, hansa.Refuse(hansa.BadSignature, "Signature is not a byte sequence")
	}
	if len(input.Items) == 0 {
		return signature{}, hansa.Refuse(hansa.BadSignature, "the signature covers nothing")
	}
	read := signature{label: label, input: input, text: text[len(label)+1:], bytes: raw}
	return read, read.readParams()
}

// readOnly returns the only member of a dictionary that is the only line.
func readOnly(name string, lines []string) (label string, member httpsfv.Member, text string, err error) {
	if len(lines) != 1 || len(lines[0]) > SignatureMax {
		return "", nil, "", hansa.Refuse(hansa.BadSignature, "need one %s of at most %d bytes", name, SignatureMax)
	}
	dictionary, err := httpsfv.UnmarshalDictionary(lines)
	if err != nil {
		return "", nil, "", hansa.Refuse(hansa.BadSignature, "%s is not a dictionary", name)
	}
	text, err = httpsfv.Marshal(dictionary)
	if err != nil || text != lines[0] {
		return "", nil, "", hansa.Refuse(hansa.BadSignature, "%s is not in canonical form", name)
	}
	labels := dictionary.Names()
	if len(labels) != 1 {
		return "", nil, "", hansa.Refuse(hansa.BadSignature, "need exactly one signature")
	}
	member, _ = dictionary.Get(labels[0])
	return labels[0], member, text, nil
}

// readParams reads the parameters of the signature and refuses those it does not
// know. The parameter alg may be left out; it never chooses the algorithm.
func (s *signature) readParams() error {
	var tag string
	algorithm := signatureAlgorithm
	for _, name := range s.input.Params.Names() {
		value, _ := s.input.Params.Get(name)
		ok := false
		switch name {
		case "created":
			s.created, ok = unix(value)
		case "expires":
			s.expires, ok = unix(value)
		case "keyid":
			s.keyID, ok = value.(string)
		case "nonce":
			s.nonce, ok = value.(string)
		case "tag":
			tag, ok = value.(string)
		case "alg":
			algorithm, ok = value.(string)
		}
		if !ok {
			return hansa.Refuse(hansa.BadSignature, "parameter %s is unknown or of the wrong type", name)
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

func unix(value any) (time.Time, bool) {
	seconds, ok := value.(int64)
	return time.Unix(seconds, 0).UTC(), ok
}

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
