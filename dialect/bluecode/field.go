package bluecode

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// Limits of a message.
const (
	fieldsMax = 64
	textMax   = 512 // bytes of a field
	idMax     = 64  // bytes of an id
)

// fields are the members of a message that are neither objects nor lists. Some clients
// send numbers as texts.
type fields map[string]string

// readFields reads a body as JSON or as a form. Clients in browsers send JSON under
// text/plain.
func readFields(q api.Question) (fields, error) {
	if len(q.Body) > api.BodyMax {
		return nil, hansa.Refuse(hansa.TooLarge, "more than %d bytes", api.BodyMax)
	}
	media, _, err := mime.ParseMediaType(q.Request.Header.Get("Content-Type"))
	if err != nil && q.Request.Header.Get("Content-Type") != "" {
		return nil, hansa.Refuse(hansa.Unsupported, "the content type is not in form")
	}
	var said fields
	switch media {
	case "application/x-www-form-urlencoded":
		said, err = readForm(q.Body)
	case "application/json", "text/plain", "":
		said, err = readJSON(q.Body)
	default: // A text from outside.
		err = hansa.Refuse(hansa.Unsupported, "a body is JSON or a form")
	}
	if err != nil {
		return nil, err
	}
	return said, said.check()
}

func readForm(body []byte) (fields, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, hansa.Refuse(hansa.Malformed, "the body is not a form")
	}
	said := make(fields, len(form))
	for name, values := range form {
		if len(values) != 1 {
			return nil, hansa.Refuse(hansa.Malformed, "a field is there twice")
		}
		said[name] = values[0]
	}
	return said, nil
}

func readJSON(body []byte) (fields, error) {
	if err := api.CheckJSON(body); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil || members == nil {
		return nil, hansa.Refuse(hansa.Malformed, "the body is not an object")
	}
	said := make(fields, len(members))
	for name, value := range members {
		switch value := value.(type) {
		case string:
			said[name] = value
		case json.Number:
			said[name] = value.String()
		}
	}
	return said, nil
}

func (f fields) check() error {
	if len(f) > fieldsMax {
		return hansa.Refuse(hansa.Malformed, "more than %d fields", fieldsMax)
	}
	for _, value := range f {
		if len(value) > textMax || strings.ContainsFunc(value, unicode.IsControl) {
			return hansa.Refuse(hansa.Malformed, "a field is too long or cannot be shown")
		}
	}
	return nil
}

// merchantTxID returns the till's id of a transaction, which is required.
func (f fields) merchantTxID() (string, error) {
	id := f["merchant_tx_id"]
	if id == "" || len(id) > idMax {
		return "", hansa.Refuse(hansa.Malformed, "merchant_tx_id: 1 to %d bytes", idMax)
	}
	return id, nil
}

// minorUnits reads an amount. Some clients write whole numbers with a decimal of zero.
func (f fields) minorUnits(name string) (int64, error) {
	value, err := strconv.ParseInt(strings.TrimSuffix(f[name], ".0"), 10, 64)
	if err != nil || value < 0 {
		return 0, hansa.Refuse(hansa.InvalidAmount, "%s: a number of minor units", name)
	}
	return value, nil
}

// amount returns what is to be paid: requested_amount, in euros where no currency is said.
func (f fields) amount() (money.Amount, error) {
	currency := money.Currency(f["currency"])
	if currency == "" {
		currency = "EUR"
	}
	value, err := f.minorUnits("requested_amount")
	if err != nil {
		return money.Amount{}, err
	}
	amount := money.New(value, currency)
	return amount, amount.Payable()
}
