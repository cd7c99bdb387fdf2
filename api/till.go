package api

import "github.com/hansa-network/hansa/money"

// What a till asks of the network, in whatever protocol. A dialect that tills speak has
//
//	Ask(TillCall, time.Time) Message                          // what is sent; its URL follows the network's address
//	Heard(TillCall, Message, Answer) (TillAnswer, error)      // what was understood
//
// A Refusal of Heard is final, but for Unsigned, which wants a TillEnter first. Any other
// error leaves open what has happened: the same call is made again, which changes nothing
// if it was heard before.
const (
	TillEnter   = "enter"   // for an access token, where the protocol has one
	TillSell    = "sell"    // a payer's code was scanned
	TillOrder   = "order"   // a payer is to scan, or to come to a page
	TillInquire = "inquire" // how a sale stands
	TillCapture = "capture" // what was only authorised
	TillRefund  = "refund"
	TillCancel  = "cancel"
)

// A TillCall is what a till asks, in our own words.
type TillCall struct {
	Kind           string
	Sale           string       // the till's id of the sale, or the one that the protocol gave it
	OrderReference string       // what the order is called by people
	Network        string       // reference of the payment or id of the order; empty: not known yet
	Code           string       // of TillSell
	Amount         money.Amount // of the sale, or what is captured or refunded of it
	Store          string
	Terminal       string
	Change         string // the till's id of a capture, refund or cancel
	Access         string // the token of the last TillEnter
	Again          bool   // the same was asked before, and nobody knows what came of it
}

// How a sale stands, as a till understands it.
const (
	TillWaits = "waits"
	TillPaid  = "paid" // approved
	TillOver  = "over" // nobody pays it any more, or the money goes back
)

// A TillAnswer is what a till understood. What a protocol does not say is empty.
type TillAnswer struct {
	// Standing of a cancel is TillPaid where it came too late for the protocol: the money
	// goes back by a refund.
	Standing string
	Capture  bool   // paid, or once it is, it has to be captured
	Sale     string // the protocol's own id of it; empty: the till's stays
	Network  string
	Code     string // to show
	Movement string // id of what was moved
	Access   string // of TillEnter
}
