package barcode

import "strings"

// Lengths of card numbers that a payment code may be taken for.
const (
	cardLengthMin = 15
	cardLengthMax = 19
)

// cardPrefixes are where the numbers of payment cards begin, coarsely. Mastercard's
// range of 2221 to 2720 lies over Alipay's prefixes, and UnionPay's cards begin as
// its payment codes do.
var cardPrefixes = []string{
	"222", "223", "224", "225", "226", "227", "228", "229", "23", "24", "25", "26", "270", "271", "2720",
	"30", "34", "35", "36", "37", "38", "39", "4", "5", "6",
}

// looksLikeCard reports a number that passes the check of card numbers (ISO/IEC
// 7812-1), unless its prefix is a wallet's and no card's.
func (r *reader) looksLikeCard() bool {
	digits := r.code.digits
	if len(digits) < cardLengthMin || len(digits) > cardLengthMax || !passesLuhn(digits) {
		return false
	}
	if !r.owned {
		return true
	}
	for _, prefix := range cardPrefixes {
		if strings.HasPrefix(digits, prefix) {
			return true
		}
	}
	return false
}

// passesLuhn reports whether the last digit is the check digit of the others.
func passesLuhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		digit := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}
