package sim

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// Open makes a payer. It refuses AlreadyExists, and Malformed or CurrencyMismatch
// for what no payer of this wallet can be.
func (w *Wallet) Open(payer Payer) error {
	if _, taken := w.payers[payer.ID]; taken {
		return hansa.Refuse(hansa.AlreadyExists, "payer %s", payer.ID)
	}
	switch payer.Accepts {
	case AcceptsAlways, AcceptsNever, AcceptsAsked:
	default:
		return hansa.Refuse(hansa.Malformed, "accepts: %s, %s or %s", AcceptsAlways, AcceptsNever, AcceptsAsked)
	}
	if payer.ID == "" {
		return hansa.Refuse(hansa.Malformed, "a payer has a name")
	}
	if err := w.terms.checkMoney(payer); err != nil {
		return err
	}
	if w.terms.PIN && payer.PIN == "" {
		payer.PIN = UsualPIN
	}
	if payer.Funding == "" && len(w.terms.Fundings) > 0 {
		payer.Funding = w.terms.Fundings[0]
	}
	w.write(walletRows{Payer: &payer})
	return nil
}

// Prompts returns the payments about which the payer is being asked, oldest
// first.
func (w *Wallet) Prompts(payer string) []WalletPayment {
	prompts := []WalletPayment{}
	for _, reference := range w.awaiting {
		if p := w.payments[reference]; p.Payer == payer {
			prompts = append(prompts, p)
		}
	}
	return prompts
}

// Look says that a payer looks at the prompts, of which each that is opened in
// time leaves the rest of the payer's time from now on.
func (w *Wallet) Look(payer string, now time.Time) {
	for _, p := range w.Prompts(payer) {
		if p = w.lapse(p, now); p.State != StateAwaiting || p.OpenBy.IsZero() {
			continue
		}
		p.OpenBy = time.Time{}
		if rest := now.Add(w.terms.PayerWait - w.terms.OpenWithin); rest.Before(p.Until) {
			p.Until = rest
		}
		w.write(walletRows{Payment: &p})
	}
}

// lapse declines a payment whose prompt nobody has opened in time.
func (w *Wallet) lapse(p WalletPayment, now time.Time) WalletPayment {
	if p.State != StateAwaiting || p.OpenBy.IsZero() || now.Before(p.OpenBy) {
		return p
	}
	return w.decline(p, hansa.PaymentExpired, 1, now)
}

// Answer is the payer's answer to a prompt. It refuses NotFound, NotAllowedNow
// where nothing is asked any more or the PIN is wrong, PayerBlocked where it was
// wrong too often, and PaymentExpired after the payer's time.
func (w *Wallet) Answer(reference string, decision Decision, now time.Time) error {
	p, err := w.Payment(reference)
	if err != nil {
		return err
	}
	if p.State != StateAwaiting {
		return hansa.Refuse(hansa.NotAllowedNow, "this payment is %s", p.State)
	}
	if p = w.lapse(p, now); p.State != StateAwaiting || !now.Before(p.Until) {
		return hansa.Refuse(hansa.PaymentExpired, "the time to answer is over")
	}
	if !decision.Accept {
		w.decline(p, hansa.DeclinedByPayer, 1, now)
		return nil
	}
	if err := w.identify(w.payers[p.Payer], decision.PIN); err != nil {
		if w.payers[p.Payer].locked() {
			w.decline(p, hansa.PayerBlocked, 1, now)
		}
		return err
	}
	if reason := w.objection(p, now); reason != "" {
		w.decline(p, reason, 1, now)
		return nil
	}
	w.debit(p, w.tellings(), now)
	return nil
}

// AnswerFor is Answer in the name of a payer, who answers only for own payments.
func (w *Wallet) AnswerFor(payer, reference string, decision Decision, now time.Time) (WalletPayment, error) {
	p, err := w.Payment(reference)
	if err == nil && p.Payer != payer {
		err = hansa.Refuse(hansa.NotFound, "%s has no such payment", payer)
	}
	if err == nil {
		err = w.Answer(reference, decision, now)
	}
	if err != nil {
		return WalletPayment{}, err
	}
	return w.Payment(reference)
}

// tellings is how often the wallet tells an outcome for which it is not asked.
func (w *Wallet) tellings() int {
	if w.Behaviour == DoubleYes {
		return 2
	}
	return 1
}

// Attend lets the payers who need no person answer what they are asked, and
// reports whether anybody did.
func (w *Wallet) Attend(now time.Time) bool {
	answered := false
	for _, reference := range append([]string(nil), w.awaiting...) {
		p := w.lapse(w.payments[reference], now)
		payer := w.payers[p.Payer]
		if p.State != StateAwaiting {
			answered = true
			continue
		}
		if payer.Accepts == AcceptsAsked {
			continue
		}
		decision := Decision{Accept: payer.Accepts == AcceptsAlways, PIN: payer.PIN}
		answered = w.Answer(reference, decision, now) == nil || answered
	}
	return answered
}

// A Consent is the payer's answer to a quote in the app, for which the network
// has made a payment.
type Consent struct {
	Reference   string
	Order       string // of the wallet's own scheme; empty: none
	Payer       string
	Payee       api.Payee
	OrderAmount money.Amount
	DebitAmount money.Amount
	Before      time.Time // when the network no longer wants the debit
	Refused     bool
	PIN         string // where the wallet wants one for a yes

	Printed      bool // it is a printed code that the payer scanned
	CaptureLater bool
}

// Debit takes the payer's money for a payment that the payer accepted in the
// app, or records why not; either is then owed to the network. The same
// reference again changes nothing, and one that was cancelled meanwhile is not
// debited.
func (w *Wallet) Debit(c Consent, now time.Time) WalletPayment {
	if p, known := w.payments[c.Reference]; known {
		return p
	}
	p := WalletPayment{
		Reference: c.Reference, Payer: c.Payer, Payee: c.Payee,
		OrderAmount: c.OrderAmount, DebitAmount: c.DebitAmount, At: now,
		Printed: c.Printed, CaptureLater: c.CaptureLater,
	}
	if w.Behaviour == Silence {
		return p
	}
	reason := w.objection(p, now)
	switch {
	case c.Refused:
		reason = hansa.DeclinedByPayer
	case !now.Before(c.Before):
		reason = hansa.PaymentExpired
	case reason == "" && w.identify(w.payers[c.Payer], c.PIN) != nil:
		reason = hansa.DeclinedByPayer // A wrong PIN is no consent.
	}
	if reason != "" {
		return w.decline(p, reason, 1, now)
	}
	return w.debit(p, w.tellings(), now)
}

// A Telling is an outcome that the wallet owes to the network from Due on.
type Telling struct {
	Reference string
	Payer     string
	Due       time.Time
	Outcome   api.TellOutcome
}

// Owed returns the outcomes to be told, oldest first. Each is told until Told or
// GaveUp says that it was.
func (w *Wallet) Owed() []Telling {
	if w.Behaviour == Silence {
		return nil
	}
	tellings := make([]Telling, 0, len(w.owed))
	for _, reference := range w.owed {
		p := w.payments[reference]
		tellings = append(tellings, Telling{Reference: reference, Payer: p.Payer, Due: p.TellAt, Outcome: p.tell()})
	}
	return tellings
}

// tell is what the wallet says of a payment that is paid or declined.
func (p WalletPayment) tell() api.TellOutcome {
	told := api.TellOutcome{Status: api.AnswerPaid, OrderAmount: p.OrderAmount, DebitAmount: p.DebitAmount, Payee: p.Payee.Store}
	if p.State == StateDeclined {
		told.Status, told.Reason = api.AnswerDeclined, string(p.Reason)
	}
	if p.Lapse == Misspoke {
		told.DebitAmount.Value++
	}
	return told
}

// Told says that the network has received the outcome, and what it said.
func (w *Wallet) Told(heard api.OutcomeHeard) {
	p, known := w.payments[heard.Reference]
	if !known || p.Owed == 0 {
		return
	}
	p.Owed--
	if final(heard.Status) {
		p.Outcome = heard.Status
	}
	w.write(walletRows{Payment: &p})
}

// GaveUp says that the network refuses to hear the outcome.
func (w *Wallet) GaveUp(reference string) {
	if p, known := w.payments[reference]; known && p.Owed > 0 {
		p.Owed = 0
		w.write(walletRows{Payment: &p})
	}
}

// Hear hears an event of the journal. Only by it, or by Told, may the wallet show
// "paid".
func (w *Wallet) Hear(event api.Event) {
	if event.Payment == nil || !final(event.Payment.Status) {
		return
	}
	p, known := w.payments[event.Payment.Reference]
	if !known || p.Outcome == event.Payment.Status {
		return
	}
	p.Outcome = event.Payment.Status
	w.write(walletRows{Payment: &p})
}

// final reports whether a payment's public status is an outcome.
func final(status string) bool { return status != "" && status != "pending" }
