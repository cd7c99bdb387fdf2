package sim_test

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func TestTheWorldIsWhole(t *testing.T) {
	t.Parallel()
	world := sim.World()
	directory, err := member.NewDirectory(world.Listing.Listing)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(world.Listing.Corridors); n != 7*10 {
		t.Errorf("%d corridors", n)
	}
	if first := world.Registry.Stores[0]; first.ID != "bergen-cafe" || first.Name != "Bryggen Kafe" {
		t.Errorf("the first store is %v", first)
	}
	for _, market := range sim.Markets() {
		if !slices.ContainsFunc(world.Registry.Stores, func(s merchant.Store) bool { return s.Country == market }) {
			t.Errorf("no store in %s", market)
		}
	}
	for _, corridor := range world.Listing.Corridors {
		for _, mode := range []member.Mode{member.ConsumerPresented, member.Static, member.Dynamic} {
			if _, err := directory.Corridor(corridor.Wallet, corridor.Market, mode, "5812", noon); err != nil {
				t.Error(err)
			}
		}
	}
	for _, terms := range sim.WalletTerms() {
		wallet, err := directory.Participant(terms.ID)
		if err != nil || wallet.MayStart(member.Wallet) != nil {
			t.Errorf("%s: %v", terms.ID, err)
		}
		if _, err := qr.NewPaymentCode(wallet.Wallet.Issuers[0], qr.Issued, hansa.Chance{}); err != nil {
			t.Errorf("%s: %v", terms.ID, err)
		}
	}
}

// TestEveryWalletHasAPriceInEveryStore also holds each store to its contracts,
// terminals and printed codes.
func TestEveryWalletHasAPriceInEveryStore(t *testing.T) {
	t.Parallel()
	world := sim.World()
	board, err := fx.NewBoard(world.Listing.Rates, world.Listing.References)
	if err != nil {
		t.Fatal(err)
	}
	directory, err := member.NewDirectory(world.Listing.Listing)
	if err != nil {
		t.Fatal(err)
	}
	for _, shop := range world.Registry.Stores {
		for _, contract := range shop.Contracts {
			acquirer, err := directory.Participant(contract.Acquirer)
			if err != nil {
				t.Fatal(err)
			}
			branch, ok := acquirer.BranchIn(shop.Country)
			if !ok || branch.ID != contract.Branch {
				t.Errorf("%s: %s has branch %q, not %q", shop.ID, acquirer.ID, branch.ID, contract.Branch)
			}
			if !slices.Contains(world.Registry.Terminals, merchant.Terminal{ID: sim.Terminal(shop.ID, acquirer.ID), Store: shop.ID, Acquirer: acquirer.ID}) {
				t.Errorf("%s has no terminal of %s", shop.ID, acquirer.ID)
			}
			if !slices.ContainsFunc(world.Registry.Codes, func(c merchant.IssuedCode) bool { return c.Store == shop.ID && c.Acquirer == acquirer.ID }) {
				t.Errorf("%s has no printed code of %s", shop.ID, acquirer.ID)
			}
			for _, terms := range sim.WalletTerms() {
				legs := fx.Legs{
					Order:         money.New(10000, shop.Currency),
					DebitCurrency: terms.Debits, WalletCurrency: terms.Settles, AcquirerCurrency: branch.Currency,
				}
				if _, err := board.Price(sim.Provider, legs, 50, noon); err != nil {
					t.Errorf("%s at %s: %v", terms.ID, shop.ID, err)
				}
			}
		}
	}
}

// TestAPriceByHand is worked out on paper: 100 kroner at 1.3950 × 0.99 kroner a
// yuan, and at 11.50 × 0.99 kroner a euro.
func TestAPriceByHand(t *testing.T) {
	t.Parallel()
	world := sim.World()
	board, err := fx.NewBoard(world.Listing.Rates, world.Listing.References)
	if err != nil {
		t.Fatal(err)
	}
	legs := fx.Legs{Order: money.New(100_00, "NOK"), DebitCurrency: "CNY", WalletCurrency: "EUR", AcquirerCurrency: "NOK"}
	terms, err := board.Price(sim.Provider, legs, 100, noon)
	if err != nil {
		t.Fatal(err)
	}
	if terms.Debit != money.New(72_41, "CNY") || terms.WalletSettlement != money.New(8_78, "EUR") {
		t.Errorf("debit %s, settlement %s", terms.Debit, terms.WalletSettlement)
	}
}

func TestCodesAreUniqueAndFromTheirRange(t *testing.T) {
	t.Parallel()
	world := sim.World()
	seen := make(map[string]bool)
	for _, code := range world.Registry.Codes {
		if seen[code.Code] {
			t.Errorf("code %s twice", code.Code)
		}
		seen[code.Code] = true
		text, err := qr.SignStore(qr.StoreCode{Code: code.Code, Currency: "NOK", Payee: qr.Payee{
			Name: "A", City: "B", Country: "NO", Category: "5812",
		}}, "hansa-1", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
		if err != nil || text == "" {
			t.Errorf("code %s: %v", code.Code, err)
		}
	}
	for _, allotted := range world.Ranges {
		if allotted.Next < 2 || allotted.Last < allotted.Next {
			t.Errorf("range %v", allotted)
		}
	}
}

func TestAParticipantJoins(t *testing.T) {
	t.Parallel()
	world := sim.World()
	key := member.Key{ID: "vipps#1", Public: make(ed25519.PublicKey, ed25519.PublicKeySize), NotBefore: sim.Since()}
	joined := world.Joined("vipps", sim.Access{Keys: []member.Key{key}, Endpoint: "http://127.0.0.1:1", Webhook: "http://127.0.0.1:1/webhook"})
	directory, err := member.NewDirectory(joined.Listing.Listing)
	if err != nil {
		t.Fatal(err)
	}
	if _, participant, ok := directory.Key("vipps#1", noon); !ok || participant != "vipps" {
		t.Errorf("key of %q", participant)
	}
	for _, participant := range world.Listing.Participants {
		if participant.Endpoint != "" || len(participant.Keys) != 0 {
			t.Errorf("%s joined the first setup", participant.ID)
		}
	}
}

// storesOf are the ids of the stores that have a contract of this kind.
func storesOf(has func(merchant.Store, merchant.Contract) bool) []string {
	var ids []string
	for _, shop := range sim.World().Registry.Stores {
		if slices.ContainsFunc(shop.Contracts, func(c merchant.Contract) bool { return has(shop, c) }) {
			ids = append(ids, shop.ID)
		}
	}
	return ids
}

// TestWhoServesWhom: Nets in four countries, Vipps thirty units in Bergen,
// 2paynow a portfolio under Nets, MOMO several merchants, APay Nordic nobody.
func TestWhoServesWhom(t *testing.T) {
	t.Parallel()
	directory, err := member.NewDirectory(sim.World().Listing.Listing)
	if err != nil {
		t.Fatal(err)
	}
	nets, err := directory.Participant("nets")
	if err != nil {
		t.Fatal(err)
	}
	var branches []string
	for _, branch := range nets.Branches {
		branches = append(branches, fmt.Sprint(branch.ID, " ", branch.Currency))
	}
	if diff := cmp.Diff([]string{"nets.dk DKK", "nets.no NOK", "nets.se SEK", "nets.fi EUR"}, branches); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	units := storesOf(func(s merchant.Store, c merchant.Contract) bool { return s.City == "Bergen" && c.Acquirer == "vipps" })
	if len(units) != 30 {
		t.Errorf("%d sale units in Bergen", len(units))
	}
	portfolio := storesOf(func(_ merchant.Store, c merchant.Contract) bool {
		return c.Partner == "2paynow" && c.Acquirer == "nets"
	})
	if diff := cmp.Diff([]string{"oslo-sport", "oslo-watches"}, portfolio); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if small := storesOf(func(_ merchant.Store, c merchant.Contract) bool { return c.Acquirer == "momo" }); len(small) != 4 {
		t.Errorf("MOMO collects for %q", small)
	}
	if none := storesOf(func(_ merchant.Store, c merchant.Contract) bool {
		return c.Partner == "apaynordic" || c.Acquirer == "apaynordic"
	}); none != nil {
		t.Errorf("APay Nordic serves %q", none)
	}
	apay, err := directory.Participant("apaynordic")
	if err != nil || apay.MayStart(member.SalesPartner) != nil || apay.MayStart(member.Acquirer) == nil || len(apay.Branches) > 0 || apay.Wallet.Debits != "" {
		t.Errorf("%+v, %v", apay, err)
	}
}
