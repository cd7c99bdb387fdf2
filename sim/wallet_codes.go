package sim

import (
	"time"

	"github.com/hansa-network/hansa"
)

// A WalletCode is a code that the wallet has drawn itself and a payer shows. It pays
// once.
type WalletCode struct {
	Code    string    `json:"code"`
	Payer   string    `json:"payer"`
	Until   time.Time `json:"until"`
	Payment string    `json:"payment,omitempty"` // that it has started
}

// Show keeps a code that a payer shows from now on.
func (w *Wallet) Show(code WalletCode) { w.write(walletRows{Code: &code}) }

// payerOf says whose a scanned code is, and uses it up. A code that the network has
// issued comes with its payer.
func (w *Wallet) payerOf(p *WalletPayment, scanned string, now time.Time) hansa.Reason {
	if p.Payer != "" {
		return ""
	}
	code, known := w.codes[scanned]
	switch {
	case !known:
		return hansa.CodeUnknown
	case code.Payment != "" && code.Payment != p.Reference:
		return hansa.CodeUsed
	case !now.Before(code.Until):
		return hansa.CodeExpired
	}
	p.Payer, code.Payment = code.Payer, p.Reference
	w.write(walletRows{Code: &code})
	return ""
}
