// Package scheme knows the payment schemes of the world. Each is a Profile, which
// is data: the objects that it owns, their names and forms, and which findings of
// the EMVCo standard weigh more or less in it. From the profiles come the rules
// that tell whose a text is. Read reads a text of any kind that is not ours.
//
// The signatures of schemes whose keys are closed to us are recognised and not
// verified: a finding says so.
package scheme

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/barcode"
	"github.com/hansa-network/hansa/qr/cpm"
	"github.com/hansa-network/hansa/qr/epc"
	"github.com/hansa-network/hansa/qr/link"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/qr/swiss"
)

// Identify returns the kinds of a text by its outer form alone, the closest first.
// The slice is shared and must not be changed.
//
// It refuses with hansa.CodeUnknown a text of no scheme that we know, and with
// hansa.CodeInvalid a text whose outer form is broken; then the kinds are those
// that it was meant to have.
func Identify(text string) ([]string, error) {
	match := Match(text)
	return match.Kinds, match.Err()
}

// Match says whose a text is by the rules that Rules returns.
func Match(text string) routing.Match { return table.Match(text) }

// Read reads a text of any kind but ours. It never fails. The kinds of an invalid
// text are those whose outer form it has, or was meant to have; a text of no kind
// has the finding Unknown and no kinds.
func Read(text string) reading.Reading {
	inner := unwrapped(text)
	switch {
	case mpm.Recognises(inner):
		return readMPM(text)
	case barcode.Recognises(text):
		code, findings := barcode.Read(text)
		return readingOf(code.Kinds(), findings, code.Fields())
	case cpm.Recognises(inner), meantAsCPM(inner):
		code, findings := cpm.Read(text)
		return readingOf([]string{cpm.Kind}, findings, code.Fields())
	case epc.Recognises(inner):
		code, findings := epc.Read(text)
		return readingOf([]string{epc.Kind}, findings, code.Fields())
	case swiss.Recognises(inner):
		code, findings := swiss.Read(text)
		return readingOf([]string{swiss.Kind}, findings, code.Fields())
	case link.Recognises(text):
		code, findings := link.Read(text)
		return readingOf(code.Kinds(), findings, code.Fields())
	case meantAsMPM(inner):
		return readMPM(text)
	}
	return readingOf(nil, nil, nil)
}

// readMPM reads an EMVCo code, good or bad.
func readMPM(text string) reading.Reading {
	code, findings := mpm.Read(text)
	kinds := table.MatchObjects(code.Objects()).Kinds
	return readingOf(kinds, Judge(code, kinds, findings), Fields(code, kinds))
}

// readingOf returns a reading of those kinds.
func readingOf(kinds []string, findings []reading.Finding, fields []reading.Field) reading.Reading {
	read := reading.Reading{Kinds: slices.Clone(kinds), Findings: findings, Fields: fields}
	switch {
	case len(kinds) > 0:
		read.Kind = kinds[0]
	case !slices.ContainsFunc(findings, func(f reading.Finding) bool { return f.Code == reading.Unknown }):
		read.Findings = append(read.Findings, reading.Finding{
			Code: reading.Unknown, Severity: reading.Error, Detail: "no kind of payment code that we know",
		})
	}
	read.Valid, read.Strict = reading.Valid(read.Findings), reading.Strict(read.Findings)
	// An empty list is a list too, also in JSON.
	if read.Kinds == nil {
		read.Kinds = []string{}
	}
	if read.Findings == nil {
		read.Findings = []reading.Finding{}
	}
	if read.Fields == nil {
		read.Fields = []reading.Field{}
	}
	return read
}

// unwrapped drops what scanners put around a text.
func unwrapped(text string) string { return strings.Trim(text, " \t\r\n\ufeff") }

// meantAsMPM reports an EMVCo code that does not start as one: objects to its
// end, among them a payload format and a checksum.
func meantAsMPM(text string) bool {
	code, _ := mpm.Read(text)
	format, hasFormat := code.Value(mpm.IDPayloadFormat)
	_, hasChecksum := code.Value(mpm.IDChecksum)
	return hasFormat && hasChecksum && len(format) == len("01")
}

// meantAsCPM reports base64 that holds the format indicator in the wrong place.
func meantAsCPM(text string) bool {
	if len(text) > base64.StdEncoding.EncodedLen(cpm.SizeMax) {
		return false
	}
	data, err := base64.StdEncoding.DecodeString(text)
	return err == nil && bytes.Contains(data, []byte("\x85\x05CPV01"))
}
