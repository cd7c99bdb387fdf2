package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/web"
)

// benchOrigin is how the API is called where nobody calls it over a wire.
const benchOrigin = "http://bench"

// A benchNetwork is the make-believe world on one node or more, its wallets drawing
// their own payment codes, so that a payment begins with one.
type benchNetwork struct {
	benchCommand

	env   *environment
	nodes []*node
	ask   asking
	world sim.Setup
	pairs []benchPair
	keys  map[string]ed25519.PrivateKey // of the participants
	paid  paidList
	grown int          // stores that were entered beside those of the world
	later atomic.Int64 // how much the network's clock is ahead of ours, in nanoseconds

	folder  string            // for what is temporary, removed in the end
	issuers map[string]string // wallets by the first digits of their codes
	wallets string            // their address; empty: they are asked without HTTP
	halt    context.CancelFunc
	running sync.WaitGroup
}

// An asking lets a participant ask a node for something.
type asking func(ctx context.Context, ask benchAsk) (api.Answer, error)

// A benchAsk is a request of one of the clients.
type benchAsk struct {
	client      int // has no other request on its way
	participant string
	method      string
	path        string
	message     any        // nil: none
	signed      *signedAsk // keeps what is sent, for another time; nil: nobody keeps it
}

func (a benchAsk) body() []byte {
	if a.message == nil {
		return nil
	}
	return api.Encode(a.message)
}

// A benchPair is who pays where: a wallet and a till with another currency.
type benchPair struct {
	issuer   string // of the wallet's payment codes
	store    string
	terminal string
	acquirer string
	amount   money.Amount
}

// A benchSale is one payment to be.
type benchSale struct {
	client   int
	acquirer string
	ask      api.AskPayment
	signed   *signedAsk // where it may be turned away, and asked for again
}

// openBench opens the database, enters the world, and starts the nodes.
func openBench(ctx context.Context, env *environment, c benchCommand) (*benchNetwork, error) {
	folder, err := os.MkdirTemp("", "hansa-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	if c.DB == "" {
		c.DB = filepath.Join(folder, "hansa.db")
	}
	fmt.Fprintln(env.out, "database", c.DB)
	n := &benchNetwork{benchCommand: c, env: env, folder: folder, keys: make(map[string]ed25519.PrivateKey)}
	var work context.Context
	work, n.halt = context.WithCancel(ctx)
	if err := n.start(work); err != nil {
		return nil, errors.Join(err, n.close())
	}
	n.pairs, n.issuers = pairsOf(n.world), issuersOf(n.world)
	return n, nil
}

// start opens the nodes and lets them work.
func (n *benchNetwork) start(ctx context.Context) error {
	secrets, err := n.secrets()
	if err == nil && n.Kind == "http" {
		n.wallets, err = n.listen(ctx, benchWallet{n})
	}
	if err != nil {
		return err
	}
	for range n.Nodes {
		if err := n.add(ctx, setting{dsn: n.DB, secrets: secrets, loopback: true, now: n.now, log: quietLog()}); err != nil {
			return err
		}
	}
	if n.world, err = n.join(n.wallets); err != nil {
		return err
	}
	if err := n.enrol(ctx); err != nil {
		return err
	}
	for _, node := range n.nodes {
		n.running.Go(func() { node.run(ctx) })
	}
	if n.Kind == "http" {
		n.ask, err = n.overHTTP(ctx)
		return err
	}
	n.ask = n.acrossTheDesk()
	return nil
}

func (n *benchNetwork) secrets() (secrets, error) {
	return openSecrets(filepath.Join(n.folder, "keys"))
}

// restart ends all nodes and starts them again, and returns how long that took from
// the moment when they had ended.
func (n *benchNetwork) restart() (time.Duration, error) {
	if err := n.stop(); err != nil {
		return 0, err
	}
	var work context.Context
	work, n.halt = context.WithCancel(n.env.context)
	began := time.Now()
	err := n.start(work)
	return time.Since(began), err
}

// now is the network's clock.
func (n *benchNetwork) now() time.Time { return n.env.now().Add(time.Duration(n.later.Load())) }

// join gives every participant a key, wallets an endpoint, and both sides a webhook.
func (n *benchNetwork) join(endpoint string) (sim.Setup, error) {
	world := sim.World()
	world.Listing.Participants = slices.Clone(world.Listing.Participants)
	for i := range world.Listing.Participants {
		p := &world.Listing.Participants[i]
		if !p.Holds(member.Wallet) && !p.Holds(member.Acquirer) {
			continue
		}
		key, ok := n.keys[p.ID]
		if !ok {
			_, fresh, err := ed25519.GenerateKey(nil)
			if err != nil {
				return world, fmt.Errorf("make a key: %w", err)
			}
			key, n.keys[p.ID] = fresh, fresh
		}
		p.Keys = []member.Key{{ID: api.KeyID(p.ID, 1), Public: publicOf(key), NotBefore: sim.Since()}}
		p.Wallet.OwnCodes = true
		p.Webhook = benchOrigin + "/webhook"
		if p.Holds(member.Wallet) {
			p.Endpoint = endpoint
		}
	}
	return world, nil
}

// pairsOf lists every wallet at every till of another currency.
func pairsOf(world sim.Setup) []benchPair {
	var pairs []benchPair
	for _, wallet := range world.Listing.Participants {
		if !wallet.Holds(member.Wallet) {
			continue
		}
		for _, shop := range world.Registry.Stores {
			if shop.Currency == wallet.Wallet.Settles || shop.Currency == wallet.Wallet.Debits {
				continue
			}
			acquirer := shop.Contracts[0].Acquirer
			pairs = append(pairs, benchPair{
				issuer: wallet.Wallet.Issuers[0], store: shop.ID, terminal: sim.Terminal(shop.ID, acquirer), acquirer: acquirer,
				amount: money.New(100_00, shop.Currency),
			})
		}
	}
	return pairs
}

// issuersOf lists the wallets by the first digits of the codes that they draw.
func issuersOf(world sim.Setup) map[string]string {
	issuers := make(map[string]string)
	for _, p := range world.Listing.Participants {
		for _, issuer := range p.Wallet.Issuers {
			issuers[issuer] = p.ID
		}
	}
	return issuers
}

// sale is a new payment of a client.
func (n *benchNetwork) sale(client int) benchSale {
	if n.Hot {
		return n.saleAt(client, n.pairs[0])
	}
	return n.saleAt(client, n.pairs[client%len(n.pairs)])
}

func (n *benchNetwork) saleAt(client int, pair benchPair) benchSale {
	drawn := chance()
	code, err := qr.NewPaymentCode(pair.issuer, qr.Issued, drawn)
	if err != nil {
		panic(err)
	}
	reference := hansa.NewID("sale", n.now(), 0, drawn)
	return benchSale{client: client, acquirer: pair.acquirer, ask: api.AskPayment{
		RequestID: reference, Code: code, Amount: pair.amount, Store: pair.store, Terminal: pair.terminal, OrderReference: reference,
	}}
}

// look reads how one of the last payments stands.
func (n *benchNetwork) look(ctx context.Context, ask asking, a arrival) outcome {
	paid := n.paid.some(a.number)
	return ask.tell(ctx, benchAsk{client: n.Clients + a.till, participant: paid.Acquirer, method: http.MethodGet, path: "/v1/payments/" + paid.Reference}, &api.Payment{}).outcome
}

// acrossTheDesk asks without sockets and signatures.
func (n *benchNetwork) acrossTheDesk() asking {
	var desks []*web.Desk
	for _, node := range n.nodes {
		desks = append(desks, web.NewDesk(node.config(benchOrigin)))
	}
	return func(ctx context.Context, ask benchAsk) (api.Answer, error) {
		path, query, _ := strings.Cut(ask.path, "?")
		request := &http.Request{Method: ask.method, URL: &url.URL{Path: path, RawQuery: query}}
		return desks[ask.client%len(desks)].Answer(ctx, ask.participant, request, ask.body()), nil
	}
}

// stop ends all nodes and whatever listens.
func (n *benchNetwork) stop() error {
	n.halt()
	n.running.Wait()
	var err error
	for _, node := range n.nodes {
		err = errors.Join(err, node.store.Close())
	}
	n.nodes = nil
	return err
}

// close removes what is temporary. The payments of a season stay, to be looked at.
func (n *benchNetwork) close() error {
	err := n.stop()
	if n.Kind == "season" {
		return errors.Join(err, os.RemoveAll(filepath.Join(n.folder, "keys")))
	}
	return errors.Join(err, os.RemoveAll(n.folder))
}

// A readyWallet grants everything at once, from the bytes of the question to
// those of the answer.
type readyWallet struct{}

func (readyWallet) make(_ context.Context, call hub.Call) payment.Event {
	if call.Movement.ID != "" {
		return outbound.CarriedOut(call.Movement.ID, api.Carried{Movement: call.Movement.ID, Status: api.AnswerDone}, nil)
	}
	var ask api.Ask
	var answer api.WalletAnswer
	err := api.Decode(api.Encode(outbound.AskOf(call.Payment, call.Payer)), &ask)
	if err == nil {
		err = api.Decode(api.Encode(granted(ask)), &answer)
	}
	return outbound.Heard(answer, err)
}

// granted is a wallet's yes.
func granted(ask api.Ask) api.WalletAnswer {
	return api.WalletAnswer{
		Reference: ask.Reference, Status: api.AnswerPaid, OrderAmount: ask.OrderAmount, DebitAmount: ask.DebitAmount, Payee: ask.Payee.Store,
	}
}

// A readyEndpoint hears every event.
type readyEndpoint struct{}

func (readyEndpoint) Post(context.Context, string, string, []byte) (int, error) {
	return http.StatusNoContent, nil
}
