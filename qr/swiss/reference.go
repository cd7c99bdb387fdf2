package swiss

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/bank"
)

// referenceDigits is how many digits a QR reference has, the last a check digit.
const referenceDigits = 27

// isQRIBAN reports whether the bank's number in a Swiss account is one of those set
// aside for accounts that take money with a QR reference only.
func isQRIBAN(account string) bool {
	const from, to, first, last = 4, 9, "30000", "31999"
	return len(account) >= to && first <= account[from:to] && account[from:to] <= last
}

// CheckReference checks a QR reference without its spaces: 27 digits, of which the
// last follows from the others.
func CheckReference(number string) bank.Flaw {
	if len(number) != referenceDigits || !isDigits(number) {
		return bank.Malformed
	}
	if checkDigit(number[:referenceDigits-1]) != number[referenceDigits-1] {
		return bank.WrongCheck
	}
	return bank.Sound
}

// NewReference returns the QR reference for a number of one's own, of 1 to 26 digits.
// It refuses CodeInvalid.
func NewReference(number string) (string, error) {
	if number == "" || len(number) >= referenceDigits || !isDigits(number) {
		return "", hansa.Refuse(hansa.CodeInvalid, "a QR reference is made of 1 to %d digits", referenceDigits-1)
	}
	number = strings.Repeat("0", referenceDigits-1-len(number)) + number
	return string(append([]byte(number), checkDigit(number))), nil
}

// checkDigit returns the digit that follows number by the recursive modulo 10: each
// digit leads on from the carry before it.
func checkDigit(number string) byte {
	const digits, next = "0123456789", "0946827135"
	carry := 0
	for i := range len(number) {
		carry = int(next[(carry+int(number[i]-'0'))%10] - '0')
	}
	return digits[(10-carry)%10]
}

func isDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }
