// Package alipay translates between our contract and Alipay's: AMS for merchants,
// Alipay+ ACQP for acquirers and Alipay+ MPP for wallets, in both directions. All
// three share one envelope, which is signed with RSA over the bytes as they are sent.
// It decides nothing about a payment and keeps nothing: what it must remember of a
// request is the memo that the network keeps with the sale.
package alipay

import (
	"crypto/rsa"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Name is that of the dialect, as clients have it.
const Name = "alipay"

// KeyBitsMin is the least length of a key, the network's as well as a client's.
const KeyBitsMin = 2048

// Config is what the network needs to speak Alipay.
type Config struct {
	Key        *rsa.PrivateKey // signs answers, notices and calls; KeyBitsMin or longer
	KeyVersion int             // told with each signature; zero: 1
	ID         string          // by which wallets know the network as acquirer; empty: hansa
}

// A Dialect speaks Alipay in the name of the network. It is safe for concurrent use.
type Dialect struct {
	signer signer
	id     string
	routes map[string]operation
}

// New returns the dialect. It panics at a key that is too short to be believed.
func New(c Config) *Dialect {
	d := &Dialect{signer: newSigner(c.Key, c.KeyVersion), id: c.ID, routes: routes()}
	if d.id == "" {
		d.id = "hansa"
	}
	return d
}

// An operation answers one request whose sender is known. What it returns is a
// message with a result of status S or U; an error is told as a result.
type operation func(exchange) (any, error)

// An exchange is one request and whoever serves it.
type exchange struct {
	api.Question

	client  api.Client
	counter api.Counter
	plus    bool   // Alipay+, not AMS
	network string // by which wallets know the network as acquirer
}

// routes are the operations by family, group and name.
func routes() map[string]operation {
	return map[string]operation{
		"ams/payments/pay":                  exchange.pay,
		"ams/payments/inquiryPayment":       exchange.inquirePayment,
		"ams/payments/cancel":               exchange.cancel,
		"ams/payments/refund":               exchange.refund,
		"ams/payments/inquiryRefund":        exchange.inquireRefund,
		"ams/payments/capture":              exchange.capture,
		"ams/payments/consult":              exchange.consult,
		"ams/payments/createPaymentSession": exchange.openSession,
		"ams/payments/inquireExchangeRate":  exchange.inquireRates,

		"aps/payments/pay":            exchange.pay,
		"aps/payments/inquiryPayment": exchange.inquirePayment,
		"aps/payments/cancelPayment":  exchange.cancel,
		"aps/payments/refund":         exchange.refund,
		"aps/payments/consultPayment": exchange.consult,

		"aps/codes/getPaymentCode":                 exchange.fetchCodes,
		"aps/codes/inquiryCodeRules":               exchange.codeRules,
		"aps/payments/userInitiatedPay":            exchange.announce,
		"aps/payments/notifyPayment":               exchange.hearOutcome,
		"aps/payments/inquiryForeignExchangeQuote": exchange.inquireQuote,
	}
}

// route takes a path apart, such as /ams/sandbox/api/v1/payments/pay, in which a
// slash may be doubled. It is empty for paths of others.
func route(path string) (family, name string) {
	segments := slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
	if len(segments) == 0 || segments[0] != "ams" && segments[0] != "aps" {
		return "", ""
	}
	family = segments[0]
	if len(segments) < 4 {
		return family, ""
	}
	group := strings.Join(segments[len(segments)-2:], "/")
	switch strings.Join(segments[1:len(segments)-2], "/") {
	case "api/v1", "sandbox/api/v1":
		return family, family + "/" + group
	case "v1":
		if group == "payments/inquiryForeignExchangeQuote" {
			return family, family + "/" + group
		}
	}
	return family, ""
}

// Owns reports whether a request is one of Alipay's, by its path.
func (*Dialect) Owns(r *http.Request) bool {
	family, _ := route(r.URL.Path)
	return family != ""
}

// Answer answers a request. The status is always 200: what came of it stands in the
// result, and the answer is signed whatever came of it.
func (d *Dialect) Answer(q api.Question) api.Answer {
	message, err := d.answer(q)
	if err != nil {
		message = refused{resultOf(err)}
	}
	return d.signer.answer(q, api.Encode(message))
}

// Refuse answers a request that was refused before anybody looked at it. Where there are
// too many at a time the answer is not signed, which would cost more than all the rest of
// it: a client that verifies answers does not know then what came of its request, which
// is what the result says.
func (d *Dialect) Refuse(q api.Question, why error) api.Answer {
	body := api.Encode(refused{resultOf(why)})
	if reason, _ := hansa.ReasonOf(why); reason != hansa.Overloaded {
		return d.signer.answer(q, body)
	}
	header := http.Header{"Content-Type": {"application/json; charset=UTF-8"}, "Retry-After": {"1"}}
	return api.Answer{Status: http.StatusServiceUnavailable, Header: header, Body: body}
}

// refused is an answer that has nothing but its result.
type refused struct {
	Result Result `json:"result"`
}

func (d *Dialect) answer(q api.Question) (any, error) {
	family, name := route(q.Request.URL.Path)
	serve, known := d.routes[name]
	if !known {
		return nil, reject(noInterface, "there is no %s", shortened(q.Request.URL.EscapedPath()))
	}
	client, err := open(q)
	if err != nil {
		return nil, err
	}
	return serve(exchange{Question: q, client: client, counter: q.Serve(client), plus: family == "aps", network: d.id})
}

// shortened bounds what is repeated of a request in an answer to it.
func shortened(text string) string {
	const most = 128
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Sprintf("%+q", text)
}
