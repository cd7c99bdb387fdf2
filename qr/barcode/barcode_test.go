package barcode_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/barcode"
	"github.com/hansa-network/hansa/qr/reading"
)

func TestRead(t *testing.T) {
	t.Parallel()
	var (
		alipay     = []string{barcode.Alipay}
		plusFirst  = []string{barcode.AlipayPlus, barcode.Alipay}
		legacy     = []string{barcode.Alipay, barcode.AlipayPlus}
		weChat     = []string{barcode.WeChat}
		bluecode   = []string{barcode.Bluecode}
		ofSixteen  = []string{barcode.RakutenPay, barcode.Alipay}
		ofEighteen = []string{barcode.Alipay, barcode.AlipayPlus, barcode.WeChat}
	)
	cases := map[string]struct {
		text  string
		kinds []string
		want  string // the findings as code/severity
	}{
		"Alipay, 16 digits":                      {"2512345678901230", alipay, ""},
		"Alipay, 18 digits":                      {"283854702356157409", legacy, ""},
		"Alipay, 23 digits":                      {"30123456789012345678901", alipay, ""},
		"Alipay, 24 digits":                      {"251234567890123456789012", alipay, ""},
		"Alipay, 25 digits":                      {"2512345678901234567890123", alipay, "too_long/error"},
		"Alipay, 15 digits":                      {"251234567890123", alipay, "too_short/error"},
		"24 is not Alipay's":                     {"240000000000000001", ofEighteen, "unknown/error"},
		"31 is not Alipay's":                     {"310000000000000000", ofEighteen, "unknown/error"},
		"Alipay+":                                {"251001020123456789012345", plusFirst, ""},
		"Alipay+ of an issuer we do not know":    {"281234020123456789012345", plusFirst, ""},
		"Alipay+, another business type":         {"251001030123456789012345", plusFirst, "format/error"},
		"Alipay+, reserved: 20 digits":           {"25100102012345678901", plusFirst, "reserved/error"},
		"Alipay+, reserved: 21 digits":           {"251001020123456789012", plusFirst, "reserved/error"},
		"Alipay+, reserved: 23 digits":           {"25100102012345678901234", plusFirst, "reserved/error"},
		"Alipay+, reserved: 25 digits":           {"2510010201234567890123456", []string{barcode.AlipayPlus}, "reserved/error"},
		"Alipay+, reserved: 32 digits":           {"25100102012345678901234567890123", []string{barcode.AlipayPlus}, "reserved/error"},
		"Alipay+, 33 digits":                     {"251001020123456789012345678901234", []string{barcode.AlipayPlus}, "too_long/error"},
		"Alipay+, legacy rule 1: 17 digits":      {"28123456789012345", legacy, ""},
		"Alipay+, legacy rule 2: 18 digits":      {"281234567890123456", legacy, ""},
		"Alipay+, legacy rule 3: 280 to 288":     {"2881234567890123456", legacy, ""},
		"Alipay+, legacy rule 4: 289, no 6":      {"2890123456789512345", legacy, ""},
		"Alipay+, legacy rule 5: 289 and a 6":    {"2890123456789612345", legacy, ""},
		"WeChat, mainland":                       {"134567890123456789", weChat, ""},
		"WeChat, lowest prefix":                  {"104567890123456789", weChat, ""},
		"WeChat, Hong Kong":                      {"154567890123456789", weChat, ""},
		"WeChat, 17 digits":                      {"13456789012345678", weChat, "too_short/error"},
		"WeChat, 19 digits":                      {"1345678901234567890", weChat, "too_long/error"},
		"16 is not WeChat's":                     {"164567890123456789", ofEighteen, "unknown/error"},
		"WeChat, a full-width digit":             {"1345678901234567８9", weChat, "not_ascii/error"},
		"WeChat, Arabic digits":                  {"١٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩", weChat, "not_ascii/error"},
		"WeChat, mathematical digits":            {"𝟏𝟑4567890123456789", weChat, "not_ascii/error"},
		"WeChat, in groups":                      {"1345 6789 0123 4567 89", weChat, "spaced/note"},
		"WeChat, from a scanner":                 {"134567890123456789\r\n", weChat, "surrounded/note"},
		"WeChat, with a byte order mark":         {"\ufeff134567890123456789", weChat, "surrounded/note"},
		"UnionPay":                               {"6212345678901234567", []string{barcode.UnionPay}, ""},
		"UnionPay, which may be a card":          {"6212345678901234569", []string{barcode.UnionPay}, "looks_like_card/note"},
		"UnionPay, 18 digits":                    {"621234567890123456", []string{barcode.UnionPay}, "too_short/error"},
		"Bluecode":                               {"98802222100100123456", bluecode, ""},
		"Bluecode, 19 digits":                    {"9880222210010012345", bluecode, "too_short/error"},
		"Bluecode, 21 digits":                    {"988022221001001234567", bluecode, "too_long/error"},
		"PayPay":                                 {"900081818812345678901234", []string{barcode.PayPay}, ""},
		"PayPay, 23 digits":                      {"90008181881234567890123", []string{barcode.PayPay}, "too_short/error"},
		"LINE Pay":                               {"9000000000123456789", []string{barcode.LINEPay}, ""},
		"Rakuten Pay":                            {"9000011234567890", []string{barcode.RakutenPay}, ""},
		"d-barai":                                {"9000000212345678901234", []string{barcode.DBarai}, ""},
		"Merpay":                                 {"3158990012345678901", []string{barcode.Merpay}, ""},
		"au PAY":                                 {"3158992112345678901", []string{barcode.AuPay}, ""},
		"Yucho Pay, first":                       {"3158993112345678901", []string{barcode.YuchoPay}, ""},
		"Yucho Pay, last":                        {"3158994012345678901", []string{barcode.YuchoPay}, ""},
		"pring":                                  {"3158999512345678901", []string{barcode.Pring}, ""},
		"Yucho Pay, 20 digits":                   {"31589931123456789012", []string{barcode.YuchoPay}, "too_long/error"},
		"Mastercard's range over Alipay's":       {"2612345678901230", alipay, ""},
		"a Mastercard that Alipay might show":    {"2512345678901238", alipay, "looks_like_card/note"},
		"a Visa card":                            {"4111111111111111", ofSixteen, "unknown/error looks_like_card/note"},
		"an American Express card, 15 digits":    {"378282246310005", nil, "unknown/error looks_like_card/note"},
		"a Visa card in groups":                  {"4111 1111 1111 1111", ofSixteen, "spaced/note unknown/error looks_like_card/note"},
		"16 digits that are no card":             {"4111111111111112", ofSixteen, "unknown/error"},
		"a code of ours":                         {"700112133433737636571868", []string{barcode.PayPay, barcode.AlipayPlus, barcode.Alipay}, "unknown/error"},
		"the number of an article":               {"4006381333931", nil, "unknown/error"},
		"the article number of a shop's scales":  {"2812345678901", nil, "unknown/error"},
		"34 digits":                              {"9991234567890123456789012345678901", nil, "unknown/error"},
		"35 digits":                              {"99912345678901234567890123456789012", nil, "unknown/error"},
		"empty":                                  {"", nil, "empty/error"},
		"spaces":                                 {"  ", nil, "surrounded/note empty/error"},
		"a letter instead of a digit":            {"13456789012345678O", nil, "unknown/error"},
		"a hyphen between groups":                {"1345-6789-0123-4567-89", nil, "unknown/error"},
		"a no-break space between groups":        {"1345\u00a067890123456789", nil, "unknown/error"},
		"a line end inside":                      {"134567890\n123456789", nil, "unknown/error"},
		"a sign":                                 {"+34567890123456789", nil, "unknown/error"},
		"NUL":                                    {"134567890123456789\x00", nil, "unknown/error"},
		"not UTF-8":                              {"13456789012345678\xff", nil, "unknown/error"},
		"a superscript, which is no digit":       {"13456789012345678²", nil, "unknown/error"},
		"a Chinese numeral, which is no digit":   {"13456789012345678九", nil, "unknown/error"},
		"a hidden character between the digits":  {"13456789012\u200b3456789", nil, "unknown/error"},
		"an override that would turn the digits": {"\u202e134567890123456789", nil, "unknown/error"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, findings := barcode.Read(test.text)
			if diff := cmp.Diff(test.kinds, code.Kinds()); diff != "" {
				t.Errorf("kinds: %s", diff)
			}
			if got := summary(findings); got != test.want {
				t.Errorf("findings %q, want %q", got, test.want)
			}
			wantNoSecret(t, code, findings)
		})
	}
}

// summary joins code and severity of each finding.
func summary(findings []reading.Finding) string {
	var words []string
	for _, finding := range findings {
		words = append(words, string(finding.Code)+"/"+string(finding.Severity))
	}
	return strings.Join(words, " ")
}

// wantNoSecret fails where more than the issuer's digits are in a place that may be logged.
func wantNoSecret(t *testing.T, code barcode.Code, findings []reading.Finding) {
	t.Helper()
	if code.Digits() == "" {
		return
	}
	tail := code.Digits()[len(code.Digits())-8:]
	for _, text := range []string{
		fmt.Sprint(code), fmt.Sprintf("%+v", code), fmt.Sprintf("%#v", code), fmt.Sprintf("%s %q", code, code), fmt.Sprint(findings),
	} {
		if strings.Contains(text, tail) {
			t.Errorf("%q shows the secret", text)
		}
	}
	for _, field := range code.Fields() {
		if field.Name != barcode.SecretField && strings.Contains(field.Value, tail) {
			t.Errorf("field %+v shows the secret", field)
		}
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	code, _ := barcode.Read("2510 0102 0123 4567 8901 2345")
	want := []reading.Field{
		{Place: "digits 1-6", Name: "issuer", Value: "251001"},
		{Place: "digits 7-8", Name: "type", Value: "02"},
		{Name: "length", Value: "24"},
		{Place: "digits 1-24", Name: barcode.SecretField, Value: "251001020123456789012345"},
	}
	if diff := cmp.Diff(want, code.Fields()); diff != "" {
		t.Error(diff)
	}
	if code.String() != "251001******************" || code.Issuer() != "251001" || code.Type() != "02" {
		t.Errorf("%s, issuer %q, type %q", code, code.Issuer(), code.Type())
	}
}

func TestFieldsOfWhatMayBeACard(t *testing.T) {
	t.Parallel()
	code, _ := barcode.Read("4111111111111111")
	if diff := cmp.Diff([]reading.Field{{Name: "length", Value: "16"}}, code.Fields()); diff != "" {
		t.Error(diff)
	}
	if none, _ := barcode.Read("x"); none.Fields() != nil || none.String() != "" || none.Type() != "" {
		t.Errorf("fields of no number: %v", none.Fields())
	}
}

func TestRulesAreApart(t *testing.T) {
	t.Parallel()
	rules := barcode.Rules()
	for i, rule := range rules {
		if strings.HasPrefix(rule.Prefix, "70") {
			t.Errorf("%v takes our own numbers", rule)
		}
		claimed := slices.Concat(rule.Lengths, rule.Reserved)
		for _, other := range rules[:i] {
			for _, length := range slices.Concat(other.Lengths, other.Reserved) {
				if rule.Prefix == other.Prefix && slices.Contains(claimed, length) {
					t.Errorf("%v and %v share the length %d", rule, other, length)
				}
			}
			if len(other.Prefix) < len(rule.Prefix) {
				t.Errorf("%v stands before %v", other, rule)
			}
		}
		if !slices.IsSorted(rule.Lengths) || !slices.IsSorted(rule.Reserved) || len(rule.Kinds) == 0 {
			t.Errorf("%v is not well formed", rule)
		}
	}
}

// TestEveryRuleIsRead holds the reader to its own rules: every prefix in every
// length is read as the rule says.
func TestEveryRuleIsRead(t *testing.T) {
	t.Parallel()
	for _, rule := range barcode.Rules() {
		for _, length := range slices.Concat(rule.Lengths, rule.Reserved) {
			text := rule.Prefix + "02020202020202020202020202020202"[len(rule.Prefix)%2:]
			code, findings := barcode.Read(text[:length])
			if !slices.Contains(code.Kinds(), rule.Kinds[0]) {
				t.Errorf("%s in %d digits: kinds %v", rule.Prefix, length, code.Kinds())
			}
			if got, want := reading.Valid(findings), slices.Contains(rule.Lengths, length); got != want {
				t.Errorf("%s in %d digits: valid %v, findings %v", rule.Prefix, length, got, findings)
			}
		}
	}
}

func TestRecognises(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"134567890123456789": true, "1345 6789 0123 4567 89": true, " 4111111111111111\n": true, "1345678901234567８9": true,
		"99912345678901234": true, "": false, "4006381333931": false, "13456789012345678O": false, "13456789012345678\xff": false,
		strings.Repeat("1", 34): true, strings.Repeat("1", 35): false, "000201": false,
	} {
		if got := barcode.Recognises(text); got != want {
			t.Errorf("Recognises(%q) = %v", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"251001020123456789012345", "251001020123456789012", "2890123456789612345", "1345678901234567８9", "1345 6789 0123 4567 89",
		"6212345678901234569", "4111111111111111", "\ufeff 98802222100100123456\r\n", "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, findings := barcode.Read(text)
		wantNoSecret(t, code, findings)
		if (code.Digits() != "") != barcode.Recognises(text) {
			t.Errorf("Recognises(%q) = %v, read %q", text, barcode.Recognises(text), code.Digits())
		}
		again, found := barcode.Read(code.Digits())
		if code.Digits() != "" && !cmp.Equal(again.Kinds(), code.Kinds()) {
			t.Errorf("%q: kinds %v, of its digits %v (%v)", text, code.Kinds(), again.Kinds(), found)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		barcode.Read("251001020123456789012345")
	}
}
