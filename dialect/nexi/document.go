package nexi

import (
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A document is a payment as GET /v1/payments/{id} tells it. SDKs spread some of these
// objects over the arguments of functions: no member may be added to orderDetails and
// checkout. The objects of the consumer are there and empty, since a shop learns nothing
// of who pays.
type document struct {
	PaymentID      string         `json:"paymentId"`
	Summary        summary        `json:"summary"`
	Consumer       consumer       `json:"consumer"`
	PaymentDetails paymentDetails `json:"paymentDetails"`
	OrderDetails   orderDetails   `json:"orderDetails"`
	Checkout       links          `json:"checkout"`
	Created        string         `json:"created"`
	Terminated     string         `json:"terminated,omitempty"`
	Refunds        []refund       `json:"refunds"`
	Charges        []charge       `json:"charges"`
	MyReference    string         `json:"myReference,omitempty"`
}

type consumer struct {
	ShippingAddress struct{} `json:"shippingAddress"`
	BillingAddress  struct{} `json:"billingAddress"`
	PrivatePerson   struct{} `json:"privatePerson"`
	Company         struct{} `json:"company"`
}

type paymentDetails struct {
	PaymentType    string   `json:"paymentType,omitempty"`
	PaymentMethod  string   `json:"paymentMethod,omitempty"`
	InvoiceDetails struct{} `json:"invoiceDetails"`
	CardDetails    struct{} `json:"cardDetails"`
}

type orderDetails struct {
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Reference string `json:"reference"`
}

type links struct {
	URL       string  `json:"url"`
	CancelURL *string `json:"cancelUrl"`
}

// typeWallet is the PaymentType of all that is paid here.
const typeWallet = "WALLET"

func (d *desk) document(p payment) document {
	doc := document{
		PaymentID: p.memo.Payment, Summary: p.sum(), Created: timeText(p.Order.CreatedAt), MyReference: p.memo.MyReference,
		OrderDetails: orderDetails{p.Order.Amount.Value, string(p.Order.Amount.Currency), p.memo.Reference},
		Checkout:     links{URL: p.memo.URL}, Refunds: p.refunds(), Charges: p.charges(),
	}
	if doc.Checkout.URL == "" {
		doc.Checkout.URL = pageOf(d.Origin, p.Order.Order)
	}
	if p.memo.CancelURL != "" {
		doc.Checkout.CancelURL = &p.memo.CancelURL
	}
	if p.memo.Terminated != nil {
		doc.Terminated = timeText(*p.memo.Terminated)
	}
	if p.approved() {
		doc.PaymentDetails.PaymentType, doc.PaymentDetails.PaymentMethod = typeWallet, p.Payment.Wallet
	}
	return doc
}

func timeText(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.0000-07:00") }

// retrieveCharge answers GET /v1/charges/{id}.
func (d *desk) retrieveCharge(id string) (api.Answer, error) {
	_, found, err := d.findCharge(id)
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, found), nil
}

// findCharge returns the charge with this id, and its payment.
func (d *desk) findCharge(id string) (payment, charge, error) {
	p, err := d.findByMovement(id)
	if paid, ok := chargedWith(id); ok && err != nil {
		p, err = d.find(paid)
	}
	if err != nil {
		return p, charge{}, err
	}
	for _, found := range p.charges() {
		if found.ChargeID == id {
			return p, found, nil
		}
	}
	return p, charge{}, hansa.Refuse(hansa.NotFound, "no such charge")
}

func (d *desk) findByMovement(id string) (payment, error) {
	movement, err := movementOf(id)
	if err != nil {
		return payment{}, err
	}
	sale, err := d.counter.SaleOf(movement)
	if err != nil {
		return payment{}, err
	}
	return paymentOf(sale)
}

// retrieveRefund answers GET /v1/refunds/{id}.
func (d *desk) retrieveRefund(id string) (api.Answer, error) {
	found, err := d.findRefund(id)
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, found), nil
}

func (d *desk) findRefund(id string) (refund, error) {
	p, err := d.findByMovement(id)
	if err != nil {
		return refund{}, err
	}
	for _, found := range p.refunds() {
		if found.RefundID == id {
			return found, nil
		}
	}
	return refund{}, hansa.Refuse(hansa.NotFound, "no such refund")
}

// cancelRefund answers POST /v1/pending-refunds/{id}/cancel. The wallet was told of the
// refund when it was made, so it is never too early to say that it is too late.
func (d *desk) cancelRefund(id string) (api.Answer, error) {
	found, err := d.findRefund(id)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{}, coded(codeRefundCancelFailed, "the refund is %s and cannot be taken back", found.State)
}

// method is one row of GET /v1/paymentmethods.
type method struct {
	Name        string `json:"name"`
	PaymentType string `json:"paymentType"`
	Currency    string `json:"currency"`
	Enabled     bool   `json:"enabled"`
}

// paymentMethods answers GET /v1/paymentmethods: every wallet pays in one way.
func (d *desk) paymentMethods(string) (api.Answer, error) {
	store, err := d.counter.Store(d.client.Store)
	if err != nil {
		return api.Answer{}, err
	}
	return told(http.StatusOK, []method{{"Hansa", typeWallet, store.Currency, !store.Suspended}}), nil
}
