package epc

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/bank"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
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
	code     Code
	findings []reading.Finding
}

func (r *reader) found(code reading.Code, severity reading.Severity, place reading.Place, format string, args ...any) {
	detail := format
	if len(args) > 0 {
		detail = fmt.Sprintf(format, args...)
	}
	r.findings = append(r.findings, reading.Finding{Code: code, Place: place, Severity: severity, Detail: detail})
}

func (r *reader) at(element int, code reading.Code, severity reading.Severity, format string, args ...any) {
	r.found(code, severity, layout[element].place, format, args...)
}

// readShape judges the lines as such.
func (r *reader) readShape(split bank.Split) {
	if split.Mixed {
		r.found(reading.Format, reading.Warning, "", "some lines end in LF, others in CR LF")
	}
	if split.Count <= iban {
		r.found(reading.TooShort, reading.Error, "", "%d lines; the account stands on line %d", split.Count, iban+1)
	}
	switch {
	case !split.More:
	case strings.Trim(split.Rest, "\r\n") == "":
		r.found(reading.Trailing, reading.Warning, "", "an empty line follows the last of %d", elements)
	default:
		r.found(reading.Trailing, reading.Error, "", "more than %d lines", elements)
	}
}

// plain returns an element that is no text in words, without the spaces that some
// writers put around it.
func (r *reader) plain(element int) string {
	value := strings.Trim(r.code.lines[element], " ")
	if value != r.code.lines[element] {
		r.at(element, reading.Surrounded, reading.Warning, "spaces around the value")
	}
	return value
}

// number returns an element that is a number of a bank, in its electronic form.
func (r *reader) number(element int) string {
	return r.electronic(element, r.plain(element))
}

// electronic returns the value of an element in its electronic form.
func (r *reader) electronic(element int, value string) string {
	compact := bank.Compact(value)
	if compact != value {
		r.at(element, reading.Format, reading.Warning, "as it is printed, not in its electronic form without spaces and in upper case")
	}
	return compact
}

func (r *reader) readHead() {
	r.plain(tag)
	transfer := &r.code.transfer
	switch transfer.Version = r.plain(version); transfer.Version {
	case "001", "002":
	case "":
		r.at(version, reading.Missing, reading.Error, "no version")
	default:
		r.at(version, reading.Reserved, reading.Error, "neither version 001 nor 002")
	}
	transfer.Charset = parseCharset(r.plain(charset))
	if transfer.Charset == 0 {
		r.at(charset, reading.Reserved, reading.Error, "not a character set from 1 to 8")
	}
	r.checkSize()
	switch r.plain(identification) {
	case "SCT":
	case "INST":
		transfer.Instant = true
		r.at(identification, reading.Reserved, reading.Warning, "asks for an instant transfer, which only the newest readers know")
	case "":
		r.at(identification, reading.Missing, reading.Error, "no identification")
	default:
		r.at(identification, reading.Reserved, reading.Error, "not SCT")
	}
}

func (r *reader) readPayee() {
	r.readBIC(bank.Compact(r.code.lines[iban]))
	transfer := &r.code.transfer
	transfer.Name = r.code.lines[name]
	r.readWords(name, nameMax, reading.Warning)
	if strings.Trim(transfer.Name, " ") == "" {
		r.at(name, reading.Missing, reading.Error, "no name of the payee")
	}
	account := r.number(iban)
	switch flaw := bank.CheckIBAN(account); {
	case account == "":
		r.at(iban, reading.Missing, reading.Error, "no account")
	case flaw == bank.WrongCheck:
		r.at(iban, reading.Checksum, reading.Error, "the IBAN's %s", flaw)
	case flaw != bank.Sound:
		r.at(iban, reading.Format, reading.Error, "the IBAN is %s", flaw)
	default:
		transfer.IBAN = account
		if !strings.Contains(sepa, account[:2]) {
			r.at(iban, reading.Format, reading.Warning, "an account in %s, which SEPA did not reach when this was written", account[:2])
		}
	}
}

// readBIC reads the payee's bank, which an account in some countries does without.
func (r *reader) readBIC(account string) {
	transfer := &r.code.transfer
	code := r.number(bic)
	switch {
	case code != "" && bank.CheckBIC(code) != bank.Sound:
		r.at(bic, reading.Format, reading.Error, "not a BIC of 8 or 11 characters")
	case code != "":
		transfer.BIC = code
	case transfer.Version == "001":
		r.at(bic, reading.Missing, reading.Error, "version 001 needs the BIC")
	case len(account) > 2 && !strings.Contains(eea, account[:2]):
		r.at(bic, reading.Missing, reading.Warning, "only accounts in the European Economic Area go without BIC")
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
		r.at(amount, reading.AmountFormat, reading.Error, "does not begin with EUR")
		return
	case decimal == "":
		r.at(amount, reading.AmountFormat, reading.Warning, "a currency without an amount: the payer enters it")
		return
	case len(decimal)+len("EUR") != len(value):
		r.at(amount, reading.AmountFormat, reading.Warning, "a space behind EUR")
	}
	cents, tidy, err := bank.ParseAmount(decimal, "EUR")
	switch {
	case err != nil:
		r.at(amount, reading.AmountFormat, reading.Error, "not an amount with a point and at most two decimals")
	case cents.IsZero():
		r.at(amount, reading.AmountZero, reading.Error, "nothing to pay")
	case cents.Value > amountMax:
		r.at(amount, reading.AmountFormat, reading.Error, "more than %s", money.New(amountMax, "EUR"))
	default:
		r.code.transfer.Amount = cents
		if !tidy {
			r.at(amount, reading.AmountFormat, reading.Warning, "needless zeros, or no digit before the point")
		}
	}
}

func (r *reader) readPurpose() {
	value := r.plain(purpose)
	if !isPurpose(value) {
		r.at(purpose, reading.Format, reading.Warning, "not a purpose code of up to %d letters and digits in upper case", purposeMax)
		return
	}
	r.code.transfer.Purpose = value
}

func isPurpose(value string) bool {
	notAllowed := func(char rune) bool { return (char < 'A' || char > 'Z') && (char < '0' || char > '9') }
	return len(value) <= purposeMax && !strings.ContainsFunc(value, notAllowed)
}

// readRemittance reads the two elements of which the payee's books need one.
func (r *reader) readRemittance() {
	transfer := &r.code.transfer
	if value := r.plain(reference); value != "" {
		if r.code.lines[text] != "" {
			r.at(reference, reading.Contradiction, reading.Error, "a reference and a text exclude each other")
		}
		transfer.Reference = r.readReference(value)
	}
	transfer.Text = r.code.lines[text]
	r.readWords(text, textMax, reading.Error)
}

// readReference returns a reference in its electronic form. Some countries write
// their own instead of that of ISO 11649.
func (r *reader) readReference(value string) string {
	compact := bank.Compact(value)
	if !strings.HasPrefix(compact, "RF") {
		r.at(reference, reading.Format, reading.Warning, "not a creditor reference of ISO 11649")
		r.readWords(reference, referenceMax, reading.Error)
		return value
	}
	switch flaw := bank.CheckReference(compact); flaw {
	case bank.Sound:
		return r.electronic(reference, value)
	case bank.WrongCheck:
		r.at(reference, reading.Checksum, reading.Error, "the reference's %s", flaw)
	case bank.Malformed, bank.UnknownCountry, bank.WrongLength:
		r.at(reference, reading.Format, reading.Error, "begins as a creditor reference of ISO 11649 does, and is none")
	}
	return ""
}

func (r *reader) readNote() {
	r.code.transfer.Note = r.code.lines[note]
	r.readWords(note, noteMax, reading.Warning)
}

// readWords judges an element that people see.
func (r *reader) readWords(element, charactersMax int, tooLong reading.Severity) {
	value := r.code.lines[element]
	r.findings = append(r.findings, shown.Check(value, layout[element].place)...)
	if count := utf8.RuneCountInString(value); count > charactersMax {
		r.at(element, reading.TooLong, tooLong, "%d characters; %d are allowed", count, charactersMax)
	}
	if charset := r.code.transfer.Charset; !charset.spells(value) {
		r.at(element, reading.Format, reading.Warning, "has letters that %s does not have", charset)
	}
}
