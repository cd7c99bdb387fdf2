package payment

import (
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

// A Plan is what must be committed together with a payment's new state.
type Plan struct {
	Booking  *Booking  // postings, if money has moved between participants
	Holds    []Hold    // changes of reservations
	Order    OrderMove // what becomes of the order that is paid
	Free     bool      // the order reference may be tried again
	Movement *Movement // a capture, release or refund that is new or has changed
	Notes    []Note    // what the journal says of it
}

// A Booking is an entry before it has an id and windows.
type Booking struct {
	Cause   ledger.Cause
	Subject string
	Legs    []ledger.Leg
}

// A Hold changes what is reserved on a position: above zero takes from the
// room under its cap, below zero gives back.
type Hold struct {
	Account ledger.Account
	Amount  money.Amount
}

// Note is the name of a journal event about a payment.
type Note string

// The notes. Those of a payment's outcome are told to both sides; the ones
// from LatePaid on concern the wallet alone.
const (
	NotePending         Note = "payment.pending"
	NoteApproved        Note = "payment.approved"
	NoteDeclined        Note = "payment.declined"
	NoteExpired         Note = "payment.expired"
	NoteCancelled       Note = "payment.cancelled"
	NoteCaptured        Note = "capture.made"
	NoteReleased        Note = "capture.released"
	NoteRefundPending   Note = "refund.pending"
	NoteRefundSucceeded Note = "refund.succeeded"
	NoteRefundFailed    Note = "refund.failed"

	NoteLatePaid     Note = "payment.late_paid"    // a yes after the end: the money goes back
	NoteReversed     Note = "payment.reversed"     // the wallet has acknowledged the cancel
	NoteContradicted Note = "payment.contradicted" // the wallet's answers do not agree: quarantined
)

// ForWalletOnly reports whether the store's side must not hear of the note.
func (n Note) ForWalletOnly() bool {
	switch n {
	case NoteLatePaid, NoteReversed, NoteContradicted:
		return true
	case NotePending, NoteApproved, NoteDeclined, NoteExpired, NoteCancelled, NoteCaptured, NoteReleased,
		NoteRefundPending, NoteRefundSucceeded, NoteRefundFailed:
		return false
	}
	panic("unknown note " + string(n))
}

// ToldToStore reports whether the store's side hears of a note about p. It never
// hears of a payment that a wallet announced and that was not approved.
func (p Payment) ToldToStore(n Note) bool {
	return !n.ForWalletOnly() && (p.Flow != WalletDebits || p.Outcome == WasApproved)
}

func (plan *Plan) note(n Note) { plan.Notes = append(plan.Notes, n) }

func (plan *Plan) hold(account ledger.Account, amount money.Amount) {
	if amount.Value != 0 {
		plan.Holds = append(plan.Holds, Hold{account, amount})
	}
}
