package alipay

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/hansa-network/hansa/api"
)

// paymentResult is the event of which a merchant can be told without saying so in each
// request, by a hook.
const paymentResult = "PAYMENT_RESULT"

// Notices returns what a merchant or an acquirer is told: of the end of a sale, at the
// address that its request named, or else at those of the client's hooks; and of the end
// of a refund, at the address that its request named. It is told of what was paid and of
// what cannot be paid any more, and not of its own cancel.
func (d *Dialect) Notices(n api.Notice) ([]api.Message, error) {
	kept := memoOf(n.Sale)
	if n.Sale.RequestID == "" {
		n.Sale.RequestID = kept.RequestID
	}
	switch {
	case ends(n):
		return d.post(n, noticeOf(n.Sale, kept.Plus), addresses(kept, n.Client)...)
	case n.Movement != nil && (n.Kind == "refund.succeeded" || n.Kind == "refund.failed"):
		for _, refund := range kept.Refunds {
			if refund.Movement == n.Movement.Movement {
				return d.post(n, refundNotice(refund.RequestID, *n.Movement, n.Sale), refund.Notify)
			}
		}
	}
	return nil, nil
}

// post signs a notice with the path of each address that it goes to.
func (d *Dialect) post(n api.Notice, notice any, addresses ...string) ([]api.Message, error) {
	body := api.Encode(notice)
	var messages []api.Message
	for _, address := range addresses {
		at, err := url.Parse(address)
		if err != nil || at.Host == "" {
			return nil, fmt.Errorf("notice of %s: no address for it", n.Sale.RequestID)
		}
		path := at.EscapedPath()
		if path == "" {
			path = "/"
		}
		m := d.signer.message(n.Client.ID, "", path, body, n.Now)
		m.URL, m.PublicKey = address, n.Client.PublicKey
		messages = append(messages, m)
	}
	return messages, nil
}

// refundNotice tells the end of a refund.
func refundNotice(requestID string, m api.Movement, sale api.Sale) any {
	at, result := movementStanding(m)
	for _, moved := range sale.Movements {
		if moved.Movement == m.Movement {
			m.Settlement = moved.Settlement
		}
	}
	return struct {
		Type      string   `json:"notifyType"`
		Result    Result   `json:"result"`
		Status    standing `json:"refundStatus"`
		RequestID string   `json:"refundRequestId"`
		ID        string   `json:"refundId"`
		Amount    *amount  `json:"refundAmount"`
		Time      string   `json:"refundTime,omitempty"`
		settled
	}{"REFUND_RESULT", result, at, requestID, m.Movement, wire(m.OrderAmount), refundTime(m), settledBack(m, sale, false)}
}

// ends reports whether a change is the end of a sale.
func ends(n api.Notice) bool {
	switch n.Kind {
	case "payment.approved", "order.expired":
		return true
	case "payment.declined", "payment.expired":
		return n.Sale.Order == nil // An order can be tried again.
	}
	return false
}

// addressMax bounds an address that a client names, in bytes.
const addressMax = 1 << 10

// checkAddress refuses what no notice can be sent to. None was named if it is empty.
func checkAddress(name string, address scalar) error {
	at, err := url.Parse(string(address))
	switch {
	case address == "":
		return nil
	case err != nil || len(address) > addressMax || at.Host == "" || at.User != nil || at.Scheme != "https" && at.Scheme != "http":
		return reject(paramIllegal, "%s: an address of at most %d bytes that begins with https://", name, addressMax)
	}
	return nil
}

func addresses(kept memo, client api.Client) []string {
	if kept.Notify != "" {
		return []string{kept.Notify}
	}
	var all []string
	for _, hook := range client.Hooks {
		if len(hook.Events) == 0 || slices.Contains(hook.Events, paymentResult) {
			all = append(all, hook.URL)
		}
	}
	return all
}

// noticeOf tells the end of a sale, in the words of its request.
func noticeOf(s api.Sale, plus bool) told {
	at, reason := standingOf(s)
	if at == cancelled && s.Payment != nil && s.Payment.Status == "approved" {
		at = succeeded // It was paid before it was cancelled, and this is the notice of that.
	}
	of := at.result(reason)
	t := tellSale(s, plus)
	if plus {
		t.PaymentResult = &of
		return t
	}
	t.NotifyType, t.Result = paymentResult, of
	return t
}

// Acknowledged reports whether a notice has arrived, which the receiver says with a
// result of status S. That says nothing of what it does with it. The protocol wants the
// answer to be signed, and not every merchant does so: a signature that is there must hold.
func (*Dialect) Acknowledged(sent api.Message, answer api.Answer) bool {
	if answer.Status != http.StatusOK {
		return false
	}
	at, err := url.Parse(sent.URL)
	if err != nil {
		return false
	}
	path := at.EscapedPath()
	if path == "" {
		path = "/"
	}
	if field(answer.Header, fieldSignature) != "" && believe(answer, sent, path, sent.PublicKey) != nil {
		return false
	}
	said, err := read[reply](answer.Body)
	return err == nil && said.Result.Status == StatusDone
}
