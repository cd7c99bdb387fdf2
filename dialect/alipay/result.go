package alipay

import "fmt"

// A Result says what came of a request, or of a payment.
type Result struct {
	Code    string `json:"resultCode"`
	Status  string `json:"resultStatus"`
	Message string `json:"resultMessage"`
}

// What a Status says: it is done; it is refused for good; nobody knows, so ask again.
const (
	StatusDone    = "S"
	StatusRefused = "F"
	StatusUnknown = "U"
)

// A code is a resultCode.
type code string

const (
	success code = "SUCCESS"

	inProcess   code = "PAYMENT_IN_PROCESS"
	unknown     code = "UNKNOWN_EXCEPTION"
	tooMuchLoad code = "REQUEST_TRAFFIC_EXCEED_LIMIT"

	accessDenied           code = "ACCESS_DENIED"
	businessNotSupported   code = "BUSINESS_NOT_SUPPORT"
	cancelWindowExceeded   code = "CANCEL_WINDOW_EXCEED"
	currencyNotSupported   code = "CURRENCY_NOT_SUPPORT"
	expiredCode            code = "EXPIRED_CODE"
	invalidClient          code = "INVALID_CLIENT"
	invalidCode            code = "INVALID_CODE"
	invalidContract        code = "INVALID_CONTRACT"
	invalidSignature       code = "INVALID_SIGNATURE"
	keyNotFound            code = "KEY_NOT_FOUND"
	mediaTypeNotAcceptable code = "MEDIA_TYPE_NOT_ACCEPTABLE"
	merchantNotQualified   code = "MERCHANT_KYB_NOT_QUALIFIED"
	merchantNotRegistered  code = "MERCHANT_NOT_REGISTERED"
	methodNotSupported     code = "METHOD_NOT_SUPPORTED"
	noInterface            code = "NO_INTERFACE_DEF"
	orderIsClosed          code = "ORDER_IS_CLOSED"
	orderNotExist          code = "ORDER_NOT_EXIST"
	paramIllegal           code = "PARAM_ILLEGAL"
	amountExceeded         code = "PAYMENT_AMOUNT_EXCEED_LIMIT"
	countExceeded          code = "PAYMENT_COUNT_EXCEED_LIMIT"
	processFail            code = "PROCESS_FAIL"
	refundExceeded         code = "REFUND_AMOUNT_EXCEED"
	refundWindowExceeded   code = "REFUND_WINDOW_EXCEED"
	regulation             code = "REGULATION_RESTRICTION"
	repeatInconsistent     code = "REPEAT_REQ_INCONSISTENT"
	riskReject             code = "RISK_REJECT"
	unavailableMethod      code = "UNAVAILABLE_PAYMENT_METHOD"
	userAmountExceeded     code = "USER_AMOUNT_EXCEED_LIMIT"
	userBalance            code = "USER_BALANCE_NOT_ENOUGH"
	userNotQualified       code = "USER_KYC_NOT_QUALIFIED"
	userNotExist           code = "USER_NOT_EXIST"
	userVerification       code = "USER_PAYMENT_VERIFICATION_FAILED"
	userStatus             code = "USER_STATUS_ABNORMAL"
)

// status is that of a code: the protocol gives each code one.
func (c code) status() string {
	switch {
	case c == success:
		return StatusDone
	case c == inProcess || c == unknown || c == tooMuchLoad:
		return StatusUnknown
	}
	return StatusRefused
}

func (c code) result(message string) Result {
	return Result{Code: string(c), Status: c.status(), Message: message}
}

// done is the result of what has happened.
func done() Result { return success.result("success.") }

// processing is the result of what may still happen.
func processing() Result { return inProcess.result("The payment is being processed.") }

// A rejection is a no for which we have no reason of our own.
type rejection struct{ result Result }

func (r *rejection) Error() string { return r.result.Code + ": " + r.result.Message }

func reject(c code, message string, arguments ...any) error {
	return &rejection{c.result(fmt.Sprintf(message, arguments...))}
}
