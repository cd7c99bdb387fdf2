package bank

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// A Report collects what is found in the lines of one text. Its methods judge one
// value each, which stands at a place, and return it as it is to be used.
type Report struct {
	Findings []reading.Finding
}

// Found adds a finding.
func (r *Report) Found(code reading.Code, severity reading.Severity, place reading.Place, format string, args ...any) {
	detail := format
	if len(args) > 0 {
		detail = fmt.Sprintf(format, args...)
	}
	r.Findings = append(r.Findings, reading.Finding{Code: code, Place: place, Severity: severity, Detail: detail})
}

// Start returns a text without what scanners and writers put before it: spaces,
// line ends and byte order marks.
func (r *Report) Start(text string) string {
	start := strings.TrimLeft(text, " \t\r\n\ufeff")
	if len(start) != len(text) {
		r.Found(reading.Surrounded, reading.Warning, "", "spaces, line ends or a byte order mark before the text")
	}
	return start
}

// Lines judges how a text came apart that has at most so many lines.
func (r *Report) Lines(split Split, linesMax int) {
	if split.Mixed {
		r.Found(reading.Format, reading.Warning, "", "some lines end in LF, others in CR LF")
	}
	switch {
	case !split.More:
	case strings.Trim(split.Rest, "\r\n") == "":
		r.Found(reading.Trailing, reading.Warning, "", "an empty line follows the last of %d", linesMax)
	default:
		r.Found(reading.Trailing, reading.Error, "", "more than %d lines", linesMax)
	}
}

// Plain returns a value for programs without the spaces that some writers put
// around it.
func (r *Report) Plain(value string, place reading.Place) string {
	plain := strings.Trim(value, " ")
	if plain != value {
		r.Found(reading.Surrounded, reading.Warning, place, "spaces around the value")
	}
	return plain
}

// Number returns a bank's number in its electronic form.
func (r *Report) Number(value string, place reading.Place) string {
	plain := r.Plain(value, place)
	compact := Compact(plain)
	if compact != plain {
		r.Found(reading.Format, reading.Warning, place, "as it is printed, not in its electronic form without spaces and in upper case")
	}
	return compact
}

// Account returns a sound IBAN, and nothing in place of another.
func (r *Report) Account(value string, place reading.Place) string {
	account := r.Number(value, place)
	switch flaw := CheckIBAN(account); {
	case account == "":
		r.Found(reading.Missing, reading.Error, place, "no account")
	case flaw == WrongCheck:
		r.Found(reading.Checksum, reading.Error, place, "the IBAN's %s", flaw)
	case flaw != Sound:
		r.Found(reading.Format, reading.Error, place, "the IBAN is %s", flaw)
	default:
		return account
	}
	return ""
}

// Reference returns a sound creditor reference of ISO 11649, and nothing in place
// of another.
func (r *Report) Reference(value string, place reading.Place) string {
	reference := r.Number(value, place)
	switch flaw := CheckReference(reference); {
	case flaw == WrongCheck:
		r.Found(reading.Checksum, reading.Error, place, "the reference's %s", flaw)
	case flaw != Sound:
		r.Found(reading.Format, reading.Error, place, "not a creditor reference of ISO 11649")
	default:
		return reference
	}
	return ""
}

// Words judges a value that people see. What is longer than the standard allows is
// of the severity tooLong: a name may be cut, a text for the payee's books may not.
func (r *Report) Words(value string, place reading.Place, charactersMax int, tooLong reading.Severity) {
	r.Findings = append(r.Findings, shown.Check(value, place)...)
	if count := utf8.RuneCountInString(value); count > charactersMax {
		r.Found(reading.TooLong, tooLong, place, "%d characters; %d are allowed", count, charactersMax)
	}
}
