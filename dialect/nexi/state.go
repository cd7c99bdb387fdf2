package nexi

import (
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Words of the network that this room looks at.
const (
	statusApproved  = "approved"
	statusPending   = "pending"
	statusSucceeded = "succeeded"
	statusFailed    = "failed"
	kindCapture     = "capture"
	kindRelease     = "release"
	kindRefund      = "refund"
	kindCancel      = "cancel"
)

// A payment is a sale as this protocol sees it.
type payment struct {
	api.Sale

	memo memo
}

// A summary adds up where the money of a payment is, in minor units of its order.
type summary struct {
	Reserved  int64 `json:"reservedAmount"`
	Charged   int64 `json:"chargedAmount"`
	Refunded  int64 `json:"refundedAmount"`
	Cancelled int64 `json:"cancelledAmount"`
}

// find returns the payment with this id.
func (d *desk) find(id string) (payment, error) {
	sale, err := d.counter.Sale(id)
	if err != nil {
		return payment{}, err
	}
	return paymentOf(sale)
}

func paymentOf(sale api.Sale) (payment, error) {
	if sale.Refused != nil || sale.Order == nil {
		return payment{}, hansa.Refuse(hansa.NotFound, "no such payment")
	}
	kept, err := unpack(sale.Memo)
	if err != nil {
		return payment{}, err
	}
	return payment{Sale: sale, memo: kept}, nil
}

// approved reports whether a wallet has said yes, and the money is reserved or charged.
func (p payment) approved() bool { return p.Payment != nil && p.Payment.Status == statusApproved }

// sum adds up the movements. A capture counts at once: the wallet must honour it. What
// was released after a part was charged is no cancel of the payment and is not told.
func (p payment) sum() summary {
	var s summary
	if !p.approved() {
		return s
	}
	s.Reserved = p.Payment.OrderAmount.Value
	if p.memo.Charge {
		s.Charged = s.Reserved
	}
	released := int64(0)
	for _, m := range p.Movements {
		switch {
		case m.Status == statusFailed:
		case m.Kind == kindCapture:
			s.Charged += m.OrderAmount.Value
		case m.Kind == kindRelease:
			released += m.OrderAmount.Value
		case m.Status == statusSucceeded:
			s.Refunded += m.OrderAmount.Value
		}
	}
	if s.Charged == 0 {
		s.Cancelled, s.Refunded = released+s.Refunded, 0
	}
	return s
}

// A charge as the protocol lists it.
type charge struct {
	ChargeID   string `json:"chargeId"`
	Amount     int64  `json:"amount"`
	Created    string `json:"created"`
	OrderItems []item `json:"orderItems"`
}

// charges lists what was charged, the oldest first.
func (p payment) charges() []charge {
	list := []charge{}
	if p.memo.Charge && p.approved() {
		at := p.Payment.CreatedAt
		if p.Payment.OutcomeAt != nil {
			at = *p.Payment.OutcomeAt
		}
		amount := p.Payment.OrderAmount.Value
		list = append(list, charge{immediateCharge(p.memo.Payment), amount, timeText(at), p.itemsOf(amount)})
	}
	for _, m := range p.Movements {
		if m.Kind == kindCapture && m.Status != statusFailed {
			amount := m.OrderAmount.Value
			list = append(list, charge{movementID(m.Movement), amount, timeText(m.CreatedAt), p.itemsOf(amount)})
		}
	}
	return list
}

// itemsOf returns the lines of the order for a movement of all of it. Of a part nobody
// knows the lines afterwards.
func (p payment) itemsOf(amount int64) []item {
	if gross, ok := grossOf(p.memo.Items); !ok || gross != amount {
		return []item{}
	}
	return p.memo.Items
}

// A refund as the protocol lists it.
type refund struct {
	RefundID    string `json:"refundId"`
	Amount      int64  `json:"amount"`
	State       string `json:"state"`
	LastUpdated string `json:"lastUpdated"`
	OrderItems  []item `json:"orderItems"`
}

func (p payment) refunds() []refund {
	list := []refund{}
	for _, m := range p.Movements {
		if m.Kind == kindRefund || m.Kind == kindCancel && p.sum().Charged > 0 {
			list = append(list, p.refundOf(m))
		}
	}
	return list
}

func (p payment) refundOf(m api.Movement) refund {
	amount := m.OrderAmount.Value
	return refund{movementID(m.Movement), amount, refundState(m.Status), timeText(m.ChangedAt), p.itemsOf(amount)}
}

// refundState translates the status of a movement.
func refundState(status string) string {
	switch status {
	case statusPending:
		return "Pending"
	case statusSucceeded:
		return "Completed"
	case statusFailed:
		return "Failed"
	}
	panic("nexi: a movement is " + status)
}

// retrieve answers GET /v1/payments/{id}.
func (d *desk) retrieve(id string) (api.Answer, error) {
	p, err := d.find(id)
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, map[string]document{"payment": d.document(p)}), nil
}
