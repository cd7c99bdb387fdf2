package qr

import (
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Objects of the language template, 64.
const (
	idLanguage  ID = 0
	idLocalName ID = 1
	idLocalCity ID = 2
)

const (
	nameMax = 25 // characters of a name, in either language
	cityMax = 15 // characters of a city, in either language
)

// A Payee is what a code shows of the store, for wallets that cannot ask the
// network for more. Names are at most 25 characters and cities 15; Sign cuts
// what is longer.
type Payee struct {
	Name     string // as the store writes it
	City     string // as the store writes it
	Country  string // ISO 3166-1, two capitals
	Category string // merchant category code of ISO 18245, four digits

	// Language is the ISO 639-1 code, two small letters, of Name and City. It is
	// needed if either is not plain ASCII and shall be kept as it is; without it
	// the code carries the Latin form only, and so does the Payee that is read.
	Language string

	// LatinName and LatinCity are what every wallet can show: printable ASCII.
	// Where they are empty, Sign makes them by Latin, and refuses a text that
	// Latin cannot write. In a Payee that was read they are always set.
	LatinName string
	LatinCity string
}

// printed returns the payee as a code shows it: the Latin form made, everything
// cut to its length. A printed payee is printed as itself.
func (p Payee) printed() (Payee, error) {
	for _, text := range []string{p.Name, p.City, p.LatinName, p.LatinCity} {
		if err := checkText(text); err != nil {
			return Payee{}, err
		}
	}
	latinName, ok := latinOr(p.LatinName, p.Name)
	if !ok {
		return Payee{}, hansa.Refuse(hansa.CodeInvalid, "name: cannot be written in Latin letters, give a Latin name")
	}
	latinCity, ok := latinOr(p.LatinCity, p.City)
	if !ok {
		return Payee{}, hansa.Refuse(hansa.CodeInvalid, "city: cannot be written in Latin letters, give a Latin name of it")
	}
	p.LatinName, p.LatinCity = fit(latinName, nameMax), fit(latinCity, cityMax)
	if p.Language == "" || (printable(p.Name) && printable(p.City)) {
		p.Language, p.Name, p.City = "", p.LatinName, p.LatinCity
	}
	p.Name, p.City = fit(p.Name, nameMax), fit(p.City, cityMax)
	return p, p.check()
}

func latinOr(given, text string) (string, bool) {
	if given != "" {
		return given, printable(given)
	}
	return Latin(text)
}

// check refuses a payee that no code of ours shows.
func (p Payee) check() error {
	texts := []struct {
		what, text string
		max        int
	}{
		{"name", p.Name, nameMax},
		{"Latin name", p.LatinName, nameMax},
		{"city", p.City, cityMax},
		{"Latin city", p.LatinCity, cityMax},
	}
	for _, t := range texts {
		if n := utf8.RuneCountInString(t.text); n > t.max || strings.TrimSpace(t.text) == "" {
			return hansa.Refuse(hansa.CodeInvalid, "%s: %d characters, not 1 to %d, or only spaces", t.what, n, t.max)
		}
	}
	if !printable(p.LatinName) || !printable(p.LatinCity) {
		return hansa.Refuse(hansa.CodeInvalid, "objects 59 and 60 must be plain ASCII")
	}
	if !consistsOf(p.Country, capital, 2) {
		return hansa.Refuse(hansa.CodeInvalid, "country %q, not two capitals", shorten(p.Country))
	}
	if !consistsOf(p.Category, digit, 4) {
		return hansa.Refuse(hansa.CodeInvalid, "category %q, not four digits", shorten(p.Category))
	}
	if p.Language != "" && !consistsOf(p.Language, small, 2) {
		return hansa.Refuse(hansa.CodeInvalid, "language %q, not two small letters", shorten(p.Language))
	}
	return nil
}

// objects returns objects 58 to 64 of a printed payee. The template in the
// payee's language is there only if it says something new.
func (p Payee) objects() ([]Object, error) {
	objects := []Object{{IDCountry, p.Country}, {IDName, p.LatinName}, {IDCity, p.LatinCity}}
	if p.Language == "" {
		return objects, nil
	}
	local := []Object{{idLanguage, p.Language}, {idLocalName, p.Name}}
	if p.City != p.LatinCity {
		local = append(local, Object{idLocalCity, p.City})
	}
	value, err := EncodeTemplate(local...)
	if err != nil {
		return nil, within(IDLocalLanguage, err)
	}
	return append(objects, Object{IDLocalLanguage, value}), nil
}

// payeeOf reads the payee from a payload of ours.
func payeeOf(payload Payload) (Payee, error) {
	var payee Payee
	payee.Country, _ = payload.Value(IDCountry)
	payee.Category, _ = payload.Value(IDCategory)
	payee.LatinName, _ = payload.Value(IDName)
	payee.LatinCity, _ = payload.Value(IDCity)
	payee.Name, payee.City = payee.LatinName, payee.LatinCity
	if local, ok := payload.Value(IDLocalLanguage); ok {
		objects, err := ParseTemplate(local)
		if err != nil {
			return Payee{}, within(IDLocalLanguage, err)
		}
		payee.Language, _ = valueOf(objects, idLanguage)
		payee.Name, _ = valueOf(objects, idLocalName)
		if city, ok := valueOf(objects, idLocalCity); ok {
			payee.City = city
		}
	}
	return payee, payee.check()
}

// currencyOf reads object 53.
func currencyOf(payload Payload) (money.Currency, error) {
	numeric, _ := payload.Value(IDCurrency)
	currency, err := money.CurrencyByNumeric(numeric)
	if err != nil {
		return "", hansa.Refuse(hansa.CodeInvalid, "object 53 is %s, no currency in use", numeric)
	}
	return currency, nil
}
