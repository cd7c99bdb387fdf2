package vipps

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hansa-network/hansa/api"
)

// Notices returns what a client's webhooks are told of a change, one message for each
// that wants to hear of it. An error is a webhook that no request can be made to.
func (d *Dialect) Notices(n api.Notice) ([]api.Message, error) {
	told, tells := tellingOf(n)
	if !tells {
		return nil, nil
	}
	type body struct {
		MSN string `json:"msn"`
		event
	}
	return post(n.Client, subscription(told.Name), api.Encode(body{n.Client.ID, told}), n.Now)
}

// Acknowledged reports whether a notice has arrived.
func (d *Dialect) Acknowledged(_ api.Message, answer api.Answer) bool {
	return answer.Status >= 200 && answer.Status < 300
}

// tellingOf is what a change means in the protocol's words, if it means anything. An
// order that is held, or open again after a no, is not told, nor is a refund before it
// has succeeded or failed.
func tellingOf(n api.Notice) (told event, tells bool) {
	switch n.Kind {
	case "order.open":
		return createdEvent(n.Sale), n.Sale.Order != nil && n.At.Equal(n.Sale.Order.CreatedAt)
	case "payment.pending":
		return createdEvent(n.Sale), n.Sale.Order == nil && n.At.Equal(n.Sale.Payment.CreatedAt)
	case "payment.approved":
		return endEvent(n.Sale)
	case "payment.declined", "payment.expired", "payment.cancelled":
		told, tells = endEvent(n.Sale)
		return told, tells && n.Sale.Order == nil
	case "order.expired", "order.closed":
		return endEvent(n.Sale)
	case "capture.made", "capture.released", "refund.succeeded", "refund.failed":
		if n.Movement == nil {
			return event{}, false
		}
		told = movedEvent(n.Sale, *n.Movement)
		return told.at(n.At), true
	}
	return event{}, false
}

// post makes a request to each webhook that wants to hear of something.
func post(client api.Client, subscription string, body []byte, now time.Time) ([]api.Message, error) {
	var messages []api.Message
	for _, hook := range hooksFor(client.Hooks, subscription) {
		message := api.Message{Method: http.MethodPost, URL: hook.URL, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
		if err := SignNotice(message, hook.Secret, now); err != nil {
			return nil, fmt.Errorf("notice to webhook %s: %w", hook.ID, err)
		}
		messages = append(messages, message)
	}
	return messages, nil
}

// SignNotice sets the fields that authenticate a notice at now. The secret is used as it
// is written. An error is a webhook that no request can be made to.
// The second name of the signature is for servers that keep Authorization to themselves.
func SignNotice(message api.Message, secret string, now time.Time) error {
	address, err := url.Parse(message.URL)
	if err != nil {
		return err
	}
	path := address.RequestURI()
	date := now.UTC().Format(http.TimeFormat)
	sum := sha256.Sum256(message.Body)
	content := base64.StdEncoding.EncodeToString(sum[:])
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message.Method + "\n" + path + "\n" + date + ";" + address.Host + ";" + content))
	signature := "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	message.Header.Set("x-ms-date", date)
	message.Header.Set("x-ms-content-sha256", content)
	message.Header.Set("Authorization", signature)
	message.Header.Set("X-Vipps-Authorization", signature)
	return nil
}
