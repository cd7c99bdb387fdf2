package mpm_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// shop are the objects of a sound code as they are written.
var shop = []string{
	"000201", "010212", "26200008com.test0104M001", "52045411", "5303978", "540510.50", "5802DE", "5909TEST SHOP", "6006BERLIN",
	"62090505ORDER",
}

// changed returns a code like shop. Each change is an object as it is written: it
// takes the place of the object with its id, or comes behind all others. A minus
// and an id drop one.
func changed(changes ...string) string {
	objects := slices.Clone(shop)
	for _, change := range changes {
		id := strings.TrimPrefix(change, "-")[:2]
		at := slices.IndexFunc(objects, func(object string) bool { return object[:2] == id })
		switch {
		case change[0] == '-':
			objects = slices.Delete(objects, at, at+1)
		case at >= 0:
			objects[at] = change
		default:
			objects = append(objects, change)
		}
	}
	return sealed(strings.Join(objects, ""))
}

// object writes an object, its length counted in characters.
func object(id, value string) string {
	return fmt.Sprintf("%s%02d%s", id, utf8.RuneCountInString(value), value)
}

// sealed appends the checksum, calculated bit by bit as the standard describes it.
func sealed(text string) string {
	text += "6304"
	remainder := uint16(0xffff)
	for i := range len(text) {
		remainder ^= uint16(text[i]) << 8
		for range 8 {
			carry := remainder & 0x8000
			remainder <<= 1
			if carry != 0 {
				remainder ^= 0x1021
			}
		}
	}
	return text + fmt.Sprintf("%04X", remainder)
}

// lines tells findings as one line each.
func lines(findings []reading.Finding) string {
	var text strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&text, "  %-7s  %-16s  %-8s  %s\n", f.Severity, f.Code, f.Place, f.Detail)
	}
	return text.String()
}

// wantOnly wants one finding with that code, place and severity, beside notes.
func wantOnly(t *testing.T, text string, code reading.Code, place reading.Place, severity reading.Severity) {
	t.Helper()
	_, findings := mpm.Read(text)
	worse := slices.DeleteFunc(findings, func(f reading.Finding) bool { return f.Severity == reading.Note && severity != reading.Note })
	if len(worse) != 1 || worse[0].Code != code || worse[0].Place != place || worse[0].Severity != severity {
		t.Errorf("%q: got\n%swant only %s %s %s", text, lines(worse), severity, code, place)
	}
}

// wantFound wants a finding with that code, place and severity among others.
func wantFound(t *testing.T, text string, code reading.Code, place reading.Place, severity reading.Severity) {
	t.Helper()
	_, findings := mpm.Read(text)
	if !slices.ContainsFunc(findings, func(f reading.Finding) bool { return f.Code == code && f.Place == place && f.Severity == severity }) {
		t.Errorf("%q: got\n%swant also %s %s %s", text, lines(findings), severity, code, place)
	}
}

// wantClean wants no error and no warning.
func wantClean(t *testing.T, text string) {
	t.Helper()
	if _, findings := mpm.Read(text); !reading.Strict(findings) {
		t.Errorf("%q: got\n%swant neither error nor warning", text, lines(findings))
	}
}

// golden compares got with a file of testdata, or rewrites that.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestCodeIsKeptAsScanned(t *testing.T) {
	t.Parallel()
	// Object 60 stands before 59 and 61 last: the order is the writer's.
	text := sealed("00020101021126200008com.test0104M0015204541153039785802DE6006BERLIN5910Löwen Café610510115")
	code, _ := mpm.Read("\ufeff" + text + " \r\n")
	want := []mpm.Object{
		{ID: 0, Value: "01"},
		{ID: 1, Value: "11"},
		{ID: 26, Value: "0008com.test0104M001"},
		{ID: 52, Value: "5411"},
		{ID: 53, Value: "978"},
		{ID: 58, Value: "DE"},
		{ID: 60, Value: "BERLIN"},
		{ID: 59, Value: "Löwen Café"},
		{ID: 61, Value: "10115"},
		{ID: 63, Value: text[len(text)-4:]},
	}
	if diff := cmp.Diff(want, code.Objects()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if code.Text() != text {
		t.Errorf("text %q, want %q", code.Text(), text)
	}
}

func TestValueOfAnObject(t *testing.T) {
	t.Parallel()
	code, _ := mpm.Read(sealed("000201" + "540510.50" + "5909TEST SHOP" + "540599.99"))
	for id, want := range map[mpm.ID]string{mpm.IDName: "TEST SHOP", mpm.IDAmount: "", mpm.IDCity: ""} {
		if got, ok := code.Value(id); got != want || ok != (want != "") {
			t.Errorf("object %02d: got %q, %v, want %q: what stands there twice or not at all has no value", id, got, ok, want)
		}
	}
}

func TestInsideOfATemplate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		template string
		id       mpm.ID
		want     string
		ok       bool
	}{
		"the first":                   {"0008com.test0104M001", 0, "com.test", true},
		"the last":                    {"0008com.test0104M001", 1, "M001", true},
		"none":                        {"0008com.test0104M001", 2, "", false},
		"twice":                       {"0104M0010104M002", 1, "", false},
		"before the break":            {"0104M001x", 1, "M001", true},
		"behind the break":            {"x0104M001", 1, "", false},
		"lengths count characters":    {"0002ZH0102北京0201x", 2, "x", true},
		"an empty value":              {"0100", 1, "", true},
		"no template":                 {"", 1, "", false},
		"a length beyond the end":     {"0105M001", 1, "", false},
		"a length beyond the letters": {"0103北京", 1, "", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := mpm.Inside(c.template, c.id); got != c.want || ok != c.ok {
				t.Errorf("got %q, %v, want %q, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestAllStopsWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	for object := range mpm.All("0001a0101b") {
		if object.ID != 0 || object.Value != "a" {
			t.Errorf("got %v", object)
		}
		break
	}
}

func TestRecognisesTheOuterFormAlone(t *testing.T) {
	t.Parallel()
	cases := map[string]bool{
		changed():               true,
		"\ufeff" + changed():    true,
		"000201":                true,
		"000202010211":          true,
		changed() + "x":         true,
		"":                      false,
		"0041000600000101030":   false,
		" " + changed():         false,
		"https://qr.vipps.no/x": false,
		"hQVDUFYwMWE":           false,
	}
	for text, want := range cases {
		if got := mpm.Recognises(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestStaticOrForOnePayment(t *testing.T) {
	t.Parallel()
	cases := map[string]bool{
		changed("010211"):                  true,
		changed("-01"):                     true,
		changed():                          false,
		changed("010213"):                  false,
		changed("010221"):                  false,
		sealed("000201" + "010211010212"):  false,
		sealed("000201" + "0100" + "5802"): false,
	}
	for text, want := range cases {
		if code, _ := mpm.Read(text); code.Static() != want {
			t.Errorf("%q: got %v, want %v", text, code.Static(), want)
		}
	}
}

func TestFieldsHaveNamesAndPlaces(t *testing.T) {
	t.Parallel()
	texts := []string{
		pixText, emvcoText, sgqrText,
		changed("02164111111111111111", "15201234567890123456    ", "610510115"),
		changed(object("62", "0103***0502R20902ME1002DE1103400"+object("50", "0004x.yz0101Q"))),
		changed("550202", "56041.00", "650299", "8003046", "6200"),
	}
	var got strings.Builder
	for _, text := range texts {
		code, _ := mpm.Read(text)
		fmt.Fprintf(&got, "%s\n", text)
		for _, field := range code.Fields() {
			fmt.Fprintf(&got, "  %-8s  %-26s  %q\n", field.Place, field.Name, field.Value)
		}
	}
	golden(t, "fields.golden", got.String())
}

func TestAmountIsExact(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		currency, amount string
		want             string // empty for none
	}{
		"two decimals":                 {"978", "10.50", "10.50 EUR"},
		"fewer decimals":               {"978", "10.5", "10.50 EUR"},
		"none":                         {"978", "10", "10.00 EUR"},
		"a point at the end":           {"978", "98.", "98.00 EUR"},
		"zeros in front":               {"978", "007.50", "7.50 EUR"},
		"no decimals":                  {"392", "1500", "1500 JPY"},
		"zeros where there are none":   {"704", "180000.00", "180000 VND"},
		"three decimals":               {"048", "1.234", "1.234 BHD"},
		"the largest":                  {"978", "9999999999999", "9999999999999.00 EUR"},
		"too large to be paid":         {"048", "9999999999999", ""},
		"more decimals":                {"392", "1500.50", ""},
		"zero":                         {"978", "0.00", ""},
		"a point alone":                {"978", ".", ""},
		"a point first":                {"978", ".5", ""},
		"a comma":                      {"978", "98,73", ""},
		"14 characters":                {"978", "12345678901234", ""},
		"a currency that is not known": {"975", "10.50", ""},
		"no currency":                  {"000", "10.50", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _ := mpm.Read(changed("5303"+c.currency, object("54", c.amount)))
			amount, ok := code.Amount()
			if ok != (c.want != "") || ok && amount.String() != c.want {
				t.Errorf("got %v, %v, want %q", amount, ok, c.want)
			}
		})
	}
}

func TestCurrencyOfACode(t *testing.T) {
	t.Parallel()
	for _, currency := range money.Currencies() {
		code, _ := mpm.Read(changed("5303" + currency.Numeric()))
		if got, ok := code.Currency(); got != currency || !ok {
			t.Errorf("%s: got %s, %v, want %s", currency.Numeric(), got, ok, currency)
		}
	}
	for _, text := range []string{changed("-53"), changed("5303000"), changed("53029A"), changed("5303+12")} {
		code, _ := mpm.Read(text)
		if got, ok := code.Currency(); ok {
			t.Errorf("%q: got %s", text, got)
		}
	}
}
