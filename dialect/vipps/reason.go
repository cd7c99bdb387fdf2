package vipps

import (
	"net/http"
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// An operation is what was being done when the network refused.
type operation string

const (
	creating   operation = "created"
	reading    operation = "read"
	capturing  operation = "captured"
	refunding  operation = "refunded"
	cancelling operation = "cancelled"
	approving  operation = "approved"
	settling   operation = "set up" // webhooks and codes
)

// The domain errors, by the codes that Vipps MobilePay has for them.
var (
	internal             = domain(http.StatusInternalServerError, 3010, "Internal error", "Send the same request with the same Idempotency-Key again.")
	invalidAmount        = domain(http.StatusBadRequest, 4040, "Invalid amount", "The amount is invalid. It must be a positive integer of minor units.")
	invalidCustomerToken = domain(http.StatusBadRequest, 4050, "Invalid CustomerToken", "The parameter CustomerToken is invalid.")
	invalidPersonalQR    = domain(http.StatusBadRequest, 4060, "Invalid PersonalQr", "The parameter PersonalQr is invalid.")
	invalidCurrency      = domain(http.StatusBadRequest, 5040, "Invalid currency for merchant", "The sales unit is not paid in this currency.")
	notFound             = domain(http.StatusNotFound, 5090, "Reference not found", "The reference does not exist for this sales unit.")
	amountTooSmall       = domain(http.StatusBadRequest, 6010, "Amount too small", "The amount is too small.")
	refundTooEarly       = domain(http.StatusBadRequest, 6020, "Attempted refund before reservation", "Cannot refund a payment that is not reserved.")
	cancelPeriodOver     = domain(http.StatusBadRequest, 6030, "Cancel period expired", "The time in which this could be cancelled is over.")
	cancelOfCaptured     = domain(http.StatusBadRequest, 6040, "Cannot cancel a captured payment", "All of it is captured: refund it.")
	cancelOfAuthorized   = domain(http.StatusBadRequest, 6060, "Cannot cancel authorized payment", "The payer has approved, and cancelTransactionOnly is set.")
	captureOfCancelled   = domain(http.StatusBadRequest, 6070, "Cannot capture a cancelled payment", "The payment has been cancelled.")
	captureTooEarly      = domain(http.StatusBadRequest, 6080, "Cannot capture before reservation", "The amount is not reserved. The user must accept the payment first.")
	captureTooHigh       = domain(http.StatusBadRequest, 6090, "Capture amount too high", "No more can be captured than is reserved and not captured yet.")
	refundTooHigh        = domain(http.StatusBadRequest, 6150, "Not enough refundable", "No more can be refunded than is captured and not refunded yet.")
	processing           = domain(http.StatusConflict, 6160, "Order processing", "The payment is being processed: send the same request again shortly.")
	customerNotFound     = domain(http.StatusBadRequest, 7010, "Customer not found", "There is no such customer, or one who cannot pay this sales unit.")
	approveNotAllowed    = domain(http.StatusBadRequest, 10020, "Approve not allowed", "Payments can be approved like this in a sandbox only.")
	overLimit            = domain(http.StatusBadRequest, 10070, "Payment limit exceeded", "The amount is over a limit.")
)

func missing(name, why string) problem {
	return domain(http.StatusBadRequest, 4140, "Missing required parameter", why).about(name, "The field is required.")
}

func keyTaken(key string) problem {
	return domain(http.StatusConflict, 4020, "Idempotency error", "Idempotency-Key "+key+" already exists.")
}

func referenceTaken(reference string) problem {
	return domain(http.StatusConflict, 4150, "Idempotency error", "Reference "+reference+" already exists.")
}

func cannotCreate(why string) problem {
	return domain(http.StatusBadRequest, 5070, "Payment cannot be created", why)
}

func cannotCancel(reference string, s state) problem {
	return domain(http.StatusBadRequest, 6190, "Payment cannot be cancelled", "Reference "+reference+" cannot be cancelled. State: "+string(s)+".")
}

func cannotCapture(reference string, s state) problem {
	return domain(http.StatusBadRequest, 6200, "Payment cannot be captured", "Reference "+reference+" cannot be captured. State: "+string(s)+".")
}

func cannotRefund(reference string, s state) problem {
	return domain(http.StatusBadRequest, 6210, "Payment cannot be refunded", "Reference "+reference+" cannot be refunded. State: "+string(s)+".")
}

func alreadyReserved(reference string) problem {
	return domain(http.StatusBadRequest, 6230, "Payment is already reserved", "The payment with reference "+reference+" is reserved already.")
}

func approveFailed(why string) problem {
	return domain(http.StatusBadRequest, 10010, "Approve failed", "Force approve failed: "+why+".")
}

// fail answers what the network did not do.
func (c *call) fail(doing operation, err error) api.Answer { return c.refuse(c.problemOf(doing, err)) }

// failCustomer answers what the network could not ask of a customer.
func (c *call) failCustomer(w wish, err error) api.Answer {
	unknown := customerNotFound
	switch {
	case w.Customer.PersonalQR != "":
		unknown = invalidPersonalQR
	case w.Customer.CustomerToken != "":
		unknown = invalidCustomerToken
	}
	reason, _ := hansa.ReasonOf(err)
	if slices.Contains([]hansa.Reason{hansa.CodeUnknown, hansa.CodeUsed, hansa.CodeExpired, hansa.CodeRevoked, hansa.CodeInvalid}, reason) {
		return c.refuse(unknown)
	}
	return c.fail(creating, err)
}

// failMovement answers a capture, cancel or refund that the network refused.
func (c *call) failMovement(doing operation, sale api.Sale, err error) api.Answer {
	if reason, _ := hansa.ReasonOf(err); reason != hansa.NotAllowedNow {
		return c.fail(doing, err)
	}
	if doing == refunding {
		return c.refuse(cannotRefund(sale.RequestID, stateOf(sale)))
	}
	switch sum := aggregateOf(sale); {
	case sum.Captured.Value == sum.Authorized.Value:
		return c.refuse(captureTooHigh)
	case sum.Cancelled.Value > 0:
		return c.refuse(captureOfCancelled)
	}
	return c.refuse(cannotCapture(sale.RequestID, stateOf(sale)))
}

// problemOf translates a refusal of the network. A fault, and what the network cannot
// do for now, is the only thing that is told with a status of 500.
func (c *call) problemOf(doing operation, err error) problem {
	reason, refused := hansa.ReasonOf(err)
	if !refused {
		return internal
	}
	switch {
	case reason == hansa.RequestIDReused && doing == creating:
		return domain(http.StatusConflict, 4150, "Idempotency error", "The reference already exists.")
	case reason == hansa.RequestIDReused:
		return keyTaken(c.key)
	case reason == hansa.MethodNotAllowed && doing == approving:
		return approveNotAllowed
	case reason == hansa.NotFound && doing == creating:
		return cannotCreate("The sales unit has no store.")
	}
	if at := slices.IndexFunc(translations(), func(t translation) bool { return t.reason == reason }); at >= 0 {
		return translations()[at].problem
	}
	if doing == approving {
		return approveFailed(string(reason))
	}
	return cannotCreate("It cannot be " + string(doing) + ": " + string(reason) + ".")
}

// A translation says how a reason is told whatever was being done. Reasons that it
// lacks are told as 5070 with their own name.
type translation struct {
	reason  hansa.Reason
	problem problem
}

func translations() []translation {
	return []translation{
		{hansa.NotFound, notFound},
		{hansa.InvalidAmount, invalidAmount},
		{hansa.OutOfRange, invalidAmount},
		{hansa.UnknownCurrency, invalidCurrency},
		{hansa.CurrencyMismatch, invalidCurrency},
		{hansa.AmountTooSmall, amountTooSmall},
		{hansa.AmountTooLarge, overLimit},
		{hansa.CapExceeded, overLimit},
		{hansa.WalletLimit, overLimit},
		{hansa.OrderReferenceTaken, domain(http.StatusConflict, 4150, "Idempotency error", "The merchant has another payment under this reference.")},
		{hansa.AlreadyExists, domain(http.StatusConflict, 4150, "Idempotency error", "It exists already.")},
		{hansa.CustomerInconsistent, processing},
		{hansa.OrderNotOpen, processing},
		{hansa.NotAllowedNow, processing},
		{hansa.RefundTooLarge, refundTooHigh},
		{hansa.CaptureTooLarge, captureTooHigh},
		{hansa.CancelTooLate, cancelPeriodOver},
		{hansa.OrderPaid, cancelOfAuthorized},
		{hansa.MarketNotActive, customerNotFound},
		{hansa.NotAccepted, customerNotFound},
		{hansa.PayerBlocked, customerNotFound},
		{hansa.RoleMissing, forbidden.about("Merchant-Serial-Number", "The sales unit may not do this.")},
		{hansa.AgreementMissing, forbidden.about("Merchant-Serial-Number", "The sales unit may not do this.")},
		{hansa.TooLarge, tooLarge},
		{hansa.TooManyRequests, busy},
		{hansa.TooManyMisses, tooMany},
		{hansa.Overloaded, busy},
		{hansa.Unavailable, internal},
	}
}
