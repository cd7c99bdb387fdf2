package mpm_test

import (
	"strings"
	"testing"

	"github.com/hansa-network/hansa/qr/mpm"
)

func TestTemplatesAreWrittenInEachOther(t *testing.T) {
	t.Parallel()
	text := mustEncode(t,
		mpm.Object{ID: mpm.IDPayloadFormat, Value: "01"},
		mpm.Object{ID: mpm.IDInitiation, Value: "11"},
		mpm.Object{ID: 38, Template: []mpm.Object{
			{ID: mpm.IDScheme, Value: "A000000727"},
			{ID: 1, Template: []mpm.Object{{ID: 0, Value: "970423"}, {ID: 1, Value: "0003836794770"}}},
			{ID: 2, Value: "QRIBFTTA"},
		}},
		mpm.Object{ID: mpm.IDCurrency, Value: "704"},
		mpm.Object{ID: mpm.IDCountry, Value: "VN"},
	)
	const want = "00020101021138570010A0000007270127000697042301130003836794770" + "0208QRIBFTTA53037045802VN6304"
	if text[:len(text)-4] != want {
		t.Errorf("got  %q\nwant %q", text, want)
	}
	wantCodeOf(t, text)
}

// wantCodeOf wants text to be read without more than what whole countries leave out.
func wantCodeOf(t *testing.T, text string) {
	t.Helper()
	code, _ := mpm.Read(text)
	objects := code.Objects()
	again, err := mpm.Encode(objects[:len(objects)-1]...)
	if err != nil || again != text {
		t.Errorf("%q is written again as %q, %v", text, again, err)
	}
}

func TestWhatIsNotWritten(t *testing.T) {
	t.Parallel()
	var endless mpm.Object
	endless.ID, endless.Template = 27, make([]mpm.Object, 1)
	endless.Template[0] = mpm.Object{ID: 0, Template: endless.Template}
	cases := map[string]struct {
		detail  string
		objects []mpm.Object // behind those of an account
	}{
		"an id of three digits":       {"two digits", []mpm.Object{{ID: 100, Value: "x"}}},
		"a value and a template":      {"a value and a template", []mpm.Object{{ID: 62, Value: "x", Template: []mpm.Object{{ID: 5, Value: "x"}}}}},
		"a template in itself":        {"too deep", []mpm.Object{endless}},
		"a checksum":                  {"occurs twice", []mpm.Object{{ID: mpm.IDChecksum, Value: "0000"}}},
		"more than 512 characters":    {"512 fit", many(6, 90)},
		"more than fits":              {"512", many(60, 99)},
		"an empty template":           {"0 characters", []mpm.Object{{ID: 62, Template: []mpm.Object{}}}},
		"a template without a scheme": {"27.00", []mpm.Object{{ID: 27, Template: []mpm.Object{{ID: 1, Value: "x"}}}}},
		"an amount of nothing":        {"amount of nothing", []mpm.Object{{ID: mpm.IDAmount, Value: "0.00"}}},
		"too many decimals":           {"decimals", []mpm.Object{{ID: mpm.IDAmount, Value: "1.000"}}},
		"a fee that is not announced": {"object 55", []mpm.Object{{ID: mpm.IDFixedFee, Value: "1.00"}}},
		"a name that is too long":     {"at most 25", []mpm.Object{{ID: mpm.IDName, Value: strings.Repeat("x", 26)}}},
		"a name in other letters":     {"ASCII", []mpm.Object{{ID: mpm.IDName, Value: "Café"}}},
		"a name in two scripts":       {"Cyrillic", []mpm.Object{{ID: mpm.IDLocalLanguage, Template: []mpm.Object{{ID: 0, Value: "EN"}, {ID: 1, Value: "P\u0430ypal"}}}}},
		"not UTF-8":                   {"UTF-8", []mpm.Object{{ID: 27, Template: []mpm.Object{{ID: 0, Value: "x.yz"}, {ID: 1, Value: "\xff"}}}}},
		"a reserved object":           {"later versions", []mpm.Object{{ID: 65, Value: "x"}}},
		"something else than objects": {"something else", []mpm.Object{{ID: 80, Value: "046"}}},
		"another initiation":          {"not 11 or 12", []mpm.Object{{ID: mpm.IDInitiation, Value: "13"}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, c.detail, append(accountObjects(), c.objects...)...)
		})
	}
	wantRefused(t, "not the first")
	wantRefused(t, "not the first", mpm.Object{ID: 1, Value: "11"}, mpm.Object{ID: 0, Value: "01"})
	wantRefused(t, "not 01", mpm.Object{ID: 0, Value: "02"})
	wantRefused(t, "no account", mpm.Object{ID: 0, Value: "01"}, mpm.Object{ID: mpm.IDCurrency, Value: "978"})
}

// many returns accounts of card schemes and of unknown templates.
func many(n, length int) []mpm.Object {
	objects := make([]mpm.Object, n)
	for i := range objects {
		objects[i] = mpm.Object{ID: mpm.ID(2 + i), Value: strings.Repeat("9", length)}
		if objects[i].ID >= 26 {
			objects[i].ID += 39
		}
	}
	return objects
}

func TestWritingMayLeaveOutNameCityAndCategory(t *testing.T) {
	t.Parallel()
	text := mustEncode(t, append(accountObjects(), mpm.Object{ID: mpm.IDCountry, Value: "DE"})...)
	wantCodeOf(t, text)
}
