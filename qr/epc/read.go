package epc

import (
	"strings"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
)

// Limits of the guideline, in characters, and for amounts in cents.
const (
	nameMax      = 70
	purposeMax   = 4
	referenceMax = 35
	textMax      = 140
	noteMax      = 70
	amountMax    = 999_999_999_99
)

// eea are the countries where version 002 may leave out the BIC.
const eea = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"

// sepa are the other countries that SEPA credit transfers reach.
const sepa = eea + " AD AL CH GB GI MC MD ME MK RS SM VA"

// A reader collects what it finds in one text.
type reader struct {
	code   Code
	report bank.Report
}

func (r *reader) found(element int, code reading.Code, severity reading.Severity, format string, args ...any) {
	r.report.Found(code, severity, layout[element].place, format, args...)
}

// plain returns an element that is for programs.
func (r *reader) plain(element int) string {
	return r.report.Plain(r.code.lines[element], layout[element].place)
}

// readWords judges an element that people see.
func (r *reader) readWords(element, charactersMax int, tooLong reading.Severity) {
	value := r.code.lines[element]
	r.report.Words(value, layout[element].place, charactersMax, tooLong)
	if charset := r.code.transfer.Charset; !charset.spells(value) {
		r.found(element, reading.Format, reading.Warning, "has letters that %s does not have", charset)
	}
}

func (r *reader) readHead() {
	r.plain(tag)
	transfer := &r.code.transfer
	switch transfer.Version = r.plain(version); transfer.Version {
	case "001", "002":
	case "":
		r.found(version, reading.Missing, reading.Error, "no version")
	default:
		r.found(version, reading.Reserved, reading.Error, "neither version 001 nor 002")
	}
	transfer.Charset = parseCharset(r.plain(charset))
	if transfer.Charset == 0 {
		r.found(charset, reading.Reserved, reading.Error, "not a character set from 1 to 8")
	}
	r.checkSize()
	switch r.plain(identification) {
	case "SCT":
	case "INST":
		transfer.Instant = true
		r.found(identification, reading.Reserved, reading.Warning, "asks for an instant transfer, which only the newest readers know")
	case "":
		r.found(identification, reading.Missing, reading.Error, "no identification")
	default:
		r.found(identification, reading.Reserved, reading.Error, "not SCT")
	}
}

func (r *reader) readPayee() {
	r.readBIC(bank.Compact(r.code.lines[iban]))
	transfer := &r.code.transfer
	transfer.Name = r.code.lines[name]
	r.readWords(name, nameMax, reading.Warning)
	if strings.Trim(transfer.Name, " ") == "" {
		r.found(name, reading.Missing, reading.Error, "no name of the payee")
	}
	transfer.IBAN = r.report.Account(r.code.lines[iban], layout[iban].place)
	if account := transfer.IBAN; account != "" && !strings.Contains(sepa, account[:2]) {
		r.found(iban, reading.Format, reading.Warning, "an account in %s, which SEPA did not reach when this was written", account[:2])
	}
}

// readBIC reads the payee's bank, which an account in some countries does without.
func (r *reader) readBIC(account string) {
	transfer := &r.code.transfer
	code := r.report.Number(r.code.lines[bic], layout[bic].place)
	switch {
	case code != "" && bank.CheckBIC(code) != bank.Sound:
		r.found(bic, reading.Format, reading.Error, "not a BIC of 8 or 11 characters")
	case code != "":
		transfer.BIC = code
	case transfer.Version == "001":
		r.found(bic, reading.Missing, reading.Error, "version 001 needs the BIC")
	case len(account) > 2 && !strings.Contains(eea, account[:2]):
		r.found(bic, reading.Missing, reading.Warning, "only accounts in the European Economic Area go without BIC")
	}
}

func (r *reader) readAmount() {
	value := r.plain(amount)
	if value == "" {
		return
	}
	decimal, ok := strings.CutPrefix(value, "EUR")
	decimal = strings.TrimLeft(decimal, " ")
	switch {
	case !ok:
		r.found(amount, reading.AmountFormat, reading.Error, "does not begin with EUR")
		return
	case decimal == "":
		r.found(amount, reading.AmountFormat, reading.Warning, "a currency without an amount: the payer enters it")
		return
	case len(decimal)+len("EUR") != len(value):
		r.found(amount, reading.AmountFormat, reading.Warning, "a space behind EUR")
	}
	cents, tidy, err := bank.ParseAmount(decimal, "EUR")
	switch {
	case err != nil:
		r.found(amount, reading.AmountFormat, reading.Error, "not an amount with a point and at most two decimals")
	case cents.IsZero():
		r.found(amount, reading.AmountZero, reading.Error, "nothing to pay")
	case cents.Value > amountMax:
		r.found(amount, reading.AmountFormat, reading.Error, "more than %s", money.New(amountMax, "EUR"))
	default:
		r.code.transfer.Amount = cents
		if !tidy {
			r.found(amount, reading.AmountFormat, reading.Warning, "needless zeros, or no digit before the point")
		}
	}
}

func (r *reader) readPurpose() {
	value := r.plain(purpose)
	if !isPurpose(value) {
		r.found(purpose, reading.Format, reading.Warning, "not a purpose code of up to %d letters and digits in upper case", purposeMax)
		return
	}
	r.code.transfer.Purpose = value
}

func isPurpose(value string) bool {
	notAllowed := func(char rune) bool { return (char < 'A' || char > 'Z') && (char < '0' || char > '9') }
	return len(value) <= purposeMax && !strings.ContainsFunc(value, notAllowed)
}

// readRemittance reads the two elements of which the payee's books need one. Some
// countries write references of their own instead of those of ISO 11649.
func (r *reader) readRemittance() {
	transfer := &r.code.transfer
	transfer.Text = r.code.lines[text]
	value := r.code.lines[reference]
	switch {
	case value == "":
	case strings.HasPrefix(bank.Compact(value), "RF"):
		transfer.Reference = r.report.Reference(value, layout[reference].place)
	default:
		transfer.Reference = r.plain(reference)
		r.found(reference, reading.Format, reading.Warning, "not a creditor reference of ISO 11649")
		r.readWords(reference, referenceMax, reading.Error)
	}
	if value != "" && transfer.Text != "" {
		r.found(reference, reading.Contradiction, reading.Error, "a reference and a text exclude each other")
	}
	r.readWords(text, textMax, reading.Error)
}

func (r *reader) readNote() {
	r.code.transfer.Note = r.code.lines[note]
	r.readWords(note, noteMax, reading.Warning)
}
