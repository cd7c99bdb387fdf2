package sim

import (
	"time"

	"github.com/hansa-network/hansa/money"
)

// Prompt says when a wallet asks its payer about a code that a till scanned.
type Prompt string

// The prompts.
const (
	PromptNever  Prompt = "never" // to show the code is the consent
	PromptAlways Prompt = "always"
	PromptAbove  Prompt = "above" // only for more than the agreed amount
)

// Terms are what the users of a wallet have agreed to. Amounts are minor units
// of Debits, and zero stands for no limit.
type Terms struct {
	ID         string
	Name       string
	Country    string         // ISO 3166-1 alpha-2
	IssuedBy   string         // the institution that keeps its users' accounts; empty: itself
	Debits     money.Currency // of its users' accounts
	Settles    money.Currency
	Prompt     Prompt
	Unprompted int64         // with PromptAbove: up to and including this
	PIN        bool          // a yes without the payer's PIN is none
	PayerWait  time.Duration // for the payer's answer; zero: as the network says
	OpenWithin time.Duration // the part of PayerWait in which the payer opens the prompt; zero: any time of it
	Notifies   bool          // it debits first and then tells the network: flow C
	Reserves   bool          // what is captured later it reserves, and takes with each capture
	Fundings   []string      // where its users' money may come from; the first unless a user chooses
	NoBalance  bool          // it debits accounts of which their bank alone knows what is in them
	Purses     []Purse       // that pay before the users' own money, the first first

	Largest      int64         // of one payment
	HourMax      int           // payments of one payer in an hour
	DayMax       int           // payments of one payer in a day
	PrintedDaily int64         // of one payer at printed codes in a day
	DayAhead     time.Duration // how long before that of UTC its day begins
}

// A Purse is benefit money that is good for some merchants only.
type Purse struct {
	Name       string
	Categories []string // merchant category codes, ISO 18245
	Daily      int64    // of one payer
}

// asks reports whether the payer is asked about debit.
func (t Terms) asks(debit money.Amount) bool {
	switch t.Prompt {
	case PromptNever:
		return false
	case PromptAlways:
		return true
	case PromptAbove:
		return debit.Value > t.Unprompted
	}
	panic("unknown prompt " + string(t.Prompt))
}

// day counts the wallet's days.
func (t Terms) day(at time.Time) time.Time {
	return at.UTC().Add(t.DayAhead).Truncate(24 * time.Hour)
}

// overLimit reports whether a payment would be one too many for its payer, or
// too large. What was cancelled counts no more; what was refunded does.
func (w *Wallet) overLimit(p WalletPayment, now time.Time) bool {
	t := w.terms
	if t.Largest > 0 && p.DebitAmount.Value > t.Largest {
		return true
	}
	counts := t.HourMax > 0 || t.DayMax > 0 || t.PrintedDaily > 0 && p.Printed
	if !counts {
		return false // Whoever pays all day is not counted in vain.
	}
	var hour, day int
	var printed int64
	for _, other := range w.paidBy(p.Payer) {
		if now.Sub(other.PaidAt) < time.Hour {
			hour++
		}
		if !t.day(other.PaidAt).Equal(t.day(now)) {
			continue
		}
		day++
		if other.Printed {
			printed += other.Debited
		}
	}
	return t.HourMax > 0 && hour >= t.HourMax || t.DayMax > 0 && day >= t.DayMax ||
		t.PrintedDaily > 0 && p.Printed && printed+p.DebitAmount.Value > t.PrintedDaily
}

// paidBy returns what a payer has paid and was not cancelled, as begun.
func (w *Wallet) paidBy(payer string) []WalletPayment {
	var paid []WalletPayment
	for _, reference := range w.history[payer] {
		if p := w.payments[reference]; p.State == StatePaid {
			paid = append(paid, p)
		}
	}
	return paid
}
