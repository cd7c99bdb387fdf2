package qr

import (
	"strings"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
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

// objects returns those that show the payee: the category, and then the country and
// the names. It refuses with hansa.CodeInvalid text that must not be shown, or that
// cannot be written in Latin letters by rule.
func (p Payee) objects() (category mpm.Object, others []mpm.Object, err error) {
	objects, err := mpm.Merchant{
		Name: p.Name, City: p.City, Country: p.Country, Category: p.Category,
		Language: p.Language, LatinName: p.LatinName, LatinCity: p.LatinCity,
	}.Objects()
	if err != nil {
		return mpm.Object{}, nil, err
	}
	return objects[0], objects[1:], nil
}

// readPayee reads what a code of ours shows of its store.
func (c *claim) readPayee() Payee {
	read := c.code.Merchant()
	payee := Payee{
		Name: read.Name, City: read.City, Country: read.Country, Category: read.Category,
		Language: read.Language, LatinName: read.LatinName, LatinCity: read.LatinCity,
	}
	if payee.Language != "" && !consistsOf(payee.Language, small, 2) {
		c.refuse(reading.Format, placeOf(mpm.IDLocalLanguage, mpm.IDLanguage), "not the two small letters of a language")
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
