package sim

import (
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/money"
)

// rates are what the provider deals at, for ever. It takes no spread of its own,
// so that a person can work out what a payer pays from these and the spread of
// the corridor: 50 basis points, or 100 for Alipay.
func rates() []fx.StandingRate {
	var standing []fx.StandingRate
	for _, row := range []struct {
		base, quote money.Currency
		value       string
	}{
		{"EUR", "NOK", "11.50"},
		{"EUR", "DKK", "7.46"},
		{"EUR", "SEK", "11.20"},
		{"EUR", "ISK", "145.00"},
		{"EUR", "CNY", "8.2450"},
		{"CNY", "NOK", "1.3950"},
		{"CNY", "DKK", "0.9050"},
		{"CNY", "SEK", "1.3580"},
		{"CNY", "ISK", "17.60"},
		{"DKK", "NOK", "1.5410"},
		{"NOK", "SEK", "0.9740"},
		{"NOK", "ISK", "12.60"},
	} {
		standing = append(standing, fx.StandingRate{
			Provider: Provider, Rate: rate(row.base, row.quote, row.value), PublishedAt: Since(), NextPublication: forEver(),
		})
	}
	return standing
}

// references are what a central bank published on the first day of the world.
func references() []fx.Reference {
	var published []fx.Reference
	for _, row := range []struct {
		quote money.Currency
		value string
	}{
		{"CNY", "8.2510"},
		{"DKK", "7.4605"},
		{"ISK", "145.20"},
		{"NOK", "11.5120"},
		{"SEK", "11.2100"},
	} {
		published = append(published, fx.Reference{Source: "ecb", Rate: rate("EUR", row.quote, row.value), Date: Since()})
	}
	return published
}

func rate(base, quote money.Currency, value string) money.Rate {
	r, err := money.NewRate(base, quote, value)
	if err != nil {
		panic(err)
	}
	return r
}
