package vipps_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/vipps"
)

// token asks for an access token, as the SDK does.
func (s *shop) token(change func(*http.Request)) api.Answer {
	s.t.Helper()
	r, body := recording(s.t, 1)
	if change != nil {
		change(r)
	}
	return s.ask(r, body)
}

// tokenText is a token that is good from now on.
func (s *shop) tokenText() string {
	s.t.Helper()
	var body struct {
		Token string `json:"access_token"`
	}
	decode(s.t, s.token(nil), &body)
	return body.Token
}

// set returns a change of one header field; an empty value takes the field away.
func set(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Del(name)
		if value != "" {
			r.Header.Set(name, value)
		}
	}
}

// tampered changes one part of a token.
func tampered(token string, part int, change func(string) string) string {
	parts := strings.Split(token, ".")
	parts[part] = change(parts[part])
	return strings.Join(parts, ".")
}

// reencoded changes the text that a part of a token encodes.
func reencoded(from, to string) func(string) string {
	return func(part string) string {
		text, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || !strings.Contains(string(text), from) {
			panic(string(text))
		}
		return base64.RawURLEncoding.EncodeToString([]byte(strings.ReplaceAll(string(text), from, to)))
	}
}

// TestBadEnvelopes shows what is refused before anybody looks at a payment, each with
// the answer that the protocol has for it, and that nothing has happened.
func TestBadEnvelopes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	good := s.tokenText()
	s.others["654321"] = api.Client{Dialect: vipps.Name, ID: "654321", Secrets: map[string]string{
		"client_id": sumOf("other"), "client_secret": sumOf("other"), "Ocp-Apim-Subscription-Key": sumOf("0f14ebcab0ec4b29ae0cb90d91b4a84a"),
	}}
	s.others["777777"] = api.Client{Dialect: vipps.Name, ID: "777777", Secrets: map[string]string{"client_id": sumOf("x")}}
	bearer := func(token string) func(*http.Request) { return set("Authorization", "Bearer "+token) }
	stranger := newShop(t)
	stranger.dialect = vipps.New([32]byte{2})

	for name, c := range map[string]struct {
		change func(*http.Request)
		want   string
	}{
		"no token":                  {set("Authorization", ""), "401 Authorization"},
		"an empty token":            {set("Authorization", "Bearer"), "401 Authorization"},
		"no scheme":                 {set("Authorization", good), "401 Authorization"},
		"another scheme":            {set("Authorization", "Basic "+good), "401 Authorization"},
		"a token that is none":      {bearer("eyJtoken2"), "401 Authorization"},
		"half a token":              {bearer(good[:len(good)/2]), "401 Authorization"},
		"two tokens":                {bearer(good + "." + good), "401 Authorization"},
		"another signature":         {bearer(tampered(good, 2, func(p string) string { return "A" + p[1:] })), "401 Authorization"},
		"no signature":              {bearer(tampered(good, 2, func(string) string { return "" })), "401 Authorization"},
		"alg none":                  {bearer(tampered(tampered(good, 0, reencoded("HS256", "none")), 2, func(string) string { return "" })), "401 Authorization"},
		"alg confused":              {bearer(tampered(good, 0, reencoded("HS256", "RS256"))), "401 Authorization"},
		"a later end":               {bearer(tampered(good, 1, reencoded(`"exp":1`, `"exp":9`))), "401 Authorization"},
		"another subject":           {bearer(tampered(good, 1, reencoded("123456", "654321"))), "401 Authorization"},
		"a token of another switch": {bearer(stranger.tokenText()), "401 Authorization"},
		"no sales unit":             {set("Merchant-Serial-Number", ""), "400 Merchant-Serial-Number"},
		"a sales unit of letters":   {set("Merchant-Serial-Number", "12345a"), "400 Merchant-Serial-Number"},
		"a short sales unit":        {set("Merchant-Serial-Number", "123"), "400 Merchant-Serial-Number"},
		"a long sales unit":         {set("Merchant-Serial-Number", "12345678"), "400 Merchant-Serial-Number"},
		"an unknown sales unit":     {set("Merchant-Serial-Number", "999999"), "403 Merchant-Serial-Number"},
		"another's sales unit":      {set("Merchant-Serial-Number", "654321"), "403 Merchant-Serial-Number"},
		"a unit without secrets":    {set("Merchant-Serial-Number", "777777"), "403 Merchant-Serial-Number"},
		"no subscription key":       {set("Ocp-Apim-Subscription-Key", ""), "401 Ocp-Apim-Subscription-Key"},
		"another subscription key":  {set("Ocp-Apim-Subscription-Key", "1f14ebcab0ec4b29ae0cb90d91b4a84a"), "401 Ocp-Apim-Subscription-Key"},
		"the sum of the key":        {set("Ocp-Apim-Subscription-Key", sumOf("0f14ebcab0ec4b29ae0cb90d91b4a84a")), "401 Ocp-Apim-Subscription-Key"},
		"no Idempotency-Key":        {set("Idempotency-Key", ""), "400 Idempotency-Key"},
		"a long Idempotency-Key":    {set("Idempotency-Key", strings.Repeat("k", 51)), "400 Idempotency-Key"},
		"a long system name":        {set("Vipps-System-Name", strings.Repeat("n", 31)), "400 Vipps-System-Name"},
		"a long system version":     {set("Vipps-System-Version", strings.Repeat("n", 31)), "400 Vipps-System-Version"},
		"a long plugin name":        {set("Vipps-System-Plugin-Name", strings.Repeat("n", 31)), "400 Vipps-System-Plugin-Name"},
		"a long plugin version":     {set("Vipps-System-Plugin-Version", strings.Repeat("n", 31)), "400 Vipps-System-Plugin-Version"},
		"another method":            {func(r *http.Request) { r.Method = http.MethodPatch }, "405"},
		"another path":              {func(r *http.Request) { r.URL.Path = "/epayment/v1/payment" }, "404"},
		"a deeper path":             {func(r *http.Request) { r.URL.Path = "/epayment/v1/payments/reference-1/undo" }, "404"},
		"an empty part of a path":   {func(r *http.Request) { r.URL.Path = "/epayment/v1/payments//capture" }, "404"},
	} {
		r := newRequest(http.MethodPost, payments, "k")
		bearer(good)(r)
		c.change(r)
		if got := codeOf(t, s.ask(r, wishFor("reference-1", ""))); got != c.want {
			t.Errorf("%s: want %s, got %s", name, c.want, got)
		}
	}
	if len(s.counter.Sales) > 0 {
		t.Errorf("payments were made: %v", s.counter.Sales)
	}
	for path, want := range map[string]string{
		payments: "POST", payments + "/reference-1": "GET", "/webhooks/v1/webhooks": "GET, POST", "/qr/v1/merchant-redirect/a": "PUT, DELETE, GET",
	} {
		r := newRequest(http.MethodPatch, path, "k")
		if got := s.ask(r, ""); got.Status != http.StatusMethodNotAllowed || got.Header.Get("Allow") != want {
			t.Errorf("%s: %d, Allow %q", path, got.Status, got.Header.Get("Allow"))
		}
	}
	r := newRequest(http.MethodPost, payments, "k")
	bearer(good)(r)
	if got := s.ask(r, wishFor("reference-1", "")); got.Status != http.StatusCreated {
		t.Errorf("a good envelope: %d %s", got.Status, got.Body)
	}
}

// TestTokensEnd shows that a token is void when its time is over, and as soon as its
// client has other credentials or is withdrawn.
func TestTokensEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(*shop)
		want    string
	}{
		"in time":     {func(s *shop) { s.now = s.now.Add(3598 * time.Second) }, "404 5090"},
		"too late":    {func(s *shop) { s.now = s.now.Add(3599 * time.Second) }, "401 Authorization"},
		"new secret":  {func(s *shop) { s.client.Secrets["client_secret"] = sumOf("new") }, "403 Merchant-Serial-Number"},
		"withdrawn":   {func(s *shop) { s.client.Withdrawn = true }, "403 Merchant-Serial-Number"},
		"nothing new": {func(*shop) {}, "404 5090"},
	} {
		s := newShop(t)
		delete(s.client.Secrets, "access_token")
		token := s.tokenText()
		c.happens(s)
		r := newRequest(http.MethodGet, payments+"/reference-1", "")
		r.Header.Set("Authorization", "Bearer "+token)
		if got := codeOf(t, s.ask(r, "")); got != c.want {
			t.Errorf("%s: want %s, got %s", name, c.want, got)
		}
	}
}

// TestOnePartnersKeysForManySalesUnits shows that a token stands for credentials: it is
// good for every sales unit that has the same.
func TestOnePartnersKeysForManySalesUnits(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.others["654321"] = api.Client{Dialect: vipps.Name, ID: "654321", Secrets: s.client.Secrets}
	r := newRequest(http.MethodGet, payments+"/reference-1", "")
	r.Header.Set("Authorization", "Bearer "+s.tokenText())
	r.Header.Set("Merchant-Serial-Number", "654321")
	if got := codeOf(t, s.ask(r, "")); got != "404 5090" {
		t.Errorf("got %s", got)
	}
}

// TestRefusedTokens shows who gets no token.
func TestRefusedTokens(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"no client id":            set("client_id", ""),
		"no client secret":        set("client_secret", ""),
		"another client secret":   set("client_secret", "X8Kteew6GE3ZmeycEt6egg=="),
		"another client id":       set("client_id", "fb492b5e-7907-4d83-bc20-c7fb60ca35df"),
		"no subscription key":     set("Ocp-Apim-Subscription-Key", ""),
		"an unknown sales unit":   set("Merchant-Serial-Number", "999999"),
		"no sales unit, by an id": set("Merchant-Serial-Number", ""),
	} {
		s := newShop(t)
		if got, want := codeOf(t, s.token(change)), "401 invalid_client"; got != want {
			t.Errorf("%s: want %s, got %s", name, want, got)
		}
	}
}

// TestShortTokens shows the newer endpoint: Basic credentials and a form.
func TestShortTokens(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ask := func(secret, form string) api.Answer {
		r := newRequest(http.MethodPost, "/miami/v1/token", "")
		r.SetBasicAuth("fb492b5e-7907-4d83-bc20-c7fb60ca35de", secret)
		return s.ask(r, form)
	}
	grant := url.Values{"grant_type": {"client_credentials"}}.Encode()
	answer := ask("Y8Kteew6GE3ZmeycEt6egg==", grant)
	var body struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires string `json:"expires_in"`
	}
	decode(t, answer, &body)
	if answer.Status != http.StatusOK || body.Type != "Bearer" || body.Expires != "900" {
		t.Errorf("got %d %s", answer.Status, answer.Body)
	}
	s.now = s.now.Add(899 * time.Second)
	r := newRequest(http.MethodGet, "/webhooks/v1/webhooks", "")
	r.Header.Set("Authorization", "Bearer "+body.Token)
	r.Header.Del("Merchant-Serial-Number")
	if got := s.ask(r, ""); got.Status != http.StatusOK {
		t.Errorf("a token names its own sales unit: %d %s", got.Status, got.Body)
	}
	if got, want := codeOf(t, ask("wrong", grant)), "401 invalid_client"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	if got, want := codeOf(t, ask("Y8Kteew6GE3ZmeycEt6egg==", "grant_type=password")), "400 unsupported_grant_type"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}
