package qr_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
)

// A vector is one code of testdata/codes.json.
type vector struct {
	Name   string     `json:"name"`
	Text   string     `json:"text"`
	Kind   qr.Kind    `json:"kind"`
	Fields []qr.Field `json:"fields"`
}

func TestVectors(t *testing.T) {
	t.Parallel()
	var vectors []vector
	add := func(name, text string) {
		description, err := qr.Describe(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		vectors = append(vectors, vector{name, text, description.Kind, description.Fields})
	}
	stores, orders := storeVectors(), orderVectors()
	for _, name := range slices.Sorted(maps.Keys(stores)) {
		add(name, signedStore(t, stores[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		add(name, signedOrder(t, orders[name]))
	}
	for _, issuer := range []string{"700000", "700112", "709999"} {
		add("payment, issuer "+issuer, newPaymentCode(t, issuer, 1))
	}
	golden(t, "codes.json", asJSON(t, struct {
		KeySeed string   `json:"key_seed"`
		KeyID   string   `json:"key_id"`
		Codes   []vector `json:"codes"`
	}{vectorSeed, vectorKeyID, vectors}))
}

func TestWhatWasSignedIsRead(t *testing.T) {
	t.Parallel()
	for name, code := range storeVectors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := qr.ReadStore(signedStore(t, code), vectorKeys(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(code, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for name, code := range orderVectors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := qr.ReadOrder(signedOrder(t, code), vectorKeys(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(code, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCodesFitAPrintableSymbol(t *testing.T) {
	t.Parallel()
	for name, code := range storeVectors() {
		symbol, err := qr.NewSymbol(signedStore(t, code), qr.Medium)
		if err != nil {
			t.Fatal(err)
		}
		// 0.5 mm modules, which every telephone reads, then fit a card of 55 mm.
		if symbol.Size() > 85 {
			t.Errorf("%s: %d modules on a side", name, symbol.Size())
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
			got, err := qr.ReadStore(signedStore(t, code), vectorKeys(t))
			if err != nil {
				t.Fatal(err)
			}
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
	got, err := qr.ReadOrder(signedOrder(t, code), vectorKeys(t))
	if err != nil {
		t.Fatal(err)
	}
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
	good := signedOrder(t, bergenOrder())
	body := good[:len(good)-8]
	for i := range body {
		for _, other := range []string{"", "0", "1", "A", "z", body[i:i+1] + body[i:i+1]} {
			if other == body[i:i+1] {
				continue
			}
			text := sealed(body[:i] + other + body[i+1:])
			if code, err := qr.ReadOrder(text, vectorKeys(t)); err == nil {
				t.Errorf("byte %d as %q: read %+v", i, other, code)
			}
		}
	}
	for i := range good {
		if _, err := qr.ReadOrder(good[:i], vectorKeys(t)); err == nil {
			t.Errorf("the first %d characters were read", i)
		}
	}
}

// A forgery is one code of testdata/refused.json: nobody may read it.
type forgery struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Refuse string `json:"refuse"`
}

func TestForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	var forgeries []forgery
	texts := alteredTexts(t)
	maps.Copy(texts, wronglySignedTexts(t))
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		order, orderErr := qr.ReadOrder(text, vectorKeys(t))
		store, storeErr := qr.ReadStore(text, vectorKeys(t))
		if orderErr == nil || storeErr == nil {
			t.Errorf("%s: read %+v and %+v", name, order, store)
			continue
		}
		err := orderErr
		if kind, _ := qr.Identify(text); kind == qr.KindStore {
			err = storeErr
		}
		if _, ok := hansa.ReasonOf(err); !ok {
			t.Errorf("%s: %v is a fault, want a refusal", name, err)
		}
		forgeries = append(forgeries, forgery{name, text, err.Error()})
	}
	golden(t, "refused.json", asJSON(t, forgeries))
}

// alteredTexts returns good codes to which someone without the key did something.
func alteredTexts(t *testing.T) map[string]string {
	t.Helper()
	good := signedOrder(t, bergenOrder())
	objects := withoutTail(t, good)
	covered := raw(objects...)
	tail := good[len(covered) : len(good)-8]
	first, second := tail[:64], tail[64:]
	change := func(id qr.ID, value string) string { return sealed(raw(replaced(objects, id, value)...) + tail) }
	own := objects[2].Value

	anotherKey := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	byAnother, err := qr.SignOrder(bergenOrder(), vectorKeyID, anotherKey)
	if err != nil {
		t.Fatal(err)
	}
	ofAnother, err := qr.SignOrder(bergenOrder(), "stranger", vectorKey(t))
	if err != nil {
		t.Fatal(err)
	}
	dearer := bergenOrder()
	dearer.Amount.Value = 100000
	dearerText := signedOrder(t, dearer)
	chinese := signedStore(t, storeVectors()["store, Chinese name, city in Latin"])
	chineseTail := chinese[len(chinese)-136 : len(chinese)-8]
	signature, err := base64.RawURLEncoding.DecodeString(first[21:] + second[21:])
	if err != nil {
		t.Fatal(err)
	}
	plainBase64 := base64.RawStdEncoding.EncodeToString(signature)
	paddingBit := second[:63] + string(second[63]+1)

	return map[string]string{
		"signed with another key under our key's id": byAnother,
		"signed with a key that nobody knows":        ofAnother,
		"signature stripped":                         sealed(covered),
		"first half of the signature stripped":       sealed(covered + second),
		"second half of the signature stripped":      sealed(covered + first),
		"key id and signature stripped":              sealed(raw(replaced(objects, 26, strings.TrimSuffix(own, "0409test-2026"))...)),
		"halves of the signature swapped":            sealed(covered + second + first),
		"two signatures":                             sealed(covered + tail + strings.Replace(strings.Replace(tail, "8060", "8260", 1), "8160", "8360", 1)),
		"the same signature twice":                   sealed(covered + tail + tail),
		"signature of another order":                 sealed(covered + dearerText[len(dearerText)-136:len(dearerText)-8]),
		"signature in the alphabet with + and /":     sealed(covered + "80600009org.hansa0143" + plainBase64[:43] + "81600009org.hansa0143" + plainBase64[43:]),
		"signature with a padding bit set":           sealed(covered + first + paddingBit),
		"signature under our name in capitals":       sealed(covered + strings.Replace(tail, "org.hansa", "ORG.HANSA", 1)),
		"an object behind the signature":             sealed(covered + tail + "61045003"),
		"an object between the signature's halves":   sealed(covered + first + "61045003" + second),
		"an object before the signature":             sealed(covered + "61045003" + tail),
		"amount changed":                             change(qr.IDAmount, "10.00"),
		"amount written otherwise":                   change(qr.IDAmount, "100.0"),
		"currency changed":                           change(qr.IDCurrency, "352"),
		"name changed":                               change(qr.IDName, "Oslo Cafe"),
		"name in another case":                       change(qr.IDName, "bergen cafe"),
		"local name changed":                         sealed(strings.Replace(chinese[:len(chinese)-136], "卑尔根咖啡馆", "奥斯陆咖啡馆", 1) + chineseTail),
		"local name stripped":                        sealed(raw(withoutTail(t, chinese)[:8]...) + chineseTail),
		"country changed":                            change(qr.IDCountry, "SE"),
		"category changed":                           change(qr.IDCategory, "5813"),
		"expiry put off":                             change(26, strings.Replace(own, "20261122", "20271122", 1)),
		"order made a store code":                    change(26, strings.Replace(own, "0233", "0133", 1)),
		"dynamic made static":                        change(qr.IDInitiation, "11"),
		"amount taken away":                          sealed(raw(slices.Delete(slices.Clone(objects), 5, 6)...) + tail),
		"amount twice":                               sealed(covered + "540599.99" + tail),
		"a fee put on top":                           sealed(covered + "55020256041.00" + tail),
		"our template twice":                         sealed(covered + raw(qr.Object{ID: 27, Value: own}) + tail),
		"name with a right-to-left override":         change(qr.IDName, "Bergen\u202e efaC"),
		"checksum not put right":                     strings.Replace(good, "100.00", "900.00", 1),
		"cut off before the checksum":                good[:len(good)-8],
		"cut off within the signature":               good[:len(good)-40],
		"another code behind it":                     good + good,
	}
}

// wronglySignedTexts returns codes that the holder of the key should not have made.
func wronglySignedTexts(t *testing.T) map[string]string {
	t.Helper()
	objects := withoutTail(t, signedOrder(t, bergenOrder()))
	own := objects[2].Value
	afterOrder := own[strings.Index(own, "0314"):]
	without := func(id qr.ID) []qr.Object {
		return slices.DeleteFunc(slices.Clone(objects), func(o qr.Object) bool { return o.ID == id })
	}
	return map[string]string{
		"signed, but for an order and a store at once": signedRaw(t, replaced(objects, 26, own+"0104ABCD")...),
		"signed, but with a tip":                       signedRaw(t, append(slices.Clone(objects), qr.Object{ID: 55, Value: "01"})...),
		"signed, but with an unknown critical object":  signedRaw(t, replaced(objects, 26, own+"0501X")...),
		"signed, but the amount lacks a decimal":       signedRaw(t, replaced(objects, qr.IDAmount, "100.0")...),
		"signed, but with more decimals than kroner":   signedRaw(t, replaced(objects, qr.IDAmount, "100.001")...),
		"signed, but in no currency":                   signedRaw(t, replaced(objects, qr.IDCurrency, "000")...),
		"signed, but with a name of 26 characters":     signedRaw(t, replaced(objects, qr.IDName, strings.Repeat("A", 26))...),
		"signed, but with a name that is not ASCII":    signedRaw(t, replaced(objects, qr.IDName, "Kafé")...),
		"signed, but with no name":                     signedRaw(t, without(qr.IDName)...),
		"signed, but expires on 31 November":           signedRaw(t, replaced(objects, 26, strings.Replace(own, "20261122", "20261131", 1))...),
		"signed, but its order is not an id":           signedRaw(t, replaced(objects, 26, "0009org.hansa0203a/b"+afterOrder)...),
		"signed, but for other schemes only":           signedRaw(t, replaced(objects, 26, strings.Replace(own, "org.hansa", "org.hanse", 1))...),
	}
}

func TestSignedRawIsWhatThePackageWrites(t *testing.T) {
	t.Parallel()
	good := signedOrder(t, bergenOrder())
	if got := signedRaw(t, withoutTail(t, good)...); got != good {
		t.Errorf("got  %s\nwant %s", got, good)
	}
}

// A sticker may carry templates of other schemes beside ours, and ours may hold
// objects that a later version adds for information.
func TestMoreMayBeSigned(t *testing.T) {
	t.Parallel()
	objects := withoutTail(t, signedOrder(t, bergenOrder()))
	text := signedRaw(t, replaced(append(slices.Clone(objects), qr.Object{ID: 27, Value: "0008com.test"}), 26, objects[2].Value+"5001X")...)
	got, err := qr.ReadOrder(text, vectorKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bergenOrder(), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestScannersMayAddLineEnds(t *testing.T) {
	t.Parallel()
	text := "\ufeff" + lowerChecksum(signedOrder(t, bergenOrder())) + "\r\n"
	if _, err := qr.ReadOrder(text, vectorKeys(t)); err != nil {
		t.Error(err)
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text   string
		want   qr.Kind
		reason hansa.Reason
	}{
		"a store code":                    {signedStore(t, bergenSticker()), qr.KindStore, ""},
		"an order code":                   {signedOrder(t, bergenOrder()), qr.KindOrder, ""},
		"a payment code":                  {newPaymentCode(t, "700112", 1), qr.KindPayment, ""},
		"a payment code that is mistyped": {"700112100000000000000000", qr.KindPayment, ""},
		"a code of another scheme":        {sealed(plain), "", hansa.CodeUnknown},
		"a broken EMVCo code":             {plain, "", hansa.CodeInvalid},
		"24 digits of another network":    {"250112100000000000000000", "", hansa.CodeUnknown},
		"23 digits":                       {"70011210000000000000000", "", hansa.CodeUnknown},
		"a link":                          {"https://example.com/70011210", "", hansa.CodeUnknown},
		"nothing":                         {"", "", hansa.CodeUnknown},
		"a megabyte":                      {strings.Repeat("7", 1<<20), "", hansa.CodeUnknown},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := qr.Identify(c.text)
			if got != c.want {
				t.Errorf("kind %q, want %q", got, c.want)
			}
			if c.reason == "" && err != nil {
				t.Error(err)
			}
			if c.reason != "" {
				wantReason(t, err, c.reason)
			}
		})
	}
}

func TestACodeOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	_, err := qr.ReadStore(signedOrder(t, bergenOrder()), vectorKeys(t))
	wantReason(t, err, hansa.CodeInvalid)
	_, err = qr.ReadOrder(signedStore(t, bergenSticker()), vectorKeys(t))
	wantReason(t, err, hansa.CodeInvalid)
	_, err = qr.ReadOrder(newPaymentCode(t, "700112", 1), vectorKeys(t))
	wantReason(t, err, hansa.CodeInvalid)
	_, err = qr.ReadOrder(sealed(plain), vectorKeys(t))
	wantReason(t, err, hansa.CodeUnknown)
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

func FuzzReadOrder(f *testing.F) {
	f.Add(signedOrder(f, bergenOrder()))
	f.Add(signedStore(f, bergenSticker()))
	f.Add(sealed(plain))
	key, keys := vectorKey(f), vectorKeys(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, text := range []string{text, sealed(text)} {
			code, err := qr.ReadOrder(text, keys)
			if err != nil {
				if _, ok := hansa.ReasonOf(err); !ok {
					t.Errorf("%q: %v is a fault", text, err)
				}
				continue
			}
			again, err := qr.SignOrder(code, vectorKeyID, key)
			if err != nil || !strings.Contains(text, again[:len(again)-4]) {
				t.Errorf("%q was read, and signed again as %q, %v", text, again, err)
			}
		}
	})
}
