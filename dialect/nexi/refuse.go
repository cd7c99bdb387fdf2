package nexi

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Codes of the protocol for what was understood and cannot be. Those that no answer of
// the network leads to are left out.
const (
	codeUnknown               = 1000
	codeOverCharge            = 1001
	codeZeroCharge            = 1002
	codeNotReserved           = 1003
	codeAlreadyReserved       = 1004
	codeAmountDiffers         = 1005 // from the order items
	codePartialCancel         = 1007
	codeAlreadyCharged        = 1008
	codeInvalidRefundAmount   = 1009
	codeReservationExpired    = 1010
	codeChargeNotFound        = 1011
	codeAlreadyCancelled      = 1019
	codeReserveFailed         = 1022
	codeAlreadyRefunded       = 1023
	codeRefundCancelFailed    = 1025
	codeChargeOtherAmount     = 1026 // under the same idempotency key
	codeRefundOtherAmount     = 1027
	codeHardDecline           = 1029
	sourceOfErrors            = "Internal"
	retryAfterSeconds         = "1"
	statusOfCodes             = http.StatusPaymentRequired
	messageOfUnexpectedFaults = "The request could not be carried out. Send it again."
)

// A no is a refusal in the words of the protocol. Status 400 has fields and no code.
type no struct {
	status  int
	code    int
	field   string
	message string
}

// Error returns what the other side is told.
func (n *no) Error() string {
	if n.status == http.StatusBadRequest {
		return n.field + ": " + n.message
	}
	return strconv.Itoa(n.code) + ": " + n.message
}

// invalid refuses a request whose form is wrong. An empty field stands for the body.
func invalid(field, message string) error {
	return &no{status: http.StatusBadRequest, field: field, message: message}
}

// coded refuses what was understood and cannot be.
func coded(code int, format string, args ...any) error {
	return &no{status: statusOfCodes, code: code, message: fmt.Sprintf(format, args...)}
}

// noOf translates what the network refuses. A fault tells nothing of itself.
func noOf(err error) *no {
	if said, ok := errors.AsType[*no](err); ok {
		return said
	}
	reason, refused := hansa.ReasonOf(err)
	if !refused {
		return &no{status: http.StatusInternalServerError, code: codeUnknown, message: messageOfUnexpectedFaults}
	}
	status, code := said(reason)
	return &no{status: status, code: code, field: fieldOf(reason), message: err.Error()}
}

// fieldOf names what is wrong with a request, as far as the reason says it.
func fieldOf(reason hansa.Reason) string {
	switch reason { //nolint:exhaustive // The others are about the body as a whole.
	case hansa.UnknownCurrency, hansa.CurrencyMismatch:
		return "currency"
	case hansa.InvalidAmount, hansa.InvalidScale, hansa.OutOfRange, hansa.AmountTooLarge, hansa.AmountTooSmall:
		return "amount"
	}
	return ""
}

// said is the status and code for a reason, where the operation knows no better one.
func said(reason hansa.Reason) (status, code int) {
	switch reason { //nolint:exhaustive // The rest goes by its kind.
	case hansa.RequestIDReused:
		return http.StatusConflict, codeUnknown
	case hansa.CaptureTooLarge:
		return statusOfCodes, codeOverCharge
	case hansa.RefundTooLarge:
		return statusOfCodes, codeInvalidRefundAmount
	case hansa.OrderPaid, hansa.OrderNotOpen, hansa.OrderReferenceTaken:
		return statusOfCodes, codeAlreadyReserved
	case hansa.CancelTooLate:
		return statusOfCodes, codeAlreadyCharged
	case hansa.OrderExpired, hansa.PaymentExpired, hansa.CodeExpired, hansa.QuoteExpired:
		return statusOfCodes, codeReservationExpired
	case hansa.PaymentCanceled:
		return statusOfCodes, codeAlreadyCancelled
	case hansa.PaymentDeclined, hansa.DeclinedByPayer, hansa.InsufficientFunds, hansa.WalletLimit:
		return statusOfCodes, codeReserveFailed
	case hansa.PayerBlocked:
		return statusOfCodes, codeHardDecline
	}
	for _, row := range api.Problems() {
		if row.Reason != reason {
			continue
		}
		switch row.Status {
		case http.StatusUnprocessableEntity:
			return formStatus(reason), codeUnknown
		case http.StatusConflict:
			return statusOfCodes, codeUnknown
		}
		return row.Status, codeUnknown
	}
	panic(fmt.Sprintf("nexi: reason %q has no row", reason))
}

// formStatus divides what we call unprocessable: a wrong value is the form's matter here.
func formStatus(reason hansa.Reason) int {
	switch reason { //nolint:exhaustive // These are wrong values; all others are not.
	case hansa.InvalidAmount, hansa.InvalidScale, hansa.UnknownCurrency, hansa.CurrencyMismatch, hansa.InvalidName,
		hansa.OutOfRange, hansa.AmountTooLarge, hansa.AmountTooSmall:
		return http.StatusBadRequest
	}
	return statusOfCodes
}

// Refuse answers a request that was refused before anybody looked at it.
func (Dialect) Refuse(_ api.Question, why error) api.Answer { return refusal(why) }

// refusal answers with an error.
func refusal(err error) api.Answer {
	n := noOf(err)
	var answer api.Answer
	switch n.status {
	case http.StatusUnauthorized:
		answer = told(n.status, nil) // The protocol says no more to strangers.
	case http.StatusBadRequest:
		answer = told(n.status, map[string]map[string][]string{"errors": {n.field: {n.message}}})
	default:
		answer = told(n.status, errorBody{strconv.Itoa(n.code), n.message, sourceOfErrors})
	}
	if n.status == http.StatusServiceUnavailable || n.status == http.StatusTooManyRequests {
		answer.Header.Set("Retry-After", retryAfterSeconds)
	}
	return answer
}

// errorBody is how the protocol tells an error that has a code.
type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Source  string `json:"source"`
}
