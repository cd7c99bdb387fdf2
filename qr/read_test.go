package qr_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/reading"
)

// TestReadKinds reads texts that are no vector: of ours, and of nobody.
func TestReadKinds(t *testing.T) {
	t.Parallel()
	own := "700112133433737636571868"
	for name, test := range map[string]struct {
		text, kinds, finding string
		reason               hansa.Reason // of Identify
	}{
		"our payment code":            {own, "hansa/payment", "", ""},
		"our payment code in groups":  {"7001 1213 3433 7376 3657 1868", "hansa/payment", "", ""},
		"our payment code, scanned":   {"\ufeff" + own + "\t\r\n", "hansa/payment", "", ""},
		"our payment code, a digit":   {own[:23] + "9", "hansa/payment", "checksum", ""},
		"our payment code, too short": {own[:23], "hansa/payment", "unknown", hansa.CodeInvalid},
		"our payment code, too long":  {own + "0", "hansa/payment", "unknown", hansa.CodeInvalid},
		"nothing":                     {"", "", "unknown", hansa.CodeUnknown},
		"words":                       {"buy one, get one", "", "unknown", hansa.CodeUnknown},
		"a shop's web page":           {"https://example.com/menu", "", "unknown", hansa.CodeUnknown},
		"the number of an article":    {"4006381333931", "", "unknown", hansa.CodeUnknown},
		"a Thai slip":                 {"0041000600000101030040220202" + "5102TH9104FB53", "", "unknown", hansa.CodeUnknown},
		"a card for a network":        {"WIFI:T:WPA;S:guest;P:secret;;", "", "unknown", hansa.CodeUnknown},
		"an IBAN":                     {"NL86INGB0002445588", "", "unknown", hansa.CodeUnknown},
		"bytes that are no text":      {"\xff\xfe\x00", "", "unknown", hansa.CodeUnknown},
		"half an EMVCo code":          {"000201", "mpm/emvco", "missing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := qr.Read(test.text)
			if got := strings.Join(read.Kinds, " "); got != test.kinds {
				t.Errorf("kinds %q, want %q", got, test.kinds)
			}
			isFound := slices.ContainsFunc(read.Findings, func(f reading.Finding) bool { return string(f.Code) == test.finding })
			if read.Valid != (test.finding == "") || (test.finding != "" && !isFound) {
				t.Errorf("findings %v, want %q", read.Findings, test.finding)
			}
			_, err := qr.Identify(test.text)
			if got, _ := hansa.ReasonOf(err); got != test.reason {
				t.Errorf("Identify: %v, want %q", err, test.reason)
			}
		})
	}
}

// TestLongSIsNoS reads a template whose name only folds to ours: no reader that
// compares bytes takes it for one of ours, and neither may this one.
func TestLongSIsNoS(t *testing.T) {
	t.Parallel()
	text := strings.Replace(signedStore(t, bergenSticker()), "0009org.hansa01", "0009org.hanſa01", 1)
	text = sealed(text[:len(text)-8])
	if read := qr.Read(text); read.Kind != "mpm/emvco" {
		t.Errorf("kinds %v", read.Kinds)
	}
	if judged := qr.Verify(text, keysOnly(t), vectorNow); judged.Kind != "mpm/emvco" || judged.Findings[0].Code != reading.Downgraded {
		t.Errorf("%v: %+v", judged.Kinds, judged.Findings)
	}
}

// TestOursAmongOthers reads a sticker on which other schemes stand beside ours.
func TestOursAmongOthers(t *testing.T) {
	t.Parallel()
	read := qr.Read(signedStore(t, bergenSticker()))
	if read.Kind != qr.KindStore || !read.Valid || !cmp.Equal(read.Kinds, []string{qr.KindStore, "mpm/emvco"}) {
		t.Errorf("%+v", read)
	}
}

// TestIdentifyAgreesWithRead holds the rules that are published to the readers:
// what a rule calls right, its reader knows under the same kind.
func TestIdentifyAgreesWithRead(t *testing.T) {
	t.Parallel()
	for i, v := range readVectors(t) {
		kinds, err := qr.Identify(v.Payload)
		read := qr.Read(v.Payload)
		if err == nil && (len(kinds) == 0 || !slices.Contains(kinds, read.Kinds[len(read.Kinds)-1])) {
			t.Errorf("%d: Identify says %v, Read says %v\n%s", i+1, kinds, read.Kinds, v.Payload)
		}
		if err != nil && read.Valid {
			t.Errorf("%d: Identify refuses (%v) what Read calls valid\n%s", i+1, err, v.Payload)
		}
	}
}

// TestReadAllocatesLittle reads 4 KB of the worst of each sort. It is not parallel,
// because it measures what the whole process allocates.
func TestReadAllocatesLittle(t *testing.T) {
	const size, allocatedMax = 4096, 64 << 10
	for name, text := range map[string]string{
		"empty objects":    "000201" + strings.Repeat("2600", size),
		"small templates":  "000201" + strings.Repeat("26080004hksg", size),
		"nested templates": "000201" + strings.Repeat("62085004000", size),
		"digits":           strings.Repeat("1", size),
		"groups":           strings.Repeat("1 ", size),
		"wide digits":      strings.Repeat("１", size),
		"base64":           "hQVDUFY" + strings.Repeat("YQRPAk8C", size),
		"base64 elsewhere": strings.Repeat("YQRPAk8C", size),
		"lines":            "BCD\n" + strings.Repeat("x\n", size),
		"Swiss lines":      "SPC\n" + strings.Repeat("\u0301\n", size),
		"a query":          "https://qr.vipps.no/?" + strings.Repeat("a=%41&", size),
		"hosts":            "https://" + strings.Repeat("qr.vipps.no@", size),
		"colons":           strings.Repeat("://", size),
		"hidden":           "00020159" + strings.Repeat("\u202e", size),
		"broken UTF-8":     strings.Repeat("\xff", size),
	} {
		text = text[:min(len(text), size)]
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read := qr.Read(text)
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > allocatedMax {
			t.Errorf("%s: %d bytes allocated for %d; %d findings, %d fields", name, allocated, len(text), len(read.Findings), len(read.Fields))
		}
	}
}

// FuzzRead holds every reading to what Reading promises.
func FuzzRead(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(v.Payload)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read := qr.Read(text)
		if read.Kinds == nil || read.Findings == nil || read.Fields == nil {
			t.Error("a list is nil")
		}
		if len(read.Kinds) == 0 != (read.Kind == "") || (read.Kind != "" && read.Kinds[0] != read.Kind) {
			t.Errorf("kind %q of %v", read.Kind, read.Kinds)
		}
		if read.Kind == "" && (read.Valid || !slices.ContainsFunc(read.Findings, func(f reading.Finding) bool { return f.Code == reading.Unknown })) {
			t.Errorf("no kind, valid %v, findings %v", read.Valid, read.Findings)
		}
		if read.Valid != reading.Valid(read.Findings) || read.Strict != reading.Strict(read.Findings) {
			t.Errorf("valid %v, strict %v, findings %v", read.Valid, read.Strict, read.Findings)
		}
		if at := slices.Index(read.Kinds, "mpm/emvco"); at >= 0 && at != len(read.Kinds)-1 {
			t.Errorf("kinds %v", read.Kinds)
		}
		if _, err := qr.Identify(text); err == nil && len(read.Kinds) == 0 {
			t.Errorf("identified, and read as nothing")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	const pix = "00020126180014br.gov.bcb.pix5204000053039865802BR5913Pgpgnt mc Mrf6008RBBFWRBP62070503***80800014br.gov.bcb.pix2558wcb.lpdhphd.wrd/nh/d2/vwp/6960m978cfpw11sskvs04933hb11120263047E08"
	b.ReportAllocs()
	for b.Loop() {
		qr.Read(pix)
	}
}
