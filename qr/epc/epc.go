// Package epc reads and writes the codes on European invoices: the data of a SEPA
// credit transfer in twelve lines, as guideline EPC069-12 of the European Payments
// Council lays them out (GiroCode, BCD code). Reading never fails: it returns what
// stood there and what is wrong with it. Writing is strict. The package knows the
// text only: its symbol has byte mode, error correction level M and at most
// version 13, and holds the bytes of EncodeBytes.
package epc

import (
	"strings"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
)

// Kind is what a Reading calls these codes.
const Kind = "epc069-12"

// BytesMax is how many bytes the symbol of the largest version allowed holds.
const BytesMax = 331

// The elements, in the order of their lines.
const (
	tag = iota
	version
	charset
	identification
	bic
	name
	iban
	amount
	purpose
	reference
	text
	note
	elements
)

// An element is one line of the text.
type element struct {
	place reading.Place
	name  string
}

// layout says where each element stands and what it is called in a Field.
var layout = [elements]element{
	tag:            {"line 1", "service_tag"},
	version:        {"line 2", "version"},
	charset:        {"line 3", "character_set"},
	identification: {"line 4", "identification"},
	bic:            {"line 5", "bic"},
	name:           {"line 6", "name"},
	iban:           {"line 7", "iban"},
	amount:         {"line 8", "amount"},
	purpose:        {"line 9", "purpose"},
	reference:      {"line 10", "reference"},
	text:           {"line 11", "text"},
	note:           {"line 12", "note"},
}

// A Transfer is what the payer is asked to send. Only Name and IBAN are always
// there; Reference and Text exclude each other.
type Transfer struct {
	Version   string       // 001, which needs the BIC, or 002; empty is written as 002
	Charset   Charset      // how the symbol's bytes spell the text; zero is written as UTF-8
	Instant   bool         // asks for an instant transfer (INST); we do not write it
	BIC       string       // of the payee's bank, 8 or 11 characters
	Name      string       // of the payee, at most 70 characters
	IBAN      string       // of the payee, without spaces
	Amount    money.Amount // in EUR; none if the payer enters it
	Purpose   string       // a purpose code of ISO 20022, at most four characters
	Reference string       // for the payee's books, by ISO 11649 if it begins with RF; at most 35 characters
	Text      string       // remittance information in words, at most 140 characters
	Note      string       // to the payer, who does not send it on; at most 70 characters
}

// A Code is a text of this format as it was read. The zero Code is one of which
// nothing could be read. It is safe for concurrent use.
type Code struct {
	text     string
	lines    [elements]string
	count    int
	transfer Transfer
}

// Text returns the text as it was handed in.
func (c Code) Text() string { return c.text }

// Transfer returns what was read: numbers in their electronic form, and nothing
// for an element that cannot be read. It may be paid only if no finding was an error.
func (c Code) Transfer() Transfer { return c.transfer }

// Fields returns the elements that are not empty, in the order of the text.
func (c Code) Fields() []reading.Field {
	fields := make([]reading.Field, 0, elements)
	for at, line := range c.lines[:c.count] {
		if line != "" {
			fields = append(fields, reading.Field{Place: layout[at].place, Name: layout[at].name, Value: line})
		}
	}
	return fields
}

// Recognises reports whether the first line of text is that of this format.
func Recognises(text string) bool {
	rest, ok := strings.CutPrefix(text, "BCD")
	rest = strings.TrimLeft(rest, " ")
	return ok && (strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n"))
}

// Read reads a text that was decoded already. Where its bytes are not UTF-8 it
// takes them for those of the symbol and decodes them by the character set that
// the text declares.
func Read(scanned string) (Code, []reading.Finding) {
	var r reader
	r.code.text = scanned
	start := r.report.Start(scanned)
	if !Recognises(start) {
		r.report.Found(reading.Unknown, reading.Error, "", "the first of several lines is not BCD")
		return r.code, r.report.Findings
	}
	split := bank.SplitLines(r.decoded(start), r.code.lines[:])
	r.code.count = split.Count
	r.report.Lines(split, elements)
	if split.Count <= iban {
		r.report.Found(reading.TooShort, reading.Error, "", "%d lines; the account stands on line %d", split.Count, iban+1)
	}
	r.readHead()
	r.readPayee()
	r.readAmount()
	r.readPurpose()
	r.readRemittance()
	r.readNote()
	return r.code, r.report.Findings
}
