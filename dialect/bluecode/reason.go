package bluecode

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Error codes of the protocol.
const (
	codeSystemFailure        = "SYSTEM_FAILURE"
	codeServiceUnavailable   = "SERVICE_UNAVAILABLE"
	codeIssuerNotSupported   = "ISSUER_NOT_SUPPORTED"
	codeInvalidBarcode       = "INVALID_BARCODE"
	codeBranchNotFound       = "BRANCH_NOT_FOUND"
	codeInvalidParameter     = "ERROR_INVALID_PARAMETER"
	codeFraudDetected        = "FRAUD_DETECTED"
	codeInsufficientFunds    = "INSUFFICIENT_FUNDS"
	codeInvalidState         = "INVALID_STATE"
	codeLimitExceeded        = "LIMIT_EXCEEDED"
	codeCancelledByUser      = "CANCELLED_BY_USER"
	codeTransactionNotFound  = "TRANSACTION_NOT_FOUND"
	codeAmountTooHigh        = "AMOUNT_TOO_HIGH"
	codeUnauthorized         = "UNAUTHORIZED"
	codeNotUnique            = "MERCHANT_TX_ID_NOT_UNIQUE"
	codeLoyaltyNotConfigured = "LOYALTY_NOT_CONFIGURED"
)

// A no is a refusal in the words of the protocol.
type no struct {
	status int
	code   string
}

// Error returns the code.
func (n *no) Error() string { return n.code }

// CodeOf translates a reason of the network into an error code of the protocol, as a
// declined payment has it. A reason that is not of the vocabulary is a bug and panics.
func CodeOf(reason hansa.Reason) string {
	switch reason {
	case hansa.Malformed, hansa.UnknownField, hansa.TooLarge, hansa.InvalidAmount, hansa.InvalidScale, hansa.UnknownCurrency,
		hansa.CurrencyMismatch, hansa.InvalidName, hansa.MethodNotAllowed, hansa.Unsupported, hansa.AmountTooSmall, hansa.OutOfRange:
		return codeInvalidParameter
	case hansa.NotFound:
		return codeTransactionNotFound
	case hansa.Unsigned, hansa.BadSignature, hansa.UnknownKey, hansa.SignatureExpired, hansa.Replayed, hansa.RoleMissing, hansa.AgreementMissing:
		return codeUnauthorized
	case hansa.TooManyRequests, hansa.Overloaded, hansa.Unavailable, hansa.AcquirerSilent, hansa.RateUnavailable, hansa.RateStale, hansa.RateOutOfBounds:
		return codeServiceUnavailable
	case hansa.RequestIDReused, hansa.OrderReferenceTaken, hansa.AlreadyExists:
		return codeNotUnique
	case hansa.NotAllowedNow, hansa.CancelTooLate, hansa.ConsentMismatch, hansa.OrderNotOpen, hansa.OrderPaid, hansa.OrderExpired,
		hansa.QuoteUsed, hansa.QuoteExpired, hansa.PaymentDeclined, hansa.StoreClosed:
		return codeInvalidState
	case hansa.RefundTooLarge, hansa.CaptureTooLarge:
		return codeAmountTooHigh
	case hansa.CodeUnknown, hansa.CodeUsed, hansa.CodeExpired, hansa.CodeRevoked, hansa.CodeInvalid, hansa.CustomerInconsistent:
		return codeInvalidBarcode
	case hansa.UseTillCode, hansa.WalletLimit, hansa.AmountTooLarge, hansa.CapExceeded:
		return codeLimitExceeded
	case hansa.TooManyMisses, hansa.PayerBlocked:
		return codeFraudDetected
	case hansa.PaymentCanceled, hansa.DeclinedByPayer:
		return codeCancelledByUser
	case hansa.InsufficientFunds:
		return codeInsufficientFunds
	case hansa.MarketNotActive, hansa.NotAccepted, hansa.Suspended:
		return codeIssuerNotSupported
	case hansa.PaymentExpired, hansa.RangeExhausted, api.Internal:
		return codeSystemFailure
	}
	panic(fmt.Sprintf("bluecode: reason %q has no code", reason))
}

// noOf translates an error. Clients repeat by themselves what is answered with 503, and
// cancel a payment that is answered with SYSTEM_FAILURE. So a fault is told as the latter
// by what begins a payment, and as 503 by all else.
func noOf(err error, endpoint string) *no {
	if said, ok := errors.AsType[*no](err); ok {
		return said
	}
	begins := endpoint == "payment" || endpoint == "register"
	reason, refused := hansa.ReasonOf(err)
	code := codeServiceUnavailable
	switch {
	case !refused && begins:
		code = codeSystemFailure
	case refused && reason == hansa.NotFound && (begins || endpoint == "heartbeat"):
		code = codeBranchNotFound
	case refused:
		code = CodeOf(reason)
	}
	return &no{statusOf(code), code}
}

func statusOf(code string) int {
	switch code {
	case codeUnauthorized:
		return http.StatusUnauthorized
	case codeServiceUnavailable:
		return http.StatusServiceUnavailable
	case codeSystemFailure:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// Refuse answers a request that was refused before anybody looked at it.
func (d *Dialect) Refuse(q api.Question, why error) api.Answer {
	if q.Request.URL.Path != grantPath {
		return refusal(why, strings.TrimPrefix(q.Request.URL.Path, root))
	}
	if n := noOf(why, ""); n.status == http.StatusServiceUnavailable {
		return tokenRefused(n.status, "temporarily_unavailable")
	}
	return tokenRefused(http.StatusBadRequest, "invalid_request")
}

// refusal answers with an error.
func refusal(err error, endpoint string) api.Answer {
	n := noOf(err, endpoint)
	answer := told(n.status, outcome{Result: resultError, ErrorCode: n.code})
	switch n.status {
	case http.StatusUnauthorized:
		answer.Header.Set("Www-Authenticate", `Basic realm="merchant-api"`)
	case http.StatusServiceUnavailable:
		answer.Header.Set("Retry-After", "2")
	}
	return answer
}
