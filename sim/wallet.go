package sim

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A Wallet is one wallet provider: its payers with their balances, and what it
// was asked about each payment. It answers the same call the same for ever, and
// takes no payer's money twice for one reference, nor ever for one that it has
// cancelled, however badly it was told to behave. It is not safe for concurrent
// use.
type Wallet struct {
	Behaviour Misbehaviour // from now on; not kept in the book

	terms     Terms
	book      Book
	payers    map[string]Payer
	payments  map[string]WalletPayment
	movements map[string]WalletMovement
	locals    map[string]string   // references of the payments that have paid orders of the wallet's own scheme
	history   map[string][]string // references of the payments of each payer, as begun
	codes     map[string]WalletCode
	entries   []WalletEntry
	awaiting  []string // references of payments whose payer was asked, oldest first
	owed      []string // references of payments whose outcome must be told, oldest first
}

// A Payer is a user of a wallet.
type Payer struct {
	ID        string       `json:"payer"`
	Balance   money.Amount `json:"balance,omitzero"` // own money; of a wallet that keeps no balance, nothing
	Purses    []PurseMoney `json:"purses,omitempty"`
	Accepts   Acceptance   `json:"accepts"`
	Funding   string       `json:"funding"`
	PIN       string       `json:"pin,omitempty"` // for everybody to see: this is make-believe
	WrongPINs int          `json:"wrong_pins,omitempty"`
}

// Acceptance is how a payer answers when asked.
type Acceptance string

// The ways to answer.
const (
	AcceptsAlways Acceptance = "always"
	AcceptsNever  Acceptance = "never"
	AcceptsAsked  Acceptance = "ask" // a person decides: see Wallet.Answer
)

// A PaymentState is where a payment stands at its wallet.
type PaymentState string

// The states of a payment at its wallet.
const (
	StateAwaiting  PaymentState = "awaiting" // the payer was asked
	StatePaid      PaymentState = "paid"     // the payer was debited; "paid" is shown only once the network approved
	StateDeclined  PaymentState = "declined"
	StateCancelled PaymentState = "cancelled" // the tombstone: the reference is refused for ever
)

// A WalletPayment is a payment as its wallet has it. Of a tombstone that was
// made before the wallet was asked, only the reference is known.
type WalletPayment struct {
	Reference   string       `json:"reference"`
	Order       string       `json:"order,omitempty"` // of the wallet's own scheme
	Payer       string       `json:"payer,omitempty"`
	Payee       api.Payee    `json:"payee"`
	OrderAmount money.Amount `json:"order_amount"`
	DebitAmount money.Amount `json:"debit_amount"`
	State       PaymentState `json:"state"`
	Reason      hansa.Reason `json:"reason,omitempty"`
	OpenBy      time.Time    `json:"open_by,omitzero"` // until when the prompt must be opened
	Until       time.Time    `json:"until,omitzero"`   // when the payer's time is over
	Debited     int64        `json:"debited"`          // minor units of DebitAmount's currency
	Returned    int64        `json:"returned"`         // of what was debited
	Portions    []Portion    `json:"portions,omitempty"`
	Outcome     string       `json:"outcome,omitempty"`
	At          time.Time    `json:"at"`
	PaidAt      time.Time    `json:"paid_at,omitzero"`

	Printed      bool  `json:"printed,omitempty"` // the payer scanned a printed code
	CaptureLater bool  `json:"capture_later,omitempty"`
	Reserved     int64 `json:"reserved,omitempty"` // of what was debited: neither captured nor released

	Owed   int       `json:"owed,omitempty"` // how often the outcome is still to be told
	TellAt time.Time `json:"tell_at,omitzero"`
	Lapse  Lapse     `json:"lapse,omitempty"`
}

// A WalletMovement is a capture, release or refund as carried out or refused.
type WalletMovement struct {
	Movement string `json:"movement"`
	Payment  string `json:"payment"`
	Status   string `json:"status"`
	Reason   string `json:"reason,omitempty"`
}

// A WalletEntry is one change of a payer's balance.
type WalletEntry struct {
	At        time.Time    `json:"at"`
	Payer     string       `json:"payer"`
	Reference string       `json:"reference"` // of the payment, or of the movement
	Amount    money.Amount `json:"amount"`    // below zero: taken from the payer
}

// walletRows are what one step of a wallet changes.
type walletRows struct {
	Payer    *Payer          `json:"payer,omitempty"`
	Payment  *WalletPayment  `json:"payment,omitempty"`
	Movement *WalletMovement `json:"movement,omitempty"`
	Entry    *WalletEntry    `json:"entry,omitempty"`
	Code     *WalletCode     `json:"code,omitempty"`
}

// NewWallet returns the wallet as past, which is all that its book holds, left
// it. An unreadable record is a fault.
func NewWallet(terms Terms, book Book, past iter.Seq[[]byte]) (*Wallet, error) {
	w := &Wallet{
		terms: terms, book: book,
		payers: make(map[string]Payer), payments: make(map[string]WalletPayment), movements: make(map[string]WalletMovement),
		locals: make(map[string]string), history: make(map[string][]string),
		codes: make(map[string]WalletCode),
	}
	if err := replay(past, w.apply); err != nil {
		return nil, fmt.Errorf("open wallet %s: %w", terms.ID, err)
	}
	return w, nil
}

// write keeps rows and takes them over.
func (w *Wallet) write(rows walletRows) {
	keep(w.book, rows)
	w.apply(rows)
}

// apply is the only place where the wallet changes, so that the book is all of it.
func (w *Wallet) apply(rows walletRows) {
	if rows.Payer != nil {
		w.payers[rows.Payer.ID] = *rows.Payer
	}
	if p := rows.Payment; p != nil {
		if _, known := w.payments[p.Reference]; !known && p.Payer != "" {
			w.history[p.Payer] = append(w.history[p.Payer], p.Reference)
		}
		w.payments[p.Reference] = *p
		if p.Order != "" && p.State == StatePaid {
			w.locals[p.Order] = p.Reference
		}
		w.awaiting = listed(w.awaiting, p.Reference, p.State == StateAwaiting)
		w.owed = listed(w.owed, p.Reference, p.Owed > 0)
	}
	if rows.Movement != nil {
		w.movements[rows.Movement.Movement] = *rows.Movement
	}
	if rows.Entry != nil {
		w.entries = append(w.entries, *rows.Entry)
	}
	if rows.Code != nil {
		w.codes[rows.Code.Code] = *rows.Code
	}
}

// listed returns list with reference in it, or not.
func listed(list []string, reference string, in bool) []string {
	at := slices.Index(list, reference)
	switch {
	case in && at < 0:
		return append(list, reference)
	case !in && at >= 0:
		return slices.Delete(list, at, at+1)
	}
	return list
}

// Terms returns what the wallet's users have agreed to.
func (w *Wallet) Terms() Terms { return w.terms }

// Payer returns the user called id, or refuses NotFound.
func (w *Wallet) Payer(id string) (Payer, error) {
	payer, ok := w.payers[id]
	if !ok {
		return Payer{}, hansa.Refuse(hansa.NotFound, "%s has no such payer", w.terms.ID)
	}
	return payer, nil
}

// Payment returns what the wallet knows of a payment, or refuses NotFound.
func (w *Wallet) Payment(reference string) (WalletPayment, error) {
	p, ok := w.payments[reference]
	if !ok {
		return WalletPayment{}, hansa.Refuse(hansa.NotFound, "%s knows no such payment", w.terms.ID)
	}
	return p, nil
}

// PaymentsOf returns the payments of a payer, oldest first.
func (w *Wallet) PaymentsOf(payer string) []WalletPayment {
	payments := []WalletPayment{}
	for _, reference := range w.history[payer] {
		payments = append(payments, w.payments[reference])
	}
	slices.SortFunc(payments, func(a, b WalletPayment) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return strings.Compare(a.Reference, b.Reference)
	})
	return payments
}

// Entries returns every change of a balance, oldest first.
func (w *Wallet) Entries() []WalletEntry { return slices.Clone(w.entries) }
