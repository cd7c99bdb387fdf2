package link

import (
	"slices"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
)

// The parts of a link where findings may be.
const (
	atScheme   reading.Place = "scheme"
	atHost     reading.Place = "host"
	atPath     reading.Place = "path"
	atQuery    reading.Place = "query"
	atFragment reading.Place = "fragment"
)

// The parts of a link, all but the host and the scheme as they were scanned.
type parts struct {
	scheme   string // in lower case; empty where there is none
	user     string
	origin   string // the host as it was scanned
	host     string // in lower case
	path     string
	query    string
	queryAt  int // where the query starts in the text
	fragment string
}

// split divides the link as RFC 3986 does, but for slashes: it takes a backslash
// for one and any number of them for two, as browsers do, since only so it sees
// whom a broken link means. Each such liberty is an error.
func (r *reader) split() {
	p := &r.code.parts
	authority, rest := cutBefore(strings.TrimLeft(r.splitScheme(), `/\`), `/\?#`)
	p.path, rest = cutBefore(rest, "?#")
	if strings.HasPrefix(rest, "?") {
		p.query, rest = cutBefore(rest[1:], "#")
		p.queryAt = len(r.code.text) - len(rest) - len(p.query)
	}
	if strings.HasPrefix(rest, "#") {
		p.fragment = rest[1:]
		r.found(reading.Fragment, atFragment, reading.Error, "a fragment, which no host ever sees")
	}
	r.splitAuthority(authority)
	r.inspectPath()
}

// splitScheme takes the scheme off the text, and returns the rest.
func (r *reader) splitScheme() string {
	text := fromASCII(r.code.text)
	if text != r.code.text {
		r.found(reading.Format, atScheme, reading.Error, "something stands before the scheme")
	}
	scheme, rest := cutBefore(text, `:/\?#`)
	if !strings.HasPrefix(rest, ":") || !isScheme(scheme) {
		r.found(reading.Missing, atScheme, reading.Error, "no scheme such as https")
		return text
	}
	rest = rest[1:]
	r.code.parts.scheme = lower(scheme)
	slashes := len(rest) - len(strings.TrimLeft(rest, `/\`))
	switch {
	case r.code.parts.scheme == "http":
		r.found(reading.PlainHTTP, atScheme, reading.Error, "plain HTTP: anyone on the way can change the link's answer")
	case !slices.Contains(schemes, r.code.parts.scheme):
		r.found(reading.Format, atScheme, reading.Error, "a scheme that no payment link has")
		return rest
	}
	if rest[:slashes] != "//" {
		r.found(reading.Format, atScheme, reading.Error, "not exactly two slashes behind the scheme")
	}
	return rest
}

// fromASCII returns text from its first visible character of ASCII on, which is
// where people begin to read a link.
func fromASCII(text string) string {
	return strings.TrimLeftFunc(text, func(char rune) bool { return char <= ' ' || char > '~' })
}

// isScheme reports a scheme of RFC 3986. One with a point is rather a host with a
// port behind it.
func isScheme(text string) bool {
	for i := range len(text) {
		b := text[i] | 0x20
		if (b < 'a' || b > 'z') && (i == 0 || (text[i] != '+' && text[i] != '-' && (text[i] < '0' || text[i] > '9'))) {
			return false
		}
	}
	return text != ""
}

// splitAuthority takes the host out of what stands before the path. Readers differ
// over more than one @ and over what a port may be, hence neither may be there.
func (r *reader) splitAuthority(authority string) {
	p := &r.code.parts
	host := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		p.user, host = authority[:at], authority[at+1:]
		r.found(reading.UserPart, atHost, reading.Error, "a user stands before the host, where people look for the host")
	}
	port := strings.IndexByte(host, ':')
	if strings.HasPrefix(host, "[") {
		port = strings.Index(host, "]:") + 1
	}
	if port > 0 || strings.HasPrefix(host, ":") {
		r.found(reading.Port, atHost, reading.Error, "a port behind the host")
		host = host[:port]
	}
	p.origin, p.host = host, lower(host)
}

// inspectPath judges the characters of the path. Escapes are for recognise to judge.
func (r *reader) inspectPath() {
	path := r.code.parts.path
	switch {
	case strings.Contains(path, " "):
		r.found(reading.WhiteSpace, atPath, reading.Error, "a space in the path")
	case !isPlain(path):
		r.found(reading.NotASCII, atPath, reading.Error, "a character in the path that links must escape")
	}
}

// isPlain reports whether text has only characters that a link may have unescaped,
// and the percent sign.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' || strings.IndexByte("\"<>^`{|}", text[i]) >= 0 {
			return false
		}
	}
	return true
}

// cutBefore splits text before the first of the stops.
func cutBefore(text, stops string) (before, rest string) {
	if at := strings.IndexAny(text, stops); at >= 0 {
		return text[:at], text[at:]
	}
	return text, ""
}

// lower returns text with the capitals of ASCII in lower case, and no other change:
// some letters of other scripts have a Latin one as their lower case.
func lower(text string) string {
	return strings.Map(func(char rune) rune {
		if char >= 'A' && char <= 'Z' {
			return char + 'a' - 'A'
		}
		return char
	}, text)
}
