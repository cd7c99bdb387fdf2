package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa/outbound"
)

// A failover is a whole network on a cluster: two nodes of the switch and all the
// parties, in this process.
type failover struct {
	*network

	diary   *diary
	cluster *cluster
	site    *site
	second  *network // the same, seen from the other node
	end     func()   // ends everything but the cluster
	pending int      // answers so, while nothing could be committed
}

func openFailover(t *testing.T, c *cluster) *failover {
	t.Helper()
	f := &failover{diary: newDiary(), cluster: c, site: newSite(t, t.TempDir(), build(t, ""))}
	f.site.dsn, f.site.crowd.pace = c.dsn, failoverPace
	log, err := os.Create(filepath.Join(f.site.notes, "demo.log"))
	if err != nil {
		t.Fatal(err)
	}
	own, err := openDemoSecrets(filepath.Join(f.site.folder, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	f.network = &network{t: t, clock: &clock{}, folder: f.site.folder, transport: outbound.NewTransport(true), public: publicOf(own.key)}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	with := setting{dsn: c.dsn, secrets: own, loopback: true, now: time.Now, log: slog.New(slog.NewTextHandler(log, nil))}
	var running sync.WaitGroup
	f.network.node, f.url = f.play(ctx, t, with, &running)
	f.box = sandbox{f.url + "/sandbox"}
	second := *f.network
	second.node, second.url = f.serve(ctx, t, with, &running)
	f.second = &second
	f.end = sync.OnceFunc(func() {
		f.transport.Close()
		http.DefaultClient.CloseIdleConnections()
		stop()
		running.Wait()
		if err := errors.Join(f.node.store.Close(), f.second.node.store.Close(), log.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(f.end)
	return f
}

// play runs the first node together with the parties, and returns its address.
func (f *failover) play(ctx context.Context, t *testing.T, with setting, running *sync.WaitGroup) (*node, string) {
	t.Helper()
	n, listener := f.open(ctx, t, with)
	said, out := io.Pipe()
	running.Go(func() {
		env := &environment{context: ctx, out: out, now: with.now, log: with.log}
		if err := (demoCommand{Data: f.site.folder}).play(env, n, listener); err != nil {
			t.Error(err)
		}
		_ = out.Close() // A pipe closes without an error.
	})
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return n, strings.TrimPrefix(strings.TrimSpace(line), "ready ")
}

// serve runs another node, and returns its address.
func (f *failover) serve(ctx context.Context, t *testing.T, with setting, running *sync.WaitGroup) (*node, string) {
	t.Helper()
	n, listener := f.open(ctx, t, with)
	_, origin := addressesOf(listener)
	running.Go(func() { n.run(ctx) })
	running.Go(func() {
		if err := serve(ctx, listener, n.api(origin)); err != nil {
			t.Error(err)
		}
	})
	return n, origin
}

func (f *failover) open(ctx context.Context, t *testing.T, with setting) (*node, net.Listener) {
	t.Helper()
	listener, err := listen(ctx, "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	n, err := openNode(ctx, with)
	if err != nil {
		t.Fatal(err)
	}
	return n, listener
}

// load lets everybody pay and read until stop is called.
func (f *failover) load() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	for range failoverClients {
		working.Go(func() { f.site.crowd.payOn(ctx, f.url) })
	}
	for _, at := range []*network{f.network, f.second} {
		office := at.as("nets")
		working.Go(func() { f.diary.watchHeads(ctx, at.node) })
		working.Go(func() { f.diary.listApproved(ctx, office) })
		for range failoverPulses {
			till := f.newPulse(at)
			working.Go(func() { till.run(ctx) })
		}
	}
	return func() {
		cancel()
		working.Wait()
	}
}
