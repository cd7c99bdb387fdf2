package vipps

import (
	"bytes"
	_ "embed" // holds the page
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
)

// checkInsAMinute is how many payers may check in at one code.
const checkInsAMinute = 30

//go:embed checkin.html
var checkInText string

// checkInPage is where a payer who has scanned a callback code hands over a payment code.
var checkInPage = template.Must(template.New("checkin").Option("missingkey=error").Parse(checkInText))

// A checkIn is how far a payer has come on the page.
type checkIn struct {
	Location string
	Said     string // what came of it; empty: nothing was sent yet
	Asks     bool   // whether a code can be sent
}

// askIn answers GET /qr/to/{msn}/callback/{id}.
func (c *call) askIn(id string) api.Answer {
	document, err := c.counter.Document(callbackCode, id)
	if err != nil {
		return c.failCode(err)
	}
	return shownCheckIn(http.StatusOK, checkIn{Location: readCallback(document).Location, Asks: true})
}

// checkIn answers POST /qr/to/{msn}/callback/{id}: the payer's code is told to the
// merchant, who can ask it for money once. A check-in is worth nothing a minute later, so
// it is told now or not at all.
func (c *call) checkIn(id string) api.Answer {
	document, err := c.counter.Document(callbackCode, id)
	if err != nil {
		return c.failCode(err)
	}
	page := checkIn{Location: readCallback(document).Location, Asks: true}
	form, err := url.ParseQuery(string(c.Body))
	token := strings.TrimSpace(form.Get("code"))
	if err != nil || token == "" || !between(token, personalQRMin, customerMax) {
		page.Said = "That is no payment code. Type the digits that your wallet shows."
		return shownCheckIn(http.StatusBadRequest, page)
	}
	if !c.may("check-in", id, checkInsAMinute) {
		page.Said = "Too many payers are checking in here. Wait a minute."
		return shownCheckIn(http.StatusTooManyRequests, page)
	}
	messages, err := checkedInAt(c.client, id, token, c.Now)
	if err != nil {
		return c.fail(settling, err)
	}
	heard := false
	for _, message := range messages {
		answer, err := c.Tell(message)
		heard = heard || err == nil && c.dialect.Acknowledged(message, answer)
	}
	if !heard {
		page.Said = "The shop cannot be reached. Pay at the till."
		return shownCheckIn(http.StatusConflict, page)
	}
	page.Said, page.Asks = "The shop knows that you are here. Your wallet will ask you to pay.", false
	return shownCheckIn(http.StatusOK, page)
}

// checkedInAt is what the merchant's webhooks are told of a payer at a code. The token
// can be asked for money as a customerToken.
func checkedInAt(client api.Client, code, token string, now time.Time) ([]api.Message, error) {
	type body struct {
		CustomerToken        string `json:"customerToken"`
		MerchantQRID         string `json:"merchantQrId"`
		MerchantSerialNumber string `json:"merchantSerialNumber"`
		InitiatedAt          string `json:"initiatedAt"`
	}
	return post(client, checkedIn, api.Encode(body{token, code, client.ID, now.UTC().Format(time.RFC3339)}), now)
}

func shownCheckIn(status int, page checkIn) api.Answer {
	var text bytes.Buffer
	if err := checkInPage.Execute(&text, page); err != nil {
		panic(err) // The page and what it shows are one.
	}
	header := http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"},
		"Referrer-Policy": {"no-referrer"}, "Content-Security-Policy": {"default-src 'none'; form-action 'self'; frame-ancestors 'none'"},
	}
	return api.Answer{Status: status, Header: header, Body: text.Bytes()}
}
