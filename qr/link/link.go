// Package link reads payment links: what a wallet's camera or a web page hands to
// an app, such as https://qr.vipps.no/… or upi://pay?…. It reads the bytes that
// were scanned, as a careful person would, and refuses whatever two readers of
// links may understand differently: users, ports, look-alike hosts, parameters that
// stand there twice, strange escapes. It follows no link and asks no host, and it
// knows no clock: whether a link has expired is for its caller to say.
package link

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// The kinds of payment links.
const (
	VippsPersonal   = "url/vipps/personal"   // a person's phone number
	VippsMerchant   = "url/vipps/merchant"   // a store's number
	VippsBox        = "url/vipps/box"        // a collection box
	VippsDonations  = "url/vipps/donations"  // a donation campaign
	VippsToken      = "url/vipps/token"      //nolint:gosec // A kind: shown by a person to a till, exchanged once for the phone number.
	VippsShort      = "url/vipps/short"      // one payment, or a redirection, behind a short name
	MobilePayBox    = "url/mobilepay/box"    // a collection box
	MobilePayPoS    = "url/mobilepay/pos"    // a till's beacon
	MobilePayLink   = "url/mobilepay/link"   // the payment link of businesses of before 2024
	Alipay          = "url/alipay"           // a person or a store
	AlipayPlusMPM   = "url/alipayplus/mpm"   // the merchant code of Alipay+, version 3
	AlipayPlusOrder = "url/alipayplus/order" // the private order code of an acquirer of Alipay+
	WeChatPersonal  = "url/wechat/personal"  // a person
	WeChatMerchant  = "url/wechat/merchant"  // a store
	WeChatOrder     = "url/wechat/order"     // one order
	UPIPay          = "url/upi/pay"          // one payment
	UPIMandate      = "url/upi/mandate"      // leave for future payments
	UPIInvalid      = "url/upi/invalid"      // contradicts itself, whatever it asks for
)

// Limits that keep the work on a hostile text small.
const (
	textMax       = 4096 // bytes
	hostMax       = 253  // bytes of a name in the DNS
	parametersMax = 64
	findingsMax   = 32
)

// A Code is a payment link as it was read.
type Code struct {
	text       string
	parts      parts
	kinds      []string
	places     []reading.Field // what the path holds
	parameters []Parameter
	names      map[string]string // of known parameters by their key in lower case
	amount     money.Amount
}

// Text returns the bytes that were scanned. A signature is over them and over
// nothing that was written anew.
func (c Code) Text() string { return c.text }

// Kinds returns the kinds that the link has or pretends to have, the closest first.
// It is shared: not to be changed.
func (c Code) Kinds() []string { return c.kinds }

// Host returns the host in lower case, or for a link of an app what stands at its
// place. It is the scheme's own only if no finding is an error.
func (c Code) Host() string { return c.parts.host }

// Value returns the value of the first parameter with that key, in whatever case
// the link writes the key, with percent signs decoded and with every plus as it was.
func (c Code) Value(key string) (string, bool) {
	for _, parameter := range c.parameters {
		if strings.EqualFold(parameter.Key, key) {
			return parameter.Value, true
		}
	}
	return "", false
}

// Amount returns what the link asks for, if it names an amount that can be read.
func (c Code) Amount() (money.Amount, bool) { return c.amount, c.amount.IsPositive() }

// Expires returns when a UPI link ends, if it says so in a form that can be read.
func (c Code) Expires() (time.Time, bool) {
	text, ok := c.Value("QRexpire")
	if !ok {
		return time.Time{}, false
	}
	expires, err := time.Parse(time.RFC3339Nano, text)
	return expires, err == nil
}

// Signature returns the signature of a UPI link in base64 and the bytes that it is
// over. It is not verified: the keys are NPCI's.
func (c Code) Signature() (signed, signature string, ok bool) {
	if len(c.kinds) == 0 || !strings.HasPrefix(c.kinds[0], "url/upi/") {
		return "", "", false
	}
	for _, parameter := range c.parameters {
		if strings.EqualFold(parameter.Key, "sign") {
			return c.text[:parameter.at-1], parameter.Value, true
		}
	}
	return "", "", false
}

// Fields returns what the path and the parameters hold, in the order of the text.
// The values of parameters have their percent signs decoded.
func (c Code) Fields() []reading.Field {
	fields := slices.Clone(c.places)
	for _, parameter := range c.parameters {
		fields = append(fields, reading.Field{
			Place: reading.Place(parameter.Key), Name: c.names[strings.ToLower(parameter.Key)], Value: parameter.Value,
		})
	}
	return fields
}

// Recognises reports whether text looks like a link at all: it starts with a scheme
// and a host, or with one of the schemes or hosts that payment links have.
func Recognises(text string) bool {
	text = fromASCII(text)
	if scheme, rest := cutBefore(text, ":"); rest != "" && isScheme(scheme) {
		return strings.HasPrefix(rest, "://") || slices.Contains(schemes, lower(scheme))
	}
	text = strings.TrimLeft(text, `/\`)
	return slices.ContainsFunc(hosts, func(host string) bool { return hasFoldedPrefix(text, host) })
}

// unwrapped drops what scanners put around a text.
func unwrapped(text string) string { return strings.Trim(text, " \t\r\n\ufeff") }

// Read reads a link. Whatever two readers of links may understand differently is an
// error. The kinds of a link that only pretends to be a scheme's own are those that
// it pretends to have.
func Read(text string) (Code, []reading.Finding) {
	r := &reader{code: Code{text: unwrapped(text)}}
	if r.code.text != text {
		r.found(reading.Surrounded, "", reading.Note, "white space around the link was dropped")
	}
	if len(r.code.text) > textMax {
		r.found(reading.TooLong, "", reading.Error, "more than %d bytes: not read", textMax)
		return Code{}, r.findings
	}
	r.inspectText()
	r.split()
	r.readParameters()
	r.recognise()
	return r.code, r.findings
}

// A reader collects what it finds in one link.
type reader struct {
	code     Code
	findings []reading.Finding
}

func (r *reader) found(code reading.Code, place reading.Place, severity reading.Severity, format string, args ...any) {
	switch {
	case len(r.findings) < findingsMax-1:
		r.findings = append(r.findings, reading.Finding{Code: code, Place: place, Severity: severity, Detail: fmt.Sprintf(format, args...)})
	case len(r.findings) == findingsMax-1:
		r.findings = append(r.findings, reading.Finding{Code: reading.TooMany, Severity: reading.Error, Detail: "the other findings are not listed"})
	}
}

// inspectText judges the bytes before they mean anything.
func (r *reader) inspectText() {
	for _, finding := range shown.Check(r.code.text, "") {
		r.found(finding.Code, finding.Place, finding.Severity, "%s", finding.Detail)
	}
	if strings.Contains(r.code.text, `\`) {
		r.found(reading.Backslash, "", reading.Error, "a backslash: some readers take it for a slash")
	}
}
