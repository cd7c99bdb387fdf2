package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
)

// TestBadInputIsRefusedAndChangesNothing, over a real connection: each kind has
// its own stable reason, the journal does not grow, and the network goes on.
func TestBadInputIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	nets, ola := n.as("nets"), n.payer("vipps", sim.AcceptsAlways)
	used := n.payer("vipps", sim.AcceptsAlways).code()
	paid, err := nets.ask("bergen-cafe", used, "bill-of-used", fullPrice)
	if err != nil || nets.outcome(paid.Reference) != "approved" {
		t.Fatal(paid, err)
	}
	old := ola.code()
	n.clock.pass(61 * time.Second)
	code := ola.code()
	wish := func(edit func(*api.AskPayment)) []byte {
		ask := api.AskPayment{
			RequestID: fresh("req"), Code: code, Amount: amount(fullPrice), Store: "bergen-cafe",
			Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: "bill",
		}
		edit(&ask)
		return api.Encode(ask)
	}
	good := wish(func(*api.AskPayment) {})
	with := func(old, new string) []byte {
		return bytes.Replace(wish(func(*api.AskPayment) {}), []byte(old), []byte(new), 1)
	}
	before := n.height()
	for name, tt := range map[string]struct {
		body []byte
		want hansa.Reason
	}{
		"unknown code":        {wish(func(a *api.AskPayment) { a.Code = drawn(t, code[:6]) }), hansa.CodeUnknown},
		"code of no wallet":   {wish(func(a *api.AskPayment) { a.Code = drawn(t, "709999") }), hansa.CodeUnknown},
		"code of a shop":      {wish(func(a *api.AskPayment) { a.Code = "4006381333931" }), hansa.CodeUnknown},
		"misread code":        {wish(func(a *api.AskPayment) { a.Code = code[:23] + string('0'+(code[23]-'0'+1)%10) }), hansa.CodeInvalid},
		"used code":           {wish(func(a *api.AskPayment) { a.Code = used }), hansa.CodeUsed},
		"expired code":        {wish(func(a *api.AskPayment) { a.Code = old }), hansa.CodeExpired},
		"wrong scale":         {with(`"value":10000`, `"value":100.5`), hansa.InvalidScale},
		"zero":                {with(`"value":10000`, `"value":0`), hansa.InvalidAmount},
		"below zero":          {with(`"value":10000`, `"value":-10000`), hansa.InvalidAmount},
		"huge":                {with(`"value":10000`, `"value":9223372036854775807`), hansa.InvalidAmount},
		"beyond all integers": {with(`"value":10000`, `"value":99999999999999999999999`), hansa.InvalidAmount},
		"unknown currency":    {with(`"NOK"`, `"XQZ"`), hansa.UnknownCurrency},
		"other currency":      {with(`"NOK"`, `"SEK"`), hansa.CurrencyMismatch},
		"unknown field":       {with(`{`, `{"tip":1,`), hansa.UnknownField},
		"broken UTF-8":        {with(`"bill"`, "\"bi\xff\""), hansa.Malformed},
		"deep JSON":           {with(`"bill"`, strings.Repeat("[", 30_000)+strings.Repeat("]", 30_000)), hansa.Malformed},
		"no JSON":             {[]byte("code=1&amount=2"), hansa.Malformed},
		"order paid before":   {with(`"bill"`, `"bill-of-used"`), hansa.OrderReferenceTaken},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, tt.want, nets.request(t, http.MethodPost, "/v1/payments?wait=0", tt.body))
		})
	}
	t.Run("signatures", func(t *testing.T) { n.refusesSignatures(t, good) })
	t.Run("a gigabyte", func(t *testing.T) { n.refusesGigabytes(t) })
	if n.height() != before {
		t.Errorf("the journal has grown by %d blocks", n.height()-before)
	}
	n.goesOn(t)
}

// drawn is a payment code that was never issued.
func drawn(t *testing.T, issuer string) string {
	t.Helper()
	code, err := qr.NewPaymentCode(issuer, qr.Issued, chance())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// refusesSignatures: a signature by nobody, of something else, too old, and used
// a second time.
func (n *network) refusesSignatures(t *testing.T, good []byte) {
	t.Helper()
	nets := n.as("nets")
	const path = "/v1/payments?wait=0"
	unsigned := nets.request(t, http.MethodPost, path, good)
	unsigned.Header.Del("Signature")
	unsigned.Header.Del("Signature-Input")
	wantProblem(t, hansa.Unsigned, unsigned)

	other := n.as("vipps")
	other.client.KeyID = nets.client.KeyID
	wantProblem(t, hansa.BadSignature, other.request(t, http.MethodPost, path, good))

	changed := nets.request(t, http.MethodPost, path, good)
	changed.Body = io.NopCloser(bytes.NewReader(bytes.Replace(good, []byte("10000"), []byte("10001"), 1)))
	wantProblem(t, hansa.BadSignature, changed)

	elsewhere := nets.request(t, http.MethodPost, path, good)
	elsewhere.URL.Path = "/v1/orders"
	wantProblem(t, hansa.BadSignature, elsewhere)

	stranger := n.as("nets")
	stranger.client.KeyID = "nets#9"
	wantProblem(t, hansa.UnknownKey, stranger.request(t, http.MethodPost, path, good))

	early := nets.request(t, http.MethodPost, path, good)
	n.clock.pass(301 * time.Second)
	wantProblem(t, hansa.SignatureExpired, early)
}

// refusesGigabytes whether or not they say how long they are, and without
// reading them.
func (n *network) refusesGigabytes(t *testing.T) {
	t.Helper()
	for _, length := range []int64{1 << 30, -1} {
		r := n.as("nets").request(t, http.MethodPost, "/v1/payments", []byte("{}"))
		flood := &counted{from: io.LimitReader(endless{}, 1<<30)}
		r.Body, r.ContentLength, r.GetBody = io.NopCloser(flood), length, nil
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := api.ReadBody(answer.Body, api.BodyMax)
		if err := errors.Join(err, answer.Body.Close()); err != nil {
			t.Error(err)
		}
		if answer.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(body, []byte(hansa.TooLarge)) {
			t.Errorf("%s %s", answer.Status, body)
		}
		if flood.count > 64<<20 {
			t.Errorf("%d bytes were taken in", flood.count)
		}
	}
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = ' '
	}
	return len(into), nil
}

// A counted reader knows how much was read.
type counted struct {
	from  io.Reader
	count int64
}

func (c *counted) Read(into []byte) (int, error) {
	n, err := c.from.Read(into)
	c.count += int64(n)
	return n, err
}

// goesOn: a good request is made once, and its nonce and its request id are good
// for no other.
func (n *network) goesOn(t *testing.T) {
	t.Helper()
	nets, ola := n.as("nets"), n.payer("vipps", sim.AcceptsAlways)
	const path = "/v1/payments?wait=0"
	ask := api.AskPayment{
		RequestID: fresh("req"), Code: ola.code(), Amount: amount(fullPrice), Store: "bergen-cafe",
		Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: fresh("bill"),
	}
	good := api.Encode(ask)
	send := func(body []byte, nonce string) *http.Request {
		r := nets.request(t, http.MethodPost, path, body)
		r.Header.Del("Signature")
		r.Header.Del("Signature-Input")
		nets.sign(t, r, body, nonce)
		return r
	}
	once := nonce()
	if status, reason := problemOf(t, send(good, once)); status != http.StatusCreated {
		t.Fatal(status, reason)
	}
	until(t, "the payer has paid", func() bool { return ola.spent() == fullPrice })
	wantProblem(t, hansa.Replayed, send(good, once))
	ask.OrderReference = fresh("bill")
	wantProblem(t, hansa.RequestIDReused, send(api.Encode(ask), nonce()))
	if status, reason := problemOf(t, send(good, nonce())); status != http.StatusCreated {
		t.Errorf("the same request again: %d %s", status, reason)
	}
	if ola.spent() != fullPrice {
		t.Errorf("%s spent", ola.spent())
	}
	healthy, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.url+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, reason := problemOf(t, healthy); status != http.StatusOK {
		t.Errorf("health: %d %s", status, reason)
	}
}

// TestFiveMissesStopATerminal: who guesses codes has to wait, and a good code has
// to wait with the terminal.
func TestFiveMissesStopATerminal(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	nets := n.as("nets")
	// All of it within one minute of the clock.
	n.clock.pass(n.clock.now().Truncate(time.Minute).Add(61 * time.Second).Sub(n.clock.now()))
	code := n.payer("vipps", sim.AcceptsAlways).code()
	for range 5 {
		_, err := nets.ask("bergen-cafe", drawn(t, code[:6]), fresh("bill"), fullPrice)
		wantReason(t, hansa.CodeUnknown, err)
	}
	_, err := nets.ask("bergen-cafe", code, fresh("bill"), fullPrice)
	wantReason(t, hansa.TooManyMisses, err)
	if _, err := n.as("vipps").ask("bergen-cafe", code, fresh("bill"), fullPrice); err != nil {
		t.Errorf("at another terminal: %v", err)
	}
	n.clock.pass(time.Minute)
	if _, err := nets.ask("bergen-cafe", n.payer("vipps", sim.AcceptsAlways).code(), fresh("bill"), fullPrice); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}
