package mpm

import "github.com/hansa-network/hansa/qr/reading"

// Fields returns the values of the code in the order of the text, those inside of
// templates one by one: 54 is the amount, 26.00 the scheme of an account, 62.05 a
// reference label. A template that is no row of objects is one value. What the
// standard has no name for has none here either. At most 128 fields are returned,
// more than a code of 512 characters can hold.
func (c Code) Fields() []reading.Field {
	fields := make([]reading.Field, 0, 2*len(c.objects))
	for n := range c.objects {
		fields = appendFields(fields, &c.objects[n], &rootRules, root)
	}
	return fields
}

func appendFields(fields []reading.Field, object *Object, rules *[idMax + 1]rule, at place) []reading.Field {
	rule := &rules[object.ID]
	at = at.inside(object.ID)
	if rule.class == templateValue && object.Value != "" && skip(object.Value, characters) == "" {
		for inside := range All(object.Value) {
			fields = appendFields(fields, &inside, rule.template.rules, at)
		}
		return fields
	}
	if len(fields) == objectsMax {
		return fields
	}
	return append(fields, reading.Field{Place: reading.Place(at.String()), Name: rule.name, Value: object.Value})
}
