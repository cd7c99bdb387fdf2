package qr_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/shown"
)

// A listing is testdata/directory.json: what a reader of the vectors knows.
type listing struct {
	Now          time.Time         `json:"now"` // when the vectors are judged
	Keys         []listedKey       `json:"keys"`
	StoreCodes   []listedStoreCode `json:"store_codes"`
	AlwaysSigned []listedAccount   `json:"always_signed"`
}

type listedKey struct {
	ID        string    `json:"id"`
	Public    string    `json:"public_key"` // in hex
	Issuer    string    `json:"issuer"`
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
}

type listedStoreCode struct {
	Code      string         `json:"code"`
	Issuer    string         `json:"issuer"`
	Names     []string       `json:"names"`
	Cities    []string       `json:"cities"`
	Country   string         `json:"country"`
	Currency  money.Currency `json:"currency"`
	Withdrawn bool           `json:"withdrawn,omitempty"`
}

type listedAccount struct {
	Kind    string `json:"kind"`
	Account string `json:"account"`
}

// keyOf makes the private key of a name.
func keyOf(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("a key for tests: " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func hexOf(key ed25519.PrivateKey) string {
	return hex.EncodeToString(key.Public().(ed25519.PublicKey))
}

// theListing is what testdata/directory.json holds.
func theListing(t testing.TB) listing {
	t.Helper()
	day := func(year int) time.Time { return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC) }
	return listing{
		Now: vectorNow,
		Keys: []listedKey{
			{ID: vectorKeyID, Public: hexOf(vectorKey(t)), Issuer: "nets", NotBefore: day(2026), NotAfter: day(2030)},
			{ID: "vipps-1", Public: hexOf(keyOf("vipps-1")), Issuer: "vipps"},
			{ID: "early-1", Public: hexOf(keyOf("early-1")), Issuer: "nets", NotBefore: day(2027)},
			{ID: "late-1", Public: hexOf(keyOf("late-1")), Issuer: "nets", NotAfter: day(2026)},
			{ID: "leaked-1", Public: hexOf(keyOf("leaked-1")), Issuer: "nets", Withdrawn: true},
			// The neutral point: any S and R = S·B make a signature that holds.
			{ID: "weak-1", Public: "01" + strings.Repeat("00", 31), Issuer: "nets"},
			{ID: "weak-2", Public: "ec" + strings.Repeat("ff", 31), Issuer: "nets"}, // with the other sign of x
			{ID: "weak-4", Public: strings.Repeat("00", 32), Issuer: "nets"},
			{ID: "weak-8", Public: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", Issuer: "nets"},
			{ID: "weak-8b", Public: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", Issuer: "nets"},
			{ID: "large-y", Public: "f1" + strings.Repeat("ff", 30) + "7f", Issuer: "nets"}, // y = 4, the prime added
			{ID: "no-point", Public: "02" + strings.Repeat("00", 31), Issuer: "nets"},
		},
		StoreCodes: []listedStoreCode{
			{Code: "NO4F7K2M9QXR", Issuer: "nets", Names: []string{"Bergen Cafe", "卑尔根咖啡馆"}, Cities: []string{"Bergen"}, Country: "NO", Currency: "NOK"},
			{Code: "NO8H3T6W1BLA", Issuer: "nets", Names: []string{"Kafé Blåbær"}, Cities: []string{"Tromsø"}, Country: "NO", Currency: "NOK"},
			{Code: "NO2MILK4OSLO", Issuer: "nets", Names: []string{"Oslo Milk Bar"}, Cities: []string{"Oslo"}, Country: "NO", Currency: "NOK"},
			{Code: "NO6V1PP5BRYG", Issuer: "vipps", Names: []string{"Bryggen Kafe"}, Cities: []string{"Bergen"}, Country: "NO", Currency: "NOK"},
			{Code: "NO9STOLEN123", Issuer: "nets", Names: []string{"Bergen Cafe"}, Cities: []string{"Bergen"}, Country: "NO", Currency: "NOK", Withdrawn: true},
			{Code: "KH2R5Y8U1NAR", Issuer: "nets", Names: []string{"ផ្សារនារី", "Neary Market"}, Cities: []string{"ភ្នំពេញ", "Phnom Penh"}, Country: "KH", Currency: "KHR"},
			{Code: "FR3OEUF7DOR1", Issuer: "nets", Names: []string{"L’Œuf d’Or – Brasserie du Vieux Port"}, Cities: []string{"Saint-Jean-de-Luz"}, Country: "FR", Currency: "EUR"},
			{Code: "NP5HIMALAYA1", Issuer: "nets", Names: []string{"हिमालय चिया तथा कफी पसलपोखरी"}, Cities: []string{"पोखरा", "Pokhara"}, Country: "NP", Currency: "NPR"},
			{Code: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Issuer: "nets", Names: []string{"ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"}, Cities: []string{"ÖÖÖÖÖÖÖÖÖÖÖÖÖÖÖ"}, Country: "FI", Currency: "EUR"},
		},
		AlwaysSigned: []listedAccount{
			{Kind: "mpm/pix", Account: "cafe@bergen.example"},
			{Kind: "epc069-12", Account: "DE89370400440532013000"},
			{Kind: "url/vipps/merchant", Account: "123456"},
		},
	}
}

// loadedDirectory is the directory of testdata/directory.json.
func loadedDirectory(t testing.TB) qr.Directory {
	t.Helper()
	text, err := os.ReadFile("testdata/directory.json")
	if err != nil {
		t.Fatal(err)
	}
	var listed listing
	if err := json.Unmarshal(text, &listed); err != nil {
		t.Fatal(err)
	}
	var names []string
	registrations := make(map[string]qr.Registration)
	for _, r := range listed.StoreCodes {
		names = append(names, r.Names...)
		registrations[r.Code] = qr.Registration{
			Issuer: r.Issuer, Names: r.Names, Cities: r.Cities, Country: r.Country, Currency: r.Currency, Withdrawn: r.Withdrawn,
		}
	}
	keys := make(map[string]qr.Key)
	for _, k := range listed.Keys {
		public, err := hex.DecodeString(k.Public)
		if err != nil {
			t.Fatal(err)
		}
		keys[k.ID] = qr.Key{Public: public, Issuer: k.Issuer, NotBefore: k.NotBefore, NotAfter: k.NotAfter, Withdrawn: k.Withdrawn}
	}
	return qr.Directory{
		Key:          func(id string) (qr.Key, bool) { key, ok := keys[id]; return key, ok },
		Registration: func(code string) (qr.Registration, bool) { r, ok := registrations[code]; return r, ok },
		Resembling: func(name string) []string {
			return slices.DeleteFunc(slices.Clone(names), func(one string) bool { return !printsLike(one, name) })
		},
		AlwaysSigned: func(kind, account string) bool {
			return slices.ContainsFunc(listed.AlwaysSigned, func(one listedAccount) bool {
				return one.Kind == kind && strings.ToUpper(one.Account) == account
			})
		},
	}
}

// printsLike reports whether people may take a text of a code for a registered name,
// in full or as a code prints it.
func printsLike(registered, text string) bool {
	latin, _ := shown.Latin(registered)
	return slices.ContainsFunc([]string{registered, shown.Fit(registered, 25), shown.Fit(latin, 25)}, func(one string) bool {
		return one != "" && shown.LookAlike(one, text)
	})
}

func TestTheListingIsWritten(t *testing.T) {
	t.Parallel()
	golden(t, "directory.json", asJSON(t, theListing(t)))
}
