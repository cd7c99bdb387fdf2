// Package reading is what every reader of a payment code answers with: the
// fields that were read and the findings about them, never a bare yes or no.
// It promises that the words are stable: programs branch on a Code and a
// Severity, people read the Detail. It reads nothing itself.
package reading

import "slices"

// A Reading is everything that was read in one text.
type Reading struct {
	Kind     string    `json:"kind"`     // the closest kind, such as mpm/pix; empty where no kind is known
	Kinds    []string  `json:"kinds"`    // all kinds that match, the closest first; a text may belong to several schemes
	Valid    bool      `json:"valid"`    // no finding is an error: a wallet in production accepts the text
	Strict   bool      `json:"strict"`   // nor a warning: the text keeps every rule of its standard
	Findings []Finding `json:"findings"` // in the order of the text; empty, never nil
	Fields   []Field   `json:"fields"`   // in the order of the text; empty, never nil
}

// A Field is one value of a code, at the place where it stood.
type Field struct {
	Place Place  `json:"place"`
	Name  string `json:"name"`  // what its standard calls it, in lower case with underscores; empty where the standard does not know it
	Value string `json:"value"` // as it was scanned
}

// A Finding is one thing that a reader noticed.
type Finding struct {
	Code     Code     `json:"code"`
	Place    Place    `json:"place,omitempty"` // empty where it is about the whole text
	Severity Severity `json:"severity"`
	Detail   string   `json:"detail"` // for people, in English; may quote a few characters of the text
}

// A Place says where in a text: the numbers of nested objects joined by points
// (26.00), the tags of nested values (61.4F), the number of a line (line 7) or
// the name of a parameter (am).
type Place string

// A Severity says what follows from a finding.
type Severity string

// The severities, the worst first.
const (
	Error   Severity = "error"   // the code must not be used: a wallet in production refuses it
	Warning Severity = "warning" // breaks its standard, but codes in the field do so and mean no harm
	Note    Severity = "note"    // allowed, and worth knowing
)

// Valid reports whether no finding is an error.
func Valid(findings []Finding) bool {
	return !slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

// Strict reports whether no finding is an error or a warning.
func Strict(findings []Finding) bool {
	return !slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity != Note })
}
