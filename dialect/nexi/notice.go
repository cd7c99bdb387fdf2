package nexi

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa/api"
)

// Events that a shop may subscribe to.
const (
	eventCreated           = "payment.created"
	eventReservedFirst     = "payment.reservation.created"
	eventReserved          = "payment.reservation.created.v2"
	eventReservationFailed = "payment.reservation.failed"
	eventCheckoutCompleted = "payment.checkout.completed"
	eventCharged           = "payment.charge.created.v2"
	eventChargeFailed      = "payment.charge.failed"
	eventRefundInitiated   = "payment.refund.initiated.v2"
	eventRefundFailed      = "payment.refund.failed"
	eventRefundCompleted   = "payment.refund.completed"
	eventCancelled         = "payment.cancel.created"
	eventCancelFailed      = "payment.cancel.failed"
)

// eventNames lists them. Charges and cancels hold as soon as they are made, so that
// nobody ever hears of one that has failed.
func eventNames() []string {
	return []string{
		eventCreated, eventReservedFirst, eventReserved, eventReservationFailed, eventCheckoutCompleted, eventCharged,
		eventChargeFailed, eventRefundInitiated, eventRefundFailed, eventRefundCompleted, eventCancelled, eventCancelFailed,
	}
}

// eventsOf translates an event of the journal, in the order in which shops hear of it. An
// order that is open again after a no is not told.
func (p payment) eventsOf(n api.Notice) []string {
	switch n.Kind {
	case "order.open":
		if n.At.Equal(p.Order.CreatedAt) {
			return []string{eventCreated}
		}
		return nil
	case "payment.approved":
		events := []string{eventReservedFirst, eventReserved, eventCheckoutCompleted}
		if p.memo.Charge {
			events = append(events, eventCharged)
		}
		return events
	case "payment.declined", "payment.expired":
		return []string{eventReservationFailed}
	case "capture.made":
		return []string{eventCharged}
	case "capture.released":
		return []string{eventCancelled}
	case "refund.pending":
		return []string{eventRefundInitiated}
	case "refund.succeeded":
		return []string{eventRefundCompleted}
	case "refund.failed":
		return []string{eventRefundFailed}
	}
	return nil // The protocol has no word for all others.
}

// Notices tells a shop of a change, once for each hook that wants to know. A hook is
// registered with its payment, so that the memo has them.
func (Dialect) Notices(n api.Notice) ([]api.Message, error) {
	p, err := paymentOf(n.Sale)
	if err != nil {
		return nil, fmt.Errorf("tell of %s: %w", n.ID, err)
	}
	if strings.HasPrefix(n.Kind, "refund.") && n.Movement == nil {
		return nil, fmt.Errorf("tell of %s: %s has no movement", n.ID, n.Kind)
	}
	var messages []api.Message
	for _, event := range p.eventsOf(n) {
		for at, hook := range p.memo.WebHooks {
			if hook.EventName != event {
				continue
			}
			header := http.Header{"Content-Type": {"application/json"}, "Authorization": {hook.Authorization}}
			body := api.Encode(p.webhook(n, event, at))
			messages = append(messages, api.Message{Method: http.MethodPost, URL: hook.URL, Header: header, Body: body})
		}
	}
	return messages, nil
}

// Acknowledged reports whether a webhook has arrived: the protocol takes 200 alone.
func (Dialect) Acknowledged(_ api.Message, answer api.Answer) bool {
	return answer.Status == http.StatusOK
}

// A webhook is what is posted. The merchant's number has two names in the protocol,
// depending on the event; both are always there.
type webhook struct {
	ID             string `json:"id"`
	MerchantID     int64  `json:"merchantId"`
	MerchantNumber int64  `json:"merchantNumber"`
	Timestamp      string `json:"timestamp"`
	Event          string `json:"event"`
	Data           any    `json:"data"`
}

func (p payment) webhook(n api.Notice, event string, hook int) webhook {
	sum := sha256.Sum256([]byte(n.ID + "\x00" + event + "\x00" + strconv.Itoa(hook)))
	number := merchantNumber(n.Client)
	return webhook{
		ID: hex.EncodeToString(sum[:16]), MerchantID: number, MerchantNumber: number,
		Timestamp: timeText(n.At), Event: event, Data: p.said(event, n.Movement),
	}
}

// merchantNumber is a number of nine digits for a client, which the network has none of.
func merchantNumber(client api.Client) int64 {
	sum := sha256.Sum256([]byte(client.ID))
	return 100_000_000 + int64(binary.BigEndian.Uint32(sum[:4]))%900_000_000
}
