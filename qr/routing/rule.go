package routing

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/qr/mpm"
)

// A Rule says by which outer form a text belongs to its kinds. It has exactly
// one of the four forms. Several kinds in one rule share their owner: the form
// does not tell them apart, and the first is the likeliest.
type Rule struct {
	Kinds  []string `json:"kinds"`
	Digits *Digits  `json:"digits,omitempty"`
	EMVCo  *EMVCo   `json:"emvco,omitempty"`
	Link   *Link    `json:"link,omitempty"`
	Start  *Start   `json:"start,omitempty"`
}

// Digits is the form of a numeric payment code: nothing but ASCII digits.
type Digits struct {
	Prefix   string `json:"prefix"`
	Lengths  []int  `json:"lengths"`            // how many digits such codes have, ascending
	Reserved []int  `json:"reserved,omitempty"` // lengths that the owner keeps for later: its own, and not in use
}

// EMVCo is the form of a merchant-presented EMVCo code that holds an account of
// the scheme. Without any member it is every EMVCo code.
type EMVCo struct {
	First mpm.ID `json:"first,omitempty"` // the objects in which the account may stand: 2 to 25 hold
	Last  mpm.ID `json:"last,omitempty"`  // a plain value, 26 to 51 a template
	// GUID is what the template names itself by in its object 00, compared without
	// case. A star at the end stands for any rest. Empty is any GUID, or none.
	GUID string `json:"guid,omitempty"`
	// Holds must also stand inside the template.
	Holds *Holds `json:"holds,omitempty"`
	// Country and Currency must equal objects 58 and 53, unless they are empty.
	Country  string `json:"country,omitempty"`
	Currency string `json:"currency,omitempty"`
	// Whole says that the code as a whole is of this scheme, and that the other
	// schemes in it are its guests.
	Whole bool `json:"whole,omitempty"`
}

// Holds is an object inside a template, with a value that starts so.
type Holds struct {
	ID    mpm.ID `json:"id"`
	Start string `json:"start,omitempty"`
}

// Link is the form of a payment link: the scheme of a URI, the exact host and
// the start of the path, all compared without case. An empty host is any host; one may
// name a port, and then only that is its owner's.
type Link struct {
	Scheme string `json:"scheme"`
	Host   string `json:"host,omitempty"`
	Path   string `json:"path,omitempty"`
}

// Start is the form of a text with a literal start, of which case matters.
type Start struct {
	Text string `json:"text"`
	Line bool   `json:"line,omitempty"` // the start is the whole first line
}

const (
	digitsMax = 64 // in one numeric code
	guidMax   = 32 // characters
)

// The objects of an EMVCo code that hold accounts.
const (
	accountFirst  mpm.ID = 2
	templateFirst mpm.ID = 26
	accountLast   mpm.ID = 51
)

// What the words of a rule look like.
var (
	kindForm     = regexp.MustCompile(`^[a-z0-9-]+(/[a-z0-9-]+)*$`)
	prefixForm   = regexp.MustCompile(`^[0-9]{1,32}$`)
	guidForm     = regexp.MustCompile(`^[!-)+-~]{1,32}\*?$`)
	countryForm  = regexp.MustCompile(`^([A-Z]{2})?$`)
	currencyForm = regexp.MustCompile(`^([0-9]{3})?$`)
	schemeForm   = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
	hostForm     = regexp.MustCompile(`^[][a-z0-9.:-]*$`)
	pathForm     = regexp.MustCompile(`^(/[!-"$->@-~]*)?$`)
	startForm    = regexp.MustCompile(`^[!-~]{1,32}$`)
)

// check refuses with hansa.Malformed a rule that is none.
func (r Rule) check() error {
	if len(r.Kinds) == 0 {
		return hansa.Refuse(hansa.Malformed, "a rule without a kind")
	}
	for i, kind := range r.Kinds {
		if !kindForm.MatchString(kind) || slices.Contains(r.Kinds[:i], kind) {
			return hansa.Refuse(hansa.Malformed, "kind %q: not lower case in parts, or named twice", kind)
		}
	}
	forms := 0
	for _, there := range []bool{r.Digits != nil, r.EMVCo != nil, r.Link != nil, r.Start != nil} {
		if there {
			forms++
		}
	}
	if forms != 1 || !r.wellFormed() {
		return hansa.Refuse(hansa.Malformed, "the rule of %s is not of exactly one form, or not well formed", r.Kinds[0])
	}
	return nil
}

// wellFormed reports whether the one form of the rule is.
func (r Rule) wellFormed() bool {
	switch {
	case r.Digits != nil:
		return r.Digits.wellFormed()
	case r.EMVCo != nil:
		return r.EMVCo.wellFormed()
	case r.Link != nil:
		return schemeForm.MatchString(r.Link.Scheme) && hostForm.MatchString(r.Link.Host) && pathForm.MatchString(r.Link.Path)
	}
	return startForm.MatchString(r.Start.Text)
}

func (d Digits) wellFormed() bool {
	lengths := d.claimed()
	slices.Sort(lengths)
	return prefixForm.MatchString(d.Prefix) && len(d.Lengths) > 0 &&
		slices.IsSorted(d.Lengths) && slices.IsSorted(d.Reserved) &&
		len(slices.Compact(slices.Clone(lengths))) == len(lengths) &&
		lengths[0] >= len(d.Prefix) && lengths[len(lengths)-1] <= digitsMax
}

// claimed returns all lengths that belong to the owner.
func (d Digits) claimed() []int { return slices.Concat(d.Lengths, d.Reserved) }

func (e EMVCo) wellFormed() bool {
	if e == (EMVCo{}) {
		return true
	}
	plain := e.Last < templateFirst
	return e.First >= accountFirst && e.First <= e.Last && e.Last <= accountLast &&
		(e.GUID == "" || (e.First >= templateFirst && guidForm.MatchString(e.GUID))) &&
		(e.Holds == nil || (!plain && e.Holds.ID <= 99)) &&
		countryForm.MatchString(e.Country) && currencyForm.MatchString(e.Currency)
}

// guid returns the GUID in lower case, and whether any rest may follow it.
func (e EMVCo) guid() (guid string, anyRest bool) {
	return strings.CutSuffix(strings.ToLower(e.GUID), "*")
}

// closeness ranks the rule among all of its form.
func (r Rule) closeness() int {
	switch {
	case r.Digits != nil:
		return len(r.Digits.Prefix)
	case r.EMVCo != nil:
		return r.EMVCo.closeness()
	case r.Link != nil && r.Link.Host == "":
		return len(r.Link.Path)
	case r.Link != nil:
		return hostCloseness + len(r.Link.Path)
	}
	return len(r.Start.Text)
}

// hostCloseness puts a link of a named host before one of any host.
const hostCloseness = 1 << 16

// closeness counts what the rule demands: the whole code first, then a GUID, the
// longer the better, then the country and currency.
func (e EMVCo) closeness() int {
	n := 0
	if e.Whole {
		n += 1000
	}
	if guid, anyRest := e.guid(); guid != "" {
		n += 100
		if !anyRest {
			n += 100
		}
	}
	if e.Holds != nil {
		n += 20
	}
	if e.Country != "" {
		n += 10
	}
	if e.Currency != "" {
		n += 5
	}
	return n
}
