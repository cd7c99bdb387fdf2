package bank

// CheckBIC checks a business identifier code of ISO 9362, which names a bank: four
// letters or digits, a country, a place and, in long ones, a branch. It has no
// check digits, so that a sound one may still name nobody.
func CheckBIC(bic string) Flaw {
	const short, long = 8, 11
	if len(bic) != short && len(bic) != long || !isAll(bic, isDigit, isUpper) {
		return Malformed
	}
	if !isUpper(bic[4]) || !isUpper(bic[5]) {
		return Malformed
	}
	return Sound
}
