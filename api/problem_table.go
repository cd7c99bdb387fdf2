package api

import (
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa"
)

// A ProblemRow says how a reason is told: 400 for the form of a request, 401 and
// 403 for who asks, 409 for what the present state forbids, 422 for what was
// understood and cannot be, 503 for what the switch lacks for now.
type ProblemRow struct {
	Reason hansa.Reason
	Status int // of HTTP
	Title  string
	Retry  Retry
}

// Problems returns the row of every reason, in the order of the vocabulary. The
// rows are the contract; docs/reasons.md explains them.
func Problems() []ProblemRow {
	return []ProblemRow{
		{hansa.Malformed, http.StatusBadRequest, "The request is not in the expected form", RetryNever},
		{hansa.UnknownField, http.StatusBadRequest, "The message has no such member", RetryNever},
		{hansa.TooLarge, http.StatusRequestEntityTooLarge, "The body is too large", RetryNever},
		{hansa.InvalidAmount, http.StatusUnprocessableEntity, "The amount cannot be paid", RetryNever},
		{hansa.InvalidScale, http.StatusUnprocessableEntity, "The currency has fewer decimals", RetryNever},
		{hansa.UnknownCurrency, http.StatusUnprocessableEntity, "No such currency", RetryNever},
		{hansa.CurrencyMismatch, http.StatusUnprocessableEntity, "The currencies differ", RetryNever},
		{hansa.InvalidName, http.StatusUnprocessableEntity, "The name cannot be shown", RetryNever},
		{hansa.NotFound, http.StatusNotFound, "Not found", RetryNever},
		{hansa.MethodNotAllowed, http.StatusMethodNotAllowed, "The method is not allowed here", RetryNever},
		{hansa.Unsupported, http.StatusUnsupportedMediaType, "The content type is not accepted here", RetryNever},
		{hansa.Unsigned, http.StatusUnauthorized, "The signature is missing", RetryNever},
		{hansa.BadSignature, http.StatusUnauthorized, "The signature does not hold", RetryNever},
		{hansa.UnknownKey, http.StatusUnauthorized, "The key is unknown", RetryNever},
		{hansa.SignatureExpired, http.StatusUnauthorized, "The signature is too old or too new", RetrySameRequest},
		{hansa.Replayed, http.StatusUnauthorized, "The nonce was used before", RetrySameRequest},
		{hansa.RoleMissing, http.StatusForbidden, "The participant lacks the role", RetryNever},
		{hansa.Suspended, http.StatusForbidden, "A party is suspended", RetryNewRequest},
		{hansa.TooManyRequests, http.StatusTooManyRequests, "Too many requests", RetrySameRequest},
		{hansa.Overloaded, http.StatusServiceUnavailable, "The switch is overloaded", RetrySameRequest},
		{hansa.Unavailable, http.StatusServiceUnavailable, "The switch cannot commit for now", RetrySameRequest},
		{hansa.RequestIDReused, http.StatusUnprocessableEntity, "The request id belongs to another body", RetryNever},
		{hansa.OrderReferenceTaken, http.StatusConflict, "The order is paid or being paid", RetryNever},
		{hansa.CustomerInconsistent, http.StatusConflict, "Another customer uses this code", RetryNever},
		{hansa.NotAllowedNow, http.StatusConflict, "Not allowed in this state", RetryNever},
		{hansa.RefundTooLarge, http.StatusUnprocessableEntity, "The refund is too large", RetryNever},
		{hansa.CaptureTooLarge, http.StatusUnprocessableEntity, "The capture is too large", RetryNever},
		{hansa.CancelTooLate, http.StatusConflict, "Too late to cancel", RetryNever},
		{hansa.ConsentMismatch, http.StatusUnprocessableEntity, "The payer accepted something else", RetryNever},
		{hansa.CodeUnknown, http.StatusUnprocessableEntity, "The code is unknown", RetryNever},
		{hansa.CodeUsed, http.StatusConflict, "The code was used", RetryNewRequest},
		{hansa.CodeExpired, http.StatusConflict, "The code is expired", RetryNewRequest},
		{hansa.CodeRevoked, http.StatusConflict, "The code was withdrawn", RetryNever},
		{hansa.CodeInvalid, http.StatusUnprocessableEntity, "The code is broken", RetryNever},
		{hansa.AcquirerSilent, http.StatusServiceUnavailable, "The acquirer of this code does not answer", RetryNewRequest},
		{hansa.OrderNotOpen, http.StatusConflict, "The order is not open", RetryNewRequest},
		{hansa.OrderPaid, http.StatusConflict, "The order is paid", RetryNever},
		{hansa.OrderExpired, http.StatusConflict, "The order is expired", RetryNever},
		{hansa.QuoteUsed, http.StatusConflict, "The quote was used", RetryNewRequest},
		{hansa.QuoteExpired, http.StatusConflict, "The quote is expired", RetryNewRequest},
		{hansa.UseTillCode, http.StatusUnprocessableEntity, "This amount needs a code from the till", RetryNever},
		{hansa.TooManyMisses, http.StatusTooManyRequests, "Too many unknown codes", RetryNewRequest},
		{hansa.PaymentDeclined, http.StatusConflict, "The wallet declined", RetryNewRequest},
		{hansa.PaymentExpired, http.StatusConflict, "The payment is expired", RetryNewRequest},
		{hansa.PaymentCanceled, http.StatusConflict, "The payment was cancelled", RetryNewRequest},
		{hansa.DeclinedByPayer, http.StatusConflict, "The payer declined", RetryNewRequest},
		{hansa.InsufficientFunds, http.StatusConflict, "The payer's funds do not suffice", RetryNewRequest},
		{hansa.WalletLimit, http.StatusConflict, "Over a limit of the wallet", RetryNewRequest},
		{hansa.PayerBlocked, http.StatusConflict, "The payer may not pay", RetryNewRequest},
		{hansa.MarketNotActive, http.StatusUnprocessableEntity, "This wallet does not pay here", RetryNewRequest},
		{hansa.NotAccepted, http.StatusUnprocessableEntity, "The store does not take this wallet", RetryNewRequest},
		{hansa.StoreClosed, http.StatusConflict, "The store takes no new payments", RetryNewRequest},
		{hansa.AmountTooLarge, http.StatusUnprocessableEntity, "The amount is over the limit", RetryNever},
		{hansa.AmountTooSmall, http.StatusUnprocessableEntity, "The amount is under the limit", RetryNever},
		{hansa.CapExceeded, http.StatusConflict, "The participant's cap has no room", RetryNewRequest},
		{hansa.RateUnavailable, http.StatusServiceUnavailable, "No rate for these currencies", RetryNewRequest},
		{hansa.RateStale, http.StatusServiceUnavailable, "The rate is out of date", RetryNewRequest},
		{hansa.RateOutOfBounds, http.StatusServiceUnavailable, "The rate is out of bounds", RetryNewRequest},
		{hansa.OutOfRange, http.StatusUnprocessableEntity, "The amount is out of range", RetryNever},
		{hansa.AlreadyExists, http.StatusConflict, "It exists already", RetryNever},
		{hansa.RangeExhausted, http.StatusConflict, "The range of codes is used up", RetryNewRequest},
		{hansa.AgreementMissing, http.StatusForbidden, "No agreement covers this", RetryNewRequest},
		{Internal, http.StatusInternalServerError, "Internal error", RetrySameRequest},
	}
}

func rowOf(reason hansa.Reason) ProblemRow {
	for _, row := range Problems() {
		if row.Reason == reason {
			return row
		}
	}
	panic(fmt.Sprintf("reason %q has no row", reason))
}
