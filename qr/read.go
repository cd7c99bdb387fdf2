package qr

import (
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// Read reads any scanned text. Codes of our own are read without a directory, so
// that their signatures are not verified.
func Read(text string) reading.Reading {
	if own, ok := readOwn(text); ok {
		return own
	}
	if mpm.Recognises(text) {
		code, findings := mpm.Read(text)
		read := readingOf("mpm", findings, code.Fields())
		return read
	}
	return readingOf("", []reading.Finding{{Code: reading.Unknown, Severity: reading.Error, Detail: "no kind of payment code that we know"}}, []reading.Field{})
}
