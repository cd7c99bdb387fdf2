package qr

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
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
	// Where they are empty, Sign makes them by shown.Latin, and refuses a text that
	// it cannot write. In a Payee that was read they are always set.
	LatinName string
	LatinCity string
}

// printed returns the payee as a code shows it: the Latin form made, everything
// cut to its length. A printed payee is printed as itself.
func (p Payee) printed() (Payee, error) {
	for _, text := range []string{p.Name, p.City, p.LatinName, p.LatinCity} {
		// Also what is cut off below was meant to be shown.
		for _, finding := range shown.Check(text, "") {
			if finding.Severity == reading.Error {
				return Payee{}, hansa.Refuse(hansa.CodeInvalid, "a name or city: %s", finding.Detail)
			}
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
	p.LatinName, p.LatinCity = shown.Fit(latinName, nameMax), shown.Fit(latinCity, cityMax)
	if p.Language == "" || (shown.Printable(p.Name) && shown.Printable(p.City)) {
		p.Language, p.Name, p.City = "", p.LatinName, p.LatinCity
	}
	p.Name, p.City = shown.Fit(p.Name, nameMax), shown.Fit(p.City, cityMax)
	return p, nil
}

func latinOr(given, text string) (string, bool) {
	if given != "" {
		return given, shown.Printable(given)
	}
	return shown.Latin(text)
}

// objects returns objects 58 to 64 of a printed payee. The template in the
// payee's language is there only if it says something new.
func (p Payee) objects() []mpm.Object {
	objects := []mpm.Object{
		{ID: mpm.IDCountry, Value: p.Country}, {ID: mpm.IDName, Value: p.LatinName}, {ID: mpm.IDCity, Value: p.LatinCity},
	}
	if p.Language == "" {
		return objects
	}
	local := []mpm.Object{{ID: mpm.IDLanguage, Value: p.Language}, {ID: mpm.IDLocalName, Value: p.Name}}
	if p.City != p.LatinCity {
		local = append(local, mpm.Object{ID: mpm.IDLocalCity, Value: p.City})
	}
	return append(objects, mpm.Object{ID: mpm.IDLocalLanguage, Template: local})
}

// readPayee reads what a code of ours shows of its store.
func (c *claim) readPayee() Payee {
	var payee Payee
	payee.Country, _ = c.code.Value(mpm.IDCountry)
	payee.Category, _ = c.code.Value(mpm.IDCategory)
	payee.LatinName, _ = c.code.Value(mpm.IDName)
	payee.LatinCity, _ = c.code.Value(mpm.IDCity)
	payee.Name, payee.City = payee.LatinName, payee.LatinCity
	if local, ok := c.code.Value(mpm.IDLocalLanguage); ok {
		payee.Language, _ = mpm.Inside(local, mpm.IDLanguage)
		payee.Name, _ = mpm.Inside(local, mpm.IDLocalName)
		if city, ok := mpm.Inside(local, mpm.IDLocalCity); ok {
			payee.City = city
		}
		if !consistsOf(payee.Language, small, 2) {
			c.refuse(reading.Format, placeOf(mpm.IDLocalLanguage, mpm.IDLanguage), "not the two small letters of a language")
		}
	}
	for _, text := range shownOf(payee) {
		if strings.TrimSpace(text.value) == "" {
			c.refuse(reading.Empty, text.place, "only spaces")
		}
	}
	return payee
}

// A shownText is one that a wallet may show of the payee.
type shownText struct {
	place  reading.Place
	value  string
	max    int // characters that are printed of it
	isName bool
}

// shownOf lists the texts in which a code shows its payee.
func shownOf(payee Payee) []shownText {
	texts := []shownText{
		{placeOf(mpm.IDName), payee.LatinName, nameMax, true},
		{placeOf(mpm.IDCity), payee.LatinCity, cityMax, false},
	}
	if payee.Language == "" {
		return texts
	}
	texts = append(texts, shownText{placeOf(mpm.IDLocalLanguage, mpm.IDLocalName), payee.Name, nameMax, true})
	if payee.City == payee.LatinCity {
		return texts
	}
	return append(texts, shownText{placeOf(mpm.IDLocalLanguage, mpm.IDLocalCity), payee.City, cityMax, false})
}
