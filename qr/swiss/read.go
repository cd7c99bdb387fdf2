package swiss

import (
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
)

// Limits of the guidelines, in characters, and for amounts in hundredths.
const (
	nameMax       = 70
	streetMax     = 70
	numberMax     = 16
	postalCodeMax = 16
	townMax       = 35
	messageMax    = 140 // together with the billing information, too
	schemeMax     = 100
	amountMax     = 999_999_999_99
)

// A reader collects what it finds in one text.
type reader struct {
	code   Code
	report bank.Report
}

func (r *reader) found(line int, code reading.Code, severity reading.Severity, format string, args ...any) {
	r.report.Found(code, severity, layout[line].place, format, args...)
}

// plain returns a line that is for programs.
func (r *reader) plain(line int) string {
	return r.report.Plain(r.code.lines[line], layout[line].place)
}

// words returns a line that people see, in the letters that all banks can print.
func (r *reader) words(line, charactersMax int, tooLong reading.Severity) string {
	value := r.code.lines[line]
	r.report.Words(value, layout[line].place, charactersMax, tooLong)
	if strings.ContainsFunc(value, isForeign) {
		r.found(line, reading.Format, reading.Warning, "has letters other than the Latin ones that are allowed")
	}
	return value
}

// isForeign reports the letters that the guidelines do not have: they have those of
// the Unicode blocks up to Latin Extended-A, four of Romanian, and the euro.
func isForeign(char rune) bool {
	const latinExtendedA = '\u017f'
	return char > latinExtendedA && !strings.ContainsRune("ȘșȚț€", char)
}

// readShape judges the text as such.
func (r *reader) readShape(split bank.Split) {
	r.report.Lines(split, linesMax)
	if split.Count < linesMin {
		r.report.Found(reading.TooShort, reading.Error, "", "%d lines; there must be %d", split.Count, linesMin)
	}
	if count := utf8.RuneCountInString(r.code.text); count > CharactersMax {
		r.report.Found(reading.TooLong, reading.Warning, "", "%d characters; %d are allowed", count, CharactersMax)
	}
}

// readHead reads what kind of text it is. Of the version only the first half
// decides whether a reader may go on.
func (r *reader) readHead() {
	r.plain(tag)
	const major, current = "02", "0200"
	switch value := r.plain(version); {
	case value == current:
	case len(value) == len(current) && strings.HasPrefix(value, major) && strings.Trim(value, "0123456789") == "":
		r.found(version, reading.Reserved, reading.Note, "a later minor version than %s", current)
	case value == "":
		r.found(version, reading.Missing, reading.Error, "no version")
	default:
		r.found(version, reading.Reserved, reading.Error, "not version %s", current)
	}
	if r.plain(coding) != "1" {
		r.found(coding, reading.Reserved, reading.Error, "not coding type 1, which is UTF-8")
	}
}

func (r *reader) readCreditor() {
	bill := &r.code.bill
	bill.IBAN = r.report.Account(r.code.lines[iban], layout[iban].place)
	if bill.IBAN != "" && !strings.HasPrefix(bill.IBAN, "CH") && !strings.HasPrefix(bill.IBAN, "LI") {
		r.found(iban, reading.Format, reading.Error, "an account neither in Switzerland nor in Liechtenstein")
	}
	if r.isBlank(creditor) {
		r.found(creditor, reading.Missing, reading.Error, "no creditor")
	} else {
		bill.Creditor = r.address(creditor, reading.Error)
	}
	if !r.isBlank(ultimate) {
		r.found(ultimate, reading.Reserved, reading.Warning, "an ultimate creditor, which is for later use")
		bill.UltimateCreditor = r.address(ultimate, reading.Warning)
	}
}

func (r *reader) readDebtor() {
	if !r.isBlank(debtor) {
		r.code.bill.Debtor = r.address(debtor, reading.Warning)
	}
}

// isBlank reports whether the block of a party that begins at the line is empty.
func (r *reader) isBlank(line int) bool {
	const block = 7
	return strings.Join(r.code.lines[line:line+block], "") == ""
}

// address reads the party whose block begins at the line. What is missing there is
// of the severity that is handed in: nobody is paid without a name, while a payer
// knows who they are.
func (r *reader) address(line int, severity reading.Severity) Address {
	kind, country := r.plain(line), r.plain(line+6)
	party := Address{
		Combined:   kind == "K",
		Name:       r.words(line+1, nameMax, reading.Warning),
		Street:     r.words(line+2, streetMax, reading.Warning),
		PostalCode: r.words(line+4, postalCodeMax, reading.Warning),
		Town:       r.words(line+5, townMax, reading.Warning),
		Country:    country,
	}
	require := func(line int, value, what string) {
		if value == "" {
			r.found(line, reading.Missing, severity, "no %s", what)
		}
	}
	require(line+1, party.Name, "name")
	switch kind {
	case "S":
		party.Number = r.words(line+3, numberMax, reading.Warning)
		require(line+4, party.PostalCode, "postal code")
		require(line+5, party.Town, "town")
	case "K":
		r.found(line, reading.Format, reading.Note, "a combined address, which is being withdrawn")
		party.Number = r.words(line+3, streetMax, reading.Warning)
		require(line+3, party.Number, "second line of the address")
		if party.PostalCode != "" || party.Town != "" {
			r.found(line+4, reading.Contradiction, severity, "a combined address has no postal code and no town of its own")
		}
	default:
		party.Number = r.words(line+3, streetMax, reading.Warning)
		r.found(line, reading.Format, severity, "neither S nor K, for a structured or a combined address")
	}
	r.checkCountry(line+6, country, severity)
	return party
}

func (r *reader) checkCountry(line int, country string, severity reading.Severity) {
	isLetters := strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	switch {
	case country == "":
		r.found(line, reading.Missing, severity, "no country")
	case len(country) != 2 || !isLetters:
		r.found(line, reading.Format, severity, "not a country in two letters in upper case")
	}
}

func (r *reader) readAmount() {
	bill := &r.code.bill
	value, unit := r.plain(amount), r.plain(currency)
	if unit == "CHF" || unit == "EUR" {
		bill.Currency = money.Currency(unit)
	}
	if value != "" && bill.Currency != "" {
		bill.Amount = r.parseAmount(value)
	}
	switch {
	case unit == "":
		r.found(currency, reading.Missing, reading.Error, "no currency")
	case bill.Currency == "":
		r.found(currency, reading.Format, reading.Error, "neither CHF nor EUR")
	}
}

// parseAmount returns what is to be paid. Nothing to pay is how a notification
// looks that must not be paid.
func (r *reader) parseAmount(value string) money.Amount {
	due, tidy, err := bank.ParseAmount(value, r.code.bill.Currency)
	_, decimals, _ := strings.Cut(value, ".")
	switch {
	case err != nil:
		r.found(amount, reading.AmountFormat, reading.Error, "not an amount with a point and two decimals")
		return money.Amount{}
	case due.IsZero():
		r.found(amount, reading.AmountZero, reading.Error, "nothing to pay: a notification only")
		return money.Amount{}
	case due.Value > amountMax:
		r.found(amount, reading.AmountFormat, reading.Error, "more than %s", money.New(amountMax, due.Currency))
		return money.Amount{}
	case !tidy || len(decimals) != 2:
		r.found(amount, reading.AmountFormat, reading.Warning, "not written with two decimals and without zeros in front")
	}
	return due
}

// readReference reads the reference, whose type and the account depend on each
// other: the reference of a QR-IBAN is the only way to tell whose money came.
func (r *reader) readReference() {
	bill := &r.code.bill
	kind := ReferenceType(r.plain(referenceType))
	value := r.code.lines[reference]
	r.checkReferenceType(kind)
	switch kind {
	case QRReference:
		bill.Reference = r.qrReference(value)
	case CreditorReference:
		bill.Reference = r.report.Reference(value, layout[reference].place)
	case NoReference:
		if value != "" {
			r.found(reference, reading.Contradiction, reading.Error, "a reference where there is said to be none")
		}
	default:
		return
	}
	bill.ReferenceType = kind
}

func (r *reader) checkReferenceType(kind ReferenceType) {
	account := r.code.bill.IBAN
	isQR := isQRIBAN(account)
	switch {
	case kind == "":
		r.found(referenceType, reading.Missing, reading.Error, "no type of reference")
	case kind != QRReference && kind != CreditorReference && kind != NoReference:
		r.found(referenceType, reading.Format, reading.Error, "not QRR, SCOR or NON")
	case account == "":
	case isQR && kind != QRReference:
		r.found(referenceType, reading.Contradiction, reading.Error, "a QR-IBAN without a QR reference")
	case !isQR && kind == QRReference:
		r.found(referenceType, reading.Contradiction, reading.Error, "a QR reference without a QR-IBAN")
	}
}

func (r *reader) qrReference(value string) string {
	number := r.report.Number(value, layout[reference].place)
	switch flaw := CheckReference(number); {
	case number == "":
		r.found(reference, reading.Missing, reading.Error, "no reference")
	case flaw == bank.WrongCheck:
		r.found(reference, reading.Checksum, reading.Error, "the reference's %s", flaw)
	case flaw != bank.Sound:
		r.found(reference, reading.Format, reading.Error, "a QR reference has %d digits", referenceDigits)
	default:
		return number
	}
	return ""
}

// readAddition reads what is said beside the payment, and the end mark between.
func (r *reader) readAddition() {
	bill := &r.code.bill
	bill.Message = r.words(message, messageMax, reading.Error)
	if end := r.plain(trailer); end != "EPD" && r.code.count > trailer {
		r.found(trailer, reading.Format, reading.Error, "not the end mark EPD: a line is missing or one too many")
	}
	bill.Billing = r.words(billing, messageMax, reading.Warning)
	count := utf8.RuneCountInString(bill.Message) + utf8.RuneCountInString(bill.Billing)
	if count > messageMax && bill.Message != "" && bill.Billing != "" {
		r.found(billing, reading.TooLong, reading.Warning, "%d characters with the message; %d are allowed", count, messageMax)
	}
	for at := range bill.Schemes {
		bill.Schemes[at] = r.words(scheme1+at, schemeMax, reading.Warning)
	}
}
