package api

import (
	"time"

	"github.com/hansa-network/hansa/money"
)

// Store is a store as one acquirer of it sees it: the contracts of others are
// not its business.
// GET /v1/stores/{store}.
type Store struct {
	Store     string     `json:"store"`
	Merchant  string     `json:"merchant"`
	Name      string     `json:"name"`
	City      string     `json:"city"`
	Country   string     `json:"country"`  // ISO 3166-1 alpha-2
	Category  string     `json:"category"` // ISO 18245
	Currency  string     `json:"currency"` // ISO 4217
	Suspended bool       `json:"suspended"`
	Contracts []Contract `json:"contracts"`
}

// Contract is an acceptance contract of a store.
type Contract struct {
	Branch  string     `json:"branch"`
	Partner string     `json:"partner,omitempty"` // the acquiring partner that recruited the store
	Wallets []string   `json:"wallets,omitempty"` // only these; absent: all
	From    time.Time  `json:"from"`
	Until   *time.Time `json:"until,omitempty"` // absent: no end
}

// Suspension is what a participant may not start, or may again.
type Suspension struct {
	Participant string `json:"participant"`
	Role        string `json:"role,omitempty"` // absent: all
	Suspended   bool   `json:"suspended"`
}

// PublishRates replaces the standing rates of the FX provider that asks.
// PUT /v1/rates, answered with PublishedRates.
type PublishRates struct {
	RequestID string         `json:"request_id"`
	Rates     []StandingRate `json:"rates"`
}

// PublishedRates are the rates that a provider now stands by.
type PublishedRates struct {
	Provider string         `json:"provider"`
	Rates    []StandingRate `json:"rates"`
}

// StandingRate is what a provider deals at, both ways, until its next
// publication. Spreads are in basis points.
type StandingRate struct {
	Rate            money.Rate `json:"rate"`
	Spread          int64      `json:"spread"`        // while markets are open
	ClosedSpread    int64      `json:"closed_spread"` // while they are closed
	PublishedAt     time.Time  `json:"published_at"`
	NextPublication time.Time  `json:"next_publication"`
}

// Authorise lets a technical service provider act for a principal, or takes that back for
// it alone. PUT /v1/authorities/{provider}, answered with an Authority.
type Authorise struct {
	RequestID string `json:"request_id"`
	Principal string `json:"principal,omitempty"` // absent: who asks; another one only for operators
	Suspended bool   `json:"suspended"`
}

// Authority is what a principal has given to a provider.
type Authority struct {
	Provider  string `json:"provider"`
	Principal string `json:"principal"`
	Suspended bool   `json:"suspended"`
}
