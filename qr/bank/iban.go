package bank

import "strings"

// ibanLengths lists each country of the registry of ISO 13616 with the length of
// its account numbers. Kosovo has a code of its own making.
const ibanLengths = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28" +
	"EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20" +
	"LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29" +
	"RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30"

// The longest and the shortest number that ISO 13616 allows.
const (
	ibanMax = 34
	ibanMin = 5
)

// CheckIBAN checks an account number of ISO 13616 in its electronic form, without
// spaces and in upper case: its country, its length and its check digits. What
// the country itself demands of the rest is not checked.
func CheckIBAN(iban string) Flaw {
	if len(iban) < ibanMin || len(iban) > ibanMax || !isAll(iban, isDigit, isUpper) {
		return Malformed
	}
	if !isUpper(iban[0]) || !isUpper(iban[1]) || !isDigit(iban[2]) || !isDigit(iban[3]) {
		return Malformed
	}
	length := ibanLength(iban[:2])
	switch {
	case length == 0:
		return UnknownCountry
	case length != len(iban):
		return WrongLength
	case iban[2:4] < "02" || iban[2:4] > "98" || !checksFit(iban):
		// 00, 01 and 99 leave the same remainders as 97, 98 and 02: only those are ever written.
		return WrongCheck
	}
	return Sound
}

// ibanLength returns the length of the numbers of the country, and 0 if the
// registry does not have it.
func ibanLength(country string) int {
	const row = len("AD24")
	for at := 0; at < len(ibanLengths); at += row {
		if ibanLengths[at:at+2] == country {
			return int(ibanLengths[at+2]-'0')*10 + int(ibanLengths[at+3]-'0')
		}
	}
	return 0
}

// Compact returns a number as machines write it: what is printed in groups, or in
// lower case, without spaces and in upper case. It is without allocation where
// nothing changes. Only the letters of ASCII change: some of other scripts, such as
// the ı without a point, have one of ASCII as their capital.
func Compact(number string) string {
	return strings.Map(func(char rune) rune {
		switch {
		case char == ' ':
			return -1
		case char >= 'a' && char <= 'z':
			return char - 'a' + 'A'
		}
		return char
	}, number)
}
