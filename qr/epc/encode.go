package epc

import (
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/qr/reading"
)

// Encode returns the text of a transfer. Version, Charset and what the guideline
// leaves open have their defaults; everything else must be as a strict reader
// wants it. The caller puts it into a symbol by EncodeBytes.
// It refuses CodeInvalid.
func Encode(transfer Transfer) (string, error) {
	if transfer.Version == "" {
		transfer.Version = "002"
	}
	if transfer.Charset == 0 {
		transfer.Charset = UTF8
	}
	if transfer.Amount != (money.Amount{}) && transfer.Amount.Currency != "EUR" {
		return "", hansa.Refuse(hansa.CodeInvalid, "an amount in %q; only EUR can be written", transfer.Amount.Currency)
	}
	written := transfer.lines()
	code, findings := Read(written)
	for _, finding := range findings {
		if finding.Severity != reading.Note {
			return "", hansa.Refuse(hansa.CodeInvalid, "%s: %s", finding.Place, finding.Detail)
		}
	}
	if code.transfer != transfer {
		return "", hansa.Refuse(hansa.CodeInvalid, "holds a line end, or does not read as it was meant")
	}
	return written, nil
}

// EncodeBytes returns the bytes of a transfer's symbol, in its character set.
// It refuses CodeInvalid.
func EncodeBytes(transfer Transfer) ([]byte, error) {
	written, err := Encode(transfer)
	if err != nil {
		return nil, err
	}
	table := transfer.Charset.table()
	if table == nil {
		return []byte(written), nil
	}
	raw, err := table.NewEncoder().Bytes([]byte(written))
	if err != nil {
		return nil, hansa.Refuse(hansa.CodeInvalid, "has letters that %s does not have", transfer.Charset)
	}
	return raw, nil
}

// lines writes the elements without judging them; empty ones at the end are left out.
func (t Transfer) lines() string {
	paid := ""
	if t.Amount != (money.Amount{}) {
		paid = "EUR" + t.Amount.Decimal()
	}
	written := strings.Join([]string{
		"BCD", t.Version, t.Charset.number(), "SCT", t.BIC, t.Name, t.IBAN, paid, t.Purpose, t.Reference, t.Text, t.Note,
	}, "\n")
	return strings.TrimRight(written, "\n")
}
