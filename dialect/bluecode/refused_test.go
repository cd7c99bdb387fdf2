package bluecode_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
)

// TestBadEnvelopes refuses each of these with the error that the protocol has for it.
func TestBadEnvelopes(t *testing.T) {
	t.Parallel()
	changed := func(old, changed string) string {
		return post("payment", live, strings.Replace(payment, old, changed, 1))
	}
	as := func(authorization string) string { return post("payment", authorization, payment) }
	cases := []struct{ name, request string }{
		{"no credentials", as("")},
		{"another secret", as("Basic YWNjLWlkOndyb25n")},
		{"another id", as("Basic eHh4OnNlY3JldA==")},
		{"no secret", as("Basic YWNjLWlkOg==")},
		{"the hash of the secret", as("Basic " + sum("secret"))},
		{"broken base 64", as("Basic !!!")},
		{"another scheme", as("Digest YWNjLWlkOnNlY3JldA==")},
		{"a token that is none", as("Bearer abc")},
		{"a token of four parts", as("Bearer access.YWNjLWlk.secret.0")},
		{"a token without a seal", as("Bearer access.YWNjLWlk.secret.0.")},
		{"a token with another seal", as("Bearer access.YWNjLWlk.secret.0.AAAA")},
		{"another method", request(http.MethodGet, "/v4/payment", live, "application/json", payment)},
		{"an unknown endpoint", post("steal", live, payment)},
		{"an endpoint with a slash", post("payment/", live, payment)},
		{"another media type", request(http.MethodPost, "/v4/payment", live, "application/xml", payment)},
		{"a broken media type", request(http.MethodPost, "/v4/payment", live, "a/b/c", payment)},
		{"an empty body", post("payment", live, "")},
		{"half a body", post("payment", live, payment[:40])},
		{"an array", post("payment", live, "[]")},
		{"null", post("payment", live, "null")},
		{"broken UTF-8", post("payment", live, "{\"a\":\"\xff\"}")},
		{"too deep", post("payment", live, strings.Repeat("[", 100)+strings.Repeat("]", 100))},
		{"too large", post("payment", live, `"`+strings.Repeat("a", 70_000)+`"`)},
		{"too many fields", request(http.MethodPost, "/v4/payment", live, "application/x-www-form-urlencoded", manyFields())},
		{"a form with a field twice", request(http.MethodPost, "/v4/payment", live, "application/x-www-form-urlencoded", "barcode=1&barcode=2")},
		{"a broken form", request(http.MethodPost, "/v4/payment", live, "application/x-www-form-urlencoded", "a=%zz")},
		{"a control character", changed("T1", `T\u0000`)},
		{"a long text", changed("T1", strings.Repeat("T", 600))},
		{"no transaction id", changed(`"merchant_tx_id":"tx-1",`, "")},
		{"an empty transaction id", changed("tx-1", "")},
		{"a long transaction id", changed("tx-1", strings.Repeat("t", 65))},
		{"no barcode", changed(`"barcode":"98802222100100123456",`, "")},
		{"an object as barcode", changed(`"98802222100100123456"`, "{}")},
		{"no amount", changed(`"requested_amount":1250,`, "")},
		{"amount zero", changed("1250", "0")},
		{"amount negative", changed("1250", "-1")},
		{"amount with decimals", changed("1250", "12.5")},
		{"amount with an exponent", changed("1250", "1e3")},
		{"amount over 64 bits", changed("1250", "99999999999999999999")},
		{"unknown currency", changed("EUR", "XYZ")},
		{"a script as address", post("register", live, `{"merchant_tx_id":"1","requested_amount":1,"merchant_callback_url":"javascript:1"}`)},
		{"status of nothing", post("status", live, `{}`)},
		{"status of what is unknown", post("status", live, `{"merchant_tx_id":"unknown"}`)},
		{"refund of nothing", post("refund", live, `{"amount":1}`)},
		{"refund of what is unknown", post("refund", live, `{"acquirer_tx_id":"unknown","amount":1}`)},
		{"refund of a rehearsal, live", post("refund", live, `{"acquirer_tx_id":"SANDBOX00","amount":1}`)},
		{"receipt of what is unknown", post("receipt", live, `{"acquirer_tx_id":"unknown"}`)},
		{"heartbeat of another branch", post("heartbeat", live, `{"branch_ext_id":"elsewhere"}`)},
		{"merchant_token", post("merchant_token", live, `{}`)},
		{"loyalty", post("loyalty/status", live, `{}`)},
	}
	var text strings.Builder
	for _, tt := range cases {
		answer := newCounter().ask(t, tt.request)
		if answer[0] != '4' {
			t.Errorf("%s: %s", tt.name, answer)
		}
		status, _, _ := strings.Cut(answer, "\n")
		fmt.Fprintf(&text, "%-30s %-24s %s\n", tt.name, status, bodyOf(answer))
	}
	apitest.Golden(t, "refused.txt", text.String())
}

func manyFields() string {
	all := make([]string, 100)
	for i := range all {
		all[i] = fmt.Sprintf("f%d=1", i)
	}
	return strings.Join(all, "&")
}

// TestOwns takes the paths of the protocol and no other.
func TestOwns(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/v4/payment": true, "/v4/loyalty/status": true, "/oauth2/token": true,
		"/v1/payments": false, "/v4": false, "/v40/payment": false, "/oauth2/authorize": false,
	} {
		r, err := http.NewRequest(http.MethodPost, "https://pay.example"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := dialect.Owns(r); got != want {
			t.Errorf("%s: want %t, got %t", path, want, got)
		}
	}
}

// FuzzRequests never makes the dialect panic, and never answers with a fault.
func FuzzRequests(f *testing.F) {
	f.Add("payment", "application/json", payment, true)
	f.Add("register", "application/x-www-form-urlencoded", "merchant_tx_id=1&requested_amount=1", false)
	f.Add("refund", "text/plain", `{"acquirer_tx_id":"SANDBOX","amount":"1.0"}`, true)
	f.Add("cancel", "", `{"merchant_tx_id":"tx-1"}`, false)
	f.Fuzz(func(t *testing.T, endpoint, media, body string, inSandbox bool) {
		c := newCounter()
		c.ask(t, post("payment", live, payment))
		r, err := http.NewRequest(http.MethodPost, "https://pay.example/v4/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Path += endpoint
		r.Header = http.Header{"Authorization": {live}, "Content-Type": {media}}
		if inSandbox {
			r.Header.Set("Authorization", sandbox)
		}
		answer := c.answer(r, []byte(body))
		if answer.Status < 200 || answer.Status > 500 || answer.Status == 500 && !inSandbox {
			t.Errorf("%d: %s", answer.Status, answer.Body)
		}
	})
}

// TestThePageLeadsBackToTheShop by how the order stands.
func TestThePageLeadsBackToTheShop(t *testing.T) {
	t.Parallel()
	c := newCounter()
	c.ask(t, post("register", live, `{"merchant_tx_id":"tx-1","scheme":"AUTO","currency":"EUR","requested_amount":1250,"terminal":"till-1","source":"ecommerce",`+
		`"return_url_success":"https://shop.example/s","return_url_failure":"https://shop.example/f","return_url_cancel":"https://shop.example/c"}`))
	sale, err := c.Sale("tx-1")
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[string]string{"open": "c", "held": "c", "closed": "c", "expired": "f", "paid": "s"} {
		sale.Order.Status = status
		if got := dialect.ReturnURL(sale); got != "https://shop.example/"+want {
			t.Errorf("%s: want %s, got %s", status, want, got)
		}
	}
	if got := dialect.ReturnURL(api.Sale{Order: sale.Order, Memo: []byte("{")}); got != "" {
		t.Errorf("of an unreadable sale: %s", got)
	}
}
