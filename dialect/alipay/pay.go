package alipay

import (
	"errors"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// orderForMax is the longest order, as MakeOrder takes it.
const orderForMax = 24 * time.Hour

// pay answers POST …/payments/pay, of merchants and of acquirers.
func (x exchange) pay() (any, error) {
	r, err := read[payRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if r.RequestID == "" {
		return nil, reject(paramIllegal, "paymentRequestId is missing")
	}
	at, err := r.scenario()
	if err != nil {
		return nil, err
	}
	if err := checkAddress("paymentNotifyUrl", r.NotifyURL); err != nil {
		return nil, err
	}
	if at == paymentCode {
		return x.askPayer(r)
	}
	sale, err := x.makeOrder(r, at)
	if err != nil {
		return nil, err
	}
	return x.showOrder(sale, at), nil
}

// memo is what is kept with the sale of a request.
func (x exchange) memo(r payRequest, at scenario) []byte {
	kept := memo{RequestID: string(r.RequestID), Notify: string(r.NotifyURL), Plus: x.plus, Keys: r.keys(at)}
	if at != paymentCode && len(r.RedirectURL) <= addressMax {
		kept.Return = string(r.RedirectURL)
	}
	return api.Encode(kept)
}

// askPayer asks the payer whose code was scanned.
func (x exchange) askPayer(r payRequest) (any, error) {
	if r.Method.ID == "" {
		return nil, reject(paramIllegal, "paymentMethod.paymentMethodId is missing")
	}
	amount, err := r.PaymentAmount.read()
	if err != nil {
		return nil, err
	}
	store, terminal, err := x.till(r.Order)
	if err != nil {
		return nil, err
	}
	payment, err := x.counter.AskPayment(api.AskPayment{
		RequestID: string(r.RequestID), Code: string(r.Method.ID), Amount: amount, Store: store, Terminal: terminal,
		OrderReference: r.reference(), CaptureLater: r.Factor.Authorization.isTrue(),
	}, x.memo(r, paymentCode))
	if err != nil {
		return nil, x.why(r, err)
	}
	sale, err := x.asItStands(api.Sale{RequestID: string(r.RequestID), Payment: &payment})
	if err != nil {
		return nil, err
	}
	t := x.tell(sale)
	at, reason := standingOf(sale)
	t.Result = at.result(reason)
	return t, nil
}

// makeOrder opens an order that somebody may pay by scanning its code.
func (x exchange) makeOrder(r payRequest, at scenario) (api.Sale, error) {
	amount, err := r.PaymentAmount.read()
	if err != nil {
		return api.Sale{}, err
	}
	store, terminal, err := x.till(r.Order)
	if err != nil {
		return api.Sale{}, err
	}
	lasts, err := x.lasts(r.ExpiryTime)
	if err != nil {
		return x.again(r, at, err)
	}
	made, err := x.counter.MakeOrder(api.MakeOrder{
		RequestID: string(r.RequestID), Amount: amount, Store: store, Terminal: terminal, OrderReference: r.reference(),
		ExpiresIn: lasts, CaptureLater: r.Factor.Authorization.isTrue(),
	}, x.memo(r, at))
	sale := api.Sale{RequestID: string(r.RequestID), Order: &made}
	if err != nil {
		sale, err = x.again(r, at, err)
	}
	if err != nil {
		return api.Sale{}, err
	}
	return x.asItStands(sale)
}

// asItStands reads a sale whose request came again, with what has become of it since. It refuses
// one that nobody can pay any more, and one that was paid and given back as a cancel.
func (x exchange) asItStands(sale api.Sale) (api.Sale, error) {
	waits := sale.Order != nil && sale.Order.Status == "open"
	if waits || sale.Payment != nil && sale.Payment.Status != "approved" {
		return sale, nil
	}
	sale, err := x.counter.Sale(sale.RequestID)
	if err != nil {
		return sale, err
	}
	if at, reason := standingOf(sale); at == cancelled || at == failed {
		return sale, hansa.Refuse(reason, "what this paymentRequestId began has come to an end")
	}
	return sale, nil
}

// lasts is how long an order lasts, in seconds: zero if the request does not say.
func (x exchange) lasts(expiry scalar) (int64, error) {
	if expiry == "" {
		return 0, nil
	}
	until, ok := parseTime(string(expiry))
	lasts := until.Sub(x.Now)
	if !ok || lasts < time.Second {
		return 0, reject(paramIllegal, "paymentExpiryTime: a time to come")
	}
	return int64(min(lasts, orderForMax) / time.Second), nil
}

// again finds the order of a request that was made before. An order says when it ends
// and ours how long it lasts, so that the same request makes another message each time
// that it is sent. Whether it is the same is known by the sum in the memo.
func (x exchange) again(r payRequest, at scenario, why error) (api.Sale, error) {
	if reason, refused := hansa.ReasonOf(why); refused && reason != hansa.RequestIDReused || r.ExpiryTime == "" {
		return api.Sale{}, x.why(r, why)
	}
	sale, err := x.counter.Sale(string(r.RequestID))
	if err != nil || sale.Order == nil || memoOf(sale).Keys != r.keys(at) {
		return api.Sale{}, x.why(r, why)
	}
	return sale, nil
}

// why is why a sale was not begun. What is not found is a store or a terminal. A request
// id that was cancelled before it was used is not one that was used for something else.
func (x exchange) why(r payRequest, err error) error {
	if refusal, ok := errors.AsType[*hansa.Refusal](err); ok && refusal.Reason == hansa.NotFound {
		return reject(merchantNotRegistered, "%s", refusal.Detail)
	}
	if reason, _ := hansa.ReasonOf(err); reason != hansa.RequestIDReused {
		return err
	}
	sale, found := x.counter.Sale(string(r.RequestID))
	if found == nil && sale.Refused != nil && isForbidden(sale.Refused.Reason) {
		return hansa.Refuse(hansa.PaymentCanceled, "this paymentRequestId was cancelled")
	}
	return err
}

// showOrder tells an order by what the merchant shows: a code, or a page.
func (x exchange) showOrder(sale api.Sale, by scenario) any {
	t := x.tell(sale)
	t.Result = done()
	page := api.CheckoutLink(x.Origin, sale.Order.Order)
	switch by {
	case orderCode:
		t.CodeForm = &codeForm{[]codeDetail{{sale.Order.Code, "QRCODE", "TEXT"}}}
	case entryCode:
		t.Redirect = &redirectForm{"GET", page}
	case cashier:
		t.Result = processing() // Who makes an order online has to wait for the payer.
		t.Redirect = &redirectForm{"GET", page}
	case paymentCode:
		panic("alipay: a payment by the payer's code has no order")
	}
	switch {
	case by == cashier && x.plus:
		t.PaymentURL = page
	case by == cashier:
		t.NormalURL = page
	}
	return t
}

// openSession answers POST /ams/api/v1/payments/createPaymentSession: an order whose
// page is hosted by the network.
func (x exchange) openSession() (any, error) {
	r, err := read[payRequest](x.Body)
	if err != nil {
		return nil, err
	}
	if r.RequestID == "" {
		return nil, reject(paramIllegal, "paymentRequestId is missing")
	}
	if err := checkAddress("paymentNotifyUrl", r.NotifyURL); err != nil {
		return nil, err
	}
	sale, err := x.makeOrder(r, cashier)
	if err != nil {
		return nil, err
	}
	return struct {
		Result  Result `json:"result"`
		Session string `json:"paymentSessionId"`
		Content string `json:"paymentSessionData"`
		Until   string `json:"paymentSessionExpiryTime"`
		Page    string `json:"normalUrl"`
		URL     string `json:"url"`
	}{
		done(), sale.Order.Order, sale.Order.Order, written(sale.Order.ExpiresAt),
		api.CheckoutLink(x.Origin, sale.Order.Order), api.CheckoutLink(x.Origin, sale.Order.Order),
	}, nil
}
