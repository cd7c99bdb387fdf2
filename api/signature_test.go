package api_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

const origin = "https://pay.example"

// signedAt is when every message of these tests is signed.
var signedAt = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// keyOf returns the private key of a name, the same at every call.
func keyOf(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// keysOf knows the keys of these ids.
func keysOf(ids ...string) api.Keys {
	return func(keyID string) (api.Key, bool) {
		for _, id := range ids {
			if id == keyID {
				return api.Key{Public: keyOf(id).Public().(ed25519.PublicKey)}, true
			}
		}
		return api.Key{}, false
	}
}

func signingOf(keyID, nonce string) api.Signing {
	return api.Signing{KeyID: keyID, Key: keyOf(keyID), Now: signedAt, Nonce: nonce}
}

// sentRequest is a signed request as the client sends it.
func sentRequest(t *testing.T, method, target string, body []byte, nonce string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, origin+target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", api.MediaJSON)
	}
	if err := api.SignRequest(r, body, signingOf("nets#1", nonce)); err != nil {
		t.Fatal(err)
	}
	return r
}

// arrive turns a request as sent into the request as the server gets it, behind a
// proxy that calls it by another host.
func arrive(t *testing.T, r *http.Request) *http.Request {
	t.Helper()
	got := httptest.NewRequestWithContext(t.Context(), r.Method, r.URL.RequestURI(), nil)
	got.Host = "10.0.0.7:8080"
	got.Header = r.Header.Clone()
	return got
}

// wantReason fails unless err is a refusal of that reason; "" wants no error.
func wantReason(t *testing.T, want hansa.Reason, err error) {
	t.Helper()
	got, refused := hansa.ReasonOf(err)
	if got != want || err != nil && !refused {
		t.Errorf("want reason %q, got %v", want, err)
	}
}

func TestARequestIsVerified(t *testing.T) {
	t.Parallel()
	body := []byte(`{"amount":1}`)
	for name, tt := range map[string]struct {
		method, target string
		body           []byte
	}{
		"with body":          {http.MethodPost, "/v1/payments", body},
		"without body":       {http.MethodPost, "/v1/payments/pay_1/cancel", nil},
		"query":              {http.MethodGet, "/v1/events?after=cur_x&limit=5", nil},
		"empty query":        {http.MethodGet, "/v1/events?", nil},
		"root":               {http.MethodGet, "/", nil},
		"escaped characters": {http.MethodGet, "/v1/stores/a%2Fb%20c?q=%C3%A9", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := sentRequest(t, tt.method, tt.target, tt.body, "n1")
			verified, err := api.VerifyRequest(arrive(t, r), tt.body, origin, keysOf("nets#1"), signedAt)
			if err != nil {
				t.Fatal(err)
			}
			if verified.KeyID != "nets#1" || verified.Nonce != "n1" || !verified.Created.Equal(signedAt) {
				t.Errorf("verified %+v", verified)
			}
			if !(api.Key{Public: keyOf("nets#1").Public().(ed25519.PublicKey)}).Verify(verified.Base, verified.Signature) {
				t.Error("the base that is returned is not what was signed")
			}
		})
	}
}

// TestARequestTravels signs with the client of net/http and verifies in a server.
func TestARequestTravels(t *testing.T) {
	t.Parallel()
	body := []byte(`{"store":"bergen-cafe"}`)
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, err := api.ReadBody(r.Body, api.BodyMax)
		if err != nil {
			t.Error(err)
		}
		if _, err := api.VerifyRequest(r, got, server.URL, keysOf("nets#1"), signedAt); err != nil {
			t.Error(err)
		}
		answer := api.Answer{Status: http.StatusCreated, Header: w.Header(), Body: []byte(`{"status":"pending"}`)}
		answer.Header.Set("Content-Type", api.MediaJSON)
		if err := api.SignResponse(answer, r, server.URL, signingOf("hansa#1", "")); err != nil {
			t.Error(err)
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body) // The client notices what is missing.
	}))
	defer server.Close()
	// The client writes the host in its own way; what is signed is normal.
	address := strings.Replace(server.URL, "http://", "HTTP://", 1)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/payments?x=1&y=%20", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", api.MediaJSON)
	if err := api.SignRequest(r, body, signingOf("nets#1", "n1")); err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := api.Answer{Status: response.StatusCode, Header: response.Header, Body: got}
	verified, err := api.VerifyResponse(answer, r, keysOf("hansa#1"), signedAt)
	if err != nil || verified.KeyID != "hansa#1" {
		t.Errorf("verified %+v, %v", verified, err)
	}
}

// An attack changes a request on its way.
type attack struct {
	want  hansa.Reason
	later time.Duration // how much after signedAt it arrives
	edit  func(r *http.Request, body *[]byte)
}

func TestEveryAttackIsRefused(t *testing.T) {
	t.Parallel()
	none := func(*http.Request, *[]byte) {}
	replace := func(field, old, text string) func(*http.Request, *[]byte) {
		return func(r *http.Request, _ *[]byte) {
			r.Header.Set(field, strings.Replace(r.Header.Get(field), old, text, 1))
		}
	}
	input := func(old, text string) func(*http.Request, *[]byte) { return replace("Signature-Input", old, text) }
	set := func(field, text string) func(*http.Request, *[]byte) {
		return func(r *http.Request, _ *[]byte) { r.Header.Set(field, text) }
	}
	drop := func(fields ...string) func(*http.Request, *[]byte) {
		return func(r *http.Request, _ *[]byte) {
			for _, field := range fields {
				r.Header.Del(field)
			}
		}
	}
	const bad = hansa.BadSignature
	attacks := map[string]attack{
		"nothing":                 {"", 0, none},
		"one second later":        {"", time.Second, none},
		"300 seconds later":       {"", 300 * time.Second, none},
		"301 seconds later":       {hansa.SignatureExpired, 301 * time.Second, none},
		"30 seconds ahead":        {"", -30 * time.Second, none},
		"31 seconds ahead":        {hansa.SignatureExpired, -31 * time.Second, none},
		"a year ahead":            {hansa.SignatureExpired, -365 * 24 * time.Hour, none},
		"method":                  {bad, 0, func(r *http.Request, _ *[]byte) { r.Method = http.MethodPut }},
		"path":                    {bad, 0, func(r *http.Request, _ *[]byte) { r.RequestURI = "/v1/refunds?x=1" }},
		"query":                   {bad, 0, func(r *http.Request, _ *[]byte) { r.RequestURI = "/v1/payments?x=2" }},
		"query dropped":           {bad, 0, func(r *http.Request, _ *[]byte) { r.RequestURI = "/v1/payments" }},
		"absolute target":         {bad, 0, func(r *http.Request, _ *[]byte) { r.RequestURI = "https://pay.example/v1/payments?x=1" }},
		"asterisk target":         {bad, 0, func(r *http.Request, _ *[]byte) { r.RequestURI = "*" }},
		"body":                    {bad, 0, func(_ *http.Request, body *[]byte) { *body = []byte(`{"amount":9}`) }},
		"body with a space":       {bad, 0, func(_ *http.Request, body *[]byte) { *body = append(*body, ' ') }},
		"body dropped":            {bad, 0, func(_ *http.Request, body *[]byte) { *body = nil }},
		"body and digest dropped": {bad, 0, func(r *http.Request, body *[]byte) { *body = nil; r.Header.Del("Content-Digest") }},
		"body and digest": {bad, 0, func(r *http.Request, body *[]byte) {
			*body = []byte(`{"amount":9}`)
			r.Header.Set("Content-Digest", api.Digest(*body))
		}},
		"content type":             {bad, 0, set("Content-Type", "text/plain")},
		"second content type":      {bad, 0, func(r *http.Request, _ *[]byte) { r.Header.Add("Content-Type", api.MediaJSON) }},
		"content type dropped":     {bad, 0, drop("Content-Type")},
		"digest dropped":           {bad, 0, drop("Content-Digest")},
		"digest of sha-512 only":   {bad, 0, replace("Content-Digest", "sha-256", "sha-512")},
		"digest not a dictionary":  {bad, 0, set("Content-Digest", "(((")},
		"digest not bytes":         {bad, 0, set("Content-Digest", `sha-256="x"`)},
		"digest with a text":       {bad, 0, func(r *http.Request, _ *[]byte) { r.Header.Add("Content-Digest", `x="a, b"`) }},
		"digest and a comma":       {bad, 0, func(r *http.Request, _ *[]byte) { r.Header.Add("Content-Digest", "") }},
		"two digests of sha-256":   {bad, 0, func(r *http.Request, _ *[]byte) { r.Header.Add("Content-Digest", api.Digest(nil)) }},
		"digest with another":      {bad, 0, func(r *http.Request, _ *[]byte) { r.Header.Add("Content-Digest", "sha-512=:AAAA:") }},
		"line break in a field":    {bad, 0, set("Content-Type", "application/json\n\"@method\": PUT")},
		"letters that are no text": {bad, 0, set("Content-Type", "application/jsön")},

		"no signature":           {hansa.Unsigned, 0, drop("Signature", "Signature-Input")},
		"input dropped":          {bad, 0, drop("Signature-Input")},
		"signature dropped":      {bad, 0, drop("Signature")},
		"signature of nothing":   {bad, 0, set("Signature", "hansa=::")},
		"signature no bytes":     {bad, 0, set("Signature", `hansa="abc"`)},
		"signature a list":       {bad, 0, set("Signature", "hansa=(:AAAA:)")},
		"signature with a param": {bad, 0, func(r *http.Request, _ *[]byte) { r.Header.Set("Signature", r.Header.Get("Signature")+";x") }},
		"input an item":          {bad, 0, set("Signature-Input", `hansa="@method"`)},
		"not a dictionary":       {bad, 0, set("Signature-Input", `hansa=(`)},
		"other labels":           {bad, 0, replace("Signature", "hansa", "sig1")},
		"two labels": {bad, 0, func(r *http.Request, _ *[]byte) {
			r.Header.Set("Signature-Input", r.Header.Get("Signature-Input")+`, two=("@method");created=1;keyid="x";tag="hansa-v1"`)
			r.Header.Set("Signature", r.Header.Get("Signature")+", two=:AAAA:")
		}},
		"same label twice": {bad, 0, func(r *http.Request, _ *[]byte) {
			r.Header.Set("Signature-Input", `hansa=("@method");created=1, `+r.Header.Get("Signature-Input"))
		}},
		"two lines": {bad, 0, func(r *http.Request, _ *[]byte) {
			r.Header.Add("Signature", r.Header.Get("Signature"))
			r.Header.Add("Signature-Input", r.Header.Get("Signature-Input"))
		}},
		"very long input": {bad, 0, input(`;tag`, `;x="`+strings.Repeat("x", api.SignatureMax)+`";tag`)},

		"nothing covered":         {bad, 0, input(`("@method" "@target-uri" "content-type" "content-digest")`, "()")},
		"method not covered":      {bad, 0, input(`"@method" `, "")},
		"target not covered":      {bad, 0, input(`"@target-uri" `, "")},
		"type not covered":        {bad, 0, input(`"content-type" `, "")},
		"digest not covered":      {bad, 0, input(` "content-digest"`, "")},
		"path for target":         {bad, 0, input(`"@target-uri"`, `"@path"`)},
		"component twice":         {bad, 0, input(`"@method"`, `"@method" "@method"`)},
		"upper case":              {bad, 0, input(`"content-type"`, `"Content-Type"`)},
		"token for a name":        {bad, 0, input(`"content-type"`, `content-type`)},
		"unknown derived":         {bad, 0, input(`"@method"`, `"@method" "@request-target"`)},
		"status of a request":     {bad, 0, input(`"@method"`, `"@method" "@status"`)},
		"request of a request":    {bad, 0, input(`"@method"`, `"@method";req`)},
		"parameter we lack":       {bad, 0, input(`"content-type"`, `"content-type";sf`)},
		"field that is not there": {bad, 0, input(`"@method"`, `"@method" "date"`)},

		"no creation":         {bad, 0, input(`;created=1795348800`, "")},
		"creation moved":      {bad, 0, input(`;created=1795348800`, ";created=1795348801")},
		"creation as text":    {bad, 0, input(`;created=1795348800`, `;created="1795348800"`)},
		"creation with zeros": {bad, 0, input(`;created=1795348800`, ";created=01795348800")},
		"creation minus zero": {bad, 0, input(`;created=1795348800`, ";created=-0")},
		"creation too long":   {bad, 0, input(`;created=1795348800`, ";created=1000000000000000")},
		"creation a flag":     {bad, 0, input(`;created=1795348800`, ";created")},
		"needless escape":     {bad, 0, input(`nonce="n1"`, `nonce="\n1"`)},
		"text without an end": {bad, 0, input(`tag="hansa-v1"`, `tag="hansa-v1`)},
		"creation decimal":    {bad, 0, input(`;created=1795348800`, ";created=1795348800.0")},
		"creation zero":       {hansa.SignatureExpired, 0, input(`;created=1795348800`, ";created=0")},
		"creation far":        {hansa.SignatureExpired, 0, input(`;created=1795348800`, ";created=999999999999999")},
		"already over":        {hansa.SignatureExpired, 2 * time.Second, input(`;keyid`, ";expires=1795348801;keyid")},
		"not over, but added": {bad, 0, input(`;keyid`, ";expires=1795348801;keyid")},
		"no key id":           {bad, 0, input(`;keyid="nets#1"`, "")},
		"empty key id":        {bad, 0, input(`nets#1`, "")},
		"long key id":         {bad, 0, input(`nets#1`, strings.Repeat("n", api.KeyIDMax+1))},
		"unknown key":         {hansa.UnknownKey, 0, input(`nets#1`, "nets#2")},
		"another's key":       {bad, 0, input(`nets#1`, "vipps#1")},
		"no nonce":            {bad, 0, input(`;nonce="n1"`, "")},
		"other nonce":         {bad, 0, input(`;nonce="n1"`, `;nonce="n2"`)},
		"long nonce":          {bad, 0, input(`;nonce="n1"`, `;nonce="`+strings.Repeat("n", api.NonceMax+1)+`"`)},
		"nonce twice":         {bad, 0, input(`;nonce="n1"`, `;nonce="n2";nonce="n1"`)},
		"no tag":              {bad, 0, input(`;tag="hansa-v1"`, "")},
		"other tag":           {bad, 0, input(`hansa-v1`, "hansa-sandbox")},
		"algorithm hmac":      {bad, 0, input(`;keyid`, `;alg="hmac-sha256";keyid`)},
		"algorithm none":      {bad, 0, input(`;keyid`, `;alg="none";keyid`)},
		"algorithm added":     {bad, 0, input(`;keyid`, `;alg="ed25519";keyid`)},
		"many parameters":     {bad, 0, input(`;keyid`, `;a;b;c;d;e;f;g;h;i;j;keyid`)},
		"unknown parameter":   {bad, 0, input(`;keyid`, `;admin;keyid`)},
		"spaces":              {bad, 0, input(` "@target-uri"`, `  "@target-uri"`)},
	}
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := []byte(`{"amount":1}`)
			r := arrive(t, sentRequest(t, http.MethodPost, "/v1/payments?x=1", body, "n1"))
			before := fmt.Sprint(r.Method, r.RequestURI, r.Header, body)
			attack.edit(r, &body)
			_, err := api.VerifyRequest(r, body, origin, keysOf("nets#1", "vipps#1"), signedAt.Add(attack.later))
			wantReason(t, attack.want, err)
			if attack.want != "" && attack.later == 0 && fmt.Sprint(r.Method, r.RequestURI, r.Header, body) == before {
				t.Error("the attack changed nothing")
			}
		})
	}
}

// TestAnAttackerWhoSigns holds what a party with a key of its own may not do.
func TestAnAttackerWhoSigns(t *testing.T) {
	t.Parallel()
	t.Run("a body under a signature without one", func(t *testing.T) {
		t.Parallel()
		r := arrive(t, sentRequest(t, http.MethodPost, "/v1/payments", nil, "n1"))
		r.Header.Set("Content-Type", api.MediaJSON)
		body := []byte(`{}`)
		_, err := api.VerifyRequest(r, body, origin, keysOf("nets#1"), signedAt)
		wantReason(t, hansa.BadSignature, err)
		r.Header.Set("Content-Digest", api.Digest(body))
		_, err = api.VerifyRequest(r, body, origin, keysOf("nets#1"), signedAt)
		wantReason(t, hansa.BadSignature, err)
	})
	t.Run("a request for another origin", func(t *testing.T) {
		t.Parallel()
		r := arrive(t, sentRequest(t, http.MethodGet, "/v1/payments", nil, "n1"))
		r.Host = "pay.example" // What the message claims does not count.
		_, err := api.VerifyRequest(r, nil, "https://sandbox.pay.example", keysOf("nets#1"), signedAt)
		wantReason(t, hansa.BadSignature, err)
	})
	t.Run("an answer as a request", func(t *testing.T) {
		t.Parallel()
		asked := arrive(t, sentRequest(t, http.MethodGet, "/v1/payments", nil, "n1"))
		answer := api.Answer{Status: http.StatusOK, Header: http.Header{}}
		if err := api.SignResponse(answer, asked, origin, signingOf("hansa#1", "n2")); err != nil {
			t.Fatal(err)
		}
		asked.Header = answer.Header
		_, err := api.VerifyRequest(asked, nil, origin, keysOf("hansa#1"), signedAt)
		wantReason(t, hansa.BadSignature, err)
	})
	t.Run("a key record without a key", func(t *testing.T) {
		t.Parallel()
		r := arrive(t, sentRequest(t, http.MethodGet, "/v1/payments", nil, "n1"))
		empty := func(string) (api.Key, bool) { return api.Key{}, true }
		_, err := api.VerifyRequest(r, nil, origin, empty, signedAt)
		wantReason(t, hansa.BadSignature, err)
	})
	t.Run("the known key behind every unknown id", func(t *testing.T) {
		t.Parallel()
		zero := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/v1/payments", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := api.SignRequest(r, nil, api.Signing{KeyID: "ghost#1", Key: zero, Now: signedAt, Nonce: "n1"}); err != nil {
			t.Fatal(err)
		}
		_, err = api.VerifyRequest(arrive(t, r), nil, origin, keysOf("nets#1"), signedAt)
		wantReason(t, hansa.UnknownKey, err)
	})
}

// TestAnswersCannotBeSwapped gives each client the other one's answer.
func TestAnswersCannotBeSwapped(t *testing.T) {
	t.Parallel()
	answerTo := func(r *http.Request) api.Answer {
		answer := api.Answer{Status: http.StatusOK, Header: http.Header{}, Body: []byte(`{"status":"approved"}`)}
		answer.Header.Set("Content-Type", api.MediaJSON)
		if err := api.SignResponse(answer, arrive(t, r), origin, signingOf("hansa#1", "")); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	ask := func(method, target, nonce string) *http.Request { return sentRequest(t, method, target, nil, nonce) }
	one := ask(http.MethodGet, "/v1/payments/pay_1", "n1")
	for name, tt := range map[string]struct {
		other *http.Request
		want  hansa.Reason
	}{
		"the request itself":     {one, ""},
		"another payment":        {ask(http.MethodGet, "/v1/payments/pay_2", "n1"), hansa.BadSignature},
		"another method":         {ask(http.MethodDelete, "/v1/payments/pay_1", "n1"), hansa.BadSignature},
		"the same, asked before": {ask(http.MethodGet, "/v1/payments/pay_1", "n0"), hansa.BadSignature},
	} {
		_, err := api.VerifyResponse(answerTo(one), tt.other, keysOf("hansa#1"), signedAt)
		t.Log(name)
		wantReason(t, tt.want, err)
	}
	for name, edit := range map[string]func(a *api.Answer){
		"status":                  func(a *api.Answer) { a.Status = http.StatusAccepted },
		"body":                    func(a *api.Answer) { a.Body = []byte(`{"status":"declined"}`) },
		"body dropped":            func(a *api.Answer) { a.Body = nil },
		"type":                    func(a *api.Answer) { a.Header.Set("Content-Type", api.MediaProblem) },
		"digest dropped":          func(a *api.Answer) { a.Header.Del("Content-Digest") },
		"request not covered":     func(a *api.Answer) { strip(a, ` "signature";req;key="hansa"`) },
		"target not covered":      func(a *api.Answer) { strip(a, ` "@target-uri";req`) },
		"own method covered":      func(a *api.Answer) { strip(a, `;req`) },
		"signature of its own":    func(a *api.Answer) { strip(a, `;req;key="hansa"`) },
		"label the request lacks": func(a *api.Answer) { swap(a, `key="hansa"`, `key="other"`) },
	} {
		answer := answerTo(one)
		edit(&answer)
		_, err := api.VerifyResponse(answer, one, keysOf("hansa#1"), signedAt)
		t.Log(name)
		wantReason(t, hansa.BadSignature, err)
	}
}

func strip(a *api.Answer, part string) { swap(a, part, "") }

func swap(a *api.Answer, old, text string) {
	a.Header.Set("Signature-Input", strings.Replace(a.Header.Get("Signature-Input"), old, text, 1))
}

// TestARefusalOfAnUnsignedRequestIsSigned: the one who asked without a signature
// can verify the answer, and the one who signed cannot be given it.
func TestARefusalOfAnUnsignedRequestIsSigned(t *testing.T) {
	t.Parallel()
	unsigned, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/v1/payments", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := api.Answer{Status: http.StatusUnauthorized, Header: http.Header{}}
	if err := api.SignResponse(answer, arrive(t, unsigned), origin, signingOf("hansa#1", "")); err != nil {
		t.Fatal(err)
	}
	_, err = api.VerifyResponse(answer, unsigned, keysOf("hansa#1"), signedAt)
	wantReason(t, "", err)
	signed := sentRequest(t, http.MethodGet, "/v1/payments", nil, "n1")
	_, err = api.VerifyResponse(answer, signed, keysOf("hansa#1"), signedAt)
	wantReason(t, hansa.BadSignature, err)
}

// TestOriginsAreNormal: what differs only in letters or the default port is one.
func TestOriginsAreNormal(t *testing.T) {
	t.Parallel()
	r := arrive(t, sentRequest(t, http.MethodGet, "/v1/payments", nil, "n1"))
	for _, same := range []string{"https://pay.example:443", "HTTPS://PAY.example"} {
		_, err := api.VerifyRequest(r, nil, same, keysOf("nets#1"), signedAt)
		wantReason(t, "", err)
	}
	for _, other := range []string{"http://pay.example", "https://pay.example:80", "https://pay.example.evil"} {
		_, err := api.VerifyRequest(r, nil, other, keysOf("nets#1"), signedAt)
		wantReason(t, hansa.BadSignature, err)
	}
	for _, wrong := range []string{"", "pay.example", "https://pay.example/v1", "https://pay.example?x", "%"} {
		_, err := api.VerifyRequest(r, nil, wrong, keysOf("nets#1"), signedAt)
		if _, refused := hansa.ReasonOf(err); err == nil || refused {
			t.Errorf("origin %q: want a fault, got %v", wrong, err)
		}
	}
}

// TestSigningNeedsItsParts: a message that nobody would accept is not signed.
func TestSigningNeedsItsParts(t *testing.T) {
	t.Parallel()
	body := []byte(`{}`)
	for name, tt := range map[string]struct {
		address, contentType string
		signing              api.Signing
	}{
		"no nonce":        {origin, api.MediaJSON, signingOf("nets#1", "")},
		"no key":          {origin, api.MediaJSON, api.Signing{KeyID: "nets#1", Now: signedAt, Nonce: "n1"}},
		"no content type": {origin, "", signingOf("nets#1", "n1")},
		"no host":         {"/v1/payments", api.MediaJSON, signingOf("nets#1", "n1")},
		"strange key id":  {origin, api.MediaJSON, signingOf("nets\n#1", "n1")},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tt.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tt.contentType != "" {
			r.Header.Set("Content-Type", tt.contentType)
		}
		if err := api.SignRequest(r, body, tt.signing); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

// TestExtraComponentsMayBeCovered: another implementation may cover more.
func TestExtraComponentsMayBeCovered(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/payments?x=1", nil)
	r.Header.Set("Date", "Sun, 22 Nov 2026 12:00:00 GMT")
	input := `("date" "@authority" "@scheme" "@path" "@query" "@method" "@target-uri");alg="ed25519"` +
		`;created=1795348800;expires=1795348860;keyid="nets#1";nonce="n1";tag="hansa-v1"`
	base, err := api.RequestBase(r, origin, input)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		`"date": Sun, 22 Nov 2026 12:00:00 GMT`,
		`"@authority": pay.example`, `"@scheme": https`, `"@path": /v1/payments`, `"@query": ?x=1`,
		`"@method": GET`, `"@target-uri": https://pay.example/v1/payments?x=1`,
		`"@signature-params": ` + input,
	}, "\n")
	if diff := cmp.Diff(want, base); diff != "" {
		t.Errorf("base (-want +got):\n%s", diff)
	}
	signature := ed25519.Sign(keyOf("nets#1"), []byte(base))
	r.Header.Set("Signature-Input", "theirs="+input)
	r.Header.Set("Signature", "theirs=:"+base64Of(signature)+":")
	_, err = api.VerifyRequest(r, nil, origin, keysOf("nets#1"), signedAt)
	wantReason(t, "", err)
}

func TestBasesThatAreNone(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	for _, input := range []string{"", "x", `("@method"), b=("@method")`, `"@method"`, `(1)`, `("")`} {
		_, err := api.RequestBase(r, origin, input)
		wantReason(t, hansa.BadSignature, err)
	}
}
