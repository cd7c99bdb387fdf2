package nexi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Shop is the other side: an online shop of this protocol. It is safe for concurrent
// use. It scans nothing: its customer comes to the hosted page, which shows a code.
type Shop struct {
	SecretKey string
	ReturnURL string // where the page leads afterwards
}

// Ask writes what a shop asks. There is nothing to enter, and nothing to capture, since
// it charges at once.
func (s Shop) Ask(call api.TillCall, _ time.Time) api.Message {
	switch call.Kind {
	case api.TillOrder:
		return s.send(http.MethodPost, "/v1/payments", call.Sale, s.wish(call))
	case api.TillInquire:
		return s.send(http.MethodGet, "/v1/payments/"+call.Sale, "", nil)
	case api.TillCancel:
		return s.send(http.MethodPut, "/v1/payments/"+call.Sale+"/terminate", "", nil)
	case api.TillRefund:
		return s.send(http.MethodPost, "/v1/payments/"+call.Sale+"/refunds", call.Change, map[string]int64{"amount": call.Amount.Value})
	}
	panic("nexi: a shop asks to " + call.Kind)
}

func (s Shop) wish(call api.TillCall) any {
	value := call.Amount.Value
	return struct {
		Order    order    `json:"order"`
		Checkout checkout `json:"checkout"`
	}{
		order{
			Amount: value, Currency: string(call.Amount.Currency), Reference: call.OrderReference,
			Items: []item{{
				Reference: call.OrderReference, Name: call.OrderReference, Quantity: "1", Unit: "pcs",
				UnitPrice: value, GrossTotalAmount: value, NetTotalAmount: value,
			}},
		},
		checkout{IntegrationType: hosted, ReturnURL: s.ReturnURL, Charge: true},
	}
}

func (s Shop) send(method, path, key string, body any) api.Message {
	m := api.Message{Method: method, URL: path, Header: http.Header{"Authorization": {s.SecretKey}, "Accept": {"application/json"}}}
	if key != "" {
		m.Header.Set("Idempotency-Key", key)
	}
	if body != nil {
		m.Header.Set("Content-Type", "application/json")
		m.Body = api.Encode(body)
	}
	return m
}

// Heard reads what a shop is answered.
func (s Shop) Heard(call api.TillCall, _ api.Message, answer api.Answer) (api.TillAnswer, error) {
	var said struct {
		created
		errorBody

		Payment  document `json:"payment"`
		RefundID string   `json:"refundId"`
	}
	if len(answer.Body) > 0 {
		if err := json.Unmarshal(answer.Body, &said); err != nil {
			return api.TillAnswer{}, fmt.Errorf("answer of the network: status %d: %w", answer.Status, err)
		}
	}
	if answer.Status >= http.StatusBadRequest {
		return shopRefused(call, answer.Status, said.errorBody)
	}
	heard := api.TillAnswer{Standing: api.TillWaits}
	switch call.Kind {
	case api.TillOrder:
		heard.Sale, heard.Network = said.PaymentID, path.Base(said.HostedPaymentPageURL)
	case api.TillCancel:
		heard.Standing = api.TillOver
	case api.TillRefund:
		movement, err := movementOf(said.RefundID)
		heard.Movement = movement
		return heard, err
	case api.TillInquire:
		switch {
		case said.Payment.Terminated != "":
			heard.Standing = api.TillOver
		case said.Payment.Summary.Charged > 0:
			heard.Standing = api.TillPaid
		}
	}
	return heard, nil
}

// shopRefused is why an answer says no. What was paid cannot be terminated, and stays.
func shopRefused(call api.TillCall, status int, why errorBody) (api.TillAnswer, error) {
	if call.Kind == api.TillCancel && why.Code == strconv.Itoa(codeAlreadyReserved) {
		return api.TillAnswer{Standing: api.TillPaid}, nil
	}
	reason := hansa.NotAllowedNow
	switch {
	case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests:
		reason = hansa.Unavailable
	case status >= http.StatusInternalServerError:
		return api.TillAnswer{}, fmt.Errorf("the network answers %d", status)
	case status == http.StatusUnauthorized:
		reason = hansa.UnknownKey
	case status == http.StatusNotFound:
		reason = hansa.NotFound
	case status == http.StatusBadRequest:
		reason = hansa.Malformed
	case toldBy(why.Message) != "":
		reason = toldBy(why.Message)
	case why.Code == strconv.Itoa(codeInvalidRefundAmount), why.Code == strconv.Itoa(codeAlreadyRefunded):
		reason = hansa.RefundTooLarge
	}
	return api.TillAnswer{}, hansa.Refuse(reason, "%s %s", why.Code, why.Message)
}

// toldBy is the reason of ours that a message begins with; empty: none.
func toldBy(message string) hansa.Reason {
	for _, row := range api.Problems() {
		if word, _, _ := strings.Cut(message, ":"); word == string(row.Reason) {
			return row.Reason
		}
	}
	return ""
}
