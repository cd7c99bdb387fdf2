package sim

import "github.com/hansa-network/hansa"

// UsualPIN is the PIN of a payer who has chosen none, where the wallet wants one.
const UsualPIN = "1234"

// wrongPINsMax is how many wrong PINs in a row lock a payer out.
const wrongPINsMax = 3

// A Decision is a payer's answer to a prompt.
type Decision struct {
	Accept bool   `json:"accept"`
	PIN    string `json:"pin,omitempty"` // where the wallet wants one for a yes
}

func (p Payer) locked() bool { return p.WrongPINs >= wrongPINsMax }

// identify refuses NotAllowedNow where the PIN is wrong, and PayerBlocked where
// it was so too often.
func (w *Wallet) identify(payer Payer, pin string) error {
	if !w.terms.PIN {
		return nil
	}
	if pin == payer.PIN && !payer.locked() {
		if payer.WrongPINs > 0 {
			payer.WrongPINs = 0
			w.write(walletRows{Payer: &payer})
		}
		return nil
	}
	if !payer.locked() {
		payer.WrongPINs++
		w.write(walletRows{Payer: &payer})
	}
	if payer.locked() {
		return hansa.Refuse(hansa.PayerBlocked, "%d wrong PINs", payer.WrongPINs)
	}
	return hansa.Refuse(hansa.NotAllowedNow, "the PIN is wrong: %d more tries", wrongPINsMax-payer.WrongPINs)
}
