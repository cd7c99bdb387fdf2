package api

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
)

// FormatPublicKey returns the raw 32 bytes of an Ed25519 public key (RFC 8032) in
// standard base64.
func FormatPublicKey(key ed25519.PublicKey) string {
	return base64.StdEncoding.EncodeToString(key)
}

// ParsePublicKey is the inverse of FormatPublicKey. It refuses, with Malformed,
// any other text and the keys of small order, under which anybody can make
// signatures that hold.
func ParsePublicKey(text string) (ed25519.PublicKey, error) {
	raw, ok := parseKeyBytes(text)
	if !ok {
		return nil, hansa.Refuse(hansa.Malformed, "a public key is 32 bytes in standard base64")
	}
	if smallOrder(raw) {
		return nil, hansa.Refuse(hansa.Malformed, "a public key of small order protects nothing")
	}
	return raw, nil
}

// seedPrefix keeps a secret from being taken for a public key, and lets scanners
// for leaked secrets find it.
const seedPrefix = "hansa_seed_"

// FormatSeed returns the private key as the line that stands in a key file. It is
// a secret.
func FormatSeed(key ed25519.PrivateKey) string {
	return seedPrefix + base64.StdEncoding.EncodeToString(key.Seed())
}

// ParseSeed is the inverse of FormatSeed, and lets the line end with a newline.
// The refusal, Malformed, repeats nothing of the text.
func ParseSeed(text string) (ed25519.PrivateKey, error) {
	seed, prefixed := strings.CutPrefix(strings.TrimSuffix(text, "\n"), seedPrefix)
	raw, ok := parseKeyBytes(seed)
	if !prefixed || !ok {
		return nil, hansa.Refuse(hansa.Malformed, "a seed is %s and 32 bytes in standard base64", seedPrefix)
	}
	return ed25519.NewKeyFromSeed(raw), nil
}

// parseKeyBytes reads 32 bytes, and only from the text that they are written as:
// the decoder would also take line breaks and stray bits.
func parseKeyBytes(text string) ([]byte, bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	return raw, err == nil && len(raw) == 32 && base64.StdEncoding.EncodeToString(raw) == text
}

// smallOrder tells if raw encodes a point whose order divides eight: by its
// y-coordinate, which is 0, 1, -1, one of the two of order eight, or such a number
// plus the field's prime. The last bit is the sign of x.
func smallOrder(raw []byte) bool {
	var y [32]byte
	copy(y[:], raw)
	y[31] &= 0x7f
	for _, weak := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		if point, err := hex.DecodeString(weak); err == nil && bytes.Equal(point, y[:]) {
			return true
		}
	}
	return false
}

const (
	participantMax = 64        // characters of a participant's id
	keyNumberMax   = 1_000_000 // keys of one participant
)

// KeyID names the key of a participant, such as nets#1. Numbers begin at 1.
func KeyID(participant string, number int) string {
	return participant + "#" + strconv.Itoa(number)
}

// ParseKeyID is the inverse of KeyID. It refuses any other text with Malformed.
func ParseKeyID(text string) (participant string, number int, err error) {
	participant, digits, _ := strings.Cut(text, "#")
	number, err = strconv.Atoi(digits)
	if err != nil || number < 1 || number > keyNumberMax || !isParticipant(participant) || KeyID(participant, number) != text {
		return "", 0, hansa.Refuse(hansa.Malformed, "a key id is a participant, # and a number")
	}
	return participant, number, nil
}

// isParticipant tells if text is lower-case letters, digits and hyphens.
func isParticipant(text string) bool {
	strange := func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }
	return text != "" && len(text) <= participantMax && !strings.ContainsFunc(text, strange)
}
