package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/store/pgtest"
)

// A pair is a network whose switch is two nodes on one PostgreSQL, with one folder
// of keys. What is asked at its address goes to them in turn, as through a proxy.
type pair struct {
	*network

	owner   string // address of the database for whom its tables belong to
	dsn     string // and for the nodes, which may not change history
	secrets secrets
	only    atomic.Pointer[standing] // that is asked; nil: both in turn
	turns   atomic.Int64

	mutex sync.Mutex // guards a change of nodes
	nodes [2]*standing
}

// A standing is one of the nodes, with an address of its own.
type standing struct {
	*node
	handler http.Handler
	url     string
	faults  *faultLog
	asked   sync.WaitGroup // those whom it answers through the proxy
	gone    atomic.Bool    // it is asked no more
	stop    func()         // ends answering, and returns when all are answered
	rest    func()         // ends working, and returns when nothing is under way
}

// openPair starts two nodes and the parties, which end with the test. All that was
// booked is audited then, and a fault in the log of a node that was not killed
// fails the test. Nodes may be changed before they run.
func openPair(t *testing.T, change ...func(*node)) *pair {
	t.Helper()
	owner := pgtest.Database(t)
	role, dsn := pgtest.Role(t, owner, "application")
	if status, _, problems := hansaSays(t, "migrate", "--db", owner, "--application", role); status != 0 {
		t.Fatal(problems)
	}
	p := &pair{network: networkIn(t, t.TempDir()), owner: owner, dsn: dsn}
	var err error
	if p.secrets, err = openSecrets(filepath.Join(p.folder, "keys")); err != nil {
		t.Fatal(err)
	}
	p.public = publicOf(p.secrets.key)
	for i := range p.nodes {
		p.nodes[i] = p.open(t, change...)
	}
	p.node = p.nodes[0].node
	front := listener(t)
	p.url = "http://" + front.Addr().String()
	p.box = sandbox{p.url + "/sandbox"}
	parties := p.join(t)
	rest := background(t, parties.Run)
	mux := http.NewServeMux()
	mux.Handle("/", p)
	mux.Handle("/sandbox/", parties.Sandbox())
	stop := background(t, func(ctx context.Context) error { return serve(ctx, front, mux) })
	for _, n := range p.nodes {
		n.begin(t)
	}
	t.Cleanup(func() {
		p.transport.Close()
		// What is asked over HTTP is answered before those who answer it stop.
		stop()
		for _, n := range p.nodes {
			n.stop()
		}
		rest()
		for _, n := range p.nodes {
			n.rest()
		}
		parties.Close()
		p.audit()
		for _, n := range p.nodes {
			n.end(t)
		}
	})
	return p
}

// background lets something run until end is called, which returns when it has
// ended, and may be called again.
func background(t *testing.T, run func(context.Context) error) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		wantNoError(t, run(ctx))
	}()
	return func() {
		cancel()
		<-ended
	}
}

func wantNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	opened, err := listen(t.Context(), "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// open opens one more node, which does not work yet.
func (p *pair) open(t *testing.T, change ...func(*node)) *standing {
	t.Helper()
	n := &standing{faults: &faultLog{}}
	log := slog.New(slog.NewTextHandler(n.faults, &slog.HandlerOptions{Level: slog.LevelError}))
	var err error
	n.node, err = openNode(t.Context(), setting{dsn: p.dsn, secrets: p.secrets, loopback: true, now: p.clock.now, log: log})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range change {
		change(n.node)
	}
	n.handler = n.api("")
	return n
}

// join enters the world at the first node, and opens the parties: they know the
// switch by its one address.
func (p *pair) join(t *testing.T) *party.Parties {
	t.Helper()
	parties, err := party.Open(party.Config{
		Folder: filepath.Join(p.folder, "parties"), Switch: switchOf(p.node, p.url), World: sim.World(),
		Now: p.clock.now, Chance: chance, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	operator, err := openOperator(filepath.Join(p.folder, "keys"))
	if err == nil {
		err = enrol(t.Context(), p.node, parties.Joined().Joined(sim.Operator, operator))
	}
	if err == nil {
		err = p.nodes[1].refresh(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return parties
}

// begin lets a node work and answer at an address of its own.
func (n *standing) begin(t *testing.T) {
	t.Helper()
	own := listener(t)
	n.url = "http://" + own.Addr().String()
	n.rest = background(t, func(ctx context.Context) error { n.run(ctx); return nil })
	n.stop = background(t, func(ctx context.Context) error { return serve(ctx, own, n.handler) })
}

// end closes what a node has open that has worked to the end.
func (n *standing) end(t *testing.T) {
	t.Helper()
	if n.gone.Swap(true) {
		return
	}
	wantNoError(t, n.store.Close())
	if text := n.faults.String(); text != "" {
		t.Errorf("faults:\n%s", text)
	}
}

// ServeHTTP lets the nodes that live answer in turn.
func (p *pair) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := p.next()
	defer n.asked.Done()
	n.handler.ServeHTTP(w, r)
}

// next is the node whose turn it is to be asked.
func (p *pair) next() *standing {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	n := p.only.Load()
	for n == nil || n.gone.Load() {
		n = p.nodes[p.turns.Add(1)%2]
	}
	n.asked.Add(1)
	return n
}

// onlyAsk lets one node alone answer at the common address.
func (p *pair) onlyAsk(i int) { p.only.Store(p.nodes[i]) }

// at is the same network seen from one node: what is asked there is answered by it.
func (p *pair) at(i int) *network {
	seen := *p.network
	seen.node, seen.url = p.nodes[i].node, p.nodes[i].url
	return &seen
}

// dies kills a node. What is read from now on is read at the other.
func (p *pair) dies(i int) {
	p.t.Helper()
	p.node = p.nodes[1-i].node
	n := p.nodes[i]
	n.gone.Store(true)
	// From now on it can commit nothing, not even that it ends.
	wantNoError(p.t, n.store.Close())
	n.rest()
	n.stop()
}

// isReplaced takes a node away as an operator does, after its last answer, and lets
// a new one take its place before.
func (p *pair) isReplaced(i int) {
	p.t.Helper()
	old, following := p.nodes[i], p.open(p.t)
	following.begin(p.t)
	p.node = following.node
	p.mutex.Lock()
	p.nodes[i] = following
	p.mutex.Unlock()
	old.asked.Wait()
	old.stop()
	old.rest()
	old.end(p.t)
}
