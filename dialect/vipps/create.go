package vipps

import (
	"net/http"
	"strconv"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// The flows that bring a payer to a payment.
const (
	pushMessage    = "PUSH_MESSAGE"
	nativeRedirect = "NATIVE_REDIRECT"
	webRedirect    = "WEB_REDIRECT"
	qrFlow         = "QR"
)

// create answers POST /epayment/v1/payments. The reference is the network's request id
// of the sale, which makes it unique; a document remembers what came under the
// Idempotency-Key.
func (c *call) create() api.Answer {
	wish, wrong := c.readWish()
	if wrong.Status != 0 {
		return c.refuse(wrong)
	}
	if !c.may("create", wish.Reference, changesAMinute) {
		return c.refuse(tooMany)
	}
	if answer, done := c.createdBefore(wish); done {
		return answer
	}
	memo := memo{
		Key: c.key, Print: c.fingerprint(), Metadata: wish.Metadata, ReturnURL: wish.ReturnURL, Profile: wish.Profile.Scope != "", Link: wish.link(),
	}
	if len(api.Encode(memo)) > api.MemoMax-memoSpare {
		return c.refuse(domain(http.StatusBadRequest, 4100, "Metadata capacity exceeded", "The metadata take too much room."))
	}
	if wish.UserFlow == pushMessage {
		return c.push(wish, memo)
	}
	return c.open(wish, memo)
}

// createdBefore answers a request that repeats another, or takes what another has.
func (c *call) createdBefore(wish wish) (answer api.Answer, done bool) {
	const kind = "key"
	claimed := c.fingerprint()
	earlier, err := c.counter.Document(kind, c.requestID())
	switch reason, refused := hansa.ReasonOf(err); {
	case err == nil && string(earlier.Body) != claimed:
		return c.refuse(keyTaken(c.key)), true
	case refused && reason == hansa.NotFound:
		err = c.counter.PutDocument(kind, api.Document{ID: c.requestID(), Body: []byte(claimed)})
	}
	if err != nil {
		return c.fail(creating, err), true
	}
	sale, err := c.counter.Sale(wish.Reference)
	switch reason, refused := hansa.ReasonOf(err); {
	case refused && reason == hansa.NotFound, err == nil && sale.Refused != nil:
		return api.Answer{}, false
	case err != nil:
		return c.fail(creating, err), true
	}
	memo := readMemo(sale)
	if memo.Key != c.key || memo.Print != claimed {
		return c.refuse(referenceTaken(wish.Reference)), true
	}
	return created(wish.Reference, c.redirectURL(sale)), true
}

// push asks the wallet of the payer whose code, token or number the merchant has. The
// merchant does not wait for the payer here: it asks again, or hears of it.
func (c *call) push(wish wish, memo memo) api.Answer {
	_, err := c.counter.BeginPayment(api.AskPayment{
		RequestID: wish.Reference, Code: wish.Customer.code(), Amount: wish.Amount.money(), Store: c.client.Store, Terminal: c.client.Terminal,
		OrderReference: wish.Reference, CaptureLater: true,
	}, api.Encode(memo))
	if err != nil {
		return c.failCustomer(wish, err)
	}
	return created(wish.Reference, "")
}

// open makes an order that any wallet may pay.
func (c *call) open(wish wish, memo memo) api.Answer {
	message, text := api.MakeOrder{
		RequestID: wish.Reference, Amount: wish.Amount.money(), Store: c.client.Store, Terminal: c.client.Terminal,
		OrderReference: wish.Reference, ExpiresIn: wish.expiresIn(c.Now), CaptureLater: true,
	}, api.Encode(memo)
	order, err := c.counter.MakeOrder(message, text)
	if err != nil {
		return c.fail(creating, err)
	}
	return created(wish.Reference, c.redirectURL(api.Sale{Order: &order, Memo: text}))
}

// created says that there is a payment, and where its payer goes.
func created(reference, redirectURL string) api.Answer {
	type body struct {
		Reference   string `json:"reference"`
		RedirectURL string `json:"redirectUrl,omitempty"`
	}
	return answered(http.StatusCreated, body{reference, redirectURL})
}

// link is what follows the address of the order's page in that of what the payer needs:
// the page itself, or a picture of the code.
func (w wish) link() string {
	if w.UserFlow != qrFlow {
		return ""
	}
	switch w.QRFormat.format() {
	case textTarget:
		return ""
	case imagePNG:
		return ".png?size=" + strconv.FormatInt(w.QRFormat.size(), 10)
	case imageSVG:
		return ".svg"
	}
	panic("unknown format " + w.QRFormat.Format)
}

// redirectURL is where the payer of a sale goes; nobody who was asked goes anywhere.
func (c *call) redirectURL(sale api.Sale) string {
	if sale.Order == nil {
		return ""
	}
	return api.CheckoutLink(c.Origin, sale.Order.Order) + readMemo(sale).Link
}

// An amount is money as the protocol writes it.
type amount struct {
	Currency string `json:"currency"`
	Value    int64  `json:"value"` // in minor units
}

func (a amount) money() money.Amount { return money.New(a.Value, money.Currency(a.Currency)) }

func amountOf(a money.Amount) amount { return amount{string(a.Currency), a.Value} }
