// Package qr reads and writes payment codes: text to fields, fields to text,
// and text to the modules of a QR symbol. It knows the merchant-presented
// format of EMVCo (a walk over numbered objects), the two codes of our own that
// are signed in it, and the 24 digits that a customer shows at a till.
//
// It promises that what Parse and the Read functions return is exactly what was
// scanned and nothing else could have been meant: no object twice, no sign in a
// length, no character that hides or reorders text. It knows no store, order or
// wallet, and decides nothing about them. docs/codes.md is the specification.
package qr

import "github.com/hansa-network/hansa"

// A Kind says what a scanned text is, before anything in it is believed.
type Kind string

// The kinds of code that are ours.
const (
	KindStore   Kind = "store"   // a sticker: a signed EMVCo code that names a store, read as a StoreCode
	KindOrder   Kind = "order"   // one order at one till: a signed EMVCo code, read as an OrderCode
	KindPayment Kind = "payment" // what a customer shows: 24 digits, read as a PaymentCode
)

// Identify returns the kind of a scanned text by its outer form alone: neither
// signature nor check digit nor expiry is looked at, so that a caller knows
// which Read function must judge it.
//
// It refuses with hansa.CodeUnknown what is no code of ours, and with
// hansa.CodeInvalid an EMVCo code that is broken or contradicts itself.
func Identify(text string) (Kind, error) {
	kind, _, err := recognise(text)
	return kind, err
}

// recognise returns the kind of a text and, unless it is a payment code, what it
// claims.
func recognise(text string) (Kind, claim, error) {
	if ownPaymentDigits(ungroup(text)) {
		return KindPayment, claim{}, nil
	}
	if !looksLikePayload(text) {
		return "", claim{}, hansa.Refuse(hansa.CodeUnknown, "neither a payment code of this network nor an EMVCo code")
	}
	payload, err := Parse(text)
	if err != nil {
		return "", claim{}, err
	}
	c, err := claimOf(payload)
	return c.kind, c, err
}

// readClaim returns what a text of that kind, store or order, claims.
func readClaim(text string, kind Kind) (claim, error) {
	found, c, err := recognise(text)
	if err != nil {
		return claim{}, err
	}
	if found != kind {
		return claim{}, hansa.Refuse(hansa.CodeInvalid, "a code of kind %s, not %s", found, kind)
	}
	return c, nil
}
