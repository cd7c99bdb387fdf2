package bluecode

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Results of a call.
const (
	resultOK         = "OK"
	resultProcessing = "PROCESSING"
	resultError      = "ERROR"
)

// States of a payment in this protocol. Tills spell the end by a cancel with one L, the
// clients of shops with two.
const (
	stateApproved      = "APPROVED"
	stateDeclined      = "DECLINED"
	stateCanceled      = "CANCELED"
	stateCancelledShop = "CANCELLED"
	stateRefunded      = "REFUNDED"
	stateRegistered    = "REGISTERED"
	stateProcessing    = "PROCESSING"
	stateFailure       = "FAILURE"
	stateError         = "ERROR"
)

// How a till should ask for a payment that has no outcome yet, in milliseconds. Tills
// count the time to live from their first question, and cancel when it is over; it leaves
// room for the minute that a payer has, and for the wallet's answer.
const (
	checkSoonMs  = 1000
	checkLaterMs = 2000
	timeToLiveMs = 90_000
)

// An outcome is what every call is answered with.
type outcome struct {
	Result    string   `json:"result"`
	ErrorCode string   `json:"error_code,omitempty"`
	Payment   *payment `json:"payment,omitempty"`
	Status    *waiting `json:"status,omitempty"`
}

// A payment is one transaction. Amounts are minor units.
type payment struct {
	State            string `json:"state"`
	Code             string `json:"code,omitempty"`
	MerchantTxID     string `json:"merchant_tx_id"`
	AcquirerTxID     string `json:"acquirer_tx_id,omitempty"`
	Scheme           string `json:"scheme,omitempty"`
	Currency         string `json:"currency,omitempty"`
	TotalAmount      int64  `json:"total_amount"`
	RequestedAmount  int64  `json:"requested_amount"`
	ConsumerTip      int64  `json:"consumer_tip_amount"`
	SlipNote         string `json:"slip_note,omitempty"`
	CheckinCode      string `json:"checkin_code,omitempty"`
	ReturnURLSuccess string `json:"return_url_success,omitempty"`
	ReturnURLFailure string `json:"return_url_failure,omitempty"`
	ReturnURLCancel  string `json:"return_url_cancel,omitempty"`
}

// waiting tells a till when to ask again.
type waiting struct {
	MerchantTxID  string `json:"merchant_tx_id"`
	CheckStatusIn int64  `json:"check_status_in"`
	TTL           int64  `json:"ttl"`
}

// A memo is what a till said and the network has no place for.
type memo struct {
	MerchantTxID string `json:"m"`
	Callback     string `json:"c,omitempty"`
	Success      string `json:"s,omitempty"`
	Failure      string `json:"f,omitempty"`
	Cancel       string `json:"x,omitempty"`
	Shop         bool   `json:"e,omitempty"` // wants a page for its customer, no symbol to show
}

// ReturnURL is where the payer of a registered sale goes from its page: to where the shop
// wants who has paid, who came too late, or who leaves. It is empty where the shop wants
// nobody, and for a sale that is not readable.
func (*Dialect) ReturnURL(sale api.Sale) string {
	var kept memo
	if sale.Order == nil || json.Unmarshal(sale.Memo, &kept) != nil {
		return ""
	}
	switch sale.Order.Status {
	case "paid":
		return kept.Success
	case "expired":
		return kept.Failure
	}
	return kept.Cancel
}

// outcomeOf tells a sale as the answer to a call that was carried out.
func outcomeOf(sale api.Sale, origin string) (outcome, error) {
	shown, err := paymentOf(sale, origin)
	if err != nil {
		return outcome{}, err
	}
	if shown.State != stateProcessing {
		return outcome{Result: resultOK, Payment: &shown}, nil
	}
	status := &waiting{shown.MerchantTxID, checkSoonMs, timeToLiveMs}
	if sale.Payment != nil && sale.Payment.PendingReason == "awaiting_payer" {
		status.CheckStatusIn = checkLaterMs
	}
	return outcome{Result: resultProcessing, Status: status}, nil
}

// paymentOf tells a sale as a payment. Links begin with the origin.
func paymentOf(sale api.Sale, origin string) (payment, error) {
	var kept memo
	if len(sale.Memo) > 0 {
		if err := json.Unmarshal(sale.Memo, &kept); err != nil {
			return payment{}, fmt.Errorf("read memo: %w", err)
		}
	}
	shown := payment{
		MerchantTxID:     kept.MerchantTxID,
		ReturnURLSuccess: kept.Success, ReturnURLFailure: kept.Failure, ReturnURLCancel: kept.Cancel,
	}
	if shown.MerchantTxID == "" {
		shown.MerchantTxID = sale.RequestID
	}
	switch {
	case sale.Refused != nil && sale.Refused.Reason == hansa.OrderNotOpen:
		shown.State = stateCanceled // It was cancelled before it came.
	case sale.Refused != nil:
		shown.State, shown.Code = stateError, CodeOf(sale.Refused.Reason)
	case sale.Order != nil:
		shown.order(sale)
		if kept.Shop {
			shown.CheckinCode = origin + "/checkout/" + sale.Order.Order
		}
	case sale.Payment != nil:
		shown.payment(sale)
	}
	return shown, nil
}

// payment tells a sale that is a payment.
func (p *payment) payment(sale api.Sale) {
	amount := sale.Payment.OrderAmount
	p.AcquirerTxID, p.SlipNote, p.Scheme = sale.Payment.Reference, sale.Payment.Reference, schemeOf(sale.Payment.Wallet)
	p.Currency, p.TotalAmount, p.RequestedAmount = string(amount.Currency), amount.Value, amount.Value
	p.State, p.Code = stateOf(*sale.Payment)
	if p.State == stateApproved && isGivenBack(sale) {
		p.State = stateRefunded
		if sale.Movements[len(sale.Movements)-1].Kind == "cancel" {
			p.State = stateCanceled
		}
	}
}

// order tells a sale that is an order, of which a payment may have come.
func (p *payment) order(sale api.Sale) {
	if sale.Payment != nil {
		p.payment(sale)
	}
	amount := sale.Order.Amount
	p.AcquirerTxID, p.Currency = sale.Order.Order, string(amount.Currency)
	p.TotalAmount, p.RequestedAmount, p.CheckinCode = amount.Value, amount.Value, sale.Order.Code
	switch sale.Order.Status {
	case "paid":
	case "open":
		p.State, p.Code = stateRegistered, ""
	case "held":
		p.State, p.Code = stateProcessing, ""
	case "closed":
		p.State, p.Code = stateCancelledShop, ""
	case "expired":
		p.State, p.Code = stateFailure, codeSystemFailure
	default: // A word that the network does not have.
		panic("bluecode: an order is " + sale.Order.Status)
	}
	if p.State == stateCanceled {
		p.State = stateCancelledShop
	}
}

// stateOf tells the status of a payment, and why it was not approved.
func stateOf(p api.Payment) (state, code string) {
	switch p.Status {
	case "pending":
		return stateProcessing, ""
	case "approved":
		return stateApproved, ""
	case "declined":
		reason := hansa.Reason(p.Reason)
		if reason == "" {
			reason = hansa.PaymentDeclined
		}
		return stateDeclined, CodeOf(reason)
	case "expired":
		return stateFailure, CodeOf(hansa.PaymentExpired)
	case "cancelled":
		return stateCanceled, ""
	}
	panic("bluecode: a payment is " + p.Status)
}

// schemeOf names a wallet as the protocol does its own.
func schemeOf(wallet string) string {
	if wallet == Name {
		return "BLUE_CODE"
	}
	return strings.ToUpper(wallet)
}

// isGivenBack reports whether refunds and cancels come to the whole amount. They count
// from when they are accepted: the network carries them out.
func isGivenBack(sale api.Sale) bool {
	back := int64(0)
	for _, m := range sale.Movements {
		if m.Status != "failed" && (m.Kind == "refund" || m.Kind == "cancel") {
			back += m.OrderAmount.Value
		}
	}
	return back >= sale.Payment.OrderAmount.Value
}

// answered answers with what is known of a sale.
func (d *desk) answered(sale api.Sale) (api.Answer, error) {
	shown, err := outcomeOf(sale, d.Origin)
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, shown), nil
}
