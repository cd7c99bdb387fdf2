// Package hub is the spine: it takes requests and answers of wallets in
// batches, decides each by the pure rules, and commits the whole batch at once.
// What must be done outside comes back as calls, which are made after the
// commit. The hub owns no goroutine, clock or chance, so that a simulation
// drives the very code that serves.
package hub

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// Limits of guessing: unknown payment codes in one minute.
const (
	missesOfTerminalMax = 5
	missesOfAcquirerMax = 1000
)

// Leases: how long a call may take before another worker makes it again.
const (
	answerLease  = payment.AnswerWithin + 2*time.Second
	confirmLease = payment.ConfirmWithin + 2*time.Second
)

// Hub decides and commits for one partition. It is not safe for concurrent use:
// one Step at a time.
type Hub struct {
	store     *store.Store
	partition uint16
	secret    [32]byte
	directory *member.Directory
	board     fx.Board
	caps      map[ledger.Account]int64 // net debit caps, minor units
	latest    time.Time                // of the newest batch
	head      store.Head               // as the last Step has left it
	alone     int                      // Steps in a row between which nobody else has committed
	forgotten time.Time                // when the last commit that left nothing out of date was decided
}

// New returns a hub on a migrated store. From secret it derives the tokens by
// which acquirers know payers; it must be the same on every node, for ever.
func New(s *store.Store, secret [32]byte) *Hub {
	return &Hub{store: s, secret: secret}
}

// Read returns the committed rows, to be read only.
func (h *Hub) Read() *store.Reader { return h.store.Read() }

// A Request is one operation that somebody wants to have done.
type Request struct {
	Participant string       // whose verified key signed it; empty for the network itself
	KeyID       string       // of that key
	Nonce       string       // of that signature; empty for what was not signed
	SignedAt    time.Time    // as the signature says
	Client      string       // name of the participant's system that asks in another protocol; empty: itself, in ours
	Provider    string       // the technical service provider that asks for the participant; empty: nobody stands between
	ID          string       // the caller's request id; empty where the operation has none
	Body        []byte       // as received: the same id must come with the same body
	Memo        []byte       // kept with what a client begins; nil: it begins nothing
	Chance      hansa.Chance // fresh for every request
	Operation   Operation
}

// A Result is what came of a request. Refusal is set where it was refused; what
// else is set depends on the operation.
type Result struct {
	Refusal    error
	Replayed   bool // answered from an earlier request with the same id
	Payment    payment.Payment
	Movement   payment.Movement
	Order      payment.Order
	Quote      fx.Quote
	Codes      []store.PaymentCode
	Store      merchant.Store
	StoreCode  merchant.IssuedCode
	Deliveries []store.Subscription
}

// A Call is something that a wallet must be asked, under a lease. Its answer
// comes back as an Answered operation.
type Call struct {
	Call     payment.Call
	Fence    int64
	Payment  payment.Payment
	Movement payment.Movement // for captures, releases and refunds
	Wallet   member.Participant
	Payer    string // the wallet's own token for its payer; empty for codes of its own
}

// Committed is what came of a batch.
type Committed struct {
	Results  []Result          // one for each request
	Calls    []Call            // to be made now
	Changed  []string          // ids of payments, orders and movements that are not as before
	Payments []payment.Payment // those that are not as before, as they are now
	Recorded []store.Recorded  // what the journal has grown by, in order
}

// A Turn is the right to commit next, before all other nodes. Step, Commit and End end it.
type Turn struct {
	hub *Hub
	tx  *store.Tx
}

// Begin waits for the hub's turn. What others want meanwhile can still be in its
// batch. An error means that nothing has happened.
func (h *Hub) Begin(ctx context.Context) (*Turn, error) {
	tx, err := h.store.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a batch: %w", err)
	}
	return &Turn{hub: h, tx: tx}, nil
}

// Step is that of a turn that begins now. Without requests nothing is done.
func (h *Hub) Step(ctx context.Context, now time.Time, requests []Request) (Committed, error) {
	if len(requests) == 0 {
		return Committed{}, nil
	}
	turn, err := h.Begin(ctx)
	if err != nil {
		return Committed{}, err
	}
	return turn.Step(ctx, now, requests)
}

// Step decides a batch in order and commits it. Each request gets its result,
// refusals among them; an error means that nothing is known to be committed,
// and every request may be tried again. now is read once per batch; if the
// clock has gone back, the last committed time stands in for it.
func (t *Turn) Step(ctx context.Context, now time.Time, requests []Request) (Committed, error) {
	h, tx := t.hub, t.tx
	defer tx.Rollback()
	b, err := h.open(ctx, tx, now)
	if err != nil {
		return Committed{}, err
	}
	results, err := b.add(ctx, nil, requests)
	if err != nil {
		return Committed{}, err
	}
	committed, err := t.commit(ctx, b.finished(results))
	if err != nil {
		h.directory = nil
	}
	if err == nil {
		h.head = tx.Head()
	}
	return committed, err
}

// open starts a batch on the partition's head, with the directory of its version.
func (h *Hub) open(ctx context.Context, tx *store.Tx, now time.Time) (*batch, error) {
	head := tx.Head()
	h.alone++
	if !tx.IsAlone() {
		h.alone = 0
	}
	now = latest(microsecond(now), head.At, h.latest)
	if h.directory == nil || h.directory.Version() != head.Directory {
		if err := h.readDirectory(ctx, tx); err != nil {
			return nil, fmt.Errorf("read the directory: %w", err)
		}
	}
	h.latest = now
	b, err := firstBatch(ctx, h, tx, now)
	if err != nil {
		return nil, err
	}
	b.tx = tx
	return b, nil
}

// readDirectory follows the directory to its newest version.
func (h *Hub) readDirectory(ctx context.Context, tx *store.Tx) error {
	if h.directory != nil {
		news, err := tx.Changed(ctx, h.directory.Version())
		if err != nil {
			return err
		}
		if next, ok := Follow(h.directory, news); ok {
			h.directory = next
			return nil
		}
	}
	listing, err := tx.Listing(ctx)
	if err != nil {
		return err
	}
	if h.directory, h.board, err = Index(listing); err != nil {
		return err
	}
	h.caps = capsOf(h.directory)
	return nil
}

// A decided batch is all that its commit needs.
type decided struct {
	now       time.Time
	rows      store.Rows
	events    []store.Event
	committed Committed // once it is
}

// finished is the batch with the calls that it leads to.
func (b *batch) finished(results []Result) decided {
	calls := b.leaseCalls()
	rows := b.changed()
	return decided{now: b.now, rows: rows, events: b.events, committed: Committed{
		Results: results, Calls: calls, Payments: rows.Payments,
		Changed: slices.Concat(b.payments.order, b.orders.order, b.movements.order),
	}}
}

// Nonces matter for as long as a signature is accepted, and the counts of misses for a
// minute. What is older is dropped, in small parts: twice as many as the largest batch
// brings, so that what is left becomes less.
const (
	forgetEvery = time.Second
	forgetAfter = 10 * time.Minute
	forgetMax   = 2048
)

// forget drops some of what is out of date, if that was not done just before.
func (t *Turn) forget(ctx context.Context, now time.Time) error {
	if now.Sub(t.hub.forgotten) < forgetEvery {
		return nil
	}
	more, err := t.tx.Forget(ctx, now.Add(-forgetAfter), forgetMax)
	if !more {
		t.hub.forgotten = now
	}
	return err
}

// commit writes what was decided and makes it durable.
func (t *Turn) commit(ctx context.Context, d decided) (Committed, error) {
	if err := t.tx.Write(ctx, d.rows); err != nil {
		return Committed{}, fmt.Errorf("write a batch: %w", err)
	}
	_, recorded, err := t.tx.Append(ctx, d.now, d.events)
	if err != nil {
		return Committed{}, fmt.Errorf("write a batch: %w", err)
	}
	if err := t.forget(ctx, d.now); err != nil {
		return Committed{}, fmt.Errorf("write a batch: %w", err)
	}
	if err := t.tx.Commit(); err != nil {
		return Committed{}, fmt.Errorf("commit a batch: %w", err)
	}
	d.committed.Recorded = recorded
	return d.committed, nil
}

func microsecond(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// Index makes a directory and a board of standing rates from what is stored.
func Index(listing store.Listing) (*member.Directory, fx.Board, error) {
	directory, err := member.NewDirectory(listing.Listing)
	if err != nil {
		return nil, fx.Board{}, fmt.Errorf("index the directory: %w", err)
	}
	board, err := fx.NewBoard(listing.Rates, listing.References)
	if err != nil {
		return nil, fx.Board{}, fmt.Errorf("index the rates: %w", err)
	}
	return directory, board, nil
}

// Follow brings a directory to the version of news, which are all that has changed since
// its own. It can where these are clients alone, and otherwise says that all is to be
// indexed anew.
func Follow(known *member.Directory, news store.Listing) (next *member.Directory, ok bool) {
	others := len(news.Participants) + len(news.Corridors) + len(news.Agreements) + len(news.Authorities) + len(news.Rates) + len(news.References)
	if others > 0 {
		return nil, false
	}
	next, err := known.WithClients(news.Version, news.Clients...)
	return next, err == nil
}

// capsOf lists the net debit caps of all positions that have one.
func capsOf(directory *member.Directory) map[ledger.Account]int64 {
	caps := make(map[ledger.Account]int64)
	for _, p := range directory.Participants() {
		if p.Holds(member.Wallet) {
			caps[ledger.OfWallet(p.ID)] = p.Wallet.Cap
		}
		for _, branch := range p.Branches {
			caps[ledger.OfAcquirer(branch.ID)] = branch.Cap
		}
	}
	return caps
}

// add reads what requests need and does them in order. Their results follow those
// before.
func (b *batch) add(ctx context.Context, results []Result, requests []Request) ([]Result, error) {
	if err := b.load(ctx, requests); err != nil {
		return nil, fmt.Errorf("read a batch: %w", err)
	}
	results = slices.Grow(results, len(requests))
	for _, request := range requests {
		results = append(results, b.fold(request))
	}
	return results, nil
}

// fold does one request against the batch so far. A refusal changes nothing but
// the record of the request, and the counts of guesses.
func (b *batch) fold(r Request) Result {
	if r.Nonce != "" {
		nonce := r.nonce()
		if _, used := b.nonces.read(nonce); used {
			return Result{Refusal: hansa.Refuse(hansa.Replayed, "this signed message was received before")}
		}
		b.nonces.write(nonce, nonce)
	}
	if r.ID == "" {
		result, _, err := b.apply(r)
		return orRefusal(result, err)
	}
	key := r.key()
	body := sha256.Sum256(r.Body)
	if earlier, ok := b.requests.read(key); ok {
		return b.replay(r, earlier, body)
	}
	record := store.Request{Key: key, Body: body, KeyID: r.KeyID, At: b.now}
	if _, forbids := r.Operation.(Forbid); forbids {
		record.Body = anyBody
	}
	result, subject, err := b.apply(r)
	result = orRefusal(result, err)
	if err == nil {
		if subject == "" {
			return result // A look has made nothing: whoever looks again sees what is then.
		}
		record.Subject = subject
		b.keepMemo(r, subject)
	} else if record.Reason, _ = hansa.ReasonOf(err); isTransient(record.Reason) {
		return result
	} else {
		record.Detail = detailOf(err)
	}
	b.requests.write(key, record)
	return result
}

// apply does what a request asks, unless it begins something in the name of a participant
// that lets nobody do so for it.
func (b *batch) apply(r Request) (Result, string, error) {
	if begins(r.Operation) {
		if err := b.directory.MayActFor(r.Provider, r.Participant, b.now); err != nil {
			return Result{}, "", err
		}
	}
	return r.Operation.apply(b, r)
}

// nonce is what makes a signed message one of a kind.
func (r Request) nonce() store.Nonce {
	return store.Nonce{KeyID: r.KeyID, Value: r.Nonce, At: time.UnixMicro(r.SignedAt.UnixMicro()).UTC()}
}

// replay answers a request as the first time.
func (b *batch) replay(r Request, earlier store.Request, body [32]byte) Result {
	switch {
	case earlier.Body != body && earlier.Body != anyBody:
		return Result{Refusal: hansa.Refuse(hansa.RequestIDReused, "this request id came with another body before")}
	case earlier.Reason != "":
		return Result{Replayed: true, Refusal: &hansa.Refusal{Reason: earlier.Reason, Detail: earlier.Detail}}
	}
	result := r.Operation.recall(b, earlier.Subject)
	result.Replayed = true
	return result
}

func orRefusal(result Result, err error) Result {
	if err == nil {
		return result
	}
	if _, ok := hansa.ReasonOf(err); !ok {
		panic(err)
	}
	return Result{Refusal: err}
}

func detailOf(err error) string {
	refusal, ok := err.(*hansa.Refusal) //nolint:errorlint // Rules return refusals as they are.
	if !ok {
		return ""
	}
	return refusal.Detail
}

// isTransient reports whether a refusal says nothing about the request itself,
// so that the same request may succeed later.
func isTransient(reason hansa.Reason) bool {
	return reason == hansa.TooManyMisses || reason == hansa.TooManyRequests || reason == hansa.Overloaded
}

func (r Request) key() store.RequestKey {
	if r.Client == "" {
		return store.RequestKey{Participant: r.Participant, Operation: r.Operation.name(), ID: r.ID}
	}
	switch r.Operation.(type) {
	case Ask, MakeOrder, Forbid:
		return SaleKey(r.Participant, r.Client, r.ID)
	}
	return store.RequestKey{Participant: ofClient(r.Participant, r.Client), Operation: r.Operation.name(), ID: r.ID}
}
