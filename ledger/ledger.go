// Package ledger keeps double entry: accounts, entries of postings that balance
// in every currency, and positions with their reservations and caps. It promises
// that an entry it made balances, and that a position never passes its cap.
package ledger

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
)

// An Account is what a posting moves. Its name says whose it is and in which
// role: "wallet/alipay", "acquirer/nets.no", "fx/hanseatic", "rounding".
type Account string

// Rounding takes what is left when a provider deals whole minor units only.
const Rounding Account = "rounding"

// OfWallet is the position of a wallet provider: below zero it owes.
func OfWallet(participant string) Account { return Account("wallet/" + participant) }

// OfAcquirer is the position of an acquirer's branch: above zero it is owed.
func OfAcquirer(branch string) Account { return Account("acquirer/" + branch) }

// OfProvider is the position of an FX provider, which stands between the legs.
func OfProvider(participant string) Account { return Account("fx/" + participant) }

// Cause is why an entry was made.
type Cause string

// The causes of entries so far.
const (
	Approval Cause = "approval"
	Capture  Cause = "capture"
	Refund   Cause = "refund"
)

// An Entry is one balanced set of postings with exactly one cause.
type Entry struct {
	ID       string
	Payment  string
	Cause    Cause
	Subject  string // the payment, capture or refund that caused it: unique per cause
	Postings []Posting
}

// A Posting moves an account by a signed amount that is never zero. It belongs
// to the settlement window that was open when it was made.
type Posting struct {
	Account Account
	Amount  money.Amount
	Window  string
}

// A Leg is a posting before its window is known.
type Leg struct {
	Account Account
	Amount  money.Amount
}

// NewEntry makes an entry of legs. Legs of zero are left out and legs of one
// account and currency are joined; windows gives the open window of a currency.
// It panics where the legs do not balance: the caller computed them wrongly.
func NewEntry(head Entry, legs []Leg, windows map[money.Currency]string) Entry {
	var postings []Posting
	for _, leg := range legs {
		postings = joined(postings, leg)
	}
	postings = slices.DeleteFunc(postings, func(p Posting) bool { return p.Amount.Value == 0 })
	for i, posting := range postings {
		postings[i].Window = windows[posting.Amount.Currency]
		if postings[i].Window == "" {
			panic(fmt.Sprintf("no settlement window is open for %s", posting.Amount.Currency))
		}
	}
	head.Postings = postings
	if err := head.Balanced(); err != nil {
		panic(err)
	}
	return head
}

// joined returns postings with leg added to the one of its account and currency.
func joined(postings []Posting, leg Leg) []Posting {
	for i, posting := range postings {
		if posting.Account == leg.Account && posting.Amount.Currency == leg.Amount.Currency {
			postings[i].Amount.Value += leg.Amount.Value
			return postings
		}
	}
	return append(postings, Posting{Account: leg.Account, Amount: leg.Amount})
}

// Balanced returns an error that names the currency in which the entry does not
// balance. An entry without postings balances: both sides were one account.
func (e Entry) Balanced() error {
	sums := make(map[money.Currency]int64)
	for _, posting := range e.Postings {
		if posting.Amount.Value == 0 || posting.Amount.Value > money.AmountMax || posting.Amount.Value < -money.AmountMax {
			return fmt.Errorf("entry %s posts %d %s", e.ID, posting.Amount.Value, posting.Amount.Currency)
		}
		sums[posting.Amount.Currency] += posting.Amount.Value
	}
	for _, posting := range e.Postings {
		if sum := sums[posting.Amount.Currency]; sum != 0 {
			return fmt.Errorf("entry %s of %s is off by %d %s", e.ID, e.Payment, sum, posting.Amount.Currency)
		}
	}
	return nil
}

// String shows the postings in one line, for golden files and logs.
func (e Entry) String() string {
	parts := make([]string, len(e.Postings))
	for i, posting := range e.Postings {
		parts[i] = fmt.Sprintf("%s %s", posting.Account, posting.Amount)
	}
	return strings.Join(parts, ", ")
}

// A Position is what one account stands at in one currency. Below zero the
// participant owes. Reserved is what open payments may still take from it.
type Position struct {
	Account  Account
	Currency money.Currency
	Balance  int64 // minor units, the sum of the account's postings
	Reserved int64 // minor units, never below zero
	Cap      int64 // minor units: how far Reserved less Balance may go, so that a credit makes room; below zero: no cap
}

// Uncapped is the Cap of a position that nothing limits.
const Uncapped int64 = -1

// Reserve takes amount out of the room that the cap leaves. It refuses
// CapExceeded where there is no such room.
func (p Position) Reserve(amount int64) (Position, error) {
	if amount < 0 {
		panic(fmt.Sprintf("reserve %d on %s", amount, p.Account))
	}
	if p.Cap >= 0 && p.Reserved-p.Balance > p.Cap-amount {
		return p, hansa.Refuse(hansa.CapExceeded, "%s has no room for %s", p.Account, money.New(amount, p.Currency))
	}
	p.Reserved += amount
	return p, nil
}

// Release gives back what was reserved. It panics where more is released than
// was reserved: a reservation ends once.
func (p Position) Release(amount int64) Position {
	if amount < 0 || amount > p.Reserved {
		panic(fmt.Sprintf("release %d of %d reserved on %s", amount, p.Reserved, p.Account))
	}
	p.Reserved -= amount
	return p
}

// Post moves the balance by amount.
func (p Position) Post(amount int64) Position {
	p.Balance += amount
	return p
}
