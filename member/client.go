package member

import (
	"maps"
	"slices"

	"github.com/hansa-network/hansa"
)

// A Client is somebody's system that speaks another protocol with the network, in the
// name of one participant.
type Client struct {
	Dialect     string            `json:"dialect"`              // the protocol
	ID          string            `json:"id"`                   // by which the protocol names it
	Participant string            `json:"participant"`          // an acquirer or a wallet
	Provider    string            `json:"provider,omitempty"`   // the service provider that holds its credentials; empty: the participant
	Merchant    string            `json:"merchant,omitempty"`   // whose system it is; empty: the participant's own
	Store       string            `json:"store,omitempty"`      // where the protocol names none
	Terminal    string            `json:"terminal,omitempty"`   // where the protocol names none
	PublicKey   string            `json:"public_key,omitempty"` // PEM (SubjectPublicKeyInfo) that verifies its messages
	Secrets     map[string]string `json:"secrets,omitempty"`    // SHA-256 in hexadecimal of what it shows, by the protocol's names
	Hooks       []Hook            `json:"hooks,omitempty"`
	Withdrawn   bool              `json:"withdrawn,omitempty"`
}

// A Hook is where a client wants to hear of changes, as its protocol registers it.
type Hook struct {
	ID     string   `json:"id"`
	URL    string   `json:"url"`
	Secret string   `json:"secret,omitempty"` // by which notices are authenticated
	Events []string `json:"events,omitempty"`
}

// Name is what the network calls the client: its dialect and id. No participant's id
// has a slash.
func (c Client) Name() string { return c.Dialect + "/" + c.ID }

// Client returns the client of this name, unless it was withdrawn.
func (d *Directory) Client(name string) (Client, bool) {
	c, ok := d.clients[name]
	return c, ok && !c.Withdrawn
}

// HasClients reports whether anybody has clients, withdrawn ones among them.
func (d *Directory) HasClients() bool { return len(d.clients) > 0 }

// HasClientsOf reports whether participant has clients, withdrawn ones among them.
func (d *Directory) HasClientsOf(participant string) bool { return d.served[participant] }

// Clients returns all clients in the order of their names, those among them that were
// withdrawn.
func (d *Directory) Clients() []Client {
	names := slices.Sorted(maps.Keys(d.clients))
	all := make([]Client, len(names))
	for i, name := range names {
		all[i] = d.clients[name]
	}
	return all
}

// WithClient returns a directory in which c has taken the place of the client of that
// name, or is new. It refuses what NewDirectory refuses.
func (d *Directory) WithClient(c Client) (*Directory, error) {
	listing := d.listing()
	listing.Clients = append(slices.DeleteFunc(listing.Clients, func(other Client) bool { return other.Name() == c.Name() }), c)
	return NewDirectory(listing)
}

// enterClient refuses a client that acts for nobody, or whose name is taken.
func (d *Directory) enterClient(c Client) error {
	if _, taken := d.clients[c.Name()]; taken {
		return hansa.Refuse(hansa.AlreadyExists, "client %s", c.Name())
	}
	for _, id := range []string{c.Participant, c.Provider} {
		if _, known := d.participants[id]; !known && id != "" {
			return hansa.Refuse(hansa.NotFound, "client %s names participant %q", c.Name(), id)
		}
	}
	d.clients[c.Name()] = c
	d.served[c.Participant] = true
	return nil
}
