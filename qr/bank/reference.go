package bank

import (
	"fmt"

	"github.com/hansa-network/hansa"
)

// serialMax is how many characters a creditor reference has after its check digits.
const serialMax = 21

// CheckReference checks a creditor reference of ISO 11649 in its electronic form:
// RF, two check digits, and 1 to 21 letters or digits.
func CheckReference(reference string) Flaw {
	const head = len("RF00")
	if len(reference) <= head || len(reference) > head+serialMax || reference[:2] != "RF" {
		return Malformed
	}
	if !isDigit(reference[2]) || !isDigit(reference[3]) || !isAll(reference[head:], isDigit, isUpper) {
		return Malformed
	}
	if !checksFit(reference) {
		return WrongCheck
	}
	return Sound
}

// NewReference returns the creditor reference of ISO 11649 for a number of one's
// own, such as that of an invoice: 1 to 21 digits and letters in upper case.
// It refuses CodeInvalid.
func NewReference(serial string) (string, error) {
	if serial == "" || len(serial) > serialMax || !isAll(serial, isDigit, isUpper) {
		return "", hansa.Refuse(hansa.CodeInvalid, "a reference is made of 1 to %d digits and letters in upper case", serialMax)
	}
	check := 98 - remainder(remainder(0, serial), "RF00")
	return fmt.Sprintf("RF%02d%s", check, serial), nil
}
