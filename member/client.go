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
	c, ok := d.recent[name]
	if !ok {
		c, ok = d.clients[name]
	}
	return c, ok && !c.Withdrawn
}

// HasClients reports whether anybody has clients, withdrawn ones among them.
func (d *Directory) HasClients() bool { return len(d.served) > 0 }

// HasClientsOf reports whether participant has clients, withdrawn ones among them.
func (d *Directory) HasClientsOf(participant string) bool { return d.served[participant] }

// Clients returns all clients in the order of their names, those among them that were
// withdrawn.
func (d *Directory) Clients() []Client {
	whole := d.allClients()
	names := slices.Sorted(maps.Keys(whole))
	all := make([]Client, len(names))
	for i, name := range names {
		all[i] = whole[name]
	}
	return all
}

func (d *Directory) allClients() map[string]Client {
	whole := maps.Clone(d.clients)
	maps.Copy(whole, d.recent)
	return whole
}

// recentMax is how many changed clients stand beside all others, so that one change of a
// hundred thousand costs no copy of them.
const recentMax = 512

// WithClients returns the version of the directory in which these clients have taken the
// place of those of their names, or are new. It refuses NotFound where one acts for nobody.
func (d *Directory) WithClients(version int64, changed ...Client) (*Directory, error) {
	next := *d
	next.version, next.recent, next.served = version, maps.Clone(d.recent), maps.Clone(d.served)
	if next.recent == nil {
		next.recent = make(map[string]Client)
	}
	for _, c := range changed {
		if err := d.mayEnter(c); err != nil {
			return nil, err
		}
		next.recent[c.Name()] = c
		next.served[c.Participant] = true
	}
	if len(next.recent) > recentMax {
		next.clients, next.recent = next.allClients(), nil
	}
	return &next, nil
}

// enterClient refuses a client that acts for nobody, or whose name is taken.
func (d *Directory) enterClient(c Client) error {
	if _, taken := d.clients[c.Name()]; taken {
		return hansa.Refuse(hansa.AlreadyExists, "client %s", c.Name())
	}
	if err := d.mayEnter(c); err != nil {
		return err
	}
	d.clients[c.Name()] = c
	d.served[c.Participant] = true
	return nil
}

// mayEnter refuses a client that acts for nobody.
func (d *Directory) mayEnter(c Client) error {
	for _, id := range []string{c.Participant, c.Provider} {
		if _, known := d.participants[id]; !known && id != "" {
			return hansa.Refuse(hansa.NotFound, "client %s names participant %q", c.Name(), id)
		}
	}
	return nil
}
