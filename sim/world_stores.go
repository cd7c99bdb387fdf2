package sim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/store"
)

// rangeLast is the last number of an acquirer's range of printed codes.
const rangeLast = 9_999_999_999

// A place is a store as a person would list it.
type place struct {
	id, merchant, name, city, country, category string
	currency                                    money.Currency
	acquirers                                   []string
	partner                                     string // that recruited it for the first acquirer
}

// places are the stores of the world, at least one in each country.
func places() []place {
	return slices.Concat(capitals(), bergen(), portfolios())
}

func capitals() []place {
	return []place{
		{"bergen-cafe", "bryggen", "Bryggen Kafe", "Bergen", "NO", "5812", "NOK", []string{"nets", "vipps"}, ""},
		{"oslo-sport", "fjellsport", "Fjellsport", "Oslo", "NO", "5941", "NOK", []string{"nets"}, "2paynow"},
		{"copenhagen-design", "stroget", "Strøget Design", "København", "DK", "5712", "DKK", []string{"nets"}, ""},
		{"stockholm-books", "gamla-stan", "Gamla Stans Bokhandel", "Stockholm", "SE", "5942", "SEK", []string{"nets"}, ""},
		{"helsinki-market", "kauppatori", "Kauppatorin Kala", "Helsinki", "FI", "5411", "EUR", []string{"nets", "epassi"}, ""},
		{"reykjavik-wool", "lopi", "Lopapeysa", "Reykjavík", "IS", "5651", "ISK", []string{"epassi"}, ""},
		{"vienna-coffee", "prater", "Kaffeehaus am Prater", "Wien", "AT", "5814", "EUR", []string{"bluecode"}, ""},
		{"berlin-museum", "spree", "Museumsladen", "Berlin", "DE", "5947", "EUR", []string{"bluecode"}, ""},
		{"ljubljana-honey", "medena", "Medena hiša", "Ljubljana", "SI", "5499", "EUR", []string{"bluecode"}, ""},
		{"barcelona-tapas", "rambla", "La Barra", "Barcelona", "ES", "5812", "EUR", []string{"momo"}, ""},
		{"lisbon-tiles", "azulejo", "Azulejos do Rossio", "Lisboa", "PT", "5971", "EUR", []string{"pagaqui"}, ""},
	}
}

// registry gives every store a terminal and a printed code for each of its
// contracts, the codes being the first of their acquirer's range.
func registry(places []place) (store.Registry, []store.CodeRange) {
	var registry store.Registry
	ranges := make([]store.CodeRange, 0, len(houses()))
	for i, house := range houses() {
		ranges = append(ranges, store.CodeRange{Acquirer: house.id, Prefix: fmt.Sprintf("%02d", i+1), Next: 1, Last: rangeLast})
	}
	for _, p := range places {
		registry.Merchants = append(registry.Merchants, merchant.Merchant{ID: p.merchant, Name: p.name, Country: p.country})
		shop := merchant.Store{
			ID: p.id, Merchant: p.merchant, Name: p.name, City: p.city, Country: p.country, Category: p.category, Currency: p.currency,
		}
		for i, acquirer := range p.acquirers {
			contract := merchant.Contract{Acquirer: acquirer, Branch: branchID(acquirer, p.country), From: Since()}
			if i == 0 {
				contract.Partner = p.partner
			}
			shop.Contracts = append(shop.Contracts, contract)
			registry.Terminals = append(registry.Terminals, merchant.Terminal{ID: Terminal(p.id, acquirer), Store: p.id, Acquirer: acquirer})
			registry.Codes = append(registry.Codes, merchant.IssuedCode{
				Code: next(ranges, acquirer), Store: p.id, Acquirer: acquirer, IssuedAt: Since(),
			})
		}
		registry.Stores = append(registry.Stores, shop)
	}
	return registry, ranges
}

// Terminal names the till of a store that speaks to the acquirer.
func Terminal(shop, acquirer string) string { return shop + "-" + acquirer }

func branchID(acquirer, country string) string { return acquirer + "." + strings.ToLower(country) }

// next takes the next code of the acquirer's range.
func next(ranges []store.CodeRange, acquirer string) string {
	for i := range ranges {
		if ranges[i].Acquirer == acquirer {
			code := ranges[i].Code()
			ranges[i].Next++
			return code
		}
	}
	panic("no range of codes for " + acquirer)
}
