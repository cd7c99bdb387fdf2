package vipps

import (
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// show answers GET /epayment/v1/payments/{reference}.
func (c *call) show() api.Answer {
	sale, refusal := c.sale(c.path[3], "get", readsAMinute)
	if refusal != nil {
		return *refusal
	}
	type profile struct {
		Sub string `json:"sub,omitempty"`
	}
	type body struct {
		Aggregate     aggregate         `json:"aggregate"`
		Amount        amount            `json:"amount"`
		State         state             `json:"state"`
		PaymentMethod method            `json:"paymentMethod"`
		Profile       profile           `json:"profile"`
		PspReference  string            `json:"pspReference"`
		RedirectURL   string            `json:"redirectUrl,omitempty"`
		Reference     string            `json:"reference"`
		Metadata      map[string]string `json:"metadata,omitempty"`
	}
	memo := readMemo(sale)
	shown := body{
		Aggregate: aggregateOf(sale), Amount: amountOf(wholeOf(sale)), State: stateOf(sale), PaymentMethod: method{"WALLET"},
		PspReference: pspReference(sale), RedirectURL: c.redirectURL(sale), Reference: sale.RequestID, Metadata: memo.Metadata,
	}
	if memo.Profile && shown.State == stateAuthorized {
		shown.Profile.Sub = sale.Payment.Payer
	}
	return answered(http.StatusOK, shown)
}

// events answers GET /epayment/v1/payments/{reference}/events.
func (c *call) events() api.Answer {
	sale, refusal := c.sale(c.path[3], "events", readsAMinute)
	if refusal != nil {
		return *refusal
	}
	return answered(http.StatusOK, eventsOf(sale))
}

// sale reads what a reference names. Where there is nothing to be had, it returns the
// answer that says so.
func (c *call) sale(reference, what string, aMinute int) (api.Sale, *api.Answer) {
	refuse := func(answer api.Answer) (api.Sale, *api.Answer) { return api.Sale{}, &answer }
	if !referenceForm.MatchString(reference) {
		return refuse(c.refuse(badRequest.about("reference", "The field Reference must match the regular expression '"+referenceForm.String()+"'.")))
	}
	if !c.may(what, reference, aMinute) {
		return refuse(c.refuse(tooMany))
	}
	sale, err := c.counter.Sale(reference)
	if err == nil && sale.Refused != nil {
		err = hansa.Refuse(hansa.NotFound, "no such sale")
	}
	if err != nil {
		return refuse(c.fail(reading, err))
	}
	sale.RequestID = reference
	return sale, nil
}
