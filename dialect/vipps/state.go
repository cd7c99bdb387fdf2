package vipps

import (
	"slices"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// A state is where a payment stands in the protocol's words. What is captured,
// cancelled or refunded later does not change it.
type state string

const (
	stateCreated    state = "CREATED"
	stateAuthorized state = "AUTHORIZED"
	stateAborted    state = "ABORTED"
	stateExpired    state = "EXPIRED"
	stateTerminated state = "TERMINATED"
)

// stateOf translates how a sale stands. An order that somebody declined to pay is open
// to everybody else, and so still CREATED.
func stateOf(sale api.Sale) state {
	if sale.Payment != nil && sale.Payment.Status == "approved" {
		return stateAuthorized
	}
	if sale.Order != nil {
		switch sale.Order.Status {
		case "open", "held", "paid": // A payment that has paid it is read a moment later.
			return stateCreated
		case "closed":
			return stateTerminated
		case "expired":
			return stateExpired
		}
		panic("order " + sale.Order.Order + " is " + sale.Order.Status)
	}
	switch sale.Payment.Status {
	case "pending":
		return stateCreated
	case "declined":
		return stateAborted
	case "expired":
		return stateExpired
	case "cancelled":
		return stateTerminated
	}
	panic("payment " + sale.Payment.Reference + " is " + sale.Payment.Status)
}

// An aggregate is how much of a payment went where.
type aggregate struct {
	Authorized amount `json:"authorizedAmount"`
	Cancelled  amount `json:"cancelledAmount"`
	Captured   amount `json:"capturedAmount"`
	Refunded   amount `json:"refundedAmount"`
}

// aggregateOf adds up a sale. What is on its way counts as done: a wallet must honour a
// capture, and the network owes a refund from the moment it is asked.
func aggregateOf(sale api.Sale) aggregate {
	whole := amountOf(wholeOf(sale))
	none := amount{Currency: whole.Currency}
	sum := aggregate{none, none, none, none}
	switch stateOf(sale) {
	case stateCreated, stateAborted, stateExpired:
		return sum
	case stateTerminated:
		sum.Cancelled = whole
		return sum
	case stateAuthorized:
		sum.Authorized = whole
	}
	for _, m := range sale.Movements {
		if m.Status == "failed" {
			continue
		}
		switch eventNameOf(m) {
		case eventCaptured:
			sum.Captured.Value += m.OrderAmount.Value
		case eventCancelled:
			sum.Cancelled.Value += m.OrderAmount.Value
		case eventRefunded:
			sum.Refunded.Value += m.OrderAmount.Value
		}
	}
	return sum
}

// asOf returns the sale as it was when a movement was made, so that whoever repeats a
// request hears the same again whatever happened since.
func asOf(sale api.Sale, movement api.Movement) api.Sale {
	at := slices.IndexFunc(sale.Movements, func(m api.Movement) bool { return m.Movement == movement.Movement })
	if at < 0 {
		sale.Movements = append(slices.Clone(sale.Movements), movement)
		return sale
	}
	sale.Movements = slices.Clone(sale.Movements[:at+1])
	for i, m := range sale.Movements {
		if m.Status == "failed" && m.ChangedAt.After(movement.CreatedAt) {
			sale.Movements[i].Status = "pending"
		}
	}
	return sale
}

// wholeOf is what the sale is about.
func wholeOf(sale api.Sale) money.Amount {
	if sale.Order != nil {
		return sale.Order.Amount
	}
	return sale.Payment.OrderAmount
}

// pspReference is how the network calls a sale: by its order, or where there is none by
// its payment.
func pspReference(sale api.Sale) string {
	if sale.Order != nil {
		return sale.Order.Order
	}
	return sale.Payment.Reference
}

// createdAt is when the sale began.
func createdAt(sale api.Sale) time.Time {
	if sale.Order != nil {
		return sale.Order.CreatedAt
	}
	return sale.Payment.CreatedAt
}

// outcomeAt is when a payment came to its end, or when it began where that is not known.
func outcomeAt(p *api.Payment) time.Time {
	if p.OutcomeAt != nil {
		return *p.OutcomeAt
	}
	return p.CreatedAt
}
