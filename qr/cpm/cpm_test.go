package cpm_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/cpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// The format indicator, and three objects for an application.
const (
	indicator = "85 05 4350563031"
	aid       = "4F 07 A0000000555555"
	card      = "5A 08 1234567890123458"
	stripe    = "57 0F 1234567890123458D191220112345F"
)

// object writes an object in hexadecimal digits, with the shortest length.
func object(tag string, parts ...string) string {
	value := strings.ReplaceAll(strings.Join(parts, ""), " ", "")
	size := len(value) / 2
	switch {
	case size < 0x80:
		return fmt.Sprintf("%s%02X%s", tag, size, value)
	case size <= 0xff:
		return fmt.Sprintf("%s81%02X%s", tag, size, value)
	}
	return fmt.Sprintf("%s82%04X%s", tag, size, value)
}

// words writes an object whose value is text.
func words(tag, text string) string { return object(tag, hex.EncodeToString([]byte(text))) }

// coded writes hexadecimal digits as base64.
func coded(parts ...string) string {
	data, err := hex.DecodeString(strings.ReplaceAll(strings.Join(parts, ""), " ", ""))
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(data)
}

// one writes a code of one application with these objects beside its name.
func one(parts ...string) string {
	return coded(indicator, object("61", append([]string{aid}, parts...)...))
}

// said writes findings as severity, code and place.
func said(findings []reading.Finding) string {
	var all []string
	for _, finding := range findings {
		all = append(all, strings.TrimSpace(string(finding.Severity)+" "+string(finding.Code)+" "+string(finding.Place)))
	}
	return strings.Join(all, "; ")
}

func TestRead(t *testing.T) {
	t.Parallel()
	whole := one(stripe)
	for _, test := range []struct {
		name, text, want string
	}{
		{"track 2", whole, ""},
		{"a card number", one(card), ""},
		{"a card number with F", one("5A 0A 9360001417451180859F"), ""},
		{"both, of one card", one(stripe, card), ""},
		{"two applications and common data", coded(indicator, object("61", aid), object("61", "4F 07 A0000000666666"), object("62", card)), ""},
		{"all that the standard names", one(card, words("50", "Product1"), words("5F20", "CARDHOLDER/EMV"), words("5F2D", "ruesdeen"),
			words("5F50", "tel:+4712345678"), "9F08 02 0010", "9F19 06 010203040506", words("9F24", strings.Repeat("A", 29)), "9F25 02 3458",
			object("63", "9F26 08 584FD385FA234BCC", "9F36 02 0001")), ""},
		{"a length of 81", one(card, object("63", words("9F74", strings.Repeat("1", 150)))), ""},
		{"a length of 82", one(card, object("63", words("9F74", strings.Repeat("1", 300)))), ""},
		{"unknown objects are passed over", one(card, "C1 01 07", "DF8101 01 07", "BF0C 03 DF0100"), ""},
		{"another template behind", coded(indicator, object("61", aid, card), "70 03 DF0100"), ""},

		{"empty", "", "error missing 85; error missing 61"},
		{"white space behind", whole + "\n", "error format"},
		{"a line end within", whole[:8] + "\r\n" + whole[8:], "error format"},
		{"no padding", strings.TrimRight(one(card, "C1 02 0707"), "="), "error format"},
		{"the alphabet of URLs", strings.ReplaceAll(one(card, "C1 03 FFFFFF"), "/", "_"), "error format"},
		{"bits behind the last byte", strings.TrimSuffix(one(card, "C1 01 00"), "A==") + "B==", "error format"},
		{"text behind the padding", whole + "QUJD", "error format"},
		{"hexadecimal digits", "8505435056303161", "error format F3"},
		{"512 bytes", one(card, object("63", strings.Repeat("07", 512-7-4-9-10-4))), ""},
		{"513 bytes", one(card, object("63", strings.Repeat("07", 513-7-4-9-10-4))), "error too_long"},
		{"4 KB", strings.Repeat("hQVD", 1024), "error too_long"},

		{"the indicator behind", coded(object("61", aid, card), indicator), "error misplaced 85"},
		{"no indicator", coded(object("61", aid, card)), "error missing 85"},
		{"version 02", coded(words("85", "CPV02"), object("61", aid, card)), "error reserved 85"},
		{"another indicator", coded(words("85", "XPV01"), object("61", aid, card)), "error format 85"},
		{"two indicators", coded(indicator, indicator, object("61", aid, card)), "error misplaced 85; error twice 85"},
		{"no application", coded(indicator), "error missing 61"},
		{"common data only", coded(indicator, object("62", card)), "error missing 61"},
		{"one application and common data", coded(indicator, object("61", aid), object("62", card)), "warning contradiction 62"},
		{"common data before", coded(indicator, object("62", card), object("61", aid), object("61", aid)), "warning misplaced 61; warning misplaced 61"},
		{
			"common data twice", coded(indicator, object("61", aid), object("61", aid), object("62", card), object("62", stripe)),
			"error twice 62",
		},
		{"three applications", coded(indicator, object("61", aid, card), object("61", aid, card), object("61", aid, card)), "warning twice 61"},
		{"an application behind another template", coded(indicator, "70 03 DF0100", object("61", aid, card)), "warning misplaced 61"},
		{"template 63 in the code itself", coded(indicator, object("61", aid, card), object("63", "9F360200FF")), "warning misplaced 63"},

		{"a name of four bytes", coded(indicator, object("61", "4F 04 A0000000", card)), "warning format 61.4F; error missing 61"},
		{"a name of 17 bytes", coded(indicator, object("61", object("4F", strings.Repeat("A0", 17)), card)), "warning format 61.4F; error missing 61"},
		{"a name of five bytes", coded(indicator, object("61", "4F 05 A000000055", card)), ""},
		{"one of two without a name", coded(indicator, object("61", card), object("61", aid, card)), "warning missing 61.4F"},
		{"the second with a bad name", coded(indicator, object("61", aid, card), object("61", "4F 01 A0")), "warning format 61#2.4F"},
		{
			"a flaw in the second of two, the first empty", coded(indicator, "6100", object("61", aid, card, "5000")),
			"warning missing 61.4F; warning empty 61#2.50",
		},
		{"no card", one(), "warning missing 61"},

		{"twice in one template", one(card, card), "error twice 61.5A"},
		{"twice in the second", coded(indicator, object("61", aid, card), object("61", aid, card, "5A 01 11")), "error twice 61#2.5A"},
		{"again in the common data", coded(indicator, object("61", aid, card), object("61", aid, card), object("62", card)), "error twice 62.5A"},
		{"twice in the common data", coded(indicator, object("61", aid), object("61", aid), object("62", card, card)), "error twice 62.5A"},
		{"again in the code itself", coded(indicator, object("61", aid, card), "5A 01 11"), "error twice 5A"},
		{"an unknown object twice", one(card, "C1 01 07", "C1 01 07"), "error twice 61.C1"},
		{"a template twice", one(card, "63 02 C100", "63 02 C100"), "error twice 61.63"},
		{"once in each application", coded(indicator, object("61", aid, card), object("61", aid, card)), ""},
		{"twice in what is passed on", one(card, object("63", "9F360200FF 9F360200FF")), ""},
		{"two cards", one(stripe, "5A 08 1234567890123459"), "error contradiction 61.57"},
		{
			"two cards, one of them common", coded(indicator, object("61", aid, stripe), object("61", aid, stripe), object("62", "5A 08 1234567890123459")),
			"error contradiction 61.57; error contradiction 61#2.57",
		},

		{"a template that is cut", coded(indicator, "61 1B", aid, stripe), "error too_short 61"},
		{"an object that is cut", coded(indicator, object("61", "4F 08 A0000000555555")), "error too_short 61.4F"},
		{"a tag that is cut", coded(indicator, object("61", aid, card, "9F")), "error too_short 61"},
		{"a length that is cut", coded(indicator, object("61", aid, card), "61"), "error too_short 61"},
		{"a length of 81 that is cut", coded(indicator, "61 81"), "error too_short 61"},
		{"a length of 82 that is cut", coded(indicator, "61 82 00"), "error too_short 61"},
		{"a length of 147 in one byte", coded(indicator, "61 93", aid, stripe), "error format 61"},
		{"a length without end", coded(indicator, "61 80", aid, stripe, "0000"), "error format 61"},
		{"a length in three bytes", coded(indicator, "61 83 00001A", aid, stripe), "error format 61"},
		{"a short length in two bytes", coded(indicator, "61 81 1A", aid, stripe), "warning format 61"},
		{"a short length in three bytes", coded(indicator, "61 82 001A", aid, stripe), "warning format 61"},
		{"a length within in two bytes", one("5A 81 08 1234567890123458"), "warning format 61.5A"},
		{"a tag that begins with zero", one(card, "9F8001 01 07"), "error format 61"},
		{"a tag of five bytes", one(card, "9F8181818101 01 07"), "error format 61"},
		{"zeros between objects", coded(indicator, "0000", object("61", aid, card)), "warning format 61"},
		{"zeros at the end", coded(indicator, object("61", aid, card), "000000"), "warning trailing"},

		{"no value", one(card, "50 00"), "warning empty 61.50"},
		{"a label of 17", one(card, words("50", "Product1Product12")), "warning too_long 61.50"},
		{"a label in other letters", one(card, words("50", "Prodúct")), "warning not_ascii 61.50"},
		{"a label that is no text", one(card, "50 02 C0C1"), "error not_utf8 61.50; warning not_ascii 61.50"},
		{"a name that turns around", one(card, words("5F20", "A\u202eB")), "error hidden_text 61.5F20; warning not_ascii 61.5F20"},
		{"a name with a line end", one(card, words("5F20", "A\nB")), "error hidden_text 61.5F20; warning not_ascii 61.5F20"},
		{"a name of one letter", one(card, words("5F20", "A")), "warning too_short 61.5F20"},
		{"languages of odd length", one(card, words("5F2D", "rue")), "warning format 61.5F2D"},
		{"languages in digits", one(card, words("5F2D", "r1")), "warning format 61.5F2D"},
		{"a link to a page", one(card, words("5F50", "https://example.com/")), "warning format 61.5F50"},
		{"a link to an address", one(card, words("5F50", "mailto:a@example.com")), ""},
		{"a card number of 11 bytes", one("5A 0B 1234567890123458123456"), "warning too_long 61.5A"},
		{"a card number with a letter", one("5A 08 12345678901234A8"), "warning format 61.5A"},
		{"a card number of F", one("5A 02 FFFF"), "warning format 61.5A"},
		{"track 2 without separator", one("57 08 1234567890123458"), "warning format 61.57"},
		{"track 2 with two separators", one("57 0F 1234567890123458D191220D12345F"), "warning format 61.57"},
		{"track 2 without service code", one("57 0B 1234567890123458D1912F"), "warning format 61.57"},
		{"track 2 of 20 bytes", one("57 14 1234567890123458D191220112345678901234FF"), "warning too_long 61.57"},
		{"four digits that are none", one(card, "9F25 02 34AB"), "warning format 61.9F25"},
		{"a version of one byte", one(card, "9F08 01 01"), "warning too_short 61.9F08"},
		{"values in what is passed on are not judged", one(card, object("63", words("9F08", "abc"), "5A 01 AB", "50 00")), ""},
		{"what is passed on need be no objects", one(card, object("63", "FFFFFF")), ""},
		{"an ECDSA signature", one(card, object("63", "DE 08 3006020101020102")), "note signed_else 61.63.DE"},
		{"an ECDSA signature behind its algorithm", one(card, object("63", "DE 09 023006020101020102")), "note signed_else 61.63.DE"},
		{"something else in its place", one(card, object("63", "DE 09 023006020101040102")), ""},
		{"a sequence of one integer", one(card, object("63", "DE 05 3003020101")), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, findings := cpm.Read(test.text)
			if got := said(findings); got != test.want {
				t.Errorf("got %q; want %q\n%v", got, test.want, findings)
			}
			if code.Text() != test.text {
				t.Error("the text was not kept")
			}
		})
	}
}

func TestApplications(t *testing.T) {
	t.Parallel()
	code, _ := cpm.Read(coded(
		indicator,
		object("61", aid, words("50", "Product1"), object("63", "9F360200FF")),
		object("61", "4F 03 A00000"),
		object("61", "4F 08 A000000066666601", words("50", "Product2"), stripe),
		object("62", words("5F20", "CARDHOLDER/EMV"), object("64", "9F260101")),
		"C1 01 07",
	))
	applications := code.Applications()
	if len(applications) != 2 {
		t.Fatalf("%d applications", len(applications))
	}
	first, second := applications[0], applications[1]
	if first.Label() != "Product1" || second.Label() != "Product2" {
		t.Errorf("%s, %s", first.Label(), second.Label())
	}
	for _, application := range applications {
		if name, _ := application.Value(0x5F20); string(name) != "CARDHOLDER/EMV" {
			t.Errorf("%q", name)
		}
		if shared, ok := application.Value(0xC1); !ok || shared[0] != 7 {
			t.Error("what the code has for all applications was not found")
		}
		if _, ok := application.Value(0x9F36); ok {
			t.Error("what is passed on was searched")
		}
	}
	own, common := first.Transparent()
	if hex.EncodeToString(own) != "9f360200ff" || hex.EncodeToString(common) != "9f260101" {
		t.Errorf("%x, %x", own, common)
	}
	if number, ok := second.CardNumber(); !ok || number != "1234567890123458" {
		t.Errorf("%s", number)
	}
	if number, ok := first.CardNumber(); ok {
		t.Errorf("a card number %s from nowhere", number)
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	code, _ := cpm.Read(coded(indicator, object("61", "4F 08 A000000066666601", card)))
	application := code.Applications()[0]
	for _, test := range []struct {
		name, aid string
		want      bool
	}{
		{"the same", "A000000066666601", true},
		{"a prefix", "A0000000666666", true},
		{"the scheme only", "A000000066", true},
		{"less than the scheme", "A0000000", false},
		{"nothing", "", false},
		{"longer", "A00000006666660101", false},
		{"another", "A000000066666602", false},
		{"another scheme", "A000000067", false},
	} {
		name, err := hex.DecodeString(test.aid)
		if err != nil {
			t.Fatal(err)
		}
		if got := application.Matches(name); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

// TestSchemes reads codes in the shapes of three schemes, with numbers of nobody.
func TestSchemes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		scheme, text, want string
	}{
		{
			"qris", coded(indicator, object("61", "4F 07 A0000006022020", words("50", "QRISCPM"), "5A 0A 9360000012345678904F",
				words("5F20", "SITI RAHAYU"), words("5F2D", "iden"), words("5F50", "DANA.ID"), object("63", words("9F74", "281012020000000000000001")))),
			"warning format 61.5F50",
		},
		{
			"duitnow", coded(indicator, object("61", "4F 07 A0000006150001", object("5A", strings.Repeat("00", 10)+"5078081583918500"), "9F53 01 01"),
				object("63", "9F26 04 39491891", "9F08 01 01")),
			"warning misplaced 63; warning too_long 61.5A",
		},
		{
			"qcat", coded(indicator, object("61", "4F 06 514341543031", object("63", "C1 03 131388", "C3 04 5D78DCB6", "C4 02 0384", "DE 09 023006020101020102"))),
			"note signed_else 61.63.DE; warning missing 61",
		},
		{"", one(card), ""},
	} {
		code, findings := cpm.Read(test.text)
		if got := said(findings); got != test.want || !reading.Valid(findings) {
			t.Errorf("%s: got %q; want %q", test.scheme, got, test.want)
		}
		if got := code.Applications()[0].Scheme(); got != test.scheme {
			t.Errorf("got %s; want %s", got, test.scheme)
		}
	}
}

func TestCardNumber(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, object, want string
	}{
		{"a card number", card, "1234567890123458"},
		{"of odd length", "5A 0A 9360001417451180859F", "9360001417451180859"},
		{"padded further", "5A 0A 1234567890123458FFFF", "1234567890123458"},
		{"track 2", stripe, "1234567890123458"},
		{"track 2 without separator", "57 08 1234567890123458", ""},
		{"letters", "5A 08 12345678901234A8", ""},
		{"a bad number beside track 2", "5A 01 AA" + stripe, "1234567890123458"},
		{"none", "", ""},
	} {
		code, _ := cpm.Read(one(test.object))
		if got, ok := code.Applications()[0].CardNumber(); got != test.want && ok || ok != (test.want != "") {
			t.Errorf("%s: %s, %t", test.name, got, ok)
		}
	}
}

func TestFieldsMaskCardNumbers(t *testing.T) {
	t.Parallel()
	code, _ := cpm.Read(coded(
		indicator,
		object("61", aid, stripe, words("50", "Product1"), object("63", card, "9F26 02 0A0B", words("9F74", "cheque:42"), "9F7B 02 07FF")),
		object("61", aid, "5A 03 123456", object("63", "FFFFFF")),
		object("62", words("56", "B1234567890123458^NAME"), "5F20 02 C0C1", "70 0A", card, "9F6B 02 1234"),
	))
	want := []reading.Field{
		{Place: "85", Name: "payload_format_indicator", Value: "CPV01"},
		{Place: "61.4F", Name: "adf_name", Value: "A0000000555555"},
		{Place: "61.57", Name: "track_2_equivalent_data", Value: "123456******3458D************"},
		{Place: "61.50", Name: "application_label", Value: "Product1"},
		{Place: "61.63.5A", Name: "application_pan", Value: "123456******3458"},
		{Place: "61.63.9F26", Name: "application_cryptogram", Value: "0A0B"},
		{Place: "61.63.9F74", Name: "issuer_qris_data", Value: "cheque:42"},
		{Place: "61.63.9F7B", Name: "encrypted_data", Value: "07FF"},
		{Place: "61#2.4F", Name: "adf_name", Value: "A0000000555555"},
		{Place: "61#2.5A", Name: "application_pan", Value: "******"},
		{Place: "61#2.63", Name: "application_transparent_template", Value: "***"},
		{Place: "62.56", Name: "track_1_data", Value: strings.Repeat("*", 22)},
		{Place: "62.5F20", Name: "cardholder_name", Value: "C0C1"},
		{Place: "62.70.5A", Name: "application_pan", Value: "123456******3458"},
		{Place: "62.9F6B", Name: "track_2_data", Value: "**"},
	}
	if diff := cmp.Diff(want, code.Fields()); diff != "" {
		t.Error(diff)
	}
	for _, field := range code.Fields() {
		if strings.Contains(field.Value, "1234567890") {
			t.Errorf("%s shows %s", field.Place, field.Value)
		}
	}
}

func TestRecognises(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		one(card): true, coded(words("85", "CPV02")): true, one(card) + "\n": true, " " + one(card): false, coded(object("61", aid)): false, "": false,
	} {
		if got := cpm.Recognises(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestEncodeWritesWhatReadReads(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 100, 127, 128, 200, 255, 256, 300} {
		cryptogram := cpm.Object{Tag: 0x9F26, Value: make([]byte, 8)}
		text, err := cpm.Encode(
			cpm.Object{Tag: cpm.TagFormat, Value: []byte("CPV01")},
			cpm.Object{Tag: cpm.TagApplication, Inside: []cpm.Object{
				{Tag: cpm.TagAID, Value: []byte("QCAT01")},
				{Tag: cpm.TagCardNumber, Value: []byte{0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x58}},
				{Tag: cpm.TagTransparent, Inside: []cpm.Object{cryptogram, {Tag: 0x9F74, Value: make([]byte, size)}}},
			}},
		)
		if err != nil {
			t.Fatalf("%d: %v", size, err)
		}
		code, findings := cpm.Read(text)
		if !reading.Strict(findings) {
			t.Errorf("%d: %v", size, findings)
		}
		again, err := cpm.Encode(code.Objects()...)
		if again != text || err != nil {
			t.Errorf("%d: %s was written as %s, %v", size, text, again, err)
		}
		passedOn, _ := code.Applications()[0].Transparent()
		inside := slices.Collect(cpm.All(passedOn))
		if len(inside) != 2 || !cmp.Equal(inside[0], cryptogram) || len(inside[1].Value) != size {
			t.Errorf("%d: %v", size, inside)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	format := cpm.Object{Tag: cpm.TagFormat, Value: []byte("CPV01")}
	application := func(objects ...cpm.Object) cpm.Object {
		named := cpm.Object{Tag: cpm.TagAID, Value: []byte("QCAT01")}
		number := cpm.Object{Tag: cpm.TagCardNumber, Value: []byte{0x12, 0x34, 0x56}}
		return cpm.Object{Tag: cpm.TagApplication, Inside: append([]cpm.Object{named, number}, objects...)}
	}
	for _, test := range []struct {
		name    string
		objects []cpm.Object
	}{
		{"nothing", nil},
		{"no indicator", []cpm.Object{application()}},
		{"the indicator behind", []cpm.Object{application(), format}},
		{"no application", []cpm.Object{format}},
		{"no card", []cpm.Object{format, {Tag: cpm.TagApplication, Inside: []cpm.Object{{Tag: cpm.TagAID, Value: []byte("QCAT01")}}}}},
		{"half a tag", []cpm.Object{format, application(cpm.Object{Tag: 0x9F, Value: []byte{1}})}},
		{"a tag of zero", []cpm.Object{format, application(cpm.Object{})}},
		{"two tags in one", []cpm.Object{format, application(cpm.Object{Tag: 0x5041})}},
		{"a tag that begins with zero", []cpm.Object{format, application(cpm.Object{Tag: 0x9F8001})}},
		{"objects inside of a value", []cpm.Object{format, application(cpm.Object{Tag: 0xC1, Inside: []cpm.Object{{Tag: 0xC2}}})}},
		{"a bad tag in a template", []cpm.Object{format, application(cpm.Object{Tag: 0x63, Inside: []cpm.Object{{Tag: 0x9F}}})}},
		{"a label twice", []cpm.Object{format, application(cpm.Object{Tag: 0x50, Value: []byte("a")}, cpm.Object{Tag: 0x50, Value: []byte("b")})}},
		{"a long label", []cpm.Object{format, application(cpm.Object{Tag: 0x50, Value: make([]byte, 17)})}},
		{"a hidden character", []cpm.Object{format, application(cpm.Object{Tag: 0x50, Value: []byte("a\u202e")})}},
		{"too much", []cpm.Object{format, application(cpm.Object{Tag: 0x63, Value: make([]byte, 500)})}},
		{"far too much", []cpm.Object{format, application(cpm.Object{Tag: 0x63, Value: make([]byte, 1<<17)})}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := cpm.Encode(test.objects...)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CodeInvalid {
				t.Errorf("wrote %q, %v", text, err)
			}
		})
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	for tag, want := range map[cpm.Tag]string{0x5A: "5A", 0x9F26: "9F26", 0xDF8101: "DF8101", 0x06: "06"} {
		if got := tag.String(); got != want {
			t.Errorf("got %s; want %s", got, want)
		}
	}
	for tag, want := range map[cpm.Tag]bool{0x61: true, 0xBF0C: true, 0x9F26: false, 0x5A: false, 0x5F20: false} {
		if got := tag.IsTemplate(); got != want {
			t.Errorf("%s: %t", tag, got)
		}
	}
}

// TestHostileTextCostsLittle is not parallel: it counts what the whole program allocates.
func TestHostileTextCostsLittle(t *testing.T) {
	const allocatedMax = 64 << 10
	room := func(part string) string {
		return strings.Repeat(part, (cpm.SizeMax-30)/(len(strings.ReplaceAll(part, " ", ""))/2))
	}
	for _, test := range []struct{ name, text string }{
		{"4 KB", strings.Repeat("hQVD", 1024)},
		{"many empty objects", coded(indicator, room("C100"))},
		{"many empty labels", coded(indicator, object("61", aid, room("5000")))},
		{"many labels that are no text", coded(indicator, object("61", aid, room("5001FF")))},
		{"many hidden characters", coded(indicator, object("61", aid, room("5003E280AE")))},
		{"many applications", coded(indicator, room("6100"))},
		{"many named applications", coded(indicator, room("61074F05A000000055"))},
		{"templates in templates", coded(indicator, "6182017F", strings.Repeat("62820100", 90))},
		{"many lengths in three bytes", coded(indicator, object("61", aid, room("50820000")))},
		{"many zeros", coded(indicator, room("00"))},
		{"many tags in what is passed on", coded(indicator, object("61", aid, object("63", room("DE00"))))},
		{"many indicators", coded(room(indicator))},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		code, findings := cpm.Read(test.text)
		code.Fields()
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > allocatedMax {
			t.Errorf("%s: %d bytes allocated", test.name, allocated)
		}
		if reading.Strict(findings) {
			t.Errorf("%s: strict", test.name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(one(stripe))
	f.Add(one(card, object("63", "DE 08 3006020101020102", words("9F74", strings.Repeat("1", 150)))))
	f.Add(coded(indicator, object("61", aid), object("61", "4F 07 A0000000666666"), object("62", card, object("64", "9F260101"))))
	f.Add(coded(indicator, "61 81 1A", aid, stripe, "0000"))
	f.Fuzz(func(t *testing.T, text string) { readAnything(t, text) })
}

// FuzzReadBytes lets the fuzzer work on what stands inside of the base64.
func FuzzReadBytes(f *testing.F) {
	for _, text := range []string{one(stripe), one(card, object("63", "DE 08 3006020101020102")), coded(indicator, "61 81 1A", aid, stripe)} {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { readAnything(t, base64.StdEncoding.EncodeToString(data)) })
}

// readAnything reads text and holds the reader to what it promises of any text.
func readAnything(t *testing.T, text string) {
	t.Helper()
	code, findings := cpm.Read(text)
	if len(findings) > 32 {
		t.Fatalf("%d findings", len(findings))
	}
	fields := code.Fields()
	for _, application := range code.Applications() {
		if number, ok := application.CardNumber(); ok && len(number) > 10 {
			for _, field := range fields {
				if field.Name == "application_pan" && field.Value == number {
					t.Fatalf("%s shows a card number", field.Place)
				}
			}
		}
	}
	if !reading.Strict(findings) {
		return
	}
	again, err := cpm.Encode(code.Objects()...)
	if err != nil || again != text {
		t.Fatalf("%s is strict, but was written as %s, %v", text, again, err)
	}
}
