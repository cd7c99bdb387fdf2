package nexi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// Limits of a request to be paid. Seconds are those of a day, after which nobody can pay
// the order any more.
const (
	orderSeconds     = 24 * 60 * 60
	referenceMax     = 55 // characters; the id's last digits follow them
	referenceIDPart  = 8
	webHooksMax      = 32
	urlMax           = 512
	authorizationMax = 256
	hosted           = "HostedPaymentPage"
	embedded         = "EmbeddedCheckout"
)

// create answers POST /v1/payments: it opens an order.
func (d *desk) create(string) (api.Answer, error) {
	var wish createPayment
	if err := d.read(&wish); err != nil {
		return api.Answer{}, err
	}
	if err := wish.check(); err != nil {
		return api.Answer{}, err
	}
	key, err := d.idempotencyKey()
	if err != nil {
		return api.Answer{}, err
	}
	id := d.paymentID(key)
	kept, err := wish.memo(id).pack()
	if err != nil {
		return api.Answer{}, err
	}
	opened, err := d.counter.MakeOrder(api.MakeOrder{
		RequestID: id, Amount: money.New(wish.Order.Amount, money.Currency(wish.Order.Currency)),
		Store: d.client.Store, Terminal: d.client.Terminal, OrderReference: orderReference(wish.Order.Reference, id),
		ExpiresIn: orderSeconds, CaptureLater: !wish.Checkout.Charge,
	}, kept)
	if err != nil {
		return api.Answer{}, err
	}
	if wish.Checkout.IntegrationType != hosted {
		return told(http.StatusCreated, created{PaymentID: id}), nil
	}
	return told(http.StatusCreated, created{PaymentID: id, HostedPaymentPageURL: pageOf(d.Origin, opened.Order)}), nil
}

type created struct {
	PaymentID            string `json:"paymentId"`
	HostedPaymentPageURL string `json:"hostedPaymentPageUrl,omitempty"`
}

// pageOf is where the payer pays an order.
func pageOf(origin, order string) string { return origin + "/checkout/" + order }

// orderReference names the order for people. A shop may make several payments of one
// order while its customer changes the basket, so the reference ends with the payment's.
func orderReference(reference, id string) string {
	shown := []rune(strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) && !unicode.In(r, unicode.Zl, unicode.Zp, unicode.Co) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, reference))
	return strings.TrimSpace(string(shown[:min(len(shown), referenceMax)])) + "/" + id[len(id)-referenceIDPart:]
}

func (c createPayment) memo(id string) memo {
	m := memo{
		Payment: id, Reference: c.Order.Reference, MyReference: c.MyReference, Charge: c.Checkout.Charge,
		CancelURL: c.Checkout.CancelURL, ReturnURL: c.Checkout.ReturnURL, Items: c.Order.Items, WebHooks: c.Notifications.WebHooks,
	}
	if c.Checkout.IntegrationType != hosted {
		m.URL = c.Checkout.URL
	}
	return m
}

func (c createPayment) check() error {
	switch {
	case c.Order == nil:
		return invalid("order", "is required")
	case c.Checkout == nil:
		return invalid("checkout", "is required")
	case !money.Currency(c.Order.Currency).Known():
		return invalid("order.currency", "must be a code of ISO 4217")
	case c.Order.Amount <= 0 || c.Order.Amount > money.AmountMax:
		return invalid("order.amount", "must be a positive number of minor units")
	case len(c.Order.Items) == 0:
		return invalid("order.items", "must not be empty")
	}
	if err := checkItems("order.items", c.Order.Items); err != nil {
		return err
	}
	if gross, ok := grossOf(c.Order.Items); !ok || gross != c.Order.Amount {
		return invalid("order.amount", "must be the sum of the order items")
	}
	if err := c.Checkout.check(); err != nil {
		return err
	}
	return c.Notifications.check()
}

func (c checkout) check() error {
	switch c.IntegrationType {
	case hosted:
		if c.ReturnURL == "" {
			return invalid("checkout.returnUrl", "is required with a hosted payment page")
		}
	case "", embedded:
		if c.URL == "" {
			return invalid("checkout.url", "is required with an embedded checkout")
		}
	default: // A text from outside.
		return invalid("checkout.integrationType", "must be "+hosted+" or "+embedded)
	}
	links := []struct{ name, text string }{
		{"checkout.url", c.URL}, {"checkout.returnUrl", c.ReturnURL}, {"checkout.cancelUrl", c.CancelURL},
	}
	for _, link := range links {
		if link.text != "" && !isLink(link.text, "http", "https") {
			return invalid(link.name, "must be an absolute address")
		}
	}
	return nil
}

func (n notifications) check() error {
	if len(n.WebHooks) > webHooksMax {
		return invalid("notifications.webHooks", "there are too many of them")
	}
	for _, hook := range n.WebHooks {
		switch {
		case !slices.Contains(eventNames(), hook.EventName):
			return invalid("notifications.webHooks.eventName", "is not known")
		case !isLink(hook.URL, "https"):
			return invalid("notifications.webHooks.url", "must be an address with https")
		case !isHeaderValue(hook.Authorization):
			return invalid("notifications.webHooks.authorization", "must have 1 to 256 visible characters")
		}
	}
	return nil
}

func isLink(text string, schemes ...string) bool {
	address, err := url.Parse(text)
	return err == nil && len(text) <= urlMax && address.Host != "" && address.User == nil && slices.Contains(schemes, address.Scheme)
}

// isHeaderValue reports whether the text can be sent as a field of a message.
func isHeaderValue(text string) bool {
	return text != "" && len(text) <= authorizationMax && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// checkItems bounds what can be added up. Lines may be negative: they are discounts.
func checkItems(field string, items []item) error {
	for _, one := range items {
		if one.GrossTotalAmount > money.AmountMax || one.GrossTotalAmount < -money.AmountMax {
			return invalid(field+".grossTotalAmount", "is out of range")
		}
	}
	return nil
}

// grossOf adds the lines of an order. It is false where the sum leaves the range.
func grossOf(items []item) (gross int64, ok bool) {
	for _, one := range items {
		gross += one.GrossTotalAmount
		if gross > money.AmountMax || gross < -money.AmountMax {
			return 0, false
		}
	}
	return gross, true
}
