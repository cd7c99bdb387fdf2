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

	dsn   string
	nodes [2]*standing
	turns atomic.Int64
	only  atomic.Pointer[standing] // that is asked; nil: both in turn
}

// A standing is one of the nodes, with an address of its own.
type standing struct {
	*node
	handler http.Handler
	url     string
	faults  *faultLog
	gone    atomic.Bool // it was killed
	kill    func()      // at once; nothing that it had begun is finished
}

// openPair starts two nodes and the parties, which end with the test. All that was
// booked is audited then, and a fault in the log of a node that was not killed
// fails the test. Nodes may be changed before they run.
func openPair(t *testing.T, change ...func(*node)) *pair {
	t.Helper()
	p := &pair{network: networkIn(t, t.TempDir()), dsn: pgtest.Database(t)}
	own, err := openSecrets(filepath.Join(p.folder, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	p.public = publicOf(own.key)
	working, rest := context.WithCancel(context.WithoutCancel(t.Context()))
	serving, stop := context.WithCancel(working)
	for i := range p.nodes {
		p.nodes[i] = openStanding(working, t, setting{dsn: p.dsn, secrets: own, loopback: true, now: p.clock.now})
		for _, change := range change {
			change(p.nodes[i].node)
		}
	}
	p.node = p.nodes[0].node
	front := listener(t)
	p.url = "http://" + front.Addr().String()
	p.box = sandbox{p.url + "/sandbox"}
	parties := p.join(t)
	mux := http.NewServeMux()
	mux.Handle("/", p)
	mux.Handle("/sandbox/", parties.Sandbox())
	var answering, running sync.WaitGroup
	answering.Go(func() { wantNoError(t, serve(serving, front, mux)) })
	running.Go(func() { wantNoError(t, parties.Run(working)) })
	for _, n := range p.nodes {
		n.begin(t, working, serving, &answering, &running)
	}
	t.Cleanup(func() {
		p.transport.Close()
		// What is asked over HTTP is answered before those who answer it stop.
		stop()
		answering.Wait()
		rest()
		running.Wait()
		parties.Close()
		p.audit()
		for _, n := range p.nodes {
			n.end(t)
		}
	})
	return p
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

func openStanding(ctx context.Context, t *testing.T, with setting) *standing {
	t.Helper()
	n := &standing{faults: &faultLog{}}
	with.log = slog.New(slog.NewTextHandler(n.faults, &slog.HandlerOptions{Level: slog.LevelError}))
	var err error
	if n.node, err = openNode(ctx, with); err != nil {
		t.Fatal(err)
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
func (n *standing) begin(t *testing.T, working, serving context.Context, answering, running *sync.WaitGroup) {
	t.Helper()
	own := listener(t)
	n.url = "http://" + own.Addr().String()
	working, rest := context.WithCancel(working)
	serving, stop := context.WithCancel(serving)
	ended := make(chan struct{})
	running.Go(func() { n.run(working); close(ended) })
	answering.Go(func() { wantNoError(t, serve(serving, own, n.handler)) })
	n.kill = func() {
		n.gone.Store(true)
		// From now on it can commit nothing, not even that it ends.
		wantNoError(t, n.store.Close())
		rest()
		stop()
		<-ended
	}
}

// end closes what the node has open, unless it was killed.
func (n *standing) end(t *testing.T) {
	t.Helper()
	if n.gone.Load() {
		return
	}
	wantNoError(t, n.store.Close())
	if text := n.faults.String(); text != "" {
		t.Errorf("faults:\n%s", text)
	}
}

// ServeHTTP lets the nodes that live answer in turn.
func (p *pair) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n := p.only.Load(); n != nil {
		n.handler.ServeHTTP(w, r)
		return
	}
	for {
		if n := p.nodes[p.turns.Add(1)%2]; !n.gone.Load() {
			n.handler.ServeHTTP(w, r)
			return
		}
	}
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
	p.nodes[i].kill()
	p.node = p.nodes[1-i].node
}
