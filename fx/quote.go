package fx

import (
	"time"

	"github.com/hansa-network/hansa"
)

// A Quote locks terms for one payment until it expires.
type Quote struct {
	ID        string
	Wallet    string
	Acquirer  string
	Store     string
	Order     string
	Terms     Terms
	CreatedAt time.Time
	ExpiresAt time.Time
	Payment   string // what consumed it, "" while it is free
}

// Consume returns the quote as taken by the payment. The payment that has taken
// it already gets it again, whatever the time, so that any caller may retry.
// It refuses QuoteUsed if another payment has it, and QuoteExpired from
// ExpiresAt on.
func (q Quote) Consume(payment string, now time.Time) (Quote, error) {
	if payment == "" {
		panic("fx: quote " + q.ID + " consumed by no payment")
	}
	switch {
	case q.Payment == payment:
		return q, nil
	case q.Payment != "":
		return Quote{}, hansa.Refuse(hansa.QuoteUsed, "quote %s is of another payment", q.ID)
	case !now.Before(q.ExpiresAt):
		return Quote{}, hansa.Refuse(hansa.QuoteExpired, "quote %s", q.ID)
	}
	q.Payment = payment
	return q, nil
}
