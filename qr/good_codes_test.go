package qr_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A vector is one code of testdata/codes.json, with all that it says.
type vector struct {
	Name             string          `json:"name"`
	Text             string          `json:"text"`
	WithoutDirectory bool            `json:"without_directory,omitempty"` // read and not judged
	Kind             string          `json:"kind"`
	Warnings         []warning       `json:"warnings,omitempty"`
	Fields           []reading.Field `json:"fields,omitempty"` // of codes of ours
}

// A warning is one that every reader gives.
type warning struct {
	Finding reading.Code  `json:"finding"`
	Place   reading.Place `json:"place"`
}

func TestVectors(t *testing.T) {
	t.Parallel()
	directory := loadedDirectory(t)
	vectors := slices.Concat(writtenCodes(t), sharedCodes(t), shownCodes(t), unverifiedCodes(t), paymentCodes(t), foreignCodes())
	for i := range vectors {
		v := &vectors[i]
		read := qr.Read(v.Text)
		if !v.WithoutDirectory {
			read = qr.Verify(v.Text, directory, vectorNow).Reading
		}
		if !read.Valid {
			t.Errorf("%s: %+v", v.Name, read.Findings)
		}
		var warnings []warning
		for _, finding := range read.Findings {
			switch finding.Code { //nolint:exhaustive // What a reader says besides is its own.
			case reading.NameDiffers, reading.MixedScripts, reading.SignatureUnverified:
				warnings = append(warnings, warning{finding.Code, finding.Place})
			}
		}
		if diff := cmp.Diff(v.Warnings, warnings); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.Name, diff)
		}
		if v.Kind == "" {
			v.Kind, v.Fields = read.Kind, read.Fields
		}
		if v.Kind != read.Kind {
			t.Errorf("%s: a code of %s, want %s", v.Name, read.Kind, v.Kind)
		}
	}
	golden(t, "codes.json", asJSON(t, struct {
		KeySeed string   `json:"key_seed"`
		KeyID   string   `json:"key_id"`
		Codes   []vector `json:"codes"`
	}{vectorSeed, vectorKeyID, vectors}))
}

// writtenCodes are as this package writes them.
func writtenCodes(t *testing.T) []vector {
	t.Helper()
	var vectors []vector
	stores, orders := storeVectors(), orderVectors()
	for _, name := range slices.Sorted(maps.Keys(stores)) {
		vectors = append(vectors, vector{Name: name, Text: signedStore(t, stores[name])})
	}
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		vectors = append(vectors, vector{Name: name, Text: signedOrder(t, orders[name])})
	}
	return vectors
}

// oddButGood are codes that we would not write and believe all the same. A sticker
// may carry templates of other schemes beside ours, ours may stand in any of 26 to
// 51, and it may hold objects that a later version adds for information.
func oddButGood(t *testing.T) map[string]string {
	t.Helper()
	objects := objectsOf(signedOrder(t, bergenOrder()))
	other := mpm.Object{ID: 26, Value: "0008com.test0104M001"}
	own := objects[2]
	own.ID = 51
	shared := append([]mpm.Object{objects[0], objects[1], other, own}, objects[3:]...)
	shared = append(shared, mpm.Object{ID: 62, Value: "0506INV-42"}, mpm.Object{ID: 82, Value: "0008com.test0104M001"})
	with := func(id mpm.ID, value string) string {
		return signedRaw(t, append(slices.Clone(objects), mpm.Object{ID: id, Value: value})...)
	}
	return map[string]string{
		"also of another scheme":                    signedRaw(t, shared...),
		"with something that is no object":          with(82, "0f8c"),
		"with cards":                                with(4, "5499123412345678"),
		"with something else in a template":         with(62, "5005hello0506INV-42"),
		"with an object kept for later":             with(65, "later"),
		"with an object twice where it is not ours": with(82, "0008com.test0101A0101B"),
		"with a template in a template":             with(62, "50160008com.test0100"),
		"with our name in capitals":                 signedRaw(t, replaced(objects, 26, strings.Replace(own.Value, "org.hansa", "Org.HANSA", 1))...),
		"with more for information":                 signedRaw(t, replaced(objects, 26, objects[2].Value+"5001X")...),
		"with a checksum in small letters":          lowerChecksum(withLetters(t)),
		"as scanned, with a line end behind it":     "\ufeff" + signedOrder(t, bergenOrder()) + " \r\n",
	}
}

// withLetters is the code of bergenOrder with letters in its checksum.
func withLetters(t *testing.T) string {
	t.Helper()
	objects := objectsOf(signedOrder(t, bergenOrder()))
	for digit := '0'; digit <= '9'; digit++ {
		text := signedRaw(t, append(slices.Clone(objects), mpm.Object{ID: 61, Value: string(digit)})...)
		if strings.ContainsAny(text[len(text)-4:], "ABCDEF") {
			return text
		}
	}
	t.Fatal("no checksum has a letter")
	return ""
}

func sharedCodes(t *testing.T) []vector {
	t.Helper()
	var vectors []vector
	odd := oddButGood(t)
	for _, name := range slices.Sorted(maps.Keys(odd)) {
		vectors = append(vectors, vector{Name: "order, " + name, Text: odd[name]})
	}
	return vectors
}

// shownCodes show names that are not registered as they stand, or hold characters
// that are not seen and have work to do.
func shownCodes(t *testing.T) []vector {
	t.Helper()
	sticker := func(code, name, city, country string, currency money.Currency, language, latinName, latinCity string) string {
		return signedStore(t, qr.StoreCode{Code: code, Currency: currency, Payee: qr.Payee{
			Name: name, City: city, Country: country, Category: "5812", Language: language, LatinName: latinName, LatinCity: latinCity,
		}})
	}
	bergen := func(name, city string) string { return sticker("NO4F7K2M9QXR", name, city, "NO", "NOK", "no", "", "") }
	mixed := func(code []mpm.Object, local string) string {
		return signedRaw(t, append(slices.Clone(code), mpm.Object{ID: 64, Value: "0002no" + raw(mpm.Object{ID: 1, Value: local})})...)
	}
	order := func(language, local string) string {
		code := bergenOrder()
		code.Payee.Name, code.Language = local, language
		if language == "" {
			code.LatinName = local
		}
		return signedOrder(t, code)
	}
	store, orders := objectsOf(signedStore(t, bergenSticker())), objectsOf(signedOrder(t, bergenOrder()))
	return []vector{
		{Name: "store, name in another case", Text: bergen("BERGEN cafe", "bergen")},
		{Name: "store, another name", Text: bergen("Bryggen Bar", "Bergen"), Warnings: []warning{{reading.NameDiffers, "59"}}},
		{Name: "store, another city", Text: bergen("Bergen Cafe", "Fyllingsdalen"), Warnings: []warning{{reading.NameDiffers, "60"}}},
		{Name: "store, local name with an accent", Text: bergen("Bergen Café", "Bergen"), Warnings: []warning{{reading.NameDiffers, "64.01"}}},
		{
			Name: "store, local name of two scripts", Text: mixed(store, "Bжергеn"),
			Warnings: []warning{{reading.MixedScripts, "64.01"}, {reading.NameDiffers, "64.01"}},
		},
		{Name: "order, local name of two scripts", Text: mixed(orders, "Smaк 24"), Warnings: []warning{{reading.MixedScripts, "64.01"}}},
		{Name: "order, local name of two scripts, but not in one word", Text: mixed(orders, "Кафе-Bergen")},
		{Name: "order, Latin form of a registered name", Text: order("", "Kafe Blabaer")},
		{Name: "store, cut and in plain signs", Text: sticker("FR3OEUF7DOR1", "L’Œuf d’Or – Brasserie du Vieux Port", "Saint-Jean-de-Luz", "FR", "EUR", "", "", "")},
		{Name: "store, cut", Text: sticker("FR3OEUF7DOR1", "L’Œuf d’Or – Brasserie du Vieux Port", "Saint-Jean-de-Luz", "FR", "EUR", "fr", "", "")},
		{
			Name:     "store, cut before a letter whose mark has no room",
			Text:     sticker("NP5HIMALAYA1", "हिमालय चिया तथा कफी पसलपोखरी", "पोखरा", "NP", "NPR", "ne", "Himalaya Tea", "Pokhara"),
			Warnings: []warning{{reading.NameDiffers, "59"}},
		},
		{Name: "order, a joiner in Sinhala", Text: order("si", "ශ්\u200dරී ලංකා")},
		{Name: "order, a joiner at the end in Malayalam", Text: order("ml", "ന്\u200d")},
		{Name: "order, a non-joiner in Persian", Text: order("fa", "می\u200cخواهم")},
		{Name: "order, emoji of several parts", Text: order("no", "👩🏽\u200d❤\ufe0f\u200d👨🏽 🙂\u200d↔\ufe0f")},
		{Name: "order, a keycap", Text: order("no", "7\ufe0f\u20e3 Kafé‼\ufe0f")},
		{Name: "order, a form of a Chinese character", Text: order("ja", "葛\U000e0100城")},
	}
}

// unverifiedCodes are judged by nothing but their form.
func unverifiedCodes(t *testing.T) []vector {
	t.Helper()
	over, milk := bergenOrder(), bergenSticker()
	over.ExpiresAt = vectorNow.AddDate(-1, 0, 0)
	milk.Payee.Name, milk.LatinName = "Oslo Milk Bar", ""
	unverified := []warning{{reading.SignatureUnverified, "80"}}
	return []vector{
		{Name: "store, without keys", Text: signedStore(t, bergenSticker()), WithoutDirectory: true, Warnings: unverified},
		{Name: "store of any name, without keys", Text: signedStore(t, milk), WithoutDirectory: true, Warnings: unverified},
		{Name: "order whose time is over, without keys", Text: signedOrder(t, over), WithoutDirectory: true, Warnings: unverified},
	}
}

func paymentCodes(t *testing.T) []vector {
	t.Helper()
	var vectors []vector
	for _, issuer := range []string{"700000", "700112", "709999"} {
		vectors = append(vectors, vector{Name: "payment, issuer " + issuer, Text: newPaymentCode(t, issuer, 1)})
	}
	return append(vectors,
		vector{Name: "payment, in groups", Text: "7001 1213 3433 7376 3657 1868"},
		vector{Name: "payment, in groups with spaces that do not break", Text: "7001\u00a01213\u202f3433\u00a07376\u00a03657\u00a01868"},
		vector{Name: "payment, as scanned", Text: "\ufeff\t700112133433737636571868 \r\n"},
	)
}

// foreignCodes are good codes of other schemes, of payees who do not always sign.
func foreignCodes() []vector {
	return []vector{
		{Name: "Pix", Kind: "mpm/pix", Text: sealed("00020101021126420014br.gov.bcb.pix0120kiosk@bergen.example" +
			"5204581253039865802BR5912Bergen Kiosk6006Bergen62070503***")},
		{Name: "EMVCo, of a scheme that nobody knows", Kind: "mpm/emvco", Text: sealed("00020101021126200008com.test0104M001" +
			"5204581253035785802NO5911Bergen Cafe6006Bergen")},
		{Name: "a European transfer", Kind: "epc069-12", Text: "BCD\n002\n1\nSCT\n\nBergen Kiosk\nDE02120300000000202051\nEUR12.50\n\n\nkaffe"},
		{Name: "a link", Kind: "url/vipps/merchant", Text: "https://qr.vipps.no/28/2/05/031/654321"},
	}
}

// A listedCurrency is one row of testdata/currencies.json.
type listedCurrency struct {
	Code     money.Currency `json:"code"`
	Number   string         `json:"number"`
	Decimals int            `json:"decimals"`
}

// TestCurrenciesAreListed publishes which currencies a code may name.
func TestCurrenciesAreListed(t *testing.T) {
	t.Parallel()
	var listed []listedCurrency
	for _, currency := range money.Currencies() {
		listed = append(listed, listedCurrency{currency, currency.Numeric(), currency.Exponent()})
	}
	golden(t, "currencies.json", asJSON(t, listed))
}
