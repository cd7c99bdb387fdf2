package cpm

import "bytes"

// A registrant is a scheme, by the bytes that the names of its applications begin with.
type registrant struct {
	prefix string
	scheme string
}

// registrants are the schemes whose codes we have seen, and those of the large cards.
var registrants = [...]registrant{
	{"\xa0\x00\x00\x00\x03", "visa"},
	{"\xa0\x00\x00\x00\x04", "mastercard"},
	{"\xa0\x00\x00\x00\x25", "amex"},
	{"\xa0\x00\x00\x00\x65", "jcb"},
	{"\xa0\x00\x00\x01\x52", "discover"},
	{"\xa0\x00\x00\x03\x33", "unionpay"},
	{"\xa0\x00\x00\x05\x24", "rupay"},
	{"\xa0\x00\x00\x06\x02", "qris"},
	{"\xa0\x00\x00\x06\x15", "duitnow"},
	{"\xa0\x00\x00\x06\x77", "promptpay"},
	{"\xa0\x00\x00\x07\x27", "napas"},
	{"QCAT", "qcat"},
}

// Scheme returns whose application it is, as far as its name tells: qris, duitnow.
// It is empty for a scheme that we do not know.
func (a Application) Scheme() string {
	for _, known := range registrants {
		if bytes.HasPrefix(a.AID(), []byte(known.prefix)) {
			return known.scheme
		}
	}
	return ""
}
