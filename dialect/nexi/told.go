package nexi

import (
	"strconv"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// What the events say of a payment. Each has the members that the protocol documents for
// it and no more: SDKs spread some of them over the arguments of functions.

type amountSaid struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

func amountOf(a money.Amount) amountSaid { return amountSaid{a.Value, string(a.Currency)} }

type orderSaid struct {
	Amount     amountSaid `json:"amount"`
	Reference  string     `json:"reference"`
	OrderItems []item     `json:"orderItems"`
}

// A consumerSaid is nobody: all is there, and empty.
type consumerSaid struct {
	FirstName       string      `json:"firstName"`
	LastName        string      `json:"lastName"`
	BillingAddress  addressSaid `json:"billingAddress"`
	Country         string      `json:"country"`
	Email           string      `json:"email"`
	IP              string      `json:"ip"`
	PhoneNumber     phoneSaid   `json:"phoneNumber"`
	ShippingAddress addressSaid `json:"shippingAddress"`
}

type addressSaid struct {
	AddressLine1 string `json:"addressLine1"`
	AddressLine2 string `json:"addressLine2"`
	City         string `json:"city"`
	Country      string `json:"country"`
	Postcode     string `json:"postcode"`
	ReceiverLine string `json:"receiverLine"`
}

type phoneSaid struct {
	Prefix string `json:"prefix"`
	Number string `json:"number"`
}

// A fact is the data of an event. Which members it has depends on the event.
type fact struct {
	Order           *orderSaid    `json:"order,omitempty"`
	Consumer        *consumerSaid `json:"consumer,omitempty"`
	Error           *errorBody    `json:"error,omitempty"`
	PaymentMethod   string        `json:"paymentMethod,omitempty"`
	PaymentType     string        `json:"paymentType,omitempty"`
	ChargeID        string        `json:"chargeId,omitempty"`
	RefundID        string        `json:"refundId,omitempty"`
	PaymentActionID string        `json:"paymentActionId,omitempty"`
	CancelID        string        `json:"cancelId,omitempty"`
	Executed        string        `json:"executed,omitempty"`
	Reconciliation  string        `json:"reconciliationReference,omitempty"` // our reference of the payment
	OrderItems      *[]item       `json:"orderItems,omitempty"`              // may be empty where it must be there
	MyReference     string        `json:"myReference,omitempty"`
	Amount          *amountSaid   `json:"amount,omitempty"`
	PaymentID       string        `json:"paymentId"`
}

// said returns the data of an event. The movement is the one that it is about, if any.
func (p payment) said(event string, m *api.Movement) fact {
	f := fact{PaymentID: p.memo.Payment, MyReference: p.memo.MyReference}
	whole := amountOf(p.Order.Amount)
	switch event {
	case eventCheckoutCompleted:
		f.Consumer = &consumerSaid{}
		fallthrough
	case eventCreated:
		f.Order = &orderSaid{Amount: whole, Reference: p.memo.Reference, OrderItems: p.memo.Items}
		return f
	case eventReservationFailed:
		f.Error, f.OrderItems, f.Amount = p.failure(), &p.memo.Items, &whole
		return f
	}
	f.Amount = &whole
	if p.Payment != nil {
		f.PaymentMethod, f.PaymentType, f.Reconciliation = p.Payment.Wallet, typeWallet, p.Payment.Reference
	}
	if event == eventReservedFirst {
		f.Consumer = &consumerSaid{}
	}
	if m != nil {
		p.sayMovement(&f, event, *m)
	} else if event == eventCharged {
		f.ChargeID, f.OrderItems = immediateCharge(p.memo.Payment), &p.memo.Items
	}
	return f
}

func (p payment) sayMovement(f *fact, event string, m api.Movement) {
	id, moved, items := movementID(m.Movement), amountOf(m.OrderAmount), p.itemsOf(m.OrderAmount.Value)
	f.Amount, f.OrderItems = &moved, &items
	switch event {
	case eventCharged:
		f.ChargeID = id
	case eventCancelled:
		f.CancelID = id
	case eventRefundInitiated:
		f.RefundID, f.PaymentActionID, f.Executed = id, id, timeText(m.CreatedAt)
	case eventRefundCompleted:
		f.RefundID = id
	case eventRefundFailed:
		f.RefundID, f.Error = id, &errorBody{strconv.Itoa(codeUnknown), m.Reason, sourceOfErrors}
	}
}

// failure says why nobody has paid.
func (p payment) failure() *errorBody {
	reason := ""
	if p.Payment != nil {
		reason = p.Payment.Reason
	}
	return &errorBody{strconv.Itoa(codeReserveFailed), reason, sourceOfErrors}
}
