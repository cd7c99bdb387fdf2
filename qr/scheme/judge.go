package scheme

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// Judge applies the schemes of a code to what the EMVCo standard says about it.
// Kinds are those of the code, the closest first, and findings those of mpm.Read,
// which are changed in place.
//
// The closest scheme, to which the code as a whole belongs, decides what weighs
// more or less there, what must not be missing, and which country and currencies
// there are. Every scheme judges its own objects. What makes a code mean two
// things, or look like another, is an error in all of them. Judge does not
// allocate where there is nothing to add.
func Judge(code mpm.Code, kinds []string, findings []reading.Finding) []reading.Finding {
	if len(kinds) == 0 || byKind[kinds[0]] == nil {
		return findings
	}
	closest := byKind[kinds[0]]
	j := judgement{code: code, findings: findings}
	j.weigh(closest)
	payees := 0
	for _, kind := range kinds {
		if profile := byKind[kind]; profile != nil {
			payees += j.judgeObjects(profile)
		}
	}
	if j.isComplete() {
		j.judgeWhole(closest, payees)
	}
	if len(j.findings) > len(findings) && len(j.findings) > 1 {
		j.sort()
	}
	return j.findings
}

// A judgement collects what is found about one code.
type judgement struct {
	code     mpm.Code
	findings []reading.Finding
}

func (j *judgement) found(code reading.Code, at path, severity reading.Severity, detail string) {
	place := at.place()
	// The standard may have said so already, and two schemes may agree.
	same := slices.IndexFunc(j.findings, func(f reading.Finding) bool { return f.Code == code && f.Place == place })
	if same >= 0 {
		if severity == reading.Error {
			j.findings[same].Severity = severity
		}
		return
	}
	j.findings = append(j.findings, reading.Finding{Code: code, Place: place, Severity: severity, Detail: detail})
}

// misleading are the findings of which no scheme thinks less: in a code with one
// of them, two readers or two people may see two things.
var misleading = []reading.Code{
	reading.Twice, reading.Contradiction, reading.Checksum, reading.Trailing, reading.Misplaced,
	reading.HiddenText, reading.NotUTF8, reading.NotComposed, reading.LengthInBytes, reading.TooMany,
}

// weigh gives the findings the severities of the scheme.
func (j *judgement) weigh(profile *Profile) {
	for i := range j.findings {
		finding := &j.findings[i]
		if slices.Contains(misleading, finding.Code) {
			continue
		}
		if finding.Severity == reading.Error && profile.isOpaque(finding.Place) {
			finding.Severity = reading.Warning
		}
		for _, ruling := range profile.Rulings {
			if ruling.Code == finding.Code && ruling.Place == finding.Place && j.isOneOf(finding.Place, ruling.Values) {
				finding.Severity = ruling.Severity
			}
		}
	}
}

// isOpaque reports a place inside of an opaque template of the scheme. What is wrong
// with the object itself, such as its length, is wrong with the whole code.
func (p *Profile) isOpaque(place reading.Place) bool {
	root, _, isInside := strings.Cut(string(place), ".")
	return isInside && slices.ContainsFunc(p.Opaque, func(id mpm.ID) bool { return string(pathTo(id).place()) == root })
}

// isOneOf reports whether the object of the root at place has one of the values.
func (j *judgement) isOneOf(place reading.Place, values []string) bool {
	if values == nil {
		return true
	}
	for _, object := range j.code.Objects() {
		if pathTo(object.ID).place() == place {
			return slices.Contains(values, object.Value)
		}
	}
	return false
}

// isComplete reports whether the code was read to its end. In half a code nothing
// is missing that might not have come.
func (j *judgement) isComplete() bool {
	objects := j.code.Objects()
	return len(objects) > 0 && objects[len(objects)-1].ID == mpm.IDChecksum
}

// judgeObjects judges the objects of the scheme and counts those that name a payee.
func (j *judgement) judgeObjects(profile *Profile) (payees int) {
	objects := j.code.Objects()
	for i := range objects {
		object := &objects[i]
		at := pathTo(object.ID)
		if template := profile.template(object); template != nil {
			payees += j.judgeTemplate(template, object.Value, at)
			j.judgeRivals(profile, template, objects[:i], at)
		}
		if field := fieldOf(profile.Objects, object.ID); field != nil {
			j.judgeField(field, object.Value, at)
		}
	}
	return payees
}

// judgeRivals refuses a template where one before it already answers the question
// who is paid. The standard has a word of its own for two with the same id.
func (j *judgement) judgeRivals(profile *Profile, template *Template, before []mpm.Object, at path) {
	for i := range before {
		rival := profile.template(&before[i])
		if rival != nil && pathTo(before[i].ID) != at && template.rivals(rival) {
			j.found(reading.Contradiction, at, reading.Error, fmt.Sprintf("object %02d names a payee of %s, too", before[i].ID, profile.Name))
			return
		}
	}
}

// judgeTemplate judges a template of the scheme and counts the payees in it. One
// of which we do not know where the payee stands has one.
func (j *judgement) judgeTemplate(template *Template, value string, at path) (payees int) {
	if !template.namesPayee() {
		payees++
	}
	if template.First < firstTemplate {
		return payees
	}
	for object := range mpm.All(value) {
		field := fieldOf(template.Fields, object.ID)
		if field == nil {
			continue
		}
		j.judgeField(field, object.Value, at.inside(object.ID))
		if field.Payee && object.Value != "" {
			payees++
		}
	}
	if payees > 1 && template.Exclusive {
		j.found(reading.Contradiction, at, reading.Error, fmt.Sprintf("names %d payees where there is one", payees))
	}
	return payees
}

// judgeField judges a value, and what is inside of it.
func (j *judgement) judgeField(field *Field, value string, at path) {
	if value == "" {
		return // The standard has its own word for that.
	}
	if !field.Form.fits(value) {
		severity := reading.Warning
		if field.Loose {
			severity = reading.Note
		}
		j.found(reading.Format, at, severity, "not of the form that it has in this scheme")
	}
	if field.Signed != "" {
		j.found(reading.SignedElse, at, reading.Note, field.Signed)
	}
	if field.Fields != nil {
		j.judgeInside(field, value, at)
	}
}

// judgeInside judges the objects inside of a field. The standard looks into the
// templates of the root alone, so that here is where one deeper must be found to be
// no row of objects, or to hold one twice.
func (j *judgement) judgeInside(field *Field, value string, at path) {
	isDeep := at.depth > 1
	var seen [100]bool
	length := 0
	for object := range mpm.All(value) {
		if isDeep && seen[object.ID] {
			j.found(reading.Twice, at.inside(object.ID), reading.Error, "stands there twice: which one counts is not said")
		}
		seen[object.ID] = true
		length += len("0000") + len(object.Value)
		if inside := fieldOf(field.Fields, object.ID); inside != nil {
			j.judgeField(inside, object.Value, at.inside(object.ID))
		}
	}
	if isDeep && length != len(value) {
		j.found(reading.Format, at, reading.Error, "no row of objects, as it is in this scheme")
	}
}

// judgeWhole judges what no object of the scheme says alone.
func (j *judgement) judgeWhole(profile *Profile, payees int) {
	if payees == 0 && profile.Templates != nil {
		j.found(reading.Missing, pathTo(), reading.Error, profile.Name+" finds nobody to pay in this code")
	}
	if currency, ok := j.code.Value(mpm.IDCurrency); ok && profile.Currencies != nil && !slices.Contains(profile.Currencies, currency) {
		j.found(reading.Contradiction, pathTo(mpm.IDCurrency), reading.Error, profile.Name+" does not pay in this currency")
	}
	// The account decides where the money goes, whatever country the code names.
	if country, ok := j.code.Value(mpm.IDCountry); ok && profile.Country != "" && country != profile.Country {
		j.found(reading.Contradiction, pathTo(mpm.IDCountry), reading.Warning, profile.Name+" is at home in "+profile.Country)
	}
	for _, demand := range profile.Demands {
		if !j.has(demand) {
			j.found(reading.Missing, pathTo(demand...), reading.Warning, "mandatory in "+profile.Name)
		}
	}
}

// has reports whether the code has an object at a path of one or two ids.
func (j *judgement) has(ids []mpm.ID) bool {
	for _, object := range j.code.Objects() {
		if object.ID != ids[0] {
			continue
		}
		if len(ids) == 1 {
			return true
		}
		for inside := range mpm.All(object.Value) {
			if inside.ID == ids[1] {
				return true
			}
		}
	}
	return false
}

// sort puts the findings in the order of the text: those about the whole text
// first, those about what is missing last.
func (j *judgement) sort() {
	objects := j.code.Objects()
	rank := func(f reading.Finding) int {
		if f.Place == "" {
			return -1
		}
		root, _, _ := strings.Cut(string(f.Place), ".")
		for i := range objects {
			if string(pathTo(objects[i].ID).place()) == root {
				return i
			}
		}
		return len(objects)
	}
	slices.SortStableFunc(j.findings, func(a, b reading.Finding) int { return rank(a) - rank(b) })
}
