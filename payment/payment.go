// Package payment is the life of one payment: its states, the events that move
// it, and the plan of what must be done with each move. Decide is the whole of
// it. The package promises that the outcome told to a till is never changed,
// that a reservation ends once, and that a yes which comes too late sends the
// payer's money back. It knows no clock, no chance and no database.
package payment

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
)

// The clocks of a payment. Five, seven and nine seconds bound answers of
// machines; from AwaitingPayer on the payer's own deadline runs.
const (
	AnswerWithin   = 5 * time.Second  // a wallet's first signed answer
	TillWithin     = 7 * time.Second  // until the till has heard something
	ConfirmWithin  = 9 * time.Second  // a confirmation
	AskedFor       = 10 * time.Second // a payment whose payer is not asked
	PayerWait      = 60 * time.Second // for the payer, unless agreed otherwise
	PayerGrace     = 5 * time.Second  // after the payer's deadline, for the wallet's answer
	DebitWithin    = 15 * time.Second // for a wallet that has accepted a quote
	AnnouncedFor   = 60 * time.Second // for a wallet that debits before it tells us
	ResolveFor     = 10 * time.Second // of inquiries, after silence
	InquiryEvery   = 3 * time.Second
	InquiriesSoon  = 20
	InquiryLater   = 30 * time.Second // after the first InquiriesSoon
	PromptInquiry  = 10 * time.Second // while the payer is being asked
	AuthorisedFor  = 7 * 24 * time.Hour
	CancelFreeFor  = 24 * time.Hour
	QuoteFor       = 2 * time.Minute
	OrderFor       = 10 * time.Minute
	OrderAtMost    = 24 * time.Hour
	CodeFor        = 60 * time.Second
	CodesAtOnceMax = 10
)

// Flow is which of the three ways a payment is made.
type Flow string

// The three flows.
const (
	TillScans    Flow = "a" // the till scans the payer's code, the wallet is asked
	WalletAsks   Flow = "b" // the payer scans, the wallet accepts a quote and then debits
	WalletDebits Flow = "c" // the payer scans, the wallet has debited when it tells us
)

// State is where a payment stands inside the network. What the outside sees is
// its Status.
type State string

// The states. A payment starts in Asking, Debiting or Announced.
const (
	Asking        State = "asking"         // the wallet was asked and has not answered
	AwaitingPayer State = "awaiting_payer" // the wallet asks the payer
	Resolving     State = "resolving"      // the wallet was silent or not understood: it is inquired
	Debiting      State = "debiting"       // the wallet has accepted and debits
	Announced     State = "announced"      // the wallet may debit and then tells us
	Authorised    State = "authorised"     // the wallet holds the money for captures
	Approved      State = "approved"       // final: the store is guaranteed
	Declined      State = "declined"       // final
	Reversing     State = "reversing"      // the till was told no; the wallet has not acknowledged the cancel
	Reversed      State = "reversed"       // final: the wallet keeps a tombstone
)

// States are all states in the order of a payment's life.
func States() []State {
	return []State{Asking, AwaitingPayer, Resolving, Debiting, Announced, Authorised, Approved, Declined, Reversing, Reversed}
}

// Outcome is what the till was told. It is written once.
type Outcome string

// The outcomes.
const (
	Undecided    Outcome = ""
	WasApproved  Outcome = "approved"
	WasDeclined  Outcome = "declined"
	WasExpired   Outcome = "expired"
	WasCancelled Outcome = "cancelled"
)

// A Payee is the store as registered, which is what the payer is shown.
type Payee struct {
	Store    string
	Name     string
	City     string
	Country  string // ISO 3166-1 alpha-2
	Category string // ISO 18245
}

// A Payment is one payment as committed. Amounts of captures and refunds are
// minor units of the order currency.
type Payment struct {
	ID      string
	Version int64 // rises by one with every change
	Notes   int64 // how many the journal holds of it: the sequence of its last one
	Flow    Flow
	Mode    member.Mode
	State   State
	Outcome Outcome
	Reason  hansa.Reason // why it was not approved; empty otherwise

	Late        bool // a yes came after another outcome was told: the wallet owes its payer
	Quarantined bool // the wallet contradicted itself: a person looks at it

	Wallet         string
	Acquirer       string
	Branch         string
	Partner        string
	Merchant       string
	Payee          Payee
	Terminal       string
	OrderReference string
	Part           int    // of a split bill, from 1; zero: not split
	Code           string // the payment code that the till scanned; empty in flows B and C
	Order          string // the order that it pays; empty in flow A
	Quote          string

	Terms      fx.Terms
	Payer      string // whom the wallet debits, as the network knows them; never shown
	PayerToken string // how the acquirer knows the payer

	Agreement        string
	AgreementVersion int64

	PayerWait    time.Duration // how long the wallet may wait for its payer
	PayerUntil   time.Time     // when the payer's time, or the wallet's, is over
	Deadline     time.Time     // when the payment is given up; zero in a final state
	CreatedAt    time.Time
	ChangedAt    time.Time
	OutcomeAt    time.Time
	CaptureLater bool

	Held      int64 // of the wallet's cap, in minor units of its settlement currency
	Captured  int64
	Released  int64
	Refunding int64
	Refunded  int64

	Task Task
}

// A Call is what the network asks a wallet to do.
type Call string

// The calls. All are idempotent by the id of their subject.
const (
	NoCall      Call = ""
	CallAsk     Call = "ask"
	CallInquire Call = "inquire"
	CallCancel  Call = "cancel"
	CallCapture Call = "capture"
	CallRelease Call = "release"
	CallRefund  Call = "refund"
)

// A Task is the next call that is owed for its subject. Whoever works on it
// holds it under a lease; a higher Fence makes the earlier holder's lease void.
type Task struct {
	Call        Call
	Due         time.Time
	Tries       int // of this call, so far
	Fence       int64
	LeasedUntil time.Time
}

// next returns the task with call due at due. Tries count on for the same call.
func (t Task) next(call Call, due time.Time) Task {
	tries := 0
	if call == t.Call {
		tries = t.Tries + 1
	}
	return Task{Call: call, Due: due, Tries: tries, Fence: t.Fence}
}

// again returns the task tried once more, soon at first and later on seldom.
func (t Task) again(now time.Time) Task {
	wait := InquiryEvery
	if t.Tries >= InquiriesSoon {
		wait = InquiryLater
	}
	return t.next(t.Call, now.Add(wait))
}

// heard returns the task after words that do not settle it. Those that answer
// its call have it tried again; others must not put it off.
func (t Task) heard(now time.Time) Task {
	if t.LeasedUntil.After(now) {
		return t.again(now)
	}
	return t
}

func (t Task) done() Task { return Task{Fence: t.Fence} }

// Status is what the outside sees: "pending" or the outcome.
func (p Payment) Status() string {
	if p.Outcome == Undecided {
		return "pending"
	}
	return string(p.Outcome)
}

// PendingReason says why a payment is pending; it is empty once it is not.
func (p Payment) PendingReason() string {
	switch p.State {
	case Asking:
		return "asking_wallet"
	case AwaitingPayer, Debiting, Announced:
		return "awaiting_payer"
	case Resolving:
		return "resolving"
	case Authorised, Approved, Declined, Reversing, Reversed:
		return ""
	}
	panic("unknown state " + string(p.State))
}

// Open reports whether the outcome is still to come.
func (p Payment) Open() bool { return p.Outcome == Undecided }

// WalletAccount is the position that the payment draws on.
func (p Payment) WalletAccount() ledger.Account { return ledger.OfWallet(p.Wallet) }

// AcquirerAccount is the position that the payment pays into.
func (p Payment) AcquirerAccount() ledger.Account { return ledger.OfAcquirer(p.Branch) }

// WakeAt is when the payment must be looked at next; zero: never.
func (p Payment) WakeAt() time.Time {
	return earliest(p.Task.wakeAt(), p.Deadline)
}

func (t Task) wakeAt() time.Time {
	if t.Call == NoCall {
		return time.Time{}
	}
	if t.LeasedUntil.After(t.Due) {
		return t.LeasedUntil
	}
	return t.Due
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
