package store

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// Head is the end of a partition's journal. Who holds it decides what comes
// next in that partition.
type Head struct {
	Partition uint16
	Height    int64     // of the last block; zero before the first
	Hash      string    // of the last block; 64 zeros before the first
	Directory int64     // version of the directory; rises with every change of it
	At        time.Time // of the last block
	Commits   int64     // how many have written anything
	Numbered  int64     // how many natural keys have a number
	Begun     int64     // how many payments have begun
	Listed    int64     // how many of them, the oldest, are in runs of lists
}

// Genesis is what the first block names as its previous hash.
const Genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// RequestKey is what makes a request one of a kind, for ever.
type RequestKey struct {
	Participant string
	Operation   string
	ID          string
}

// A Request is what came of a request: the subject that it made or changed, or
// why it was refused. The same request is answered from it.
type Request struct {
	Key     RequestKey
	Body    [32]byte // SHA-256 of the request's body
	KeyID   string   // of the verified signature
	Subject string   // id of what it made or changed; empty if refused
	Reason  hansa.Reason
	Detail  string
	At      time.Time
}

// A Memo is what the translator of a client's protocol keeps with a payment or an order
// that the client began, and by which request of it.
type Memo struct {
	Subject string // id of the payment or order
	Client  string // its name
	Request string
	Text    []byte
}

// A ClientDocument is what a client keeps here as its protocol lets it.
type ClientDocument struct {
	Client string // its name
	Kind   string
	ID     string
	Body   []byte // nil, where it is written: it is removed
}

// A Nonce was used once by the key that signed a mutating request, at the time that is
// signed with it.
type Nonce struct {
	KeyID string
	Value string
	At    time.Time
}

// A PaymentCode is a code that a wallet showed, or fetched for one of its
// payers. One that a wallet issued itself is first seen when it is used.
type PaymentCode struct {
	Code      string
	Wallet    string
	Payer     string // reference of the person
	ExpiresAt time.Time
	Payment   string // that used it; empty while it is fresh
}

// A Person is a payer as a wallet knows them. Sealed is the wallet's own token
// for the payer, encrypted with Key: without the key nobody reads it.
type Person struct {
	Reference string // keyed hash of wallet and token
	Wallet    string
	Key       []byte // nil once erased
	Sealed    []byte
}

// ReferenceKey is a name that one payment or order at a time may hold: within a
// merchant its order reference, or one declared part of it; within a wallet the
// order that it has announced.
type ReferenceKey struct {
	Scope     string
	Reference string
	Part      int
}

// A Reference says who holds an order reference: a payment or order that is
// approved or undecided. Empty: it may be tried again.
type Reference struct {
	Key    ReferenceKey
	Holder string
}

// PositionKey names one account in one currency.
type PositionKey struct {
	Account  ledger.Account
	Currency money.Currency
}

// MissKey counts the unknown codes of one terminal or acquirer in one minute.
type MissKey struct {
	Scope  string
	Minute int64 // since 1970
}

// A Miss is such a count.
type Miss struct {
	Key   MissKey
	Count int64
}

// A Window is a settlement window. One is open per currency.
type Window struct {
	ID       string
	Currency money.Currency
	OpenedAt time.Time
	ClosedAt time.Time // zero while open
}

// An Event is one entry of the journal: what was committed, as canonical bytes.
// Wallet and Acquirer are who may read it; empty: not for them.
type Event struct {
	Subject  string
	Wallet   string
	Acquirer string
	Data     []byte
	Meaning  any // of Data, where whoever appended the event is still at hand; it is not kept
}

// A Block is one commit of the journal.
type Block struct {
	Partition uint16
	Height    int64
	Previous  string
	Hash      string
	At        time.Time
	Events    []string // hashes by index
}

// Cursor is a place in the journal: before the event at (Height, Index).
type Cursor struct {
	Partition uint16
	Height    int64
	Index     int
}

// A Recorded event is an event with its place and hash.
type Recorded struct {
	Cursor
	Hash string
	Event
}

// A Subscription is how far a participant has heard the journal.
type Subscription struct {
	Participant string
	Next        Cursor    // the first event that it has not heard of
	Failures    int       // of the endpoint, in a row
	Due         time.Time // when to try next
	FailingFrom time.Time // zero while the endpoint answers
	Fence       int64
	LeasedUntil time.Time
}

// A Delivery is an event that an endpoint refused while it took others. Later
// events of the same subject wait behind it.
type Delivery struct {
	Participant string
	Place       Cursor
	Subject     string
	Tries       int
	Due         time.Time
	Since       time.Time
	Parked      bool
}

// Listing is the directory as stored.
type Listing struct {
	member.Listing
	Rates      []fx.StandingRate
	References []fx.Reference
}

// Registry is what a file of stores holds.
type Registry struct {
	Merchants []merchant.Merchant
	Stores    []merchant.Store
	Terminals []merchant.Terminal
	Codes     []merchant.IssuedCode
}

// A CodeRange is allotted to an acquirer; codes are issued from it in order.
type CodeRange struct {
	Acquirer string
	Prefix   string // digits that every code of the range starts with
	Next     int64  // the next number to issue
	Last     int64
}

// Keys are what a batch wants to read. Asking for what is not there is no error.
type Keys struct {
	Requests   []RequestKey
	Nonces     []Nonce
	Codes      []string
	Persons    []string
	References []ReferenceKey
	Payments   []string // each with all its movements
	Movements  []string // of which only the id is known: their payments are read as well
	Orders     []string
	Quotes     []string
	Positions  []PositionKey
	Stores     []string
	Terminals  []string
	StoreCodes []string
	Misses     []MissKey
	Ranges     []string // acquirers

	Subscriptions []string // participants
}

// Rows are what was found, or, given to Write, what must be written. Rows that
// exist are replaced; a request, nonce or entry that exists already is a fault.
type Rows struct {
	Requests      []Request
	Nonces        []Nonce
	Codes         []PaymentCode
	Persons       []Person
	References    []Reference
	Payments      []payment.Payment
	Begun         []string // written only: ids of those of the payments of which nothing was written before
	Movements     []payment.Movement
	Orders        []payment.Order
	Quotes        []fx.Quote
	Positions     []ledger.Position
	Stores        []merchant.Store
	Terminals     []merchant.Terminal
	StoreCodes    []merchant.IssuedCode
	Merchants     []merchant.Merchant
	Misses        []Miss
	Ranges        []CodeRange
	Windows       []Window       // written only
	Entries       []ledger.Entry // written only
	Subscriptions []Subscription
	Deliveries    []Delivery
	Delivered     []Delivery       // taken off the list of those that wait
	Memos         []Memo           // written only
	Documents     []ClientDocument // written only

	Participants []member.Participant // written only; raises the directory's version
	Corridors    []member.Corridor
	Agreements   []member.Agreement
	Rates        []fx.StandingRate
	Reference    []fx.Reference
	Clients      []member.Client
	Authorities  []member.Authority
}

// Code returns the next code of the range: its prefix and ten digits.
func (r CodeRange) Code() string { return fmt.Sprintf("%s%010d", r.Prefix, r.Next) }
