package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"
)

// A line is one line of an export while it is read: its members that nobody has
// asked for yet, and what is wrong with it, the first thing only.
type line struct {
	members map[string]json.RawMessage
	wrong   error
}

// parseLine reads a JSON object. Unlike encoding/json alone it takes every name
// to the letter, and once.
func parseLine(text []byte) *line {
	l := &line{members: make(map[string]json.RawMessage)}
	if !utf8.Valid(text) {
		l.fail("not UTF-8")
		return l
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		l.fail("not a JSON object")
		return l
	}
	for decoder.More() {
		name, err := decoder.Token()
		var value json.RawMessage
		if err == nil {
			err = decoder.Decode(&value)
		}
		if err != nil {
			l.fail("not a JSON object: %v", err)
			return l
		}
		known, _ := name.(string) // The name of a member is a string.
		if _, twice := l.members[known]; twice {
			l.fail("%q comes twice", known)
		}
		l.members[known] = value
	}
	if _, err := decoder.Token(); err != nil {
		l.fail("not a JSON object: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		l.fail("more than one JSON object")
	}
	return l
}

func (l *line) fail(format string, arguments ...any) {
	if l.wrong == nil {
		l.wrong = fmt.Errorf(format, arguments...)
	}
}

// isRead reports whether the line could be read at all.
func (l *line) isRead() bool { return l.wrong == nil }

// isRight reports whether nothing is wrong with the line, once all its members were
// asked for.
func (l *line) isRight() bool {
	for _, name := range slices.Sorted(maps.Keys(l.members)) {
		l.fail("%q is not in the schema", name)
	}
	return l.wrong == nil
}

// take returns a member, which must be there.
func (l *line) take(name string) json.RawMessage {
	value, ok := l.members[name]
	if !ok {
		l.fail("%q is missing", name)
	}
	delete(l.members, name)
	return value
}

// text is a string that is not empty.
func (l *line) text(name string) string {
	var text string
	if err := json.Unmarshal(l.take(name), &text); err != nil || text == "" {
		l.fail("%q is not a text", name)
	}
	return text
}

// oneOf is one of the words.
func (l *line) oneOf(name string, words ...string) string {
	word := l.text(name)
	if !slices.Contains(words, word) {
		l.fail("%q is the unknown word %q", name, word)
	}
	return word
}

// whole is how a whole number is written.
var whole = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)

// number is a whole number of 64 bits, at least least.
func (l *line) number(name string, least int64) int64 {
	var number int64
	raw := l.take(name)
	if err := json.Unmarshal(raw, &number); err != nil || !whole.Match(raw) || number < least {
		l.fail("%q is not a whole number in its bounds", name)
	}
	return number
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func (l *line) currency(name string) string {
	code := l.text(name)
	if !currencyCode.MatchString(code) {
		l.fail("%q is not a currency", name)
	}
	return code
}

// An amount is in minor units of its currency.
type amount struct {
	value    int64
	currency string
}

// amount is an object of a value above zero and a currency.
func (l *line) amount(name string) amount {
	inner := parseLine(l.take(name))
	read := amount{value: inner.number("value", 1), currency: inner.currency("currency")}
	if !inner.isRight() {
		l.fail("%q: %v", name, inner.wrong)
	}
	return read
}

// hash is a SHA-256 in lower-case hex.
func (l *line) hash(name string) string {
	hash := l.text(name)
	if !isHash(hash) {
		l.fail("%q is not a hash", name)
	}
	return hash
}

func isHash(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == 32 && hex.EncodeToString(sum) == text
}

// hashes is a list of hashes.
func (l *line) hashes(name string) []string {
	var list []string
	if err := json.Unmarshal(l.take(name), &list); err != nil || list == nil || !every(list, isHash) {
		l.fail("%q is not a list of hashes", name)
	}
	return list
}

// every reports whether all of the list hold.
func every[T any](list []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(list, func(one T) bool { return !holds(one) })
}

// bytes are in standard base64 with padding.
func (l *line) bytes(name string) []byte {
	decoded, err := base64.StdEncoding.Strict().DecodeString(l.text(name))
	if err != nil {
		l.fail("%q is not base64: %v", name, err)
	}
	return decoded
}
