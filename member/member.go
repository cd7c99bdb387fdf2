// Package member knows who is in the network: participants with their roles,
// branches and keys, the agreements between them, and the corridors that say
// which wallet may pay where. It decides which participant a code leads to and
// whether a new payment may start. It holds no balance and calls nobody.
package member

import (
	"crypto/ed25519"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A Role is what a participant may do in the network. One participant may hold
// several, and each can be suspended by itself.
type Role string

// The roles of the network.
const (
	Wallet                   Role = "wallet"
	Acquirer                 Role = "acquirer"
	AcquiringPartner         Role = "acquiring_partner"          // recruits stores for an acquirer and sees its own portfolio
	SalesPartner             Role = "sales_partner"              // leads and commission, no money and no keys for payments
	TechnicalServiceProvider Role = "technical_service_provider" // speaks for principals
	FXProvider               Role = "fx_provider"
	SettlementBank           Role = "settlement_bank"
	Promoter                 Role = "promoter"
	Operator                 Role = "operator"
)

// A Participant is a legal entity that has joined the network.
type Participant struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Country   string     `json:"country"` // ISO 3166-1 alpha-2
	Roles     []Holding  `json:"roles"`
	Branches  []Branch   `json:"branches,omitempty"`
	Keys      []Key      `json:"keys,omitempty"`
	Endpoint  string     `json:"endpoint,omitempty"`  // where the participant is called, without a final slash
	Webhook   string     `json:"webhook,omitempty"`   // where its events are posted; empty: none
	Principal string     `json:"principal,omitempty"` // whom a partner or a service provider works for
	Wallet    WalletSide `json:"wallet,omitzero"`     // what the role wallet needs
	Suspended bool       `json:"suspended,omitempty"` // all roles at once

	Acquirer AcquirerSide `json:"acquirer,omitzero"` // what the role acquirer may have
}

// A Holding is one role of a participant.
type Holding struct {
	Role      Role `json:"role"`
	Suspended bool `json:"suspended,omitempty"`
}

// A Branch is the part of an acquirer that serves one country, with its own
// settlement currency and net debit cap.
type Branch struct {
	ID       string         `json:"id"`      // such as "nets.no"
	Country  string         `json:"country"` // ISO 3166-1 alpha-2
	Currency money.Currency `json:"currency"`
	Cap      int64          `json:"cap"` // net debit cap, minor units of Currency
}

// WalletSide is what the network knows of a wallet provider's product.
type WalletSide struct {
	Issuers    []string       `json:"issuers,omitempty"` // first six digits of its payment codes, or the kind of numbers that it draws in a form of its own, see IssuerOf
	Debits     money.Currency `json:"debits"`            // the currency of its users' accounts
	Settles    money.Currency `json:"settles"`           // the currency in which it settles
	Cap        int64          `json:"cap"`               // net debit cap, minor units of Settles
	PayerWait  time.Duration  `json:"payer_wait"`        // how long its users may take to accept; zero: 60 s
	NotifyMode bool           `json:"notify_mode"`       // it debits first and notifies: flow C
	OwnCodes   bool           `json:"own_codes"`         // it issues payment codes that the network has not registered
	Client     string         `json:"client,omitempty"`  // name of the client as which it is asked in another protocol; empty: in ours
}

// A Key is a public key of a participant. Two may be in force at a time, so
// that one can be replaced without a pause.
type Key struct {
	ID        string            `json:"id"` // such as "nets#1"
	Public    ed25519.PublicKey `json:"public"`
	NotBefore time.Time         `json:"not_before"`
	NotAfter  time.Time         `json:"not_after,omitzero"` // zero: until withdrawn
	Withdrawn bool              `json:"withdrawn,omitempty"`
}

// Holds reports whether the participant holds role, suspended or not.
func (p Participant) Holds(role Role) bool {
	return slices.ContainsFunc(p.Roles, func(h Holding) bool { return h.Role == role })
}

// MayStart refuses RoleMissing or Suspended where the participant may not
// start something new in role. What was started before goes on regardless.
func (p Participant) MayStart(role Role) error {
	for _, holding := range p.Roles {
		if holding.Role != role {
			continue
		}
		if p.Suspended || holding.Suspended {
			return hansa.Refuse(hansa.Suspended, "%s is suspended as %s", p.ID, role)
		}
		return nil
	}
	return hansa.Refuse(hansa.RoleMissing, "%s is not a %s", p.ID, role)
}

// BranchIn returns the branch that serves country.
func (p Participant) BranchIn(country string) (Branch, bool) {
	at := slices.IndexFunc(p.Branches, func(b Branch) bool { return b.Country == country })
	if at < 0 {
		return Branch{}, false
	}
	return p.Branches[at], true
}

// InForce reports whether the key may sign at now.
func (k Key) InForce(now time.Time) bool {
	return !k.Withdrawn && !now.Before(k.NotBefore) && (k.NotAfter.IsZero() || now.Before(k.NotAfter))
}
