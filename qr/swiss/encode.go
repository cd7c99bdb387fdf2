package swiss

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
)

// Encode returns the text of a bill. Currency may be left out where there is an
// amount, and ReferenceType where there is no reference; all else must be as a
// strict reader wants it. It refuses CodeInvalid.
func Encode(bill Bill) (string, error) {
	if bill.Currency == "" {
		bill.Currency = bill.Amount.Currency
	}
	if bill.ReferenceType == "" {
		bill.ReferenceType = NoReference
	}
	if bill.Amount != (money.Amount{}) && (bill.Amount.Currency != bill.Currency || !bill.Currency.Known()) {
		return "", hansa.Refuse(hansa.CodeInvalid, "an amount in %q where the bill has %q", bill.Amount.Currency, bill.Currency)
	}
	written := bill.lines()
	code, findings := Read(written)
	for _, finding := range findings {
		if finding.Severity != reading.Note {
			return "", hansa.Refuse(hansa.CodeInvalid, "%s: %s", finding.Place, finding.Detail)
		}
	}
	if code.bill != bill {
		return "", hansa.Refuse(hansa.CodeInvalid, "holds a line end, or does not read as it was meant")
	}
	return written, nil
}

// lines writes the lines without judging them. Those behind the end mark are left
// out where nothing follows.
func (b Bill) lines() string {
	due := ""
	if b.Amount != (money.Amount{}) {
		due = b.Amount.Decimal()
	}
	lines := make([]string, 0, linesMax)
	lines = append(lines, "SPC", "0200", "1", b.IBAN)
	lines = append(lines, b.Creditor.lines()...)
	lines = append(lines, b.UltimateCreditor.lines()...)
	lines = append(lines, due, string(b.Currency))
	lines = append(lines, b.Debtor.lines()...)
	lines = append(lines, string(b.ReferenceType), b.Reference, b.Message, "EPD", b.Billing, b.Schemes[0], b.Schemes[1])
	for len(lines) > linesMin && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

func (a Address) lines() []string {
	kind := ""
	switch {
	case a.Combined:
		kind = "K"
	case a != (Address{}):
		kind = "S"
	}
	return []string{kind, a.Name, a.Street, a.Number, a.PostalCode, a.Town, a.Country}
}
