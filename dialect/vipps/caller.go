package vipps

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Limits of header fields.
const (
	keyMax    = 50 // characters of an Idempotency-Key
	systemMax = 30 // characters of a Vipps-System-… field
)

// How often a minute a reference may be asked about or changed.
const (
	changesAMinute = 5   // of each kind: create, capture, refund, cancel
	readsAMinute   = 120 // of each kind
)

var msnForm = regexp.MustCompile(`^[0-9]{4,7}$`)

// A keyRule says whether a request needs an Idempotency-Key.
type keyRule bool

const (
	needsKey keyRule = true
	keyless  keyRule = false
)

// asMerchant answers once the caller is known to be a client.
func (c *call) asMerchant(rule keyRule, answer func() api.Answer) func() api.Answer {
	return func() api.Answer {
		if refusal := c.enter(rule); refusal.Status != 0 {
			return c.refuse(refusal)
		}
		return answer()
	}
}

// enter finds out who calls. What it refuses has a status.
func (c *call) enter(rule keyRule) problem {
	h := c.Request.Header
	client, refusal := c.bearer()
	if refusal.Status != 0 {
		return refusal
	}
	if !holds(client, "Ocp-Apim-Subscription-Key", h.Get("Ocp-Apim-Subscription-Key")) {
		return unauthorized.about("Ocp-Apim-Subscription-Key", "The subscription key is missing or not valid.")
	}
	for _, name := range []string{"Vipps-System-Name", "Vipps-System-Version", "Vipps-System-Plugin-Name", "Vipps-System-Plugin-Version"} {
		if len([]rune(h.Get(name))) > systemMax {
			return badRequest.about(name, "The field must have at most 30 characters.")
		}
	}
	c.key = h.Get("Idempotency-Key")
	if len([]rune(c.key)) > keyMax || rule == needsKey && c.key == "" {
		return badRequest.about("Idempotency-Key", "The field is required and has at most 50 characters.")
	}
	c.client, c.counter = client, c.Serve(client)
	return problem{}
}

// bearer returns the client that the access token and the sales unit name. A sandbox may
// give a client a token that stays, as one of its secrets.
func (c *call) bearer() (api.Client, problem) {
	noToken := unauthorized.about("Authorization", "The access token is missing, not ours or expired.")
	scheme, token, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	claimed, believed := c.dialect.believe(token, c.Now)
	msn := c.Request.Header.Get("Merchant-Serial-Number")
	if msn == "" && believed && c.path[0] != "epayment" {
		msn = claimed.Subject
	}
	client, known := c.Clients(Name, msn)
	stays := known && holds(client, "access_token", token)
	switch {
	case !strings.EqualFold(scheme, "Bearer") || !believed && !stays:
		return client, noToken
	case !msnForm.MatchString(msn):
		return client, badRequest.about("Merchant-Serial-Number", "The field must match the regular expression '"+msnForm.String()+"'.")
	case !known || !stays && credentialsOf(client) != claimed.Credentials:
		return client, forbidden.about("Merchant-Serial-Number", "The access token is not one for this sales unit.")
	}
	return client, problem{}
}

// may counts a request about a reference and reports whether it is not one too many.
func (c *call) may(what, reference string, aMinute int) bool {
	return c.Allow == nil || c.Allow(c.client, what+" "+reference, aMinute)
}

// requestID is the network's request id of a change under the Idempotency-Key. No
// reference of a sale begins like it.
func (c *call) requestID() string {
	sum := sha256.Sum256([]byte(c.key))
	return "key:" + hex.EncodeToString(sum[:20])
}

// fingerprint is what another request under the same Idempotency-Key differs in.
func (c *call) fingerprint() string {
	sum := sha256.New()
	for _, part := range []string{c.Request.Method, c.Request.URL.Path, string(c.Body)} {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// traceID names a request in the form of W3C Trace Context. A request that is repeated
// under its Idempotency-Key keeps it, so that the answer is the same to the last byte.
func (c *call) traceID() string {
	drawn := c.Chance.Draw("trace")
	if c.key != "" {
		drawn = hansa.Chance(sha256.Sum256([]byte(c.client.ID + " " + c.key))).Draw(c.fingerprint())
	}
	return "00-" + hex.EncodeToString(drawn[:16]) + "-" + hex.EncodeToString(drawn[16:24]) + "-00"
}

// read reads a body of JSON into a message. Members that we do not know are no error:
// the protocol grows.
func (c *call) read(into any) problem {
	if err := api.CheckJSON(c.Body); err != nil {
		return badRequest.about("body", "The body is not JSON.")
	}
	if err := json.Unmarshal(c.Body, into); err != nil {
		return badRequest.about("body", wrongMember(err))
	}
	return problem{}
}
