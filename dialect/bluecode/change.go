package bluecode

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// repeatWithin is how long a client repeats a call by itself: three times ten seconds
// without an answer, with two pauses of two seconds.
const repeatWithin = 34 * time.Second

// status answers POST /status.
func (d *desk) status() (api.Answer, error) {
	id, err := d.fields.merchantTxID()
	if err != nil {
		return api.Answer{}, err
	}
	if r, err := d.rehearsedAs(id); !isMissing(err) {
		return r.answer(d.Now), err
	}
	sale, err := d.counter.Sale(requestID(id))
	if err != nil {
		return api.Answer{}, err
	}
	return d.answered(sale)
}

// cancel answers POST /cancel. Tills cancel what they have heard nothing of, again and
// again until they succeed, so what never came is made sure never to come.
func (d *desk) cancel() (api.Answer, error) {
	id, err := d.fields.merchantTxID()
	if err != nil {
		return api.Answer{}, err
	}
	if r, err := d.rehearsedAs(id); !isMissing(err) {
		return d.cancelRehearsal(r, err)
	}
	sale, err := d.counter.Sale(requestID(id))
	if isMissing(err) {
		forbidden := d.counter.Forbid(requestID(id))
		if forbidden == nil {
			return neverCame(id), nil
		}
		if reason, _ := hansa.ReasonOf(forbidden); reason != hansa.AlreadyExists {
			return api.Answer{}, forbidden
		}
		sale, err = d.counter.Sale(requestID(id)) // It has come in between.
	}
	if err != nil {
		return api.Answer{}, err
	}
	return d.cancelSale(id, sale)
}

// neverCame answers the cancel of what has not begun and will not.
func neverCame(id string) api.Answer {
	return told(http.StatusOK, outcome{Result: resultOK, Payment: &payment{State: stateCanceled, MerchantTxID: id}})
}

func (d *desk) cancelSale(id string, sale api.Sale) (api.Answer, error) {
	change := api.Change{RequestID: derived("cancel", id)}
	switch {
	case sale.Refused != nil:
		return neverCame(id), nil //nolint:nilerr // The payment was refused; its cancel is not.
	case sale.Order != nil && (sale.Payment == nil || sale.Payment.Status != "approved"):
		if sale.Order.Status == "closed" || sale.Order.Status == "expired" {
			return d.answered(sale)
		}
		order, err := d.counter.CancelOrder(sale.Order.Order, change)
		if err != nil {
			return api.Answer{}, err
		}
		sale.Order, sale.Payment = &order, nil
		return d.answered(sale)
	}
	switch sale.Payment.Status {
	case "declined", "expired", "cancelled":
		return d.answered(sale)
	}
	cancelled, err := d.counter.Cancel(sale.Payment.Reference, change)
	if err != nil {
		return api.Answer{}, err
	}
	sale.Payment = &cancelled.Payment
	if cancelled.Movement != nil {
		sale.Movements = append(sale.Movements, *cancelled.Movement)
	}
	return d.answered(sale)
}

// refund answers POST /refund: without an amount, of all that is left.
func (d *desk) refund() (api.Answer, error) {
	id := d.fields["acquirer_tx_id"]
	if id == "" || len(id) > idMax {
		return api.Answer{}, hansa.Refuse(hansa.Malformed, "acquirer_tx_id: 1 to %d bytes", idMax)
	}
	if r, err := d.rehearsed(id); !isMissing(err) {
		return d.refundRehearsal(r, err)
	}
	sale, err := d.counter.SaleOf(id)
	if err != nil {
		return api.Answer{}, err
	}
	if sale.Payment == nil || sale.Payment.Status != "approved" {
		return api.Answer{}, &no{http.StatusBadRequest, codeInvalidState}
	}
	amount, err := d.refundAmount(sale)
	if err != nil {
		return api.Answer{}, err
	}
	if !d.repeats(sale, amount) {
		made, err := d.counter.Refund(sale.Payment.Reference, api.MoveMoney{RequestID: d.refundID(sale, amount), Amount: amount})
		if err != nil {
			return api.Answer{}, err
		}
		sale.Movements = append(sale.Movements, made)
	}
	shown, err := paymentOf(sale, d.Origin)
	if err != nil {
		return api.Answer{}, err
	}
	shown.State = stateRefunded
	return told(http.StatusOK, outcome{Result: resultOK, Payment: &shown}), nil
}

// refundAmount is what the client says, or all that is left. Where nothing is left, it
// is what was refunded last: that may be asked for again, or is refused by the network.
func (d *desk) refundAmount(sale api.Sale) (money.Amount, error) {
	all := sale.Payment.OrderAmount
	if d.fields["amount"] != "" {
		value, err := d.fields.minorUnits("amount")
		return money.New(value, all.Currency), err
	}
	left, last := all, all
	for _, m := range sale.Movements {
		if m.Status != "failed" && (m.Kind == "refund" || m.Kind == "cancel") {
			left.Value -= m.OrderAmount.Value
			last = m.OrderAmount
		}
	}
	if left.IsPositive() {
		return left, nil
	}
	return last, nil
}

// repeats reports whether the same was refunded so lately that this is the client's
// repetition. Nothing in a request of this protocol tells it from a second refund.
func (d *desk) repeats(sale api.Sale, amount money.Amount) bool {
	for _, m := range sale.Movements {
		if m.Kind == "refund" && m.Status != "failed" && m.OrderAmount == amount && d.Now.Sub(m.CreatedAt) < repeatWithin {
			return true
		}
	}
	return false
}

// refundID is the same for two repetitions that are under way at once.
func (d *desk) refundID(sale api.Sale, amount money.Amount) string {
	return derived("refund", sale.Payment.Reference, amount.String(), strconv.Itoa(len(sale.Movements)))
}

func derived(parts ...string) string {
	sum := sha256.Sum256([]byte(Name + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
