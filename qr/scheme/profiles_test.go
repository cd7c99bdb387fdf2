package scheme_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/scheme"
)

// sealed returns the objects with their checksum.
func sealed(objects string) string {
	objects += "6304"
	remainder := uint16(0xffff)
	for i := range len(objects) {
		remainder ^= uint16(objects[i]) << 8
		for range 8 {
			carry := remainder & 0x8000
			remainder <<= 1
			if carry != 0 {
				remainder ^= 0x1021
			}
		}
	}
	return fmt.Sprintf("%s%04X", objects, remainder)
}

// object returns one object with a value of at most 99 characters.
func object(id int, value string) string {
	return fmt.Sprintf("%02d%02d%s", id, len([]rune(value)), value)
}

// template returns an object that holds a GUID, then the pairs of id and value.
func template(id int, guid string, pairs ...any) string {
	value := object(0, guid)
	for i := 0; i < len(pairs); i += 2 {
		value += object(pairs[i].(int), pairs[i+1].(string))
	}
	return object(id, value)
}

// code returns a static code with these accounts, in a currency and a country,
// with everything that the standard wants, and more objects behind.
func code(accounts, currency, country string, more ...string) string {
	return sealed("000201010211" + accounts + object(52, "5812") + object(53, currency) + object(58, country) +
		object(59, "SHOP") + object(60, "TOWN") + strings.Join(more, ""))
}

// without returns a code without the object that has that id.
func without(text string, id mpm.ID) string {
	parsed, _ := mpm.Read(text)
	var rest strings.Builder
	for _, o := range parsed.Objects() {
		if o.ID != id && o.ID != mpm.IDChecksum {
			rest.WriteString(object(int(o.ID), o.Value))
		}
	}
	return sealed(rest.String())
}

// Codes as each scheme wants them.
var (
	promptPay = code(template(29, "A000000677010111", 1, "0066812345678"), "764", "TH")
	bill      = code(template(30, "A000000677010112", 1, "099400016550100", 2, "12345", 3, "67"), "764", "TH", object(62, object(7, "89")))
	billFar   = code(template(30, "A000000677012006", 1, "0115099400016550100", 2, "12345"), "764", "TH")
	trueMoney = code(template(29, "A000000677010111", 3, "140000812345678"), "764", "TH", object(81, "00480069"))
	pix       = code(template(26, "br.gov.bcb.pix", 1, "shop@example.com", 2, "thanks"), "986", "BR", object(62, object(5, "***")))
	pixURL    = code(template(26, "br.gov.bcb.pix", 25, "pix.example.com/qr/v2/9d36b84f"), "986", "BR", object(62, object(5, "***")))
	vietQR    = code(template(38, "A000000727", 1, object(0, "970436")+object(1, "0123456789"), 2, "QRIBFTTA"), "704", "VN")
	vnpay     = code(template(26, "A000000775", 1, "0102030405"), "704", "VN")
	qris      = code(template(26, "ID.CO.EXAMPLE.WWW", 1, "936000140000000001", 2, "12345", 3, "UMI")+template(51, "ID.CO.QRIS.WWW", 2, "ID1234567890123", 3, "UMI"), "360", "ID", object(61, "10110"))
	payNow    = code(template(26, "SG.PAYNOW", 1, "2", 2, "201403121W", 3, "1", 4, "20301231"), "702", "SG")
	sgqr      = code(template(26, "SG.PAYNOW", 1, "2", 2, "201403121W", 3, "1")+template(27, "SG.COM.NETS", 1, "111")+template(51, "SG.SGQR", 1, "180307510317", 3, "049145"), "702", "SG")
	fps       = code(template(26, "hk.com.hkicl", 2, "1234567"), "344", "HK")
	duitNow   = "000202" + code(template(26, "A0000006150001", 1, "501854", 2, "12345"), "458", "MY")[6:]
	bharat    = code(object(2, "4111111111111111")+template(26, "A000000524", 1, "shop@bank"), "356", "IN", object(61, "560001"))
	qrPh      = code(template(28, "ph.ppmi.p2m", 1, "BNORPHMMXXX", 3, "12345", 4, "678"), "608", "PH")
	khqr      = code(template(29, "shop@bank", 1, "123456"), "116", "KH", object(99, object(0, "1613438575892")))
	jpqr      = code(template(26, "jp.or.paymentsjapan", 1, "0000000000001", 2, "0001", 3, "000001", 4, "000001"), "392", "JP", object(61, "1000001"), object(64, object(0, "JA")+object(1, "店")))
	laoQR     = code(template(38, "A005266284662577", 1, "27710418", 2, "001", 3, "12345"), "418", "LA")
	ghana     = code(object(2, "4111111111111111"), "936", "GH")
	namQR     = code(template(26, "na.com.operator", 1, "12345"), "516", "NA", object(65, "token"), object(66, "MEUCIQ"))
	colombia  = code(object(49, object(1, "9")+object(0, "CO.COM.RBM.RED")), "170", "CO")
	vnOther   = code(template(26, "vn.airpay.www", 1, "12345"), "704", "VN")
	unknown   = code(template(26, "com.example", 1, "12345"), "978", "DE")
)

func TestSchemes(t *testing.T) {
	t.Parallel()
	duitNow := sealed(duitNow[:len(duitNow)-len("63041234")])
	cases := map[string]struct {
		text, kinds string
		want        string // the findings but those of the standard alone, as place/code/severity
	}{
		"PromptPay":                     {promptPay, "mpm/promptpay mpm/emvco", ""},
		"PromptPay, bare":               {without(without(without(promptPay, 52), 59), 60), "mpm/promptpay mpm/emvco", "52/missing/warning 59/missing/warning 60/missing/warning"},
		"PromptPay for once":            {code(template(29, "A000000677010114", 2, "1234567890123"), "764", "TH"), "mpm/promptpay mpm/emvco", ""},
		"PromptPay to nobody":           {code(template(29, "A000000677010111"), "764", "TH"), "mpm/promptpay mpm/emvco", "/missing/error"},
		"PromptPay to two":              {code(template(29, "A000000677010111", 1, "0066812345678", 2, "1234567890123"), "764", "TH"), "mpm/promptpay mpm/emvco", "29/contradiction/error"},
		"PromptPay in two templates":    {code(template(29, "A000000677010111", 1, "0066812345678")+template(28, "A000000677010111", 1, "0066899999999"), "764", "TH"), "mpm/promptpay mpm/emvco", "28/contradiction/error"},
		"PromptPay, once and for long":  {code(template(29, "A000000677010111", 1, "0066812345678")+template(30, "A000000677010114", 1, "0066899999999"), "764", "TH"), "mpm/promptpay mpm/emvco", "30/contradiction/error"},
		"PromptPay to a short number":   {code(template(29, "A000000677010111", 1, "0812345678"), "764", "TH"), "mpm/promptpay mpm/emvco", "29.01/format/warning"},
		"PromptPay in reals":            {code(template(29, "A000000677010111", 1, "0066812345678"), "986", "TH"), "mpm/promptpay mpm/emvco", "53/contradiction/error"},
		"PromptPay abroad":              {code(template(29, "A000000677010111", 1, "0066812345678"), "764", "LA"), "mpm/promptpay mpm/emvco", "58/contradiction/warning"},
		"PromptPay without a currency":  {without(promptPay, 53), "mpm/promptpay mpm/emvco", "53/missing/error"},
		"bill":                          {bill, "mpm/promptpay mpm/thai-bill-payment mpm/emvco", ""},
		"bill, bare":                    {without(without(without(bill, 52), 59), 60), "mpm/promptpay mpm/thai-bill-payment mpm/emvco", "52/missing/warning 59/missing/warning 60/missing/warning"},
		"bill of nobody":                {code(template(30, "A000000677010112", 2, "12345"), "764", "TH"), "mpm/promptpay mpm/thai-bill-payment mpm/emvco", "/missing/error"},
		"bill across the border":        {billFar, "mpm/thai-bill-payment mpm/emvco", ""},
		"TrueMoney":                     {trueMoney, "mpm/truemoney mpm/promptpay mpm/emvco", "81/format/warning"},
		"TrueMoney, message as objects": {code(template(29, "A000000677010111", 3, "140000812345678"), "764", "TH", object(81, "0101")+""), "mpm/truemoney mpm/promptpay mpm/emvco", "81/format/warning"},
		"PIX":                           {pix, "mpm/pix mpm/emvco", ""},
		"PIX, no amount yet":            {code(template(26, "BR.GOV.BCB.PIX", 1, "k@example.com"), "986", "BR", object(54, "0.00"), object(62, object(5, "***"))), "mpm/pix mpm/emvco", "54/amount_zero/warning 54/static_amount/note"},
		"PIX, dynamic":                  {pixURL, "mpm/pix mpm/emvco", "26.25/signed_else/note"},
		"PIX, address with a scheme":    {code(template(26, "br.gov.bcb.pix", 25, "https://pix.example.com/v2/9"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "26.25/format/note 26.25/signed_else/note"},
		"PIX, address with a user":      {code(template(26, "br.gov.bcb.pix", 25, "pix.example.com@evil.example/9"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "26.25/format/note 26.25/signed_else/note"},
		"PIX with key and address":      {code(template(26, "br.gov.bcb.pix", 1, "k@example.com", 25, "pix.example.com/9"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "26.25/signed_else/note 26/contradiction/error"},
		"PIX, recurring alone":          {code(template(26, "br.gov.bcb.pix"), "986", "BR", object(62, object(5, "***")), template(80, "br.gov.bcb.pix", 25, "rec.example.com/9")), "mpm/pix mpm/emvco", "80.25/signed_else/note"},
		"PIX to nobody":                 {code(template(26, "br.gov.bcb.pix"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "/missing/error"},
		"PIX to nobody, an empty key":   {code(object(26, object(0, "br.gov.bcb.pix")+"0100"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "/missing/error 26.01/empty/warning"},
		"PIX without a transaction":     {without(pix, 62), "mpm/pix mpm/emvco", "62.05/missing/warning"},
		"PIX in dollars":                {code(template(26, "br.gov.bcb.pix", 1, "k@example.com"), "840", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "53/contradiction/error"},
		"PIX in two templates":          {code(template(26, "br.gov.bcb.pix", 1, "k@example.com")+template(27, "BR.GOV.BCB.PIX", 1, "e@evil.example"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "27/contradiction/error"},
		"PIX twice":                     {code(template(26, "br.gov.bcb.pix", 1, "k@example.com")+template(26, "br.gov.bcb.pix", 1, "e@evil.example"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "26/twice/error"},
		"VietQR":                        {vietQR, "mpm/vietqr mpm/emvco", ""},
		"VietQR of MoMo":                {code(template(38, "A000000727", 1, object(0, "970436")+object(1, "1"), 2, "QRIBFTTA"), "704", "VN", object(80, "046")), "mpm/vietqr mpm/emvco", "80/format/warning"},
		"VietQR of MoMo, by chance TLV": {code(template(38, "A000000727", 1, object(0, "970436")+object(1, "1"), 2, "QRIBFTTA"), "704", "VN", object(80, "01010")), "mpm/vietqr mpm/emvco", "80.00/missing/warning"},
		"VietQR, another service":       {code(template(38, "A000000727", 1, object(0, "970436")+object(1, "1"), 2, "QRXXX"), "704", "VN"), "mpm/vietqr mpm/emvco", "38.02/format/warning"},
		"VietQR, a short bank":          {code(template(38, "A000000727", 1, object(0, "9704")+object(1, "1"), 2, "QRPUSH"), "704", "VN"), "mpm/vietqr mpm/emvco", "38.01.00/format/warning"},
		"VietQR, two accounts":          {code(template(38, "A000000727", 1, object(0, "970436")+object(1, "1")+object(1, "2"), 2, "QRPUSH"), "704", "VN"), "mpm/vietqr mpm/emvco", "38.01.01/twice/error"},
		"VietQR, half an account":       {code(template(38, "A000000727", 1, object(0, "970436")+"01191", 2, "QRPUSH"), "704", "VN"), "mpm/vietqr mpm/emvco", "38.01/format/error"},
		"VietQR in two templates":       {code(template(38, "A000000727", 1, object(0, "970436")+object(1, "1"))+template(39, "A000000727", 1, object(0, "970436")+object(1, "2")), "704", "VN"), "mpm/vietqr mpm/emvco", "39/contradiction/error"},
		"VietQR, cut within object 80":  {strings.TrimSuffix(vietQR, vietQR[len(vietQR)-8:]) + "8099046", "mpm/vietqr mpm/emvco", "80/too_short/error"},
		"VietQR, no length in 80":       {strings.TrimSuffix(vietQR, vietQR[len(vietQR)-8:]) + "80XX", "mpm/vietqr mpm/emvco", "80/format/error"},
		"VNPAY":                         {vnpay, "mpm/vnpay mpm/emvco", ""},
		"another Vietnamese":            {vnOther, "mpm/vn-other mpm/emvco", ""},
		"QRIS":                          {qris, "mpm/qris mpm/emvco", ""},
		"QRIS, no national object":      {code(template(26, "ID.CO.EXAMPLE.WWW", 1, "936000140000000001", 3, "UMI"), "360", "ID", object(61, "10110")), "mpm/qris mpm/emvco", ""},
		"QRIS, no postal code":          {without(qris, 61), "mpm/qris mpm/emvco", "61/missing/warning"},
		"QRIS, another class":           {code(template(51, "ID.CO.QRIS.WWW", 2, "ID1234567890123", 3, "XXX"), "360", "ID", object(61, "10110")), "mpm/qris mpm/emvco", "51.03/format/warning"},
		"PayNow":                        {payNow, "mpm/paynow mpm/emvco", ""},
		"PayNow, another proxy":         {code(template(26, "SG.PAYNOW", 1, "7", 2, "x"), "702", "SG"), "mpm/paynow mpm/emvco", "26.01/format/warning"},
		"PayNow to nobody":              {code(template(26, "SG.PAYNOW", 1, "2"), "702", "SG"), "mpm/paynow mpm/emvco", "/missing/error"},
		"SGQR":                          {sgqr, "mpm/sgqr mpm/paynow mpm/nets mpm/emvco", ""},
		"SGQR with two of NETS":         {code(template(26, "SG.COM.NETS", 1, "1")+template(27, "SG.COM.NETS", 1, "2")+template(51, "SG.SGQR", 1, "1"), "702", "SG"), "mpm/sgqr mpm/nets mpm/emvco", ""},
		"SGQR with two of PayNow":       {code(template(26, "SG.PAYNOW", 2, "1")+template(27, "SG.PAYNOW", 2, "2")+template(51, "SG.SGQR", 1, "1"), "702", "SG"), "mpm/sgqr mpm/paynow mpm/emvco", "27/contradiction/error"},
		"SGQR with an empty PayNow":     {code(template(26, "SG.PAYNOW", 1, "2")+template(27, "SG.COM.NETS", 1, "1")+template(51, "SG.SGQR", 1, "1"), "702", "SG"), "mpm/sgqr mpm/paynow mpm/nets mpm/emvco", ""},
		"FPS":                           {fps, "mpm/fps-hk mpm/emvco", ""},
		"FPS in renminbi":               {code(template(26, "HK.COM.HKICL", 1, "004", 3, "+852-12345678"), "156", "HK"), "mpm/fps-hk mpm/emvco", ""},
		"FPS to two":                    {code(template(26, "hk.com.hkicl", 2, "1234567", 4, "evil@example.com"), "344", "HK"), "mpm/fps-hk mpm/emvco", "26/contradiction/error"},
		"FPS with an empty 62":          {code(template(26, "hk.com.hkicl", 2, "1234567"), "344", "HK", "6200"), "mpm/fps-hk mpm/emvco", "62/empty/warning"},
		"DuitNow":                       {duitNow, "mpm/duitnow mpm/emvco", "00/reserved/warning"},
		"DuitNow, format 03":            {sealed("000203" + duitNow[6:len(duitNow)-8]), "mpm/duitnow mpm/emvco", "00/reserved/error"},
		"format 02 elsewhere":           {sealed("000202" + pix[6:len(pix)-8]), "mpm/pix mpm/emvco", "00/reserved/error"},
		"DuitNow, a hash":               {code(template(26, "A0000006150001", 1, "501854", 2, "1"), "458", "MY", object(82, "0101f")), "mpm/duitnow mpm/emvco", "82.00/missing/warning"},
		"BharatQR":                      {bharat, "mpm/bharatqr mpm/upi mpm/visa mpm/emvco", ""},
		"BharatQR without UPI":          {code(object(4, "5555555555554444"), "356", "IN", object(61, "560001")), "mpm/bharatqr mpm/mastercard mpm/emvco", ""},
		"BharatQR, no postal code":      {without(bharat, 61), "mpm/bharatqr mpm/upi mpm/visa mpm/emvco", "61/missing/warning"},
		"BharatQR, no name":             {without(bharat, 59), "mpm/bharatqr mpm/upi mpm/visa mpm/emvco", "59/missing/error"},
		"BharatQR, a long name":         {strings.Replace(bharat, "5904SHOP", "5924ABCDEFGHIJKLMNOPQRSTUVWX", 1), "mpm/bharatqr mpm/upi mpm/visa mpm/emvco", "59/format/warning 63/checksum/error"},
		"BharatQR over Bluetooth":       {sealed("000201010221" + bharat[12:len(bharat)-8]), "mpm/bharatqr mpm/upi mpm/visa mpm/emvco", "01/reserved/warning"},
		"QR Ph":                         {qrPh, "mpm/qrph mpm/emvco", ""},
		"KHQR":                          {khqr, "mpm/khqr mpm/emvco", ""},
		"KHQR in dollars":               {code(template(30, "shop@bank", 1, "1"), "840", "KH"), "mpm/khqr mpm/emvco", ""},
		"KHQR without a creation time":  {code(template(30, "shop@bank", 1, "1"), "840", "KH", object(99, object(1, "1613438575892"))), "mpm/khqr mpm/emvco", "99.00/missing/warning"},
		"KHQR of two":                   {code(template(29, "shop@bank", 1, "1")+template(30, "evil@bank", 1, "1"), "116", "KH"), "mpm/khqr mpm/emvco", "30/contradiction/error"},
		"KHQR with a GUID":              {code(template(30, "com.example", 1, "1"), "840", "KH"), "mpm/khqr mpm/emvco", "30.00/format/warning"},
		"JPQR":                          {jpqr, "mpm/jpqr mpm/emvco", ""},
		"JPQR, no postal code":          {without(jpqr, 61), "mpm/jpqr mpm/emvco", "61/missing/warning"},
		"JPQR, no Japanese":             {without(jpqr, 64), "mpm/jpqr mpm/emvco", "64/missing/warning"},
		"JPQR, no name":                 {without(jpqr, 59), "mpm/jpqr mpm/emvco", "59/missing/error"},
		"JPQR, short levels":            {code(template(26, "jp.or.paymentsjapan", 1, "1", 2, "2", 3, "3", 4, "4"), "392", "JP", object(61, "1"), object(64, object(0, "JA")+object(1, "x"))), "mpm/jpqr mpm/emvco", "26.01/format/warning 26.02/format/warning 26.03/format/warning 26.04/format/warning"},
		"LAO QR":                        {laoQR, "mpm/laoqr mpm/emvco", ""},
		"Ghana":                         {ghana, "mpm/ghana mpm/visa mpm/emvco", ""},
		"NAMQR":                         {namQR, "mpm/namqr mpm/emvco", "65/reserved/note 66/reserved/note 66/signed_else/note"},
		"NAMQR shown by the payer":      {sealed("000201010213" + namQR[12:len(namQR)-8]), "mpm/namqr mpm/emvco", "01/reserved/warning 65/reserved/note 66/reserved/note 66/signed_else/note"},
		"Colombia, GUID second":         {colombia, "mpm/colombia mpm/emvco", ""},
		"PIX with a false QRIS":         {code(template(26, "br.gov.bcb.pix", 1, "k@example.com")+template(51, "ID.CO.QRIſ.WWW", 2, "ID1234567890123"), "986", "BR", object(62, object(5, "***"))), "mpm/pix mpm/emvco", "51.00/not_ascii/warning"},
		"no scheme that we know":        {unknown, "mpm/emvco", ""},
		"no scheme, object 66":          {code(template(26, "com.example", 1, "1"), "978", "DE", object(66, "x")), "mpm/emvco", "66/reserved/warning"},
		"no scheme, no GUID in 80":      {code(template(26, "com.example", 1, "1"), "978", "DE", object(80, object(1, "x"))), "mpm/emvco", "80.00/missing/error"},
		"a hidden character":            {code(template(38, "A000000727", 1, object(0, "970436")+object(1, "1"), 2, "QRPUSH"), "704", "VN", object(80, "x\u202ey")), "mpm/vietqr mpm/emvco", "80/format/warning 80/hidden_text/error"},
		"half a code":                   {pix[:len(pix)-20], "mpm/pix mpm/emvco", "60/too_short/error"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := scheme.Read(test.text)
			if got := strings.Join(read.Kinds, " "); got != test.kinds {
				t.Errorf("kinds %q, want %q", got, test.kinds)
			}
			if got := summary(read.Findings); got != test.want {
				t.Errorf("findings %q, want %q\n%s", got, test.want, test.text)
			}
			if read.Valid != !strings.Contains(test.want, "/error") {
				t.Errorf("valid %v with %q", read.Valid, test.want)
			}
		})
	}
}

// summary writes findings as place/code/severity.
func summary(findings []reading.Finding) string {
	var words []string
	for _, f := range findings {
		words = append(words, fmt.Sprintf("%s/%s/%s", f.Place, f.Code, f.Severity))
	}
	return strings.Join(words, " ")
}

// TestProfilesAreSound holds the data to what the rest relies on.
func TestProfilesAreSound(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z0-9_]*$`)
	misleading := []reading.Code{reading.Twice, reading.Contradiction, reading.Checksum, reading.Trailing, reading.HiddenText}
	var kinds []string
	for _, p := range scheme.Profiles() {
		if slices.Contains(kinds, p.Kind) || !strings.HasPrefix(p.Kind, "mpm/") || p.Name == "" {
			t.Errorf("%s (%s) is there twice, or has no name", p.Kind, p.Name)
		}
		kinds = append(kinds, p.Kind)
		for _, r := range p.Rulings {
			if slices.Contains(misleading, r.Code) {
				t.Errorf("%s thinks less of %s: such a code means two things", p.Kind, r.Code)
			}
		}
		fields := slices.Clone(p.Objects)
		for _, template := range p.Templates {
			fields = append(fields, template.Fields...)
		}
		for _, f := range fields {
			if !name.MatchString(f.Name) || (f.Payee && f.Name == "") {
				t.Errorf("%s: field %02d has the name %q", p.Kind, f.ID, f.Name)
			}
		}
	}
	for _, rule := range scheme.Rules().Rules {
		for _, kind := range rule.Kinds {
			if rule.EMVCo != nil && kind != scheme.EMVCo && !strings.HasPrefix(kind, "hansa/") && !slices.Contains(kinds, kind) {
				t.Errorf("a rule of %s, which has no profile", kind)
			}
		}
	}
}

func TestFieldsHaveTheNamesOfTheirScheme(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"PIX":          {pix, "26.01 key, 26.02 message, 62.05 transaction_id"},
		"PIX, dynamic": {pixURL, "26.25 url, 62.05 transaction_id"},
		"VietQR":       {vietQR, "38.01.00 bank, 38.01.01 account, 38.02 service"},
		"bill":         {bill, "30.01 biller_id, 30.02 reference_1, 30.03 reference_2, 62.07 reference_3"},
		"bill, abroad": {billFar, "30.01.01 biller_id, 30.02 reference_1"},
		"TrueMoney":    {trueMoney, "29.03 wallet, 81 message"},
		"KHQR":         {khqr, "29.00 bakong_account, 29.01 account, 99.00 created_ms"},
		"SGQR":         {sgqr, "26.01 proxy_type, 26.02 proxy, 26.03 amount_editable, 27.01 , 51.01 sgqr_id, 51.03 postal_code"},
		"BharatQR":     {bharat, "26.01 payment_address"},
		"NAMQR":        {namQR, "26.01 , 65 token_vault_id, 66 signature"},
		"unknown":      {unknown, "26.01 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range scheme.Read(test.text).Fields {
				isStandard := f.Name == "globally_unique_identifier" || (len(f.Place) == 2 && f.Place < "65")
				if !isStandard {
					got = append(got, fmt.Sprintf("%s %s", f.Place, f.Name))
				}
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
