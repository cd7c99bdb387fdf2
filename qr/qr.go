// Package qr is the front door to payment codes. It reads any text that was
// scanned, of every scheme that we know, and writes and judges the three codes of
// our own: two that are signed in the merchant-presented format of EMVCo, and the
// 24 digits that a customer shows at a till.
//
// It promises that what it reads is exactly what was scanned and that nothing else
// could have been meant, and that a code of ours leads to something to act on only
// where Verify found no error in it. It knows no store, order or wallet: what there
// is to know about them a Directory says. docs/codes.md is the specification of our
// codes.
package qr

import "github.com/hansa-network/hansa/qr/scheme"

// The kinds of code that are ours, as a Reading names them.
const (
	KindStore   = scheme.OwnStore   // a sticker: a signed EMVCo code that names a store
	KindOrder   = scheme.OwnOrder   // one order at one till: a signed EMVCo code
	KindPayment = scheme.OwnPayment // what a customer shows: 24 digits
)
