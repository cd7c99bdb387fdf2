package api

import (
	"time"

	"github.com/hansa-network/hansa/money"
)

// Payment is a payment as its wallet or its acquirer sees it. It changes until
// Status is final and never afterwards: captures and refunds are documents of
// their own.
type Payment struct {
	Reference      string       `json:"reference"` // the network's, the same on both receipts
	Status         string       `json:"status"`    // pending, then one of approved, declined, expired, cancelled
	PendingReason  string       `json:"pending_reason,omitempty"`
	Reason         string       `json:"reason,omitempty"` // why it was not approved
	Mode           string       `json:"mode"`             // cpm, static or dynamic
	Wallet         string       `json:"wallet"`
	Acquirer       string       `json:"acquirer"`
	Branch         string       `json:"branch"`
	Store          string       `json:"store"`
	Terminal       string       `json:"terminal,omitempty"`
	OrderReference string       `json:"order_reference,omitempty"`
	Order          string       `json:"order,omitempty"`
	OrderAmount    money.Amount `json:"order_amount"`
	DebitAmount    money.Amount `json:"debit_amount"`
	Rate           *money.Rate  `json:"rate"`            // null where nothing is converted
	Payer          string       `json:"payer,omitempty"` // the acquirer's token for the payer; not for wallets
	CreatedAt      time.Time    `json:"created_at"`
	OutcomeAt      *time.Time   `json:"outcome_at,omitempty"`

	Settlement *Settlement `json:"-"` // for translators
}

// Payee is the store as registered. A wallet shows this and nothing that was
// printed in a code.
type Payee struct {
	Store    string `json:"store"`
	Name     string `json:"name"`
	City     string `json:"city"`
	Country  string `json:"country"`
	Category string `json:"category"`
}

// AskPayment is a till's wish to be paid by the payer whose code it scanned.
// POST /v1/payments, answered with a Payment.
type AskPayment struct {
	RequestID      string       `json:"request_id"`
	Code           string       `json:"code"`
	Amount         money.Amount `json:"amount"`
	Store          string       `json:"store"`
	Terminal       string       `json:"terminal"`
	OrderReference string       `json:"order_reference"`
	Part           int          `json:"part,omitempty"` // of a split bill, from 1
	CaptureLater   bool         `json:"capture_later,omitempty"`
}

// MakeOrder opens an order that any wallet may pay once.
// POST /v1/orders, answered with an Order.
type MakeOrder struct {
	RequestID      string       `json:"request_id"`
	Amount         money.Amount `json:"amount"`
	Store          string       `json:"store"`
	Terminal       string       `json:"terminal"`
	OrderReference string       `json:"order_reference"`
	Part           int          `json:"part,omitempty"`
	ExpiresIn      int64        `json:"expires_in,omitempty"`    // seconds; 600 if absent, at most 86400
	CaptureLater   bool         `json:"capture_later,omitempty"` // what is accepted is authorised: capture it
}

// Order is an order as its acquirer sees it.
type Order struct {
	Order          string       `json:"order"`
	Status         string       `json:"status"` // open, held, paid, closed, expired
	Code           string       `json:"code"`   // the text to show as a symbol
	Amount         money.Amount `json:"amount"`
	Store          string       `json:"store"`
	Terminal       string       `json:"terminal,omitempty"`
	OrderReference string       `json:"order_reference,omitempty"`
	Payment        string       `json:"payment,omitempty"` // reference of the payment that holds or has paid it
	CreatedAt      time.Time    `json:"created_at"`
	ExpiresAt      time.Time    `json:"expires_at"`
}

// Change asks for a change that needs no more than its own request id: cancel,
// release, revoke.
type Change struct {
	RequestID string `json:"request_id"`
}

// MoveMoney captures or refunds a part of a payment.
// POST /v1/payments/{reference}/captures or /refunds, answered with a Movement.
type MoveMoney struct {
	RequestID string       `json:"request_id"`
	Amount    money.Amount `json:"amount"` // in the order currency
}

// Movement is a capture, release, refund or cancel after the outcome.
type Movement struct {
	Movement    string       `json:"movement"`
	Payment     string       `json:"payment"`
	Kind        string       `json:"kind"`   // capture, release, refund, cancel
	Status      string       `json:"status"` // pending, succeeded, failed
	Reason      string       `json:"reason,omitempty"`
	OrderAmount money.Amount `json:"order_amount"`
	DebitAmount money.Amount `json:"debit_amount"`
	CreatedAt   time.Time    `json:"created_at"`
	ChangedAt   time.Time    `json:"changed_at"`

	Settlement *Settlement `json:"-"` // for translators
}

// Cancelled answers a cancel: the payment, and where it was approved before,
// the movement that gives all of it back.
type Cancelled struct {
	Payment  Payment   `json:"payment"`
	Movement *Movement `json:"movement,omitempty"`
}

// FetchCodes asks for payment codes for one payer.
// POST /v1/payment-codes, answered with PaymentCodes.
type FetchCodes struct {
	RequestID string `json:"request_id"`
	Payer     string `json:"payer"` // the wallet's own token for its user
	Count     int    `json:"count"` // 1 to 10
}

// PaymentCodes are codes to show one after the other.
type PaymentCodes struct {
	Codes []PaymentCode `json:"codes"`
}

// PaymentCode is 24 digits that pay once.
type PaymentCode struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Resolve asks what a scanned code leads to.
// POST /v1/resolve, answered with a Resolution.
type Resolve struct {
	RequestID string `json:"request_id"`
	Code      string `json:"code"`
}

// Resolution is what a code leads to: a store, or an order with its quote.
type Resolution struct {
	Kind     string        `json:"kind"` // store or order
	Payee    Payee         `json:"payee"`
	Currency string        `json:"currency"` // of the store
	Largest  *money.Amount `json:"largest,omitempty"`
	Smallest *money.Amount `json:"smallest,omitempty"`
	Quote    *Quote        `json:"quote,omitempty"`
}

// AskQuote prices an amount that the payer typed at a printed code.
// POST /v1/quotes, answered with a Quote.
type AskQuote struct {
	RequestID string       `json:"request_id"`
	Code      string       `json:"code"`
	Amount    money.Amount `json:"amount"`
}

// Quote is what the payer sees before accepting. It is for one payment.
type Quote struct {
	Quote             string       `json:"quote"`
	Order             string       `json:"order"`
	Payee             Payee        `json:"payee"`
	OrderAmount       money.Amount `json:"order_amount"`
	DebitAmount       money.Amount `json:"debit_amount"`
	Rate              *money.Rate  `json:"rate"`
	MarkupBasisPoints *int64       `json:"markup_basis_points,omitempty"` // over the published reference rate
	Fee               money.Amount `json:"fee"`                           // that the payer pays beside; zero so far
	ExpiresAt         time.Time    `json:"expires_at"`
}

// CodeKeys are the keys that sign store codes and order codes, the oldest first.
type CodeKeys struct {
	Version string    `json:"version"` // another one whenever a key changes
	Keys    []CodeKey `json:"keys"`
}

// CodeKey is one of them. docs/codes.md says how it is used.
type CodeKey struct {
	ID            string     `json:"id"`
	Public        string     `json:"public_key"`               // as FormatPublicKey writes it
	BelievedFrom  *time.Time `json:"believed_from,omitempty"`  // missing: always
	BelievedUntil *time.Time `json:"believed_until,omitempty"` // its codes are refused from then on; missing: no end is known
}

// Accept says that the payer has accepted a quote. The amounts and the payee
// are what the payer saw.
// POST /v1/accepts, answered with an Accepted.
type Accept struct {
	RequestID   string       `json:"request_id"`
	Quote       string       `json:"quote"`
	Payer       string       `json:"payer"`
	OrderAmount money.Amount `json:"order_amount"`
	DebitAmount money.Amount `json:"debit_amount"`
	Payee       string       `json:"payee"` // the store's id
}

// Accepted lets the wallet debit its payer until DebitBefore.
type Accepted struct {
	Payment      Payment   `json:"payment"`
	DebitBefore  time.Time `json:"debit_before"`
	CaptureLater bool      `json:"capture_later,omitempty"` // reserve it: a capture follows
}

// Announce says that a payer of a wallet that debits first has scanned a code.
// POST /v1/announcements, answered with an Announced.
type Announce struct {
	RequestID string        `json:"request_id"`
	Code      string        `json:"code"`
	Payer     string        `json:"payer"`
	Amount    *money.Amount `json:"amount,omitempty"` // for a printed code: what the payer typed
}

// Announced is the order that the wallet may debit and then tell us of.
type Announced struct {
	Payment      Payment   `json:"payment"`
	Quote        Quote     `json:"quote"`
	ExpiresAt    time.Time `json:"expires_at"`              // for the debit and the notice of it
	CaptureLater bool      `json:"capture_later,omitempty"` // reserve it: a capture follows
}

// TellOutcome is the wallet's word on a payment.
// POST /v1/payments/{reference}/outcome, answered with an OutcomeHeard.
type TellOutcome struct {
	Status      string       `json:"status"` // PAID or DECLINED
	Reason      string       `json:"reason,omitempty"`
	OrderAmount money.Amount `json:"order_amount"`
	DebitAmount money.Amount `json:"debit_amount"`
	Payee       string       `json:"payee"`
}

// OutcomeHeard acknowledges that the wallet's word was received. Only a Status
// of approved lets the wallet show "paid".
type OutcomeHeard struct {
	Reference string `json:"reference"`
	Received  bool   `json:"received"`
	Status    string `json:"status"`
}

// Receipt is the one document for customer and store. It names nothing of the
// payer. Each capture, refund and cancel has its own.
type Receipt struct {
	Reference      string       `json:"reference"`
	Payment        string       `json:"payment"` // the same as Reference on the receipt of a payment
	Kind           string       `json:"kind"`    // payment, capture, release, refund, cancel
	Status         string       `json:"status"`
	Merchant       string       `json:"merchant"`
	Store          Payee        `json:"store"`
	Terminal       string       `json:"terminal,omitempty"`
	OrderReference string       `json:"order_reference,omitempty"`
	Mode           string       `json:"mode"`
	Wallet         string       `json:"wallet"`
	Acquirer       string       `json:"acquirer"`
	OrderAmount    money.Amount `json:"order_amount"`
	DebitAmount    money.Amount `json:"debit_amount"`
	Rate           *money.Rate  `json:"rate"`
	Fee            money.Amount `json:"fee"`
	At             time.Time    `json:"at"` // in UTC
}

// StoreCode is a printed code that the network issued to a store.
type StoreCode struct {
	Code      string     `json:"code"`
	Text      string     `json:"text"` // to show as a symbol
	Store     string     `json:"store"`
	Acquirer  string     `json:"acquirer"`
	IssuedAt  time.Time  `json:"issued_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
}

// IssueStoreCode asks for a code for a store of the acquirer.
// POST /v1/store-codes, answered with a StoreCode.
type IssueStoreCode struct {
	RequestID string `json:"request_id"`
	Store     string `json:"store"`
}

// Suspend stops, or lets go on, what a participant may start.
// POST /v1/operator/suspensions.
type Suspend struct {
	RequestID   string `json:"request_id"`
	Participant string `json:"participant"`
	Role        string `json:"role,omitempty"` // empty: all
	Suspended   bool   `json:"suspended"`
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"` // cursor of the next page; absent on the last
}

// Event is one entry of the journal as a participant hears it, by webhook, by
// GET /v1/events or as a stream.
type Event struct {
	Cursor   string    `json:"cursor"`
	Type     string    `json:"type"`
	At       time.Time `json:"at"`
	Sequence int64     `json:"sequence"`        // within the payment, from 1 without a gap in the journal; 0 for an order
	Order    string    `json:"order,omitempty"` // id of the order, if the event is about one
	Payment  *Payment  `json:"payment,omitempty"`
	Movement *Movement `json:"movement,omitempty"`
}
