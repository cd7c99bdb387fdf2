package qr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hansa-network/hansa"
)

// Accounts of the payee: the first 24 ids are plain values of card schemes, the
// others are templates that name their scheme.
const (
	accountFirst         ID = 2
	accountTemplateFirst ID = 26
	accountLast          ID = 51
)

// Inside a template of some scheme, the first object names the scheme.
const idScheme ID = 0

const (
	staticCode  = "11" // in object 01: shown to many payers
	dynamicCode = "12" // in object 01: for one payment
)

// What object 55 may say.
const (
	tipPrompted       = "01"
	tipFixedFee       = "02"
	tipPercentageFee  = "03"
	amountTextMax     = 13 // characters in object 54 and 56
	percentageTextMax = 5  // characters in object 57
)

// check refuses what the objects of a payload say wrongly or against each other.
func (p Payload) check() error {
	if initiation, ok := p.Value(IDInitiation); ok && initiation != staticCode && initiation != dynamicCode {
		return hansa.Refuse(hansa.CodeInvalid, "object 01 is %q, not 11 or 12", initiation)
	}
	if currency, _ := p.Value(IDCurrency); !consistsOf(currency, digit, 3) {
		return hansa.Refuse(hansa.CodeInvalid, "object 53 is %q, not the three digits of a currency", shorten(currency))
	}
	if country, _ := p.Value(IDCountry); !consistsOf(country, capital, 2) {
		return hansa.Refuse(hansa.CodeInvalid, "object 58 is %q, not the two capitals of a country", shorten(country))
	}
	if err := p.checkAccounts(); err != nil {
		return err
	}
	if err := p.checkTemplates(); err != nil {
		return err
	}
	if amount, ok := p.Value(IDAmount); ok && !positiveDecimal(amount, amountTextMax) {
		return hansa.Refuse(hansa.CodeInvalid, "object 54 is %q, not an amount", shorten(amount))
	}
	return p.checkTip()
}

// checkAccounts asks for one account at least, and that templates name a scheme.
func (p Payload) checkAccounts() error {
	found := false
	for _, object := range p.objects {
		if object.ID < accountFirst || object.ID > accountLast {
			continue
		}
		found = true
		if object.ID < accountTemplateFirst {
			continue
		}
		objects, err := ParseTemplate(object.Value)
		if err != nil {
			return within(object.ID, err)
		}
		if _, ok := valueOf(objects, idScheme); !ok {
			return hansa.Refuse(hansa.CodeInvalid, "object %02d names no scheme", object.ID)
		}
	}
	if !found {
		return hansa.Refuse(hansa.CodeInvalid, "holds no account of a payee")
	}
	return nil
}

// checkTemplates looks into the two templates that belong to the standard itself.
// The free ones, 80 to 99, are often no objects at all and are left alone.
func (p Payload) checkTemplates() error {
	additional, _ := p.Value(IDAdditionalData)
	if _, err := ParseTemplate(additional); err != nil {
		return within(IDAdditionalData, err)
	}
	local, ok := p.Value(IDLocalLanguage)
	if !ok {
		return nil
	}
	objects, err := ParseTemplate(local)
	if err != nil {
		return within(IDLocalLanguage, err)
	}
	if _, ok := valueOf(objects, idLanguage); !ok {
		return hansa.Refuse(hansa.CodeInvalid, "object 64 names no language")
	}
	if _, ok := valueOf(objects, idLocalName); !ok {
		return hansa.Refuse(hansa.CodeInvalid, "object 64 holds no name")
	}
	return nil
}

// checkTip refuses fees that object 55 does not announce, and the reverse: the
// payer's total must not depend on which of them a wallet looks at.
func (p Payload) checkTip() error {
	indicator, told := p.Value(IDTipIndicator)
	fixed, hasFixed := p.Value(IDFixedFee)
	percentage, hasPercentage := p.Value(IDPercentageFee)
	if told && indicator != tipPrompted && indicator != tipFixedFee && indicator != tipPercentageFee {
		return hansa.Refuse(hansa.CodeInvalid, "object 55 is %q, not 01, 02 or 03", shorten(indicator))
	}
	if hasFixed != (indicator == tipFixedFee) || hasPercentage != (indicator == tipPercentageFee) {
		return hansa.Refuse(hansa.CodeInvalid, "objects 55, 56 and 57 contradict each other")
	}
	if hasFixed && !positiveDecimal(fixed, amountTextMax) {
		return hansa.Refuse(hansa.CodeInvalid, "object 56 is %q, not an amount", shorten(fixed))
	}
	if hasPercentage && !percentageBelowHundred(percentage) {
		return hansa.Refuse(hansa.CodeInvalid, "object 57 is %q, not 00.01 to 99.99", shorten(percentage))
	}
	return nil
}

// positiveDecimal reports digits with at most one point among or behind them, not
// all of them zero: "98.73", "98" and "98." but not ".5", "0.00" or "98,73".
func positiveDecimal(text string, lengthMax int) bool {
	whole, fraction, _ := strings.Cut(text, ".")
	return len(text) <= lengthMax && whole != "" &&
		consistsOf(whole, digit, len(whole)) && consistsOf(fraction, digit, len(fraction)) &&
		strings.Trim(text, "0.") != ""
}

func percentageBelowHundred(text string) bool {
	whole, fraction, _ := strings.Cut(text, ".")
	return positiveDecimal(text, percentageTextMax) && len(whole) <= 2 && len(fraction) <= 2
}

// consistsOf reports whether text is n bytes that all are of one class.
func consistsOf(text string, class func(byte) bool, n int) bool {
	if len(text) != n {
		return false
	}
	for i := range len(text) {
		if !class(text[i]) {
			return false
		}
	}
	return true
}

func digit(char byte) bool   { return char >= '0' && char <= '9' }
func capital(char byte) bool { return char >= 'A' && char <= 'Z' }
func small(char byte) bool   { return char >= 'a' && char <= 'z' }

// within says in which template a refusal arose.
func within(id ID, err error) error {
	refusal, ok := errors.AsType[*hansa.Refusal](err)
	if !ok {
		panic(fmt.Sprintf("qr: object %02d: %v is no refusal", id, err))
	}
	return hansa.Refuse(refusal.Reason, "within object %02d: %s", id, refusal.Detail)
}
