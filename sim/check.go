package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
)

// quiet reports whether nothing is left to happen by itself.
func (w *world) quiet() bool {
	if len(w.inbox) > 0 || w.stepping || w.under != nil {
		return false
	}
	for _, s := range w.shoppers {
		if !s.done {
			return false
		}
	}
	for _, id := range sortedNames(w.wallets) {
		if len(w.wallets[id].owed) > 0 {
			return false
		}
	}
	_, waiting, err := w.store.Read().NextDue(w.ctx)
	if err != nil {
		w.fail(err)
	}
	return !waiting
}

// judge holds what the parties have to what the network has, and hashes it all.
func (w *world) judge() (Outcome, error) {
	for _, id := range sortedNames(w.acquirers) {
		for before := -1; before != len(w.acquirers[id].order); {
			before = len(w.acquirers[id].order)
			w.hear(id)
		}
	}
	checks, err := hub.Audit(w.ctx, w.store.Read(), hub.Inquest{})
	if err != nil {
		return Outcome{}, err
	}
	for _, check := range checks {
		for _, breach := range check.Breaches {
			w.finding("%s: %s", check.ID, breach)
		}
	}
	payments := make(map[string]payment.Payment)
	for p, err := range w.store.Read().EachPayment(w.ctx) {
		if err != nil {
			return Outcome{}, err
		}
		payments[p.ID] = p
	}
	w.checkTold(payments)
	w.checkWallets(payments)
	w.checkAcquirers(payments)
	if w.failed != nil {
		return Outcome{}, w.failed
	}
	return w.outcome(payments)
}

// checkTold holds the tills' answers to the rows.
func (w *world) checkTold(payments map[string]payment.Payment) {
	for _, s := range w.shoppers {
		p, ok := payments[s.payment]
		switch {
		case s.payment == "":
			w.unpaid(s, payments)
		case !ok:
			w.finding("C1: payment %s was acknowledged and is not there", s.payment)
		case s.told != p.Status():
			w.finding("S3: payment %s is %s and the till was told %s", p.ID, p.Status(), s.told)
		case p.State != payment.Approved && p.State != payment.Declined && p.State != payment.Reversed:
			w.finding("S4: payment %s is still %s", p.ID, p.State)
		}
	}
}

// unpaid is a till that was refused: no payment of its may stand.
func (w *world) unpaid(s *shopper, payments map[string]payment.Payment) {
	for _, p := range payments {
		if s.code != "" && p.Code == s.code {
			w.finding("D1: the till of %s was told %q and payment %s is %s", s.payer, s.told, p.ID, p.Status())
		}
	}
}

// checkWallets holds the payers' money to the payments: a yes was debited once
// and stands, a no was never debited or was given back.
func (w *world) checkWallets(payments map[string]payment.Payment) {
	for _, id := range sortedNames(payments) {
		p := payments[id]
		c := w.wallets[p.Wallet]
		at := c.payments[p.ID]
		net := at.Debited - at.Returned
		if p.Outcome != payment.WasApproved {
			if net != 0 {
				w.finding("W2: payment %s is %s and its payer is out of %d", id, p.Status(), net)
			}
			continue
		}
		want, reserved := p.Terms.Debit.Value, int64(0)
		if c.terms.Reserves && p.CaptureLater {
			reserved = want
		}
		movements, err := w.store.Read().Movements(w.ctx, id)
		if err != nil {
			w.fail(err)
			return
		}
		for _, m := range movements {
			if m.Kind != payment.Capture && m.State == payment.Succeeded {
				want -= m.Amounts.Debit.Value
			}
			if m.Kind == payment.Capture || m.Kind == payment.Release {
				reserved -= m.Amounts.Debit.Value
			}
		}
		if at.Debited != p.Terms.Debit.Value || net != want {
			w.finding("W1: payment %s is approved and its payer is out of %d instead of %d", id, net, want)
		}
		if at.Reserved != max(0, reserved) {
			w.finding("W7: payment %s is approved and its wallet has %d reserved instead of %d", id, at.Reserved, reserved)
		}
		if at.Lapse == Misspoke {
			w.finding("W5: payment %s is approved and its wallet said another amount", id)
		}
	}
	w.checkLimits()
	for _, reference := range sortedNames(w.heardYes) {
		p, known := payments[reference]
		if !known || p.Outcome != payment.WasApproved && w.heardYes[reference] && !p.Late {
			w.finding("W6: the late yes for payment %s was not recorded", reference)
		}
	}
}

// checkLimits counts again what each payer has paid within an hour of each payment.
func (w *world) checkLimits() {
	for _, id := range sortedNames(w.wallets) {
		c := w.wallets[id]
		for _, person := range c.order {
			paid := c.paidBy(person)
			for _, p := range paid {
				hour := 0
				for _, other := range paid {
					if since := p.PaidAt.Sub(other.PaidAt); since >= 0 && since < time.Hour {
						hour++
					}
				}
				if c.terms.HourMax > 0 && hour > c.terms.HourMax {
					w.finding("W8: %s let %s pay %d times in an hour", id, person, hour)
				}
			}
		}
	}
}

// checkAcquirers holds the acquirers' books to the positions: each approval,
// release and refund booked once.
func (w *world) checkAcquirers(payments map[string]payment.Payment) {
	for _, id := range sortedNames(payments) {
		p := payments[id]
		lines := w.acquirers[p.Acquirer].lines
		if _, booked := lines[id]; booked != (p.Outcome == payment.WasApproved) {
			w.finding("C1: payment %s is %s and its acquirer has booked it: %t", id, p.Status(), booked)
		}
	}
	for _, id := range sortedNames(w.acquirers) {
		for _, line := range w.acquirers[id].Lines() {
			if p, known := payments[line.Payment]; !known || p.Acquirer != id {
				w.finding("X1: %s has booked %s, which is not its", id, line.Reference)
			}
		}
	}
}

// outcome hashes what was told, what the payers have and where the journal ends.
func (w *world) outcome(payments map[string]payment.Payment) (Outcome, error) {
	var text strings.Builder
	told := make(map[string]int)
	for _, s := range w.shoppers {
		fmt.Fprintf(&text, "%s %s %s\n", s.payer, s.payment, s.told)
		told[s.told]++
	}
	for _, id := range sortedNames(payments) {
		fmt.Fprintf(&text, "%s %s %s\n", id, payments[id].State, payments[id].Terms.Debit)
	}
	positions, err := w.store.Read().Positions(w.ctx)
	if err != nil {
		return Outcome{}, err
	}
	for _, at := range positions {
		fmt.Fprintf(&text, "%s %s %d %d\n", at.Account, at.Currency, at.Balance, at.Reserved)
		if at.Reserved != 0 {
			w.finding("P2: %s has %d %s reserved at rest", at.Account, at.Reserved, at.Currency)
		}
	}
	head, err := w.store.Read().Head(w.ctx)
	if err != nil {
		return Outcome{}, err
	}
	fmt.Fprintf(&text, "%d %s\n", head.Height, head.Hash)
	sum := sha256.Sum256([]byte(text.String()))
	slices.Sort(w.findings)
	return Outcome{Hash: hex.EncodeToString(sum[:]), Findings: slices.Compact(w.findings), Told: told}, nil
}
