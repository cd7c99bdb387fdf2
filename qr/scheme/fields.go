package scheme

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/qr/mpm"
	"github.com/hansa-network/hansa/qr/reading"
)

// fieldsMax is how many fields are returned of one code.
const fieldsMax = 128

// Fields returns the fields of a code under the names that its schemes give them:
// object 26.01 is the key in a code of PIX. What a scheme knows to be a template is
// taken apart. Kinds are those of the code, the closest first.
func Fields(code mpm.Code, kinds []string) []reading.Field {
	fields := code.Fields()
	for _, kind := range slices.Backward(kinds) { // The name that the closest gives stays.
		if profile := byKind[kind]; profile != nil {
			fields = profile.name(code, fields)
		}
	}
	return fields[:min(len(fields), fieldsMax)]
}

// name gives the fields the names of one scheme.
func (p *Profile) name(code mpm.Code, fields []reading.Field) []reading.Field {
	named := make([]reading.Field, 0, len(fields))
	for _, field := range fields {
		known := p.fieldAt(code, field.Place)
		if known == nil {
			named = append(named, field)
			continue
		}
		if known.Name != "" {
			field.Name = known.Name
		}
		if inside := insideOf(known, field); inside != nil {
			named = append(named, inside...)
			continue
		}
		named = append(named, field)
	}
	return named
}

// fieldAt returns what the scheme knows of the object at place. Of an object that
// stands there twice it is the first.
func (p *Profile) fieldAt(code mpm.Code, place reading.Place) *Field {
	root, rest, isInside := strings.Cut(string(place), ".")
	objects := code.Objects()
	i := slices.IndexFunc(objects, func(object mpm.Object) bool { return object.ID == idOf(root) })
	if i < 0 {
		return nil
	}
	if !isInside {
		return fieldOf(p.Objects, objects[i].ID)
	}
	if strings.Contains(rest, ".") {
		return nil
	}
	return fieldOf(p.fieldsOf(&objects[i]), idOf(rest))
}

// insideOf returns the fields in a template that only the scheme knows, and nil
// where the value is no template.
func insideOf(known *Field, field reading.Field) []reading.Field {
	if known.Fields == nil {
		return nil
	}
	var fields []reading.Field
	length := 0
	for object := range mpm.All(field.Value) {
		inside := reading.Field{Place: field.Place + "." + pathTo(object.ID).place(), Value: object.Value}
		if named := fieldOf(known.Fields, object.ID); named != nil {
			inside.Name = named.Name
		}
		fields = append(fields, inside)
		length += len("0000") + len(object.Value)
	}
	if length != len(field.Value) {
		return nil
	}
	return fields
}

// idOf reads the two digits of an id, which stand in every place of an EMVCo code.
func idOf(digits string) mpm.ID {
	id, err := strconv.ParseUint(digits, 10, 8)
	if err != nil {
		panic("scheme: " + digits + " is no id of an object")
	}
	return mpm.ID(id)
}
