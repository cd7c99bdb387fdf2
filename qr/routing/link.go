package routing

import (
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// link matches a URI by its scheme, host and path. A host counts only where it
// is the whole authority: a link with a user or a port, or over plain HTTP,
// merely looks like one of the owner's.
func (t *Table) link(scheme, rest string) Match {
	authority, path := cutAt(rest, "/?#")
	path, _ = cutAt(path, "?#")
	match := t.linkTo(scheme, authority, path)
	if match.Flaw == "" {
		return match
	}
	if equalFold("http", scheme) {
		scheme = "https"
		match = t.linkTo(scheme, authority, path)
	}
	for part := range strings.FieldsFuncSeq(authority, func(char rune) bool { return strings.ContainsRune("@:", char) }) {
		if match.Flaw == "" {
			break
		}
		match = t.linkTo(scheme, strings.TrimSuffix(part, "."), path)
	}
	if match.Flaw == "" {
		match.Flaw = reading.Format
	}
	return match
}

// linkTo matches a link with exactly that host.
func (t *Table) linkTo(scheme, host, path string) Match {
	var found hits
	for _, i := range t.links {
		rule := t.rules[i].Link
		if equalFold(rule.Scheme, scheme) && (rule.Host == "" || equalFold(rule.Host, host)) &&
			len(path) >= len(rule.Path) && strings.EqualFold(path[:len(rule.Path)], rule.Path) {
			found.add(t, i)
		}
	}
	return t.match(&found, nil)
}

// equalFold reports whether text is ascii in any case. Letters of other scripts that
// fold to one of ASCII, as ſ and the sign of the kelvin do, have more bytes.
func equalFold(ascii, text string) bool {
	return len(ascii) == len(text) && strings.EqualFold(ascii, text)
}

// cutAt splits text before the first of the stops.
func cutAt(text, stops string) (before, after string) {
	if i := strings.IndexAny(text, stops); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}
