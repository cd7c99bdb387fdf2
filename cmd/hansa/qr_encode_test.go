package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/scheme"
)

// encoded is the text that a command makes.
func encoded(t *testing.T, args ...string) string {
	t.Helper()
	status, out, problems := commanded(t, append([]string{"qr", "encode"}, args...)...)
	if status != 0 || problems != "" || !strings.HasSuffix(out, "\n") {
		t.Fatalf("%q: status %d, %s, %s", args, status, out, problems)
	}
	return strings.TrimSuffix(out, "\n")
}

// valuesOf are the values that a text holds, by their places.
func valuesOf(t *testing.T, text string) (kind string, values map[reading.Place]string) {
	t.Helper()
	status, out, problems := commanded(t, "qr", "decode", text)
	read := readings(t, out)
	if status != 0 || !read[0].Strict {
		t.Fatalf("status %d, %s, %s", status, out, problems)
	}
	values = make(map[reading.Place]string)
	for _, field := range read[0].Fields {
		values[field.Place] = field.Value
	}
	return read[0].Kind, values
}

func TestEncodeMPM(t *testing.T) {
	t.Parallel()
	text := encoded(t, "mpm", "--object", "26.00=com.example", "--object", "26.01=M001,x=y", "--amount", "12.50 EUR", "--category", "5812",
		"--country", "AT", "--name", "Café Blå", "--city", "Wien", "--postal", "1010", "--language", "de", "--bill", "B-7", "--reference", "R-1", "--terminal", "T3")
	kind, values := valuesOf(t, text)
	want := map[reading.Place]string{
		"00": "01", "01": "12", "26.00": "com.example", "26.01": "M001,x=y", "52": "5812", "53": "978", "54": "12.50", "58": "AT",
		"59": "Cafe Bla", "60": "Wien", "61": "1010", "62.01": "B-7", "62.05": "R-1", "62.07": "T3", "63": text[len(text)-4:],
		"64.00": "de", "64.01": "Café Blå",
	}
	if diff := cmp.Diff(want, values); diff != "" || kind != "mpm/emvco" {
		t.Errorf("%s (-want +got):\n%s", kind, diff)
	}
	text = encoded(t, "mpm", "--object", "26.00=com.example", "--currency", "ISK", "--category", "5812", "--country", "IS",
		"--name", "Coffee House", "--local-name", "咖啡馆", "--language", "zh", "--city", "Reykjavik", "--local-city", "雷克雅未克", "--object", "55=01")
	_, values = valuesOf(t, text)
	if values["01"] != "11" || values["53"] != "352" || values["54"] != "" || values["64.01"] != "咖啡馆" || values["64.02"] != "雷克雅未克" || values["55"] != "01" {
		t.Errorf("%v", values)
	}
}

// TestEncodeMPMBeginsWithAReading: what decode prints is what encode takes, and a
// strict code comes out as it went in. Flags replace what is there, and put in what is not.
func TestEncodeMPMBeginsWithAReading(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "reading.json")
	keep := func(text string) {
		_, out, _ := commanded(t, "qr", "decode", text)
		if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept := 0
	for printed := range strings.Lines(readText(t, "qr/testdata/vectors.jsonl")) {
		text, err := payloadOf([]byte(strings.TrimSuffix(printed, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		_, out, _ := commanded(t, "qr", "decode", text)
		if read := readings(t, out)[0]; !read.Strict || !strings.HasPrefix(read.Kind, "mpm/") {
			continue
		}
		keep(text)
		if status, out, problems := commanded(t, "qr", "encode", "mpm", "--from", file); status == 0 && out == text+"\n" {
			kept++
		} else if !strings.HasPrefix(problems, "hansa: code_invalid: ") {
			t.Errorf("%s\nbecomes\n%s%s", text, out, problems)
		}
	}
	if kept < 60 {
		t.Errorf("only %d codes came out as they went in", kept)
	}
	keep(pixCode(t))
	_, values := valuesOf(t, encoded(t, "mpm", "--from", file, "--amount", "12.50 BRL", "--name", "Other", "--object", "62.05=R1", "--object", "62.01=B2"))
	if values["01"] != "12" || values["54"] != "12.50" || values["59"] != "Other" || values["62.05"] != "R1" || values["62.01"] != "B2" || values["26.01"] != "+5581900000000" {
		t.Errorf("%v", values)
	}
	written := `{"fields": [{"place": "00", "value": "01"}, {"place": "26.00", "value": "com.example"}, {"place": "53", "value": "978"}, {"place": "58", "value": "AT"}]}`
	status, out, problems := processReading(t, strings.NewReader(written), "qr", "encode", "mpm", "--from", "-", "--category", "5812", "--name", "A", "--city", "B")
	if want := "00020126150011com.example5204581253039785802AT5901A6001B6304"; status != 0 || !strings.HasPrefix(out, want) {
		t.Errorf("status %d, %s, %s", status, out, problems)
	}
}

func TestEncodeEPC(t *testing.T) {
	t.Parallel()
	text := encoded(t, "epc", "--iban", "AT61 1904 3002 3457 3201", "--name", "Café Blå", "--amount", "12.50 EUR", "--text", "Tisch 7", "--bic", "BKAUATWW", "--note", "Danke")
	if want := "BCD\n002\n1\nSCT\nBKAUATWW\nCafé Blå\nAT611904300234573201\nEUR12.50\n\n\nTisch 7\nDanke"; text != want {
		t.Errorf("%q", text)
	}
	if kind, values := valuesOf(t, text); kind != "epc069-12" || values["line 11"] != "Tisch 7" {
		t.Errorf("%s, %v", kind, values)
	}
}

// TestEncodeOwn: the codes of this network hold under the key that signed them,
// and under no other.
func TestEncodeOwn(t *testing.T) {
	t.Parallel()
	folder, others := t.TempDir(), t.TempDir()
	for _, keys := range []string{folder, others} {
		if status, _, problems := commanded(t, "keys", "new", filepath.Join(keys, "codes.key")); status != 0 {
			t.Fatal(problems)
		}
	}
	key := filepath.Join(folder, "codes.key")
	for kind, args := range map[string][]string{
		"hansa/store": {"store", "--code", "NO4F7K2M9QXR", "--currency", "NOK", "--key", key, "--name", "Kafé Blåbær", "--city", "Tromsø", "--language", "no"},
		"hansa/order": {"order", "--order", "ord_1", "--amount", "100.00 NOK", "--expires", "2126-11-22T14:30:05Z", "--key", key, "--category", "5411"},
	} {
		text := encoded(t, args...)
		for keys, want := range map[string]struct {
			status int
			code   reading.Code
		}{"": {0, reading.SignatureUnverified}, folder: {0, ""}, others: {1, reading.SignatureWrong}} {
			args := []string{"qr", "decode", text}
			if keys != "" {
				args = append(args, "--keys", keys)
			}
			status, out, problems := commanded(t, args...)
			read := readings(t, out)[0]
			if kind == "hansa/order" && keys == folder { // No order is open for a century.
				want.status, want.code = 1, reading.ExpiresTooLate
			}
			if status != want.status || read.Kind != kind || problems != "" || want.code != "" && (len(read.Findings) == 0 || read.Findings[0].Code != want.code) {
				t.Errorf("%s: status %d, %s, %s", kind, status, out, problems)
			}
		}
	}
}

// TestEncodeDraws: what is drawn is read back, and looks as its form wants.
func TestEncodeDraws(t *testing.T) {
	t.Parallel()
	const digits = "700112133433737636571868"
	for name, c := range map[string]struct {
		args   []string
		begins string
		holds  string
	}{
		"SVG":         {[]string{"--svg"}, "<svg ", `viewBox="0 0 `},
		"PNG":         {[]string{"--png"}, "\x89PNG", ""},
		"PDF":         {[]string{"--pdf", "--module-mm", "1"}, "%PDF-1.4", "/MediaBox [0 0 93.543307 93.543307]"},
		"characters":  {[]string{"--ascii"}, strings.Repeat(" ", 2*33) + "\n", "##############"},
		"bars":        {[]string{"--code128", "--svg"}, "<svg ", "7001 1213 3433 7376 3657 1868"},
		"bars as PNG": {[]string{"--code128", "--png"}, "\x89PNG", ""},
		"text":        {[]string{"text"}, digits, ""},
	} {
		status, out, problems := commanded(t, append([]string{"qr", "encode", digits}, c.args...)...)
		if name == "text" {
			status, out, problems = commanded(t, "qr", "encode", "text", digits)
		}
		if status != 0 || problems != "" || !strings.HasPrefix(out, c.begins) || !strings.Contains(out, c.holds) {
			t.Errorf("%s: status %d, %.80q, %s", name, status, out, problems)
		}
		if !strings.HasPrefix(out, "\x89PNG") {
			continue
		}
		file := filepath.Join(t.TempDir(), "code.png")
		if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, problems = commanded(t, "qr", "decode", file)
		if read := readings(t, out); status != 0 || len(read) != 1 || read[0].Text != digits || read[0].Kind != "hansa/payment" {
			t.Errorf("%s: status %d, %s, %s", name, status, out, problems)
		}
	}
}

// TestEncodeSizes: level, logo, dense writing and pixels change the picture.
func TestEncodeSizes(t *testing.T) {
	t.Parallel()
	const link = "HTTPS://QR.EXAMPLE/1234567890123456789"
	widths := make(map[string]int)
	for name, args := range map[string][]string{
		"usual": nil, "low": {"--level", "low"}, "quartile": {"--level=quartile"}, "high": {"--level", "high"}, "logo": {"--logo"}, "dense": {"text", "--dense"}, "pixels": {"--module-px", "16"},
	} {
		text := append([]string{"qr", "encode"}, args...)
		_, out, problems := commanded(t, append(text, link, "--png")...)
		picture, err := png.DecodeConfig(bytes.NewReader([]byte(out)))
		if err != nil {
			t.Fatal(name, err, problems)
		}
		widths[name] = picture.Width
	}
	if want := 8 * (29 + 8); widths["usual"] != want || widths["pixels"] != 2*want || widths["dense"] >= want || widths["low"] > want ||
		widths["quartile"] <= want || widths["high"] < widths["quartile"] || widths["logo"] != widths["high"] {
		t.Errorf("%v", widths)
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "key")
	if status, _, problems := commanded(t, "keys", "new", key); status != 0 {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		args   string // parted by |
		status int
		says   string
	}{
		"nothing":              {"--png", 2, "expected"},
		"two forms":            {"x|--svg|--png", 2, "--svg and --png can't be used together"},
		"an unknown level":     {"x|--level|best|--png", 2, "--level must be one of"},
		"bars as PDF":          {"1|--code128|--pdf", 2, "bars are drawn by --svg or --png"},
		"bars with a logo":     {"1|--code128|--png|--logo", 2, "no room for a logo"},
		"no pixels":            {"x|--png|--module-px|0", 2, "--module-px: 1 to 40"},
		"no millimetres":       {"x|--pdf|--module-mm|-1", 2, "--module-mm"},
		"many decimals":        {"x|--pdf|--module-mm|0.3333", 2, "at most 3 decimals"},
		"words for a length":   {"x|--pdf|--module-mm|wide", 2, "not so many millimetres"},
		"a fine print":         {"x|--pdf|--module-mm|0.1", 1, "too fine"},
		"no text":              {"text||--png", 1, "code_invalid: a symbol holds at least one character"},
		"a text too long":      {strings.Repeat("x", 3000) + "|--png", 1, "fit no symbol of this level"},
		"bars of letters":      {"é|--code128|--png", 1, "bars hold 1 to 80 characters of ASCII"},
		"a store with no key":  {"store|--code|x|--currency|NOK", 2, "--key"},
		"a strange currency":   {"store|--code|x|--currency|XXX|--key|" + key, 1, "unknown_currency"},
		"an order without end": {"order|--order|x|--amount|1.00 NOK|--key|" + key, 2, "--expires"},
		"an order and a date":  {"order|--order|x|--amount|1.00 NOK|--expires|tomorrow|--key|" + key, 2, "--expires"},
		"an amount and no sum": {"order|--order|x|--amount|NOK 1|--expires|2026-11-22T14:30:05Z|--key|" + key, 1, "unknown_currency"},
		"nothing of a payee":   {"mpm|--country|AT", 1, "code_invalid"},
		"an object no place":   {"mpm|--object|x=1", 1, `object "x": a place is numbers`},
		"a place of one digit": {"mpm|--object|26.1=1", 1, "a place is numbers of two digits"},
		"an object no value":   {"mpm|--object|26.01", 1, "want PLACE=VALUE"},
		"a long value":         {"mpm|--object|26.00=com.example|--object|26.01=" + strings.Repeat("x", 100), 1, "code_invalid: object 01 has 100 characters"},
		"another alphabet":     {"mpm|--name|咖啡馆", 1, "give it with --local-name"},
		"amount and currency":  {"mpm|--amount|1.00 EUR|--currency|EUR", 2, "leave out --currency"},
		"no reading":           {"mpm|--from|" + key, 1, "not JSON as decode prints it"},
		"no file":              {"mpm|--from|nowhere.json", 2, "nowhere.json does not exist"},
		"an IBAN misspelt":     {"epc|--name|x|--iban|AT611904300234573202", 1, "code_invalid"},
		"a transfer of kroner": {"epc|--name|x|--iban|AT611904300234573201|--amount|1.00 NOK", 1, "only EUR can be written"},
		"reference and text":   {"epc|--name|x|--iban|AT611904300234573201|--reference|x|--text|y", 2, "can't be used together"},
	} {
		status, out, problems := commanded(t, append([]string{"qr", "encode"}, strings.Split(c.args, "|")...)...)
		if status != c.status || out != "" && status != 2 || !strings.Contains(problems, c.says) {
			t.Errorf("%s: status %d, %q, %q", name, status, out, problems)
		}
	}
}

// TestRulesAreThoseOfThePackage: what is printed can be read as what is published.
func TestRulesAreThoseOfThePackage(t *testing.T) {
	t.Parallel()
	status, out, problems := commanded(t, "qr", "rules")
	book, err := routing.ReadRulebook([]byte(out))
	if status != 0 || err != nil || book.Version != scheme.Rules().Version || problems != "" {
		t.Errorf("status %d, %v, version %q, %s", status, err, book.Version, problems)
	}
}
