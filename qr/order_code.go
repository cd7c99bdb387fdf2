package qr

import (
	"crypto/ed25519"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// An OrderCode is what a till shows for one order: dynamic, with the amount, paid
// once at most.
type OrderCode struct {
	Order     string       // the id of the order: 1 to 36 letters, digits, - and _
	Amount    money.Amount // what the order costs, at most 13 characters when written
	ExpiresAt time.Time    // whole seconds, UTC; fractions are cut off
	Payee
}

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
	expiry := code.ExpiresAt.UTC().Format(expiryLayout)
	if _, err := expiryOf(expiry); err != nil {
		return "", err
	}
	own, err := EncodeTemplate(Object{idScheme, Scheme}, Object{idOrder, code.Order}, Object{idExpiry, expiry}, Object{idKey, keyID})
	if err != nil {
		return "", within(ownTemplate, err)
	}
	face := face{initiation: dynamicCode, own: own, currency: code.Amount.Currency, amount: amount, payee: code.Payee}
	return face.sign(key)
}

// ReadOrder reads a scanned order code and believes it only if it is signed with
// the key that it names. The outcome is what was signed, to the letter. Whether
// its time is over is for the caller to ask: see Expired.
//
// It refuses with hansa.CodeUnknown what is no code of ours, with
// hansa.UnknownKey a key that keys does not return, and with hansa.CodeInvalid
// everything else: broken, of another kind, unsigned or altered.
func ReadOrder(text string, keys Keys) (OrderCode, error) {
	claim, err := readClaim(text, KindOrder)
	if err != nil {
		return OrderCode{}, err
	}
	if err := claim.verify(keys); err != nil {
		return OrderCode{}, err
	}
	return claim.orderCode()
}

func (c claim) orderCode() (OrderCode, error) {
	currency, err := currencyOf(c.payload)
	if err != nil {
		return OrderCode{}, err
	}
	text, _ := c.payload.Value(IDAmount)
	amount, err := money.ParseDecimal(text, currency)
	if err != nil || amount.Payable() != nil || amount.Decimal() != text {
		return OrderCode{}, hansa.Refuse(hansa.CodeInvalid, "object 54 is %q, not an amount of %s with all its decimals", text, currency)
	}
	expiresAt, err := expiryOf(c.expiry)
	if err != nil {
		return OrderCode{}, err
	}
	payee, err := payeeOf(c.payload)
	if err != nil {
		return OrderCode{}, err
	}
	return OrderCode{Order: c.reference, Amount: amount, ExpiresAt: expiresAt, Payee: payee}, nil
}

// expiryOf reads fourteen digits: year, month, day, hour, minute and second, UTC.
func expiryOf(text string) (time.Time, error) {
	expiresAt, err := time.Parse(expiryLayout, text)
	if err != nil || expiresAt.Year() < 2000 || !consistsOf(text, digit, len(expiryLayout)) {
		return time.Time{}, hansa.Refuse(hansa.CodeInvalid, "expiry %q, not fourteen digits of a time after 2000", shorten(text))
	}
	return expiresAt, nil
}
