package alipay

import (
	"errors"
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// resultOf tells an error. A fault is unknown: the same request may be made again.
func resultOf(err error) Result {
	if rejected, ok := errors.AsType[*rejection](err); ok {
		return rejected.result
	}
	refusal, ok := errors.AsType[*hansa.Refusal](err)
	if !ok {
		return ResultOf(api.Internal)
	}
	result := ResultOf(refusal.Reason)
	if refusal.Detail != "" {
		result.Message = result.Message[:len(result.Message)-1] + ": " + refusal.Detail
	}
	return result
}

// reasons returns the code of every reason. What can succeed if the very same request
// is made again has one of status U, all else one of status F.
func reasons() map[hansa.Reason]code {
	return map[hansa.Reason]code{
		hansa.Malformed: paramIllegal, hansa.UnknownField: paramIllegal, hansa.TooLarge: paramIllegal,
		hansa.InvalidAmount: paramIllegal, hansa.InvalidScale: paramIllegal, hansa.InvalidName: paramIllegal,
		hansa.UnknownCurrency: currencyNotSupported, hansa.CurrencyMismatch: currencyNotSupported,
		hansa.NotFound: orderNotExist, hansa.MethodNotAllowed: methodNotSupported, hansa.Unsupported: mediaTypeNotAcceptable,

		hansa.Unsigned: invalidSignature, hansa.BadSignature: invalidSignature, hansa.UnknownKey: keyNotFound,
		hansa.SignatureExpired: invalidSignature, hansa.Replayed: invalidSignature,
		hansa.RoleMissing: accessDenied, hansa.Suspended: invalidContract, hansa.AgreementMissing: invalidContract,
		hansa.TooManyRequests: tooMuchLoad, hansa.Overloaded: tooMuchLoad, hansa.Unavailable: unknown, api.Internal: unknown,

		hansa.RequestIDReused: repeatInconsistent, hansa.CustomerInconsistent: repeatInconsistent,
		hansa.AlreadyExists: repeatInconsistent, hansa.OrderReferenceTaken: processFail, hansa.NotAllowedNow: processFail,
		hansa.RefundTooLarge: refundExceeded, hansa.CaptureTooLarge: amountExceeded, hansa.CancelTooLate: cancelWindowExceeded,
		hansa.ConsentMismatch: paramIllegal,

		hansa.CodeUnknown: invalidCode, hansa.CodeUsed: invalidCode, hansa.CodeRevoked: invalidCode, hansa.CodeInvalid: invalidCode,
		hansa.CodeExpired: expiredCode, hansa.TooManyMisses: riskReject,
		hansa.AcquirerSilent: processFail,
		hansa.OrderNotOpen:   orderIsClosed, hansa.OrderPaid: orderIsClosed, hansa.OrderExpired: orderIsClosed,
		hansa.QuoteUsed: processFail, hansa.QuoteExpired: processFail, hansa.UseTillCode: amountExceeded,
		hansa.PaymentDeclined: processFail, hansa.PaymentExpired: orderIsClosed, hansa.PaymentCanceled: orderIsClosed,
		hansa.DeclinedByPayer: userVerification, hansa.InsufficientFunds: userBalance,
		hansa.WalletLimit: userAmountExceeded, hansa.PayerBlocked: userStatus,

		hansa.MarketNotActive: businessNotSupported, hansa.NotAccepted: unavailableMethod, hansa.StoreClosed: merchantNotQualified,
		hansa.AmountTooLarge: amountExceeded, hansa.AmountTooSmall: amountExceeded, hansa.CapExceeded: processFail,
		hansa.RateUnavailable: currencyNotSupported, hansa.RateStale: processFail, hansa.RateOutOfBounds: processFail,
		hansa.OutOfRange: paramIllegal, hansa.RangeExhausted: processFail,
	}
}

// ResultOf is how a reason is told: one code for each, for merchants, acquirers and
// wallets alike. A reason that has none is unknown.
func ResultOf(reason hansa.Reason) Result {
	told, known := reasons()[reason]
	for _, row := range api.Problems() {
		if known && row.Reason == reason {
			return told.result(row.Title + ".")
		}
	}
	return unknown.result("The result is unknown.")
}

// declined is how a no is told: for good, whatever its reason.
func declined(reason string) Result {
	if result := ResultOf(hansa.Reason(reason)); result.Status == StatusRefused {
		return result
	}
	return ResultOf(hansa.PaymentDeclined)
}

// declines are why a wallet that gives one of these codes does not pay or refund. All
// others say no more than no.
func declines() map[code]hansa.Reason {
	return map[code]hansa.Reason{
		userBalance:        hansa.InsufficientFunds,
		userAmountExceeded: hansa.WalletLimit, amountExceeded: hansa.WalletLimit, countExceeded: hansa.WalletLimit,
		userStatus: hansa.PayerBlocked, userNotQualified: hansa.PayerBlocked, userNotExist: hansa.PayerBlocked,
		riskReject: hansa.PayerBlocked, regulation: hansa.PayerBlocked,
		userVerification: hansa.DeclinedByPayer,
		refundExceeded:   hansa.RefundTooLarge, refundWindowExceeded: hansa.NotAllowedNow,
	}
}

// reasonOf is why a wallet that gives a code does not pay or refund.
func reasonOf(c code) hansa.Reason {
	if reason, ok := declines()[c]; ok {
		return reason
	}
	return hansa.PaymentDeclined
}

// technical reports a refusal that is about the message and not about the payment,
// of which an earlier try may have been heard: it proves nothing.
func technical(c code) bool {
	return slices.Contains([]code{
		accessDenied, invalidClient, invalidSignature, keyNotFound, mediaTypeNotAcceptable, methodNotSupported, noInterface,
		repeatInconsistent,
	}, c)
}
