package mpm

import (
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
)

const (
	amountMax     = 13 // characters of an amount
	percentageMax = 5  // characters of a percentage
)

// What object 55 may say.
const (
	tipPrompted   = "01"
	tipFixed      = "02"
	tipPercentage = "03"
)

// A decimal is value × 10^-scale, and 0 <= scale. Zeros at the end of the
// fraction are not kept.
type decimal struct {
	value int64
	scale int
}

// parseDecimal reads digits with at most one point among or behind them: "98.73",
// "98" and "98." but not ".5", "98,73" or "1e3". What is longer than an amount may
// be is refused.
func parseDecimal(text string) (decimal, bool) {
	if len(text) > amountMax || text == "" || text[0] == '.' {
		return decimal{}, false
	}
	var number decimal
	pointed := false
	for n := range len(text) {
		switch char := text[n]; {
		case char >= '0' && char <= '9':
			number.value = number.value*10 + int64(char-'0')
			if pointed {
				number.scale++
			}
		case char == '.' && !pointed:
			pointed = true
		default:
			return decimal{}, false
		}
	}
	for number.scale > 0 && number.value%10 == 0 {
		number.value /= 10
		number.scale--
	}
	return number, true
}

// scaledTo returns number × 10^exponent, if that is a whole number. An amount has
// at most 13 digits and a currency at most 4 decimals, so that it always fits.
func (d decimal) scaledTo(exponent int) (int64, bool) {
	if d.scale > exponent {
		return 0, false
	}
	value := d.value
	for range exponent - d.scale {
		value *= 10
	}
	return value, true
}

// decimalsIn returns how many characters of text stand behind its point.
func decimalsIn(text string) int {
	for n := range len(text) {
		if text[n] == '.' {
			return len(text) - n - 1
		}
	}
	return 0
}

// currencyRow is what is needed of a currency, found by its number without a search.
type currencyRow struct {
	currency money.Currency
	exponent int
}

// currencyRows are the currencies of ISO 4217 in the order of their codes, behind
// an empty row; currencyByNumber says which row belongs to a number, 0 to 999.
var (
	currencyRows     = listCurrencies()
	currencyByNumber = func() (rows [1000]uint8) {
		for n, row := range currencyRows[1:] {
			number, _ := parseDecimal(row.currency.Numeric())
			rows[number.value] = uint8(n + 1)
		}
		return rows
	}()
)

func listCurrencies() []currencyRow {
	rows := []currencyRow{{}}
	for _, currency := range money.Currencies() {
		rows = append(rows, currencyRow{currency, currency.Exponent()})
	}
	return rows
}

// currencyOf returns the currency with the number of three digits in object 53.
func currencyOf(numeric string) (currencyRow, bool) {
	if !isNumber(numeric, 3) {
		return currencyRow{}, false
	}
	number := int(numeric[0]-'0')*100 + int(numeric[1]-'0')*10 + int(numeric[2]-'0')
	row := currencyByNumber[number]
	return currencyRows[row], row != 0
}

func (i *inspection) inspectCurrency(value string, at place) {
	if _, ok := currencyOf(value); !ok && isNumber(value, 3) {
		i.report(reading.UnknownCurrency, at, reading.Warning, "%s is no currency in use", value)
	}
}

// inspectAmount applies the rules of objects 54 and 56.
func (i *inspection) inspectAmount(value string, at place) {
	number, ok := parseDecimal(value)
	if !ok {
		i.report(reading.AmountFormat, at, reading.Error, "%q is not an amount of at most %d characters", shorten(value), amountMax)
		return
	}
	if number.value == 0 {
		i.report(reading.AmountZero, at, reading.Error, "an amount of nothing")
		return
	}
	numeric, _ := i.value(IDCurrency)
	row, ok := currencyOf(numeric)
	if !ok {
		return
	}
	if _, fits := number.scaledTo(row.exponent); !fits {
		i.report(reading.AmountScale, at, reading.Error, "%s has %d decimals", row.currency, row.exponent)
		return
	}
	if decimalsIn(value) > row.exponent {
		i.report(reading.AmountScale, at, reading.Warning, "%s has %d decimals; the others here are zeros", row.currency, row.exponent)
	}
}

// inspectTipIndicator asks for the fee that object 55 announces.
func (i *inspection) inspectTipIndicator(value string, at place) {
	var fee ID
	switch value {
	case tipPrompted:
		return
	case tipFixed:
		fee = IDFixedFee
	case tipPercentage:
		fee = IDPercentageFee
	default:
		if isNumber(value, 2) {
			i.report(reading.Reserved, at, reading.Error, "object 55 is %s, not 01, 02 or 03", value)
		}
		return
	}
	if i.first[fee] == 0 {
		i.report(reading.Missing, root.inside(fee), reading.Error, "object 55 is %s, but object %02d is not there", value, fee)
	}
}

// inspectFixedFee refuses a fee that object 55 does not announce: the payer's
// total must not depend on which of them a wallet looks at.
func (i *inspection) inspectFixedFee(value string, at place) {
	if indicator, _ := i.value(IDTipIndicator); indicator != tipFixed {
		i.report(reading.Contradiction, at, reading.Error, "a fixed fee, but object 55 is not 02")
	}
	i.inspectAmount(value, at)
}

func (i *inspection) inspectPercentageFee(value string, at place) {
	if indicator, _ := i.value(IDTipIndicator); indicator != tipPercentage {
		i.report(reading.Contradiction, at, reading.Error, "a percentage fee, but object 55 is not 03")
	}
	if _, ok := parsePercentage(value); !ok {
		i.report(reading.Format, at, reading.Error, "%q is not 00.01 to 99.99", shorten(value))
	}
}

// parsePercentage returns object 57 in hundredths of a percent, 1 to 9999.
func parsePercentage(text string) (int64, bool) {
	const decimals, below = 2, 100_00
	number, ok := parseDecimal(text)
	if !ok || len(text) > percentageMax || decimalsIn(text) > decimals {
		return 0, false
	}
	hundredths, _ := number.scaledTo(decimals)
	return hundredths, hundredths > 0 && hundredths < below
}
