package outbound_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/outbound"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func keyOf(seed byte) ed25519.PrivateKey {
	raw := make([]byte, ed25519.SeedSize)
	raw[0] = seed
	return ed25519.NewKeyFromSeed(raw)
}

var (
	ours   = keyOf(1)
	theirs = keyOf(2)
)

func keysOf(keyID string) (api.Key, string, bool) {
	switch keyID {
	case "hansa#1":
		return api.Key{Public: ours.Public().(ed25519.PublicKey)}, "hansa", true
	case "vipps#1":
		return api.Key{Public: theirs.Public().(ed25519.PublicKey)}, "vipps", true
	}
	return api.Key{}, "", false
}

// A wallet answers what its function says, signed as signs says.
type wallet struct {
	t      *testing.T
	server *httptest.Server
	answer func(r *http.Request, body []byte) (status int, media string, answer []byte)
	keyID  string
	key    ed25519.PrivateKey
	nonces []string
}

func newWallet(t *testing.T) *wallet {
	t.Helper()
	w := &wallet{t: t, keyID: "vipps#1", key: theirs}
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	return w
}

func (w *wallet) ServeHTTP(writer http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	if r.Header.Get("Idempotency-Key") != "" {
		w.t.Error("an Idempotency-Key was sent")
	}
	verified, err := api.VerifyRequest(r, body, w.server.URL, func(keyID string) (api.Key, bool) {
		key, participant, ok := keysOf(keyID)
		return key, ok && participant == "hansa"
	}, noon)
	if err != nil {
		w.t.Error(err)
	}
	w.nonces = append(w.nonces, verified.Nonce)
	status, media, text := w.answer(r, body)
	answer := api.Answer{Status: status, Header: writer.Header(), Body: text}
	answer.Header.Set("Content-Type", media)
	if w.key != nil {
		if err := api.SignResponse(answer, r, w.server.URL, api.Signing{KeyID: w.keyID, Key: w.key, Now: noon}); err != nil {
			w.t.Error(err)
		}
	}
	writer.WriteHeader(status)
	_, _ = writer.Write(text)
}

func newClient(t *testing.T) *client.Caller {
	t.Helper()
	var count atomic.Int64
	transport := outbound.NewTransport(true)
	t.Cleanup(transport.Close)
	return &client.Caller{
		KeyID: "hansa#1", Key: ours, Keys: keysOf, Transport: transport,
		Now:   func() time.Time { return noon },
		Nonce: func() string { return "nonce-" + strconv.FormatInt(count.Add(1), 10) },
	}
}

func (w *wallet) peer() client.Peer { return client.Peer{Participant: "vipps", URL: w.server.URL} }

func says(status int, media string, text []byte) func(*http.Request, []byte) (int, string, []byte) {
	return func(*http.Request, []byte) (int, string, []byte) { return status, media, text }
}

func TestAWalletIsAsked(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	want := api.WalletAnswer{
		Reference: "pay_1", Status: api.AnswerPaid, Payee: "bergen-cafe",
		OrderAmount: money.New(10000, "NOK"), DebitAmount: money.New(10000, "NOK"),
	}
	var heard []string
	w.answer = func(r *http.Request, body []byte) (int, string, []byte) {
		heard = append(heard, r.Method+" "+r.URL.Path)
		if r.URL.Path == "/movements/ref_1" {
			return http.StatusOK, api.MediaJSON, api.Encode(api.Carried{Movement: "ref_1", Status: api.AnswerDone})
		}
		return http.StatusOK, api.MediaJSON, api.Encode(want)
	}
	wallets := outbound.Wallets{Client: newClient(t)}
	for name, call := range map[string]func() (api.WalletAnswer, error){
		"ask": func() (api.WalletAnswer, error) {
			return wallets.Ask(t.Context(), w.peer(), api.Ask{Reference: "pay_1"})
		},
		"inquire": func() (api.WalletAnswer, error) { return wallets.Inquire(t.Context(), w.peer(), "pay_1") },
		"cancel": func() (api.WalletAnswer, error) {
			return wallets.Cancel(t.Context(), w.peer(), api.Stop{Reference: "pay_1"})
		},
	} {
		got, err := call()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if carried, err := wallets.Carry(t.Context(), w.peer(), api.Carry{Movement: "ref_1"}); err != nil || carried.Status != api.AnswerDone {
		t.Errorf("carry: %v, %v", carried, err)
	}
	if len(heard) != 4 || len(w.nonces) != 4 || w.nonces[0] == w.nonces[1] {
		t.Errorf("the wallet heard %q with nonces %q", heard, w.nonces)
	}
}

func TestAnAnswerAboutSomethingElseIsAFault(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	w.answer = says(http.StatusOK, api.MediaJSON, api.Encode(api.WalletAnswer{Reference: "pay_2", Status: api.AnswerPaid}))
	if _, err := (outbound.Wallets{Client: newClient(t)}).Inquire(t.Context(), w.peer(), "pay_1"); err == nil {
		t.Error("an answer about pay_2 was taken for one about pay_1")
	}
}

func TestAnAnswerIsBelievedOnlyIfItIsSigned(t *testing.T) {
	t.Parallel()
	right := api.Encode(api.WalletAnswer{Reference: "pay_1", Status: api.AnswerPaid})
	for name, spoil := range map[string]func(w *wallet){
		"unsigned":      func(w *wallet) { w.key = nil },
		"another's key": func(w *wallet) { w.key, w.keyID = ours, "hansa#1" },
		"unknown key":   func(w *wallet) { w.keyID = "vipps#2" },
		"forged":        func(w *wallet) { w.key = keyOf(9) },
		"garbage":       func(w *wallet) { w.answer = says(200, api.MediaJSON, []byte(`{"reference":`)) },
		"unknown member": func(w *wallet) {
			w.answer = says(200, api.MediaJSON, []byte(`{"reference":"pay_1","status":"PAID","x":1}`))
		},
		"too large":         func(w *wallet) { w.answer = says(200, api.MediaJSON, []byte(strings.Repeat(" ", api.BodyMax+1))) },
		"other media type":  func(w *wallet) { w.answer = says(200, "text/html", right) },
		"status 500":        func(w *wallet) { w.answer = says(500, api.MediaJSON, right) },
		"redirect":          func(w *wallet) { w.answer = says(307, api.MediaJSON, right) },
		"fault as problem":  func(w *wallet) { w.answer = says(500, api.MediaProblem, api.Encode(api.ProblemOf(errors.New("x")))) },
		"problem in pieces": func(w *wallet) { w.answer = says(409, api.MediaProblem, []byte(`{}`)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWallet(t)
			w.answer = says(http.StatusOK, api.MediaJSON, right)
			spoil(w)
			_, err := (outbound.Wallets{Client: newClient(t)}).Inquire(t.Context(), w.peer(), "pay_1")
			if err == nil {
				t.Fatal("believed")
			}
			if reason, refused := hansa.ReasonOf(err); refused {
				t.Errorf("taken for a refusal, %s", reason)
			}
			if !client.Again(err) {
				t.Error("not worth another try")
			}
		})
	}
}

func TestAProblemIsARefusal(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	for _, want := range []struct {
		reason hansa.Reason
		again  bool
	}{{hansa.CodeUsed, false}, {hansa.Overloaded, true}} {
		problem := api.ProblemOf(hansa.Refuse(want.reason, "so"))
		w.answer = says(problem.Status, api.MediaProblem, api.Encode(problem))
		_, err := (outbound.Wallets{Client: newClient(t)}).Inquire(t.Context(), w.peer(), "pay_1")
		if reason, _ := hansa.ReasonOf(err); reason != want.reason {
			t.Errorf("want %s, got %v", want.reason, err)
		}
		if client.Again(err) != want.again {
			t.Errorf("%s: again is %t", want.reason, !want.again)
		}
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
	t.Cleanup(other.Close)
	here := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	t.Cleanup(here.Close)
	hooks := newHooks(t, true)
	status, err := hooks.Post(t.Context(), here.URL, "evt_1", []byte("{}"))
	if err != nil || status != http.StatusTemporaryRedirect || followed.Load() {
		t.Errorf("status %d, error %v, followed %t", status, err, followed.Load())
	}
}

func newHooks(t *testing.T, loopback bool) *outbound.Hooks {
	t.Helper()
	transport := outbound.NewTransport(loopback)
	t.Cleanup(transport.Close)
	return &outbound.Hooks{
		Signing:   api.WebhookSigning{Keys: []ed25519.PrivateKey{ours}},
		Transport: transport, Now: func() time.Time { return noon },
	}
}

func TestAWebhookIsSigned(t *testing.T) {
	t.Parallel()
	keys := api.WebhookKeys{Keys: []ed25519.PublicKey{ours.Public().(ed25519.PublicKey)}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = api.VerifyWebhook(r.Header, body, keys, noon)
		}
		if err != nil || r.Header.Get("webhook-id") != "evt_1" || r.Header.Get("Content-Type") != api.MediaJSON {
			t.Errorf("%v, %v", err, r.Header)
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("thank you"))
	}))
	t.Cleanup(server.Close)
	status, err := newHooks(t, true).Post(t.Context(), server.URL, "evt_1", []byte(`{"a":1}`))
	if err != nil || status != http.StatusAccepted {
		t.Errorf("status %d, error %v", status, err)
	}
}

func TestNoCallLeadsInside(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255",
		"224.0.0.1", "192.0.2.1", "[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]",
		"[64:ff9b::a00:1]", "[2002:a00:1::]", "[2001:db8::1]", "[ff02::1]", "localhost",
	} {
		if _, err := newHooks(t, false).Post(t.Context(), "https://"+address+":9", "evt_1", nil); !errors.Is(err, outbound.ErrNotPublic) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := newHooks(t, true).Post(t.Context(), "https://10.0.0.1:9", "evt_1", nil); !errors.Is(err, outbound.ErrNotPublic) {
		t.Errorf("a demo reaches 10.0.0.1: %v", err)
	}
	for _, address := range []string{"http://192.0.2.1:9", "ftp://127.0.0.1", "//127.0.0.1", "https://"} {
		if _, err := newHooks(t, false).Post(t.Context(), address, "evt_1", nil); err == nil || errors.Is(err, outbound.ErrNotPublic) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestACallEndsInTime(t *testing.T) {
	t.Parallel()
	w := newWallet(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	w.answer = func(*http.Request, []byte) (int, string, []byte) {
		<-release
		return http.StatusOK, api.MediaJSON, nil
	}
	err := newClient(t).Do(t.Context(), w.peer(), client.Call{Method: http.MethodGet, Path: "/", Within: time.Millisecond})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
