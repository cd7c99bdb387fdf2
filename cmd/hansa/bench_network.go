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
	"sync"

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
	nodes []*node
	world sim.Setup
	pairs []benchPair
	keys  map[string]ed25519.PrivateKey // of the participants
	temp  string                        // folder to remove

	wired   []asker           // of each node: asks wallets over HTTP
	issuers map[string]string // wallets by the first digits of their codes
	serving sync.WaitGroup
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
}

// openBench opens the database, and enters the world if it is empty.
func openBench(ctx context.Context, env *environment, c benchCommand) (*benchNetwork, error) {
	temp, err := os.MkdirTemp("", "hansa-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	dsn := c.DB
	if dsn == "" {
		dsn = filepath.Join(temp, "hansa.db")
		fmt.Fprintln(env.out, "database", dsn)
	}
	n := &benchNetwork{temp: temp, keys: make(map[string]ed25519.PrivateKey)}
	secrets, err := openSecrets(filepath.Join(temp, "keys"))
	if err != nil {
		return nil, errors.Join(err, n.close())
	}
	for range c.Nodes {
		if err := n.add(ctx, setting{dsn: dsn, secrets: secrets, loopback: true, now: env.now, log: quietLog()}, c.FsyncDelay); err != nil {
			return nil, errors.Join(err, n.close())
		}
	}
	if n.world, err = n.join(""); err != nil {
		return nil, errors.Join(err, n.close())
	}
	if err := n.enrol(ctx); err != nil {
		return nil, errors.Join(err, n.close())
	}
	n.pairs, n.issuers = pairsOf(n.world), issuersOf(n.world)
	return n, nil
}

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
func (n *benchNetwork) sale(client int, hot bool) benchSale {
	pair := n.pairs[0]
	if !hot {
		pair = n.pairs[client%len(n.pairs)]
	}
	drawn := chance()
	code, err := qr.NewPaymentCode(pair.issuer, qr.Issued, drawn)
	if err != nil {
		panic(err)
	}
	reference := hansa.NewID("sale", n.first().now(), 0, drawn)
	return benchSale{client: client, acquirer: pair.acquirer, ask: api.AskPayment{
		RequestID: reference, Code: code, Amount: pair.amount, Store: pair.store, Terminal: pair.terminal, OrderReference: reference,
	}}
}

// acrossTheDesk pays without sockets and signatures.
func (n *benchNetwork) acrossTheDesk(context.Context) (pay, error) {
	var desks []*web.Desk
	for _, node := range n.nodes {
		desks = append(desks, web.NewDesk(node.config(benchOrigin)))
	}
	return func(ctx context.Context, sale benchSale) error {
		desk := desks[sale.client%len(desks)]
		request := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/v1/payments"}}
		status, document := desk.Answer(ctx, sale.acquirer, request, api.Encode(sale.ask))
		if status != http.StatusCreated {
			return fmt.Errorf("status %d: %s", status, document)
		}
		var paid api.Payment
		if err := api.Decode(document, &paid); err != nil {
			return err
		}
		return approved(paid)
	}, nil
}

func approved(paid api.Payment) error {
	if paid.Status != string(payment.WasApproved) {
		return fmt.Errorf("payment %s is %s %s%s", paid.Reference, paid.Status, paid.Reason, paid.PendingReason)
	}
	return nil
}

func (n *benchNetwork) close() error {
	n.serving.Wait()
	var err error
	for _, node := range n.nodes {
		err = errors.Join(err, node.store.Close())
	}
	return errors.Join(err, os.RemoveAll(n.temp))
}

// A readyWallet grants everything at once, from the bytes of the question to
// those of the answer.
type readyWallet struct{}

func (readyWallet) make(_ context.Context, call hub.Call) payment.Event {
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
