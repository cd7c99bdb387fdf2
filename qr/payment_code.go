package qr

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// Layout of a payment code: issuer, type, random digits, check digit.
const (
	paymentDigits  = 24
	issuerDigits   = 6
	randomDigits   = 16
	issuerPrefix   = "70" // no wallet known to us begins so: 10-15, 25-30, 62, 90 and 98 are others'
	paymentTextMax = 96   // bytes of a scanned text that may still be 24 digits in groups
)

// A PaymentType says how a payment code came about: its seventh digit.
type PaymentType uint8

// Issued is a code that the network drew for a wallet, good for one payment and
// one minute. The other nine digits are kept for codes to come.
const Issued PaymentType = 1

// A PaymentCode is what a customer shows at a till: 24 digits that mean nothing
// by themselves. Whoever sees the text can try to be paid with it, so it belongs
// in no log.
type PaymentCode struct {
	Issuer string      // six digits: the network's 70 and the issuer's four
	Type   PaymentType // how it came about
	Text   string      // all 24 digits, without spaces
}

// Grouped returns the digits in groups of four, as they are shown to people.
func (c PaymentCode) Grouped() string {
	var text strings.Builder
	for i := range len(c.Text) {
		if i > 0 && i%4 == 0 {
			text.WriteByte(' ')
		}
		text.WriteByte(c.Text[i])
	}
	return text.String()
}

// NewPaymentCode draws a payment code for an issuer, whose prefix is 70 and four
// digits. All 10^16 codes of an issuer are equally likely; that the code is not
// in use already is for the caller to see. The same chance draws the same digits,
// so that several codes of one operation need a Draw each. Issued is the only
// type so far.
//
// It refuses with hansa.CodeInvalid another prefix or type.
func NewPaymentCode(issuer string, paymentType PaymentType, chance hansa.Chance) (string, error) {
	if !consistsOf(issuer, digit, issuerDigits) || !strings.HasPrefix(issuer, issuerPrefix) {
		return "", hansa.Refuse(hansa.CodeInvalid, "issuer %q, not %s and four digits", shown.Fit(issuer, issuerDigits), issuerPrefix)
	}
	if paymentType != Issued {
		return "", hansa.Refuse(hansa.CodeInvalid, "payment codes of type %d are not in use", paymentType)
	}
	text := fmt.Sprintf("%s%d%0*d", issuer, paymentType, randomDigits, drawBelow(10_000_000_000_000_000, chance))
	return text + string(checkDigit(text)), nil
}

// ParsePaymentCode reads a payment code as scanned or typed: spaces between the
// digits, and white space and a byte order mark around them, do not matter.
//
// It refuses with hansa.CodeUnknown what is not 24 digits of this network, and
// with hansa.CodeInvalid a mistyped or misread code. The refusal does not repeat
// the code.
func ParsePaymentCode(text string) (PaymentCode, error) {
	if !ownPaymentDigits(ungroup(text)) {
		return PaymentCode{}, hansa.Refuse(hansa.CodeUnknown, "not the %d digits of a payment code of this network", paymentDigits)
	}
	code, findings := readPayment(text)
	if len(findings) == 0 {
		return code, nil
	}
	reason := hansa.CodeInvalid
	if findings[0].Code == reading.Reserved {
		reason = hansa.CodeUnknown
	}
	return PaymentCode{}, hansa.Refuse(reason, "%s", findings[0].Detail)
}

// readPayment reads the digits of a payment code of this network.
func readPayment(text string) (PaymentCode, []reading.Finding) {
	digits := ungroup(text)
	code := PaymentCode{Issuer: digits[:issuerDigits], Type: PaymentType(digits[issuerDigits] - '0'), Text: digits}
	if checkDigit(digits[:paymentDigits-1]) != digits[paymentDigits-1] {
		return code, []reading.Finding{*broken(reading.Checksum, placeCheckDigit, "wrong check digit: mistyped or misread")}
	}
	if code.Type != Issued {
		return code, []reading.Finding{*broken(reading.Reserved, placeType, "payment codes of type %d are not in use", code.Type)}
	}
	return code, nil
}

// Places within a payment code.
const (
	placeIssuer     reading.Place = "digits 1-6"
	placeType       reading.Place = "digit 7"
	placeCheckDigit reading.Place = "digit 24"
)

// paymentFields are what the digits say, which is not whose they are.
func paymentFields(code PaymentCode) []reading.Field {
	return []reading.Field{
		{Name: "payment_code", Value: code.Text},
		{Place: placeIssuer, Name: "issuer", Value: code.Issuer},
		{Place: placeType, Name: "type", Value: strconv.Itoa(int(code.Type))},
	}
}

func ownPaymentDigits(digits string) bool {
	return consistsOf(digits, digit, paymentDigits) && strings.HasPrefix(digits, issuerPrefix)
}

// withoutSpaces drops the space and its two unbreakable forms.
var withoutSpaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")

// ungroup drops what people and scanners put between and around digits.
func ungroup(text string) string {
	if len(text) > paymentTextMax {
		return text
	}
	return withoutSpaces.Replace(strings.Trim(text, " \t\r\n"+byteOrderMark))
}

// drawBelow returns a number below n, every one equally likely: draws from the
// incomplete last stretch of 64 bits are thrown away.
func drawBelow(n uint64, chance hansa.Chance) uint64 {
	limit := ^uint64(0) - ^uint64(0)%n
	for i := 0; ; i++ {
		draw := chance.Draw(fmt.Sprintf("payment code %d", i))
		for at := 0; at < len(draw); at += 8 {
			if v := binary.BigEndian.Uint64(draw[at:]); v < limit {
				return v % n
			}
		}
	}
}

// quasigroup is the table of H. Michael Damm's check digit, which finds every
// single wrong digit and every swap of two neighbours; the doubling of every
// second digit, more common, misses the swap of 0 and 9.
var quasigroup = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

// checkDigit returns the digit that follows digits.
func checkDigit(digits string) byte {
	interim := byte(0)
	for i := range len(digits) {
		interim = quasigroup[interim][digits[i]-'0']
	}
	return '0' + interim
}
