package qr

import (
	"crypto/ed25519"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A face is everything that a code of ours shows, in the order of its objects.
type face struct {
	initiation string
	own        string // the value of our template
	currency   money.Currency
	amount     string // empty on a store code
	payee      Payee
}

// sign returns the text of the code with that face, after reading it back.
func (f face) sign(key ed25519.PrivateKey) (string, error) {
	if !f.currency.Known() {
		return "", hansa.Refuse(hansa.UnknownCurrency, "%q", string(f.currency))
	}
	payee, err := f.payee.printed()
	if err != nil {
		return "", err
	}
	shown, err := payee.objects()
	if err != nil {
		return "", err
	}
	objects := []Object{
		{IDPayloadFormat, formatVersion},
		{IDInitiation, f.initiation},
		{ownTemplate, f.own},
		{IDCategory, payee.Category},
		{IDCurrency, f.currency.Numeric()},
	}
	if f.amount != "" {
		objects = append(objects, Object{IDAmount, f.amount})
	}
	text, err := sign(append(objects, shown...), key)
	if err != nil {
		return "", err
	}
	_, err = Identify(text)
	return text, err
}
