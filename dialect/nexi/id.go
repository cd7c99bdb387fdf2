package nexi

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"github.com/hansa-network/hansa"
)

// Ids of the protocol are hexadecimal. That of a payment has 32 digits, is made here and
// is the request id under which its order was opened: so it is found again without a
// table. That of a charge or refund is the network's id of the movement, written in
// another alphabet. Where a payment is charged when it is reserved there is no movement,
// and the charge goes by the id of the payment with another beginning.
const (
	paymentDigits   = "02" // with which the ids of payments begin
	chargeDigits    = "01" // and those of charges that have no movement
	movementPrefix  = "mov_"
	movementIDBytes = 18
	idMax           = 64
)

// movementAlphabet is that of hansa.NewID.
var movementAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// paymentID makes the id of a new payment. With an idempotency key it is the same for
// the same key.
func (d *desk) paymentID(key string) string {
	return paymentDigits + d.requestID("payment", key)[len(paymentDigits):]
}

// requestID makes a request id for the network. With an idempotency key it is the same
// for the same key and purpose, without one no other ever has it.
func (d *desk) requestID(purpose, key string) string {
	drawn := d.Chance.Draw("nexi " + purpose)
	if key != "" {
		drawn = sha256.Sum256([]byte("nexi\x00" + purpose + "\x00" + key))
	}
	return hex.EncodeToString(drawn[:16])
}

// idempotencyKey returns what the client sent as such, of 1 to 64 visible characters.
func (d *desk) idempotencyKey() (string, error) {
	key := d.Request.Header.Get("Idempotency-Key")
	if len(key) > idMax || strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", invalid("Idempotency-Key", "must have 1 to 64 visible characters")
	}
	return key, nil
}

// immediateCharge is the id of the charge of a payment that is charged when reserved.
func immediateCharge(payment string) string { return chargeDigits + payment[len(chargeDigits):] }

// chargedWith returns the payment that has this immediate charge, if the id is of that kind.
func chargedWith(charge string) (string, bool) {
	rest, ok := strings.CutPrefix(charge, chargeDigits)
	return paymentDigits + rest, ok
}

// movementID translates the network's id of a movement. What is no such id stays as it is.
func movementID(movement string) string {
	raw, err := movementAlphabet.DecodeString(strings.TrimPrefix(movement, movementPrefix))
	if err != nil || len(raw) != movementIDBytes {
		return movement
	}
	return hex.EncodeToString(raw)
}

// movementOf is the reverse of movementID.
func movementOf(id string) (string, error) {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != movementIDBytes {
		return "", hansa.Refuse(hansa.NotFound, "no such id")
	}
	return movementPrefix + movementAlphabet.EncodeToString(raw), nil
}

// isID reports whether a part of a path can be an id.
func isID(text string) bool {
	return text != "" && len(text) <= idMax && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
}
