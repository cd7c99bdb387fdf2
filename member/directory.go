package member

import (
	"maps"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
)

// An Agreement binds participants for a time. No corridor is live without one.
type Agreement struct {
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	Parties []string  `json:"parties"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until,omitzero"` // zero: no end
}

// A Directory is one version of all that the network knows of its participants.
// It never changes; a change makes a new one. Safe for concurrent use.
type Directory struct {
	version      int64
	participants map[string]Participant
	byKey        map[string]keyOwner
	byIssuer     map[string]string
	corridors    map[string]Corridor // by wallet and market
	agreements   map[string]Agreement
	clients      map[string]Client    // by name, but for those that changed of late
	recent       map[string]Client    // those, by name
	served       map[string]bool      // participants that have clients
	authorities  map[string]Authority // by name
	links        []PrivateLink        // none covers another
}

type keyOwner struct {
	participant string
	key         Key
}

// Listing is what a Directory is made of.
type Listing struct {
	Version      int64
	Participants []Participant
	Corridors    []Corridor
	Agreements   []Agreement
	Clients      []Client
	Authorities  []Authority
}

// NewDirectory indexes a listing. It refuses AlreadyExists where two entries
// claim one id, key id, issuer prefix, private code or corridor, NotFound where a client
// acts for nobody, and Malformed for private codes of no form.
func NewDirectory(listing Listing) (*Directory, error) {
	d := &Directory{
		version:      listing.Version,
		participants: make(map[string]Participant),
		byKey:        make(map[string]keyOwner),
		byIssuer:     make(map[string]string),
		corridors:    make(map[string]Corridor),
		agreements:   make(map[string]Agreement),
		clients:      make(map[string]Client),
		served:       make(map[string]bool),
		authorities:  make(map[string]Authority),
	}
	for _, p := range listing.Participants {
		if err := d.enter(p); err != nil {
			return nil, err
		}
	}
	for _, agreement := range listing.Agreements {
		if _, taken := d.agreements[agreement.ID]; taken {
			return nil, hansa.Refuse(hansa.AlreadyExists, "agreement %s", agreement.ID)
		}
		d.agreements[agreement.ID] = agreement
	}
	for _, corridor := range listing.Corridors {
		place := corridorPlace(corridor.Wallet, corridor.Market)
		if _, taken := d.corridors[place]; taken {
			return nil, hansa.Refuse(hansa.AlreadyExists, "corridor of %s in %s", corridor.Wallet, corridor.Market)
		}
		d.corridors[place] = corridor
	}
	for _, client := range listing.Clients {
		if err := d.enterClient(client); err != nil {
			return nil, err
		}
	}
	for _, authority := range listing.Authorities {
		d.authorities[authority.Name()] = authority
	}
	return d, nil
}

func (d *Directory) enter(p Participant) error {
	if _, taken := d.participants[p.ID]; taken {
		return hansa.Refuse(hansa.AlreadyExists, "participant %s", p.ID)
	}
	d.participants[p.ID] = p
	for _, key := range p.Keys {
		if _, taken := d.byKey[key.ID]; taken {
			return hansa.Refuse(hansa.AlreadyExists, "key %s", key.ID)
		}
		d.byKey[key.ID] = keyOwner{p.ID, key}
	}
	for _, issuer := range p.Wallet.Issuers {
		if _, taken := d.byIssuer[issuer]; taken {
			return hansa.Refuse(hansa.AlreadyExists, "issuer prefix %s", issuer)
		}
		d.byIssuer[issuer] = p.ID
	}
	return d.enterLinks(p)
}

func corridorPlace(wallet, market string) string { return wallet + "\n" + market }

// Version rises with every change of the directory.
func (d *Directory) Version() int64 { return d.version }

// Participant returns the participant called id, or refuses NotFound.
func (d *Directory) Participant(id string) (Participant, error) {
	p, ok := d.participants[id]
	if !ok {
		return Participant{}, hansa.Refuse(hansa.NotFound, "no participant %q", id)
	}
	return p, nil
}

// Key returns the key called id and whose it is, if it is in force at now.
func (d *Directory) Key(id string, now time.Time) (Key, string, bool) {
	owner, ok := d.byKey[id]
	if !ok || !owner.key.InForce(now) {
		return Key{}, "", false
	}
	return owner.key, owner.participant, true
}

// Issuer returns the wallet provider whose payment codes start with these six
// digits, or refuses CodeUnknown.
func (d *Directory) Issuer(prefix string) (Participant, error) {
	id, ok := d.byIssuer[prefix]
	if !ok {
		return Participant{}, hansa.Refuse(hansa.CodeUnknown, "no wallet issues codes that start with %s", prefix)
	}
	return d.participants[id], nil
}

// IssuerOf returns under which issuer a wallet is entered that shows a number of this
// kind: the kind with a slash and the digits in front that lead to one wallet of several,
// the longest first, or the kind alone.
func (d *Directory) IssuerOf(kind, number string) (issuer string, known bool) {
	for digits := len(number); digits > 0; digits-- {
		issuer = kind + "/" + number[:digits]
		if _, known = d.byIssuer[issuer]; known {
			return issuer, true
		}
	}
	_, known = d.byIssuer[kind]
	return kind, known
}

// Corridor returns the corridor for a new payment of wallet in market. It
// refuses MarketNotActive where there is none in force at now for this mode and
// category, and AgreementMissing where no agreement in force carries it.
func (d *Directory) Corridor(wallet, market string, mode Mode, category string, now time.Time) (Corridor, error) {
	corridor, ok := d.corridors[corridorPlace(wallet, market)]
	if !ok {
		return Corridor{}, hansa.Refuse(hansa.MarketNotActive, "%s does not pay in %s", wallet, market)
	}
	if err := corridor.Allows(mode, category, now); err != nil {
		return Corridor{}, err
	}
	agreement, ok := d.agreements[corridor.Agreement]
	if !ok || now.Before(agreement.From) || !agreement.Until.IsZero() && !now.Before(agreement.Until) {
		return Corridor{}, hansa.Refuse(hansa.AgreementMissing, "no agreement in force for %s in %s", wallet, market)
	}
	return corridor, nil
}

// With returns a directory in which p has taken the place of the participant of
// that id, or is new. It refuses what NewDirectory refuses.
func (d *Directory) With(p Participant) (*Directory, error) {
	listing := d.listing()
	listing.Participants = append(slices.DeleteFunc(listing.Participants, func(other Participant) bool { return other.ID == p.ID }), p)
	return NewDirectory(listing)
}

// listing is what the directory was made of.
func (d *Directory) listing() Listing {
	return Listing{
		Version: d.version, Participants: d.Participants(), Clients: d.Clients(), Authorities: slices.Collect(maps.Values(d.authorities)),
		Corridors: slices.Collect(maps.Values(d.corridors)), Agreements: slices.Collect(maps.Values(d.agreements)),
	}
}

// Participants returns all participants in the order of their ids.
func (d *Directory) Participants() []Participant {
	ids := slices.Sorted(maps.Keys(d.participants))
	all := make([]Participant, len(ids))
	for i, id := range ids {
		all[i] = d.participants[id]
	}
	return all
}
