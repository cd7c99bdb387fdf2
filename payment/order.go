package payment

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
)

// An Order is a wish to be paid once: by a till with its amount, or made when a
// payer types an amount at a printed code.
type Order struct {
	ID           string
	Version      int64
	Static       bool // made at a printed code, for one wallet
	State        OrderState
	Payment      string // that holds or has paid it
	Merchant     string
	Payee        Payee
	Terminal     string
	Acquirer     string
	Branch       string
	Partner      string
	Reference    string // the till's; empty for a printed code
	Part         int    // of a split bill, from 1; zero: not split
	StoreCode    string // the printed code that was scanned; empty for a till's order and for an acquirer's private code
	Amount       money.Amount
	CaptureLater bool // what is accepted is authorised, and captured by the till
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

// OrderState is where an order stands.
type OrderState string

// The states of an order.
const (
	OrderOpen    OrderState = "open"
	OrderHeld    OrderState = "held" // one payment is on its way; others are refused
	OrderPaid    OrderState = "paid"
	OrderClosed  OrderState = "closed"
	OrderExpired OrderState = "expired"
)

// An OrderMove is what a payment does to its order.
type OrderMove string

// The moves.
const (
	OrderStays   OrderMove = ""
	OrderIsHeld  OrderMove = "held"
	OrderIsFreed OrderMove = "freed" // open again until it expires; a static one closes
	OrderIsPaid  OrderMove = "paid"
	OrderCloses  OrderMove = "closed"
)

// PayeeOf is how the payer is shown the store.
func PayeeOf(store merchant.Store) Payee {
	return Payee{Store: store.ID, Name: store.Name, City: store.City, Country: store.Country, Category: store.Category}
}

// Payable refuses where the order cannot be accepted at now: OrderPaid,
// OrderExpired or OrderNotOpen.
func (o Order) Payable(now time.Time) error {
	switch o.State {
	case OrderPaid:
		return hansa.Refuse(hansa.OrderPaid, "this order is paid")
	case OrderExpired:
		return hansa.Refuse(hansa.OrderExpired, "this order has expired")
	case OrderHeld, OrderClosed:
		return hansa.Refuse(hansa.OrderNotOpen, "this order is %s", o.State)
	case OrderOpen:
		if !now.Before(o.ExpiresAt) {
			return hansa.Refuse(hansa.OrderExpired, "this order has expired")
		}
		return nil
	}
	panic("unknown state " + string(o.State))
}

// Moved returns the order after a payment's move. The first yes that is
// committed pays an order, even one that another payment holds; who does not
// hold an order cannot free or close it. It panics where an order that has ended
// would be paid or held: Decide and Payable have to see that before.
func (o Order) Moved(move OrderMove, payment string, now time.Time) Order {
	if move == OrderStays || o.Payment != payment && (move == OrderIsFreed || move == OrderCloses) {
		return o
	}
	if o.ended() || move == OrderIsHeld && o.State != OrderOpen {
		panic("order " + o.ID + " is " + string(o.State) + " and would be " + string(move) + " by " + payment)
	}
	o.Version++
	switch move {
	case OrderIsHeld:
		o.State, o.Payment = OrderHeld, payment
	case OrderIsPaid:
		o.State, o.Payment = OrderPaid, payment
	case OrderCloses:
		o.State, o.Payment = OrderClosed, ""
	case OrderIsFreed:
		o.State, o.Payment = OrderOpen, ""
		if o.Static {
			o.State = OrderClosed
		} else if !now.Before(o.ExpiresAt) {
			o.State = OrderExpired
		}
	case OrderStays:
		panic("not reached")
	}
	return o
}

// ended reports whether no payment can move the order any more.
func (o Order) ended() bool {
	switch o.State {
	case OrderPaid, OrderClosed, OrderExpired:
		return true
	case OrderOpen, OrderHeld:
		return false
	}
	panic("unknown state " + string(o.State))
}

// Cancelled returns the order closed by its till. An order that is held closes
// with its payment, which the caller cancels; one that is paid refuses OrderPaid.
func (o Order) Cancelled() (Order, error) {
	switch o.State {
	case OrderOpen:
		o.State = OrderClosed
		o.Version++
		return o, nil
	case OrderPaid:
		return o, hansa.Refuse(hansa.OrderPaid, "this order is paid: cancel or refund its payment")
	case OrderHeld, OrderClosed, OrderExpired:
		return o, nil
	}
	panic("unknown state " + string(o.State))
}

// Elapsed returns the order after its expiry: an open one has expired.
func (o Order) Elapsed(now time.Time) Order {
	if o.State == OrderOpen && !now.Before(o.ExpiresAt) {
		o.State = OrderExpired
		o.Version++
	}
	return o
}

// WakeAt is when the order must be looked at next; zero: never.
func (o Order) WakeAt() time.Time {
	if o.State == OrderOpen {
		return o.ExpiresAt
	}
	return time.Time{}
}
