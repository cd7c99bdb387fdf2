package member

import (
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// A Mode is how the code came to be read.
type Mode string

// The modes of presentment.
const (
	ConsumerPresented Mode = "cpm"     // the wallet shows a payment code, the till scans it
	Static            Mode = "static"  // the store shows a printed code, the payer types the amount
	Dynamic           Mode = "dynamic" // the till shows an order code with the amount inside
)

// A Corridor lets one wallet pay in one market. Without a corridor in force
// there is no new payment; an old one goes on.
type Corridor struct {
	ID               string    `json:"id"`
	Wallet           string    `json:"wallet"`
	Market           string    `json:"market"`               // ISO 3166-1 alpha-2 of the store
	Modes            []Mode    `json:"modes"`                // never empty
	Categories       []string  `json:"categories,omitempty"` // ISO 18245 codes; empty: all
	Agreement        string    `json:"agreement"`
	AgreementVersion int64     `json:"agreement_version"`
	From             time.Time `json:"from"`
	Until            time.Time `json:"until,omitzero"` // zero: no end
	Closed           bool      `json:"closed,omitempty"`
	Provider         string    `json:"provider"` // the FX provider that stands between the legs
	Spread           int64     `json:"spread"`   // basis points beside the provider's own
	Limits           []Limit   `json:"limits,omitempty"`
}

// A Limit bounds one payment of a mode in one currency, in minor units.
// The currency is that of the store or that of the payer's debit.
type Limit struct {
	Mode     Mode           `json:"mode"`
	Currency money.Currency `json:"currency"`
	Smallest int64          `json:"smallest,omitempty"`
	Largest  int64          `json:"largest,omitempty"` // zero: no limit
}

// Allows refuses MarketNotActive where the corridor is not in force at now for
// this mode and merchant category.
func (c Corridor) Allows(mode Mode, category string, now time.Time) error {
	switch {
	case c.Closed, now.Before(c.From), !c.Until.IsZero() && !now.Before(c.Until):
		return hansa.Refuse(hansa.MarketNotActive, "%s does not pay in %s now", c.Wallet, c.Market)
	case !slices.Contains(c.Modes, mode):
		return hansa.Refuse(hansa.MarketNotActive, "%s does not pay by %s in %s", c.Wallet, mode, c.Market)
	case len(c.Categories) > 0 && !slices.Contains(c.Categories, category):
		return hansa.Refuse(hansa.MarketNotActive, "%s does not pay merchants of category %s in %s", c.Wallet, category, c.Market)
	}
	return nil
}

// Within refuses AmountTooSmall, AmountTooLarge or, where a static code may not
// carry the amount but the till's code may, UseTillCode. The amounts are those
// of one payment: what the store asks and what the payer would be debited.
func (c Corridor) Within(mode Mode, amounts ...money.Amount) error {
	for _, limit := range c.Limits {
		if limit.Mode != mode {
			continue
		}
		for _, amount := range amounts {
			if amount.Currency != limit.Currency {
				continue
			}
			if amount.Value < limit.Smallest {
				return hansa.Refuse(hansa.AmountTooSmall, "at least %s", money.New(limit.Smallest, limit.Currency))
			}
			if limit.Largest == 0 || amount.Value <= limit.Largest {
				continue
			}
			if mode == Static && c.Within(Dynamic, amounts...) == nil {
				return hansa.Refuse(hansa.UseTillCode, "a printed code carries at most %s", money.New(limit.Largest, limit.Currency))
			}
			return hansa.Refuse(hansa.AmountTooLarge, "at most %s", money.New(limit.Largest, limit.Currency))
		}
	}
	return nil
}
