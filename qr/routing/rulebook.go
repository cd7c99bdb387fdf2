package routing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hansa-network/hansa"
)

// A Rulebook is a list of rules as it is published: to wallets and tills, which
// ask at least daily whether the version is still theirs.
type Rulebook struct {
	// Version is the day on which the rules were last changed and the fingerprint
	// of their text: other rules always have another version.
	Version string `json:"version"`
	Rules   []Rule `json:"rules"`
}

const (
	rulebookMax       = 1 << 20 // bytes of a published rulebook
	fingerprintDigits = 16      // of the SHA-256 in hexadecimal
)

// NewRulebook returns the rulebook of rules that were last changed on that day,
// written as 2026-11-22.
func NewRulebook(day string, rules []Rule) Rulebook {
	text, err := json.Marshal(rules)
	if err != nil {
		panic("routing: rules without JSON: " + err.Error())
	}
	return Rulebook{Version: version(day, text), Rules: rules}
}

// version joins the day with the fingerprint of the rules, which are JSON without
// white space between its words.
func version(day string, rules []byte) string {
	sum := sha256.Sum256(rules)
	return day + "." + hex.EncodeToString(sum[:])[:fingerprintDigits]
}

// ReadRulebook reads a published rulebook, which is a JSON object.
//
// A rule of a form that this version of the package does not know is passed
// over: its texts stay unknown here, as they would without the rulebook. A known
// form with a member that is not known is refused, because that member may narrow
// what the rule claims. So are a version that is not that of the rules, more than
// a mebibyte, and what NewTable refuses about a single rule.
//
// It refuses with hansa.Malformed, hansa.UnknownField or hansa.TooLarge.
func ReadRulebook(text []byte) (Rulebook, error) {
	if len(text) > rulebookMax {
		return Rulebook{}, hansa.Refuse(hansa.TooLarge, "a rulebook has at most %d bytes", rulebookMax)
	}
	var published struct {
		Version string          `json:"version"`
		Rules   json.RawMessage `json:"rules"`
	}
	if err := json.Unmarshal(text, &published); err != nil {
		return Rulebook{}, hansa.Refuse(hansa.Malformed, "rulebook: %v", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, published.Rules); err != nil {
		return Rulebook{}, hansa.Refuse(hansa.Malformed, "rulebook without rules")
	}
	day, _, _ := bytes.Cut([]byte(published.Version), []byte("."))
	if published.Version != version(string(day), compact.Bytes()) {
		return Rulebook{}, hansa.Refuse(hansa.Malformed, "the version of the rulebook is not that of its rules")
	}
	rules, err := readRules(compact.Bytes())
	return Rulebook{Version: published.Version, Rules: rules}, err
}

// readRules reads the rules of known forms out of a JSON array.
func readRules(text []byte) ([]Rule, error) {
	var published []map[string]json.RawMessage
	if err := json.Unmarshal(text, &published); err != nil {
		return nil, hansa.Refuse(hansa.Malformed, "rules: %v", err)
	}
	var rules []Rule
	for _, members := range published {
		rule, known, err := readRule(members)
		if err != nil {
			return nil, err
		}
		if known {
			rules = append(rules, rule)
		}
	}
	return rules, nil
}

// readRule reads one rule, and reports whether its form is known.
func readRule(members map[string]json.RawMessage) (rule Rule, known bool, err error) {
	forms := map[string]any{"digits": &rule.Digits, "emvco": &rule.EMVCo, "link": &rule.Link, "start": &rule.Start}
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		into, ok := forms[name]
		switch {
		case ok:
			known = true
		case name == "kinds":
			into = &rule.Kinds
		default:
			unknown = append(unknown, name)
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(members[name]))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(into); err != nil {
			return Rule{}, false, hansa.Refuse(hansa.Malformed, "%s of a rule: %v", name, err)
		}
	}
	if !known {
		return Rule{}, false, nil
	}
	if len(unknown) > 0 {
		return Rule{}, false, hansa.Refuse(hansa.UnknownField, "%q in the rule of %q", unknown[0], rule.Kinds)
	}
	return rule, true, rule.check()
}
