package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// Names of the switch's own keys, and of the key of a demo's operator.
const (
	switchKeyID   = "hansa#1"
	operatorKeyID = "hansa#2"
)

// codeKeysEvery is how often a node looks whether the keys of codes have changed.
const codeKeysEvery = 5 * time.Second

// When a node ends, requests may finish for finishWithin. Then those that only
// wait are told how things stand, and for partWithin they may say so. What is
// left after that is cut off.
const (
	finishWithin = 500 * time.Millisecond
	partWithin   = 250 * time.Millisecond
)

// secrets are what the switch alone knows.
type secrets struct {
	folder string             // where they lie
	key    ed25519.PrivateKey // signs answers, calls and webhooks
	codes  codeKeys           // sign store codes and order codes
	tokens [32]byte           // from which acquirers' tokens for payers are derived
	others tongues            // for what is said in other protocols
}

// openSecrets reads the secrets in folder, and makes those that are missing.
func openSecrets(folder string) (secrets, error) {
	s := secrets{folder: folder}
	var err error
	if s.key, err = openKey(filepath.Join(folder, "switch.key")); err != nil {
		return s, err
	}
	if s.codes, err = openCodeKeys(folder); err != nil {
		return s, err
	}
	if s.tokens, err = openTokens(filepath.Join(folder, "tokens.secret")); err != nil {
		return s, err
	}
	s.others, err = openTongues(folder)
	return s, err
}

func openTokens(file string) (secret [32]byte, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		_, _ = rand.Read(secret[:])
		return secret, writeSecret(file, hex.EncodeToString(secret[:])+"\n")
	}
	if err != nil {
		return secret, fmt.Errorf("read the secret of tokens: %w", err)
	}
	if n, err := hex.Decode(secret[:], text[:min(len(text), 64)]); err != nil || n != 32 {
		return secret, fmt.Errorf("%s does not hold 32 bytes in hex", file)
	}
	return secret, nil
}

// A node is one running switch.
type node struct {
	store     *store.Store
	hub       *hub.Hub
	engine    *engine
	spoken    []web.Spoken                                   // other protocols
	approve   func(context.Context, api.Order, string) error // of a demo; may be nil
	decoder   *decoder
	secrets   secrets
	transport *outbound.Transport
	directory atomic.Pointer[member.Directory]
	codes     atomic.Pointer[codeKeys]
	now       func() time.Time
	crash     crasher
	log       *slog.Logger
}

// A setting is what a node is opened with.
type setting struct {
	dsn      string
	archive  string // its folder; empty: none
	secrets  secrets
	loopback bool // calls to this machine are allowed, which only a demo wants
	now      func() time.Time
	log      *slog.Logger
	crash    crasher // nil but where a test lets the node die
}

// openNode opens a database, brings it to this release's schema and makes a
// switch on it.
func openNode(ctx context.Context, with setting) (*node, error) {
	s, err := openMigrated(ctx, with.dsn)
	if err != nil {
		return nil, err
	}
	if with.archive != "" {
		if err := s.UseArchive(with.archive); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	n := &node{
		store: s, hub: hub.New(s, with.secrets.tokens), secrets: with.secrets,
		transport: outbound.NewTransport(with.loopback), now: with.now, crash: with.crash, log: with.log,
	}
	if n.crash != nil {
		s.Watch(n.crash.within)
	}
	n.codes.Store(&with.secrets.codes)
	asker := &client.Caller{
		KeyID: switchKeyID, Key: n.secrets.key, Keys: n.peerKey, Transport: n.transport, Now: n.now, Nonce: nonce,
	}
	hooks := &outbound.Hooks{
		Signing: api.WebhookSigning{Keys: []ed25519.PrivateKey{n.secrets.key}}, Transport: n.transport, Now: n.now,
	}
	n.spoken = with.secrets.others.spoken()
	calls := &caller{
		wallets: outbound.Wallets{Client: asker}, transport: n.transport, tongues: with.secrets.others.asked(),
		directory: n.directory.Load, now: n.now, crash: n.crash, log: n.log,
	}
	n.decoder = &decoder{
		acquirers: outbound.Acquirers{Client: asker}, transport: n.transport, tongues: with.secrets.others.decoding(),
		directory: n.directory.Load, now: n.now,
	}
	n.engine = newEngine(n.hub, calls, n.now, n.log)
	n.engine.hooks = newHooker(hooks, n.directory.Load, n.log)
	n.engine.notices = &notifier{courier: newCourier(n.transport.Send), log: n.log}
	n.engine.vigil.steps = s.Steps
	n.engine.crash, n.engine.hooks.crash = n.crash, n.crash
	if err := n.refresh(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return n, nil
}

// nonce is fresh for every signature.
func nonce() string {
	c := chance()
	return hex.EncodeToString(c[:16])
}

// peerKey finds the key of a participant that answers a call.
func (n *node) peerKey(keyID string) (api.Key, string, bool) {
	key, participant, ok := n.directory.Load().Key(keyID, n.now())
	return api.Key{Public: key.Public}, participant, ok
}

// run works until ctx ends, and returns when nothing is under way any more.
func (n *node) run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { n.follow(ctx) })
	work.Go(func() {
		for pause(ctx, codeKeysEvery) {
			if err := n.refreshCodeKeys(); err != nil {
				n.log.Error("cannot read the keys of codes", "error", err)
			}
		}
	})
	n.engine.run(ctx)
	work.Wait()
	n.transport.Close()
}

// refreshCodeKeys reads the keys of codes, which another process may have changed.
func (n *node) refreshCodeKeys() error {
	keys, err := readCodeKeys(n.secrets.folder)
	if err == nil {
		n.codes.Store(&keys)
	}
	return err
}

// codeKey is the key that signs what was made at that time.
func (n *node) codeKey(madeAt time.Time) (string, ed25519.PrivateKey) {
	key, _ := n.codes.Load().signer(madeAt, n.now())
	return key.ID, key.private
}

// readableKey finds a key by which codes are read.
func (n *node) readableKey(id string) (qr.Key, bool) { return n.codes.Load().key(id) }

// api is the handler of the public API, known to its callers as origin, which is also
// named in what clients are told.
func (n *node) api(origin string) http.Handler {
	config := n.config(origin)
	n.engine.notices.herald.Store(web.NewHerald(config))
	return web.New(config)
}

// do hands in what was asked over HTTP.
func (n *node) do(ctx context.Context, request hub.Request) (hub.Result, error) {
	n.crash.at(requestRead) // K0
	return n.engine.Do(ctx, request)
}

// config is what the API stands on.
func (n *node) config(origin string) web.Config {
	return web.Config{
		Hub: n.hub, Do: n.do, Watch: n.engine.watch.watch, Decided: n.engine.recent.payment, Seen: n.engine.recent.seen,
		Held: n.engine.vigil.holds, Full: n.engine.entry.full,
		Directory: n.directory.Load, Now: n.now, Chance: chance,
		KeyID: switchKeyID, Key: n.secrets.key, CodeKey: n.codeKey, Codes: qr.Directory{Key: n.readableKey, KeepsOrders: true},
		CodeKeys: func() []api.CodeKey { return n.codes.Load().published() }, Dialects: n.spoken, Approve: n.approve, Decode: n.decoder.ask, Send: n.transport.Send, Origin: origin, Log: n.log,
	}
}

// addressesOf returns the address by which this machine reaches a listener, and
// the origin by which its callers name it. That is empty, as each caller says,
// where the listener is bound to all addresses of the machine.
func addressesOf(listener net.Listener) (reached, origin string) {
	bound, ok := listener.Addr().(*net.TCPAddr)
	if !ok || !bound.IP.IsUnspecified() {
		origin = "http://" + listener.Addr().String()
		return origin, origin
	}
	return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(bound.Port)), ""
}

// serveAll answers on all listeners until ctx ends, or one of them cannot go on.
func serveAll(ctx context.Context, listeners []net.Listener, handler http.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var serving sync.WaitGroup
	failed := make([]error, len(listeners))
	for i, listener := range listeners {
		serving.Go(func() {
			defer stop()
			failed[i] = serve(ctx, listener, handler)
		})
	}
	serving.Wait()
	return errors.Join(failed...)
}

// serve answers on listener until ctx ends, and lets requests finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	waits, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	server := web.NewServer(handler)
	server.BaseContext = func(net.Listener) context.Context { return waits }
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	if shutdown(server, finishWithin) != nil {
		giveUp()
		if shutdown(server, partWithin) != nil {
			_ = server.Close()
		}
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// shutdown takes no more requests and waits for those that are being answered.
func shutdown(server *http.Server, within time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return server.Shutdown(ctx)
}
