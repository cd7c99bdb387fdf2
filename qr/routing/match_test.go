package routing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
)

// kind is a rule's one kind.
func kind(name string) []string { return []string{name} }

// rules are a small world with an overlap of every allowed sort.
func rules() []routing.Rule {
	return []routing.Rule{
		{Kinds: kind("mpm/emvco"), EMVCo: &routing.EMVCo{}},
		{Kinds: kind("mpm/pix"), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "br.gov.bcb.pix"}},
		{Kinds: []string{"mpm/truemoney", "mpm/promptpay"}, EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "A000000677010111", Holds: &routing.Holds{ID: 3, Start: "14000"}}},
		{Kinds: kind("mpm/promptpay"), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "A000000677010111"}},
		{Kinds: kind("mpm/paynow"), EMVCo: &routing.EMVCo{First: 26, Last: 50, GUID: "SG.PAYNOW"}},
		{Kinds: kind("mpm/sgqr"), EMVCo: &routing.EMVCo{First: 51, Last: 51, GUID: "SG.SGQR", Whole: true}},
		{Kinds: kind("mpm/qris"), EMVCo: &routing.EMVCo{First: 26, Last: 51, Country: "ID", Currency: "360"}},
		{Kinds: kind("mpm/colombia"), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "CO.COM.*"}},
		{Kinds: kind("mpm/ghana"), EMVCo: &routing.EMVCo{First: 2, Last: 51, Country: "GH"}},
		{Kinds: kind("mpm/visa"), EMVCo: &routing.EMVCo{First: 2, Last: 3}},
		{Kinds: kind("barcode/plus"), Digits: &routing.Digits{Prefix: "251001", Lengths: []int{24}, Reserved: []int{20, 21, 25}}},
		{Kinds: []string{"barcode/plus", "barcode/alipay"}, Digits: &routing.Digits{Prefix: "25", Lengths: []int{24}}},
		{Kinds: kind("barcode/alipay"), Digits: &routing.Digits{Prefix: "25", Lengths: []int{16, 18, 20, 21, 22, 23}}},
		{Kinds: kind("barcode/wechat"), Digits: &routing.Digits{Prefix: "13", Lengths: []int{18}}},
		{Kinds: kind("barcode/bluecode"), Digits: &routing.Digits{Prefix: "988", Lengths: []int{20}}},
		{Kinds: kind("url/vipps"), Link: &routing.Link{Scheme: "https", Host: "qr.vipps.no", Path: "/"}},
		{Kinds: kind("url/vipps/merchant"), Link: &routing.Link{Scheme: "https", Host: "qr.vipps.no", Path: "/28/2/05/"}},
		{Kinds: kind("url/plus"), Link: &routing.Link{Scheme: "https", Path: "/MPM/3/"}},
		{Kinds: kind("url/upi/pay"), Link: &routing.Link{Scheme: "upi", Host: "pay"}},
		{Kinds: kind("url/wechat"), Link: &routing.Link{Scheme: "wxp"}},
		{Kinds: kind("cpm"), Start: &routing.Start{Text: "hQVDUFY"}},
		{Kinds: kind("epc"), Start: &routing.Start{Text: "BCD", Line: true}},
	}
}

func newTable(t testing.TB, rules []routing.Rule) *routing.Table {
	t.Helper()
	table, err := routing.NewTable(rules)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestMatch(t *testing.T) {
	t.Parallel()
	table := newTable(t, rules())
	cases := map[string]struct {
		text, kinds string
		flaw        reading.Code
	}{
		"template by GUID":                 {text: pixText, kinds: "mpm/pix mpm/emvco"},
		"GUID in capitals":                 {text: "00020126180014BR.GOV.BCB.PIX", kinds: "mpm/pix mpm/emvco"},
		"GUID that goes on":                {text: "00020126200016br.gov.bcb.pixel", kinds: "mpm/emvco"},
		"GUID in an object of no account":  {text: "00020180180014br.gov.bcb.pix", kinds: "mpm/emvco"},
		"GUID second":                      {text: "0002012623010110014br.gov.bcb.pix", kinds: "mpm/pix mpm/emvco"},
		"GUID out of its range":            {text: "00020151130009SG.PAYNOW", kinds: "mpm/emvco"},
		"start of a GUID":                  {text: "00020126140010CO.COM.RBM", kinds: "mpm/colombia mpm/emvco"},
		"start of a GUID alone":            {text: "00020126110007CO.COM.", kinds: "mpm/emvco"},
		"holds what the closer rule wants": {text: "00020129390016A0000006770101110315140000812345678", kinds: "mpm/truemoney mpm/promptpay mpm/emvco"},
		"holds something else":             {text: "00020129390016A0000006770101110315140010812345678", kinds: "mpm/promptpay mpm/emvco"},
		"several schemes, the whole first": {text: "0002010204111126130009SG.PAYNOW51110007SG.SGQR", kinds: "mpm/sgqr mpm/paynow mpm/visa mpm/emvco"},
		"country and currency":             {text: "00020126080004some5303360" + "5802ID", kinds: "mpm/qris mpm/emvco"},
		"country without currency":         {text: "00020126080004some5303764" + "5802ID", kinds: "mpm/emvco"},
		"card with a country":              {text: "00020102041111" + "5802GH", kinds: "mpm/ghana mpm/visa mpm/emvco"},
		"no scheme that we know":           {text: "00020126080004some", kinds: "mpm/emvco"},
		"letters of many bytes":            {text: "0002015904éééé26180014br.gov.bcb.pix", kinds: "mpm/pix mpm/emvco"},
		"broken before the account":        {text: "0002015999x26180014br.gov.bcb.pix", kinds: "mpm/emvco"},
		"broken behind the account":        {text: "00020126180014br.gov.bcb.pix5999x", kinds: "mpm/pix mpm/emvco"},
		"a scanner's line end":             {text: "\ufeff00020126180014br.gov.bcb.pix\r\n", kinds: "mpm/pix mpm/emvco"},

		"digits, the longest prefix first":  {text: "251001020123456789012345", kinds: "barcode/plus barcode/alipay"},
		"digits, two owners of one form":    {text: "251234020123456789012345", kinds: "barcode/plus barcode/alipay"},
		"digits, reserved by the closest":   {text: "251001020123456789012", kinds: "barcode/plus barcode/alipay", flaw: reading.Reserved},
		"digits, reserved by the only":      {text: "2510010201234567890123456", kinds: "barcode/plus", flaw: reading.Reserved},
		"digits, not reserved":              {text: "251234020123456789012", kinds: "barcode/alipay"},
		"digits, too short":                 {text: "9880222210010012345", kinds: "barcode/bluecode", flaw: reading.TooShort},
		"digits, too long":                  {text: "988022221001001234567", kinds: "barcode/bluecode", flaw: reading.TooLong},
		"digits, a length between two":      {text: "25123402012345678", kinds: "barcode/plus barcode/alipay", flaw: reading.Format},
		"digits of a length without prefix": {text: "310000000000000000", kinds: "barcode/alipay barcode/wechat", flaw: reading.Unknown},
		"digits of no length":               {text: "3100000000000000000", kinds: "", flaw: reading.Unknown},
		"digits in groups":                  {text: "1345 6789 0123 4567 89", kinds: "barcode/wechat"},
		"digits of full width":              {text: "1345678901234567８9", kinds: "barcode/wechat", flaw: reading.NotASCII},

		"link":                             {text: "https://qr.vipps.no/28/2/05/031/4p3k", kinds: "url/vipps/merchant url/vipps"},
		"link in capitals":                 {text: "HTTPS://QR.VIPPS.NO/28/2/05/031/4P3K", kinds: "url/vipps/merchant url/vipps"},
		"link, another path":               {text: "https://qr.vipps.no/x/28/2/05/", kinds: "url/vipps"},
		"link without a path":              {text: "https://qr.vipps.no", kinds: "", flaw: reading.Unknown},
		"link over plain HTTP":             {text: "http://qr.vipps.no/28/2/05/031/4p3k", kinds: "url/vipps/merchant url/vipps", flaw: reading.Format},
		"link whose user looks like it":    {text: "https://qr.vipps.no@evil.example/28/2/05/", kinds: "url/vipps/merchant url/vipps", flaw: reading.Format},
		"link with a user":                 {text: "https://me@qr.vipps.no/p", kinds: "url/vipps", flaw: reading.Format},
		"link with a port":                 {text: "https://qr.vipps.no:8443/p", kinds: "url/vipps", flaw: reading.Format},
		"link with a point":                {text: "https://qr.vipps.no./p", kinds: "url/vipps", flaw: reading.Format},
		"link to a longer host":            {text: "https://qr.vipps.no.evil.example/p", kinds: "", flaw: reading.Unknown},
		"link to a host that ends so":      {text: "https://xqr.vipps.no/p", kinds: "", flaw: reading.Unknown},
		"link with the host in its path":   {text: "https://evil.example/qr.vipps.no/p", kinds: "", flaw: reading.Unknown},
		"link with the host in its query":  {text: "https://evil.example?qr.vipps.no/p", kinds: "", flaw: reading.Unknown},
		"link to a host with a long s":     {text: "https://qr.vippſ.no/p", kinds: "", flaw: reading.Unknown},
		"link with a long s in its scheme": {text: "httpſ://qr.vipps.no/p", kinds: "", flaw: reading.Unknown},
		"link to any host":                 {text: "HTTPS://any.example/MPM/3/R1BMRA", kinds: "url/plus"},
		"link of an app":                   {text: "upi://pay?pa=shop@ybl", kinds: "url/upi/pay"},
		"link of an app, another action":   {text: "upi://collect?pa=shop@ybl", kinds: "", flaw: reading.Unknown},
		"link without a host of its own":   {text: "wxp://f2f0abc", kinds: "url/wechat"},

		"start of base64":           {text: "hQVDUFYwMWE", kinds: "cpm"},
		"start in the wrong case":   {text: "HQVDUFYwMWE", kinds: "", flaw: reading.Unknown},
		"start that is a line":      {text: "BCD\n002", kinds: "epc"},
		"start that is a DOS line":  {text: "BCD  \r\n002", kinds: "epc"},
		"start that is half a line": {text: "BCDE\n002", kinds: "", flaw: reading.Unknown},

		"nothing":              {text: "", kinds: "", flaw: reading.Unknown},
		"spaces":               {text: " \n", kinds: "", flaw: reading.Unknown},
		"words":                {text: "buy one, get one", kinds: "", flaw: reading.Unknown},
		"the text of a slip":   {text: "0041000600000101030040220202", kinds: "", flaw: reading.Unknown},
		"more than any symbol": {text: strings.Repeat("1", 9000), kinds: "", flaw: reading.Unknown},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			match := table.Match(test.text)
			if got := strings.Join(match.Kinds, " "); got != test.kinds || match.Flaw != test.flaw {
				t.Errorf("%q: kinds %q, flaw %q; want %q, %q", test.text, got, match.Flaw, test.kinds, test.flaw)
			}
		})
	}
}

// TestTwoErrors tells a text of no scheme from a broken text of a known one.
func TestTwoErrors(t *testing.T) {
	t.Parallel()
	table := newTable(t, rules())
	for text, want := range map[string]hansa.Reason{
		pixText:                "",
		"buy one, get one":     hansa.CodeUnknown,
		"310000000000000000":   hansa.CodeUnknown,
		"9880222210010012345":  hansa.CodeInvalid,
		"http://qr.vipps.no/p": hansa.CodeInvalid,
	} {
		if got, _ := hansa.ReasonOf(table.Match(text).Err()); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTooManyMatchesAreCut(t *testing.T) {
	t.Parallel()
	many := []routing.Rule{{Kinds: kind("mpm/emvco"), EMVCo: &routing.EMVCo{}}}
	var text strings.Builder
	text.WriteString("000201")
	for id := 26; id < 52; id++ {
		guid := string(rune('a' + id - 26))
		many = append(many, routing.Rule{Kinds: kind("mpm/" + guid), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: guid}})
		text.WriteString(string([]byte{byte('0' + id/10), byte('0' + id%10)}) + "050001" + guid)
	}
	kinds := newTable(t, many).Match(text.String()).Kinds
	if len(kinds) != 17 || kinds[0] != "mpm/a" || kinds[16] != "mpm/emvco" {
		t.Errorf("kinds %v", kinds)
	}
}

// TestNoOwnerIsLostInACrowd hides the owner of a code behind as many others as there
// is room for.
func TestNoOwnerIsLostInACrowd(t *testing.T) {
	t.Parallel()
	many := []routing.Rule{{Kinds: kind("mpm/owner"), EMVCo: &routing.EMVCo{First: 26, Last: 51, GUID: "owner", Whole: true}}}
	var text strings.Builder
	text.WriteString("000201")
	for id := 2; id < 51; id++ {
		value := "0001" + string(rune('A'+id))
		many = append(many, routing.Rule{Kinds: kind(fmt.Sprintf("mpm/%d", id)), EMVCo: &routing.EMVCo{First: mpm.ID(id), Last: mpm.ID(id)}})
		fmt.Fprintf(&text, "%02d05%s", id, value)
	}
	text.WriteString("51090005owner")
	if kinds := newTable(t, many).Match(text.String()).Kinds; kinds[0] != "mpm/owner" {
		t.Errorf("kinds %v", kinds)
	}
}

func TestMatchOfATextAndOfItsObjectsAgree(t *testing.T) {
	t.Parallel()
	table := newTable(t, rules())
	code, _ := readMPM(pixText)
	if diff := cmp.Diff(table.Match(pixText), table.MatchObjects(code.Objects())); diff != "" {
		t.Error(diff)
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	table := newTable(t, rules())
	for _, text := range []string{pixText, "98802222100100123456", "9880222210010012345", "upi://pay?pa=shop@ybl", "BCD\n002"} {
		if n := testing.AllocsPerRun(100, func() { table.Match(text) }); n != 0 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}

func FuzzMatch(f *testing.F) {
	table := newTable(f, rules())
	for _, seed := range []string{
		pixText, "251001020123456789012", "https://qr.vipps.no@evil.example/28/2/05/", "BCD\n002", "１３4567890123456789", "0002015904éé", "://", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		match := table.Match(text)
		err := match.Err()
		if (err == nil) != (match.Flaw == "") {
			t.Errorf("flaw %q, error %v", match.Flaw, err)
		}
		if match.Flaw != reading.Unknown && len(match.Kinds) == 0 {
			t.Error("neither a kind nor unknown")
		}
		if diff := cmp.Diff(match, table.Match(" "+text+"\r\n")); diff != "" && len(text) < 8000 {
			t.Error(diff)
		}
	})
}

const pixText = "00020126180014br.gov.bcb.pix5204000053039865802BR5913Pgpgnt mc Mrf6008RBBFWRBP62070503***80800014br.gov.bcb.pix2558wcb.lpdhphd.wrd/nh/d2/vwp/6960m978cfpw11sskvs04933hb11120263047E08"

func BenchmarkMatch(b *testing.B) {
	table := newTable(b, rules())
	b.ReportAllocs()
	for b.Loop() {
		table.Match(pixText)
	}
}
