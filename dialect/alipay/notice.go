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

// Notices returns what a merchant or an acquirer is told of the end of a sale: at the
// address that the request named, or else at those of the client's hooks. It is told of
// what was paid and of what cannot be paid any more, and not of its own cancel.
func (d *Dialect) Notices(n api.Notice) ([]api.Message, error) {
	if !ends(n) {
		return nil, nil
	}
	kept := memoOf(n.Sale)
	if n.Sale.RequestID == "" {
		n.Sale.RequestID = kept.RequestID
	}
	body := api.Encode(noticeOf(n.Sale, kept.Plus))
	var messages []api.Message
	for _, address := range addresses(kept, n.Client) {
		at, err := url.Parse(address)
		if err != nil || at.Host == "" {
			return nil, fmt.Errorf("notice of %s: no address for it", n.Sale.RequestID)
		}
		path := at.EscapedPath()
		if path == "" {
			path = "/"
		}
		m := d.signer.message(n.Client.ID, "", path, body, n.Now)
		m.URL = address
		messages = append(messages, m)
	}
	return messages, nil
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
// result of status S. That says nothing of what it does with it.
func (*Dialect) Acknowledged(_ api.Message, answer api.Answer) bool {
	if answer.Status != http.StatusOK {
		return false
	}
	said, err := read[reply](answer.Body)
	return err == nil && said.Result.Status == StatusDone
}
