package qr

import (
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
	names := map[reading.Place]string{
		placeOf(c.template.ID, idStoreCode):         "store_code",
		placeOf(c.template.ID, idOrder):             "order",
		placeOf(c.template.ID, idExpiry):            "expires_at",
		placeOf(c.template.ID, idKey):               "key",
		placeOf(idSignatureFirst, idSignatureHalf):  "signature_first_half",
		placeOf(idSignatureSecond, idSignatureHalf): "signature_second_half",
	}
	for n := range fields {
		if name, ours := names[fields[n].Place]; ours {
			fields[n].Name = name
		}
	}
	return fields
}
