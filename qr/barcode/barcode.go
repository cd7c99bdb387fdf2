// Package barcode reads the numeric codes that a wallet shows and a till scans,
// from a Code 128 barcode or a QR symbol, or that a person types from below it. It
// knows the prefixes and lengths of each wallet, and that they overlap: it names
// every kind that a number may be, the closest first. Such a number is money for a
// minute: the package shows it whole under one name only, SecretField, and never in
// a finding, and it says where a number may be that of a card.
package barcode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// The kinds of numeric codes, named for the wallet whose customers show them.
const (
	Alipay     = "barcode/alipay-cpm"
	AlipayPlus = "barcode/alipayplus"
	WeChat     = "barcode/wechat-cpm"
	UnionPay   = "barcode/unionpay-cpm"
	Bluecode   = "barcode/bluecode"
	PayPay     = "barcode/paypay-cpm"
	LINEPay    = "barcode/linepay-cpm"
	RakutenPay = "barcode/rakutenpay-cpm"
	DBarai     = "barcode/dbarai-cpm"
	Merpay     = "barcode/merpay-cpm"
	YuchoPay   = "barcode/yuchopay-cpm"
	AuPay      = "barcode/aupay-cpm"
	Pring      = "barcode/pring-cpm"
)

// SecretField is the name of the field that holds the whole number. Whoever sees
// it can pay with it until it expires: it must not be logged, stored or shown.
const SecretField = "payment_code"

// A numeric code has so many digits; a shorter or longer number is something else,
// such as the number of an article.
const (
	lengthMin = 15
	lengthMax = 34
)

// A Code is a number as it was read. Printed with the package fmt it hides all
// digits but the issuer's.
type Code struct {
	digits string
	kinds  []string
	issuer int // so many digits lead to the issuer
	typed  bool
}

// Kinds returns the kinds that the number has, or was meant to have where a finding
// is an error, the closest first. It is shared: not to be changed.
func (c Code) Kinds() []string { return c.kinds }

// Digits returns the whole number without the spaces between its groups. It is the
// secret that SecretField names.
func (c Code) Digits() string { return c.digits }

// Issuer returns the digits in front that lead to the wallet: the Code Issuer
// Identifier of Alipay+, the prefix of others, nothing where no kind is known.
func (c Code) Issuer() string { return c.digits[:c.issuer] }

// Type returns the business type of an Alipay+ code, two digits, or nothing.
func (c Code) Type() string {
	if !c.typed {
		return ""
	}
	return c.digits[identifierLength:][:typeLength]
}

// String returns the issuer's digits and a star for each of the others.
func (c Code) String() string {
	return c.Issuer() + strings.Repeat("*", len(c.digits)-c.issuer)
}

// GoString returns the same as String, so that no verb of fmt shows the secret.
func (c Code) GoString() string { return "barcode.Code(" + c.String() + ")" }

// Fields returns the issuer, the business type where there is one, the number of
// digits, and last the secret under SecretField. A number of unknown issuer, which
// may be that of a card, is not among them.
func (c Code) Fields() []reading.Field {
	if c.digits == "" {
		return nil
	}
	var fields []reading.Field
	if c.issuer > 0 {
		fields = append(fields, reading.Field{Place: digitsFrom(0, c.issuer), Name: "issuer", Value: c.Issuer()})
	}
	if c.typed {
		fields = append(fields, reading.Field{Place: digitsFrom(identifierLength, typeLength), Name: "type", Value: c.Type()})
	}
	fields = append(fields, reading.Field{Name: "length", Value: strconv.Itoa(len(c.digits))})
	if c.issuer > 0 {
		fields = append(fields, reading.Field{Place: digitsFrom(0, len(c.digits)), Name: SecretField, Value: c.digits})
	}
	return fields
}

func digitsFrom(start, length int) reading.Place {
	return reading.Place(fmt.Sprintf("digits %d-%d", start+1, start+length))
}

// Recognises reports whether text is a number of a payment code's length, in groups
// or not. Digits that are not those of ASCII count here, since whoever typed them
// meant a number; Read refuses them.
func Recognises(text string) bool {
	count := 0
	for _, char := range unwrapped(text) {
		if char == ' ' {
			continue
		}
		if _, ok := digitOf(char); !ok || count == lengthMax {
			return false
		}
		count++
	}
	return count >= lengthMin
}

// Read reads a scanned or typed number. It accepts spaces between groups of digits
// and around the number, and nothing else but the ten digits of ASCII. The findings
// say what is wrong with the number for the closest kind.
func Read(text string) (Code, []reading.Finding) {
	r := reader{}
	if !r.take(text) {
		return Code{}, r.findings
	}
	r.match()
	if r.looksLikeCard() {
		r.found(reading.LooksLikeCard, "", reading.Note, "may be the number of a payment card: not to be logged")
	}
	return r.code, r.findings
}

// A reader collects what it finds about one number.
type reader struct {
	code     Code
	owned    bool // a kind was found by its prefix
	findings []reading.Finding
}

func (r *reader) found(code reading.Code, place reading.Place, severity reading.Severity, format string, args ...any) {
	r.findings = append(r.findings, reading.Finding{Code: code, Place: place, Severity: severity, Detail: fmt.Sprintf(format, args...)})
}

// match finds the kinds of the number. Who has the longest prefix decides whether
// its length is one in use.
func (r *reader) match() {
	var fits, reserved, near []Rule
	for _, rule := range rules {
		switch length := len(r.code.digits); {
		case !strings.HasPrefix(r.code.digits, rule.Prefix):
		case slices.Contains(rule.Lengths, length):
			fits = append(fits, rule)
		case slices.Contains(rule.Reserved, length):
			reserved = append(reserved, rule)
		default:
			near = append(near, rule)
		}
	}
	near = longest(near)
	switch {
	case len(reserved) > 0 && (len(fits) == 0 || len(reserved[0].Prefix) > len(fits[0].Prefix)):
		r.own(slices.Concat(reserved, fits))
		r.found(reading.Reserved, "", reading.Error, "%d digits: %s keeps that length for later", len(r.code.digits), r.code.kinds[0])
	case len(fits) > 0:
		r.own(fits)
	case len(near) > 0:
		r.own(near)
		r.reportLength(near)
	default:
		r.code.kinds = kindsOfLength(len(r.code.digits))
		r.found(reading.Unknown, "", reading.Error, "starts like no payment code that we know")
	}
}

// own enters the kinds of the rules that own the number, and where its issuer is
// written. The business type tells Alipay+ codes from Alipay's.
func (r *reader) own(owners []Rule) {
	code := &r.code
	code.kinds, code.issuer, r.owned = kindsOf(owners), len(owners[0].Prefix), true
	if len(code.digits) < identifierLength+typeLength || !slices.Contains(code.kinds, AlipayPlus) {
		return
	}
	switch code.typed = true; {
	case slices.Contains(legacyLengths, len(code.digits)):
		code.typed = false
	case code.Type() == paymentType:
		code.issuer = identifierLength
	case code.issuer == identifierLength:
		r.found(reading.Format, digitsFrom(identifierLength, typeLength), reading.Error, "business type %s where a payment code has %s",
			code.Type(), paymentType)
	default:
		code.typed = false
		code.kinds = slices.DeleteFunc(code.kinds, func(kind string) bool { return kind == AlipayPlus })
	}
}

func (r *reader) reportLength(near []Rule) {
	length := len(r.code.digits)
	lengths := lengthsOf(near)
	code := reading.Format
	switch {
	case length < lengths[0]:
		code = reading.TooShort
	case length > lengths[len(lengths)-1]:
		code = reading.TooLong
	}
	r.found(code, "", reading.Error, "%d digits where %s has %s", length, r.code.kinds[0], inWords(lengths))
}
