package merchant

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// Limits of what a person or a system names.
const (
	idMax   = 64  // characters
	nameMax = 100 // characters of a name or a city
)

func (m Merchant) check() error {
	return first(checkID("id", m.ID), checkName("name", m.Name), checkCountry(m.Country))
}

func (s Store) check() error {
	_, unknown := money.ParseCurrency(string(s.Currency))
	err := first(checkID("id", s.ID), checkID("merchant", s.Merchant), checkName("name", s.Name), checkName("city", s.City),
		checkCountry(s.Country), checkCategory(s.Category), unknown)
	if err == nil && len(s.Contracts) == 0 {
		err = hansa.Refuse(hansa.Malformed, "a store needs a contract")
	}
	for _, c := range s.Contracts {
		err = first(err, checkID("acquirer", c.Acquirer), checkID("branch", c.Branch))
	}
	return err
}

func (t Terminal) check() error {
	return first(checkID("id", t.ID), checkID("store", t.Store), checkID("acquirer", t.Acquirer))
}

func (c IssuedCode) check() error {
	err := first(checkID("code", c.Code), checkID("store", c.Store), checkID("acquirer", c.Acquirer))
	if err == nil && c.IssuedAt.IsZero() {
		err = hansa.Refuse(hansa.Malformed, "issued_at is missing")
	}
	return err
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkID refuses what cannot stand in a path, a file or a printed code as it is.
func checkID(member, id string) error {
	if id == "" || len(id) > idMax || strings.ContainsFunc(id, outsideID) {
		return hansa.Refuse(hansa.Malformed, "%s: 1 to %d letters, digits, dots, hyphens or underscores", member, idMax)
	}
	return nil
}

func outsideID(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_'
}

// checkName refuses what a payer could not read: nothing, controls, and characters
// that turn the direction of others.
func checkName(member, name string) error {
	unseen := func(r rune) bool { return !unicode.IsPrint(r) }
	if n := utf8.RuneCountInString(name); n == 0 || n > nameMax || strings.ContainsFunc(name, unseen) {
		return hansa.Refuse(hansa.InvalidName, "%s: 1 to %d characters that can be seen", member, nameMax)
	}
	return nil
}

func checkCountry(country string) error {
	if len(country) != 2 || strings.ContainsFunc(country, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return hansa.Refuse(hansa.Malformed, "country: two capitals of ISO 3166-1")
	}
	return nil
}

func checkCategory(category string) error {
	if len(category) != 4 || strings.ContainsFunc(category, func(r rune) bool { return r < '0' || r > '9' }) {
		return hansa.Refuse(hansa.Malformed, "category: four digits of ISO 18245")
	}
	return nil
}
