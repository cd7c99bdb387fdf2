package merchant_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/merchant"
)

const (
	merchantLine = `{"type":"merchant","id":"bryggen","name":"Bryggen","country":"NO"}`
	storeLine    = `{"type":"store","id":"cafe","merchant":"bryggen","name":"Bryggen Kafé","city":"Bergen","country":"NO",` +
		`"category":"5814","currency":"NOK","contracts":[{"acquirer":"nets","branch":"nets.no","from":"2026-01-01T00:00:00Z"}]}`
	terminalLine = `{"type":"terminal","id":"till-1","store":"cafe","acquirer":"nets"}`
	codeLine     = `{"type":"code","code":"010000000001","store":"cafe","acquirer":"nets","issued_at":"2026-01-02T00:00:00Z"}`
)

func TestRegistryIsRead(t *testing.T) {
	t.Parallel()
	file := strings.Join([]string{merchantLine, "", storeLine, "  " + terminalLine + "\r", codeLine}, "\n")
	got, rows, err := merchant.ReadRegistry(strings.NewReader(file))
	if err != nil || rows != nil {
		t.Fatal(rows, err)
	}
	want := merchant.Registry{
		Merchants: []merchant.Merchant{{ID: "bryggen", Name: "Bryggen", Country: "NO"}},
		Stores: []merchant.Store{{
			ID: "cafe", Merchant: "bryggen", Name: "Bryggen Kafé", City: "Bergen", Country: "NO", Category: "5814", Currency: "NOK",
			Contracts: []merchant.Contract{{Acquirer: "nets", Branch: "nets.no", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}},
		}},
		Terminals: []merchant.Terminal{{ID: "till-1", Store: "cafe", Acquirer: "nets"}},
		Codes:     []merchant.IssuedCode{{Code: "010000000001", Store: "cafe", Acquirer: "nets", IssuedAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestRowsAreRefusedOneByOne plants one bad row between good ones.
func TestRowsAreRefusedOneByOne(t *testing.T) {
	t.Parallel()
	swap := func(line, old, other string) string {
		if !strings.Contains(line, old) {
			panic(old)
		}
		return strings.Replace(line, old, other, 1)
	}
	for _, c := range []struct {
		name, row, detail string
		want              hansa.Reason
	}{
		{"no JSON", `{"type":"store"`, "unexpected EOF", hansa.Malformed},
		{"a list", `[1]`, "cannot unmarshal", hansa.Malformed},
		{"two objects", merchantLine + merchantLine, "more than one object", hansa.Malformed},
		{"broken UTF-8", swap(merchantLine, "Bryggen", "\xff"), "UTF-8", hansa.Malformed},
		{"no type", `{"id":"x"}`, `not ""`, hansa.Malformed},
		{"a type that comes last", `{"id":"bryggen","name":"Bryggen","country":"NO","type":"merchant"}`, "before", hansa.AlreadyExists},
		{"a type in other letters", swap(merchantLine, `"merchant"`, `"mer\u0063hant"`), "before", hansa.AlreadyExists},
		{"another type", swap(merchantLine, `"merchant"`, `"shop"`), `not "shop"`, hansa.Malformed},
		{"an unknown member", swap(merchantLine, `"country"`, `"land":"NO","country"`), `unknown field "land"`, hansa.Malformed},
		{"a member of another type", swap(terminalLine, `"store"`, `"currency":"NOK","store"`), `unknown field "currency"`, hansa.Malformed},
		{"an unknown member of a contract", swap(storeLine, `"branch"`, `"fee":1,"branch"`), `unknown field "fee"`, hansa.Malformed},
		{"a number for a name", swap(merchantLine, `"Bryggen"`, `7`), "number", hansa.Malformed},
		{"no id", swap(merchantLine, `"id":"bryggen",`, ""), "id:", hansa.Malformed},
		{"a slash in an id", swap(storeLine, `"cafe"`, `"ca/fe"`), "id:", hansa.Malformed},
		{"a long id", swap(terminalLine, "till-1", strings.Repeat("x", 65)), "id:", hansa.Malformed},
		{"no merchant", swap(storeLine, `"merchant":"bryggen",`, ""), "merchant:", hansa.Malformed},
		{"no name", swap(storeLine, "Bryggen Kafé", ""), "name:", hansa.InvalidName},
		{"a line feed in a name", swap(storeLine, "Kafé", `\n`), "name:", hansa.InvalidName},
		{"a turned direction", swap(storeLine, "Kafé", "\u202eéfak"), "name:", hansa.InvalidName},
		{"a long city", swap(storeLine, "Bergen", strings.Repeat("ø", 101)), "city:", hansa.InvalidName},
		{"a country of three letters", swap(merchantLine, `"NO"`, `"NOR"`), "country:", hansa.Malformed},
		{"a country in small letters", swap(storeLine, `"NO"`, `"no"`), "country:", hansa.Malformed},
		{"a category of three digits", swap(storeLine, "5814", "581"), "category:", hansa.Malformed},
		{"no such currency", swap(storeLine, `"NOK"`, `"NKR"`), "NKR", hansa.UnknownCurrency},
		{"no contract", swap(storeLine, storeLine[strings.Index(storeLine, `[{`):], "[]}"), "contract", hansa.Malformed},
		{"a contract without a branch", swap(storeLine, `"branch":"nets.no",`, ""), "branch:", hansa.Malformed},
		{"a date that is none", swap(storeLine, "2026-01-01", "2026-01-32"), "parsing time", hansa.Malformed},
		{"a terminal of no acquirer", swap(terminalLine, `,"acquirer":"nets"`, ""), "acquirer:", hansa.Malformed},
		{"a code without a date", swap(codeLine, `,"issued_at":"2026-01-02T00:00:00Z"`, ""), "issued_at", hansa.Malformed},
		{"a merchant again", merchantLine, "bryggen", hansa.AlreadyExists},
		{"a store again", swap(storeLine, "Kafé", "Bar"), "cafe", hansa.AlreadyExists},
		{"a code again, for another store", swap(codeLine, `"cafe"`, `"bar"`), "010000000001", hansa.AlreadyExists},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := strings.Join([]string{merchantLine, storeLine, codeLine, c.row, terminalLine}, "\n")
			registry, rows, err := merchant.ReadRegistry(strings.NewReader(file))
			if err != nil || len(rows) != 1 || rows[0].Line != 4 {
				t.Fatalf("got %v, %v; want one refusal of line 4", rows, err)
			}
			if reason, _ := hansa.ReasonOf(rows[0]); reason != c.want || !strings.Contains(rows[0].Error(), c.detail) {
				t.Errorf("got %v; want %s with %q", rows[0], c.want, c.detail)
			}
			if len(registry.Merchants) != 1 || len(registry.Stores) != 1 || len(registry.Codes) != 1 || len(registry.Terminals) != 1 {
				t.Errorf("the other rows were not all read: %+v", registry)
			}
		})
	}
}

// TestReadingEndsAtItsLimits gives a file that is wrong throughout, one with an
// endless row, and one that cannot be read to its end.
func TestReadingEndsAtItsLimits(t *testing.T) {
	t.Parallel()
	_, rows, err := merchant.ReadRegistry(strings.NewReader(strings.Repeat("{}\n", 1000)))
	if err != nil || len(rows) != 100 || rows[99].Line != 100 {
		t.Errorf("got %d refusals, %v; want the first 100", len(rows), err)
	}
	registry, rows, err := merchant.ReadRegistry(strings.NewReader(merchantLine + "\n" + strings.Repeat("x", 1<<20)))
	if err != nil || len(registry.Merchants) != 1 || len(rows) != 1 || rows[0].Line != 2 {
		t.Fatalf("got %d merchants, %v, %v; want one and a refusal of line 2", len(registry.Merchants), rows, err)
	}
	if reason, _ := hansa.ReasonOf(rows[0]); reason != hansa.TooLarge {
		t.Errorf("got %v, want %s", rows[0], hansa.TooLarge)
	}
	broken := errors.New("the disk is gone")
	_, _, err = merchant.ReadRegistry(io.MultiReader(strings.NewReader(merchantLine+"\n"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want the fault of line 2", err)
	}
}

// manyStores is a file of n stores.
func manyStores(n int) []byte {
	var file bytes.Buffer
	for i := range n {
		fmt.Fprintln(&file, strings.Replace(storeLine, `"id":"cafe"`, fmt.Sprintf(`"id":"store-%06d"`, i), 1))
	}
	return file.Bytes()
}

// TestAllStoresOfTheNetworkAreRead reads as many stores as the network had when
// its wallets joined.
func TestAllStoresOfTheNetworkAreRead(t *testing.T) {
	t.Parallel()
	const stores = 190_000
	registry, rows, err := merchant.ReadRegistry(bytes.NewReader(manyStores(stores)))
	if err != nil || rows != nil || len(registry.Stores) != stores {
		t.Errorf("read %d stores, %v, %v", len(registry.Stores), rows, err)
	}
}

func BenchmarkReadRegistry(b *testing.B) {
	file := manyStores(1000)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, rows, err := merchant.ReadRegistry(bytes.NewReader(file)); err != nil || rows != nil {
			b.Fatal(rows, err)
		}
	}
}

// FuzzReadRegistry looks for a file that breaks the reader, or that gives a row
// which would be refused when read again.
func FuzzReadRegistry(f *testing.F) {
	f.Add([]byte(strings.Join([]string{merchantLine, storeLine, terminalLine, codeLine}, "\n")))
	f.Add([]byte(`{"type":"store"}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		registry, rows, err := merchant.ReadRegistry(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if _, ok := hansa.ReasonOf(row); !ok {
				t.Fatalf("%v is no refusal", row)
			}
		}
		for _, s := range registry.Stores {
			if s.ID == "" || s.Name == "" || !s.Currency.Known() || len(s.Contracts) == 0 {
				t.Fatalf("%+v was let in", s)
			}
		}
	})
}
