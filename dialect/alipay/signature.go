package alipay

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// algorithm is the only one: SHA256withRSA, PKCS #1 v1.5.
const algorithm = "RSA256"

// signatureMax bounds a Signature field, in bytes.
const signatureMax = 2 << 10

// A signer signs in the name of one party.
type signer struct {
	key     *rsa.PrivateKey
	version int
}

func newSigner(key *rsa.PrivateKey, version int) signer {
	if key == nil || key.N.BitLen() < KeyBitsMin {
		panic(fmt.Sprintf("alipay: a key needs %d bits", KeyBitsMin))
	}
	if version == 0 {
		version = 1
	}
	return signer{key, version}
}

// sign returns the value of the Signature field. The same text has one signature.
func (s signer) sign(e envelope) string {
	sum := sha256.Sum256(e.text())
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		panic("alipay: " + err.Error()) // The length of the key was checked.
	}
	return fmt.Sprintf("algorithm=%s,keyVersion=%d,signature=%s",
		algorithm, s.version, url.QueryEscape(base64.StdEncoding.EncodeToString(signature)))
}

// verify refuses an envelope that is not signed under one of the public keys, which
// are PEM blocks: the first is that of version 1.
func (e envelope) verify(signature, publicKeys string) error {
	given, ok := parseSignature(signature)
	if !ok {
		return reject(invalidSignature, "Signature: want algorithm=%s,keyVersion=1,signature=…", algorithm)
	}
	key, ok := keyOf(publicKeys, given.version)
	if !ok {
		return reject(keyNotFound, "no public key of version %d", given.version)
	}
	sum := sha256.Sum256(e.text())
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], given.bytes) != nil {
		return reject(invalidSignature, "the signature does not hold for %s", e.described())
	}
	return nil
}

// signed is a Signature field that was read.
type signed struct {
	version int // 1 where none is given
	bytes   []byte
}

// parseSignature reads a Signature field, with spaces behind its commas or without.
// Each part is given once, and the algorithm is the one there is.
func parseSignature(field string) (s signed, ok bool) {
	if len(field) > signatureMax {
		return s, false
	}
	parts := make(map[string]string)
	for part := range strings.SplitSeq(field, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := parts[name]; !found || twice {
			return s, false
		}
		parts[name] = value
	}
	if parts["algorithm"] != algorithm {
		return s, false
	}
	s.version = 1
	if version, given := parts["keyVersion"]; given {
		number, err := strconv.ParseUint(version, 10, 8)
		if err != nil {
			return s, false
		}
		s.version = int(number)
	}
	text, err := url.PathUnescape(parts["signature"]) // A plus stays a plus, for who did not escape it.
	if err != nil || text == "" {
		return s, false
	}
	s.bytes, err = base64.StdEncoding.DecodeString(text)
	return s, err == nil
}

// keyOf returns the public key of a version, if there is one that is good enough.
func keyOf(publicKeys string, version int) (*rsa.PublicKey, bool) {
	rest := []byte(publicKeys)
	for at := 1; at <= version; at++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, false
		}
		if at < version {
			continue
		}
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		key, isRSA := parsed.(*rsa.PublicKey)
		return key, err == nil && isRSA && key.N.BitLen() >= KeyBitsMin
	}
	return nil, false
}
