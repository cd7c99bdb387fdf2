package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/store"
)

// patience is how long anything may take that these tests wait for.
const patience = 20 * time.Second

// A clock goes as the machine's does until it is stopped, and jumps ahead when a
// test says so.
type clock struct {
	ahead   atomic.Int64
	stopped atomic.Pointer[time.Time]
}

func (c *clock) now() time.Time {
	now := time.Now()
	if at := c.stopped.Load(); at != nil {
		now = *at
	}
	return now.Add(time.Duration(c.ahead.Load()))
}

// stop lets no time pass any more that the test does not let pass.
func (c *clock) stop() {
	now := time.Now()
	c.stopped.Store(&now)
}

func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

// A network is a whole demo in this process: the switch, the parties and the
// sandbox, on a folder and a port of their own, with one clock for all.
type network struct {
	t      *testing.T
	clock  *clock
	folder string
	url    string
	node   *node
	box    sandbox

	transport *outbound.Transport
	public    ed25519.PublicKey
}

// openNetwork starts a demo, which ends with the test. All that it has booked is
// audited then, and a fault in its log fails the test. Listeners may be wrapped.
func openNetwork(t *testing.T, wrap ...func(net.Listener) net.Listener) *network {
	t.Helper()
	n := networkIn(t, t.TempDir())
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, around := range wrap {
		listener = around(listener)
	}
	own, err := openDemoSecrets(filepath.Join(n.folder, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	n.public = own.key.Public().(ed25519.PublicKey)
	faults := &faultLog{}
	log := slog.New(slog.NewTextHandler(faults, &slog.HandlerOptions{Level: slog.LevelError}))
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	n.node, err = openNode(ctx, setting{
		dsn: filepath.Join(n.folder, "hansa.db"), secrets: own, loopback: true, now: n.clock.now, log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	said, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		env := &environment{context: ctx, out: out, now: n.clock.now, log: log}
		err := demoCommand{Data: n.folder}.play(env, n.node, listener)
		ended <- errors.Join(err, out.Close())
	}()
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatalf("the demo does not start: %v, %v", err, <-ended)
	}
	n.url = strings.TrimPrefix(strings.TrimSpace(line), "ready ")
	n.box = sandbox{n.url + "/sandbox"}
	t.Cleanup(func() {
		n.transport.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		n.audit()
		if err := n.node.store.Close(); err != nil {
			t.Error(err)
		}
		if text := faults.String(); text != "" {
			t.Errorf("faults:\n%s", text)
		}
	})
	return n
}

// networkIn is a network that is not open yet, with its files in a folder.
func networkIn(t *testing.T, folder string) *network {
	t.Helper()
	return &network{t: t, clock: &clock{}, folder: folder, transport: outbound.NewTransport(true)}
}

// A faultLog keeps what is logged as an error. It is safe for concurrent use.
type faultLog struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *faultLog) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(line)
}

func (l *faultLog) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// audit recomputes every invariant.
func (n *network) audit() {
	n.t.Helper()
	checks, err := hub.Audit(context.Background(), n.read(), hub.Inquest{})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, check := range checks {
		for _, breach := range check.Breaches {
			n.t.Errorf("audit: %s %s: %s", check.ID, check.Says, breach)
		}
	}
}

func (n *network) read() *store.Reader { return n.node.store.Read() }

// enrol enters something into the directory or the register, as the operator's
// files would.
func (n *network) enrol(what hub.Enrol) {
	n.t.Helper()
	if _, err := n.node.engine.Do(n.t.Context(), hub.Request{Chance: chance(), Operation: what}); err != nil {
		n.t.Fatal(err)
	}
}

// change enters a participant anew.
func (n *network) change(id string, edit func(*member.Participant)) {
	n.t.Helper()
	listing, err := n.read().Listing(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	at := slices.IndexFunc(listing.Participants, func(p member.Participant) bool { return p.ID == id })
	edit(&listing.Participants[at])
	var what hub.Enrol
	what.Listing.Participants = []member.Participant{listing.Participants[at]}
	n.enrol(what)
}

// height is how far the journal has grown.
func (n *network) height() int64 {
	n.t.Helper()
	head, err := n.read().Head(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return head.Height
}

// position is what a participant has in a currency: booked, and held back for
// payments that are not decided.
func (n *network) position(account ledger.Account, currency money.Currency) ledger.Position {
	n.t.Helper()
	positions, err := n.read().Positions(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	for _, at := range positions {
		if at.Account == account && at.Currency == currency {
			return at
		}
	}
	return ledger.Position{Account: account, Currency: currency}
}

// postings are what was booked for a payment, one line each, sorted.
func (n *network) postings(reference string) []string {
	n.t.Helper()
	lines := []string{}
	for posted, err := range n.read().EachPosting(n.t.Context()) {
		if err != nil {
			n.t.Fatal(err)
		}
		if posted.Payment == reference {
			lines = append(lines, string(posted.Account)+" "+posted.Amount.String())
		}
	}
	slices.Sort(lines)
	return lines
}

// until looks at something again and again until it is as wanted.
func until(t *testing.T, what string, reached func() bool) {
	t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !reached() {
		select {
		case <-again.C:
		case <-end.C:
			t.Fatalf("in vain: %s", what)
		}
	}
}

// reasonOf is the reason of a refusal; what is none is shown as it is.
func reasonOf(err error) string {
	if reason, refused := hansa.ReasonOf(err); refused {
		return string(reason)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func wantReason(t *testing.T, want hansa.Reason, err error) {
	t.Helper()
	if got := reasonOf(err); got != string(want) {
		t.Errorf("want %q, got %q", want, got)
	}
}

func amount(text string) money.Amount {
	a, err := money.ParseAmount(text)
	if err != nil {
		panic(err)
	}
	return a
}

// fresh makes a name that nothing else has.
func fresh(kind string) string { return kind + "-" + nonce() }

// A speaker makes signed calls of the public API in the name of a participant.
type speaker struct {
	network *network
	id      string
	client  *client.Caller
	peer    client.Peer
}

// as returns who speaks for a participant, with the key that the demo gave it.
func (n *network) as(id string) speaker {
	n.t.Helper()
	file, keyID := filepath.Join(n.folder, "parties", id, "key"), api.KeyID(id, 1)
	if id == sim.Operator {
		file, keyID = filepath.Join(n.folder, "keys", "operator.key"), operatorKeyID
	}
	key, err := readKey(file)
	if err != nil {
		n.t.Fatal(err)
	}
	return speaker{
		network: n, id: id, peer: client.Peer{Participant: sim.Operator, URL: n.url + "/v1"},
		client: &client.Caller{
			KeyID: keyID, Key: key, Transport: n.transport, Now: n.clock.now, Nonce: nonce,
			Keys: func(keyID string) (api.Key, string, bool) {
				return api.Key{Public: n.public}, sim.Operator, keyID == switchKeyID
			},
		},
	}
}

func (s speaker) call(method, path string, body, into any) error {
	call := client.Call{Method: method, Path: path, Body: body, Into: into, Within: patience}
	return s.client.Do(s.network.t.Context(), s.peer, call)
}

// request is a call as it goes over the wire, signed. The path is the whole one.
func (s speaker) request(t *testing.T, method, path string, body []byte) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.network.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", api.MediaJSON)
	}
	s.sign(t, r, body, nonce())
	return r
}

func (s speaker) sign(t *testing.T, r *http.Request, body []byte, nonce string) {
	t.Helper()
	signing := api.Signing{KeyID: s.client.KeyID, Key: s.client.Key, Now: s.network.clock.now(), Nonce: nonce}
	if err := api.SignRequest(r, body, signing); err != nil {
		t.Fatal(err)
	}
}

func (s speaker) post(path string, body, into any) error {
	return s.call(http.MethodPost, path, body, into)
}

func (s speaker) get(path string, into any) error { return s.call(http.MethodGet, path, nil, into) }

// ask asks at once, without waiting for the outcome, to be paid at a till of the
// acquirer that speaks.
func (s speaker) ask(store, code, order, sum string) (api.Payment, error) {
	var p api.Payment
	err := s.post("/payments?wait=0", api.AskPayment{
		RequestID: fresh("req"), Code: code, Amount: amount(sum), Store: store, Terminal: sim.Terminal(store, s.id), OrderReference: order,
	}, &p)
	return p, err
}

// order opens an order at a till of the acquirer that speaks.
func (s speaker) order(store, reference, sum string) (api.Order, error) {
	var o api.Order
	err := s.post("/orders", api.MakeOrder{
		RequestID: fresh("req"), Amount: amount(sum), Store: store, Terminal: sim.Terminal(store, s.id), OrderReference: reference,
	}, &o)
	return o, err
}

// payment reads how a payment stands for who speaks.
func (s speaker) payment(reference string) (api.Payment, error) {
	var p api.Payment
	err := s.get("/payments/"+reference, &p)
	return p, err
}

// outcome waits until a payment is decided, and returns status and reason.
func (s speaker) outcome(reference string) string {
	s.network.t.Helper()
	var p api.Payment
	until(s.network.t, "an outcome of "+reference, func() bool {
		if err := s.get("/payments/"+reference+"?wait=5", &p); err != nil {
			s.network.t.Fatal(err)
		}
		return p.Status != "pending"
	})
	return strings.TrimSpace(p.Status + " " + p.Reason)
}

// cancel stops a payment, or gives all of it back.
func (s speaker) cancel(reference string) (api.Cancelled, error) {
	var cancelled api.Cancelled
	err := s.post("/payments/"+reference+"/cancel", api.Change{RequestID: fresh("req")}, &cancelled)
	return cancelled, err
}

// suspend stops what a participant may start, or lets it go on.
func (n *network) suspend(participant string, suspended bool) {
	n.t.Helper()
	err := n.as(sim.Operator).post("/operator/suspensions",
		api.Suspend{RequestID: fresh("req"), Participant: participant, Suspended: suspended}, &api.Suspension{})
	if err != nil {
		n.t.Fatal(err)
	}
}

// A payer is a user of a wallet of the sandbox.
type payer struct {
	network *network
	wallet  string
	id      string
	had     money.Amount
}

// payer opens a payer who answers prompts in that way and has plenty of money.
func (n *network) payer(wallet string, accepts sim.Acceptance) payer {
	n.t.Helper()
	return n.payerWith(wallet, accepts, nil)
}

// payerWith opens a payer with a balance.
func (n *network) payerWith(wallet string, accepts sim.Acceptance, balance *money.Amount) payer {
	n.t.Helper()
	wish := map[string]any{"accepts": accepts}
	if balance != nil {
		wish["balance"] = *balance
	}
	var opened sim.Payer
	if err := n.box.post(n.t.Context(), "/wallets/"+wallet+"/payers", wish, &opened); err != nil {
		n.t.Fatal(err)
	}
	return payer{network: n, wallet: wallet, id: opened.ID, had: opened.Balance}
}

func (p payer) path() string { return "/wallets/" + p.wallet + "/payers/" + url.PathEscape(p.id) }

// app is what the payer's app shows.
func (p payer) app() party.App {
	p.network.t.Helper()
	var app party.App
	if err := p.network.box.do(p.network.t.Context(), http.MethodGet, p.path(), nil, &app); err != nil {
		p.network.t.Fatal(err)
	}
	return app
}

// spent is what the payer has less than at first.
func (p payer) spent() string {
	p.network.t.Helper()
	spent, err := p.had.Minus(p.app().Balance)
	if err != nil {
		p.network.t.Fatal(err)
	}
	return spent.String()
}

// code shows a fresh payment code.
func (p payer) code() string {
	p.network.t.Helper()
	var code api.PaymentCode
	if err := p.network.box.post(p.network.t.Context(), p.path()+"/codes", nil, &code); err != nil {
		p.network.t.Fatal(err)
	}
	return code.Code
}

// pay scans a code and accepts what the app shows.
func (p payer) pay(text, sum string) (party.Paid, error) {
	var paid party.Paid
	err := p.network.box.post(p.network.t.Context(), p.path()+"/pay", scannedBy(text, sum), &paid)
	return paid, err
}

func scannedBy(text, sum string) map[string]any {
	wish := map[string]any{"text": text}
	if sum != "" {
		wish["amount"] = amount(sum)
	}
	return wish
}

// accept answers the prompt about a payment, once there is one.
func (p payer) accept(reference string, yes bool) error {
	p.network.t.Helper()
	until(p.network.t, "a prompt about "+reference, func() bool {
		return slices.ContainsFunc(p.app().Prompts, func(asked sim.WalletPayment) bool { return asked.Reference == reference })
	})
	return p.answer(reference, yes)
}

func (p payer) answer(reference string, yes bool) error {
	var asked sim.WalletPayment
	return p.network.box.post(p.network.t.Context(), p.path()+"/prompts/"+reference, sim.Decision{Accept: yes, PIN: sim.UsualPIN}, &asked)
}

// behave lets a wallet misbehave from now on, or keep to the rules again.
func (n *network) behave(wallet string, how sim.Misbehaviour) {
	n.t.Helper()
	var heard party.Behaviour
	err := n.box.post(n.t.Context(), "/wallets/"+wallet+"/behaviour", party.Behaviour{Misbehaviour: how}, &heard)
	if err != nil {
		n.t.Fatal(err)
	}
}

// printed is the text of the code that a store has from an acquirer.
func (n *network) printed(store, acquirer string) string {
	n.t.Helper()
	text, err := n.box.printed(n.t.Context(), wish{Store: store, Acquirer: acquirer})
	if err != nil {
		n.t.Fatal(err)
	}
	return text
}

// problemOf makes a call and returns status and reason of what is refused; the
// reason is empty where nothing is.
func problemOf(t *testing.T, r *http.Request) (int, hansa.Reason) {
	t.Helper()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.Header.Get("Content-Type") != api.MediaProblem {
		return answer.StatusCode, ""
	}
	body, err := api.ReadBody(answer.Body, api.BodyMax)
	if err != nil {
		t.Fatal(err)
	}
	var problem api.Problem
	if err := api.Decode(body, &problem); err != nil {
		t.Fatal(err)
	}
	if problem.Status != answer.StatusCode {
		t.Errorf("status %d says %d", answer.StatusCode, problem.Status)
	}
	return answer.StatusCode, problem.Reason
}

func wantProblem(t *testing.T, want hansa.Reason, r *http.Request) {
	t.Helper()
	if status, got := problemOf(t, r); got != want {
		t.Errorf("want %q, got %q with status %d", want, got, status)
	}
}
