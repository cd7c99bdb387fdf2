package qr

import (
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
)

// Identify returns the kinds of a scanned text by its outer form alone, the
// closest first: of our codes and of all schemes that we know. Nothing in the text
// is believed for that; Read judges it. The slice is shared and must not be changed.
//
// It refuses with hansa.CodeUnknown a text of no scheme that we know, and with
// hansa.CodeInvalid a text whose outer form is broken, of which the kinds are
// those that it was meant to have. The rules by which it works are scheme.Rules.
func Identify(text string) ([]string, error) {
	match := identify(text)
	return match.Kinds, match.Err()
}

// identify takes the spaces out of our payment codes, which people type in groups.
func identify(text string) routing.Match {
	if digits := ungroup(text); ownPaymentDigits(digits) {
		text = digits
	}
	return scheme.Match(text)
}
