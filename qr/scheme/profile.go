package scheme

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/routing"
)

// A Profile is what one scheme makes of the EMVCo format: data, and nothing but
// data. Two schemes that differ, differ here.
type Profile struct {
	Kind       string   // such as mpm/pix
	Name       string   // for people
	Country    string   // where the scheme is at home, ISO 3166-1; empty where it is so in several
	Currencies []string // all in which it pays, numeric codes of ISO 4217; nil for any

	Templates []Template // objects that belong to the scheme
	Objects   []Field    // what it says in objects of the standard, such as 62
	Opaque    []mpm.ID   // templates in which it keeps something else than objects
	Demands   [][]mpm.ID // objects that it wants beyond the standard, each as the path to it
	Rulings   []Ruling   // findings that weigh more or less there
}

// A Template is an object, plain or a template, that belongs to a scheme.
type Template struct {
	routing.EMVCo

	// Kinds that a code with this object has. Nil where the object does not tell.
	Kinds []string
	// Exclusive says that the payee stands in one field of one such template alone:
	// two of them are two answers to the question who is paid.
	Exclusive bool
	Fields    []Field
}

// A Field is one object as a scheme knows it.
type Field struct {
	ID     mpm.ID
	Name   string // in lower case with underscores
	Form   Form
	Loose  bool    // so many codes are not of the form that it is merely noted
	Payee  bool    // it says who is paid: a code needs one such field
	Signed string  // what a signature of the scheme says there, for people; empty where there is none
	Fields []Field // where it is a template itself
}

// A Form is what the value of a field looks like.
type Form struct {
	Digits  bool     // nothing but digits
	Lengths []int    // characters, every length that there is; nil for up to Max
	Max     int      // characters; 0 for any
	Words   []string // one of these; nil for any
	Has     string   // holds this
	Address bool     // a host and what follows it, without a scheme such as https
}

// A Ruling is the severity that a finding has in a scheme.
type Ruling struct {
	Code     reading.Code
	Place    reading.Place
	Values   []string // only where the object is one of these; nil for any
	Severity reading.Severity
}

// fits reports whether value has the form.
func (f *Form) fits(value string) bool {
	return (f.Lengths == nil || slices.Contains(f.Lengths, utf8.RuneCountInString(value))) &&
		(f.Max == 0 || len(value) <= f.Max || utf8.RuneCountInString(value) <= f.Max) &&
		(!f.Digits || isDigits(value)) &&
		(f.Words == nil || slices.Contains(f.Words, value)) &&
		(f.Has == "" || strings.Contains(value, f.Has)) &&
		(!f.Address || isAddress(value))
}

func isDigits(value string) bool {
	for i := range len(value) {
		if value[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// isAddress reports whether value starts with a host, in which nothing but its name
// stands: no user, no port, no scheme.
func isAddress(value string) bool {
	dots := 0
	for i := range len(value) {
		switch c := value[i]; {
		case c == '/' || c == '?':
			return i > 0 && dots > 0
		case c == '.':
			dots++
		case c == '-', c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z':
		default:
			return false
		}
	}
	return dots > 0
}

// Short spellings of the commonest forms.

func digits(lengths ...int) Form { return Form{Digits: true, Lengths: lengths} }

func digitsUpTo(n int) Form { return Form{Digits: true, Max: n} }

func exactly(length int) Form { return Form{Lengths: []int{length}} }

func upTo(n int) Form { return Form{Max: n} }

func oneOf(words ...string) Form { return Form{Words: words} }

// named returns where a template with that GUID may stand: wherever there is
// room, because the GUID is unique in the world.
func named(guid string) routing.EMVCo { return routing.EMVCo{First: 26, Last: 51, GUID: guid} }

// owns reports whether the object is the template: the range and the GUID decide.
func (t *Template) owns(object *mpm.Object) bool {
	if object.ID < t.First || object.ID > t.Last {
		return false
	}
	if t.Holds != nil {
		if value, ok := mpm.Inside(object.Value, t.Holds.ID); !ok || !strings.HasPrefix(value, t.Holds.Start) {
			return false
		}
	}
	if t.GUID == "" {
		return true
	}
	guid, _ := mpm.Inside(object.Value, mpm.IDScheme)
	start, anyRest := strings.CutSuffix(t.GUID, "*")
	if anyRest {
		return len(guid) > len(start) && strings.EqualFold(guid[:len(start)], start)
	}
	// Letters of other scripts that fold to one of ASCII, as ſ does, have more bytes.
	return len(guid) == len(start) && strings.EqualFold(guid, start)
}

// namesPayee reports whether we know where in the template the payee stands.
func (t *Template) namesPayee() bool {
	return slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Payee })
}

// rivals reports whether a code that has both templates says twice who is paid: the
// same one twice, by the whole name of its scheme, or two that are exclusive.
func (t *Template) rivals(other *Template) bool {
	isNamed := t.GUID != "" && !strings.HasSuffix(t.GUID, "*")
	return t == other && isNamed && t.namesPayee() || t.Exclusive && other.Exclusive
}

// template returns the first template of the scheme that the object is.
func (p *Profile) template(object *mpm.Object) *Template {
	for i := range p.Templates {
		if p.Templates[i].owns(object) {
			return &p.Templates[i]
		}
	}
	return nil
}

// fieldOf returns the field with that id, if there is one.
func fieldOf(fields []Field, id mpm.ID) *Field {
	for i := range fields {
		if fields[i].ID == id {
			return &fields[i]
		}
	}
	return nil
}

// fieldsOf returns what the scheme knows of the objects inside of object.
func (p *Profile) fieldsOf(object *mpm.Object) []Field {
	if template := p.template(object); template != nil && template.First >= firstTemplate {
		return template.Fields
	}
	if field := fieldOf(p.Objects, object.ID); field != nil {
		return field.Fields
	}
	return nil
}

// firstTemplate is the first object of the root that holds objects.
const firstTemplate mpm.ID = 26
