package party_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// fakeSwitch is as much of the switch as parties need: it prices one to one,
// believes every wallet, and keeps all in memory.
type fakeSwitch struct {
	t       *testing.T
	server  *httptest.Server
	key     ed25519.PrivateKey
	client  *client.Caller
	hooks   *outbound.Hooks
	deaf    atomic.Bool // answers 503 to every outcome
	told    chan string // references of outcomes as they are heard
	refused chan string // and as they are not
	counter atomic.Int64
	plain   http.Handler // of tills that speak another protocol
	tills   map[string]party.TillTongue

	mu       sync.Mutex
	world    *member.Directory
	payments map[string]api.Payment
	decided  map[string]bool
	orders   map[string]api.Order
	quotes   map[string]api.Quote
	codes    map[string]string // payment code -> wallet and payer
	changed  chan struct{}
}

func newSwitch(t *testing.T) *fakeSwitch {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = 7
	s := &fakeSwitch{
		t: t, key: ed25519.NewKeyFromSeed(seed), told: make(chan string, 100), refused: make(chan string, 100), changed: make(chan struct{}),
		payments: map[string]api.Payment{}, decided: map[string]bool{}, orders: map[string]api.Order{}, quotes: map[string]api.Quote{}, codes: map[string]string{},
	}
	transport := outbound.NewTransport(true)
	t.Cleanup(transport.Close)
	s.client = &client.Caller{
		KeyID: "hansa#1", Key: s.key, Keys: s.keys, Transport: transport, Now: time.Now, Nonce: func() string { return s.id("nonce") },
	}
	s.hooks = &outbound.Hooks{Signing: api.WebhookSigning{Keys: []ed25519.PrivateKey{s.key}}, Transport: transport, Now: time.Now}
	s.server = httptest.NewServer(s.mux())
	t.Cleanup(s.server.Close)
	return s
}

func (s *fakeSwitch) id(prefix string) string { return fmt.Sprintf("%s_%d", prefix, s.counter.Add(1)) }

func (s *fakeSwitch) public() ed25519.PublicKey { return s.key.Public().(ed25519.PublicKey) }

func (s *fakeSwitch) keys(keyID string) (api.Key, string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, participant, ok := s.world.Key(keyID, time.Now())
	return api.Key{Public: key.Public}, participant, ok
}

func (s *fakeSwitch) participant(id string) member.Participant {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.world.Participant(id)
	if err != nil {
		s.t.Error(err)
	}
	return p
}

// asParties is what parties know of the switch.
func (s *fakeSwitch) asParties() party.Switch {
	return party.Switch{
		Participant: "hansa", URL: s.server.URL,
		Keys:  func(keyID string) (api.Key, bool) { return api.Key{Public: s.public()}, keyID == "hansa#1" },
		Codes: qr.Directory{Key: func(id string) (qr.Key, bool) { return qr.Key{Public: s.public()}, id == "hansa-1" }},
		Hooks: api.WebhookKeys{Keys: []ed25519.PublicKey{s.public()}},
	}
}

// mux serves the paths of the public API that parties call.
func (s *fakeSwitch) mux() http.Handler {
	mux := http.NewServeMux()
	serve(s, mux, "POST /v1/payment-codes", s.fetchCodes)
	serve(s, mux, "POST /v1/payments", s.askPayment)
	serve(s, mux, "POST /v1/orders", s.makeOrder)
	serve(s, mux, "POST /v1/resolve", s.resolve)
	serve(s, mux, "POST /v1/quotes", func(_ string, ask api.AskQuote, _ *http.Request) (any, error) {
		return s.quote("", ask.Amount), nil
	})
	serve(s, mux, "POST /v1/accepts", s.accept)
	serve(s, mux, "POST /v1/announcements", s.announce)
	serve(s, mux, "POST /v1/payments/{reference}/outcome", s.outcome)
	serve(s, mux, "POST /v1/payments/{reference}/cancel", s.cancel)
	serve(s, mux, "POST /v1/payments/{reference}/refunds", s.refund)
	serve(s, mux, "GET /v1/payments/{reference}", func(_ string, _ struct{}, r *http.Request) (any, error) {
		return s.await(r.Context(), r.PathValue("reference"), r.URL.Query().Has("wait"))
	})
	serve(s, mux, "GET /v1/payments/{reference}/receipt", func(_ string, _ struct{}, r *http.Request) (any, error) {
		p, err := s.await(r.Context(), r.PathValue("reference"), false)
		return api.Receipt{Reference: p.Reference, Payment: p.Reference, Status: p.Status, OrderAmount: p.OrderAmount}, err
	})
	serve(s, mux, "GET /v1/orders/{order}", func(_ string, _ struct{}, r *http.Request) (any, error) {
		return s.order(r.PathValue("order"), "")
	})
	serve(s, mux, "POST /v1/orders/{order}/cancel", func(_ string, _ api.Change, r *http.Request) (any, error) {
		return s.order(r.PathValue("order"), "closed")
	})
	serve(s, mux, "GET /v1/store-codes", s.storeCodes)
	mux.HandleFunc("POST /plain", func(w http.ResponseWriter, r *http.Request) { s.plain.ServeHTTP(w, r) })
	return mux
}

// serve verifies, decodes, decides and signs.
func serve[T any](s *fakeSwitch, mux *http.ServeMux, pattern string, decide func(string, T, *http.Request) (any, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		body, err := api.ReadBody(r.Body, api.BodyMax)
		var verified api.Verified
		if err == nil {
			verified, err = api.VerifyRequest(r, body, s.server.URL, func(keyID string) (api.Key, bool) {
				key, _, ok := s.keys(keyID)
				return key, ok
			}, time.Now())
		}
		var message T
		if err == nil && len(body) > 0 {
			err = api.Decode(body, &message)
		}
		if err == nil && strings.HasSuffix(r.URL.Path, "/outcome") && s.deaf.Load() {
			err = hansa.Refuse(hansa.Overloaded, "not now")
			s.refused <- r.PathValue("reference")
		}
		var answer any
		if err == nil {
			_, participant, _ := s.keys(verified.KeyID)
			answer, err = decide(participant, message, r)
		}
		status, media := http.StatusOK, api.MediaJSON
		if err != nil {
			problem := api.ProblemOf(err)
			answer, status, media = problem, problem.Status, api.MediaProblem
		}
		signed := api.Answer{Status: status, Header: w.Header(), Body: api.Encode(answer)}
		signed.Header.Set("Content-Type", media)
		if err := api.SignResponse(signed, r, s.server.URL, api.Signing{KeyID: "hansa#1", Key: s.key, Now: time.Now()}); err != nil {
			s.t.Error(err)
		}
		w.WriteHeader(status)
		_, _ = w.Write(signed.Body)
	})
}

func (s *fakeSwitch) fetchCodes(wallet string, ask api.FetchCodes, _ *http.Request) (any, error) {
	code := fmt.Sprintf("%024d", s.counter.Add(1))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = wallet + " " + ask.Payer
	return api.PaymentCodes{Codes: []api.PaymentCode{{Code: code, ExpiresAt: time.Now().Add(time.Minute)}}}, nil
}

// askPayment asks the wallet at once; silence leaves the payment pending.
func (s *fakeSwitch) askPayment(acquirer string, ask api.AskPayment, r *http.Request) (any, error) {
	s.mu.Lock()
	wallet, payer, known := strings.Cut(s.codes[ask.Code], " ")
	s.mu.Unlock()
	if !known {
		return nil, hansa.Refuse(hansa.CodeUnknown, "no such code")
	}
	p := s.begin(wallet, acquirer, ask.Store, ask.Amount, "")
	peer := client.Peer{Participant: wallet, URL: s.participant(wallet).Endpoint}
	answer, err := (outbound.Wallets{Client: s.client}).Ask(r.Context(), peer, api.Ask{
		Reference: p.Reference, Code: ask.Code, Payer: payer, Payee: payeeOf(ask.Store), OrderAmount: p.OrderAmount,
		DebitAmount: p.DebitAmount, Fee: money.New(0, p.DebitAmount.Currency), PayerUntil: time.Now().Add(time.Minute),
	})
	switch {
	case err != nil, answer.Status == api.AnswerAwaitingPayer:
	case answer.Status == api.AnswerPaid && answer.DebitAmount == p.DebitAmount && answer.Payee == ask.Store:
		s.decide(p.Reference, "approved", "")
	case answer.Status == api.AnswerDeclined:
		s.decide(p.Reference, "declined", answer.Reason)
	}
	return s.await(r.Context(), p.Reference, false)
}

func payeeOf(store string) api.Payee {
	return api.Payee{Store: store, Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Category: "5812"}
}

// begin makes a payment in which one minor unit costs one minor unit.
func (s *fakeSwitch) begin(wallet, acquirer, store string, amount money.Amount, order string) api.Payment {
	p := api.Payment{
		Reference: s.id("pay"), Status: "pending", Mode: "cpm", Wallet: wallet, Acquirer: acquirer, Branch: acquirer + ".no", Store: store,
		Order: order, OrderAmount: amount, DebitAmount: money.New(amount.Value, s.participant(wallet).Wallet.Debits), CreatedAt: time.Now(),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.payments[p.Reference] = p
	return p
}

// decide tells both sides the outcome, twice, and then lets tills see it, so that
// a test which has seen it knows that all have heard.
func (s *fakeSwitch) decide(reference, status, reason string) {
	s.mu.Lock()
	p := s.payments[reference]
	decided := p.Status != "pending" || s.decided[reference]
	s.decided[reference] = true
	s.mu.Unlock()
	if decided {
		return
	}
	p.Status, p.Reason = status, reason
	event := api.Event{Cursor: "cur_1", Type: "payment." + status, At: time.Now(), Sequence: 1, Payment: &p}
	for range 2 {
		s.post(p.Wallet, event)
		s.post(p.Acquirer, event)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.payments[reference] = p
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *fakeSwitch) post(participant string, event api.Event) {
	status, err := s.hooks.Post(context.Background(), s.participant(participant).Webhook, s.id("evt"), api.Encode(event))
	if err != nil || status != http.StatusNoContent {
		s.t.Errorf("webhook of %s: status %d, %v", participant, status, err)
	}
}

func (s *fakeSwitch) await(ctx context.Context, reference string, wait bool) (api.Payment, error) {
	for {
		s.mu.Lock()
		p, known := s.payments[reference]
		changed := s.changed
		s.mu.Unlock()
		if !known {
			return p, hansa.Refuse(hansa.NotFound, "no such payment")
		}
		if !wait || p.Status != "pending" {
			return p, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return p, nil
		}
	}
}

func (s *fakeSwitch) makeOrder(_ string, wish api.MakeOrder, _ *http.Request) (any, error) {
	id := s.id("order")
	text, err := qr.SignOrder(qr.OrderCode{
		Order: id, Amount: wish.Amount, ExpiresAt: time.Now().Add(time.Minute),
		Payee: qr.Payee{Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Category: "5812"},
	}, "hansa-1", s.key)
	order := api.Order{
		Order: id, Status: "open", Code: text, Amount: wish.Amount, Store: wish.Store, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Minute),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[text], s.orders[id] = order, order
	return order, err
}

func (s *fakeSwitch) order(id, status string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	order, known := s.orders[id]
	if !known {
		return nil, hansa.Refuse(hansa.NotFound, "no such order")
	}
	if status != "" {
		order.Status = status
		s.orders[id] = order
	}
	return order, nil
}

func (s *fakeSwitch) quote(order string, amount money.Amount) api.Quote {
	quote := api.Quote{
		Quote: s.id("quote"), Order: order, Payee: payeeOf("bergen-cafe"), OrderAmount: amount, DebitAmount: amount,
		Fee: money.New(0, amount.Currency), ExpiresAt: time.Now().Add(time.Minute),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quotes[quote.Quote] = quote
	return quote
}

func (s *fakeSwitch) resolve(_ string, ask api.Resolve, _ *http.Request) (any, error) {
	s.mu.Lock()
	order, dynamic := s.orders[ask.Code]
	s.mu.Unlock()
	resolution := api.Resolution{Kind: "store", Payee: payeeOf("bergen-cafe"), Currency: "NOK"}
	if dynamic {
		quote := s.quote(order.Order, order.Amount)
		resolution.Kind, resolution.Quote = "order", &quote
	}
	return resolution, nil
}

func (s *fakeSwitch) accept(wallet string, accept api.Accept, _ *http.Request) (any, error) {
	s.mu.Lock()
	quote, known := s.quotes[accept.Quote]
	s.mu.Unlock()
	if !known || accept.DebitAmount != quote.DebitAmount || accept.Payee != quote.Payee.Store {
		return nil, hansa.Refuse(hansa.ConsentMismatch, "not what was quoted")
	}
	p := s.begin(wallet, "vipps", quote.Payee.Store, quote.OrderAmount, quote.Order)
	return api.Accepted{Payment: p, DebitBefore: time.Now().Add(15 * time.Second)}, nil
}

func (s *fakeSwitch) announce(wallet string, announce api.Announce, _ *http.Request) (any, error) {
	s.mu.Lock()
	amount := s.orders[announce.Code].Amount
	s.mu.Unlock()
	if announce.Amount != nil {
		amount = *announce.Amount
	}
	p := s.begin(wallet, "nets", "bergen-cafe", amount, "")
	quote := s.quote("", amount)
	quote.DebitAmount = p.DebitAmount
	return api.Announced{Payment: p, Quote: quote, ExpiresAt: time.Now().Add(time.Minute)}, nil
}

func (s *fakeSwitch) outcome(_ string, told api.TellOutcome, r *http.Request) (any, error) {
	reference := r.PathValue("reference")
	status := "approved"
	if told.Status == api.AnswerDeclined {
		status = "declined"
	}
	s.decide(reference, status, told.Reason)
	s.told <- reference
	return api.OutcomeHeard{Reference: reference, Received: true, Status: status}, nil
}

func (s *fakeSwitch) cancel(_ string, _ api.Change, r *http.Request) (any, error) {
	s.decide(r.PathValue("reference"), "cancelled", "")
	p, err := s.await(r.Context(), r.PathValue("reference"), false)
	return api.Cancelled{Payment: p}, err
}

func (s *fakeSwitch) refund(_ string, move api.MoveMoney, r *http.Request) (any, error) {
	p, err := s.await(r.Context(), r.PathValue("reference"), false)
	if err != nil {
		return nil, err
	}
	m := api.Movement{
		Movement: s.id("ref"), Payment: p.Reference, Kind: "refund", Status: "succeeded",
		OrderAmount: move.Amount, DebitAmount: money.New(move.Amount.Value, p.DebitAmount.Currency), CreatedAt: time.Now(), ChangedAt: time.Now(),
	}
	peer := client.Peer{Participant: p.Wallet, URL: s.participant(p.Wallet).Endpoint}
	carried, err := (outbound.Wallets{Client: s.client}).Carry(r.Context(), peer, api.Carry{
		Movement: m.Movement, Payment: m.Payment, Kind: m.Kind, OrderAmount: m.OrderAmount, DebitAmount: m.DebitAmount,
	})
	if err != nil || carried.Status != api.AnswerDone {
		return nil, errors.Join(err, fmt.Errorf("carried: %v", carried))
	}
	for range 2 {
		s.post(p.Acquirer, api.Event{Cursor: "cur_2", Type: "refund.succeeded", At: time.Now(), Sequence: 2, Payment: &p, Movement: &m})
	}
	return m, nil
}

func (s *fakeSwitch) storeCodes(acquirer string, _ struct{}, r *http.Request) (any, error) {
	store := r.URL.Query().Get("store")
	text, err := qr.SignStore(qr.StoreCode{
		Code: "0000000001", Currency: "NOK", Payee: qr.Payee{Name: "Bryggen Kafe", City: "Bergen", Country: "NO", Category: "5812"},
	}, "hansa-1", s.key)
	return api.Page[api.StoreCode]{Items: []api.StoreCode{
		{Code: "1", Text: text, Store: store, Acquirer: acquirer, IssuedAt: time.Now()},
		{Code: "2", Text: "revoked", Store: store, Acquirer: acquirer, IssuedAt: time.Now(), RevokedAt: new(time.Now())},
	}}, err
}

// A town is the parties of the world, running beside a switch.
type town struct {
	parties *party.Parties
	sandbox *httptest.Server
	stop    func()
}

// settle opens the parties in folder and runs them until stop.
func (s *fakeSwitch) settle(t *testing.T, folder string) *town {
	t.Helper()
	var draws atomic.Int64
	parties, err := party.Open(party.Config{
		Folder: folder, Switch: s.asParties(), World: sim.World(), Tills: s.tills, Now: time.Now,
		Chance: func() hansa.Chance {
			return sha256.Sum256(fmt.Appendf(nil, "%s %d %d", t.Name(), time.Now().UnixNano(), draws.Add(1)))
		},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	directory, err := member.NewDirectory(parties.Joined().Listing.Listing)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.world = directory
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- parties.Run(ctx) }()
	home := &town{parties: parties, sandbox: httptest.NewServer(parties.Sandbox())}
	home.stop = sync.OnceFunc(func() {
		home.sandbox.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		parties.Close()
	})
	t.Cleanup(home.stop)
	return home
}
