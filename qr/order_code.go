package qr

import (
	"crypto/ed25519"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
)

// An OrderCode is what a till shows for one order: dynamic, with the amount, paid
// once at most.
type OrderCode struct {
	Order     string       // the id of the order: 1 to 36 letters, digits, - and _
	Amount    money.Amount // what the order costs, at most 13 characters when written
	ExpiresAt time.Time    // whole seconds, UTC; fractions are cut off
	Payee
}

// OrderAhead is how far in the future an order code may expire. One that is good
// for longer was not made by a switch that keeps the rules.
const OrderAhead = 24 * time.Hour

// aheadTolerance is how much the clocks of a reader and a writer may differ.
const aheadTolerance = time.Minute

const amountTextMax = 13 // characters of an amount

// Expired reports whether the code's time is over at now. The second named by
// ExpiresAt is already over.
func (c OrderCode) Expired(now time.Time) bool { return !now.Before(c.ExpiresAt) }

// SignOrder returns the text of the code, signed with key. keyID tells readers
// which key that is: 1 to 20 letters, digits, - and _.
//
// It refuses with hansa.CodeInvalid a field that does not fit its object or must
// not be shown, with hansa.InvalidAmount an amount that cannot be paid or has
// more than 13 characters, and with hansa.UnknownCurrency a currency that is
// none. A key of the wrong length is a fault.
func SignOrder(code OrderCode, keyID string, key ed25519.PrivateKey) (string, error) {
	if err := code.Amount.Payable(); err != nil {
		return "", err
	}
	amount := code.Amount.Decimal()
	if len(amount) > amountTextMax {
		return "", hansa.Refuse(hansa.InvalidAmount, "%s has more than %d characters", code.Amount, amountTextMax)
	}
	own := []mpm.Object{
		{ID: mpm.IDScheme, Value: Scheme},
		{ID: idOrder, Value: code.Order},
		{ID: idExpiry, Value: code.ExpiresAt.UTC().Format(expiryLayout)},
		{ID: idKey, Value: keyID},
	}
	return face{initiation: dynamicCode, own: own, currency: code.Amount.Currency, amount: amount, payee: code.Payee}.sign(key)
}
