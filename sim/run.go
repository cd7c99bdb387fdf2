package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/store"
)

// A Run is one make-believe history: payments of every kind, made by machines
// that lose, repeat and reorder messages, misbehave and crash, all drawn from
// one seed. The hub and the store are the real ones.
type Run struct {
	Seed     uint64
	Payments int
	Bug      Bug                                             // planted; NoBug: none
	Open     func(ctx context.Context) (*store.Store, error) // opens the migrated store, also after a crash
}

// An Outcome is what came of a run.
type Outcome struct {
	Hash     string   // of all that was decided and told; the same for the same seed
	Findings []string // breaches; none is the wish
	Told     map[string]int
}

// The world's dials. Each seed turns them for itself, so that seeds differ in
// kind and not only in order.
type dials struct {
	loss      float64 // of a message
	again     float64 // of a message that arrives twice
	slow      time.Duration
	crash     float64 // of a batch, before or after its commit
	reopen    float64 // of a crash that closes the store as well
	misbehave float64 // of a wallet, for one payment
	stop      float64 // of a till that cancels
	crowd     float64 // of an order that two wallets want to pay
	overtake  float64 // of a batch, by another node, and of a commit that fails
}

// A world is a run on its way.
type world struct {
	ctx       context.Context //nolint:containedctx // It is the life of the run.
	run       Run
	rng       *rand.Rand
	dials     dials
	now       time.Time
	agenda    agenda
	store     *store.Store
	hub       *hub.Hub
	directory *member.Directory
	registry  store.Registry
	life      int // of the node: what was under way in an earlier one is lost
	inbox     []letter
	stepping  bool
	under     *transit   // the batch that is on its way; nil: none
	newest    *hub.Draft // nil: the last batch was decided in its turn
	calm      bool       // no more faults: everything must come to an end
	wallets   map[string]*counter
	acquirers map[string]*Acquirer
	hearing   map[string]store.Cursor
	shoppers  []*shopper
	heardYes  map[string]bool // references of payments whose wallet was told that its yes was heard
	findings  []string
	failed    error
}

// Do runs the history to its end and checks it. An error is a fault of the
// machine that runs it, not a finding.
func (r Run) Do(ctx context.Context) (Outcome, error) {
	w, err := r.start(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = w.store.Close() }()
	for i := range r.Payments {
		w.after(time.Duration(i)*arrivalEvery, func() { w.shop(i) })
	}
	w.every(claimEvery, func() { w.post(hub.Request{Operation: hub.Claim{Limit: 512}}, nil) })
	for _, id := range sortedNames(w.wallets) {
		w.every(attendEvery, func() { w.attend(id) })
	}
	for _, id := range sortedNames(w.acquirers) {
		w.every(hearEvery, func() { w.hear(id) })
	}
	w.after(time.Duration(r.Payments)*arrivalEvery+stormAfter, func() { w.calm = true })
	w.until(func() bool { return w.calm && w.quiet() }, time.Duration(r.Payments)*arrivalEvery+patienceOfAll)
	if errors.Is(w.failed, errBroken) {
		return Outcome{Findings: w.findings}, nil
	}
	if w.failed != nil {
		return Outcome{}, w.failed
	}
	return w.judge()
}

// The pace of the world.
const (
	arrivalEvery  = 20 * time.Millisecond
	claimEvery    = 700 * time.Millisecond
	attendEvery   = 2 * time.Second
	hearEvery     = 5 * time.Second
	stormAfter    = 30 * time.Second
	patienceOfAll = 4 * time.Hour
	stepAfter     = 40 * time.Millisecond
	retryEvery    = 4 * time.Second
	pollEvery     = 3 * time.Second
)

func (r Run) start(ctx context.Context) (*world, error) {
	s, err := r.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	rng := rand.New(rand.NewPCG(r.Seed, 0x68616e7361))
	w := &world{
		ctx: ctx, run: r, rng: rng, now: time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC), store: s,
		wallets: make(map[string]*counter), acquirers: make(map[string]*Acquirer), hearing: make(map[string]store.Cursor),
		heardYes: make(map[string]bool),
		dials: dials{
			loss: rng.Float64() * 0.2, again: rng.Float64() * 0.2, slow: time.Duration(rng.Int64N(int64(2 * time.Second))),
			crash: rng.Float64() * 0.03, reopen: 0.2, misbehave: rng.Float64() * 0.4, stop: rng.Float64() * 0.2, crowd: rng.Float64() * 0.5,
			overtake: rng.Float64() * 0.05,
		},
	}
	w.hub = hub.New(s, [32]byte{1})
	setup := World()
	w.registry = setup.Registry
	if w.directory, _, err = hub.Index(setup.Listing); err != nil {
		return nil, err
	}
	enrol := hub.Enrol{Listing: setup.Listing, Registry: setup.Registry, Ranges: setup.Ranges}
	committed, err := w.hub.Step(ctx, w.now, []hub.Request{{Operation: enrol, Chance: w.chance()}})
	if err == nil {
		err = committed.Results[0].Refusal
	}
	if err != nil {
		return nil, fmt.Errorf("enrol the world: %w", err)
	}
	return w, w.people(setup)
}

// people opens the parties.
func (w *world) people(setup Setup) error {
	for _, terms := range WalletTerms() {
		paper := &Paper{}
		wallet, err := NewWallet(terms, paper, paper.Records())
		if err != nil {
			return err
		}
		w.wallets[terms.ID] = &counter{Wallet: wallet, moods: make(map[string]Misbehaviour)}
	}
	for _, p := range setup.Listing.Participants {
		if !p.Holds(member.Acquirer) {
			continue
		}
		paper := &Paper{}
		acquirer, err := NewAcquirer(p.ID, paper, paper.Records())
		if err != nil {
			return err
		}
		w.acquirers[p.ID] = acquirer
		w.hearing[p.ID] = store.Cursor{Height: 1}
	}
	return nil
}

var errBroken = errors.New("an invariant is broken")

// die ends the node's life and starts the next one on what is committed.
func (w *world) die() {
	w.life++
	w.inbox, w.under, w.newest = nil, nil, nil
	if w.rng.Float64() < w.dials.reopen {
		if err := w.store.Close(); err != nil {
			w.fail(err)
			return
		}
		s, err := w.run.Open(w.ctx)
		if err != nil {
			w.fail(err)
			return
		}
		w.store = s
	}
	w.hub = hub.New(w.store, [32]byte{1})
}

func (w *world) fail(err error) {
	if w.failed == nil {
		w.failed = err
	}
}

func (w *world) finding(format string, args ...any) {
	w.findings = append(w.findings, fmt.Sprintf(format, args...))
}

// fate says whether a fault of this likelihood happens now.
func (w *world) fate(likelihood float64) bool {
	return !w.calm && w.rng.Float64() < likelihood
}

func (w *world) chance() (c hansa.Chance) {
	for i := range c {
		c[i] = byte(w.rng.UintN(256))
	}
	return c
}
