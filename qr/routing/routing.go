// Package routing tells whose a scanned text is by its outer form alone, before
// anything in it is believed. What it knows is a list of rules, which can be
// published and polled; the package itself knows no scheme. It promises that
// every scheme that may be meant is named, the closest first, and that a text of
// no scheme is told from a broken text of a known one.
package routing

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// matchesMax bounds how many rules one text may match. No text in the field
// comes near; of more, the closest count.
const matchesMax = 16

// A Match says whose a text is.
type Match struct {
	// Kinds that the text has, or that it was meant to have where it is flawed,
	// the closest first. Shared between matches: not to be changed.
	Kinds []string
	// Flaw is empty where the outer form is right, and Unknown where no rule owns
	// the text. Then Kinds are merely those that texts of this length have.
	Flaw reading.Code
}

// Err returns nil where the outer form is right. It refuses with
// hansa.CodeUnknown a text that no rule owns, and with hansa.CodeInvalid one
// that breaks the outer form of its owner.
func (m Match) Err() error {
	if m.Flaw == "" {
		return nil
	}
	if m.Flaw == reading.Unknown {
		return hansa.Refuse(hansa.CodeUnknown, "no kind of payment code that we know")
	}
	return hansa.Refuse(hansa.CodeInvalid, "a broken code of kind %s: %s", m.Kinds[0], m.Flaw)
}

// A Table finds the rules that a text matches. It is safe for concurrent use.
// NewTable makes one.
type Table struct {
	rules []entry

	prefixes      map[string][]int       // numeric rules by their prefix
	prefixLengths []int                  // of those, the longest first
	byLength      map[int][]int          // numeric rules by the lengths in use
	anyEMVCo      []string               // the kinds of every EMVCo text
	byGUID        map[string][]int       // templates by their GUID in lower case
	byGUIDStart   []int                  // templates by the start of their GUID
	byID          [accountLast + 1][]int // templates and cards without a GUID, by each object they may be
	links         []int
	starts        []int
}

// An entry is a rule as the table keeps it.
type entry struct {
	Rule
	closeness int      // of two rules that match, the greater is the closer
	kinds     []string // of the rule, and for a template those of every EMVCo text
	guidStart string   // of a template with any rest, in lower case
}

// Match says whose text is. White space, line ends and a byte order mark around
// it, which scanners add, do not matter here. It does not allocate where one
// rule matches.
func (t *Table) Match(text string) Match {
	text = unwrap(text)
	switch {
	case text == "" || len(text) > textMax:
		return Match{Flaw: reading.Unknown}
	case mpm.Recognises(text):
		return t.emvco(text)
	case isDigits(text):
		return t.digits(text)
	}
	if match := t.start(text); match.Flaw == "" {
		return match
	}
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		return t.link(scheme, rest)
	}
	return t.foldedDigits(text)
}

// textMax is more bytes than any symbol holds.
const textMax = 8192

// unwrap drops what scanners put around a text.
func unwrap(text string) string {
	if text == "" || (printable(text[0]) && printable(text[len(text)-1])) {
		return text
	}
	return strings.Trim(text, " \t\r\n\ufeff")
}

// printable reports a byte that no scanner puts around a text.
func printable(b byte) bool { return b > ' ' && b < 0x7F }

// start matches the literal starts.
func (t *Table) start(text string) Match {
	var found hits
	for _, i := range t.starts {
		start := t.rules[i].Start
		rest, ok := strings.CutPrefix(text, start.Text)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " ")
		if !start.Line || strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n") {
			found.add(t, i)
		}
	}
	return t.match(&found, nil)
}

// hits are the rules that a text matches, the closest first.
type hits struct {
	rules [matchesMax]uint16
	n     int
}

// add enters a rule behind those that are at least as close.
func (h *hits) add(t *Table, rule int) {
	if slices.Contains(h.rules[:h.n], uint16(rule)) { //nolint:gosec // rulesMax is below 2^16.
		return
	}
	if h.n == matchesMax {
		if t.rules[h.rules[h.n-1]].closeness >= t.rules[rule].closeness {
			return
		}
		h.n-- // The least close gives way, so that no crowd hides whose the code is.
	}
	at := h.n
	for at > 0 && t.rules[h.rules[at-1]].closeness < t.rules[rule].closeness {
		h.rules[at] = h.rules[at-1]
		at--
	}
	h.rules[at] = uint16(rule) //nolint:gosec // rulesMax is below 2^16.
	h.n++
}

// match returns the kinds of all hits, or otherwise if there is none. It
// allocates only if a further hit adds a kind to those of the closest.
func (t *Table) match(h *hits, otherwise []string) Match {
	if h.n == 0 {
		if otherwise == nil {
			return Match{Flaw: reading.Unknown}
		}
		return Match{Kinds: otherwise}
	}
	kinds := t.rules[h.rules[0]].kinds
	for _, i := range h.rules[1:h.n] {
		for _, kind := range t.rules[i].Kinds {
			if !slices.Contains(kinds, kind) {
				return Match{Kinds: t.gather(h)}
			}
		}
	}
	return Match{Kinds: kinds}
}

// gather joins the kinds of all hits, each once, those of every EMVCo text last.
func (t *Table) gather(h *hits) []string {
	var kinds, last []string
	for _, i := range h.rules[:h.n] {
		rule := t.rules[i]
		if rule.EMVCo != nil {
			last = t.anyEMVCo
		}
		kinds = appendNew(kinds, rule.Kinds)
	}
	return appendNew(kinds, last)
}

func appendNew(kinds, more []string) []string {
	for _, kind := range more {
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
