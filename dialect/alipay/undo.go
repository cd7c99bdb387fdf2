package alipay

import (
	"slices"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// cancel answers POST …/payments/cancel and cancelPayment. It succeeds where nothing was
// begun, and makes sure that nothing ever is; where nobody has paid; and where all was
// given back. While the wallet has not yet given it back, the result is unknown.
func (x exchange) cancel() (any, error) {
	r, err := read[inquiry](x.Body)
	if err != nil {
		return nil, err
	}
	sale, err := x.find(r.ID, r.RequestID)
	if notFound(err) && r.ID == "" {
		sale, err = x.forbid(string(r.RequestID))
	}
	if err != nil {
		return nil, err
	}
	result, err := x.cancelSale(sale)
	if err != nil {
		return nil, err
	}
	t := struct {
		Result    Result `json:"result"`
		ID        string `json:"paymentId,omitempty"`
		RequestID string `json:"paymentRequestId,omitempty"`
		Acquirer  string `json:"acquirerId,omitempty"`
		PSP       string `json:"pspId,omitempty"`
		Time      string `json:"cancelTime,omitempty"`
	}{Result: result, ID: idOf(sale), RequestID: sale.RequestID}
	if result.Status == StatusDone {
		t.Time = written(x.Now)
	}
	if x.plus && sale.Payment != nil {
		t.Acquirer, t.PSP = sale.Payment.Acquirer, sale.Payment.Wallet
	}
	return t, nil
}

// forbid makes sure that a request id which nobody has used begins nothing any more,
// so that a pay that comes late cannot debit anybody.
func (x exchange) forbid(requestID string) (api.Sale, error) {
	err := x.counter.Forbid(requestID)
	if reason, _ := hansa.ReasonOf(err); reason == hansa.AlreadyExists {
		return x.counter.Sale(requestID) // It has begun between the two questions.
	}
	gone := &hansa.Refusal{Reason: hansa.PaymentCanceled}
	return api.Sale{RequestID: requestID, Refused: gone}, err
}

func (x exchange) cancelSale(sale api.Sale) (Result, error) {
	at, _ := standingOf(sale)
	switch {
	case at == cancelled || at == failed:
		return done(), nil
	case at == pending && sale.Order != nil:
		order, err := x.counter.CancelOrder(sale.Order.Order, x.change("cancel", sale))
		reason, refused := hansa.ReasonOf(err)
		if refused && (reason == hansa.OrderPaid || reason == hansa.NotAllowedNow) {
			return x.cancelPaid(sale.Order.Order)
		}
		if err == nil && order.Status == "paid" {
			return x.cancelPaid(order.Order)
		}
		return done(), err
	case sale.Payment == nil:
		return Result{}, hansa.Refuse(hansa.NotAllowedNow, "nobody has paid yet")
	}
	return x.cancelPayment(sale)
}

// cancelPaid gives back what was paid for an order while we asked to close it.
func (x exchange) cancelPaid(order string) (Result, error) {
	sale, err := x.counter.SaleOf(order)
	if err != nil {
		return Result{}, err
	}
	if at, _ := standingOf(sale); at != succeeded || sale.Payment == nil {
		return processing(), nil
	}
	return x.cancelPayment(sale)
}

func (x exchange) cancelPayment(sale api.Sale) (Result, error) {
	told, err := x.counter.Cancel(sale.Payment.Reference, x.change("cancel", sale))
	if err != nil {
		return Result{}, err
	}
	if told.Movement == nil {
		return done(), nil
	}
	_, result := movementStanding(*told.Movement)
	return result, nil
}

// change has a request id of its own for what is done to a sale once, because the
// protocol gives it none.
func (x exchange) change(what string, sale api.Sale) api.Change {
	return api.Change{RequestID: what + "." + summed(what, sale.RequestID, idOf(sale))}
}

// A moveRequest refunds or captures.
type moveRequest struct {
	ID               scalar  `json:"paymentId"`
	RequestID        scalar  `json:"paymentRequestId"`
	RefundRequestID  scalar  `json:"refundRequestId"`
	RefundAmount     *amount `json:"refundAmount"`
	RefundNotifyURL  scalar  `json:"refundNotifyUrl"`
	CaptureRequestID scalar  `json:"captureRequestId"`
	CaptureAmount    *amount `json:"captureAmount"`
	LastCapture      scalar  `json:"isLastCapture"`
}

// approved returns the payment that money is moved of.
func (x exchange) approved(r moveRequest) (api.Sale, error) {
	sale, err := x.find(r.ID, r.RequestID)
	if err != nil {
		return sale, err
	}
	if sale.Payment == nil {
		return sale, hansa.Refuse(hansa.NotAllowedNow, "nobody has paid yet")
	}
	return sale, nil
}

// refund answers POST …/payments/refund.
func (x exchange) refund() (any, error) {
	r, err := read[moveRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if r.RefundRequestID == "" {
		return nil, reject(paramIllegal, "refundRequestId is missing")
	}
	amountBack, err := r.RefundAmount.read()
	if err != nil {
		return nil, err
	}
	if err := checkAddress("refundNotifyUrl", r.RefundNotifyURL); err != nil {
		return nil, err
	}
	sale, err := x.approved(r)
	if err != nil {
		return nil, err
	}
	m, err := x.counter.Refund(sale.Payment.Reference, api.MoveMoney{RequestID: string(r.RefundRequestID), Amount: amountBack})
	if err != nil {
		return nil, err
	}
	if err := x.remember(sale, r, m); err != nil {
		return nil, err
	}
	_, result := movementStanding(m)
	return struct {
		Result    Result  `json:"result"`
		RequestID string  `json:"refundRequestId"`
		ID        string  `json:"refundId"`
		PaymentID string  `json:"paymentId"`
		Amount    *amount `json:"refundAmount"`
		Time      string  `json:"refundTime,omitempty"`
		settled
	}{result, string(r.RefundRequestID), m.Movement, idOf(sale), wire(m.OrderAmount), refundTime(m), settledBack(m, sale, x.plus)}, nil
}

// remember keeps where the end of a refund is told, if anywhere.
func (x exchange) remember(sale api.Sale, r moveRequest, m api.Movement) error {
	kept := memoOf(sale)
	known := slices.ContainsFunc(kept.Refunds, func(one refundMemo) bool { return one.Movement == m.Movement })
	if r.RefundNotifyURL == "" || known {
		return nil
	}
	kept.Refunds = append(kept.Refunds, refundMemo{m.Movement, string(r.RefundRequestID), string(r.RefundNotifyURL)})
	kept.Refunds = kept.Refunds[max(0, len(kept.Refunds)-refundMemosMax):]
	for len(kept.Refunds) > 0 && len(api.Encode(kept)) > api.MemoMax {
		kept.Refunds = kept.Refunds[1:]
	}
	return x.counter.Remember(sale.RequestID, api.Encode(kept))
}

// capture answers POST /ams/api/v1/payments/capture. The last capture gives up the rest.
func (x exchange) capture() (any, error) {
	r, err := read[moveRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if r.CaptureRequestID == "" {
		return nil, reject(paramIllegal, "captureRequestId is missing")
	}
	taken, err := r.CaptureAmount.read()
	if err != nil {
		return nil, err
	}
	sale, err := x.approved(r)
	if err != nil {
		return nil, err
	}
	m, err := x.counter.Capture(sale.Payment.Reference, api.MoveMoney{RequestID: string(r.CaptureRequestID), Amount: taken})
	if err != nil {
		return nil, err
	}
	if r.LastCapture.isTrue() {
		_, err := x.counter.Release(sale.Payment.Reference, x.change("release", sale))
		if reason, _ := hansa.ReasonOf(err); err != nil && reason != hansa.NotAllowedNow {
			return nil, err // Nothing is left to release if that is not allowed now.
		}
	}
	_, result := movementStanding(m)
	return struct {
		Result    Result  `json:"result"`
		RequestID string  `json:"captureRequestId"`
		ID        string  `json:"captureId"`
		PaymentID string  `json:"paymentId"`
		Amount    *amount `json:"captureAmount"`
		Time      string  `json:"captureTime"`
	}{result, string(r.CaptureRequestID), m.Movement, idOf(sale), wire(m.OrderAmount), written(m.ChangedAt)}, nil
}
