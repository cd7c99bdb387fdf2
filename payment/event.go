package payment

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// An Event is something that happened to a payment. Decide says what follows.
type Event interface{ event() }

// Paid is the wallet's yes: it has debited, or holds, the payer's money.
type Paid struct{ Echo Echo }

// WalletDeclined is the wallet's no.
type WalletDeclined struct{ Reason hansa.Reason }

// PayerAsked says that the wallet waits for its payer until Until.
type PayerAsked struct{ Until time.Time }

// Silent is no answer, or one that cannot be understood. It proves nothing.
type Silent struct{}

// Unfound is a wallet's "not found". It proves nothing either: the request may
// still be on its way.
type Unfound struct{}

// Unsent says that a call could not be made, and nothing was sent by whoever held it. It
// is a no where nobody else can have asked the wallet, and proves nothing otherwise.
type Unsent struct{}

// CancelAcknowledged says that the wallet keeps a tombstone for the payment: it
// has given back what it took and will refuse the id for ever.
type CancelAcknowledged struct{}

// CancelAsked is the till's wish to stop.
type CancelAsked struct{}

// Elapsed says that the deadline has passed. ID is for the release that may
// follow.
type Elapsed struct{ ID string }

// CaptureAsked takes Amount of what is authorised.
type CaptureAsked struct {
	ID     string
	Amount money.Amount
}

// ReleaseAsked gives up all that is authorised and not captured.
type ReleaseAsked struct{ ID string }

// RefundAsked gives Amount back to the payer.
type RefundAsked struct {
	ID     string
	Amount money.Amount
}

// ApprovalCancelled is the free cancel after approval: all is given back.
type ApprovalCancelled struct{ ID string }

// MovementAcknowledged says that the wallet has carried out a movement.
type MovementAcknowledged struct{ ID string }

// MovementRefused says that the wallet will not carry out a refund.
type MovementRefused struct {
	ID     string
	Reason hansa.Reason
}

// MovementSilent is no answer about a movement.
type MovementSilent struct{ ID string }

func (Paid) event()                 {}
func (WalletDeclined) event()       {}
func (PayerAsked) event()           {}
func (Silent) event()               {}
func (Unfound) event()              {}
func (Unsent) event()               {}
func (CancelAcknowledged) event()   {}
func (CancelAsked) event()          {}
func (Elapsed) event()              {}
func (CaptureAsked) event()         {}
func (ReleaseAsked) event()         {}
func (RefundAsked) event()          {}
func (ApprovalCancelled) event()    {}
func (MovementAcknowledged) event() {}
func (MovementRefused) event()      {}
func (MovementSilent) event()       {}

// An Echo is what a wallet says it has paid. It must be what it was asked.
type Echo struct {
	Payment string
	Order   money.Amount
	Debit   money.Amount
	Payee   string // the store's id
}

// Echo is what a wallet must say for a yes to count.
func (p Payment) Echo() Echo {
	return Echo{Payment: p.ID, Order: p.Terms.Order, Debit: p.Terms.Debit, Payee: p.Payee.Store}
}
