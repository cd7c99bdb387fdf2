package money

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
)

// A Currency is an alphabetic code of ISO 4217, such as "NOK". The zero value
// is no currency.
type Currency string

// A currency is a row of ISO 4217 list one.
type currency struct {
	code     Currency
	numeric  string
	exponent int
}

// ParseCurrency reads a current alphabetic code of ISO 4217 in upper case.
// It refuses UnknownCurrency.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(code)
	if !c.Known() {
		return "", unknownCurrency(code)
	}
	return c, nil
}

// CurrencyByNumeric returns the currency with the numeric code of ISO 4217,
// three digits such as "578" or "036". It refuses UnknownCurrency.
func CurrencyByNumeric(numeric string) (Currency, error) {
	for _, row := range currencies {
		if row.numeric == numeric {
			return row.code, nil
		}
	}
	return "", unknownCurrency(numeric)
}

// unknownCurrency refuses code, of which it repeats only what is short enough
// to be a mistyped code.
func unknownCurrency(code string) error {
	const codeLengthMax = 3
	if len(code) > codeLengthMax {
		return hansa.Refuse(hansa.UnknownCurrency, "a code has %d characters", codeLengthMax)
	}
	return hansa.Refuse(hansa.UnknownCurrency, "%q", code)
}

// Known reports whether c is a current currency of ISO 4217 with a minor unit.
func (c Currency) Known() bool {
	_, ok := c.row()
	return ok
}

// Exponent returns the number of decimals of the major unit: 2 for NOK, 0 for
// ISK, 3 for BHD. It panics if c is not Known.
func (c Currency) Exponent() int { return c.mustRow().exponent }

// Numeric returns the three digits of ISO 4217: "578" for NOK. It panics if c
// is not Known.
func (c Currency) Numeric() string { return c.mustRow().numeric }

// Currencies returns all known currencies, sorted by code.
func Currencies() []Currency {
	codes := make([]Currency, 0, len(currencies))
	for _, row := range currencies {
		codes = append(codes, row.code)
	}
	return codes
}

func (c Currency) row() (currency, bool) {
	i, ok := slices.BinarySearchFunc(currencies[:], c, func(row currency, code Currency) int {
		return strings.Compare(string(row.code), string(code))
	})
	if !ok {
		return currency{}, false
	}
	return currencies[i], true
}

func (c Currency) mustRow() currency {
	row, ok := c.row()
	if !ok {
		panic("money: " + string(c) + " is not a currency")
	}
	return row
}
