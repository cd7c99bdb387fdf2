package sim

import (
	"time"

	"github.com/hansa-network/hansa"
)

// PayLocally pays by a code of the wallet's own scheme, of which the network never hears:
// the payee is the wallet's own customer too. An order is paid once: to who has paid it the
// answer is the same for ever, and anybody else is refused OrderPaid. It refuses OrderExpired
// after the order's time, and CurrencyMismatch where the payer keeps another currency.
func (w *Wallet) PayLocally(c Consent, now time.Time) (WalletPayment, error) {
	if p, paid := w.paidLocally(c.Order); paid && p.Payer == c.Payer {
		return p, nil
	}
	if err := w.CheckUnpaid(c.Order); err != nil {
		return WalletPayment{}, err
	}
	if !c.Before.IsZero() && !now.Before(c.Before) {
		return WalletPayment{}, hansa.Refuse(hansa.OrderExpired, "it expired at %s", c.Before.UTC().Format(time.RFC3339))
	}
	if c.OrderAmount.Currency != w.terms.Debits {
		return WalletPayment{}, hansa.Refuse(hansa.CurrencyMismatch, "%s keeps accounts in %s", w.terms.ID, w.terms.Debits)
	}
	p := WalletPayment{
		Reference: c.Reference, Order: c.Order, Payer: c.Payer, Payee: c.Payee, OrderAmount: c.OrderAmount, DebitAmount: c.OrderAmount, At: now,
	}
	reason := w.objection(p, now)
	if reason == "" && (c.Refused || w.identify(w.payers[c.Payer], c.PIN) != nil) {
		reason = hansa.DeclinedByPayer
	}
	if reason != "" {
		return w.decline(p, reason, 0, now), nil
	}
	p.Outcome = "approved"
	return w.debit(p, 0, now), nil
}

// CheckUnpaid refuses OrderPaid for an order of the wallet's own scheme that one of its
// payers has paid, whoever asks.
func (w *Wallet) CheckUnpaid(order string) error {
	if _, paid := w.paidLocally(order); paid {
		return hansa.Refuse(hansa.OrderPaid, "this order is paid")
	}
	return nil
}

func (w *Wallet) paidLocally(order string) (WalletPayment, bool) {
	reference, paid := w.locals[order]
	return w.payments[reference], paid
}
