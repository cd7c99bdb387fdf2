package sim

import (
	"time"

	"github.com/hansa-network/hansa"
)

// PayLocally pays by a code of the wallet's own scheme, of which the network never hears:
// the payee is the wallet's own customer too. It refuses CurrencyMismatch where the payer
// keeps another currency.
func (w *Wallet) PayLocally(c Consent, now time.Time) (WalletPayment, error) {
	if p, known := w.payments[c.Reference]; known {
		return p, nil
	}
	if c.OrderAmount.Currency != w.terms.Debits {
		return WalletPayment{}, hansa.Refuse(hansa.CurrencyMismatch, "%s keeps accounts in %s", w.terms.ID, w.terms.Debits)
	}
	p := WalletPayment{
		Reference: c.Reference, Payer: c.Payer, Payee: c.Payee, OrderAmount: c.OrderAmount, DebitAmount: c.OrderAmount, At: now,
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
