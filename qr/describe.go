package qr

import (
	"strconv"
	"time"
)

// A Field is one thing that a code says.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Description is everything that a code of ours says, in a fixed order.
type Description struct {
	Kind   Kind    `json:"kind"`
	Fields []Field `json:"fields"`
}

// Describe returns what a scanned code of ours says, for people and tools. It
// checks the form but no signature: what it returns is a claim, and only
// ReadStore and ReadOrder tell whether it may be believed.
//
// It refuses as Identify does, and as the Read function of that kind does for
// everything but the signature.
func Describe(text string) (Description, error) {
	kind, err := Identify(text)
	if err != nil {
		return Description{}, err
	}
	var fields []Field
	switch kind {
	case KindPayment:
		fields, err = describePayment(text)
	case KindStore:
		fields, err = describeStore(text)
	case KindOrder:
		fields, err = describeOrder(text)
	}
	if err != nil {
		return Description{}, err
	}
	return Description{Kind: kind, Fields: fields}, nil
}

func describePayment(text string) ([]Field, error) {
	code, err := ParsePaymentCode(text)
	if err != nil {
		return nil, err
	}
	return []Field{
		{"code", code.Text},
		{"issuer", code.Issuer},
		{"type", strconv.Itoa(int(code.Type))},
	}, nil
}

func describeStore(text string) ([]Field, error) {
	claim, err := readClaim(text, KindStore)
	if err != nil {
		return nil, err
	}
	code, err := claim.storeCode()
	if err != nil {
		return nil, err
	}
	fields := []Field{{"code", code.Code}, {"currency", string(code.Currency)}}
	return append(append(fields, code.fields()...), Field{"key", claim.keyID}), nil
}

func describeOrder(text string) ([]Field, error) {
	claim, err := readClaim(text, KindOrder)
	if err != nil {
		return nil, err
	}
	code, err := claim.orderCode()
	if err != nil {
		return nil, err
	}
	fields := []Field{
		{"order", code.Order},
		{"amount", code.Amount.Decimal()},
		{"currency", string(code.Amount.Currency)},
		{"expires_at", code.ExpiresAt.Format(time.RFC3339)},
	}
	return append(append(fields, code.fields()...), Field{"key", claim.keyID}), nil
}

// fields lists the payee. The Latin forms follow only if they differ.
func (p Payee) fields() []Field {
	fields := []Field{{"name", p.Name}, {"city", p.City}, {"country", p.Country}, {"category", p.Category}}
	if p.Language == "" {
		return fields
	}
	return append(fields, Field{"language", p.Language}, Field{"latin_name", p.LatinName}, Field{"latin_city", p.LatinCity})
}
