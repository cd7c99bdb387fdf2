package qr

import (
	"crypto/ed25519"
	"fmt"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// A face is everything that a code of ours shows, in the order of its objects.
type face struct {
	initiation string
	own        []mpm.Object // in our template
	currency   money.Currency
	amount     string // empty on a store code
	payee      Payee
}

// sign returns the text of the code with that face, after reading it back: what
// another reader would find fault with, if only a warning, is not written.
func (f face) sign(key ed25519.PrivateKey) (string, error) {
	if !f.currency.Known() {
		return "", hansa.Refuse(hansa.UnknownCurrency, "%q", string(f.currency))
	}
	category, others, err := f.payee.objects()
	if err != nil {
		return "", err
	}
	objects := []mpm.Object{
		{ID: mpm.IDPayloadFormat, Value: payloadFormat},
		{ID: mpm.IDInitiation, Value: f.initiation},
		{ID: ownTemplate, Template: f.own},
		category,
		{ID: mpm.IDCurrency, Value: f.currency.Numeric()},
	}
	if f.amount != "" {
		objects = append(objects, mpm.Object{ID: mpm.IDAmount, Value: f.amount})
	}
	text, err := sign(append(objects, others...), key)
	if err != nil {
		return "", err
	}
	c, ok := readClaim(text)
	if !ok {
		panic(fmt.Sprintf("qr: wrote %q, which is no code of ours", text))
	}
	for _, finding := range c.findings {
		if finding.Severity != reading.Note {
			return "", hansa.Refuse(hansa.CodeInvalid, "object %s: %s", finding.Place, finding.Detail)
		}
	}
	return text, nil
}
