package alipay

import (
	"encoding/hex"
	"strconv"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// What a wallet asks of the network, by MPP.

// fresh returns a request id for what the protocol gives none.
func (x exchange) fresh(what string) string {
	drawn := x.Chance.Draw(Name + " " + what)
	return what + "." + hex.EncodeToString(drawn[:16])
}

// A codeRequest is getPaymentCode.
type codeRequest struct {
	Region   scalar `json:"region,omitempty"`
	Customer scalar `json:"customerId"`
	Quantity scalar `json:"codeQuantity,omitempty"`
}

// A codeAnswer is what getPaymentCode is answered with.
type codeAnswer struct {
	Result Result      `json:"result"`
	Codes  []codeShown `json:"paymentCodeInfoList,omitempty"`
}

type codeShown struct {
	Code   scalar `json:"paymentCode"`
	Start  scalar `json:"codeValidityStartTime,omitempty"`
	Expiry scalar `json:"codeExpiryTime"`
}

// fetchCodes answers POST /aps/api/v1/codes/getPaymentCode.
func (x exchange) fetchCodes() (any, error) {
	r, err := read[codeRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if r.Quantity == "" {
		r.Quantity = "1"
	}
	count, err := strconv.Atoi(string(r.Quantity))
	if err != nil {
		return nil, reject(paramIllegal, "codeQuantity: 1 to 10")
	}
	codes, err := x.counter.FetchCodes(api.FetchCodes{RequestID: x.fresh("codes"), Payer: string(r.Customer), Count: count})
	if err != nil {
		return nil, err
	}
	told := codeAnswer{Result: done()}
	for _, code := range codes.Codes {
		told.Codes = append(told.Codes, codeShown{scalar(code.Code), scalar(written(x.Now)), scalar(written(code.ExpiresAt))})
	}
	return told, nil
}

// What userInitiatedPay says that a code is.
const (
	orderCodeType scalar = "ORDER_CODE"
	storeCodeType scalar = "STORE_CODE"
)

// A scanRequest is userInitiatedPay. The amount is what a payer typed at a printed code.
type scanRequest struct {
	AcquirerID scalar `json:"acquirerId,omitempty"`
	PSP        scalar `json:"pspId,omitempty"`

	Code     scalar  `json:"codeValue"`
	Customer scalar  `json:"customerId,omitempty"`
	Amount   *amount `json:"paymentAmount,omitempty"`
}

// A scanAnswer is what userInitiatedPay is answered with: to a wallet what it may debit, and
// by an acquirer what its code asks.
type scanAnswer struct {
	Result     Result        `json:"result"`
	CodeType   scalar        `json:"codeType,omitempty"`
	AcquirerID scalar        `json:"acquirerId,omitempty"`
	PSP        scalar        `json:"pspId,omitempty"`
	RequestID  scalar        `json:"paymentRequestId,omitempty"`
	Order      order         `json:"order,omitzero"`
	Amount     *amount       `json:"paymentAmount,omitempty"`
	PayTo      *amount       `json:"payToAmount,omitempty"`
	Quote      *quote        `json:"paymentQuote,omitempty"`
	Factor     paymentFactor `json:"paymentFactor,omitzero"`
	ExpiryTime scalar        `json:"paymentExpiryTime,omitempty"`
	NotifyURL  scalar        `json:"paymentNotifyUrl,omitempty"`
}

// notifyPath is where a wallet tells the end of a payment.
const notifyPath = "/aps/api/v1/payments/notifyPayment"

// announce answers POST /aps/api/v1/payments/userInitiatedPay: the wallet may debit its
// payer and then notify. The same code of the same customer has the same answer as long
// as the payment is open.
func (x exchange) announce() (any, error) {
	r, err := read[scanRequest](x.Body)
	if err != nil {
		return nil, err
	}
	announce := api.Announce{RequestID: x.fresh("scan"), Code: string(r.Code), Payer: string(r.Customer)}
	kind := orderCodeType
	if r.Amount != nil {
		typed, err := r.Amount.read()
		if err != nil {
			return nil, err
		}
		announce.Amount, kind = &typed, storeCodeType
	}
	told, err := x.counter.Announce(announce)
	if err != nil {
		return nil, err
	}
	p, q := told.Payment, told.Quote
	return scanAnswer{
		Result: done(), CodeType: kind, AcquirerID: scalar(x.network), PSP: scalar(p.Wallet), RequestID: scalar(p.Reference),
		Order: orderOf(p.OrderReference, q.Payee, q.OrderAmount), Amount: wire(q.OrderAmount), PayTo: wire(q.DebitAmount),
		Quote:      identified(quoteOf(q.Rate, q.OrderAmount.Currency), q),
		Factor:     paymentFactor{InStore: "true", Scenario: orderCode},
		ExpiryTime: scalar(written(told.ExpiresAt)), NotifyURL: scalar(x.Origin + notifyPath),
	}, nil
}

// identified adds what is known of a quote beside its rate.
func identified(told *quote, q api.Quote) *quote {
	if told != nil {
		told.ID, told.Expiry = scalar(q.Quote), scalar(written(q.ExpiresAt))
	}
	return told
}

// orderOf tells what is bought of whom. The payee is the store as registered.
func orderOf(reference string, payee api.Payee, due money.Amount) order {
	return order{
		Reference: scalar(reference), Description: scalar(payee.Name), Amount: wire(due),
		Merchant: merchant{
			Reference: scalar(payee.Store), Name: scalar(payee.Name), Category: scalar(payee.Category),
			Store: store{
				Reference: scalar(payee.Store), Name: scalar(payee.Name), Category: scalar(payee.Category),
				Address: address{scalar(payee.Country), scalar(payee.City)},
			},
		},
	}
}

// payee reads what orderOf writes.
func (o order) payee() api.Payee {
	s := o.Merchant.Store
	return api.Payee{
		Store: string(s.Reference), Name: string(s.Name), City: string(s.Address.City),
		Country: string(s.Address.Region), Category: string(s.Category),
	}
}

// An outcome is notifyPayment as a wallet sends it.
type outcome struct {
	PaymentResult Result  `json:"paymentResult"`
	RequestID     scalar  `json:"paymentRequestId"`
	ID            scalar  `json:"paymentId,omitempty"`
	Time          scalar  `json:"paymentTime,omitempty"`
	Amount        *amount `json:"paymentAmount,omitempty"`
	PayTo         *amount `json:"payToAmount,omitempty"`
	Customer      scalar  `json:"customerId,omitempty"`
}

// hearOutcome answers POST /aps/api/v1/payments/notifyPayment. A result of S says that
// it was received, and nothing of what becomes of the payment: a yes that comes too late
// is received too, and then cancelled. The payee is not repeated by this protocol.
func (x exchange) hearOutcome() (any, error) {
	r, err := read[outcome](x.Body)
	if err != nil {
		return nil, err
	}
	if r.RequestID == "" {
		return nil, reject(paramIllegal, "paymentRequestId is missing")
	}
	var told api.TellOutcome
	switch r.PaymentResult.Status {
	case StatusDone:
		told.Status = api.AnswerPaid
		if told.OrderAmount, err = r.Amount.read(); err != nil {
			return nil, err
		}
		if told.DebitAmount, err = r.PayTo.read(); err != nil {
			return nil, err
		}
	case StatusRefused:
		told.Status, told.Reason = api.AnswerDeclined, string(reasonOf(code(r.PaymentResult.Code)))
	default:
		return nil, reject(paramIllegal, "paymentResult.resultStatus: S or F")
	}
	if _, err := x.counter.TellOutcome(string(r.RequestID), told); err != nil {
		return nil, err
	}
	return struct {
		Result Result `json:"result"`
	}{done()}, nil
}
