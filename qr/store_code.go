package qr

import (
	"crypto/ed25519"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
)

// A StoreCode is the sticker of a store: static, read by any number of payers who
// type the amount themselves.
type StoreCode struct {
	Code     string         // the id under which the code was issued: 1 to 36 letters, digits, - and _
	Currency money.Currency // in which the store is paid
	Payee
}

// SignStore returns the text of the code, signed with key. keyID tells readers
// which key that is: 1 to 20 letters, digits, - and _.
//
// It refuses with hansa.CodeInvalid a field that does not fit its object or must
// not be shown, and with hansa.UnknownCurrency a currency that is none. A key of
// the wrong length is a fault.
func SignStore(code StoreCode, keyID string, key ed25519.PrivateKey) (string, error) {
	own := []mpm.Object{{ID: mpm.IDScheme, Value: Scheme}, {ID: idStoreCode, Value: code.Code}, {ID: idKey, Value: keyID}}
	return face{initiation: staticCode, own: own, currency: code.Currency, payee: code.Payee}.sign(key)
}
