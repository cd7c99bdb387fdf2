package qr_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/mpm"
)

// The key of the published vectors: its seed is the bytes 00 to 1f.
const (
	vectorSeed  = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	vectorKeyID = "test-2026"
)

func vectorKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	seed, err := hex.DecodeString(vectorSeed)
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.NewKeyFromSeed(seed)
}

// vectorNow is when the published vectors are judged.
var vectorNow = time.Date(2026, time.November, 22, 14, 25, 0, 0, time.UTC)

// keysOnly is the directory of a reader that knows the vectors' key and no more.
func keysOnly(t testing.TB) qr.Directory {
	t.Helper()
	public := vectorKey(t).Public().(ed25519.PublicKey)
	return qr.Directory{Key: func(id string) (qr.Key, bool) { return qr.Key{Public: public}, id == vectorKeyID }}
}

// verified judges a text that must be good.
func verified(t testing.TB, text string) qr.Judgement {
	t.Helper()
	judged := qr.Verify(text, keysOnly(t), vectorNow)
	if err := judged.Refusal(); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return judged
}

func bergenCafe() qr.Payee {
	return qr.Payee{
		Name: "Bergen Cafe", City: "Bergen", Country: "NO", Category: "5812",
		LatinName: "Bergen Cafe", LatinCity: "Bergen",
	}
}

func bergenSticker() qr.StoreCode {
	return qr.StoreCode{Code: "NO4F7K2M9QXR", Currency: "NOK", Payee: bergenCafe()}
}

func bergenOrder() qr.OrderCode {
	return qr.OrderCode{
		Order:     "ord_06fzk3m9h000000q2w8e4r6t1y5a7",
		Amount:    money.New(10000, "NOK"),
		ExpiresAt: time.Date(2026, time.November, 22, 14, 30, 5, 0, time.UTC),
		Payee:     bergenCafe(),
	}
}

func signedStore(t testing.TB, code qr.StoreCode) string {
	t.Helper()
	text, err := qr.SignStore(code, vectorKeyID, vectorKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func signedOrder(t testing.TB, code qr.OrderCode) string {
	t.Helper()
	text, err := qr.SignOrder(code, vectorKeyID, vectorKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func storeVectors() map[string]qr.StoreCode {
	tromso := bergenSticker()
	tromso.Code = "NO8H3T6W1BLA"
	tromso.Payee = qr.Payee{
		Name: "Kafé Blåbær", City: "Tromsø", Country: "NO", Category: "5812", Language: "no",
		LatinName: "Kafe Blabaer", LatinCity: "Tromso",
	}
	chinese := bergenSticker()
	chinese.Payee.Name, chinese.Payee.Language = "卑尔根咖啡馆", "zh"
	khmer := qr.StoreCode{Code: "KH2R5Y8U1NAR", Currency: "KHR", Payee: qr.Payee{
		Name: "ផ្សារនារី", City: "ភ្នំពេញ", Country: "KH", Category: "5411", Language: "km", LatinName: "Neary Market", LatinCity: "Phnom Penh",
	}}
	long := qr.StoreCode{Code: strings.Repeat("a", 36), Currency: "EUR", Payee: qr.Payee{
		Name: strings.Repeat("Ä", 25), City: strings.Repeat("Ö", 15), Country: "FI", Category: "5999", Language: "fi",
		LatinName: strings.Repeat("A", 25), LatinCity: strings.Repeat("O", 15),
	}}
	return map[string]qr.StoreCode{
		"store, plain ASCII":                      bergenSticker(),
		"store, Norwegian letters":                tromso,
		"store, Chinese name, city in Latin":      chinese,
		"store, every field as long as it may be": long,
		"store, Khmer letters in both":            khmer,
	}
}

func orderVectors() map[string]qr.OrderCode {
	krona, dinar, largest := bergenOrder(), bergenOrder(), bergenOrder()
	krona.Amount = money.New(500, "ISK")
	dinar.Amount = money.New(12345, "BHD")
	largest.Amount = money.New(999999999999, "EUR")
	return map[string]qr.OrderCode{
		"order, two decimals":                 bergenOrder(),
		"order, no decimals":                  krona,
		"order, three decimals":               dinar,
		"order, the largest amount that fits": largest,
	}
}

// golden compares got with a file of testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

var hiddenInFile = regexp.MustCompile(`[\p{Cf}\p{Zl}\p{Zp}\x{00a0}\x{0300}-\x{036f}\x{202f}\x{3000}\x{fe00}-\x{fe0f}\x{e0100}-\x{e01ef}]`)

func asJSON(t *testing.T, value any) []byte {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	// Characters of the vectors that a reader of the file would not see.
	return hiddenInFile.ReplaceAllFunc(text.Bytes(), func(char []byte) []byte {
		var escaped []byte
		for _, unit := range utf16.Encode([]rune(string(char))) {
			escaped = fmt.Appendf(escaped, `\u%04x`, unit)
		}
		return escaped
	})
}

// checksumBitwise is the checksum of the standard in its plainest form.
func checksumBitwise(text string) string {
	remainder := 0xffff
	for i := range len(text) {
		remainder ^= int(text[i]) << 8
		for range 8 {
			remainder <<= 1
			if remainder&0x10000 != 0 {
				remainder ^= 0x11021
			}
		}
	}
	return fmt.Sprintf("%04X", remainder)
}

// raw joins objects without a rule, for codes that mpm.Encode would not write.
func raw(objects ...mpm.Object) string {
	var text strings.Builder
	for _, object := range objects {
		fmt.Fprintf(&text, "%02d%02d%s", object.ID, len([]rune(object.Value)), object.Value)
	}
	return text.String()
}

// sealed appends the right checksum.
func sealed(text string) string {
	text += "6304"
	return text + checksumBitwise(text)
}

// signedRaw signs objects as docs/codes.md says, written apart from the package.
func signedRaw(t testing.TB, objects ...mpm.Object) string {
	t.Helper()
	return signedWith(vectorKey(t), raw(objects...))
}

// signedWith signs a text from its first object to the last before the signature.
func signedWith(key ed25519.PrivateKey, covered string) string {
	return sealed(covered + tailOf(ed25519.Sign(key, []byte("hansa code 1\n"+covered))))
}

// tailOf writes a signature as the last objects before the checksum.
func tailOf(signature []byte) string {
	text := base64.RawURLEncoding.EncodeToString(signature)
	return "80600009org.hansa0143" + text[:43] + "81600009org.hansa0143" + text[43:]
}

// coveredBy returns what the signature at the end of a text covers.
func coveredBy(text string) string { return text[:len(text)-136] }

// tailAt returns the signature at the end of a text, without the checksum.
func tailAt(text string) string { return text[len(text)-136 : len(text)-8] }

// objectsOf returns the objects that the signature of a text covers.
func objectsOf(text string) []mpm.Object {
	return slices.Collect(mpm.All(coveredBy(text)))
}

// replaced returns objects with another value for one id.
func replaced(objects []mpm.Object, id mpm.ID, value string) []mpm.Object {
	out := slices.Clone(objects)
	for i := range out {
		if out[i].ID == id {
			out[i].Value = value
		}
	}
	return out
}

// without returns objects without the one with that id.
func without(objects []mpm.Object, id mpm.ID) []mpm.Object {
	return slices.DeleteFunc(slices.Clone(objects), func(o mpm.Object) bool { return o.ID == id })
}

func lowerChecksum(text string) string {
	return text[:len(text)-4] + strings.ToLower(text[len(text)-4:])
}

func wantReason(t *testing.T, err error, want hansa.Reason) {
	t.Helper()
	if got, ok := hansa.ReasonOf(err); !ok || got != want {
		t.Errorf("got %v, want a refusal %s", err, want)
	}
}
