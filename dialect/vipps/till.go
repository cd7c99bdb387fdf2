package vipps

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A Till is the other side: a sales unit of this protocol. It is safe for concurrent use.
// Its ids of sales are made of the order references: the protocol has one name for both.
type Till struct {
	MerchantSerialNumber string
	ClientID             string
	ClientSecret         string
	SubscriptionKey      string
}

// A tillWish is what a till sends to be paid. What was scanned is the customer's personal
// code, whichever wallet shows it.
type tillWish struct {
	Amount      amount        `json:"amount"`
	Method      method        `json:"paymentMethod"`
	Customer    *tillCustomer `json:"customer,omitempty"`
	Reference   string        `json:"reference"`
	UserFlow    string        `json:"userFlow"`
	QRFormat    *tillQRFormat `json:"qrFormat,omitempty"`
	Interaction string        `json:"customerInteraction"`
}

type tillCustomer struct {
	PersonalQR string `json:"personalQr"`
}

type tillQRFormat struct {
	Format string `json:"format"`
}

// Ask writes what a till asks.
func (t Till) Ask(call api.TillCall, _ time.Time) api.Message {
	wished := tillWish{
		Amount: amountOf(call.Amount), Method: method{"WALLET"}, Reference: ReferenceOf(call.OrderReference), Interaction: "CUSTOMER_PRESENT",
	}
	switch call.Kind {
	case api.TillEnter:
		m := t.send(http.MethodPost, "/accesstoken/get", call, nil)
		m.Header.Set("client_id", t.ClientID)
		m.Header.Set("client_secret", t.ClientSecret)
		return m
	case api.TillSell:
		wished.UserFlow, wished.Customer = pushMessage, &tillCustomer{call.Code}
		return t.send(http.MethodPost, "/epayment/v1/payments", call, wished)
	case api.TillOrder:
		wished.UserFlow, wished.QRFormat = qrFlow, &tillQRFormat{textTarget}
		return t.send(http.MethodPost, "/epayment/v1/payments", call, wished)
	case api.TillInquire:
		return t.send(http.MethodGet, paymentPath(call, ""), call, nil)
	case api.TillCancel:
		return t.send(http.MethodPost, paymentPath(call, "/cancel"), call, nil)
	case api.TillCapture, api.TillRefund:
		change := map[string]amount{"modificationAmount": amountOf(call.Amount)}
		return t.send(http.MethodPost, paymentPath(call, "/"+call.Kind), call, change)
	}
	panic("vipps: a till asks to " + call.Kind)
}

func paymentPath(call api.TillCall, change string) string {
	return "/epayment/v1/payments/" + url.PathEscape(ReferenceOf(call.OrderReference)) + change
}

// send is a request. The Idempotency-Key is the till's id of the sale or of the change.
func (t Till) send(method, path string, call api.TillCall, body any) api.Message {
	m := api.Message{Method: method, URL: path, Header: http.Header{
		"Authorization": {"Bearer " + call.Access}, "Ocp-Apim-Subscription-Key": {t.SubscriptionKey},
		"Merchant-Serial-Number": {t.MerchantSerialNumber}, "Vipps-System-Name": {"hansa-sandbox"},
	}}
	if body != nil {
		m.Header.Set("Content-Type", "application/json")
		m.Body = api.Encode(body)
	}
	key := call.Change
	if key == "" {
		key = call.Sale
	}
	if method == http.MethodPost && key != "" {
		m.Header.Set("Idempotency-Key", key)
	}
	return m
}

// ReferenceOf is an order reference in the form of the protocol: letters, digits and
// hyphens. What had to be changed ends with a sum of what it was.
func ReferenceOf(text string) string {
	if referenceForm.MatchString(text) {
		return text
	}
	plain := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' {
			return '-'
		}
		return r
	}, text)
	sum := sha256.Sum256([]byte(text))
	return plain[:min(len(plain), 47)] + "-" + hex.EncodeToString(sum[:8])
}

// A tillReply is what a till looks at in an answer.
type tillReply struct {
	AccessToken string    `json:"access_token"`
	RedirectURL string    `json:"redirectUrl"`
	Psp         string    `json:"pspReference"`
	State       state     `json:"state"`
	Aggregate   aggregate `json:"aggregate"`
	Detail      string    `json:"detail"`
	Extra       []extra   `json:"extraDetails"`
}

// Heard reads what a till is answered.
func (t Till) Heard(call api.TillCall, _ api.Message, answer api.Answer) (api.TillAnswer, error) {
	var said tillReply
	if err := json.Unmarshal(answer.Body, &said); err != nil {
		return api.TillAnswer{}, fmt.Errorf("answer of the network: status %d: %w", answer.Status, err)
	}
	if answer.Status >= http.StatusBadRequest {
		return said.refused(call, answer.Status)
	}
	heard := api.TillAnswer{Standing: api.TillWaits, Network: said.Psp}
	switch call.Kind {
	case api.TillEnter:
		return api.TillAnswer{Access: said.AccessToken}, nil
	case api.TillSell:
		heard.Capture = true
		return heard, nil
	case api.TillOrder:
		heard.Capture = true
		heard.Network = path.Base(said.RedirectURL)
		return heard, nil
	case api.TillCancel:
		heard.Standing = api.TillOver
		return heard, nil
	}
	switch said.State {
	case stateAuthorized:
		a := said.Aggregate
		heard.Standing, heard.Capture = api.TillPaid, a.Captured.Value+a.Cancelled.Value == 0
	case stateAborted, stateExpired, stateTerminated:
		heard.Standing = api.TillOver
	case stateCreated:
	}
	return heard, nil
}

// refused is why an answer says no. A cancel of what was captured leaves it as it is.
func (r tillReply) refused(call api.TillCall, status int) (api.TillAnswer, error) {
	if status == http.StatusUnauthorized && call.Kind != api.TillEnter {
		return api.TillAnswer{}, hansa.Refuse(hansa.Unsigned, "the access token is missing, or over")
	}
	if status >= http.StatusInternalServerError {
		return api.TillAnswer{}, fmt.Errorf("the network answers %d", status)
	}
	code := ""
	if at := slices.IndexFunc(r.Extra, func(e extra) bool { return e.Name == "ErrorCode" }); at >= 0 {
		code = r.Extra[at].Reason
	}
	if call.Kind == api.TillCancel && code == "6040" {
		return api.TillAnswer{Standing: api.TillPaid}, nil
	}
	return api.TillAnswer{}, hansa.Refuse(r.reason(code, status), "%s %s", code, r.Detail)
}

// reason is the reason of ours that a problem tells: by its code, or where that has none
// by the word in its detail.
func (r tillReply) reason(code string, status int) hansa.Reason {
	switch code {
	case "4020", "4150":
		return hansa.OrderReferenceTaken
	case "4050", "4060":
		return hansa.CodeUnknown
	case "5040":
		return hansa.CurrencyMismatch
	case "6150":
		return hansa.RefundTooLarge
	case "6160":
		return hansa.NotAllowedNow
	case "7010":
		return hansa.NotAccepted
	}
	for _, known := range translations() {
		if code != "" && strconv.Itoa(known.problem.Code) == code {
			return known.reason
		}
	}
	for _, row := range api.Problems() {
		if strings.HasSuffix(r.Detail, ": "+string(row.Reason)+".") {
			return row.Reason
		}
	}
	switch status {
	case http.StatusUnauthorized:
		return hansa.UnknownKey
	case http.StatusForbidden:
		return hansa.RoleMissing
	case http.StatusNotFound:
		return hansa.NotFound
	case http.StatusTooManyRequests:
		return hansa.TooManyRequests
	case http.StatusConflict:
		return hansa.NotAllowedNow
	}
	if code == "" {
		return hansa.Malformed
	}
	return hansa.NotAllowedNow
}
