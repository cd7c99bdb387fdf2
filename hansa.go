// Package hansa is the vocabulary that every room of the network shares: the
// Refusal with its stable Reasons, and the identifiers. It imports nothing of
// ours and knows no rule of payment.
package hansa

import (
	"errors"
	"fmt"
)

// A Reason names why something was refused. Reasons are public and stable:
// one that was released keeps its meaning for ever. docs/reasons.md lists them.
type Reason string

// Reasons that concern the form of a request.
const (
	Malformed        Reason = "malformed"          // not the JSON, header or code that was expected
	UnknownField     Reason = "unknown_field"      // a member that the message does not have
	TooLarge         Reason = "too_large"          // the body is over its limit
	InvalidAmount    Reason = "invalid_amount"     // zero, negative, too large or otherwise not payable
	InvalidScale     Reason = "invalid_scale"      // more decimals than the currency has
	UnknownCurrency  Reason = "unknown_currency"   // not a current ISO 4217 code
	CurrencyMismatch Reason = "currency_mismatch"  // two amounts, or an amount and a store, differ in currency
	InvalidName      Reason = "invalid_name"       // control characters, direction overrides or an empty text
	NotFound         Reason = "not_found"          // no such thing, or not yours
	MethodNotAllowed Reason = "method_not_allowed" // the path exists, the method does not
	Unsupported      Reason = "unsupported_media"  // another content type than the operation takes
)

// Reasons that concern who asks.
const (
	Unsigned         Reason = "unsigned"          // no signature where one is required
	BadSignature     Reason = "bad_signature"     // the signature does not verify, or covers too little
	UnknownKey       Reason = "unknown_key"       // no such key, or it was withdrawn
	SignatureExpired Reason = "signature_expired" // created outside the window of acceptance
	Replayed         Reason = "replayed"          // the nonce was used before
	RoleMissing      Reason = "role_missing"      // the participant does not hold the role that this needs
	Suspended        Reason = "suspended"         // a party of this payment is suspended
	TooManyRequests  Reason = "too_many_requests" // over the rate of this operation
	Overloaded       Reason = "overloaded"        // the switch sheds load: try again later, with the same request id
	Unavailable      Reason = "unavailable"       // the switch cannot commit for now, or does not know whether it has: as above
)

// Reasons of one-ness.
const (
	RequestIDReused      Reason = "request_id_reused"     // the same request id with another body
	OrderReferenceTaken  Reason = "order_reference_taken" // a payment of this order is approved or undecided
	CustomerInconsistent Reason = "customer_inconsistent" // REPEAT_REQ_INCONSISTENT: same code, another customer of that wallet
	NotAllowedNow        Reason = "not_allowed_now"       // the state does not allow it
	RefundTooLarge       Reason = "refund_too_large"      // more than was captured and not yet refunded
	CaptureTooLarge      Reason = "capture_too_large"     // more than was authorised and not yet captured
	CancelTooLate        Reason = "cancel_too_late"       // the free cancel is over: refund
	ConsentMismatch      Reason = "consent_mismatch"      // what the payer accepted is not what would be paid
)

// Reasons that concern codes, orders and quotes.
const (
	CodeUnknown     Reason = "code_unknown"      // no scheme of ours, or never issued
	CodeUsed        Reason = "code_used"         // a payment code pays once
	CodeExpired     Reason = "code_expired"      // its time is over
	CodeRevoked     Reason = "code_revoked"      // withdrawn by its issuer
	CodeInvalid     Reason = "code_invalid"      // broken checksum, length, signature or field
	AcquirerSilent  Reason = "acquirer_silent"   // only its acquirer can say what the code asks, and does not answer
	OrderNotOpen    Reason = "order_not_open"    // held by another payment, or closed
	OrderPaid       Reason = "order_paid"        // paid already
	OrderExpired    Reason = "order_expired"     // its time is over
	QuoteUsed       Reason = "quote_used"        // a quote is for one payment
	QuoteExpired    Reason = "quote_expired"     // its time is over
	UseTillCode     Reason = "use_till_code"     // a static code may not carry this amount: ask for the till's code
	TooManyMisses   Reason = "too_many_misses"   // this terminal guessed too often
	PaymentDeclined Reason = "payment_declined"  // the wallet said no without a better reason
	PaymentExpired  Reason = "payment_expired"   // no answer came in time
	PaymentCanceled Reason = "payment_cancelled" // the till stopped it
)

// Reasons why a wallet declines. A wallet that gives another one is heard as
// PaymentDeclined.
const (
	DeclinedByPayer   Reason = "declined_by_payer"
	InsufficientFunds Reason = "insufficient_funds"
	WalletLimit       Reason = "wallet_limit"
	PayerBlocked      Reason = "payer_blocked"
)

// Reasons that concern the network's rules and money.
const (
	MarketNotActive  Reason = "market_not_active"  // no corridor in force for this wallet, market, mode and category
	NotAccepted      Reason = "not_accepted"       // no contract of this store takes this wallet
	StoreClosed      Reason = "store_closed"       // the store may not take new payments
	AmountTooLarge   Reason = "amount_too_large"   // over the corridor's limit
	AmountTooSmall   Reason = "amount_too_small"   // under the corridor's limit, or nothing after conversion
	CapExceeded      Reason = "cap_exceeded"       // the participant's net debit cap has no room
	RateUnavailable  Reason = "rate_unavailable"   // no standing rate for this pair
	RateStale        Reason = "rate_stale"         // the provider missed a publication
	RateOutOfBounds  Reason = "rate_out_of_bounds" // too far from the reference rate
	OutOfRange       Reason = "out_of_range"       // arithmetic would leave the range of amounts
	AlreadyExists    Reason = "already_exists"
	RangeExhausted   Reason = "range_exhausted" // the allotted range of codes is used up
	AgreementMissing Reason = "agreement_missing"
)

// A Refusal is an expected business answer of no. It is safe to show to the
// other side. Any other error is a fault of the machine and is not.
type Refusal struct {
	Reason Reason
	Detail string
}

// Error returns the reason and, if there is one, the detail.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return string(r.Reason)
	}
	return string(r.Reason) + ": " + r.Detail
}

// Refuse returns a Refusal whose detail is formatted as by fmt.Sprintf.
func Refuse(reason Reason, format string, args ...any) error {
	return &Refusal{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// ReasonOf returns the reason if err is a Refusal, or wraps one.
func ReasonOf(err error) (Reason, bool) {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal.Reason, true
	}
	return "", false
}
