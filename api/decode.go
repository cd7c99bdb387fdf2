package api

import (
	"time"

	"github.com/hansa-network/hansa/money"
)

// What the switch asks of an acquirer: what a private code of its asks, which one of a
// wallet's payers has scanned. Nothing is paid by it, so that it may be asked any number
// of times, by several wallets; the same code has the same answer as long as it is good.
//
//	POST {endpoint}/decode      DecodeCode -> Decoded

// DecodeCode is the switch's question about a private code.
type DecodeCode struct {
	Code   string `json:"code"`
	Wallet string `json:"wallet"` // whose payer has scanned it
}

// What a private code may stand for.
const (
	DecodedOrder = "order"
	DecodedStore = "store"
)

// Decoded is what a private code asks: an order, or with a store alone whatever its payer
// types. It is the acquirer's word as much as POST /v1/orders is, and an order becomes one
// of the network by it, under the same rules.
type Decoded struct {
	Kind           string        `json:"kind"`
	Store          string        `json:"store"`
	RequestID      string        `json:"request_id,omitempty"` // of the order: one id, one order. What follows is that order's too
	Amount         *money.Amount `json:"amount,omitempty"`
	Terminal       string        `json:"terminal,omitempty"`
	OrderReference string        `json:"order_reference,omitempty"`
	ExpiresAt      *time.Time    `json:"expires_at,omitempty"` // at most a day ahead; absent: ten minutes after it was decoded first
	CaptureLater   bool          `json:"capture_later,omitempty"`

	Memo []byte `json:"-"` // kept with the order for whoever translates later; nil: nothing
}
