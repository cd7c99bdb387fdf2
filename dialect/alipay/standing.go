package alipay

import (
	"encoding/json"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A standing is where a sale stands, in the words of AMS.
type standing string

// The standings. One that is succeeded may still be cancelled, and nothing else changes
// what is not processing.
const (
	succeeded standing = "SUCCESS"
	failed    standing = "FAIL"
	pending   standing = "PROCESSING"
	cancelled standing = "CANCELLED"
)

// standingOf returns where a sale stands, and why if it failed.
func standingOf(s api.Sale) (standing, hansa.Reason) {
	switch {
	case s.Refused != nil && isForbidden(s.Refused.Reason):
		return cancelled, hansa.PaymentCanceled
	case s.Refused != nil:
		return failed, s.Refused.Reason
	case undone(s):
		return cancelled, hansa.PaymentCanceled
	case s.Order != nil:
		return standingOfOrder(*s.Order)
	case s.Payment != nil:
		return standingOfPayment(*s.Payment)
	}
	return pending, ""
}

// isForbidden reports why a sale was not begun whose request id had been cancelled.
func isForbidden(reason hansa.Reason) bool {
	return reason == hansa.PaymentCanceled || reason == hansa.OrderNotOpen
}

// standingOfOrder passes over who tried to pay it: another one still can.
func standingOfOrder(o api.Order) (standing, hansa.Reason) {
	switch o.Status {
	case "paid":
		return succeeded, ""
	case "closed":
		return cancelled, hansa.PaymentCanceled
	case "expired":
		return failed, hansa.OrderExpired
	}
	return pending, ""
}

func standingOfPayment(p api.Payment) (standing, hansa.Reason) {
	switch p.Status {
	case "approved":
		return succeeded, ""
	case "cancelled":
		return cancelled, hansa.PaymentCanceled
	case "declined", "expired":
		return failed, reasonOfPayment(p)
	}
	return pending, ""
}

func reasonOfPayment(p api.Payment) hansa.Reason {
	switch {
	case p.Reason != "":
		return hansa.Reason(p.Reason)
	case p.Status == "expired":
		return hansa.PaymentExpired
	}
	return hansa.PaymentDeclined
}

// undone reports whether all of an approved payment was given back as a cancel.
func undone(s api.Sale) bool {
	for _, m := range s.Movements {
		whole := m.Kind == "cancel" || m.Kind == "release" && s.Payment != nil && m.OrderAmount == s.Payment.OrderAmount
		if whole && m.Status == "succeeded" {
			return true
		}
	}
	return false
}

// result is how the payment itself ended, or that it has not.
func (at standing) result(reason hansa.Reason) Result {
	switch at {
	case succeeded:
		return done()
	case pending:
		return processing()
	case cancelled, failed:
		return declined(string(reason))
	}
	panic("unknown standing " + string(at))
}

// A memo is what is kept with a sale, so that it can be told of later.
type memo struct {
	RequestID string `json:"request,omitempty"`
	Notify    string `json:"notify,omitempty"` // where its end is told
	Plus      bool   `json:"plus,omitempty"`   // in the words of Alipay+
	Return    string `json:"return,omitempty"` // where the page leads afterwards
	Keys      string `json:"keys,omitempty"`   // a sum of what must not differ when it is asked again

	Refunds []refundMemo `json:"refunds,omitempty"` // the latest of which somebody wants to hear
}

// A refundMemo is what is kept of a refund.
type refundMemo struct {
	Movement  string `json:"movement"`
	RequestID string `json:"request"`
	Notify    string `json:"notify"`
}

// refundMemosMax is how many refunds of one sale are told of.
const refundMemosMax = 16

func memoOf(s api.Sale) memo {
	var m memo
	if json.Unmarshal(s.Memo, &m) != nil {
		return memo{}
	}
	return m
}

// ReturnURL is where the payer of a sale goes from its page once it has come to an end, by
// paymentRedirectUrl; empty: nowhere.
func (*Dialect) ReturnURL(sale api.Sale) string { return memoOf(sale).Return }

// idOf is the paymentId of a sale: that of its order if it has one, since it is told
// before anybody pays.
func idOf(s api.Sale) string {
	switch {
	case s.Order != nil:
		return s.Order.Order
	case s.Payment != nil:
		return s.Payment.Reference
	}
	return ""
}

func amountOf(s api.Sale) (money.Amount, bool) {
	switch {
	case s.Order != nil:
		return s.Order.Amount, true
	case s.Payment != nil:
		return s.Payment.OrderAmount, true
	}
	return money.Amount{}, false
}

func begunAt(s api.Sale) (time.Time, bool) {
	switch {
	case s.Order != nil:
		return s.Order.CreatedAt, true
	case s.Payment != nil:
		return s.Payment.CreatedAt, true
	}
	return time.Time{}, false
}

// notFound reports the refusal of what is not there.
func notFound(err error) bool {
	reason, _ := hansa.ReasonOf(err)
	return reason == hansa.NotFound
}

// find returns the sale that a request names: by paymentId, or else by its request id.
func (x exchange) find(id, requestID scalar) (api.Sale, error) {
	switch {
	case id != "":
		return x.counter.SaleOf(string(id))
	case requestID != "":
		return x.counter.Sale(string(requestID))
	}
	return api.Sale{}, reject(paramIllegal, "paymentId or paymentRequestId is missing")
}
