package qr_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

func TestWhatWasSignedIsRead(t *testing.T) {
	t.Parallel()
	for name, code := range storeVectors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(code, verified(t, signedStore(t, code)).Store); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for name, code := range orderVectors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(code, verified(t, signedOrder(t, code)).Order); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for name, text := range oddButGood(t) {
		if diff := cmp.Diff(bergenOrder(), verified(t, text).Order); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWhatWeWriteIsStrict, also to a reader who knows neither us nor our keys.
func TestWhatWeWriteIsStrict(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, code := range storeVectors() {
		texts = append(texts, signedStore(t, code))
	}
	for _, code := range orderVectors() {
		texts = append(texts, signedOrder(t, code))
	}
	for _, text := range texts {
		if read := qr.Read(text); !read.Strict {
			t.Errorf("%s: %+v", text, read.Findings)
		}
		if _, findings := mpm.Read(text); !reading.Strict(findings) {
			t.Errorf("%s: %+v", text, findings)
		}
	}
}

// TestWithoutADirectoryNothingIsBelieved: the form can be read, and the reading
// says that it is no more than that.
func TestWithoutADirectoryNothingIsBelieved(t *testing.T) {
	t.Parallel()
	for _, text := range []string{signedStore(t, bergenSticker()), signedOrder(t, bergenOrder())} {
		read := qr.Read(text)
		if !slices.ContainsFunc(read.Findings, func(f reading.Finding) bool {
			return f.Code == reading.SignatureUnverified && f.Severity == reading.Note
		}) {
			t.Errorf("%s: %+v", text, read.Findings)
		}
	}
}

func TestCodesFitAPrintableSymbol(t *testing.T) {
	t.Parallel()
	for name, code := range storeVectors() {
		// 400 bytes make 85 modules a side at level M. With 0.5 mm each, which every
		// telephone reads, they fit a card of 55 mm.
		if text := signedStore(t, code); len(text) > 411 {
			t.Errorf("%s: %d bytes", name, len(text))
		}
	}
}

func TestNamesAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		given, want qr.Payee
	}{
		"plain ASCII needs no language": {
			qr.Payee{Name: "Bergen Cafe", City: "Bergen", Language: "no"},
			qr.Payee{Name: "Bergen Cafe", City: "Bergen", LatinName: "Bergen Cafe", LatinCity: "Bergen"},
		},
		"a language keeps the letters": {
			qr.Payee{Name: "Smørbrød", City: "Ålesund", Language: "no"},
			qr.Payee{Name: "Smørbrød", City: "Ålesund", Language: "no", LatinName: "Smorbrod", LatinCity: "Alesund"},
		},
		"without a language the letters are lost": {
			qr.Payee{Name: "Straße “Þór” – Łódź", City: "Köln"},
			qr.Payee{Name: `Strasse "Thor" - Lodz`, City: "Koln", LatinName: `Strasse "Thor" - Lodz`, LatinCity: "Koln"},
		},
		"the store's own Latin name wins": {
			qr.Payee{Name: "咖啡馆", City: "北京", Language: "zh", LatinName: "Kafeiguan", LatinCity: "Beijing"},
			qr.Payee{Name: "咖啡馆", City: "北京", Language: "zh", LatinName: "Kafeiguan", LatinCity: "Beijing"},
		},
		"long names are cut, and no space is left behind": {
			qr.Payee{Name: strings.Repeat("abcdefghijkl ", 3), City: "Llanfairpwllgwyngyll"},
			qr.Payee{Name: "abcdefghijkl abcdefghijkl", City: "Llanfairpwllgwy", LatinName: "abcdefghijkl abcdefghijkl", LatinCity: "Llanfairpwllgwy"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code := bergenSticker()
			code.Payee, c.want.Country, c.want.Category = c.given, "NO", "5812"
			code.Country, code.Category = "NO", "5812"
			got := verified(t, signedStore(t, code)).Store
			if diff := cmp.Diff(c.want, got.Payee); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestStoreCodesThatAreNotSigned(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*qr.StoreCode)
		want   hansa.Reason
	}{
		"no id":                            {func(c *qr.StoreCode) { c.Code = "" }, hansa.CodeInvalid},
		"an id of 37 characters":           {func(c *qr.StoreCode) { c.Code = strings.Repeat("a", 37) }, hansa.CodeInvalid},
		"an id with a slash":               {func(c *qr.StoreCode) { c.Code = "a/b" }, hansa.CodeInvalid},
		"an unknown currency":              {func(c *qr.StoreCode) { c.Currency = "ABC" }, hansa.UnknownCurrency},
		"no name":                          {func(c *qr.StoreCode) { c.Payee.Name, c.LatinName = "", "" }, hansa.CodeInvalid},
		"a name of spaces":                 {func(c *qr.StoreCode) { c.Payee.Name, c.LatinName = "  ", "" }, hansa.CodeInvalid},
		"a name with a direction override": {func(c *qr.StoreCode) { c.Payee.Name, c.Language = "A\u202eB", "no" }, hansa.CodeInvalid},
		"a name in normal form D":          {func(c *qr.StoreCode) { c.Payee.Name, c.Language = "Cafe\u0301", "no" }, hansa.CodeInvalid},
		"a hidden character past the cut":  {func(c *qr.StoreCode) { c.LatinName = strings.Repeat("A", 30) + "\x00" }, hansa.CodeInvalid},
		"a Chinese name without Latin":     {func(c *qr.StoreCode) { c.Payee.Name, c.LatinName, c.Language = "咖啡馆", "", "zh" }, hansa.CodeInvalid},
		"a Latin name that is not":         {func(c *qr.StoreCode) { c.LatinName = "咖啡馆" }, hansa.CodeInvalid},
		"no city":                          {func(c *qr.StoreCode) { c.Payee.City, c.LatinCity = "", "" }, hansa.CodeInvalid},
		"a country in small letters":       {func(c *qr.StoreCode) { c.Country = "no" }, hansa.CodeInvalid},
		"a category of three digits":       {func(c *qr.StoreCode) { c.Category = "581" }, hansa.CodeInvalid},
		"a language of three letters":      {func(c *qr.StoreCode) { c.Payee.Name, c.Language = "Kafé", "nob" }, hansa.CodeInvalid},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code := bergenSticker()
			c.change(&code)
			_, err := qr.SignStore(code, vectorKeyID, vectorKey(t))
			wantReason(t, err, c.want)
		})
	}
	for _, keyID := range []string{"", "a b", strings.Repeat("k", 21)} {
		_, err := qr.SignStore(bergenSticker(), keyID, vectorKey(t))
		wantReason(t, err, hansa.CodeInvalid)
	}
	_, err := qr.SignStore(bergenSticker(), vectorKeyID, nil)
	if _, refused := hansa.ReasonOf(err); err == nil || refused {
		t.Errorf("without a key: %v, want a fault", err)
	}
}

func TestOrderCodesThatAreNotSigned(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*qr.OrderCode)
		want   hansa.Reason
	}{
		"an amount of zero":           {func(c *qr.OrderCode) { c.Amount.Value = 0 }, hansa.InvalidAmount},
		"a negative amount":           {func(c *qr.OrderCode) { c.Amount.Value = -1 }, hansa.InvalidAmount},
		"an amount of 14 characters":  {func(c *qr.OrderCode) { c.Amount = money.New(1_000_000_000_000, "EUR") }, hansa.InvalidAmount},
		"no currency":                 {func(c *qr.OrderCode) { c.Amount.Currency = "" }, hansa.UnknownCurrency},
		"no expiry":                   {func(c *qr.OrderCode) { c.ExpiresAt = time.Time{} }, hansa.CodeInvalid},
		"an expiry in the year 10000": {func(c *qr.OrderCode) { c.ExpiresAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, hansa.CodeInvalid},
		"no order":                    {func(c *qr.OrderCode) { c.Order = "" }, hansa.CodeInvalid},
		"an order with a quote mark":  {func(c *qr.OrderCode) { c.Order = `a"b` }, hansa.CodeInvalid},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code := bergenOrder()
			c.change(&code)
			_, err := qr.SignOrder(code, vectorKeyID, vectorKey(t))
			wantReason(t, err, c.want)
		})
	}
}

func TestExpiryIsInUTCAndWholeSeconds(t *testing.T) {
	t.Parallel()
	code := bergenOrder()
	code.ExpiresAt = time.Date(2026, time.November, 22, 15, 30, 5, 999, time.FixedZone("Oslo", 3600))
	got := verified(t, signedOrder(t, code)).Order
	if want := bergenOrder().ExpiresAt; got.ExpiresAt != want {
		t.Errorf("expires at %v, want %v", got.ExpiresAt, want)
	}
	if got.Expired(got.ExpiresAt.Add(-time.Nanosecond)) {
		t.Error("expired a nanosecond too early")
	}
	if !got.Expired(got.ExpiresAt) {
		t.Error("not expired when its time was over")
	}
}

// TestNoCharacterOfACodeCanBeChanged puts another character in every place, with
// the right checksum, and drops and doubles it.
func TestNoCharacterOfACodeCanBeChanged(t *testing.T) {
	t.Parallel()
	good, directory := signedOrder(t, bergenOrder()), keysOnly(t)
	body := good[:len(good)-8]
	for i := range body {
		for _, other := range []string{"", "0", "1", "A", "z", body[i:i+1] + body[i:i+1]} {
			if other == body[i:i+1] {
				continue
			}
			judged := qr.Verify(sealed(body[:i]+other+body[i+1:]), directory, vectorNow)
			if judged.Refusal() == nil || judged.Order != (qr.OrderCode{}) {
				t.Errorf("byte %d as %q: read %+v", i, other, judged.Order)
			}
		}
	}
	for i := range good {
		if judged := qr.Verify(good[:i], directory, vectorNow); judged.Refusal() == nil {
			t.Errorf("the first %d characters were read", i)
		}
	}
}

func TestSignedRawIsWhatThePackageWrites(t *testing.T) {
	t.Parallel()
	good := signedOrder(t, bergenOrder())
	if got := signedRaw(t, objectsOf(good)...); got != good {
		t.Errorf("got  %s\nwant %s", got, good)
	}
}

// TestTheSpecificationShowsTheseVectors holds docs/codes.md to the code.
func TestTheSpecificationShowsTheseVectors(t *testing.T) {
	t.Parallel()
	specification, err := os.ReadFile("../docs/codes.md")
	if err != nil {
		t.Fatal(err)
	}
	vectors := map[string]string{
		"seed":           vectorSeed,
		"store code":     signedStore(t, bergenSticker()),
		"order code":     signedOrder(t, bergenOrder()),
		"Norwegian code": signedStore(t, storeVectors()["store, Norwegian letters"]),
		"payment code":   newPaymentCode(t, "700112", 1),
	}
	for name, text := range vectors {
		if !strings.Contains(string(specification), "\n"+text+"\n") {
			t.Errorf("docs/codes.md does not show the %s\n%s", name, text)
		}
	}
}

// TestTheSpecificationTakesLettersForOthersAsWeDo reads the tables of section 4.3.
func TestTheSpecificationTakesLettersForOthersAsWeDo(t *testing.T) {
	t.Parallel()
	specification, err := os.ReadFile("../docs/codes.md")
	if err != nil {
		t.Fatal(err)
	}
	_, names, _ := strings.Cut(string(specification), "**4.3 Names.**")
	latin, letters, _ := strings.Cut(names, "People may take two texts")
	letters, _, _ = strings.Cut(letters, "`mixed_scripts`")
	pair := regexp.MustCompile(`([^ ]+) ([^ ]+)(?:  |\n)`)
	rows := func(text string) (pairs [][]string) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "    ") {
				line, _, _ = strings.Cut(strings.TrimRight(line, "\n"), "   and their capitals")
				pairs = append(pairs, pair.FindAllStringSubmatch(strings.TrimSpace(line)+"\n", -1)...)
			}
		}
		return pairs
	}
	for _, p := range rows(letters) {
		if got, want := shown.Skeleton(p[1]), shown.Skeleton(p[2]); got != want {
			t.Errorf("%s looks like %q, not like %s", p[1], got, p[2])
		}
	}
	for _, p := range rows(latin)[:21] {
		if got, _ := shown.Latin(p[1]); got != p[2] {
			t.Errorf("%s is %q in Latin, not %s", p[1], got, p[2])
		}
	}
	if got := len(rows(letters)); got < 70 {
		t.Errorf("%d letters that look like others", got)
	}
}

func FuzzVerify(f *testing.F) {
	for _, file := range []string{"testdata/codes.json", "testdata/bad_codes.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`"text": (".*")`).FindAllSubmatch(text, -1) {
			var seed string
			if err := json.Unmarshal(found[1], &seed); err != nil {
				f.Fatal(err)
			}
			f.Add(seed)
		}
	}
	key, directory := vectorKey(f), keysOnly(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, text := range []string{text, sealed(text), signedWith(key, text)} {
			judged := qr.Verify(text, directory, vectorNow)
			if err := judged.Refusal(); err != nil {
				if _, ok := hansa.ReasonOf(err); !ok {
					t.Errorf("%q: %v is a fault", text, err)
				}
				continue
			}
			if read := qr.Read(text); !read.Valid || read.Kind != judged.Kind {
				t.Errorf("%q: believed as %s, read as %+v", text, judged.Kind, read)
			}
		}
	})
}

// FuzzSignStore: what can be written is strict, is believed, and says what makes
// the same text again.
func FuzzSignStore(f *testing.F) {
	f.Add("NO4F7K2M9QXR", "Kafé Blåbær", "Tromsø", "no", "NOK")
	f.Add("a-_9", "卑尔根咖啡馆", "Bergen", "zh", "ISK")
	f.Add("x", "Bergen Cafe", "Veryverylongcityname", "", "BHD")
	key, directory := vectorKey(f), keysOnly(f)
	f.Fuzz(func(t *testing.T, id, name, city, language, currency string) {
		code := qr.StoreCode{Code: id, Currency: money.Currency(currency), Payee: qr.Payee{
			Name: name, City: city, Country: "NO", Category: "5812", Language: language, LatinName: "Name", LatinCity: "City",
		}}
		text, err := qr.SignStore(code, vectorKeyID, key)
		if err != nil {
			if _, ok := hansa.ReasonOf(err); !ok {
				t.Errorf("%+v: %v is a fault", code, err)
			}
			return
		}
		judged := qr.Verify(text, directory, vectorNow)
		if !judged.Strict || judged.Refusal() != nil {
			t.Errorf("%q: %+v", text, judged.Findings)
		}
		if again, err := qr.SignStore(judged.Store, vectorKeyID, key); err != nil || again != text {
			t.Errorf("%q: written again as %q, %v", text, again, err)
		}
	})
}
