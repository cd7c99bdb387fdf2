package qr

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
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
	match := identify(text)
	if !slices.ContainsFunc(match.Kinds, isOwnKind) {
		return scheme.Read(text)
	}
	own, ok := readOwn(text)
	switch {
	case ok:
		own.Kinds = append(own.Kinds, foreignKinds(match)...)
		return own
	case match.Flaw == "" || match.Flaw == reading.Unknown:
		return scheme.Read(text)
	}
	return readingOf(match.Kinds[0], []reading.Finding{{
		Code: reading.Unknown, Severity: reading.Error, Detail: "starts as a payment code of this network, and has not its 24 digits",
	}}, []reading.Field{})
}

// foreignKinds returns the other schemes that stand on a sticker of ours.
func foreignKinds(match routing.Match) []string {
	return slices.DeleteFunc(slices.Clone(match.Kinds), isOwnKind)
}

func isOwnKind(kind string) bool { return strings.HasPrefix(kind, "hansa/") }
