package qr_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr"
)

// plain is a code of some other scheme, up to the name of the payee.
const plain = "00020101021226200008com.test0104M001520454115303978540510.505802DE"

func TestPayloadIsKeptAsScanned(t *testing.T) {
	t.Parallel()
	// Object 60 stands before 59 and 61 last: the order is the writer's.
	text := sealed("00020101021126200008com.test0104M0015303978" + "5802DE6006BERLIN5910Löwen Café610510115")
	payload, err := qr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []qr.Object{
		{ID: 0, Value: "01"},
		{ID: 1, Value: "11"},
		{ID: 26, Value: "0008com.test0104M001"},
		{ID: 53, Value: "978"},
		{ID: 58, Value: "DE"},
		{ID: 60, Value: "BERLIN"},
		{ID: 59, Value: "Löwen Café"},
		{ID: 61, Value: "10115"},
		{ID: 63, Value: text[len(text)-4:]},
	}
	if diff := cmp.Diff(want, payload.Objects()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if payload.Text() != text {
		t.Errorf("text %q, want %q", payload.Text(), text)
	}
	again, err := qr.Encode(want[:len(want)-1]...)
	if err != nil || again != text {
		t.Errorf("encoded %q, %v, want %q", again, err, text)
	}
}

func TestPitfallsThatAreRead(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"no name and no city":               sealed(plain),
		"a name of 26 characters":           sealed(plain + "5926ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
		"a length that counts characters":   sealed(plain + "5910Löwen Café"),
		"Chinese in the language template":  sealed(plain + "64200002ZH0104北京咖啡0202北京"),
		"a name that ends in a space":       sealed(plain + "5906Panel "),
		"an amount with a point at its end": sealed("00020126200008com.test0104M0015303978540398.5802DE"),
		"no point of initiation":            sealed("00020126200008com.test0104M00153039785802DE"),
		"an account of a card scheme":       sealed("000201021541111111111111153039785802DE"),
		"an object for future use":          sealed(plain + "6504ABCD"),
		"a free template that holds no TLV": sealed(plain + "8003046"),
		"an empty object 62":                sealed(plain + "6200"),
		"a percentage fee":                  sealed(plain + "55020357042.50"),
		"a fixed fee":                       sealed(plain + "55020256041.00"),
		"a joiner in a Persian name":        sealed(plain + "5906می\u200cشود"),
		"a byte order mark and a line end":  "\ufeff" + sealed(plain) + " \r\n",
		"a checksum in lower case":          lowerChecksum(sealed(plain)),
		"an object whose value is a header": sealed(plain + "59046304"),
		"templates of two schemes":          sealed(plain + "27170008net.test0101M"),
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := qr.Parse(text); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		})
	}
}

func lowerChecksum(text string) string {
	return text[:len(text)-4] + strings.ToLower(text[len(text)-4:])
}

// A pitfall is a text that some reader in the field accepts, and the detail with
// which it must be refused.
type pitfall struct{ text, detail string }

func refuseEach(t *testing.T, pitfalls map[string]pitfall) {
	t.Helper()
	for name, c := range pitfalls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := qr.Parse(c.text)
			wantReason(t, err, hansa.CodeInvalid)
			if err != nil && !strings.Contains(err.Error(), c.detail) {
				t.Errorf("got %v, want a detail with %q", err, c.detail)
			}
		})
	}
}

func TestBrokenFormIsRefused(t *testing.T) {
	t.Parallel()
	good := sealed(plain + "5909TEST SHOP")
	refuseEach(t, map[string]pitfall{
		"nothing":                          {"", "object 00 is not the first"},
		"only a line end":                  {"\n", "object 00 is not the first"},
		"a space in front":                 {" " + good, "where the id of an object must stand"},
		"text behind the checksum":         {good + "0", "ends within the id and length"},
		"a second code behind the first":   {good + good, "occurs twice"},
		"a wrong checksum":                 {good[:len(good)-4] + "0000", "wrong checksum"},
		"a checksum over Latin-1":          {plain + "5910Löwen Café63043EA4", "wrong checksum"},
		"no checksum":                      {plain, "the checksum is not the last"},
		"the checksum not last":            {"000201630418F4" + plain[6:], "the checksum is not the last"},
		"the checksum of five digits":      {plain + "630512345", "the checksum is not the last"},
		"object 00 not first":              {sealed("010211000201" + plain[12:]), "object 00 is not the first"},
		"another payload format":           {sealed("000203" + plain[6:]), `payload format "03"`},
		"the amount twice":                 {sealed(plain + "540599.99"), "object 54 occurs twice"},
		"the name twice":                   {sealed(plain + "5904TEST5904EVIL"), "object 59 occurs twice"},
		"an id twice in a template":        {sealed("00020126180008com.test0002M053039785802DE"), "within object 26"},
		"a length with a sign":             {sealed(plain + "59+3ABC"), `"+3ABC630" where its length`},
		"a length with a space":            {sealed(plain + "59 3ABC"), "where its length must stand"},
		"a length with a full-width digit": {sealed(plain + "59\uff103ABC"), "where its length must stand"},
		"a length of three digits":         {sealed(plain + "59120" + strings.Repeat("A", 120)), "where"},
		"a length that counts bytes":       {sealed(plain + "5912Löwen Café6006BERLIN"), "where its length must stand"},
		"a length past the end":            {sealed(plain + "5999ABC"), "ends before its 99 characters"},
		"a length of zero":                 {sealed(plain + "5900"), "object 59 is empty"},
		"an id that is no number":          {sealed(plain + "5A03ABC"), "where the id of an object must stand"},
		"more than 512 characters":         {sealed(plain + strings.Repeat("8099"+strings.Repeat("A", 99), 5)), "at most 512"},
		"a million bytes":                  {strings.Repeat("0", 1_000_000), "at most 512"},
	})
}

func TestHiddenTextIsRefused(t *testing.T) {
	t.Parallel()
	refuseEach(t, map[string]pitfall{
		"a control character":                   {sealed(plain + "5909TEST\x00SHOP"), "hidden character U+0000"},
		"an escape sequence":                    {sealed(plain + "5909TEST\x1b[2J0"), "hidden character U+001B"},
		"a right-to-left override":              {sealed(plain + "5909TEST\u202eSHOP"), "hidden character U+202E"},
		"an isolate":                            {sealed(plain + "5909TEST\u2066SHOP"), "hidden character U+2066"},
		"a zero-width space":                    {sealed(plain + "5909TEST\u200bSHOP"), "hidden character U+200B"},
		"a line separator":                      {sealed(plain + "5909TEST\u2028SHOP"), "hidden character U+2028"},
		"a hidden character in a free template": {sealed(plain + "8003A\u202eB"), "hidden character U+202E"},
		"bytes that are no UTF-8":               {sealed(plain + "5904TES\xff"), "not UTF-8"},
		"a name in normal form D":               {sealed(plain + "5905Cafe\u0301"), "normal form C"},
	})
}

func TestContradictionsAreRefused(t *testing.T) {
	t.Parallel()
	refuseEach(t, map[string]pitfall{
		"no account":                     {sealed("00020153039785802DE"), "no account"},
		"an account without a scheme":    {sealed("00020126080104M00153039785802DE"), "names no scheme"},
		"a broken template":              {sealed("00020126080108M00153039785802DE"), "within object 26"},
		"no currency":                    {sealed("00020126200008com.test0104M0015802DE"), "object 53"},
		"a currency in letters":          {sealed("00020126200008com.test0104M0015303EUR5802DE"), "object 53"},
		"no country":                     {sealed("00020126200008com.test0104M0015303978"), "object 58"},
		"a country in small letters":     {sealed("00020126200008com.test0104M00153039785802de"), "object 58"},
		"another point of initiation":    {sealed("00020101021326200008com.test0104M00153039785802DE"), "object 01"},
		"an amount of zero":              {withAmount("0.00"), "object 54"},
		"a negative amount":              {withAmount("-10.50"), "object 54"},
		"an amount with a comma":         {withAmount("98,73"), "object 54"},
		"an amount with two points":      {withAmount("1.2.3"), "object 54"},
		"an amount that is a point":      {withAmount("."), "object 54"},
		"an amount with an exponent":     {withAmount("10e10"), "object 54"},
		"an amount in full-width digits": {withAmount("１０"), "object 54"},
		"an amount of 14 characters":     {withAmount("12345678901.00"), "object 54"},
		"an unknown tip indicator":       {sealed(plain + "550204"), "object 55"},
		"a fixed fee without indicator":  {sealed(plain + "56041.00"), "contradict"},
		"an indicator without fee":       {sealed(plain + "550202"), "contradict"},
		"both kinds of fee":              {sealed(plain + "55020256041.0057041.00"), "contradict"},
		"a fee of a hundred percent":     {sealed(plain + "5502035703100"), "object 57"},
		"a fee of nothing":               {sealed(plain + "550202560400.0"), "object 56"},
		"an empty language template":     {sealed(plain + "6400"), "object 64 is empty"},
		"a language without a name":      {sealed(plain + "64060002ZH"), "object 64 holds no name"},
		"a name without a language":      {sealed(plain + "64060102Ab"), "object 64 names no language"},
		"additional data that is broken": {sealed(plain + "6203ABC"), "within object 62"},
	})
}

func withAmount(amount string) string {
	return sealed("00020126200008com.test0104M0015303978" + raw(qr.Object{ID: qr.IDAmount, Value: amount}) + "5802DE")
}

func TestEveryTruncationIsRefused(t *testing.T) {
	t.Parallel()
	text := sealed(plain + "5910Löwen Café6006BERLIN")
	for i := range len(text) {
		if _, err := qr.Parse(text[:i]); err == nil {
			t.Errorf("the first %d bytes were read", i)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	frame := []qr.Object{{ID: 0, Value: "01"}, {ID: 26, Value: "0008com.test"}, {ID: 53, Value: "978"}, {ID: 58, Value: "DE"}}
	cases := map[string]qr.Object{
		"a value of 100 characters":    {ID: 59, Value: strings.Repeat("A", 100)},
		"an empty value":               {ID: 62, Value: ""},
		"an id of three digits":        {ID: 100, Value: "A"},
		"an id twice":                  {ID: 26, Value: "0008com.test"},
		"a checksum of the caller's":   {ID: 63, Value: "0000"},
		"text that is not in form C":   {ID: 59, Value: "Cafe\u0301"},
		"text that is not UTF-8":       {ID: 59, Value: "\xff"},
		"a control character":          {ID: 59, Value: "A\nB"},
		"a right-to-left override":     {ID: 59, Value: "A\u202eB"},
		"an amount that is no number":  {ID: 54, Value: "ten"},
		"a template that holds no TLV": {ID: 27, Value: "hello"},
	}
	for name, object := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects := append(slices.Clip(frame), object)
			text, err := qr.Encode(objects...)
			wantReason(t, err, hansa.CodeInvalid)
			if text != "" {
				t.Errorf("wrote %q", text)
			}
		})
	}
}

func TestTemplateHoldsAtMost99Characters(t *testing.T) {
	t.Parallel()
	value, err := qr.EncodeTemplate(qr.Object{ID: 0, Value: "com.test"}, qr.Object{ID: 1, Value: strings.Repeat("é", 83)})
	if err != nil {
		t.Fatal(err)
	}
	objects, err := qr.ParseTemplate(value)
	if err != nil || len(objects) != 2 || objects[1].Value != strings.Repeat("é", 83) {
		t.Errorf("read back %v, %v", objects, err)
	}
	_, err = qr.EncodeTemplate(qr.Object{ID: 0, Value: "com.test"}, qr.Object{ID: 1, Value: strings.Repeat("é", 84)})
	wantReason(t, err, hansa.CodeInvalid)
}

func TestChecksumOfTheStandardsCheckValue(t *testing.T) {
	t.Parallel()
	if got := checksumBitwise("123456789"); got != "29B1" {
		t.Errorf("the test's own checksum is %s, want 29B1", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sealed(plain))
	f.Add(sealed(plain + "5910Löwen Café64200002ZH0104北京咖啡0202北京"))
	f.Add(signedOrder(f, bergenOrder()))
	f.Fuzz(func(t *testing.T, text string) {
		// The fuzzer does not guess checksums, so each text is also tried with one.
		for _, text := range []string{text, sealed(text)} {
			payload, err := qr.Parse(text)
			if err != nil {
				wantReason(t, err, hansa.CodeInvalid)
				continue
			}
			objects := payload.Objects()
			if value, ok := payload.Value(qr.IDAdditionalData); ok && value == "" {
				continue // Read, but never written.
			}
			again, err := qr.Encode(objects[:len(objects)-1]...)
			if err != nil || lowerChecksum(again) != lowerChecksum(payload.Text()) {
				t.Errorf("%q was written as %q, %v", payload.Text(), again, err)
			}
		}
	})
}
