// Package nexi speaks the payment API of Nexi Checkout, formerly Nets Easy, with shops
// that were built for it: payments with a hosted page, charges, refunds, cancels and
// webhooks. A payment of that protocol is an order of ours, which any wallet may pay.
// The package translates and holds no rule of its own; what a shop said beside the
// money it keeps in the memo of the sale.
package nexi

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Name is what the dialect is called in a Client.
const Name = "nexi"

// SecretKey names the only secret of a client: the key that it sends as Authorization.
const SecretKey = "secret_key"

// Dialect translates Nexi Checkout towards shops.
type Dialect struct{}

// ClientID returns the id of the client that shows this secret key. The protocol sends
// no other name, so the id is made of the key: 32 hexadecimal digits of its SHA-256.
func ClientID(secretKey string) string {
	sum := sha256.Sum256([]byte(secretKey))
	return hex.EncodeToString(sum[:16])
}

// Owns reports whether a request is of this protocol. Our own API has some of the same
// paths; here Authorization is a bare key without a scheme, and there is no signature.
func (Dialect) Owns(r *http.Request) bool {
	key := r.Header.Get("Authorization")
	if key == "" || strings.ContainsAny(key, " \t") || r.Header.Get("Signature-Input") != "" {
		return false
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/v1/")
	first, _, _ := strings.Cut(path, "/")
	switch first {
	case "payments", "charges", "refunds", "pending-refunds", "paymentmethods":
		return ok
	}
	return false
}

// A desk serves one request of a client that is known.
type desk struct {
	api.Question

	client  api.Client
	counter api.Counter
}

// Answer answers a request of a shop. It never fails: what is refused is said in the
// words of the protocol.
func (Dialect) Answer(q api.Question) api.Answer {
	client, err := identify(q)
	if err != nil {
		return refusal(err)
	}
	answer, err := (&desk{Question: q, client: client, counter: q.Serve(client)}).serve()
	if err != nil {
		return refusal(err)
	}
	return answer
}

// identify finds whose key the request shows.
func identify(q api.Question) (api.Client, error) {
	key := q.Request.Header.Get("Authorization")
	client, known := q.Clients(Name, ClientID(key))
	sum := sha256.Sum256([]byte(key))
	shown := []byte(hex.EncodeToString(sum[:]))
	if !known || subtle.ConstantTimeCompare(shown, []byte(client.Secrets[SecretKey])) != 1 {
		return api.Client{}, hansa.Refuse(hansa.UnknownKey, "the secret key is not known here")
	}
	return client, nil
}

// A route is an operation of the protocol. The star in its shape is the id that do gets.
type route struct {
	method string
	shape  string
	do     func(id string) (api.Answer, error)
}

func (d *desk) routes() []route {
	return []route{
		{http.MethodPost, "payments", d.create},
		{http.MethodGet, "payments/*", d.retrieve},
		{http.MethodPost, "payments/*/charges", d.charge},
		{http.MethodPost, "payments/*/refunds", d.refundPayment},
		{http.MethodPost, "payments/*/cancels", d.cancel},
		{http.MethodPut, "payments/*/referenceinformation", d.setReference},
		{http.MethodPut, "payments/*/myreference", d.setMyReference},
		{http.MethodPut, "payments/*/orderitems", d.setItems},
		{http.MethodPut, "payments/*/terminate", d.terminate},
		{http.MethodGet, "charges/*", d.retrieveCharge},
		{http.MethodPost, "charges/*/refunds", d.refundCharge},
		{http.MethodGet, "refunds/*", d.retrieveRefund},
		{http.MethodPost, "pending-refunds/*/cancel", d.cancelRefund},
		{http.MethodGet, "paymentmethods", d.paymentMethods},
	}
}

// serve finds the operation by method and path.
func (d *desk) serve() (api.Answer, error) {
	parts := strings.Split(strings.TrimPrefix(d.Request.URL.Path, "/v1/"), "/")
	id := ""
	if len(parts) > 1 {
		id, parts[1] = parts[1], "*"
	}
	shape, allowed := strings.Join(parts, "/"), []string(nil)
	for _, r := range d.routes() {
		if r.shape != shape || len(parts) > 1 && !isID(id) {
			continue
		}
		if r.method == d.Request.Method {
			return r.do(id)
		}
		allowed = append(allowed, r.method)
	}
	if allowed != nil {
		answer := refusal(hansa.Refuse(hansa.MethodNotAllowed, "%s is not possible here", d.Request.Method))
		answer.Header.Set("Allow", strings.Join(allowed, ", "))
		return answer, nil
	}
	return api.Answer{}, hansa.Refuse(hansa.NotFound, "no such resource")
}

// told answers with a JSON body; without one where body is nil.
func told(status int, body any) api.Answer {
	answer := api.Answer{Status: status, Header: http.Header{}}
	if body != nil {
		answer.Header.Set("Content-Type", "application/json")
		answer.Body = api.Encode(body)
	}
	return answer
}
