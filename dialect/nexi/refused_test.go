package nexi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/api/apitest"
)

const (
	goodOrder    = `{"items":[{"grossTotalAmount":100}],"amount":100,"currency":"SEK"}`
	goodCheckout = `{"integrationType":"HostedPaymentPage","returnUrl":"https://shop.example/r"}`
)

func wish(order, checkout, notifications string) string {
	body := fmt.Sprintf(`{"order":%s,"checkout":%s,"notifications":%s}`, order, checkout, notifications)
	return request(http.MethodPost, "/v1/payments", body)
}

func hook(event, address, authorization string) string {
	return fmt.Sprintf(`{"webHooks":[{"eventName":%q,"url":%q,"authorization":%q}]}`, event, address, authorization)
}

// TestBadEnvelopes refuses each of these with the error that the protocol has for it.
func TestBadEnvelopes(t *testing.T) {
	t.Parallel()
	c := newCounter()
	id := c.sell(t, false)
	path := "/v1/payments/" + id
	good := wish(goodOrder, goodCheckout, "null")
	cases := []struct{ name, request string }{
		{"another key", strings.Replace(good, secretKey, "another", 1)},
		{"one character more", strings.Replace(good, secretKey, secretKey+"0", 1)},
		{"the hash of the key", strings.Replace(good, secretKey, client().Secrets["secret_key"], 1)},
		{"the id of the client", strings.Replace(good, secretKey, client().ID, 1)},
		{"a form", strings.Replace(good, "application/json", "application/x-www-form-urlencoded", 1)},
		{"no content type", strings.Replace(good, "Content-Type: application/json\n", "", 1)},
		{"an empty body", request(http.MethodPost, "/v1/payments", "")},
		{"half a body", request(http.MethodPost, "/v1/payments", `{"order":`)},
		{"an array", request(http.MethodPost, "/v1/payments", "[]")},
		{"null", request(http.MethodPost, "/v1/payments", "null")},
		{"broken UTF-8", request(http.MethodPost, "/v1/payments", "{\"a\":\"\xff\"}")},
		{"too deep", request(http.MethodPost, "/v1/payments", strings.Repeat("[", 100)+strings.Repeat("]", 100))},
		{"too large", request(http.MethodPost, "/v1/payments", `"`+strings.Repeat("a", 70_000)+`"`)},
		{"no order", wish("null", goodCheckout, "null")},
		{"no checkout", wish(goodOrder, "null", "null")},
		{"no items", wish(`{"items":[],"amount":100,"currency":"SEK"}`, goodCheckout, "null")},
		{"another sum", wish(`{"items":[{"grossTotalAmount":99}],"amount":100,"currency":"SEK"}`, goodCheckout, "null")},
		{"a sum out of range", wish(`{"items":[{"grossTotalAmount":9223372036854775807}],"amount":100,"currency":"SEK"}`, goodCheckout, "null")},
		{"amount zero", wish(`{"items":[{"grossTotalAmount":0}],"amount":0,"currency":"SEK"}`, goodCheckout, "null")},
		{"amount negative", wish(`{"items":[{"grossTotalAmount":-1}],"amount":-1,"currency":"SEK"}`, goodCheckout, "null")},
		{"amount with decimals", wish(`{"items":[{"grossTotalAmount":1.5}],"amount":1.5,"currency":"SEK"}`, goodCheckout, "null")},
		{"amount as text", wish(`{"items":[{"grossTotalAmount":1}],"amount":"1","currency":"SEK"}`, goodCheckout, "null")},
		{"amount over 64 bits", wish(`{"items":[{"grossTotalAmount":1}],"amount":1e30,"currency":"SEK"}`, goodCheckout, "null")},
		{"unknown currency", wish(`{"items":[{"grossTotalAmount":1}],"amount":1,"currency":"XYZ"}`, goodCheckout, "null")},
		{"currency in small letters", wish(`{"items":[{"grossTotalAmount":1}],"amount":1,"currency":"sek"}`, goodCheckout, "null")},
		{"a quantity that is none", wish(`{"items":[{"grossTotalAmount":1,"quantity":"two"}],"amount":1,"currency":"SEK"}`, goodCheckout, "null")},
		{"another integration", wish(goodOrder, `{"integrationType":"Popup"}`, "null")},
		{"no way back", wish(goodOrder, `{"integrationType":"HostedPaymentPage"}`, "null")},
		{"no page to embed in", wish(goodOrder, `{"integrationType":"EmbeddedCheckout"}`, "null")},
		{"a script for an address", wish(goodOrder, `{"integrationType":"HostedPaymentPage","returnUrl":"javascript:alert(1)"}`, "null")},
		{"a hook without https", wish(goodOrder, goodCheckout, hook("payment.created", "http://shop.example/wh", "auth123456"))},
		{"a hook with a password", wish(goodOrder, goodCheckout, hook("payment.created", "https://a:b@shop.example/wh", "auth123456"))},
		{"a hook that is no address", wish(goodOrder, goodCheckout, hook("payment.created", "https://", "auth123456"))},
		{"a hook without authorization", wish(goodOrder, goodCheckout, hook("payment.created", "https://shop.example/wh", ""))},
		{"a hook with two lines", wish(goodOrder, goodCheckout, hook("payment.created", "https://shop.example/wh", "a\r\nX: y"))},
		{"a hook for another event", wish(goodOrder, goodCheckout, hook("payment.made", "https://shop.example/wh", "auth123456"))},
		{"an unknown payment", request(http.MethodGet, "/v1/payments/00000000000000000000000000000000", "")},
		{"an id with a slash", request(http.MethodGet, "/v1/payments/%2e%2e%2fadmin", "")},
		{"an id of great length", request(http.MethodGet, "/v1/payments/"+strings.Repeat("0", 65), "")},
		{"no id", request(http.MethodPost, "/v1/payments//charges", `{"amount":1}`)},
		{"an unknown operation", request(http.MethodPost, path+"/steal", `{"amount":1}`)},
		{"another method", request(http.MethodDelete, path, "")},
		{"another method for an operation", request(http.MethodGet, path+"/charges", "")},
		{"an unknown charge", request(http.MethodPost, "/v1/charges/0000/refunds", `{"amount":1}`)},
		{"an unknown refund", request(http.MethodPost, "/v1/pending-refunds/0000/cancel", "")},
		{"a long idempotency key", request(http.MethodPost, path+"/charges", `{"amount":1}`, "Idempotency-Key: "+strings.Repeat("k", 65))},
		{"an idempotency key with a space", request(http.MethodPost, path+"/charges", `{"amount":1}`, "Idempotency-Key: a b")},
		{"a negative charge", request(http.MethodPost, path+"/charges", `{"amount":-1}`)},
		{"another amount for the lines", request(http.MethodPut, path+"/orderitems", `{"amount":1,"items":[{"grossTotalAmount":1}]}`)},
		{"no reference", request(http.MethodPut, path+"/referenceinformation", `{}`)},
	}
	var text strings.Builder
	for _, tt := range cases {
		answer := c.ask(t, tt.request)
		if answer[0] != '4' {
			t.Errorf("%s: %s", tt.name, answer)
		}
		lines := strings.Split(strings.TrimRight(answer, "\n"), "\n")
		fmt.Fprintf(&text, "%-34s %-28s", tt.name, lines[0])
		if len(lines) > 1 {
			text.WriteString(" " + lines[len(lines)-1])
		}
		text.WriteString("\n")
	}
	apitest.Golden(t, "refused.txt", text.String())
}

func mustParse(t *testing.T, path string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestTooManyLines refuses an order whose lines nobody could keep, and keeps a long one.
func TestTooManyLines(t *testing.T) {
	t.Parallel()
	lines := func(n int, name func(int) string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = fmt.Sprintf(`{"reference":"%d","name":%q,"quantity":1,"unit":"pcs","unitPrice":1,"grossTotalAmount":1,"netTotalAmount":1}`, i, name(i))
		}
		return fmt.Sprintf(`{"items":[%s],"amount":%d,"currency":"SEK"}`, strings.Join(all, ","), n)
	}
	c := newCounter()
	long := wish(lines(300, func(i int) string { return fmt.Sprintf("Shoe of size %d", i) }), goodCheckout, "null")
	if answer := c.ask(t, long); answer[:3] != "201" {
		t.Errorf("300 lines: %s", answer)
	}
	noise := wish(lines(300, func(i int) string { return strings.Repeat(fmt.Sprintf("%x", i*i*2654435761), 8) }), goodCheckout, "null")
	if answer := c.ask(t, noise); answer[:3] != "400" && answer[:3] != "201" {
		t.Errorf("300 lines of noise: %s", answer)
	}
}
