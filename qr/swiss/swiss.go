// Package swiss reads and writes the QR code of Swiss payment slips (Swiss QR Code,
// QR-bill): 31 to 34 lines, as the implementation guidelines of SIX lay them out.
// Reading never fails: it returns what stood there and what is wrong with it.
// Writing is strict. The package knows the text only: its symbol has error
// correction level M, UTF-8 and the Swiss cross in its middle.
package swiss

import (
	"strings"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
)

// Kind is what a Reading calls these codes.
const Kind = "swiss-qr"

// CharactersMax is how long a text may be.
const CharactersMax = 997

// The lines, from zero. Each party has a block of seven.
const (
	tag           = 0
	version       = 1
	coding        = 2
	iban          = 3
	creditor      = 4
	ultimate      = 11
	amount        = 18
	currency      = 19
	debtor        = 20
	referenceType = 27
	reference     = 28
	message       = 29
	trailer       = 30
	billing       = 31
	scheme1       = 32
	scheme2       = 33
	linesMin      = 31
	linesMax      = 34
)

// A row is one line of the text.
type row struct {
	place reading.Place
	name  string
}

// layout says where each line stands and what the guidelines call it.
var layout = [linesMax]row{
	{"line 1", "qr_type"},
	{"line 2", "version"},
	{"line 3", "coding_type"},
	{"line 4", "iban"},
	{"line 5", "creditor_address_type"},
	{"line 6", "creditor_name"},
	{"line 7", "creditor_street_or_line_1"},
	{"line 8", "creditor_building_number_or_line_2"},
	{"line 9", "creditor_postal_code"},
	{"line 10", "creditor_town"},
	{"line 11", "creditor_country"},
	{"line 12", "ultimate_creditor_address_type"},
	{"line 13", "ultimate_creditor_name"},
	{"line 14", "ultimate_creditor_street_or_line_1"},
	{"line 15", "ultimate_creditor_building_number_or_line_2"},
	{"line 16", "ultimate_creditor_postal_code"},
	{"line 17", "ultimate_creditor_town"},
	{"line 18", "ultimate_creditor_country"},
	{"line 19", "amount"},
	{"line 20", "currency"},
	{"line 21", "ultimate_debtor_address_type"},
	{"line 22", "ultimate_debtor_name"},
	{"line 23", "ultimate_debtor_street_or_line_1"},
	{"line 24", "ultimate_debtor_building_number_or_line_2"},
	{"line 25", "ultimate_debtor_postal_code"},
	{"line 26", "ultimate_debtor_town"},
	{"line 27", "ultimate_debtor_country"},
	{"line 28", "reference_type"},
	{"line 29", "reference"},
	{"line 30", "unstructured_message"},
	{"line 31", "trailer"},
	{"line 32", "billing_information"},
	{"line 33", "alternative_scheme_1"},
	{"line 34", "alternative_scheme_2"},
}

// A ReferenceType says whose reference a bill has.
type ReferenceType string

// The types of reference.
const (
	QRReference       ReferenceType = "QRR"  // 27 digits, only with a QR-IBAN
	CreditorReference ReferenceType = "SCOR" // of ISO 11649, only with another IBAN
	NoReference       ReferenceType = "NON"
)

// A Bill is what the payer is asked to pay.
type Bill struct {
	IBAN             string  // of the creditor, in Switzerland or Liechtenstein, without spaces
	Creditor         Address // who is paid
	UltimateCreditor Address // for later use: not to be written
	Amount           money.Amount
	Currency         money.Currency // CHF or EUR, also where the payer enters the amount
	Debtor           Address        // who pays; the zero Address where anyone may
	ReferenceType    ReferenceType
	Reference        string    // without spaces
	Message          string    // in words, at most 140 characters with Billing
	Billing          string    // for the payer's program
	Schemes          [2]string // parameters of other ways to pay, each at most 100 characters
}

// An Address is a party with its postal address. The zero Address is nobody.
type Address struct {
	Combined   bool // two lines of address instead of its elements: type K, which is being withdrawn
	Name       string
	Street     string // or the first line
	Number     string // of the building, or the second line
	PostalCode string // without the country
	Town       string
	Country    string // two letters of ISO 3166-1
}

// A Code is a text of this format as it was read. The zero Code is one of which
// nothing could be read. It is safe for concurrent use.
type Code struct {
	text  string
	lines [linesMax]string
	count int
	bill  Bill
}

// Text returns the text as it was handed in.
func (c Code) Text() string { return c.text }

// Bill returns what was read: numbers in their electronic form, and nothing for
// what cannot be read. It may be paid only if no finding was an error.
func (c Code) Bill() Bill { return c.bill }

// Fields returns the lines that are not empty, in the order of the text.
func (c Code) Fields() []reading.Field {
	fields := make([]reading.Field, 0, linesMax)
	for at, line := range c.lines[:c.count] {
		if line != "" {
			fields = append(fields, reading.Field{Place: layout[at].place, Name: layout[at].name, Value: line})
		}
	}
	return fields
}

// Recognises reports whether the first line of text is that of this format.
func Recognises(text string) bool {
	rest, ok := strings.CutPrefix(text, "SPC")
	rest = strings.TrimLeft(rest, " ")
	return ok && (strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n"))
}

// Read reads a text.
func Read(text string) (Code, []reading.Finding) {
	r := reader{code: Code{text: text}}
	start := r.report.Start(text)
	if !Recognises(start) {
		r.report.Found(reading.Unknown, reading.Error, "", "the first of several lines is not SPC")
		return r.code, r.report.Findings
	}
	split := bank.SplitLines(start, r.code.lines[:])
	r.code.count = split.Count
	r.readShape(split)
	r.readHead()
	r.readCreditor()
	r.readAmount()
	r.readDebtor()
	r.readReference()
	r.readAddition()
	return r.code, r.report.Findings
}
