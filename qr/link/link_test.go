package link_test

import (
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/link"
	"github.com/hansa-network/hansa/qr/reading"
)

const (
	merchant = "https://qr.vipps.no/28/2/05/031/4p3k_Hf7g"
	box      = "/box/f921fbf7-b760-4f56-b911-9279fb3240e4/pay-in"
	upi      = "upi://pay?pa=shop@ybl&pn=Shop"
	mandate  = "upi://mandate?pa=shop@ybl&pn=Shop&am=199.00&cu=INR&amrule=MAX&recur=MONTHLY&validitystart=01122026&validityend=30112027"
	sample   = "HTTPS://QR.SAMPLEDOMAIN.COM/MPM/3/R1BMRDA5NVBMVlMwMDIwMUNEU0QwMzMwMTE0U0FNUExFUExBVEZPUk0wMjExU0FNUExFTUVSSURDSVJEMDM5MDExMlNBTVBMRUlTU1VFUjAyMDIxMjAzMTNNSU5JUFJPR1JBTUlE"
	sign     = "&sign=MEUCIQC8mLDdKoi+v/Yn3Gf6m0e1fpx6PNCXZrKK1AR3vCMWUwIgQ5bGHZpo="
)

// A case is a text, the kinds that it has or pretends to have, and the findings as
// code, place and severity.
type testCase struct {
	text  string
	kinds string
	want  string
}

func TestRead(t *testing.T) {
	t.Parallel()
	runCases(t, map[string]testCase{
		"Vipps, a person":                      {"https://qr.vipps.no/28/2/01/031/4791234567?v=1", link.VippsPersonal, ""},
		"Vipps, a person without a version":    {"https://qr.vipps.no/28/2/01/031/4791234567", link.VippsPersonal, ""},
		"Vipps, a person with an amount":       {"https://qr.vipps.no/28/2/01/031/4791234567?v=1&m=Snack&a=2500", link.VippsPersonal, ""},
		"Vipps, a name for a phone number":     {"https://qr.vipps.no/28/2/01/031/Lag7", link.VippsPersonal, "format@path/error"},
		"Vipps, a store":                       {merchant, link.VippsMerchant, ""},
		"Vipps, a store that starts with -":    {"https://qr.vipps.no/28/2/05/031/-PlVzDcjp", link.VippsMerchant, ""},
		"Vipps, a box":                         {"https://qr.vipps.no" + box, link.VippsBox, ""},
		"Vipps, donations":                     {"https://qr.vipps.no/donations/1234", link.VippsDonations, ""},
		"Vipps, a person's token":              {"https://qr.vipps.no/p/qwjhewqhueheuqwhuqwhe", link.VippsToken, ""},
		"Vipps, one payment":                   {"https://qr.vipps.no/Ab3dE6", link.VippsShort, ""},
		"Vipps, capitals in scheme and host":   {"HTTPS://QR.VIPPS.NO/28/2/05/031/4p3k_Hf7g", link.VippsMerchant, ""},
		"Vipps, from a scanner":                {merchant + "\r\n", link.VippsMerchant, "surrounded@/note"},
		"Vipps, an unknown parameter":          {merchant + "?utm_source=sms", link.VippsMerchant, "unknown@utm_source/note"},
		"MobilePay, a Danish box":              {"https://qr.mobilepay.dk" + box, link.MobilePayBox, ""},
		"MobilePay, a Finnish box":             {"https://qr.mobilepay.fi" + box + "?amount=10000&message=B%C3%B8der", link.MobilePayBox, ""},
		"MobilePay, a box that is no UUID":     {"https://qr.mobilepay.dk/box/test-box/pay-in", link.MobilePayBox, "format@path/error"},
		"MobilePay, a beacon of 15 digits":     {"mobilepaypos://pos?id=123456789012345&source=qr", link.MobilePayPoS, ""},
		"MobilePay, a beacon with a UUID":      {"mobilepaypos://pos?id=cd851cd7-8398-4a03-83c1-391a2f5cb71c&source=qr", link.MobilePayPoS, ""},
		"MobilePay, a beacon with a capital":   {"Mobilepaypos://pos?id=100000868977775&source=qr", link.MobilePayPoS, ""},
		"MobilePay, a beacon without an id":    {"mobilepaypos://pos?source=qr", link.MobilePayPoS, "missing@id/error"},
		"MobilePay, a beacon with an empty id": {"mobilepaypos://pos?id=&source=qr", link.MobilePayPoS, "empty@id/error"},
		"MobilePay, the old link":              {"https://www.mobilepay.dk/erhverv/betalingslink/betalingslink-svar?phone=41131865&amount=100.30&comment=n%C3%A6&lock=1", link.MobilePayLink, ""},
		"MobilePay, the old short link":        {"https://mobilepay.dk/erhverv/betalingslink?phone=12345678&amount=25", link.MobilePayLink, ""},
		"MobilePay, the old link, no phone":    {"https://mobilepay.dk/erhverv/betalingslink?amount=25", link.MobilePayLink, "missing@phone/error"},
		"Alipay, a person":                     {"https://qr.alipay.com/fkx08154u5f2h5rllwgx25", link.Alipay, ""},
		"Alipay, in capitals":                  {"HTTPS://QR.ALIPAY.COM/FKX08154U5F2H5RLLWGX25", link.Alipay, ""},
		"Alipay, with the time":                {"https://qr.alipay.com/fkx13673gkz2fi4kwuvzjb9?t=1608010938119", link.Alipay, ""},
		"Alipay, a store":                      {"https://qr.alipay.com/ocx08154u5f2h5rllwgx25", link.Alipay, ""},
		"Alipay, a path of two parts":          {"https://qr.alipay.com/fkx08154u5f2/h5rllwgx25", link.Alipay, "format@path/error"},
		"Alipay+, the published sample":        {sample, link.AlipayPlusMPM, ""},
		"Alipay+, version 4":                   {strings.Replace(sample, "/3/", "/4/", 1), link.AlipayPlusMPM, "newer_version@path/error"},
		"Alipay+, a private order code":        {"https://pay.acquirer.example/281234041234AbC-9", link.AlipayPlusOrder, "foreign_host@host/error"},
		"Alipay+, an order of another type":    {"https://pay.acquirer.example/281234021234AbC-9", link.AlipayPlusOrder, "format@path/error"},
		"WeChat, a person":                     {"wxp://f2f0XO9MxuKhCB52g30uvHa1Pxe4kqoOc9ubMFa82j6b_uM2V3I_cgZzPVoQ5wHbXl0z", link.WeChatPersonal, ""},
		"WeChat, a person with padding":        {"wxp://f2f0KK6-_BOfY2KgKUYZRhYKZnMsaMTEhUkqkvuitS69EOI=", link.WeChatPersonal, ""},
		"WeChat, a store":                      {"wxp://wbf2fXO9MxuKhCB52g30uv", link.WeChatMerchant, ""},
		"WeChat, an order":                     {"weixin://wxpay/bizpayurl?pr=AGe684b", link.WeChatOrder, ""},
		"WeChat, an order without its name":    {"weixin://wxpay/bizpayurl", link.WeChatOrder, "missing@pr/error"},
		"WeChat, a product": {
			"weixin://wxpay/bizpayurl?appid=wx2421b1c4370ec43b&mch_id=10000100&nonce_str=f6808210402125e30663234f94c87a8c&product_id=1&time_stamp=1415949957&sign=512F68131DD251DA4A45DA79CC7EFE9D",
			link.WeChatOrder, "signed_else@sign/note",
		},
		"WeChat, a product without a store": {
			"weixin://wxpay/bizpayurl?appid=wx2421b1c4370ec43b&nonce_str=f6808210402125e30663234f94c87a8c&product_id=1&time_stamp=1415949957&sign=512F68131DD251DA4A45DA79CC7EFE9D",
			link.WeChatOrder, "signed_else@sign/note missing@mch_id/error",
		},
		"WeChat, an order and a product": {
			"weixin://wxpay/bizpayurl?pr=AGe684b&sign=512F68131DD251DA4A45DA79CC7EFE9D", link.WeChatOrder, "contradiction@sign/error",
		},
		"WeChat, another kind of personal code": {"wxp://abc123", "", "unknown@/error"},
		"a web page":                            {"https://example.com/", "", "unknown@/error"},
		"a script":                              {"javascript:alert(1)", "", "format@scheme/error unknown@/error"},
		"a letter":                              {"mailto:a@b.example", "", "format@scheme/error user_part@host/error unknown@/error"},
		"no link":                               {"hello", "", "missing@scheme/error unknown@/error"},
		"empty":                                 {"", "", "missing@scheme/error unknown@/error"},
		"too long":                              {merchant + strings.Repeat("x", 5000), "", "too_long@/error"},
	})
}

func TestUPI(t *testing.T) {
	t.Parallel()
	contradicts := link.UPIInvalid + " " + link.UPIPay
	runCases(t, map[string]testCase{
		"the least":                       {upi, link.UPIPay, ""},
		"all of it":                       {upi + "&mc=5411&tid=T1&tr=R1&tn=Tea%20and%20cake&am=10.50&mam=5&cu=INR&mode=01&purpose=00&orgid=123456&url=https://shop.example/bill?id=1", link.UPIPay, ""},
		"an escaped at sign":              {"upi://pay?pa=shop%40ybl&pn=Shop", link.UPIPay, ""},
		"a mandate":                       {mandate, link.UPIMandate, ""},
		"a mandate, keys in capitals":     {strings.Replace(mandate, "recur=", "Recur=", 1), link.UPIMandate, "format@recur/warning"},
		"a mandate that ends before":      {strings.Replace(mandate, "30112027", "30112025", 1), link.UPIInvalid + " " + link.UPIMandate, "contradiction@validityend/error"},
		"a mandate on no day":             {strings.Replace(mandate, "30112027", "31112027", 1), link.UPIMandate, "format@validityend/warning"},
		"a mandate, first amount":         {mandate + "&fam=1.00", link.UPIMandate, ""},
		"a mandate, first amount above":   {mandate + "&fam=200", link.UPIInvalid + " " + link.UPIMandate, "contradiction@fam/error"},
		"am twice":                        {"upi://pay?pa=shop@ybl&am=10&am=9999", contradicts, "twice@am/error missing@pn/warning"},
		"pa twice":                        {"upi://pay?pa=shop@ybl&pa=evil@ybl&am=10", contradicts, "twice@pa/error missing@pn/warning"},
		"am twice in another case":        {upi + "&am=10&AM=9999", contradicts, "twice@AM/error format@am/warning"},
		"am twice, once escaped":          {upi + "&am=10&%61m=9999", contradicts, "bad_escape@query/error bad_escape@query/error twice@query/error"},
		"am behind a semicolon":           {upi + "&am=10;am=9999", contradicts, "contradiction@am/error amount_format@am/error"},
		"a semicolon in a note":           {upi + "&tn=Tea;%20cake", link.UPIPay, ""},
		"no payee":                        {"upi://pay?pn=Shop&am=10", link.UPIPay, "missing@pa/error"},
		"an empty payee":                  {"upi://pay?pa=&pn=Shop", link.UPIPay, "empty@pa/error"},
		"a payee without a bank":          {"upi://pay?pa=shop&pn=Shop", link.UPIPay, "format@pa/error"},
		"a payee escaped twice":           {"upi://pay?pa=shop%2540ybl&pn=Shop", link.UPIPay, "format@pa/error"},
		"a payee with an escaped letter":  {"upi://pay?pa=sho%70@ybl&pn=Shop", link.UPIPay, "bad_escape@pa/error"},
		"a payee with a Cyrillic letter":  {"upi://pay?pa=sh\u043ep@ybl&pn=Shop", link.UPIPay, "mixed_scripts@/warning not_ascii@pa/warning format@pa/error"},
		"a payee with a plus":             {"upi://pay?pa=shop+1@ybl&pn=Shop", link.UPIPay, "format@pa/error"},
		"a name with spaces":              {"upi://pay?pa=shop@ybl&pn=Tea and Cake", link.UPIPay, "white_space@pn/warning"},
		"a name in Devanagari":            {"upi://pay?pa=shop@ybl&pn=चाय", link.UPIPay, "not_ascii@pn/warning"},
		"a name in Devanagari, escaped":   {"upi://pay?pa=shop@ybl&pn=%E0%A4%9A%E0%A4%BE%E0%A4%AF", link.UPIPay, ""},
		"a name that hides an override":   {"upi://pay?pa=shop@ybl&pn=%E2%80%AEpohS", link.UPIPay, "hidden_text@pn/error"},
		"a name that hides a NUL":         {"upi://pay?pa=shop@ybl&pn=Shop%00", link.UPIPay, "hidden_text@pn/error"},
		"a name that is not UTF-8":        {"upi://pay?pa=shop@ybl&pn=Caf%E9", link.UPIPay, "not_utf8@pn/error"},
		"a name in two scripts":           {"upi://pay?pa=shop@ybl&pn=Sh%D0%BEp", link.UPIPay, "mixed_scripts@pn/warning"},
		"a broken escape":                 {upi + "&tn=100%", link.UPIPay, "bad_escape@tn/error"},
		"a broken escape, one digit":      {upi + "&tn=%4", link.UPIPay, "bad_escape@tn/error"},
		"a broken escape, no digits":      {upi + "&tn=%zz", link.UPIPay, "bad_escape@tn/error"},
		"an amount of nothing":            {upi + "&am=0.00", link.UPIPay, "amount_zero@am/warning"},
		"an empty amount":                 {upi + "&am=", link.UPIPay, "empty@am/warning"},
		"a negative amount":               {upi + "&am=-10", link.UPIPay, "amount_format@am/error"},
		"an amount with three decimals":   {upi + "&am=10.505", link.UPIPay, "amount_scale@am/error"},
		"an amount with a comma":          {upi + "&am=10,50", link.UPIPay, "amount_format@am/error"},
		"an amount with an exponent":      {upi + "&am=1e3", link.UPIPay, "amount_format@am/error"},
		"an amount with a plus":           {upi + "&am=+10", link.UPIPay, "amount_format@am/error"},
		"an amount in full-width digits":  {upi + "&am=１０", link.UPIPay, "not_ascii@am/warning amount_format@am/error"},
		"an amount of no end":             {upi + "&am=99999999999999999999", link.UPIPay, "amount_format@am/error"},
		"an amount over the limit":        {upi + "&am=99999999999999", link.UPIPay, "amount_format@am/error"},
		"a minimum above the amount":      {upi + "&am=10&mam=11", contradicts, "contradiction@mam/error"},
		"a minimum of null":               {upi + "&am=10&mam=null", link.UPIPay, "empty@mam/warning"},
		"another currency":                {upi + "&cu=USD", link.UPIPay, "format@cu/error"},
		"no currency":                     {upi + "&cu=XXQ", link.UPIPay, "unknown_currency@cu/error"},
		"a currency in lower case":        {upi + "&cu=inr", link.UPIPay, "lower_case@cu/warning"},
		"signed":                          {upi + "&mc=5411&mode=02&orgid=123456" + sign, link.UPIPay, "signed_else@sign/note"},
		"signed, escaped":                 {upi + "&mc=5411&sign=MEUCIQC8mLDd%2Bkoi%2FAR3vA%3D%3D", link.UPIPay, "signed_else@sign/note"},
		"signed by nobody":                {upi + "&mc=0000&orgid=000000" + sign, link.UPIPay, "signed_else@sign/note contradiction@sign/warning"},
		"signed, the plus is a space":     {upi + "&mc=5411&sign=MEUCIQC8mLDdKoi v/Yn3Gf6m0e1", link.UPIPay, "white_space@sign/warning format@sign/error"},
		"signed, something added behind":  {upi + "&mc=5411" + sign + "&am=9999", link.UPIPay, "signed_else@sign/note trailing@am/error"},
		"signed twice":                    {upi + "&mc=5411" + sign + sign, contradicts, "twice@sign/error signed_else@sign/note trailing@sign/error"},
		"not signed, but says so":         {upi + "&mode=02", link.UPIPay, "missing@sign/warning"},
		"an end":                          {upi + "&QRexpire=2026-12-01T10:00:00+05:30", link.UPIPay, ""},
		"an end whose plus is a space":    {upi + "&QRexpire=2026-12-01T10:00:00 05:30", link.UPIPay, "white_space@QRexpire/warning format@QRexpire/warning"},
		"an end before it was made":       {upi + "&QRts=2026-12-01T10:00:00+05:30&QRexpire=2026-12-01T09:00:00+05:30", contradicts, "contradiction@QRexpire/error"},
		"a slash behind pay":              {"upi://pay/?pa=shop@ybl&pn=Shop", link.UPIPay, "format@path/warning"},
		"one slash":                       {"upi:/pay?pa=shop@ybl&pn=Shop", link.UPIPay, "format@scheme/error"},
		"a user":                          {"upi://me@pay?pa=shop@ybl&pn=Shop", link.UPIPay, "user_part@host/error"},
		"a port":                          {"upi://pay:1?pa=shop@ybl&pn=Shop", link.UPIPay, "port@host/error"},
		"capitals":                        {"UPI://PAY?pa=shop@ybl&pn=Shop", link.UPIPay, ""},
		"something else than pay":         {"upi://collect?pa=shop@ybl", "", "unknown@/error"},
		"a path":                          {"upi://pay/evil?pa=shop@ybl", link.UPIPay, "format@path/error"},
		"a fragment":                      {upi + "#am=10", link.UPIPay, "fragment@fragment/error"},
		"a parameter without a name":      {upi + "&=10", link.UPIPay, "format@query/error"},
		"a parameter without a value":     {upi + "&tn", link.UPIPay, "format@tn/warning empty@tn/warning"},
		"a name of a parameter in spaces": {upi + "& am=10", link.UPIPay, "format@query/error unknown@query/note"},
		"two ampersands":                  {upi + "&&am=10", link.UPIPay, ""},
	})
}

// TestAttacks has a case for each way to make two readers of a link disagree about
// whom it pays. All of them keep the kind that they pretend to have.
func TestAttacks(t *testing.T) {
	t.Parallel()
	const (
		path       = "/28/2/05/031/4p3k_Hf7g"
		allOfVipps = link.VippsPersonal + " " + link.VippsMerchant + " " + link.VippsBox + " " + link.VippsDonations + " " +
			link.VippsToken + " " + link.VippsShort
	)
	runCases(t, map[string]testCase{
		"plain HTTP":                          {"http://qr.vipps.no" + path, link.VippsMerchant, "plain_http@scheme/error"},
		"another scheme":                      {"ftp://qr.vipps.no" + path, link.VippsMerchant, "format@scheme/error"},
		"no scheme":                           {"qr.vipps.no" + path, link.VippsMerchant, "missing@scheme/error"},
		"no scheme but slashes":               {"//qr.vipps.no" + path, link.VippsMerchant, "missing@scheme/error"},
		"one slash":                           {"https:/qr.vipps.no" + path, link.VippsMerchant, "format@scheme/error"},
		"no slash":                            {"https:qr.vipps.no" + path, link.VippsMerchant, "format@scheme/error"},
		"three slashes":                       {"https:///qr.vipps.no" + path, link.VippsMerchant, "format@scheme/error"},
		"backslashes":                         {`https:\\qr.vipps.no\28\2\05\031\4p3k_Hf7g`, link.VippsMerchant, "backslash@/error format@scheme/error format@path/error"},
		"a backslash before another host":     {`https://qr.vipps.no\@evil.example` + path, link.VippsShort, "backslash@/error format@path/error"},
		"the host as a user":                  {"https://qr.vipps.no@evil.example" + path, link.VippsMerchant, "user_part@host/error foreign_host@host/error"},
		"the host as a user with a password":  {"https://qr.vipps.no:443@evil.example" + path, link.VippsMerchant, "user_part@host/error foreign_host@host/error"},
		"the host as an escaped user":         {"https://qr.vipps.no%2F@evil.example" + path, link.VippsMerchant, "user_part@host/error foreign_host@host/error"},
		"a user before the host":              {"https://evil@qr.vipps.no" + path, link.VippsMerchant, "user_part@host/error"},
		"an empty user":                       {"https://@qr.vipps.no" + path, link.VippsMerchant, "user_part@host/error"},
		"two users":                           {"https://qr.vipps.no@x@evil.example" + path, link.VippsMerchant, "user_part@host/error foreign_host@host/error"},
		"a port":                              {"https://qr.vipps.no:8443" + path, link.VippsMerchant, "port@host/error"},
		"the usual port":                      {"https://qr.vipps.no:443" + path, link.VippsMerchant, "port@host/error"},
		"an empty port":                       {"https://qr.vipps.no:" + path, link.VippsMerchant, "port@host/error"},
		"the host in front of another":        {"https://qr.vipps.no.evil.example" + path, link.VippsMerchant, "foreign_host@host/error"},
		"the host behind a hyphen":            {"https://evil-qr.vipps.no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"the host below another name":         {"https://evil.qr.vipps.no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"the host with hyphens":               {"https://qr-vipps-no.example" + path, link.VippsMerchant, "foreign_host@host/error"},
		"the host without its point":          {"https://qrvipps.no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"a point behind the host":             {"https://qr.vipps.no." + path, link.VippsMerchant, "foreign_host@host/error"},
		"an ideographic point":                {"https://qr。vipps。no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"a full-width point":                  {"https://qr．vipps．no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"full-width letters":                  {"https://ｑｒ.ｖｉｐｐｓ.ｎｏ" + path, link.VippsMerchant, "foreign_host@host/error"},
		"a Cyrillic letter":                   {"https://qr.v\u0456pps.no" + path, link.VippsMerchant, "mixed_scripts@/warning foreign_host@host/error"},
		"a Cyrillic letter in Punycode":       {"https://qr.xn--vpps-l9d.no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"an l for an i":                       {"https://qr.vlpps.no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"a 1 for an l":                        {"https://qr.a1ipay.com/fkx08154u5f2h5rllwgx25", link.Alipay, "foreign_host@host/error"},
		"rn for m":                            {"https://qr.rnobilepay.dk" + box, link.MobilePayBox, "foreign_host@host/error"},
		"the Kelvin sign for a k":             {"https://qr.mobilepay.d\u212a" + box, link.MobilePayBox, "not_composed@/error foreign_host@host/error"},
		"an escaped host":                     {"https://qr%2Evipps%2Eno" + path, link.VippsMerchant, "foreign_host@host/error"},
		"an escaped letter in the host":       {"https://qr.v%69pps.no" + path, link.VippsMerchant, "foreign_host@host/error"},
		"the host as a part of the path":      {"https://evil.example/qr.vipps.no" + path, "", "unknown@/error"},
		"the host in the query":               {"https://evil.example/?u=https://qr.vipps.no" + path, "", "unknown@/error"},
		"an address":                          {"https://127.0.0.1" + path, "", "unknown@/error"},
		"an address of IPv6":                  {"https://[::1]" + path, "", "unknown@/error"},
		"a soft hyphen in the host":           {"https://qr.vip\u00adps.no" + path, link.VippsMerchant, "hidden_text@/error foreign_host@host/error"},
		"a zero width space in the host":      {"https://qr.vipps\u200b.no" + path, link.VippsMerchant, "hidden_text@/error foreign_host@host/error"},
		"an override in front":                {"\u202ehttps://qr.vipps.no" + path, link.VippsMerchant, "hidden_text@/error format@scheme/error"},
		"a tab in the host":                   {"https://qr.vip\tps.no" + path, link.VippsMerchant, "hidden_text@/error foreign_host@host/error"},
		"a line end in the path":              {"https://qr.vipps.no/28/2/05/\n031/4p3k_Hf7g", link.VippsMerchant, "hidden_text@/error not_ascii@path/error format@path/error"},
		"NUL behind the path":                 {merchant + "\x00", link.VippsMerchant, "hidden_text@/error not_ascii@path/error format@path/error"},
		"NUL behind the path, escaped":        {merchant + "%00", link.VippsMerchant, "bad_escape@path/error"},
		"a space in the path":                 {"https://qr.vipps.no/28/2/05/031/4p3k Hf7g", link.VippsMerchant, "white_space@path/error format@path/error"},
		"points in the path":                  {"https://qr.vipps.no/28/2/05/031/../../../../p/qwjhewqhueheuq", link.VippsMerchant, "format@path/error"},
		"escaped points in the path":          {"https://qr.vipps.no/28/2/05/031/%2e%2e/x", link.VippsMerchant, "bad_escape@path/error"},
		"an escaped slash in the path":        {"https://qr.vipps.no/28/2/05%2F031/4p3k_Hf7g", link.VippsMerchant, "bad_escape@path/error"},
		"an escaped letter in the path":       {"https://qr.vipps.no/28/2/05/031/4p3%6b_Hf7g", link.VippsMerchant, "bad_escape@path/error"},
		"a slash too many in the path":        {"https://qr.vipps.no//28/2/05/031/4p3k_Hf7g", link.VippsShort, "format@path/error"},
		"a slash behind the path":             {merchant + "/", link.VippsMerchant, "format@path/error"},
		"a parameter of the path":             {merchant + ";v=1", link.VippsMerchant, "format@path/error"},
		"a fragment":                          {merchant + "#@evil.example", link.VippsMerchant, "fragment@fragment/error"},
		"a fragment before the path":          {"https://qr.vipps.no#@evil.example" + path, allOfVipps, "fragment@fragment/error format@path/error"},
		"an empty fragment":                   {merchant + "#", link.VippsMerchant, "fragment@fragment/error"},
		"a query before the path":             {"https://qr.vipps.no?@evil.example" + path, allOfVipps, "format@query/warning format@query/error format@path/error"},
		"a parameter twice":                   {"https://qr.vipps.no/28/2/01/031/4791234567?a=100&a=1", link.VippsPersonal, "twice@a/error"},
		"a parameter twice, once escaped":     {"https://qr.vipps.no/28/2/01/031/4791234567?a=100&%61=1", link.VippsPersonal, "bad_escape@query/error bad_escape@query/error twice@query/error"},
		"an amount behind a semicolon":        {"https://qr.vipps.no/28/2/01/031/4791234567?m=x;a=1", link.VippsPersonal, "contradiction@m/error"},
		"an amount in crowns where øre stand": {"https://qr.vipps.no/28/2/01/031/4791234567?a=25.00", link.VippsPersonal, "amount_format@a/error"},
		"an amount with a zero in front":      {"https://qr.vipps.no/28/2/01/031/4791234567?a=0100", link.VippsPersonal, "amount_format@a/error"},
		"an unescaped space in a message":     {"https://qr.vipps.no/28/2/01/031/4791234567?m=a b", link.VippsPersonal, "white_space@m/error"},
		"an unescaped letter in a message":    {"https://qr.vipps.no/28/2/01/031/4791234567?m=bøder", link.VippsPersonal, "not_ascii@m/error"},
		"Alipay+ at an address":               {strings.Replace(sample, "QR.SAMPLEDOMAIN.COM", "10.0.0.1", 1), link.AlipayPlusMPM, "foreign_host@host/error"},
		"Alipay+ at an imitated host":         {strings.Replace(sample, "QR.SAMPLEDOMAIN.COM", "qr.alipay.com.evil.example", 1), link.AlipayPlusMPM, "foreign_host@host/error"},
		"Alipay+ at a host in Punycode":       {strings.Replace(sample, "QR.SAMPLEDOMAIN.COM", "xn--80ak6aa92e.com", 1), link.AlipayPlusMPM, "foreign_host@host/error"},
		"Alipay+ at no host":                  {strings.Replace(sample, "QR.SAMPLEDOMAIN.COM", "localhost", 1), link.AlipayPlusMPM, "foreign_host@host/error"},
		"Alipay+ with a port":                 {strings.Replace(sample, ".COM/", ".COM:8443/", 1), link.AlipayPlusMPM, "port@host/error"},
		"WeChat with a user":                  {"wxp://x@f2f0KK6-_BOfY2KgKUYZRhYK", link.WeChatPersonal, "user_part@host/error"},
		"WeChat with a path":                  {"wxp://f2f0KK6-_BOfY2KgKUYZRhYK/x", link.WeChatPersonal, "format@path/error"},
	})
}

func runCases(t *testing.T, cases map[string]testCase) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, findings := link.Read(test.text)
			if got := strings.Join(code.Kinds(), " "); got != test.kinds {
				t.Errorf("kinds %q, want %q", got, test.kinds)
			}
			var got []string
			for _, finding := range findings {
				got = append(got, string(finding.Code)+"@"+string(finding.Place)+"/"+string(finding.Severity))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%q: %s%v", test.text, diff, findings)
			}
		})
	}
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]money.Amount{
		upi + "&am=10.5": money.New(1050, "INR"),
		"https://qr.vipps.no/28/2/01/031/4791234567?a=2500":                                       money.New(2500, "NOK"),
		"https://qr.mobilepay.fi" + box + "?amount=10000":                                         money.New(10000, "EUR"),
		"https://www.mobilepay.dk/erhverv/betalingslink/betalingslink-svar?phone=1&amount=100.30": money.New(10030, "DKK"),
		upi:                   {},
		upi + "&am=0":         {},
		upi + "&am=1&am=2":    {},
		upi + "&am=1e3":       {},
		"https://example.com": {},
	} {
		code, _ := link.Read(text)
		got, ok := code.Amount()
		if got != want || ok != want.IsPositive() {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestSignatureKeepsTheScannedBytes(t *testing.T) {
	t.Parallel()
	text := upi + "&mc=5411&QRexpire=2026-12-01T10:00:00+05:30" + sign
	code, _ := link.Read(text)
	signed, signature, ok := code.Signature()
	if !ok || signed+sign != text || "&sign="+signature != sign {
		t.Errorf("signed %q, signature %q, %v", signed, signature, ok)
	}
	if code.Text() != text {
		t.Errorf("text %q", code.Text())
	}
	want := time.Date(2026, time.December, 1, 4, 30, 0, 0, time.UTC)
	if got, ok := code.Expires(); !ok || !got.Equal(want) {
		t.Errorf("expires %v, %v", got, ok)
	}
	plain, _ := link.Read(upi)
	if _, _, ok := plain.Signature(); ok {
		t.Error("a link without a signature has one")
	}
	if _, ok := plain.Expires(); ok {
		t.Error("a link without an end has one")
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	code, _ := link.Read("https://qr.vipps.no/28/2/01/031/4791234567?v=1&m=Te%20%26%20kake&x=1")
	want := []reading.Field{
		{Place: "path", Name: "phone", Value: "4791234567"},
		{Place: "v", Name: "version", Value: "1"},
		{Place: "m", Name: "message", Value: "Te & kake"},
		{Place: "x", Value: "1"},
	}
	if diff := cmp.Diff(want, code.Fields()); diff != "" {
		t.Error(diff)
	}
	if code.Host() != "qr.vipps.no" {
		t.Errorf("host %q", code.Host())
	}
}

func TestAlipayPlusPayload(t *testing.T) {
	t.Parallel()
	code, _ := link.Read(sample)
	want := []reading.Field{
		{Place: "path", Name: "version", Value: "3"},
		{Place: "path", Name: "payload", Value: sample[len("HTTPS://QR.SAMPLEDOMAIN.COM/MPM/3/"):]},
		{Place: "GPLD.PLVS", Name: "payload_version", Value: "01"},
		{Place: "GPLD.CDSD.01", Name: "platform", Value: "SAMPLEPLATFORM"},
		{Place: "GPLD.CDSD.02", Name: "merchant", Value: "SAMPLEMERID"},
		{Place: "GPLD.CIRD.01", Name: "issuer", Value: "SAMPLEISSUER"},
		{Place: "GPLD.CIRD.02", Value: "12"},
		{Place: "GPLD.CIRD.03", Value: "MINIPROGRAMID"},
	}
	if diff := cmp.Diff(want, code.Fields()); diff != "" {
		t.Error(diff)
	}
}

func TestRecognises(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		merchant: true, " " + merchant: true, "HTTP://x": true, "upi:pay": true, "wxp://": true, "qr.vipps.no/x": true, "//QR.alipay.com": true,
		"": false, "://": false, "https": false, "ftp://qr.vipps.no": true, "\u202ehttps://x": true, "000201": false, "hello": false, "134567890123456789": false, "mailto:x@y": false,
	} {
		if got := link.Recognises(text); got != want {
			t.Errorf("Recognises(%q) = %v", text, got)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	var seen []link.Rule
	for _, rule := range link.Rules() {
		if rule.Kind == "" || rule.Scheme == "" || strings.ToLower(rule.Host) != rule.Host || slices.Contains(seen, rule) {
			t.Errorf("%+v", rule)
		}
		seen = append(seen, rule)
	}
}

// TestHostileTextsStaySmall bounds what four kilobytes may cost.
func TestHostileTextsStaySmall(t *testing.T) {
	for name, text := range hostile() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		link.Read(text)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 64<<10 {
			t.Errorf("%s: %d bytes", name, got)
		}
	}
}

// hostile returns texts of about four kilobytes that try to make the reader work.
func hostile() map[string]string {
	return map[string]string{
		"parameters":       ("upi://pay?" + strings.Repeat("a&", 2040)),
		"keys":             ("upi://pay?" + strings.Repeat("%61=%61&", 500)),
		"a long value":     ("upi://pay?pa=" + strings.Repeat("%41", 1360)),
		"a long host":      "https://" + strings.Repeat("ａ", 1360),
		"a host":           "https://" + strings.Repeat("ﷺ", 84) + "/" + strings.Repeat("x", 3800),
		"a user":           "https://" + strings.Repeat("%EF%B7%BA", 28) + "@" + strings.Repeat("xn--a.", 40),
		"Punycode":         "https://xn--" + strings.Repeat("9", 59) + ".xn--" + strings.Repeat("z", 59) + "/",
		"a path":           "https://qr.vipps.no/" + strings.Repeat("%2e%2e/", 580),
		"a payload":        "https://a.example/MPM/3/" + strings.Repeat("QUFB", 1000),
		"combining marks":  "upi://pay?pn=" + strings.Repeat("\u0301", 2000),
		"hidden in values": ("upi://pay?" + strings.Repeat("a=%00&", 680)),
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		merchant, sample, upi + sign, mandate, "https://qr.vipps.no@evil.example/28/2/05/031/4p3k_Hf7g", "wxp://f2f0KK6-_BOfY2KgKUYZRhYK=",
		"weixin://wxpay/bizpayurl?pr=AGe684b", "https://qr.xn--vpps-l9d.no/p/qwjhewqhueheuq", "mobilepaypos://pos?id=123456789012345&source=qr",
		"https://[::1]:443/%zz?a;b=%00#x", `https:\\qr.alipay.com\fkx`,
	} {
		f.Add(seed)
	}
	for _, text := range hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, findings := link.Read(text)
		if reading.Valid(findings) && (len(code.Kinds()) == 0 || !link.Recognises(text)) {
			t.Errorf("%q is valid, and of no kind", text)
		}
		if reading.Valid(findings) {
			wantAgreement(t, code)
		}
		if len(findings) > 32 {
			t.Errorf("%d findings", len(findings))
		}
		code.Fields()
		code.Amount()
		code.Expires()
		code.Signature()
	})
}

// division is how appendix B of RFC 3986 divides a link.
var division = regexp.MustCompile(`\A(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?\z`)

// wantAgreement fails where two other readers see another host, path or value in a
// link that is valid.
func wantAgreement(t *testing.T, code link.Code) {
	t.Helper()
	text := code.Text()
	parts := division.FindStringSubmatch(text)
	if parts == nil || !strings.EqualFold(parts[2], code.Host()) || parts[5] != "" {
		t.Fatalf("%q is valid, but RFC 3986 divides it into %q", text, parts)
	}
	parsed, err := url.Parse(text)
	if err != nil || !strings.EqualFold(parsed.Host, code.Host()) || parsed.User != nil || parsed.Fragment != "" {
		t.Fatalf("%q is valid, but net/url reads %+v, %v", text, parsed, err)
	}
	for key, values := range parsed.Query() {
		value, ok := code.Value(key)
		if !ok || len(values) != 1 || values[0] != strings.ReplaceAll(value, "+", " ") && !strings.Contains(text, "%2") {
			t.Fatalf("%q is valid, but net/url reads %s as %q instead of %q", text, key, values, value)
		}
	}
}

func TestOtherReadersAgreeAboutValidLinks(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		merchant, sample, upi + "&tn=Tea%20and%20cake&am=10", mandate, upi + "&mc=5411" + sign, "https://qr.mobilepay.fi" + box + "?amount=10000&message=B%C3%B8der",
		"HTTPS://QR.ALIPAY.COM/FKX08154U5F2H5RLLWGX25", "weixin://wxpay/bizpayurl?pr=AGe684b",
	} {
		code, findings := link.Read(text)
		if !reading.Valid(findings) {
			t.Errorf("%q: %v", text, findings)
			continue
		}
		wantAgreement(t, code)
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		link.Read(upi + "&mc=5411&am=10.50&cu=INR" + sign)
	}
}
