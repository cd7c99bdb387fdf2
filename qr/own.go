package qr

import (
	"cmp"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// readOwn reads a text of a kind of ours as far as it can be read without a
// directory, and returns false for any other text. A signature is only looked at:
// whether it holds, and all that hangs on it, is for Verify.
func readOwn(text string) (reading.Reading, bool) {
	if ownPaymentDigits(ungroup(text)) {
		code, findings := readPayment(text)
		return readingOf(KindPayment, findings, paymentFields(code)), true
	}
	c, ok := readClaim(text)
	if !ok {
		return reading.Reading{}, false
	}
	if reading.Valid(c.findings) {
		c.findings = append(c.findings, reading.Finding{
			Code: reading.SignatureUnverified, Place: placeOf(idSignatureFirst), Severity: reading.Note,
			Detail: "signed with key " + c.keyID + ", which only a directory of keys can verify",
		})
	}
	return readingOf(c.kind, c.findings, c.fields()), true
}

// readingOf is a reading of one kind.
func readingOf(kind string, findings []reading.Finding, fields []reading.Field) reading.Reading {
	if findings == nil {
		findings = []reading.Finding{}
	}
	return reading.Reading{
		Kind: kind, Kinds: []string{kind}, Valid: reading.Valid(findings), Strict: reading.Strict(findings),
		Findings: findings, Fields: fields,
	}
}

// fields lists what stands in a code of ours, and names what is in our templates.
func (c *claim) fields() []reading.Field {
	fields := c.code.Fields()
	own := placeOf(c.template.ID)
	for n := range fields {
		template, id, inside := strings.Cut(string(fields[n].Place), ".")
		switch {
		case !inside:
		case reading.Place(template) == own:
			fields[n].Name = cmp.Or(ownNames[id], fields[n].Name)
		case template == "80" && id == "01":
			fields[n].Name = "signature_first_half"
		case template == "81" && id == "01":
			fields[n].Name = "signature_second_half"
		}
	}
	return fields
}

// ownNames are those of the objects in our template.
var ownNames = map[string]string{"01": "store_code", "02": "order", "03": "expires_at", "04": "key"}
