package member

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
)

// AcquirerSide is what the network knows of an acquirer's own codes.
type AcquirerSide struct {
	Links  []Link `json:"links,omitempty"`  // by which its private codes are known: what one asks, only the acquirer can say
	Client string `json:"client,omitempty"` // name of the client as which it is asked in another protocol; empty: in ours
}

// A Link is the form of private codes: links over https to this host, without a user or a
// port, whose path begins so. Case does not matter.
type Link struct {
	Host string `json:"host"`
	Path string `json:"path"`
}

// covers reports whether every code of the other form is one of this form too.
func (l Link) covers(other Link) bool {
	return strings.EqualFold(l.Host, other.Host) && startsWith(other.Path, l.Path)
}

func startsWith(text, start string) bool {
	return len(text) >= len(start) && strings.EqualFold(text[:len(start)], start)
}

// A PrivateLink is a form of private codes, and whose they are.
type PrivateLink struct {
	Link

	Acquirer string
}

// PrivateLinks returns all forms of private codes, in an order that does not change. Those
// of an acquirer that is suspended are among them: its codes are no strangers.
func (d *Directory) PrivateLinks() []PrivateLink {
	all := slices.Clone(d.links)
	slices.SortFunc(all, func(a, b PrivateLink) int { return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Path, b.Path)) })
	return all
}

// Decoder returns the acquirer that must be asked what a scanned text asks, and whether
// the text is a private code at all.
func (d *Directory) Decoder(text string) (Participant, bool) {
	const scheme = "https://"
	if len(d.links) == 0 || !startsWith(text, scheme) {
		return Participant{}, false
	}
	at, err := url.Parse(text)
	if err != nil || at.User != nil {
		return Participant{}, false
	}
	scanned := Link{Host: at.Host, Path: at.EscapedPath()}
	for _, link := range d.links {
		if link.covers(scanned) {
			return d.participants[link.Acquirer], true
		}
	}
	return Participant{}, false
}

// hostLetters are what the host of a published form is written with.
const hostLetters = "abcdefghijklmnopqrstuvwxyz0123456789.-"

// enterLinks enters the forms of an acquirer's private codes. It refuses Malformed for one
// that is none, and AlreadyExists where a code would be of two forms.
func (d *Directory) enterLinks(p Participant) error {
	for _, link := range p.Acquirer.Links {
		at, err := url.Parse("https://" + link.Host + link.Path)
		if err != nil || at.Host != link.Host || strings.Trim(link.Host, hostLetters) != "" || at.EscapedPath() != link.Path || link.Host == "" || link.Path == "" {
			return hansa.Refuse(hansa.Malformed, "%s: private codes are links to a host, with the start of a path", p.ID)
		}
		for _, other := range d.links {
			if link.covers(other.Link) || other.covers(link) {
				return hansa.Refuse(hansa.AlreadyExists, "private codes at %s%s", link.Host, link.Path)
			}
		}
		d.links = append(d.links, PrivateLink{link, p.ID})
	}
	return nil
}
