package vipps

import (
	"bytes"
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// capture answers POST /epayment/v1/payments/{reference}/capture.
func (c *call) capture() api.Answer {
	sale, refusal := c.sale(c.path[3], "capture", changesAMinute)
	if refusal != nil {
		return *refusal
	}
	wanted, wrong := c.readModification(sale)
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	switch stateOf(sale) {
	case stateCreated:
		return c.refuse(captureTooEarly)
	case stateTerminated:
		return c.refuse(captureOfCancelled)
	case stateAborted, stateExpired:
		return c.refuse(cannotCapture(sale.RequestID, stateOf(sale)))
	case stateAuthorized:
	}
	m, err := c.counter.Capture(sale.Payment.Reference, api.MoveMoney{RequestID: c.requestID(), Amount: wanted})
	return c.modified(capturing, sale, m, err)
}

// refund answers POST /epayment/v1/payments/{reference}/refund.
func (c *call) refund() api.Answer {
	sale, refusal := c.sale(c.path[3], "refund", changesAMinute)
	if refusal != nil {
		return *refusal
	}
	wanted, wrong := c.readModification(sale)
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if stateOf(sale) != stateAuthorized {
		return c.refuse(refundTooEarly)
	}
	m, err := c.counter.Refund(sale.Payment.Reference, api.MoveMoney{RequestID: c.requestID(), Amount: wanted})
	return c.modified(refunding, sale, m, err)
}

// cancel answers POST /epayment/v1/payments/{reference}/cancel. Before anybody has paid
// it ends the payment; afterwards it gives up what is authorised and not captured.
func (c *call) cancel() api.Answer {
	sale, refusal := c.sale(c.path[3], "cancel", changesAMinute)
	if refusal != nil {
		return *refusal
	}
	var asked struct {
		TransactionOnly bool `json:"cancelTransactionOnly"`
	}
	if len(bytes.TrimSpace(c.Body)) > 0 {
		if wrong := c.read(&asked); wrong.Status != 0 {
			return c.refuse(wrong)
		}
	}
	switch stateOf(sale) {
	case stateCreated:
		return c.terminate(sale, asked.TransactionOnly)
	case stateAuthorized:
		return c.giveUp(sale, asked.TransactionOnly)
	case stateTerminated:
		if ended := readMemo(sale).Ended; ended != nil && ended.Key == c.key {
			return c.modification(sale)
		}
		return c.refuse(cannotCancel(sale.RequestID, stateTerminated))
	case stateAborted, stateExpired:
		return c.refuse(cannotCancel(sale.RequestID, stateOf(sale)))
	}
	panic("unknown state")
}

// terminate ends what nobody has paid. When and under which key is kept first: it is
// looked at only if the sale has ended so.
func (c *call) terminate(sale api.Sale, transactionOnly bool) api.Answer {
	if err := c.rememberEnding(sale.RequestID, sale); err != nil {
		return c.fail(cancelling, err)
	}
	change := api.Change{RequestID: c.requestID()}
	var err error
	switch {
	case sale.Order != nil:
		_, err = c.counter.CancelOrder(sale.Order.Order, change)
	case transactionOnly:
		_, err = c.counter.Stop(sale.Payment.Reference, change)
	default:
		_, err = c.counter.Cancel(sale.Payment.Reference, change)
	}
	now, rereading := c.counter.Sale(sale.RequestID)
	if rereading != nil {
		return c.fail(cancelling, rereading)
	}
	now.RequestID = sale.RequestID
	switch {
	case stateOf(now) == stateAuthorized: // The payer was faster.
		return c.giveUp(now, transactionOnly)
	case err != nil:
		return c.fail(cancelling, err)
	}
	return c.modification(now)
}

// giveUp releases what is authorised and not captured.
func (c *call) giveUp(sale api.Sale, transactionOnly bool) api.Answer {
	if transactionOnly {
		return c.refuse(cancelOfAuthorized)
	}
	for _, m := range sale.Movements {
		key := readMemo(sale).keyOf(m.Movement)
		if m.Kind == "release" && key != nil && *key == c.key {
			return c.modification(asOf(sale, m))
		}
	}
	m, err := c.counter.Release(sale.Payment.Reference, api.Change{RequestID: c.requestID()})
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotAllowedNow {
		if sum := aggregateOf(sale); sum.Captured.Value > 0 {
			return c.refuse(cancelOfCaptured)
		}
		return c.refuse(cannotCancel(sale.RequestID, stateAuthorized))
	}
	return c.modified(cancelling, sale, m, err)
}

// modified answers a change that was made by a movement, or that was refused.
func (c *call) modified(doing operation, sale api.Sale, m api.Movement, err error) api.Answer {
	if err != nil {
		return c.failMovement(doing, sale, err)
	}
	now, err := c.counter.Sale(sale.RequestID)
	if err != nil {
		return c.fail(doing, err)
	}
	now.RequestID = sale.RequestID
	c.rememberMove(sale.RequestID, now, m.Movement)
	return c.modification(asOf(now, m))
}

// modification says how a payment stands after a change.
func (c *call) modification(sale api.Sale) api.Answer {
	type body struct {
		Amount       amount    `json:"amount"`
		State        state     `json:"state"`
		Aggregate    aggregate `json:"aggregate"`
		PspReference string    `json:"pspReference"`
		Reference    string    `json:"reference"`
	}
	return answered(http.StatusOK, body{amountOf(wholeOf(sale)), stateOf(sale), aggregateOf(sale), pspReference(sale), sale.RequestID})
}

// readModification reads how much is to be captured or refunded.
func (c *call) readModification(sale api.Sale) (money.Amount, problem) {
	var asked struct {
		Amount *amount `json:"modificationAmount"`
	}
	if wrong := c.read(&asked); wrong.Status != 0 {
		return money.Amount{}, wrong
	}
	if asked.Amount == nil {
		return money.Amount{}, badRequest.about("modificationAmount", "The field is required.")
	}
	if asked.Amount.Value <= 0 || asked.Amount.Value > valueMax {
		return money.Amount{}, invalidAmount
	}
	if asked.Amount.Currency != string(wholeOf(sale).Currency) {
		return money.Amount{}, invalidCurrency
	}
	return asked.Amount.money(), problem{}
}

// approve answers POST /epayment/v1/test/payments/{reference}/approve.
func (c *call) approve() api.Answer {
	sale, refusal := c.sale(c.path[4], "approve", changesAMinute)
	if refusal != nil {
		return *refusal
	}
	var asked struct {
		Customer *customer `json:"customer"`
	}
	if len(bytes.TrimSpace(c.Body)) > 0 {
		if wrong := c.read(&asked); wrong.Status != 0 {
			return c.refuse(wrong)
		}
	}
	w := wish{Customer: asked.Customer}
	if wrong := w.wrongCustomer(); wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if asked.Customer != nil && *asked.Customer == (customer{}) {
		asked.Customer = nil
	}
	switch stateOf(sale) {
	case stateCreated:
	case stateAuthorized:
		return c.refuse(alreadyReserved(sale.RequestID))
	case stateAborted, stateExpired, stateTerminated:
		return c.refuse(approveFailed("the payment is " + string(stateOf(sale))))
	}
	err := c.counter.Approve(sale.RequestID, asked.Customer.code())
	if reason, _ := hansa.ReasonOf(err); reason == hansa.NotAllowedNow && sale.Order == nil {
		return c.refuse(approveFailed("the customer was asked, and nobody can answer instead"))
	}
	if err != nil {
		return c.fail(approving, err)
	}
	return api.Answer{Status: http.StatusOK, Header: http.Header{}}
}
