package link

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// recognise finds the form of the link and holds the link to it.
func (r *reader) recognise() {
	form := r.form(r.code.parts.host)
	if form == nil && len(r.code.kinds) == 0 {
		form = r.pretended()
	}
	if form == nil {
		if len(r.code.kinds) == 0 {
			r.found(reading.Unknown, "", reading.Error, "no payment link that we know")
		}
		return
	}
	if len(form.hosts) == 0 && form.scheme == "https" {
		r.inspectAnyHost()
	}
	r.hold(form)
}

// form returns the form that has the host and the path of the link, or nil. If only
// the path is wrong, the kinds are those of the host and the error is told.
func (r *reader) form(host string) *form {
	p := &r.code.parts
	var ofHost []*form
	for i := range forms {
		form := &forms[i]
		if !form.hasScheme(p.scheme) || (len(form.hosts) > 0 && !slices.Contains(form.hosts, host)) {
			continue
		}
		path, ok := r.pathFor(form)
		if ok && form.path.MatchString(path) {
			return form
		}
		if len(form.hosts) > 0 || r.begins(form) {
			ofHost = append(ofHost, form)
		}
	}
	r.nearest(ofHost)
	return nil
}

// hasScheme reports whether links of the form have the scheme. Those of the web may
// pretend to without one, over plain HTTP, or with any other.
func (f *form) hasScheme(scheme string) bool {
	return f.scheme == scheme || (f.scheme == "https" && (scheme == "http" || !slices.Contains(schemes, scheme)))
}

// pathFor returns what the pattern of the form is for. WeChat's codes have the payee
// in the place of the host. Only Alipay+ escapes its path.
func (r *reader) pathFor(f *form) (path string, ok bool) {
	p := &r.code.parts
	path = p.path
	if len(f.hosts) == 0 && f.scheme != "https" {
		path = p.origin + p.path
	}
	return path, f.kind == AlipayPlusMPM || !strings.Contains(path, "%")
}

// nearest tells what is wrong with the path of a link whose host, or whose start of
// the path, is that of the forms. It enters the kinds of those whose path begins so.
func (r *reader) nearest(near []*form) {
	if len(near) == 0 {
		return
	}
	longest := 0
	for _, form := range near {
		if r.begins(form) {
			longest = max(longest, len(form.start))
		}
	}
	if longest > 0 {
		near = slices.DeleteFunc(near, func(form *form) bool { return !r.begins(form) || len(form.start) < longest })
	}
	for _, form := range near {
		if !slices.Contains(r.code.kinds, form.kind) {
			r.code.kinds = append(r.code.kinds, form.kind)
		}
	}
	code := reading.Format
	if strings.Contains(r.code.parts.path, "%") {
		code = reading.BadEscape
	}
	r.found(code, atPath, reading.Error, "the path is none of %s", near[0].kind)
}

// begins reports whether the path begins as that of the form, to a reader to whom
// backslashes and escaped slashes are slashes.
func (r *reader) begins(f *form) bool {
	path, _ := r.pathFor(f)
	start := path[:min(len(path), escapeLength*len(f.start))]
	return hasFoldedPrefix(strings.ReplaceAll(unescaped(start), `\`, "/"), f.start)
}

func hasFoldedPrefix(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// pretended returns the form that a link with a foreign host pretends to have: one
// whose host stands somewhere before the path, or is imitated there.
func (r *reader) pretended() *form {
	host, how := r.imitated()
	if host == "" {
		return nil
	}
	r.found(reading.ForeignHost, atHost, reading.Error, "%s %s", how, host)
	return r.form(host)
}

// hold checks the link against its form.
func (r *reader) hold(form *form) {
	r.code.kinds = []string{form.kind}
	path, _ := r.pathFor(form)
	groups := form.path.FindStringSubmatch(path)
	for i, name := range form.path.SubexpNames() {
		if name != "" {
			r.code.places = append(r.code.places, reading.Field{Place: atPath, Name: name, Value: groups[i]})
		}
	}
	r.code.names = make(map[string]string, len(form.parameters))
	for _, known := range form.parameters {
		r.code.names[strings.ToLower(known.key)] = known.name
	}
	for _, known := range form.parameters {
		r.check(known)
	}
	for _, parameter := range r.code.parameters {
		if _, known := r.code.names[strings.ToLower(parameter.Key)]; !known {
			r.found(reading.Unknown, placeOf(parameter.Key), reading.Note, "a parameter that %s does not know", form.kind)
		}
	}
	if form.judge != nil {
		form.judge(r)
	}
}

// check holds the value of one parameter to what its form says.
func (r *reader) check(known parameter) {
	place := reading.Place(known.key)
	value, ok := r.code.Value(known.key)
	switch {
	case !ok && known.missing != "":
		r.found(reading.Missing, place, known.missing, "the parameter is not there")
		return
	case !ok:
		return
	case value == "" && known.missing == reading.Error:
		r.found(reading.Empty, place, reading.Error, "the parameter has no value")
		return
	case value == "":
		r.found(reading.Empty, place, reading.Warning, "the parameter has no value")
		return
	case known.unit != noAmount:
		r.readAmount(known, value)
		return
	}
	r.checkKey(known.key)
	if known.pattern != nil && !known.pattern.MatchString(value) {
		severity := known.wrong
		if severity == "" {
			severity = reading.Warning
		}
		r.found(reading.Format, place, severity, "the value is not of its format")
	}
}

// checkKey warns of a key in the wrong case, which some readers do not see.
func (r *reader) checkKey(key string) {
	for _, parameter := range r.code.parameters {
		if strings.EqualFold(parameter.Key, key) && parameter.Key != key {
			r.found(reading.Format, reading.Place(key), reading.Warning, "the parameter is written %s", parameter.Key)
		}
	}
}
