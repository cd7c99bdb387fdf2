package qr_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/barcode"
)

// TestPayersCodesAndWhoseTheyMayBe holds the classes of the codes that payers show at tills
// to their order where they overlap: the table of Alipay+, by whose digits the issuer is
// found, goes before Alipay's own codes of the same form, and no other scheme's collide.
func TestPayersCodesAndWhoseTheyMayBe(t *testing.T) {
	t.Parallel()
	plusFirst := barcode.AlipayPlus + " " + barcode.Alipay
	alipayFirst := barcode.Alipay + " " + barcode.AlipayPlus
	for name, c := range map[string]struct{ text, want string }{
		"24 digits of the common format":   {"281010897274821897274821", plusFirst},
		"24 digits, another issuer":        {"281001020123456789012345", plusFirst},
		"24 digits of the new table":       {"251001020123456789012345", plusFirst},
		"the highest prefix":               {"301001020123456789012345", plusFirst},
		"19 digits of Alipay+":             {"2893612204263667830", alipayFirst},
		"17 digits":                        {"28024456785672301", alipayFirst},
		"18 digits, as a recorded request": {"288888888888888888", alipayFirst},
		"20 digits, Alipay's alone":        {"25123456789012345678", barcode.Alipay},
		"Bluecode":                         {"98802222100100123456", barcode.Bluecode},
		"WeChat":                           {"134567890123456789", barcode.WeChat},
		"ours":                             {newPaymentCode(t, "700112", 1), "hansa/payment"},
		"a prefix below":                   {"241001020123456789012345", ""},
		"a prefix above":                   {"311001020123456789012345", ""},
		"25 digits, kept for later":        {"2510010201234567890123456", ""},
	} {
		kinds, err := qr.Identify(c.text)
		if c.want == "" && err == nil {
			t.Errorf("%s: %v", name, kinds)
		}
		if got := strings.Join(kinds, " "); c.want != "" && (got != c.want || err != nil) {
			t.Errorf("%s: want %s, got %s, %v", name, c.want, got, err)
		}
	}
}
