package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/web"
)

// height is how far the journal has grown.
func (n *network) height() int64 {
	n.t.Helper()
	head, err := n.hub.Read().Head(context.Background())
	if err != nil {
		n.t.Fatal(err)
	}
	return head.Height
}

// TestBadBodiesAreRefused: each kind of bad body has its reason, and nothing
// changes.
func TestBadBodiesAreRefused(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	code := n.code("vipps", "ola")
	ask := n.ask(code)
	ask.RequestID = "r-1"
	good := string(api.Encode(ask))
	before := n.height()
	with := func(member, value string) string {
		start := strings.Index(good, `"`+member+`":`) + len(member) + 3
		end := start + strings.IndexAny(good[start:], ",}")
		if member == "amount" {
			end = start + strings.Index(good[start:], "}") + 1
		}
		return good[:start] + value + good[end:]
	}
	for name, tt := range map[string]struct {
		body string
		want hansa.Reason
	}{
		"empty":                   {"", hansa.Malformed},
		"no object":               {"[]", hansa.Malformed},
		"cut off":                 {good[:len(good)-1], hansa.Malformed},
		"something behind":        {good + "{}", hansa.Malformed},
		"unknown member":          {strings.Replace(good, "{", `{"tip":1,`, 1), hansa.UnknownField},
		"member twice":            {strings.Replace(good, "{", `{"code":"1",`, 1), hansa.Malformed},
		"member in capitals":      {strings.Replace(good, `"code"`, `"Code"`, 1), hansa.UnknownField},
		"broken UTF-8":            {strings.Replace(good, "bergen", "ber\xffgen", 1), hansa.Malformed},
		"half a surrogate pair":   {strings.Replace(good, "bergen", `\ud800`, 1), hansa.Malformed},
		"deep":                    {with("amount", strings.Repeat("[", 5000)+strings.Repeat("]", 5000)), hansa.Malformed},
		"too large":               {with("code", `"`+strings.Repeat("1", api.BodyMax)+`"`), hansa.TooLarge},
		"no request id":           {with("request_id", `""`), hansa.Malformed},
		"request id null":         {with("request_id", `null`), hansa.Malformed},
		"long request id":         {with("request_id", `"`+strings.Repeat("r", 65)+`"`), hansa.Malformed},
		"request id with a space": {with("request_id", `"r 1"`), hansa.Malformed},
		"zero":                    {with("amount", `{"value":0,"currency":"NOK"}`), hansa.InvalidAmount},
		"negative":                {with("amount", `{"value":-1,"currency":"NOK"}`), hansa.InvalidAmount},
		"huge":                    {with("amount", `{"value":1000000000000001,"currency":"NOK"}`), hansa.InvalidAmount},
		"beyond 64 bits":          {with("amount", `{"value":99999999999999999999,"currency":"NOK"}`), hansa.InvalidAmount},
		"half an øre":             {with("amount", `{"value":100.5,"currency":"NOK"}`), hansa.InvalidScale},
		"amount as text":          {with("amount", `{"value":"100.00","currency":"NOK"}`), hansa.Malformed},
		"unknown currency":        {with("amount", `{"value":100,"currency":"XYZ"}`), hansa.UnknownCurrency},
		"other currency":          {with("amount", `{"value":100,"currency":"DKK"}`), hansa.CurrencyMismatch},
		"no such code":            {with("code", `"hello"`), hansa.CodeUnknown},
		"no such store":           {with("store", `"nowhere"`), hansa.NotFound},
		"store of another":        {with("store", `"vienna-coffee"`), hansa.NotFound},
		"store with a zero byte":  {with("store", `"a\u0000b"`), hansa.Malformed},
		"terminal of another":     {with("terminal", `"bergen-cafe-vipps"`), hansa.NotFound},
		"hidden order reference":  {with("order_reference", `"a\u202eb"`), hansa.InvalidName},
		"empty order reference":   {with("order_reference", `""`), hansa.InvalidName},
		"long order reference":    {with("order_reference", `"`+strings.Repeat("å", 65)+`"`), hansa.InvalidName},
		"negative part":           {strings.Replace(good, "{", `{"part":-1,`, 1), hansa.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// What is refused is remembered with its id, so each needs its own.
			body := strings.Replace(tt.body, `"r-1"`, `"`+n.nonce()+`"`, 1)
			answer := n.send("nets", request{method: http.MethodPost, path: "/v1/payments", body: []byte(body)})
			n.wantReason(tt.want, answer)
			if strings.Contains(string(answer.Body), code) {
				t.Errorf("the answer repeats the code: %s", answer.Body)
			}
		})
	}
	t.Cleanup(func() { // After all of them.
		if after := n.height(); after != before {
			t.Errorf("the journal has grown from %d to %d", before, after)
		}
		// The code is as good as before.
		n.answered(yes)
		answer := n.send("nets", request{method: http.MethodPost, path: "/v1/payments", body: []byte(good)})
		n.wantStatus(http.StatusCreated, answer)
	})
}

// TestBadSignaturesAreRefused before anything else is looked at.
func TestBadSignaturesAreRefused(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	body := api.Encode(n.ask(n.code("vipps", "ola")))
	other := api.Encode(n.ask(n.code("vipps", "ola")))
	before := n.height()
	for name, tt := range map[string]struct {
		wish request
		want hansa.Reason
	}{
		"none":            {request{noSign: true}, hansa.Unsigned},
		"unknown key":     {request{keyID: "nets#3"}, hansa.UnknownKey},
		"withdrawn key":   {request{keyID: "nets#2"}, hansa.UnknownKey},
		"stranger":        {request{keyID: "nobody#1"}, hansa.UnknownKey},
		"other path":      {request{spoil: func(r *http.Request) { r.RequestURI, r.URL.Path = "/v1/orders", "/v1/orders" }}, hansa.BadSignature},
		"other parameter": {request{spoil: func(r *http.Request) { r.RequestURI += "?wait=1" }}, hansa.BadSignature},
		"other body":      {request{spoil: func(r *http.Request) { r.Body = io.NopCloser(bytes.NewReader(other)) }}, hansa.BadSignature},
		"other digest": {request{spoil: func(r *http.Request) {
			r.Body = io.NopCloser(bytes.NewReader(other))
			r.Header.Set("Content-Digest", api.Digest(other))
		}}, hansa.BadSignature},
		"other signature": {request{spoil: func(r *http.Request) { r.Header.Set("Signature", "hansa=:"+strings.Repeat("A", 86)+"==:") }}, hansa.BadSignature},
		"two signatures":  {request{spoil: func(r *http.Request) { r.Header.Add("Signature", r.Header.Get("Signature")) }}, hansa.BadSignature},
		"no signature":    {request{spoil: func(r *http.Request) { r.Header.Del("Signature"); r.Header.Del("Signature-Input") }}, hansa.Unsigned},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.wish.method, tt.wish.path, tt.wish.body = http.MethodPost, "/v1/payments", body
			n.wantReason(tt.want, n.spoiled(tt.wish))
		})
	}
	t.Cleanup(func() { // After all of them.
		if after := n.height(); after != before {
			t.Errorf("the journal has grown from %d to %d", before, after)
		}
	})
}

// spoiled sends a request that was changed after it was signed: neither the
// document nor the binding of the answer apply to what its sender knows.
func (n *network) spoiled(wish request) api.Answer {
	n.t.Helper()
	r := httptest.NewRequest(wish.method, wish.path, bytes.NewReader(wish.body))
	r.URL.Scheme, r.URL.Host, r.Host = "https", "pay.example", "pay.example"
	r.Header.Set("Content-Type", api.MediaJSON)
	if !wish.noSign {
		keyID := wish.keyID
		if keyID == "" {
			keyID = "nets#1"
		}
		if err := api.SignRequest(r, wish.body, api.Signing{KeyID: keyID, Key: private(keyID), Now: n.time(), Nonce: n.nonce()}); err != nil {
			n.t.Fatal(err)
		}
	}
	if wish.spoil != nil {
		wish.spoil(r)
	}
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, r)
	return api.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

func TestOldAndNewSignaturesAreRefused(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	wish := request{method: http.MethodPost, path: "/v1/payments", body: api.Encode(n.ask("1"))}
	for _, offset := range []time.Duration{-301 * time.Second, 31 * time.Second} {
		wish.spoil = func(r *http.Request) {
			signing := api.Signing{KeyID: "nets#1", Key: private("nets#1"), Now: n.time().Add(offset), Nonce: n.nonce()}
			if err := api.SignRequest(r, wish.body, signing); err != nil {
				t.Fatal(err)
			}
		}
		n.wantReason(hansa.SignatureExpired, n.spoiled(wish))
	}
}

// TestANonceIsUsedOnce: the same signed message a second time changes nothing.
// Reading again is harmless and allowed.
func TestANonceIsUsedOnce(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.approved()
	refund := request{
		method: http.MethodPost, path: "/v1/payments/" + p.Reference + "/refunds", nonce: "once",
		body: api.Encode(api.MoveMoney{RequestID: "r-1", Amount: nok(1_00)}),
	}
	n.wantStatus(http.StatusCreated, n.send("nets", refund))
	n.wantReason(hansa.Replayed, n.send("nets", refund))
	refund.body = api.Encode(api.MoveMoney{RequestID: "r-2", Amount: nok(1_00)})
	n.wantReason(hansa.Replayed, n.send("nets", refund))
	reading := request{method: http.MethodGet, path: "/v1/payments/" + p.Reference, nonce: "twice"}
	n.wantStatus(http.StatusOK, n.send("nets", reading))
	n.wantStatus(http.StatusOK, n.send("nets", reading))
	movements, _ := read[api.Page[api.Movement]](n, "nets", "/v1/payments/"+p.Reference+"/movements")
	if len(movements.Items) != 1 {
		t.Errorf("%d movements", len(movements.Items))
	}
}

// TestWhatIsNotThereIsRefused: paths, methods, parameters and media types.
func TestWhatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	change := api.Encode(api.Change{RequestID: "r-1"})
	for name, tt := range map[string]struct {
		wish  request
		want  hansa.Reason
		allow string
	}{
		"path":              {request{method: http.MethodGet, path: "/v2/payments"}, hansa.NotFound, ""},
		"path, unsigned":    {request{method: http.MethodGet, path: "/admin", noSign: true}, hansa.NotFound, ""},
		"final slash":       {request{method: http.MethodGet, path: "/v1/payments/"}, hansa.NotFound, ""},
		"two slashes":       {request{method: http.MethodGet, path: "/v1//payments"}, hansa.NotFound, ""},
		"dots":              {request{method: http.MethodGet, path: "/v1/../v1/payments"}, hansa.NotFound, ""},
		"no id":             {request{method: http.MethodGet, path: "/v1/payments/%00"}, hansa.NotFound, ""},
		"long id":           {request{method: http.MethodGet, path: "/v1/payments/" + strings.Repeat("p", 65)}, hansa.NotFound, ""},
		"method":            {request{method: http.MethodDelete, path: "/v1/payments"}, hansa.MethodNotAllowed, "GET, POST"},
		"HEAD":              {request{method: http.MethodHead, path: "/v1/webhook"}, hansa.MethodNotAllowed, "GET, PUT"},
		"parameter":         {request{method: http.MethodGet, path: "/v1/payments?color=red"}, hansa.Malformed, ""},
		"parameter twice":   {request{method: http.MethodGet, path: "/v1/payments?limit=1&limit=2"}, hansa.Malformed, ""},
		"limit":             {request{method: http.MethodGet, path: "/v1/payments?limit=201"}, hansa.Malformed, ""},
		"limit of nothing":  {request{method: http.MethodGet, path: "/v1/payments?limit=0"}, hansa.Malformed, ""},
		"limit in words":    {request{method: http.MethodGet, path: "/v1/payments?limit=ten"}, hansa.Malformed, ""},
		"limit with a sign": {request{method: http.MethodGet, path: "/v1/payments?limit=%2B1"}, hansa.Malformed, ""},
		"status":            {request{method: http.MethodGet, path: "/v1/payments?status=paid"}, hansa.Malformed, ""},
		"side":              {request{method: http.MethodGet, path: "/v1/payments?as=bank"}, hansa.Malformed, ""},
		"side not held":     {request{method: http.MethodGet, path: "/v1/payments?as=wallet"}, hansa.RoleMissing, ""},
		"cursor":            {request{method: http.MethodGet, path: "/v1/events?after=cur_1"}, hansa.Malformed, ""},
		"wait":              {request{method: http.MethodGet, path: "/v1/payments/pay_1?wait=21"}, hansa.Malformed, ""},
		"half a parameter":  {request{method: http.MethodGet, path: "/v1/payments?limit=%zz"}, hansa.Malformed, ""},
		"body to read":      {request{method: http.MethodGet, path: "/v1/payments", body: change}, hansa.Malformed, ""},
		"media type":        {request{method: http.MethodPost, path: "/v1/resolve", body: change, edit: header("Content-Type", "text/plain")}, hansa.Unsupported, ""},
		"encoding":          {request{method: http.MethodPost, path: "/v1/resolve", body: change, edit: header("Content-Encoding", "gzip")}, hansa.Unsupported, ""},
		"header":            {request{method: http.MethodGet, path: "/v1/webhook", edit: header("Cookie", strings.Repeat("x", 17<<10))}, hansa.TooLarge, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := n.send("nets", tt.wish)
			n.wantReason(tt.want, answer)
			if answer.Header.Get("Allow") != tt.allow {
				t.Errorf("Allow: %q", answer.Header.Get("Allow"))
			}
		})
	}
}

// endless is a body that goes on for ever, and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

// TestAGigabyteIsNotRead, whether its size is said or not.
func TestAGigabyteIsNotRead(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for _, length := range []int64{1 << 30, -1} {
		body := &endless{}
		r := httptest.NewRequest(http.MethodPost, "/v1/payments", body)
		r.ContentLength = length
		w := httptest.NewRecorder()
		n.handler.ServeHTTP(w, r)
		n.wantReason(hansa.TooLarge, api.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()})
		if body.read > 2*api.BodyMax {
			t.Errorf("%d bytes were read", body.read)
		}
	}
}

// TestFaultsAreNotTold: neither that of the machine nor a bug says what it was,
// and both leave one line in the log.
func TestFaultsAreNotTold(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(context.Context, hub.Request) (hub.Result, error){
		"fault": func(context.Context, hub.Request) (hub.Result, error) {
			return hub.Result{}, errors.New("disk full at /secret")
		},
		"bug": func(context.Context, hub.Request) (hub.Result, error) { panic("balance of /secret is -1") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			var lines bytes.Buffer
			config := n.config()
			config.Do, config.Log = fail, slog.New(slog.NewTextHandler(&lines, nil))
			n.handler = web.New(config)
			_, answer := post[api.Order](n, "nets", "/v1/orders", n.order())
			n.wantReason(api.Internal, answer)
			if strings.Contains(string(answer.Body), "secret") {
				t.Errorf("the answer tells: %s", answer.Body)
			}
			if count := strings.Count(lines.String(), "level=ERROR"); count != 1 {
				t.Errorf("%d lines in the log:\n%s", count, lines.String())
			}
		})
	}
}
