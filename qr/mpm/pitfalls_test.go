package mpm_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// The tests of this file are mistakes that were seen in codes in the field, and in
// the packages that read and write them.

func TestPitfallLengthCountsCharacters(t *testing.T) {
	t.Parallel()
	text := changed("5910Löwen Café")
	code, _ := mpm.Read(text)
	if name, _ := code.Value(mpm.IDName); name != "Löwen Café" {
		t.Errorf("name %q", name)
	}
	wantOnly(t, text, reading.NotASCII, "59", reading.Warning)
	// A length in 16-bit units counts this character twice.
	if _, findings := mpm.Read(changed("5911TEST 😀 BAR")); reading.Valid(findings) {
		t.Error("valid with a length in 16-bit units")
	}
}

func TestPitfallLengthCountsBytes(t *testing.T) {
	t.Parallel()
	text := changed("5912Löwen Café")
	wantFound(t, text, reading.LengthInBytes, "59", reading.Error)
	code, findings := mpm.Read(text)
	if name, _ := code.Value(mpm.IDName); name != "Löwen Café" {
		t.Errorf("name %q: the checksum shows what was meant", name)
	}
	for _, finding := range findings {
		if finding.Severity == reading.Error && finding.Code != reading.LengthInBytes {
			t.Errorf("%v: a scheme that counts bytes needs to lower one finding only", finding)
		}
	}
	// Without a right checksum nothing is guessed.
	broken := text[:len(text)-4] + "0000"
	if code, _ := mpm.Read(broken); len(code.Objects()) == 0 {
		t.Error("nothing read")
	}
	wantFound(t, broken, reading.Format, "06", reading.Error)
}

func TestPitfallChecksumOverOtherBytes(t *testing.T) {
	t.Parallel()
	// The digits are those of the text in ISO 8859-1.
	text := changed("-62", "5910Löwen Café")
	wantFound(t, text[:len(text)-4]+"3EA4", reading.Checksum, "63", reading.Error)
}

func TestPitfallChecksumInLowerCase(t *testing.T) {
	t.Parallel()
	text := changed("610510115")
	lower := text[:len(text)-4] + strings.ToLower(tail(text))
	if lower == text {
		t.Fatal("no letter in the checksum")
	}
	wantOnly(t, lower, reading.LowerCase, "63", reading.Warning)
	wantClean(t, text)
}

func TestPitfallPayloadFormat02(t *testing.T) {
	t.Parallel()
	wantOnly(t, changed("000202"), reading.Reserved, "00", reading.Error)
}

func TestPitfallNoInitiation(t *testing.T) {
	t.Parallel()
	text := changed("-01", "-54")
	wantClean(t, text)
	if code, _ := mpm.Read(text); !code.Static() {
		t.Error("not static")
	}
}

func TestPitfallNoNameCityOrCategory(t *testing.T) {
	t.Parallel()
	for id, place := range map[string]reading.Place{"-52": "52", "-59": "59", "-60": "60"} {
		wantOnly(t, changed(id), reading.Missing, place, reading.Warning)
	}
}

func TestPitfallLongNameAndCity(t *testing.T) {
	t.Parallel()
	wantOnly(t, changed(object("59", strings.Repeat("N", 26))), reading.TooLong, "59", reading.Warning)
	wantOnly(t, changed(object("59", strings.Repeat("N", 99))), reading.TooLong, "59", reading.Warning)
	wantOnly(t, changed(object("60", strings.Repeat("C", 16))), reading.TooLong, "60", reading.Warning)
}

func TestPitfallNameNotASCII(t *testing.T) {
	t.Parallel()
	wantOnly(t, changed(object("59", "Phở Hà Nội")), reading.NotASCII, "59", reading.Warning)
	objects, err := mpm.Merchant{Name: "Phở Hà Nội", City: "Hà Nội", Country: "VN", Category: "5812", Language: "vi"}.Objects()
	if err != nil {
		t.Fatal(err)
	}
	text := mustEncode(t, append(accountObjects(), objects...)...)
	code, _ := mpm.Read(text)
	if name, _ := code.Value(mpm.IDName); name != "Pho Ha Noi" {
		t.Errorf("written name %q", name)
	}
	if merchant := code.Merchant(); merchant.Name != "Phở Hà Nội" || merchant.City != "Hà Nội" {
		t.Errorf("read %v", merchant)
	}
}

func TestPitfallUnreservedTemplateHoldsAnything(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ object, place string }{
		"a word of MoMo":               {"8003046", "80"},
		"a hash of DuitNow":            {object("82", "802134w0g69880p844gr9p985437vwm2f21v12k8"), "82"},
		"a message of TrueMoney":       {object("81", "0E2A0E270E310E2A"), "81"},
		"a time behind an odd header":  {object("99", "13172683393217"), "99"},
		"a header that ends too early": {object("99", "001"), "99"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantOnly(t, changed(c.object), reading.Format, reading.Place(c.place), reading.Warning)
		})
	}
	wantClean(t, changed(object("99", "00131726833932170")))
}

func TestPitfallThreeDigitLength(t *testing.T) {
	t.Parallel()
	value := "0014br.gov.bcb.pix0180" + strings.Repeat("x", 80)
	text := sealed("000201" + "26102" + value + "52045411" + "5303986" + "5802BR" + "5909TEST SHOP" + "6006BERLIN")
	if _, findings := mpm.Read(text); reading.Valid(findings) {
		t.Errorf("%q is valid", text)
	}
	objects := append(accountObjects(), mpm.Object{ID: mpm.IDName, Value: strings.Repeat("A", 120)})
	wantRefused(t, "object 59 has 120 characters", objects...)
	wantRefused(t, "object 27 has 102 characters", append(accountObjects(), mpm.Object{ID: 27, Template: []mpm.Object{
		{ID: 0, Value: "br.gov.bcb.pix"}, {ID: 1, Value: strings.Repeat("x", 80)},
	}})...)
}

func TestPitfallDuplicateObject(t *testing.T) {
	t.Parallel()
	text := sealed(strings.Join(shop, "") + "540599.99")
	wantOnly(t, text, reading.Twice, "54", reading.Error)
	code, _ := mpm.Read(text)
	if amount, ok := code.Amount(); ok {
		t.Errorf("amount %s", amount)
	}
	if value, ok := code.Value(mpm.IDAmount); ok {
		t.Errorf("value %s", value)
	}
	wantOnly(t, changed(object("26", "0008com.test0104M0010104M002")), reading.Twice, "26.01", reading.Error)
	wantRefused(t, "object 54 occurs twice", append(accountObjects(),
		mpm.Object{ID: mpm.IDAmount, Value: "10.50"}, mpm.Object{ID: mpm.IDAmount, Value: "99.99"})...)
}

func TestPitfallSignInALength(t *testing.T) {
	t.Parallel()
	for _, length := range []string{"+3", "-3", " 3", "3 ", "0x", "3.", "３"} {
		wantFound(t, changed("53"+length+"978"), reading.Format, "53", reading.Error)
	}
	wantFound(t, changed("+13978"), reading.Format, "", reading.Error)
}

func TestPitfallSomethingAroundTheCode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{changed() + "\n", changed() + "\r\n", changed() + "  ", "\ufeff" + changed(), "\ufeff" + changed() + " \r\n"} {
		wantOnly(t, text, reading.Surrounded, "", reading.Note)
		if code, _ := mpm.Read(text); code.Text() != changed() {
			t.Errorf("%q: text %q", text, code.Text())
		}
	}
	wantFound(t, " "+changed(), reading.Format, "", reading.Error)
	wantFound(t, "\n"+changed(), reading.Format, "", reading.Error)
	wantFound(t, changed()+"0", reading.Trailing, "63", reading.Error)
	wantFound(t, changed()+"\x00", reading.Trailing, "63", reading.Error)
}

func TestPitfallSpacesInsideBelongToTheCode(t *testing.T) {
	t.Parallel()
	text := changed(object("59", "Panel, Digital & "), object("15", "1234567890123456    "))
	wantClean(t, text)
	code, _ := mpm.Read(text)
	if name, _ := code.Value(mpm.IDName); name != "Panel, Digital & " {
		t.Errorf("name %q", name)
	}
	if account, _ := code.Value(15); account != "1234567890123456    " {
		t.Errorf("account %q", account)
	}
}

func TestPitfallPercentEncodedOnTheWay(t *testing.T) {
	t.Parallel()
	text := changed("5918Asiatimur, Hiburan")
	wantClean(t, text)
	wantFound(t, strings.ReplaceAll(strings.ReplaceAll(text, ",", "%2C"), " ", "%20"), reading.PercentEncoded, "", reading.Error)
	// A name may hold a percent sign, and a broken code is only that.
	wantClean(t, changed("59131%2C percent%"))
	_, findings := mpm.Read(changed("5920100%2C percent"))
	for _, finding := range findings {
		if finding.Code == reading.PercentEncoded {
			t.Errorf("%v", finding)
		}
	}
}

func TestPitfallEmptyObjects(t *testing.T) {
	t.Parallel()
	wantOnly(t, changed("6200"), reading.Empty, "62", reading.Warning)
	wantOnly(t, changed(object("26", "0014br.gov.bcb.pix0104a@b.0200")), reading.Empty, "26.02", reading.Warning)
	wantOnly(t, changed("5400"), reading.Empty, "54", reading.Error)
	wantRefused(t, "object 62 has 0 characters", append(accountObjects(), mpm.Object{ID: mpm.IDAdditionalData})...)
	wantRefused(t, "object 02 has 0 characters", append(accountObjects(), mpm.Object{ID: 27, Template: []mpm.Object{
		{ID: 0, Value: "x.yz"}, {ID: 2},
	}})...)
}

func TestPitfallHiddenCharactersInNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"TEST\u202eSHOP", "TEST\x00SHOP", "TEST\rSHOP", "TEST\u200bSHOP", "\u2066TEST\u2069", "TEST\u2028SHOP", "TEST\x7fSHOP"} {
		wantFound(t, changed(object("59", name)), reading.HiddenText, "59", reading.Error)
		wantFound(t, changed(object("64", "0002EN"+object("01", name))), reading.HiddenText, "64.01", reading.Error)
		wantRefused(t, "hidden", append(accountObjects(), mpm.Object{ID: mpm.IDLocalLanguage, Template: []mpm.Object{
			{ID: mpm.IDLanguage, Value: "EN"}, {ID: mpm.IDLocalName, Value: name},
		}})...)
	}
	// Persian cannot be written without this one.
	wantClean(t, changed(object("64", "0002FA"+object("01", "می\u200cشود"))))
}

func TestPitfallDecomposedText(t *testing.T) {
	t.Parallel()
	wantOnly(t, changed(object("64", "0002FR"+object("01", "Cafe\u0301"))), reading.NotComposed, "64.01", reading.Error)
	wantClean(t, changed(object("64", "0002FR"+object("01", "Caf\u00e9"))))
	wantRefused(t, "normal form", append(accountObjects(), mpm.Object{ID: mpm.IDLocalLanguage, Template: []mpm.Object{
		{ID: mpm.IDLanguage, Value: "FR"}, {ID: mpm.IDLocalName, Value: "Cafe\u0301"},
	}})...)
}

func TestPitfallOtherInitiations(t *testing.T) {
	t.Parallel()
	for _, initiation := range []string{"13", "14", "21", "31"} {
		text := changed("0102" + initiation)
		wantOnly(t, text, reading.Reserved, "01", reading.Error)
		if code, _ := mpm.Read(text); code.Static() {
			t.Errorf("%s is static", initiation)
		}
	}
}

func TestPitfallThaiSlipIsNoCode(t *testing.T) {
	t.Parallel()
	slip := "00410006000001" + "0103014" + "0220" + "00000000000000000000" + "5102TH" + "9104"
	slip += tail(sealed(slip))
	if mpm.Recognises(slip) {
		t.Error("recognised")
	}
	wantFound(t, slip, reading.Format, "00", reading.Error)
	wantFound(t, slip, reading.Missing, "63", reading.Error)
}

// accountObjects are what every code that the tests write starts with.
func accountObjects() []mpm.Object {
	return []mpm.Object{
		{ID: mpm.IDPayloadFormat, Value: "01"},
		{ID: 26, Template: []mpm.Object{{ID: mpm.IDScheme, Value: "com.test"}, {ID: 1, Value: "M001"}}},
		{ID: mpm.IDCurrency, Value: "978"},
	}
}

func mustEncode(t testing.TB, objects ...mpm.Object) string {
	t.Helper()
	text, err := mpm.Encode(objects...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// wantRefused wants Encode to refuse objects for a reason that its detail tells.
func wantRefused(t *testing.T, detail string, objects ...mpm.Object) {
	t.Helper()
	objects = append(objects, mpm.Object{ID: mpm.IDCountry, Value: "DE"})
	text, err := mpm.Encode(objects...)
	reason, ok := hansa.ReasonOf(err)
	if !ok || reason != hansa.CodeInvalid || !strings.Contains(err.Error(), detail) {
		t.Errorf("got %q, %v, want a refusal that says %q", text, err, detail)
	}
}
