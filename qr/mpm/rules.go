package mpm

import (
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// A class says which characters a value may have. What a table of rules does not
// list is reserved for a later version of the standard.
type class uint8

const (
	reservedValue class = iota
	numberValue         // digits, as many as lengthMax
	commonText          // the 95 printable characters of ASCII
	anyText             // Unicode in normal form C
	templateValue       // a row of objects
	ownValue            // looked at by a function of its own
)

// A rule is a row of the tables of the standard.
type rule struct {
	name      string // of the field
	class     class
	lengthMax int              // characters; 0 where the two digits of a length are the only limit
	severity  reading.Severity // of a value that is empty or, for numbers, is none
	template  *template        // what is inside, for the class templateValue
}

// words returns the name of the field for people.
func (r *rule) words() string { return strings.ReplaceAll(r.name, "_", " ") }

// A template says what the objects inside of one are, and how far its owners in
// the field keep to it.
type template struct {
	rules     *[idMax + 1]rule
	mandatory []ID
	lacking   reading.Severity // of a mandatory object that is not there
	broken    reading.Severity // of a value that is no row of objects
}

// mandatory are the objects that every payload must have, and what follows from
// their absence: whole countries leave out the category, the name and the city.
// The first and the last object have their own rules, and so have accounts.
var mandatory = [...]struct {
	id       ID
	severity reading.Severity
}{
	{IDCategory, reading.Warning},
	{IDCurrency, reading.Error},
	{IDCountry, reading.Error},
	{IDName, reading.Warning},
	{IDCity, reading.Warning},
}

var rootRules = func() (rules [idMax + 1]rule) {
	for id := accountFirst; id < accountTemplateFirst; id++ {
		rules[id] = rule{name: cardScheme(id), class: commonText}
	}
	for id := accountTemplateFirst; id <= accountLast; id++ {
		rules[id] = rule{name: "merchant_account", class: templateValue, template: &accountTemplate}
	}
	for id := unreservedFirst; id <= idMax; id++ {
		rules[id] = rule{name: "unreserved", class: templateValue, template: &unreservedTemplate}
	}
	rules[IDPayloadFormat] = rule{name: "payload_format", class: numberValue, lengthMax: 2, severity: reading.Error}
	rules[IDInitiation] = rule{name: "initiation", class: numberValue, lengthMax: 2, severity: reading.Error}
	rules[IDCategory] = rule{name: "category", class: numberValue, lengthMax: 4, severity: reading.Warning}
	rules[IDCurrency] = rule{name: "currency", class: numberValue, lengthMax: 3, severity: reading.Error}
	rules[IDAmount] = rule{name: "amount", class: ownValue}
	rules[IDTipIndicator] = rule{name: "tip_indicator", class: numberValue, lengthMax: 2, severity: reading.Error}
	rules[IDFixedFee] = rule{name: "fixed_fee", class: ownValue}
	rules[IDPercentageFee] = rule{name: "percentage_fee", class: ownValue}
	rules[IDCountry] = rule{name: "country", class: ownValue}
	rules[IDName] = rule{name: "name", class: commonText, lengthMax: nameMax}
	rules[IDCity] = rule{name: "city", class: commonText, lengthMax: cityMax}
	rules[IDPostalCode] = rule{name: "postal_code", class: commonText, lengthMax: postalCodeMax}
	rules[IDAdditionalData] = rule{name: "additional_data", class: templateValue, template: &additionalTemplate}
	rules[IDChecksum] = rule{name: "checksum", class: ownValue}
	rules[IDLocalLanguage] = rule{name: "local_language", class: templateValue, template: &languageTemplate}
	return rules
}()

// Characters of values in the root and in template 64.
const (
	nameMax       = 25
	cityMax       = 15
	postalCodeMax = 10
)

// cardScheme names the owner of an account that is a plain value.
func cardScheme(id ID) string {
	switch {
	case id <= 3:
		return "visa"
	case id <= 5:
		return "mastercard"
	case id <= 8:
		return "emvco"
	case id <= 10:
		return "discover"
	case id <= 12:
		return "american_express"
	case id <= 14:
		return "jcb"
	case id <= 16:
		return "unionpay"
	}
	return "emvco"
}

// accountTemplate is what 26 to 51 hold.
var accountTemplate = template{
	rules: &schemeRules, mandatory: []ID{IDScheme}, lacking: reading.Error, broken: reading.Error,
}

// unreservedTemplate is what 80 to 99 hold. Several schemes put something else
// there, such as a hash, which only they can judge.
var unreservedTemplate = template{
	rules: &schemeRules, mandatory: []ID{IDScheme}, lacking: reading.Error, broken: reading.Warning,
}

// paymentSystemTemplate is what 50 to 99 hold inside of 62. So many schemes put
// something else there that it says nothing about a code.
var paymentSystemTemplate = template{
	rules: &schemeRules, mandatory: []ID{IDScheme}, lacking: reading.Note, broken: reading.Note,
}

// schemeRules are for templates that belong to a scheme: only the name of the
// scheme is the standard's.
var schemeRules = func() (rules [idMax + 1]rule) {
	for id := range rules {
		rules[id] = rule{class: anyText, severity: reading.Warning}
	}
	const identifierMax = 32
	rules[IDScheme] = rule{
		name: "globally_unique_identifier", class: commonText, lengthMax: identifierMax, severity: reading.Error,
	}
	return rules
}()

var additionalTemplate = template{rules: &additionalRules, broken: reading.Error}

var additionalRules = func() (rules [idMax + 1]rule) {
	const (
		labelMax           = 25
		taxIDMax           = 20
		paymentSystemFirst = 50
	)
	labels := [...]string{
		IDBillNumber: "bill_number", IDMobileNumber: "mobile_number", IDStoreLabel: "store_label",
		IDLoyaltyNumber: "loyalty_number", IDReferenceLabel: "reference_label", IDCustomerLabel: "customer_label",
		IDTerminalLabel: "terminal_label", IDPurpose: "purpose",
	}
	for id := IDBillNumber; id <= IDPurpose; id++ {
		rules[id] = rule{name: labels[id], class: commonText, lengthMax: labelMax, severity: reading.Warning}
	}
	rules[IDConsumerRequest] = rule{name: "consumer_data_request", class: commonText, severity: reading.Error}
	rules[IDTaxID] = rule{name: "tax_id", class: commonText, lengthMax: taxIDMax, severity: reading.Warning}
	rules[IDChannel] = rule{name: "channel", class: commonText, severity: reading.Warning}
	for id := ID(paymentSystemFirst); id <= idMax; id++ {
		rules[id] = rule{name: "payment_system", class: templateValue, severity: reading.Warning, template: &paymentSystemTemplate}
	}
	return rules
}()

var languageTemplate = template{
	rules: &languageRules, mandatory: []ID{IDLanguage, IDLocalName}, lacking: reading.Error, broken: reading.Error,
}

var languageRules = [idMax + 1]rule{
	IDLanguage:  {name: "language", class: commonText, severity: reading.Error},
	IDLocalName: {name: "local_name", class: anyText, lengthMax: nameMax, severity: reading.Error},
	IDLocalCity: {name: "local_city", class: anyText, lengthMax: cityMax, severity: reading.Warning},
}
