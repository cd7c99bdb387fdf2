// Package vipps translates between our contract and that of Vipps MobilePay: access
// tokens, ePayment 1.4.1, webhooks and the QR API, for a merchant whose system speaks
// them. Any wallet of the network may pay. It decides nothing about a payment and keeps
// nothing itself: what it must remember is the memo of a sale, or a document of the
// client. Towards wallets Vipps publishes no protocol: that wallet speaks ours.
package vipps

import (
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Name is that of the dialect, as clients have it.
const Name = "vipps"

// A Dialect answers requests of Vipps MobilePay's merchants. It is safe for concurrent
// use.
type Dialect struct {
	secret []byte
}

// New returns the dialect. Under the secret it signs access tokens: who changes it makes
// all tokens void.
func New(secret [32]byte) *Dialect { return &Dialect{secret: secret[:]} }

// Owns reports whether the request is one of this protocol: by its path alone.
func (d *Dialect) Owns(r *http.Request) bool {
	for _, root := range []string{"/accesstoken/", "/miami/", "/epayment/", "/webhooks/", "/qr/"} {
		if strings.HasPrefix(r.URL.Path, root) {
			return true
		}
	}
	return false
}

// Answer answers a request of this protocol.
func (d *Dialect) Answer(q api.Question) api.Answer {
	c := d.call(q)
	switch {
	case c.is("accesstoken", "get"):
		return c.only(http.MethodPost, c.accessToken)
	case c.is("miami", "v1", "token"):
		return c.only(http.MethodPost, c.shortToken)
	case c.begins("epayment", "v1"):
		return c.payments()
	case c.begins("webhooks", "v1", "webhooks"):
		return c.webhooks()
	case c.begins("qr", "v1"):
		return c.codes()
	case c.begins("qr", "to"):
		return c.scanned()
	}
	return c.refuse(noSuchPath)
}

// Refuse answers a request that was refused before anybody looked at it.
func (d *Dialect) Refuse(q api.Question, why error) api.Answer {
	c := d.call(q)
	if reason, _ := hansa.ReasonOf(why); reason == hansa.Malformed {
		return c.refuse(badRequest.about("body", "The body ended early."))
	}
	return c.fail(reading, why)
}

func (d *Dialect) call(q api.Question) *call {
	return &call{Question: q, dialect: d, path: strings.Split(strings.Trim(q.Request.URL.Path, "/"), "/")}
}

// A call is a question on its way to an answer.
type call struct {
	api.Question

	dialect *Dialect
	path    []string // the parts of the request's path
	client  api.Client
	counter api.Counter
	key     string // the Idempotency-Key; empty: there is none
}

// is reports whether the path has exactly these parts; an empty one stands for any.
func (c *call) is(parts ...string) bool { return len(c.path) == len(parts) && c.begins(parts...) }

func (c *call) begins(parts ...string) bool {
	if len(c.path) < len(parts) {
		return false
	}
	for i, part := range parts {
		if part != "" && part != c.path[i] || c.path[i] == "" {
			return false
		}
	}
	return true
}

// only answers a request with the last method that the path has, beside others that were
// looked at before.
func (c *call) only(method string, answer func() api.Answer, others ...string) api.Answer {
	if c.Request.Method == method {
		return answer()
	}
	refused := c.refuse(noSuchMethod)
	refused.Header.Set("Allow", strings.Join(append(others, method), ", "))
	return refused
}

// payments answers what the ePayment API owns.
func (c *call) payments() api.Answer {
	switch {
	case c.is("epayment", "v1", "payments"):
		return c.only(http.MethodPost, c.asMerchant(needsKey, c.create))
	case c.is("epayment", "v1", "payments", ""):
		return c.only(http.MethodGet, c.asMerchant(keyless, c.show))
	case c.is("epayment", "v1", "payments", "", "events"):
		return c.only(http.MethodGet, c.asMerchant(keyless, c.events))
	case c.is("epayment", "v1", "payments", "", "capture"):
		return c.only(http.MethodPost, c.asMerchant(needsKey, c.capture))
	case c.is("epayment", "v1", "payments", "", "refund"):
		return c.only(http.MethodPost, c.asMerchant(needsKey, c.refund))
	case c.is("epayment", "v1", "payments", "", "cancel"):
		return c.only(http.MethodPost, c.asMerchant(needsKey, c.cancel))
	case c.is("epayment", "v1", "test", "payments", "", "approve"):
		return c.only(http.MethodPost, c.asMerchant(keyless, c.approve))
	}
	return c.refuse(noSuchPath)
}

// webhooks answers what the Webhooks API owns.
func (c *call) webhooks() api.Answer {
	switch {
	case c.is("webhooks", "v1", "webhooks") && c.Request.Method == http.MethodGet:
		return c.asMerchant(keyless, c.listHooks)()
	case c.is("webhooks", "v1", "webhooks"):
		return c.only(http.MethodPost, c.asMerchant(keyless, c.registerHook), http.MethodGet)
	case c.is("webhooks", "v1", "webhooks", ""):
		return c.only(http.MethodDelete, c.asMerchant(keyless, c.deleteHook))
	}
	return c.refuse(noSuchPath)
}

// answered is an answer with a body of JSON.
func answered(status int, body any) api.Answer {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	return api.Answer{Status: status, Header: header, Body: api.Encode(body)}
}
