package nexi

import (
	"encoding/json"
	"errors"
	"mime"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// The messages of the protocol as shops send them. Amounts are minor units. SDKs send
// null for what they leave out, and members beyond these, which are passed over.

// createPayment is the body of POST /v1/payments.
type createPayment struct {
	Order         *order        `json:"order"`
	Checkout      *checkout     `json:"checkout"`
	Notifications notifications `json:"notifications"`
	MyReference   string        `json:"myReference"`
}

type order struct {
	Items     []item `json:"items"`
	Amount    int64  `json:"amount"`
	Currency  string `json:"currency"`
	Reference string `json:"reference"`
}

// An item is one line of an order. The quantity may have decimals, and is only echoed.
type item struct {
	Reference        string      `json:"reference"`
	Name             string      `json:"name"`
	Quantity         json.Number `json:"quantity"`
	Unit             string      `json:"unit"`
	UnitPrice        int64       `json:"unitPrice"`
	TaxRate          int64       `json:"taxRate"` // in hundredths of a per cent
	TaxAmount        int64       `json:"taxAmount"`
	GrossTotalAmount int64       `json:"grossTotalAmount"`
	NetTotalAmount   int64       `json:"netTotalAmount"`
}

type checkout struct {
	IntegrationType string `json:"integrationType"`
	URL             string `json:"url"`
	ReturnURL       string `json:"returnUrl"`
	CancelURL       string `json:"cancelUrl"`
	Charge          bool   `json:"charge"`
}

type notifications struct {
	WebHooks []webHook `json:"webHooks"`
}

// A webHook is one event that the shop wants to hear of. Authorization is echoed.
type webHook struct {
	EventName     string `json:"eventName"`
	URL           string `json:"url"`
	Authorization string `json:"authorization"`
}

// moveMoney is the body of a charge, refund or cancel, and of a change of the items.
type moveMoney struct {
	Amount      int64  `json:"amount"`
	OrderItems  []item `json:"orderItems"`
	Items       []item `json:"items"`
	MyReference string `json:"myReference"`
}

// references is the body of PUT referenceinformation, and of myreference.
type references struct {
	CheckoutURL *string `json:"checkoutUrl"`
	Reference   *string `json:"reference"`
	MyReference *string `json:"myReference"`
}

// read reads the body of a request.
func (d *desk) read(into any) error {
	media, _, err := mime.ParseMediaType(d.Request.Header.Get("Content-Type"))
	if err != nil || !strings.HasSuffix(media, "json") {
		return hansa.Refuse(hansa.Unsupported, "the body must be application/json")
	}
	if len(d.Body) > api.BodyMax {
		return hansa.Refuse(hansa.TooLarge, "the body has more than %d bytes", api.BodyMax)
	}
	if err := api.CheckJSON(d.Body); err != nil {
		return invalid("", "the body is not valid JSON")
	}
	err = json.Unmarshal(d.Body, into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return invalid(wrong.Field, "a "+wrong.Value+" cannot stand here")
	}
	if err != nil {
		return invalid("", "the body is not in the expected form")
	}
	return nil
}
