package nexi

import (
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// charge answers POST /v1/payments/{id}/charges: it captures a part, or all.
func (d *desk) charge(id string) (api.Answer, error) {
	p, wish, key, err := d.readMove(id)
	if err != nil {
		return api.Answer{}, err
	}
	if wish.Amount == 0 {
		return api.Answer{}, coded(codeZeroCharge, "a charge of nothing")
	}
	if !p.approved() {
		return api.Answer{}, coded(codeNotReserved, "nothing is reserved")
	}
	made, err := d.counter.Capture(p.Payment.Reference, d.move("charge "+id, key, p.amount(wish.Amount)))
	if err != nil {
		return api.Answer{}, p.chargeRefused(err)
	}
	return told(http.StatusCreated, map[string]string{"chargeId": movementID(made.Movement)}), nil
}

func (p payment) chargeRefused(err error) error {
	reason, _ := hansa.ReasonOf(err)
	s := p.sum()
	switch {
	case reason == hansa.RequestIDReused:
		return &no{status: http.StatusConflict, code: codeChargeOtherAmount, message: "this key was used for another amount"}
	case reason != hansa.NotAllowedNow && reason != hansa.CaptureTooLarge:
		return err
	case s.Cancelled > 0:
		return coded(codeAlreadyCancelled, "the reservation was cancelled")
	case s.Charged == s.Reserved:
		return coded(codeAlreadyCharged, "all of it was charged")
	case reason == hansa.CaptureTooLarge:
		return coded(codeOverCharge, "%d of %d are left", s.Reserved-s.Charged, s.Reserved)
	}
	return coded(codeReservationExpired, "the rest of the reservation was released")
}

// refundPayment answers POST /v1/payments/{id}/refunds.
func (d *desk) refundPayment(id string) (api.Answer, error) {
	p, wish, key, err := d.readMove(id)
	if err != nil {
		return api.Answer{}, err
	}
	return d.refund(p, wish, d.requestID("refund payment "+id, key))
}

// refundCharge answers POST /v1/charges/{id}/refunds.
func (d *desk) refundCharge(id string) (api.Answer, error) {
	p, charged, err := d.findCharge(id)
	if err != nil {
		return api.Answer{}, err
	}
	wish, key, err := d.readAmount()
	if err != nil {
		return api.Answer{}, err
	}
	if wish.Amount > charged.Amount {
		return api.Answer{}, coded(codeInvalidRefundAmount, "the charge was of %d", charged.Amount)
	}
	return d.refund(p, wish, d.requestID("refund charge "+id, key))
}

func (d *desk) refund(p payment, wish moveMoney, requestID string) (api.Answer, error) {
	s := p.sum()
	switch {
	case s.Charged == 0:
		return api.Answer{}, coded(codeChargeNotFound, "nothing was charged")
	case wish.Amount == 0:
		return api.Answer{}, coded(codeInvalidRefundAmount, "a refund of nothing")
	}
	made, err := d.counter.Refund(p.Payment.Reference, api.MoveMoney{RequestID: requestID, Amount: p.amount(wish.Amount)})
	if err == nil {
		return told(http.StatusCreated, map[string]string{"refundId": movementID(made.Movement)}), nil
	}
	reason, _ := hansa.ReasonOf(err)
	switch {
	case reason == hansa.RequestIDReused:
		err = &no{status: http.StatusConflict, code: codeRefundOtherAmount, message: "this key was used for another amount"}
	case reason != hansa.RefundTooLarge && reason != hansa.NotAllowedNow:
	case s.Refunded >= s.Charged:
		err = coded(codeAlreadyRefunded, "all of it was refunded")
	default:
		err = coded(codeInvalidRefundAmount, "not so much is left to be refunded")
	}
	return api.Answer{}, err
}

// cancel answers POST /v1/payments/{id}/cancels: it releases a reservation, as a whole.
func (d *desk) cancel(id string) (api.Answer, error) {
	p, wish, _, err := d.readMove(id)
	if err != nil {
		return api.Answer{}, err
	}
	s := p.sum()
	switch {
	case !p.approved():
		return api.Answer{}, coded(codeNotReserved, "nothing is reserved")
	case s.Charged > 0:
		return api.Answer{}, coded(codeAlreadyCharged, "it was charged: refund it")
	case s.Cancelled > 0:
		return api.Answer{}, coded(codeAlreadyCancelled, "it was cancelled")
	case wish.Amount != s.Reserved:
		return api.Answer{}, coded(codePartialCancel, "the reservation is of %d", s.Reserved)
	}
	_, err = d.counter.Release(p.Payment.Reference, api.Change{RequestID: d.requestID("cancel "+id, "once")})
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotAllowedNow {
		err = coded(codeAlreadyCharged, "it was charged or cancelled")
	}
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusNoContent, nil), nil
}

// terminate answers PUT /v1/payments/{id}/terminate: it closes what nobody has paid.
func (d *desk) terminate(id string) (api.Answer, error) {
	p, err := d.find(id)
	switch {
	case err != nil:
		return api.Answer{}, err
	case p.approved():
		return api.Answer{}, coded(codeAlreadyReserved, "it was paid")
	case p.memo.Terminated != nil:
		return told(http.StatusNoContent, nil), nil
	}
	_, err = d.counter.CancelOrder(p.Order.Order, api.Change{RequestID: d.requestID("terminate "+id, "once")})
	if err != nil {
		return api.Answer{}, err
	}
	at := d.Now.UTC()
	p.memo.Terminated = &at
	return d.remember(id, p.memo)
}

// setReference answers PUT /v1/payments/{id}/referenceinformation.
func (d *desk) setReference(id string) (api.Answer, error) {
	return d.setReferences(id, func(p *memo, r references) error {
		if r.Reference == nil {
			return invalid("reference", "is required")
		}
		if r.CheckoutURL != nil && *r.CheckoutURL != "" && !isLink(*r.CheckoutURL, "http", "https") {
			return invalid("checkoutUrl", "must be an absolute address")
		}
		p.Reference = *r.Reference
		if r.CheckoutURL != nil {
			p.URL = *r.CheckoutURL
		}
		return nil
	})
}

// setMyReference answers PUT /v1/payments/{id}/myreference.
func (d *desk) setMyReference(id string) (api.Answer, error) {
	return d.setReferences(id, func(p *memo, r references) error {
		if r.MyReference == nil {
			return invalid("myReference", "is required")
		}
		p.MyReference = *r.MyReference
		return nil
	})
}

func (d *desk) setReferences(id string, set func(*memo, references) error) (api.Answer, error) {
	p, err := d.find(id)
	if err != nil {
		return api.Answer{}, err
	}
	var wish references
	if err := d.read(&wish); err != nil {
		return api.Answer{}, err
	}
	if err := set(&p.memo, wish); err != nil {
		return api.Answer{}, err
	}
	return d.remember(id, p.memo)
}

// setItems answers PUT /v1/payments/{id}/orderitems. The amount of an order is fixed,
// since its code may be on somebody's screen: another amount needs another payment.
func (d *desk) setItems(id string) (api.Answer, error) {
	p, wish, _, err := d.readMove(id)
	if err != nil {
		return api.Answer{}, err
	}
	switch {
	case p.approved():
		return api.Answer{}, coded(codeAlreadyReserved, "it was paid")
	case len(wish.Items) == 0:
		return api.Answer{}, invalid("items", "must not be empty")
	case wish.Amount != p.Order.Amount.Value:
		return api.Answer{}, coded(codeAmountDiffers, "the order is of %d: make another payment", p.Order.Amount.Value)
	}
	p.memo.Items = wish.Items
	return d.remember(id, p.memo)
}

func (d *desk) remember(id string, m memo) (api.Answer, error) {
	kept, err := m.pack()
	if err == nil {
		err = d.counter.Remember(id, kept)
	}
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusNoContent, nil), nil
}

// readMove finds the payment that is to be changed, and reads how.
func (d *desk) readMove(id string) (p payment, wish moveMoney, key string, err error) {
	if p, err = d.find(id); err != nil {
		return p, wish, key, err
	}
	wish, key, err = d.readAmount()
	return p, wish, key, err
}

func (d *desk) readAmount() (wish moveMoney, key string, err error) {
	if key, err = d.idempotencyKey(); err != nil {
		return wish, key, err
	}
	if err = d.read(&wish); err != nil {
		return wish, key, err
	}
	if wish.Amount < 0 || wish.Amount > money.AmountMax {
		return wish, key, invalid("amount", "must be a number of minor units")
	}
	lines := wish.OrderItems
	if len(lines) == 0 {
		lines = wish.Items
	}
	if err = checkItems("orderItems", lines); err != nil || len(lines) == 0 {
		return wish, key, err
	}
	if gross, ok := grossOf(lines); !ok || gross != wish.Amount {
		err = coded(codeAmountDiffers, "the order items come to another amount")
	}
	return wish, key, err
}

func (d *desk) move(purpose, key string, amount money.Amount) api.MoveMoney {
	return api.MoveMoney{RequestID: d.requestID(purpose, key), Amount: amount}
}

func (p payment) amount(value int64) money.Amount { return money.New(value, p.Order.Amount.Currency) }
