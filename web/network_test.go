package web_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

const origin = "https://pay.example"

// bigBang is when every network of these tests begins: a Sunday, long after the
// world is in force, and after today: connections have deadlines by this clock.
var bigBang = time.Date(2036, 11, 23, 12, 0, 0, 0, time.UTC)

// A network is the real hub on a database of its own, with a clock and a chance
// that the test owns. Calls to wallets are answered by the test.
type network struct {
	t        *testing.T
	contract contract
	handler  http.Handler
	hub      *hub.Hub

	mutex     sync.Mutex
	now       time.Time
	draws     uint64
	directory *member.Directory
	watchers  map[chan struct{}]string
	calls     []hub.Call                           // not answered yet
	wallet    func(hub.Call) (payment.Event, bool) // answers at once; nil: nobody does
	fault     error                                // instead of stepping
	nonces    int
}

func newNetwork(t *testing.T) *network {
	t.Helper()
	return newNetworkAt(t, bigBang)
}

func newNetworkAt(t *testing.T, now time.Time) *network {
	t.Helper()
	ctx := context.Background()
	database, err := store.Open(ctx, filepath.Join(t.TempDir(), "hansa.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := database.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	n := &network{
		t: t, contract: newContract(t), hub: hub.New(database, sha256.Sum256([]byte("secret"))), now: now,
		watchers: make(map[chan struct{}]string),
	}
	setup := sim.World()
	for _, p := range setup.Listing.Participants {
		setup = setup.Joined(p.ID, sim.Access{Keys: []member.Key{
			{ID: api.KeyID(p.ID, 1), Public: public(api.KeyID(p.ID, 1)), NotBefore: sim.Since()},
			{ID: api.KeyID(p.ID, 2), Public: public(api.KeyID(p.ID, 2)), NotBefore: sim.Since(), Withdrawn: true},
		}})
	}
	if _, err := n.do(ctx, hub.Request{Operation: hub.Enrol{Listing: setup.Listing, Registry: setup.Registry, Ranges: setup.Ranges}}); err != nil {
		t.Fatal(err)
	}
	n.handler = web.New(n.config())
	return n
}

func (n *network) config() web.Config {
	return web.Config{
		Hub: n.hub, Do: n.do, Watch: n.watch, Now: n.time, Chance: n.chance,
		Directory: func() *member.Directory { n.mutex.Lock(); defer n.mutex.Unlock(); return n.directory },
		KeyID:     "hansa#1", Key: private("hansa#1"),
		CodeKey: func(time.Time) (string, ed25519.PrivateKey) { return "codes-1", private("codes-1") },
		Codes: qr.Directory{
			Key:         func(id string) (qr.Key, bool) { return qr.Key{Public: public("codes-1")}, id == "codes-1" },
			KeepsOrders: true,
		},
		CodeKeys: func() []api.CodeKey {
			return []api.CodeKey{{ID: "codes-1", Public: api.FormatPublicKey(public("codes-1")), BelievedUntil: new(bigBang.AddDate(1, 0, 0))}}
		},
		Origin: origin, Log: slog.New(slog.DiscardHandler),
	}
}

func private(keyID string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(keyID))
	return ed25519.NewKeyFromSeed(seed[:])
}

func public(keyID string) ed25519.PublicKey { return private(keyID).Public().(ed25519.PublicKey) }

// do steps with one request, and lets the wallet answer what follows.
func (n *network) do(ctx context.Context, request hub.Request) (hub.Result, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.fault != nil {
		return hub.Result{}, n.fault
	}
	return n.step(ctx, request)
}

func (n *network) step(ctx context.Context, request hub.Request) (hub.Result, error) {
	n.draws++
	binary.BigEndian.PutUint64(request.Chance[:], n.draws)
	committed, err := n.hub.Step(ctx, n.now, []hub.Request{request})
	if err != nil {
		return hub.Result{}, err
	}
	listing, err := n.hub.Read().Listing(ctx)
	if err != nil {
		return hub.Result{}, err
	}
	if n.directory, _, err = hub.Index(listing); err != nil {
		return hub.Result{}, err
	}
	n.tell(committed)
	n.calls = append(n.calls, committed.Calls...)
	return committed.Results[0], n.answerCalls(ctx)
}

func (n *network) answerCalls(ctx context.Context) error {
	waiting := n.calls
	n.calls = nil
	for _, call := range waiting {
		if n.wallet == nil {
			n.calls = append(n.calls, call)
			continue
		}
		event, answers := n.wallet(call)
		if !answers {
			n.calls = append(n.calls, call)
			continue
		}
		result, err := n.step(ctx, hub.Request{Operation: hub.Answered{Call: call, Event: event}})
		if err != nil || result.Refusal != nil {
			return fmt.Errorf("answer a call: %w, %w", err, result.Refusal)
		}
	}
	return nil
}

// answered lets the wallet answer from now on, and what it was asked before.
func (n *network) answered(wallet func(hub.Call) (payment.Event, bool)) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.wallet = wallet
	if err := n.answerCalls(context.Background()); err != nil {
		n.t.Error(err)
	}
}

// says yes to whatever a wallet is asked.
func yes(call hub.Call) (payment.Event, bool) {
	switch call.Call {
	case payment.CallAsk, payment.CallInquire:
		return payment.Paid{Echo: call.Payment.Echo()}, true
	case payment.CallCancel:
		return payment.CancelAcknowledged{}, true
	case payment.CallCapture, payment.CallRelease, payment.CallRefund:
		return payment.MovementAcknowledged{ID: call.Movement.ID}, true
	case payment.NoCall:
	}
	panic("a call of no kind")
}

// no declines payments for want of money.
func no(call hub.Call) (payment.Event, bool) {
	return payment.WalletDeclined{Reason: hansa.InsufficientFunds}, call.Call == payment.CallAsk
}

func (n *network) tell(committed hub.Committed) {
	for channel, subject := range n.watchers {
		for _, changed := range append(committed.Changed, web.Journal) {
			if changed == subject {
				select {
				case channel <- struct{}{}:
				default:
				}
			}
		}
	}
}

func (n *network) watch(subject string) (<-chan struct{}, func()) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	channel := make(chan struct{}, 1)
	n.watchers[channel] = subject
	return channel, func() {
		n.mutex.Lock()
		defer n.mutex.Unlock()
		delete(n.watchers, channel)
	}
}

func (n *network) time() time.Time {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.now
}

// pass lets time pass and wakes what is due.
func (n *network) pass(d time.Duration) {
	n.t.Helper()
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.now = n.now.Add(d)
	if _, err := n.step(context.Background(), hub.Request{Operation: hub.Claim{Limit: 100}}); err != nil {
		n.t.Error(err)
	}
}

func (n *network) chance() hansa.Chance {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.draws++
	var c hansa.Chance
	binary.BigEndian.PutUint64(c[8:], n.draws)
	return c
}

func (n *network) nonce() string {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.nonces++
	return fmt.Sprintf("nonce-%d", n.nonces)
}

// A request of a participant, before it is signed.
type request struct {
	method string
	path   string
	body   []byte
	edit   func(*http.Request) // before it is signed
	spoil  func(*http.Request) // after it was signed
	keyID  string              // empty: the participant's first
	nonce  string              // empty: a fresh one
	noSign bool
}

// send signs and sends a request as participant, and holds both against the
// document and the answer's signature against the switch's key.
func (n *network) send(participant string, wish request) api.Answer {
	n.t.Helper()
	return n.sendIn(context.Background(), participant, wish)
}

func (n *network) sendIn(ctx context.Context, participant string, wish request) api.Answer {
	n.t.Helper()
	r := httptest.NewRequestWithContext(ctx, wish.method, wish.path, bytes.NewReader(wish.body))
	r.URL.Scheme, r.URL.Host, r.Host = "https", "pay.example", "pay.example"
	if len(wish.body) > 0 {
		r.Header.Set("Content-Type", api.MediaJSON)
	}
	if wish.edit != nil {
		wish.edit(r)
	}
	if !wish.noSign {
		keyID := wish.keyID
		if keyID == "" {
			keyID = api.KeyID(participant, 1)
		}
		nonce := wish.nonce
		if nonce == "" {
			nonce = n.nonce()
		}
		if err := api.SignRequest(r, wish.body, api.Signing{KeyID: keyID, Key: private(keyID), Now: n.time(), Nonce: nonce}); err != nil {
			n.t.Fatal(err)
		}
	}
	if wish.spoil != nil {
		wish.spoil(r)
	}
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, r)
	answer := api.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
	n.contract.check(n.t, r, wish.body, answer)
	n.checkAnswer(r, answer)
	return answer
}

// checkAnswer verifies the signature of an answer.
func (n *network) checkAnswer(r *http.Request, answer api.Answer) {
	n.t.Helper()
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		answer.Body = nil
	}
	keys := func(id string) (api.Key, bool) { return api.Key{Public: public("hansa#1")}, id == "hansa#1" }
	if _, err := api.VerifyResponse(answer, r, keys, n.time()); err != nil {
		n.t.Errorf("%s %s: answer: %v", r.Method, r.URL, err)
	}
}

// post sends a message and decodes the answer if it is one of success.
func post[A any](n *network, participant, path string, message any) (A, api.Answer) {
	n.t.Helper()
	return exchanged[A](n, participant, request{method: http.MethodPost, path: path, body: api.Encode(message)})
}

func read[A any](n *network, participant, path string) (A, api.Answer) {
	n.t.Helper()
	return exchanged[A](n, participant, request{method: http.MethodGet, path: path})
}

func exchanged[A any](n *network, participant string, wish request) (A, api.Answer) {
	n.t.Helper()
	answer := n.send(participant, wish)
	var message A
	if answer.Status < 300 {
		if err := api.Decode(answer.Body, &message); err != nil {
			n.t.Fatalf("%s %s: %v\n%s", wish.method, wish.path, err, answer.Body)
		}
	}
	return message, answer
}

// wantStatus fails unless the answer is of that status.
func (n *network) wantStatus(want int, answer api.Answer) {
	n.t.Helper()
	if answer.Status != want {
		n.t.Fatalf("want status %d, got %d: %s", want, answer.Status, answer.Body)
	}
}

// wantReason fails unless the answer is the refusal.
func (n *network) wantReason(want hansa.Reason, answer api.Answer) {
	n.t.Helper()
	var problem api.Problem
	if err := api.Decode(answer.Body, &problem); err != nil || problem.Reason != want || problem.Status != answer.Status {
		n.t.Errorf("want %s, got %d: %s", want, answer.Status, answer.Body)
	}
}

func nok(value int64) money.Amount { return money.New(value, "NOK") }

// code fetches a payment code of a payer.
func (n *network) code(wallet, payer string) string {
	n.t.Helper()
	codes, answer := post[api.PaymentCodes](n, wallet, "/v1/payment-codes", api.FetchCodes{RequestID: n.nonce(), Payer: payer, Count: 1})
	n.wantStatus(http.StatusCreated, answer)
	return codes.Codes[0].Code
}

// ask is what the Nets till in Bergen asks.
func (n *network) ask(code string) api.AskPayment {
	return api.AskPayment{
		RequestID: n.nonce(), Code: code, Amount: nok(100_00), Store: "bergen-cafe", Terminal: "bergen-cafe-nets",
		OrderReference: n.nonce(),
	}
}

// approved is a payment of a Vipps payer at the Nets till in Bergen.
func (n *network) approved() api.Payment {
	n.t.Helper()
	n.answered(yes)
	p, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask(n.code("vipps", "ola")))
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "approved" {
		n.t.Fatalf("payment %+v", p)
	}
	return p
}

// pending is the same payment while the wallet says nothing.
func (n *network) pending() api.Payment {
	n.t.Helper()
	p, answer := post[api.Payment](n, "nets", "/v1/payments?wait=0", n.ask(n.code("vipps", "ola")))
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "pending" {
		n.t.Fatalf("payment %+v", p)
	}
	return p
}

// unlike draws another code of the same issuer.
func (n *network) unlike(code string) string {
	n.t.Helper()
	other, err := qr.NewPaymentCode(code[:6], qr.Issued, n.chance())
	if err != nil {
		n.t.Fatal(err)
	}
	return other
}
