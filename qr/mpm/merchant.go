package mpm

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/shown"
)

// A Merchant is what a code shows of its payee, in objects 52, 58 to 61 and 64.
type Merchant struct {
	Name       string // as the merchant writes it
	City       string // as the merchant writes it
	Country    string // ISO 3166-1, two capitals
	Category   string // merchant category code of ISO 18245, four digits
	PostalCode string // optional

	// Language is the ISO 639-1 code, two letters, of Name and City. It is needed if
	// either is not plain ASCII and shall be kept as it is; without it a code carries
	// the Latin form only.
	Language string

	// LatinName and LatinCity are what every wallet can show: printable ASCII. Where
	// they are empty, Objects makes them by shown.Latin. In a Merchant that was read
	// they are what stood in objects 59 and 60.
	LatinName string
	LatinCity string
}

// Printed returns the merchant as a code shows it: the Latin form made, names cut to
// 25 characters and cities to 15. A printed merchant is printed as itself.
//
// It refuses with hansa.CodeInvalid text that must not be shown, that is empty, or
// that cannot be written in Latin letters by rule.
func (m Merchant) Printed() (Merchant, error) {
	var err error
	m.Name, m.LatinName, err = printed("name", m.Name, m.LatinName, nameMax)
	if err != nil {
		return Merchant{}, err
	}
	m.City, m.LatinCity, err = printed("city", m.City, m.LatinCity, cityMax)
	if err != nil {
		return Merchant{}, err
	}
	if m.Language == "" || shown.Printable(m.Name) && shown.Printable(m.City) {
		m.Language, m.Name, m.City = "", m.LatinName, m.LatinCity
	}
	return m, nil
}

// printed returns a text and its Latin form, both cut to lengthMax characters.
func printed(what, text, latin string, lengthMax int) (_, _ string, err error) {
	for _, t := range []string{text, latin} {
		// What is cut off below was meant to be shown, too.
		for _, finding := range shown.Check(t, "") {
			return "", "", hansa.Refuse(hansa.CodeInvalid, "%s: %s", what, finding.Detail)
		}
	}
	if latin == "" {
		latin, _ = shown.Latin(text)
	}
	if !shown.Printable(latin) {
		return "", "", hansa.Refuse(hansa.CodeInvalid, "%s: cannot be written in Latin letters by rule, give its Latin form", what)
	}
	text, latin = shown.Fit(text, lengthMax), shown.Fit(latin, lengthMax)
	if strings.TrimSpace(text) == "" || strings.TrimSpace(latin) == "" {
		return "", "", hansa.Refuse(hansa.CodeInvalid, "%s: empty", what)
	}
	return text, latin, nil
}

// Objects returns the objects that show the merchant, as Printed. Template 64 is
// there only if it says more than objects 59 and 60. It refuses as Printed does.
func (m Merchant) Objects() ([]Object, error) {
	m, err := m.Printed()
	if err != nil {
		return nil, err
	}
	objects := []Object{
		{ID: IDCategory, Value: m.Category},
		{ID: IDCountry, Value: m.Country},
		{ID: IDName, Value: m.LatinName},
		{ID: IDCity, Value: m.LatinCity},
	}
	if m.PostalCode != "" {
		objects = append(objects, Object{ID: IDPostalCode, Value: m.PostalCode})
	}
	if m.Language == "" {
		return objects, nil
	}
	local := []Object{{ID: IDLanguage, Value: m.Language}, {ID: IDLocalName, Value: m.Name}}
	if m.City != m.LatinCity {
		local = append(local, Object{ID: IDLocalCity, Value: m.City})
	}
	return append(objects, Object{ID: IDLocalLanguage, Template: local}), nil
}

// Merchant returns what the code shows of its payee; what it leaves out is empty.
// Anybody can print a code: the name that a directory has for the account comes
// before this one.
func (c Code) Merchant() Merchant {
	var m Merchant
	m.Category, _ = c.Value(IDCategory)
	m.Country, _ = c.Value(IDCountry)
	m.LatinName, _ = c.Value(IDName)
	m.LatinCity, _ = c.Value(IDCity)
	m.PostalCode, _ = c.Value(IDPostalCode)
	m.Name, m.City = m.LatinName, m.LatinCity
	local, ok := c.Value(IDLocalLanguage)
	if !ok {
		return m
	}
	m.Language, _ = Inside(local, IDLanguage)
	if name, ok := Inside(local, IDLocalName); ok {
		m.Name = name
	}
	if city, ok := Inside(local, IDLocalCity); ok {
		m.City = city
	}
	return m
}
