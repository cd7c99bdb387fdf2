package qr

import (
	"crypto/ed25519"

	"github.com/hansa-network/hansa/money"
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
	own, err := EncodeTemplate(Object{idScheme, Scheme}, Object{idStoreCode, code.Code}, Object{idKey, keyID})
	if err != nil {
		return "", within(ownTemplate, err)
	}
	face := face{initiation: staticCode, own: own, currency: code.Currency, payee: code.Payee}
	return face.sign(key)
}

// ReadStore reads a scanned store code and believes it only if it is signed with
// the key that it names. The outcome is what was signed, to the letter.
//
// It refuses with hansa.CodeUnknown what is no code of ours, with
// hansa.UnknownKey a key that keys does not return, and with hansa.CodeInvalid
// everything else: broken, of another kind, unsigned or altered.
func ReadStore(text string, keys Keys) (StoreCode, error) {
	claim, err := readClaim(text, KindStore)
	if err != nil {
		return StoreCode{}, err
	}
	if err := claim.verify(keys); err != nil {
		return StoreCode{}, err
	}
	return claim.storeCode()
}

func (c claim) storeCode() (StoreCode, error) {
	currency, err := currencyOf(c.payload)
	if err != nil {
		return StoreCode{}, err
	}
	payee, err := payeeOf(c.payload)
	if err != nil {
		return StoreCode{}, err
	}
	return StoreCode{Code: c.reference, Currency: currency, Payee: payee}, nil
}
