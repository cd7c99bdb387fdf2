package routing

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
)

// rulesMax bounds a table, so that nobody is made to load one without end.
const rulesMax = 4096

// NewTable returns the table of rules. Their order decides only between rules
// that are equally close.
//
// It refuses with hansa.Malformed a rule that is none, with hansa.TooLarge too
// many, and with hansa.AlreadyExists two rules that claim the same text equally
// closely, of which it names both.
func NewTable(rules []Rule) (*Table, error) {
	if len(rules) > rulesMax {
		return nil, hansa.Refuse(hansa.TooLarge, "%d rules, at most %d", len(rules), rulesMax)
	}
	table := &Table{
		prefixes: make(map[string][]int),
		byLength: make(map[int][]int),
		byGUID:   make(map[string][]int),
	}
	for i, rule := range rules {
		if err := rule.check(); err != nil {
			return nil, err
		}
		for _, other := range rules[:i] {
			if other.overlaps(rule) {
				return nil, hansa.Refuse(hansa.AlreadyExists, "the rules of %s and of %s claim the same texts",
					strings.Join(other.Kinds, ", "), strings.Join(rule.Kinds, ", "))
			}
		}
		table.rules = append(table.rules, entry{Rule: rule, closeness: rule.closeness(), kinds: slices.Clip(slices.Clone(rule.Kinds))})
		if rule.EMVCo != nil && *rule.EMVCo == (EMVCo{}) {
			table.anyEMVCo = table.rules[i].kinds
		}
	}
	table.index()
	return table, nil
}

// overlaps reports whether two rules claim the same text equally closely.
func (r Rule) overlaps(other Rule) bool {
	switch {
	case r.Digits != nil && other.Digits != nil:
		a, b := r.Digits, other.Digits
		return a.Prefix == b.Prefix && slices.ContainsFunc(a.claimed(), func(n int) bool { return slices.Contains(b.claimed(), n) })
	case r.EMVCo != nil && other.EMVCo != nil:
		return r.EMVCo.overlaps(*other.EMVCo)
	case r.Link != nil && other.Link != nil:
		return r.Link.Scheme == other.Link.Scheme && r.Link.Host == other.Link.Host && strings.EqualFold(r.Link.Path, other.Link.Path)
	case r.Start != nil && other.Start != nil:
		return r.Start.Text == other.Start.Text
	}
	return false
}

// overlaps compares what two rules demand. Rules of which one demands more are
// not equally close, and two that demand different things are apart.
func (e EMVCo) overlaps(other EMVCo) bool {
	holds := func(e EMVCo) Holds {
		if e.Holds == nil {
			return Holds{}
		}
		return *e.Holds
	}
	return e.First <= other.Last && other.First <= e.Last &&
		strings.EqualFold(e.GUID, other.GUID) && (e.Holds == nil) == (other.Holds == nil) && holds(e) == holds(other) &&
		e.Country == other.Country && e.Currency == other.Currency
}

// index enters every rule where a text will look for it.
func (t *Table) index() {
	for i, rule := range t.rules {
		switch {
		case rule.Digits != nil:
			t.indexDigits(i)
		case rule.EMVCo != nil:
			t.indexEMVCo(i)
		case rule.Link != nil:
			t.links = append(t.links, i)
		case rule.Start != nil:
			t.starts = append(t.starts, i)
		}
	}
	for _, same := range t.byGUID {
		slices.SortStableFunc(same, func(a, b int) int { return t.rules[b].closeness - t.rules[a].closeness })
	}
	for prefix := range t.prefixes {
		t.prefixLengths = append(t.prefixLengths, len(prefix))
	}
	slices.Sort(t.prefixLengths)
	t.prefixLengths = slices.Compact(t.prefixLengths)
	slices.Reverse(t.prefixLengths)
}

func (t *Table) indexDigits(i int) {
	digits := t.rules[i].Digits
	t.prefixes[digits.Prefix] = append(t.prefixes[digits.Prefix], i)
	for _, length := range digits.Lengths {
		t.byLength[length] = append(t.byLength[length], i)
	}
}

func (t *Table) indexEMVCo(i int) {
	rule := &t.rules[i]
	if *rule.EMVCo == (EMVCo{}) {
		return
	}
	rule.kinds = slices.Clip(appendNew(rule.kinds, t.anyEMVCo))
	guid, anyRest := rule.EMVCo.guid()
	switch {
	case guid == "":
		for id := rule.EMVCo.First; id <= rule.EMVCo.Last; id++ {
			t.byID[id] = append(t.byID[id], i)
		}
	case anyRest:
		rule.guidStart = guid
		t.byGUIDStart = append(t.byGUIDStart, i)
	default:
		t.byGUID[guid] = append(t.byGUID[guid], i)
	}
}
