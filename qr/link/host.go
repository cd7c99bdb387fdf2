package link

import (
	"regexp"
	"strings"

	"github.com/hansa-network/hansa/qr/reading"
	"github.com/hansa-network/hansa/qr/shown"
)

// silhouettes are the hosts as they look in a hurry, without what stands between
// their words.
var silhouettes = silhouettesOf(hosts)

func silhouettesOf(hosts []string) []string {
	var silhouettes []string
	for _, host := range hosts {
		silhouettes = append(silhouettes, silhouette(host))
	}
	return silhouettes
}

// silhouette returns what is left of a host for an eye in a hurry, which in the
// small letters of hosts does not see the point of an i either.
func silhouette(host string) string {
	return strings.Map(func(char rune) rune {
		switch {
		case strings.ContainsRune(" .-_。", char):
			return -1
		case char == 'i':
			return 'l'
		}
		return char
	}, shown.Skeleton(lower(host)))
}

// imitated returns the host that the link shows without having it, and in which way.
func (r *reader) imitated() (host, how string) {
	p := &r.code.parts
	if at := shows(p.user); at >= 0 {
		return hosts[at], "the user in front of the host is written like"
	}
	at := shows(p.host)
	if at < 0 {
		return "", ""
	}
	switch {
	case strings.TrimRight(p.host, ".") == hosts[at]:
		how = "a point follows"
	case strings.Contains(p.host, "%"):
		how = "an escaped host hides"
	case strings.Contains(p.host, "xn--"), !shown.Printable(p.host):
		how = "letters of another script imitate"
	default:
		how = "another host that looks like"
	}
	return hosts[at], how
}

// shows returns which of the hosts a piece of the authority shows, or -1. The
// longest piece that the DNS has room for is looked at.
func shows(piece string) int {
	if piece == "" || len(piece) > hostMax {
		return -1
	}
	seen := silhouette(fromPunycode(unescaped(piece)))
	for i, known := range silhouettes {
		if strings.Contains(seen, known) {
			return i
		}
	}
	return -1
}

// unescaped returns text without its escapes, for comparison only.
func unescaped(text string) string {
	return (&reader{}).decoded(text, atHost)
}

// plainHost is a name of the DNS with at least two labels, none of them encoded
// from another script, and the last not a number as in an address.
var plainHost = regexp.MustCompile(`\A([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z`)

// inspectAnyHost judges the host of a link that may have any: it must be a plain
// name, and none that imitates a host of another scheme.
func (r *reader) inspectAnyHost() {
	host := r.code.parts.host
	switch {
	case len(host) > hostMax || !plainHost.MatchString(host):
		r.found(reading.ForeignHost, atHost, reading.Error, "the host is no plain name")
	case strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--"):
		r.found(reading.ForeignHost, atHost, reading.Error, "the host has letters of another script")
	default:
		if imitated, how := r.imitated(); imitated != "" {
			r.found(reading.ForeignHost, atHost, reading.Error, "%s %s", how, imitated)
		}
	}
}
