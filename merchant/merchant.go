// Package merchant knows who is paid: merchants, their stores and terminals,
// the acceptance contracts of a store, and the codes issued to it. It decides
// which acquirer a payment goes through and whether a store may take a new one.
package merchant

import (
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A Merchant is the business behind its stores.
type Merchant struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Country string `json:"country"` // ISO 3166-1 alpha-2
}

// A Store is a place, or a site, that takes payments in one currency.
type Store struct {
	ID        string         `json:"id"`
	Merchant  string         `json:"merchant"`
	Name      string         `json:"name"`
	City      string         `json:"city"`
	Country   string         `json:"country"`  // ISO 3166-1 alpha-2
	Category  string         `json:"category"` // merchant category code, ISO 18245
	Currency  money.Currency `json:"currency"`
	Suspended bool           `json:"suspended,omitempty"`
	Contracts []Contract     `json:"contracts"`
}

// A Contract is a store's acceptance contract with an acquirer.
type Contract struct {
	Acquirer string    `json:"acquirer"`
	Branch   string    `json:"branch"`            // the acquirer's branch that serves the store
	Partner  string    `json:"partner,omitempty"` // the acquiring partner that recruited it
	Wallets  []string  `json:"wallets,omitempty"` // only these; empty: all
	From     time.Time `json:"from"`
	Until    time.Time `json:"until,omitzero"` // zero: no end
}

// A Terminal is a till, a phone or a page of a store.
type Terminal struct {
	ID       string `json:"id"`
	Store    string `json:"store"`
	Acquirer string `json:"acquirer"`
}

// An IssuedCode is a store code as the network registered it. The printed
// symbol carries it; what it leads to is said by this record alone.
type IssuedCode struct {
	Code      string    `json:"code"`
	Store     string    `json:"store"`
	Acquirer  string    `json:"acquirer"` // who had it issued
	IssuedAt  time.Time `json:"issued_at"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
}

// Takes refuses StoreClosed where the store may not take a new payment.
func (s Store) Takes() error {
	if s.Suspended {
		return hansa.Refuse(hansa.StoreClosed, "%s takes no payments now", s.ID)
	}
	return nil
}

// InForce reports whether the contract covers wallet at now.
func (c Contract) InForce(wallet string, now time.Time) bool {
	return !now.Before(c.From) && (c.Until.IsZero() || now.Before(c.Until)) &&
		(len(c.Wallets) == 0 || slices.Contains(c.Wallets, wallet))
}

// ContractWith returns the store's contract with acquirer that covers wallet,
// or refuses NotAccepted.
func (s Store) ContractWith(acquirer, wallet string, now time.Time) (Contract, error) {
	for _, contract := range s.Contracts {
		if contract.Acquirer == acquirer && contract.InForce(wallet, now) {
			return contract, nil
		}
	}
	return Contract{}, hansa.Refuse(hansa.NotAccepted, "%s has no contract with %s that takes %s", s.ID, acquirer, wallet)
}

// ContractFor picks the contract under which wallet pays at one of the store's
// own codes: the wallet's own contract first, so that local stays local; then
// that of the code's issuer; then the first that covers it.
func (s Store) ContractFor(wallet, issuer string, now time.Time) (Contract, error) {
	for _, preferred := range []string{wallet, issuer} {
		if contract, err := s.ContractWith(preferred, wallet, now); err == nil {
			return contract, nil
		}
	}
	for _, contract := range s.Contracts {
		if contract.InForce(wallet, now) {
			return contract, nil
		}
	}
	return Contract{}, hansa.Refuse(hansa.NotAccepted, "no contract of %s takes %s", s.ID, wallet)
}

// Usable refuses CodeRevoked where the code was withdrawn.
func (c IssuedCode) Usable(now time.Time) error {
	if !c.RevokedAt.IsZero() && !now.Before(c.RevokedAt) {
		return hansa.Refuse(hansa.CodeRevoked, "this code was withdrawn")
	}
	return nil
}
