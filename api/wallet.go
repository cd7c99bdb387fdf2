package api

import (
	"time"

	"github.com/hansa-network/hansa/money"
)

// What the switch asks of a wallet. Every call is idempotent by the payment's
// reference or the movement's id, for ever, and every answer is signed.
//
//	POST {endpoint}/payments/{reference}/ask      Ask       -> WalletAnswer
//	GET  {endpoint}/payments/{reference}                    -> WalletAnswer
//	POST {endpoint}/payments/{reference}/cancel   Stop      -> WalletAnswer
//	POST {endpoint}/movements/{movement}          Carry     -> Carried

// A wallet's words.
const (
	AnswerPaid          = "PAID"
	AnswerDeclined      = "DECLINED"
	AnswerAwaitingPayer = "AWAITING_PAYER"
	AnswerCancelled     = "CANCELLED" // the wallet keeps a tombstone for the reference
	AnswerNotFound      = "NOT_FOUND" // proves nothing
	AnswerDone          = "DONE"
	AnswerRefused       = "REFUSED"
)

// Ask is the switch's question whether the payer pays.
type Ask struct {
	Reference    string       `json:"reference"`
	Code         string       `json:"code"`            // that the till scanned
	Payer        string       `json:"payer,omitempty"` // the wallet's own token; absent for codes that the wallet issued itself
	Payee        Payee        `json:"payee"`
	OrderAmount  money.Amount `json:"order_amount"`
	DebitAmount  money.Amount `json:"debit_amount"`
	Rate         *money.Rate  `json:"rate"`
	Fee          money.Amount `json:"fee"`
	CaptureLater bool         `json:"capture_later,omitempty"`
	PayerUntil   time.Time    `json:"payer_until"` // when the payer's time is over
}

// WalletAnswer is what a wallet says of a payment. A yes echoes what it paid.
type WalletAnswer struct {
	Reference   string       `json:"reference"`
	Status      string       `json:"status"`
	Reason      string       `json:"reason,omitempty"`
	Until       *time.Time   `json:"until,omitempty"` // with AWAITING_PAYER
	OrderAmount money.Amount `json:"order_amount,omitzero"`
	DebitAmount money.Amount `json:"debit_amount,omitzero"`
	Payee       string       `json:"payee,omitempty"`
}

// Stop tells the wallet to give back what it took, or never to take it.
type Stop struct {
	Reference string `json:"reference"`
	Reason    string `json:"reason"`
}

// Carry tells the wallet to carry out a movement.
type Carry struct {
	Movement    string       `json:"movement"`
	Payment     string       `json:"payment"`
	Kind        string       `json:"kind"` // capture, release, refund, cancel
	OrderAmount money.Amount `json:"order_amount"`
	DebitAmount money.Amount `json:"debit_amount"`
}

// Carried is the wallet's answer to a Carry.
type Carried struct {
	Movement string `json:"movement"`
	Status   string `json:"status"` // DONE or REFUSED
	Reason   string `json:"reason,omitempty"`
}
