package vipps

import (
	"time"

	"github.com/hansa-network/hansa/api"
)

// The names of events.
const (
	eventCreated    = "CREATED"
	eventAborted    = "ABORTED"
	eventExpired    = "EXPIRED"
	eventCancelled  = "CANCELLED"
	eventCaptured   = "CAPTURED"
	eventRefunded   = "REFUNDED"
	eventAuthorized = "AUTHORIZED"
	eventTerminated = "TERMINATED"
)

// An event is one line of a payment's log.
type event struct {
	Reference      string  `json:"reference"`
	PspReference   string  `json:"pspReference"`
	Name           string  `json:"name"`
	Amount         amount  `json:"amount"`
	Timestamp      string  `json:"timestamp"`
	IdempotencyKey *string `json:"idempotencyKey"`
	Success        bool    `json:"success"`
}

// eventsOf tells the story of a sale, the oldest first.
func eventsOf(sale api.Sale) []event {
	told := []event{createdEvent(sale)}
	if end, ended := endEvent(sale); ended {
		told = append(told, end)
	}
	for _, m := range sale.Movements {
		told = append(told, movedEvent(sale, m))
	}
	return told
}

func (e event) at(t time.Time) event {
	e.Timestamp = t.UTC().Format("2006-01-02T15:04:05.000Z")
	return e
}

func createdEvent(sale api.Sale) event {
	key := readMemo(sale).Key
	return event{
		Reference: sale.RequestID, PspReference: pspReference(sale), Name: eventCreated, Amount: amountOf(wholeOf(sale)),
		IdempotencyKey: &key, Success: true,
	}.at(createdAt(sale))
}

// endEvent is how a sale left the state CREATED, if it has.
func endEvent(sale api.Sale) (end event, ended bool) {
	e := event{Reference: sale.RequestID, PspReference: pspReference(sale), Amount: amountOf(wholeOf(sale)), Success: true}
	switch stateOf(sale) {
	case stateCreated:
		return event{}, false
	case stateAuthorized:
		e.Name, e.PspReference = eventAuthorized, sale.Payment.Reference
		return e.at(outcomeAt(sale.Payment)), true
	case stateAborted:
		e.Name = eventAborted
		return e.at(outcomeAt(sale.Payment)), true
	case stateExpired:
		e.Name = eventExpired
		if sale.Order != nil {
			return e.at(sale.Order.ExpiresAt), true
		}
		return e.at(outcomeAt(sale.Payment)), true
	case stateTerminated:
		e.Name = eventTerminated
		switch memo := readMemo(sale); {
		case memo.Ended != nil:
			e.IdempotencyKey = &memo.Ended.Key
			return e.at(memo.Ended.At), true
		case sale.Order != nil:
			return e.at(sale.Order.CreatedAt), true // Somebody else has closed it: when is not told.
		}
		return e.at(outcomeAt(sale.Payment)), true
	}
	panic("unknown state")
}

// movedEvent is a capture, a cancel of what was authorised, or a refund.
func movedEvent(sale api.Sale, m api.Movement) event {
	return event{
		Reference: sale.RequestID, PspReference: m.Movement, Name: eventNameOf(m), Amount: amountOf(m.OrderAmount),
		IdempotencyKey: readMemo(sale).keyOf(m.Movement), Success: m.Status != "failed",
	}.at(m.CreatedAt)
}

func eventNameOf(m api.Movement) string {
	switch m.Kind {
	case "capture":
		return eventCaptured
	case "release":
		return eventCancelled
	case "refund", "cancel":
		return eventRefunded
	}
	panic("movement " + m.Movement + " is a " + m.Kind)
}
