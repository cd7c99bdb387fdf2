package client_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/money"
)

const origin = "https://pay.example"

func keyOf(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func publicOf(seed byte) ed25519.PublicKey { return keyOf(seed).Public().(ed25519.PublicKey) }

// A network answers requests in this process: what its script says, one entry after the
// other and the last one for ever, signed by the key 9.
type network struct {
	script []func(*http.Request) api.Answer
	heard  []string // method, target and body
	nonces map[string]bool
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	received := r.Clone(r.Context())
	received.RequestURI = r.URL.RequestURI()
	verified, err := api.VerifyRequest(received, body, origin, keyNamed("nets#1", 1), time.Now())
	if err != nil {
		return nil, err
	}
	if n.nonces[verified.Nonce] {
		return nil, errors.New("a nonce was used twice")
	}
	n.nonces[verified.Nonce] = true
	n.heard = append(n.heard, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
	answer := n.script[0](r)
	if len(n.script) > 1 {
		n.script = n.script[1:]
	}
	if answer.Header == nil {
		return nil, errors.New("nobody answers")
	}
	signed := answer
	if answer.Header.Get("Content-Type") == "text/event-stream" {
		signed.Body = nil
	}
	if answer.Header.Get("Unsigned") == "" {
		signing := api.Signing{KeyID: "hansa#1", Key: keyOf(9), Now: time.Now()}
		if err := api.SignResponse(signed, received, origin, signing); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: answer.Status, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body))}, nil
}

func keyNamed(name string, seed byte) api.Keys {
	return func(keyID string) (api.Key, bool) { return api.Key{Public: publicOf(seed)}, keyID == name }
}

// says answers with a document, or with a refusal if it is one.
func says(document any) func(*http.Request) api.Answer {
	return func(*http.Request) api.Answer {
		answer := api.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {api.MediaJSON}}, Body: api.Encode(document)}
		if problem, refused := document.(api.Problem); refused {
			answer.Status, answer.Header = problem.Status, http.Header{"Content-Type": {api.MediaProblem}}
		}
		return answer
	}
}

func refuses(reason hansa.Reason) func(*http.Request) api.Answer {
	return says(api.ProblemOf(hansa.Refuse(reason, "no")))
}

func silence(*http.Request) api.Answer { return api.Answer{} }

func newClient(t *testing.T, n *network) *client.Client {
	t.Helper()
	n.nonces = make(map[string]bool)
	count := 0
	c, err := client.New(client.Config{
		URL: origin, KeyID: "nets#1", Key: keyOf(1), NetworkKeys: map[string]ed25519.PublicKey{"hansa#1": publicOf(9)},
		Now: time.Now, Transport: n,
		Nonce: func() string { count++; return "n-" + strconv.Itoa(count) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEveryOperationHasAMethod, of the name that the description of the API gives it.
func TestEveryOperationHasAMethod(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(api.OpenAPI(), &document); err != nil {
		t.Fatal(err)
	}
	methods := make(map[string]bool)
	for method := range reflect.TypeFor[*client.Client]().Methods() {
		methods[strings.ToLower(method.Name)] = true
	}
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for name, text := range document.Paths[path] {
			var operation struct {
				OperationID string `json:"operationId"`
			}
			if name == "parameters" {
				continue
			}
			if err := json.Unmarshal(text, &operation); err != nil {
				t.Fatal(err)
			}
			if !methods[strings.ToLower(operation.OperationID)] {
				t.Errorf("%s %s: no method %s", name, path, operation.OperationID)
			}
		}
	}
}

var ask = api.AskPayment{
	RequestID: "r-1", Code: "123", Amount: money.New(4200, "NOK"), Store: "bergen-cafe", Terminal: "till-1", OrderReference: "table-4",
}

// TestARequestIsSentAgainOnlyWhereTheContractSaysSo, each time with the same body and a
// nonce of its own.
func TestARequestIsSentAgainOnlyWhereTheContractSaysSo(t *testing.T) {
	t.Parallel()
	approved := says(api.Payment{Reference: "pay_1", Status: "approved"})
	unsigned := func(r *http.Request) api.Answer {
		answer := refuses(hansa.Overloaded)(r)
		answer.Header.Set("Unsigned", "yes")
		return answer
	}
	for name, test := range map[string]struct {
		script []func(*http.Request) api.Answer
		calls  int
		reason hansa.Reason
	}{
		"answered":          {[]func(*http.Request) api.Answer{approved}, 1, ""},
		"lost":              {[]func(*http.Request) api.Answer{silence, silence, approved}, 3, ""},
		"turned away":       {[]func(*http.Request) api.Answer{unsigned, approved}, 2, ""},
		"overloaded":        {[]func(*http.Request) api.Answer{refuses(hansa.Overloaded), approved}, 2, ""},
		"a fault":           {[]func(*http.Request) api.Answer{says(api.ProblemOf(errors.New("x"))), approved}, 2, ""},
		"refused":           {[]func(*http.Request) api.Answer{refuses(hansa.CodeUnknown), approved}, 1, hansa.CodeUnknown},
		"worth another id":  {[]func(*http.Request) api.Answer{refuses(hansa.CodeUsed), approved}, 1, hansa.CodeUsed},
		"of a later reason": {[]func(*http.Request) api.Answer{says(later("never")), approved}, 1, "later"},
		"as the wire says":  {[]func(*http.Request) api.Answer{says(later("same_request")), approved}, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := &network{script: test.script}
				payment, err := newClient(t, n).AskPayment(t.Context(), ask, 6*time.Second)
				if reason, _ := hansa.ReasonOf(err); reason != test.reason || err == nil && payment.Reference != "pay_1" {
					t.Errorf("want %q, got %v and payment %q", test.reason, err, payment.Reference)
				}
				want := slices.Repeat([]string{"POST /v1/payments?wait=6 " + string(api.Encode(ask))}, test.calls)
				if diff := cmp.Diff(want, n.heard); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func later(retry api.Retry) api.Problem {
	return api.Problem{Type: "x", Title: "Later", Status: http.StatusConflict, Reason: "later", Retry: retry}
}

// TestNobodyWaitsForEver: without a deadline of the caller's a minute is enough.
func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &network{script: []func(*http.Request) api.Answer{silence}}
		began := time.Now()
		_, err := newClient(t, n).ReadPayment(t.Context(), "pay_1", 0)
		if !client.Again(err) || time.Since(began) > time.Minute {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		if len(n.heard) < 8 || len(n.heard) > 12 {
			t.Errorf("%d attempts in a minute", len(n.heard))
		}
	})
}

// TestAnAnswerMayHaveMoreThanWeKnow, as a later release of the network may send it.
func TestAnAnswerMayHaveMoreThanWeKnow(t *testing.T) {
	t.Parallel()
	body := bytes.Replace(api.Encode(api.Order{Order: "ord_1", Status: "open"}), []byte("{"), []byte(`{"colour":{"deep":[1]},`), 1)
	n := &network{script: []func(*http.Request) api.Answer{says(json.RawMessage(body))}}
	order, err := newClient(t, n).ReadOrder(t.Context(), "ord_1", 0)
	if err != nil || order.Order != "ord_1" {
		t.Errorf("%+v, %v", order, err)
	}
}

// TestWhatIsKnownIsNotReadAgain: rules and keys have a version.
func TestWhatIsKnownIsNotReadAgain(t *testing.T) {
	t.Parallel()
	keys := api.CodeKeys{Version: "v2", Keys: []api.CodeKey{{ID: "hansa-1", Public: "AA"}}}
	n := &network{script: []func(*http.Request) api.Answer{func(r *http.Request) api.Answer {
		if r.Header.Get("If-None-Match") == `"v2"` {
			return api.Answer{Status: http.StatusNotModified, Header: http.Header{}}
		}
		return says(keys)(r)
	}}}
	c := newClient(t, n)
	got, err := c.ReadCodeKeys(t.Context(), "v1")
	if err != nil || !cmp.Equal(got, &keys) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err = c.ReadCodeKeys(t.Context(), "v2"); got != nil || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestEventsAreReadWhereTheyAreSigned: the stream only rings.
func TestEventsAreReadWhereTheyAreSigned(t *testing.T) {
	t.Parallel()
	page := func(next string, cursors ...string) func(*http.Request) api.Answer {
		p := api.Page[api.Event]{Items: []api.Event{}, Next: next}
		for _, cursor := range cursors {
			p.Items = append(p.Items, api.Event{Cursor: cursor, Type: "order.open"})
		}
		return says(p)
	}
	rings := func(*http.Request) api.Answer {
		return api.Answer{
			Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}},
			Body: []byte(": still here\n\nid: cur_lie\nevent: order.open\ndata: {\"cursor\":\"cur_lie\"}\n\n"),
		}
	}
	n := &network{script: []func(*http.Request) api.Answer{
		page("cur_3", "cur_1", "cur_2"), page("", "cur_4"), page(""), rings, page("", "cur_5"), refuses(hansa.Suspended),
	}}
	var got []string
	for event, err := range newClient(t, n).Events(t.Context(), "cur_0") {
		if err != nil {
			got = append(got, err.Error())
			break
		}
		got = append(got, event.Cursor)
	}
	if diff := cmp.Diff([]string{"cur_1", "cur_2", "cur_4", "cur_5", "suspended: no"}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	want := []string{"cur_0&limit=200", "cur_3&limit=200", "cur_4&limit=200", "cur_4", "cur_4&limit=200", "cur_5&limit=200"}
	for i, after := range want {
		want[i] = "GET /v1/events?after=" + after
	}
	if diff := cmp.Diff(want, n.heard); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// TestAStreamTellsOfAPayment until it is decided.
func TestAStreamTellsOfAPayment(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, status := range []string{"pending", "approved"} {
		text.WriteString("event: payment\ndata: " + string(api.Encode(api.Payment{Reference: "pay_1", Status: status})) + "\n\n")
	}
	n := &network{script: []func(*http.Request) api.Answer{func(*http.Request) api.Answer {
		return api.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: []byte(text.String())}
	}, refuses(hansa.NotFound)}}
	c := newClient(t, n)
	var told []string
	for range 2 {
		for payment, err := range c.StreamPayment(t.Context(), "pay_1") {
			if err != nil {
				told = append(told, err.Error())
				break
			}
			told = append(told, payment.Status)
		}
	}
	if diff := cmp.Diff([]string{"pending", "approved", "not_found: no"}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAWebhookIsHeardOnlyFromTheNetwork, and its event may have more than we know.
func TestAWebhookIsHeardOnlyFromTheNetwork(t *testing.T) {
	t.Parallel()
	c := newClient(t, &network{})
	body := []byte(`{"cursor":"cur_1","type":"order.open","at":"2026-06-01T12:00:00Z","sequence":0,"order":"ord_1","colour":"red"}`)
	for name, test := range map[string]struct {
		key  byte
		want hansa.Reason
	}{"the network": {9, ""}, "somebody else": {8, hansa.BadSignature}} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks", bytes.NewReader(body))
		signing := api.WebhookSigning{Keys: []ed25519.PrivateKey{keyOf(test.key)}}
		if err := api.SignWebhook(r.Header, "evt_1", body, signing, time.Now()); err != nil {
			t.Fatal(err)
		}
		id, event, err := c.HearEvent(r)
		reason, _ := hansa.ReasonOf(err)
		if reason != test.want || err == nil && (id != "evt_1" || event.Order != "ord_1") {
			t.Errorf("%s: %q, %+v, %v", name, id, event, err)
		}
	}
}

// TestAWalletAnswersTheNetworkAlone, and signs every answer, a refusal too.
func TestAWalletAnswersTheNetworkAlone(t *testing.T) {
	t.Parallel()
	const wallet = "https://wallet.example"
	handler := newClient(t, &network{}).Handler(wallet, client.Questions{
		Ask: func(_ context.Context, ask api.Ask) (api.WalletAnswer, error) {
			if ask.Payer == "stranger" {
				return api.WalletAnswer{}, hansa.Refuse(hansa.PayerBlocked, "unknown")
			}
			return api.WalletAnswer{Reference: ask.Reference, Status: api.AnswerPaid}, nil
		},
	})
	for name, test := range map[string]struct {
		path, payer string
		key         byte
		status      int
		want        string
	}{
		"asked":        {"/payments/pay_1/ask", "u-1", 9, 200, `"status":"PAID"`},
		"refused":      {"/payments/pay_1/ask", "stranger", 9, 409, `"reason":"payer_blocked"`},
		"another path": {"/payments/pay_2/ask", "u-1", 9, 400, `"reason":"malformed"`},
		"by another":   {"/payments/pay_1/ask", "u-1", 8, 401, `"reason":"bad_signature"`},
	} {
		body := api.Encode(api.Ask{Reference: "pay_1", Payer: test.payer})
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, wallet+test.path, bytes.NewReader(body))
		r.RequestURI = test.path
		r.Header.Set("Content-Type", api.MediaJSON)
		signing := api.Signing{KeyID: "hansa#1", Key: keyOf(test.key), Now: time.Now(), Nonce: "n-1"}
		if err := api.SignRequest(r, body, signing); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		answer := api.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
		if _, err := api.VerifyResponse(answer, r, keyNamed("nets#1", 1), time.Now()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAConfigurationIsJudgedAtOnce, before the first payment.
func TestAConfigurationIsJudgedAtOnce(t *testing.T) {
	t.Parallel()
	good := client.Config{
		URL: origin, KeyID: "nets#1", Key: keyOf(1), NetworkKeys: map[string]ed25519.PublicKey{"hansa#1": publicOf(9)},
		Now: time.Now, Nonce: func() string { return "n" },
	}
	if _, err := client.New(good); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*client.Config){
		"no address":     func(c *client.Config) { c.URL = "" },
		"a final slash":  func(c *client.Config) { c.URL += "/" },
		"no key":         func(c *client.Config) { c.Key = nil },
		"no key id":      func(c *client.Config) { c.KeyID = "" },
		"nobody's key":   func(c *client.Config) { c.NetworkKeys = nil },
		"no clock":       func(c *client.Config) { c.Now = nil },
		"nothing random": func(c *client.Config) { c.Nonce = nil },
	} {
		config := good
		spoil(&config)
		if _, err := client.New(config); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
