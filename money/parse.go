package money

import (
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
)

// decimalLengthMax bounds what is looked at: no number that fits is longer.
const decimalLengthMax = 40

// ParseAmount reads an amount in major units and its currency, with one space
// between them: "100.00 NOK", "100 NOK", "-0.05 EUR", "500 ISK".
// It refuses InvalidAmount, InvalidScale and UnknownCurrency.
func ParseAmount(text string) (Amount, error) {
	decimal, code, ok := strings.Cut(text, " ")
	if !ok {
		return Amount{}, hansa.Refuse(hansa.InvalidAmount, "an amount looks like 100.00 NOK")
	}
	c, err := ParseCurrency(code)
	if err != nil {
		return Amount{}, err
	}
	return ParseDecimal(decimal, c)
}

// ParseDecimal reads an amount of c in major units: "100.00", "100", "-0.05".
// Fewer decimals than the currency has are allowed; signs other than a minus,
// leading zeros, separators and exponents are not.
// It refuses InvalidAmount, InvalidScale for more decimals than the currency
// has (were they zeros), and UnknownCurrency.
func ParseDecimal(decimal string, c Currency) (Amount, error) {
	if _, err := ParseCurrency(string(c)); err != nil {
		return Amount{}, err
	}
	unsigned, negative := strings.CutPrefix(decimal, "-")
	whole, fraction, ok := splitDecimal(unsigned)
	if !ok {
		return Amount{}, hansa.Refuse(hansa.InvalidAmount, "not a decimal number")
	}
	missing := c.Exponent() - len(fraction)
	if missing < 0 {
		return Amount{}, hansa.Refuse(hansa.InvalidScale, "%s has %d decimals", c, c.Exponent())
	}
	value, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", missing), 10, 64)
	if err != nil {
		return Amount{}, hansa.Refuse(hansa.InvalidAmount, "too large")
	}
	if !negative {
		return New(value, c), nil
	}
	if value == 0 {
		return Amount{}, hansa.Refuse(hansa.InvalidAmount, "minus zero")
	}
	return New(-value, c), nil
}

// splitDecimal splits an unsigned decimal number at its point. The whole part
// has at least one digit and no needless leading zero; the fraction is empty
// if there is no point and has at least one digit if there is one.
func splitDecimal(text string) (whole, fraction string, ok bool) {
	if len(text) > decimalLengthMax {
		return "", "", false
	}
	whole, fraction, pointed := strings.Cut(text, ".")
	if !isDigits(whole) || pointed && !isDigits(fraction) {
		return "", "", false
	}
	if len(whole) > 1 && whole[0] == '0' {
		return "", "", false
	}
	return whole, fraction, true
}

// isDigits reports whether text is one or more of the digits 0 to 9.
func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
