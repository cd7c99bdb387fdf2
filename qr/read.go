package qr

import (
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/scheme"
)

// Read reads any text that was scanned or typed: a code of ours or of any scheme
// that we know. It never fails. The kinds of a broken text are those whose outer
// form it has, or was meant to have; a text of no kind has no kinds and the finding
// Unknown.
//
// Codes of our own are read without a directory, so that their signatures are not
// verified: see Verify.
func Read(text string) reading.Reading {
	own, ok := readOwn(text)
	if !ok {
		return scheme.Read(text)
	}
	// On one sticker may stand other schemes too.
	kinds, _ := scheme.Identify(text)
	for _, kind := range kinds {
		if !isOwnKind(kind) {
			own.Kinds = append(own.Kinds, kind)
		}
	}
	return own
}

func isOwnKind(kind string) bool { return strings.HasPrefix(kind, "hansa/") }
