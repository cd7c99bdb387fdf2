package link

import (
	"strconv"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
)

// readAmount reads the amount that the link asks for. Nothing, or a zero, is what
// codes in the field say where the payer enters the amount.
func (r *reader) readAmount(known parameter, value string) {
	r.checkKey(known.key)
	amount, ok := r.amountOf(known, value)
	if ok {
		r.code.amount = amount
	}
}

// amountOf reads an amount and says what is wrong with it.
func (r *reader) amountOf(known parameter, value string) (money.Amount, bool) {
	place := reading.Place(known.key)
	amount, err := parseAmount(known, value)
	switch reason, _ := hansa.ReasonOf(err); {
	case reason == hansa.InvalidScale:
		r.found(reading.AmountScale, place, reading.Error, "more decimals than %s has", known.in)
	case err != nil:
		r.found(reading.AmountFormat, place, reading.Error, "not an amount")
	case amount.IsZero():
		r.found(reading.AmountZero, place, reading.Warning, "an amount of nothing: the payer enters it")
	case amount.Payable() != nil:
		r.found(reading.AmountFormat, place, reading.Error, "an amount that nobody can pay")
	default:
		return amount, true
	}
	return money.Amount{}, false
}

// parseAmount reads an amount in the unit of its parameter.
// It refuses as money.ParseDecimal does.
func parseAmount(known parameter, value string) (money.Amount, error) {
	if known.unit == major {
		return money.ParseDecimal(value, known.in)
	}
	whole, err := strconv.ParseUint(value, 10, 63)
	if err != nil || strconv.FormatUint(whole, 10) != value {
		return money.Amount{}, hansa.Refuse(hansa.InvalidAmount, "not a whole number")
	}
	return money.New(int64(whole), known.in), nil
}
