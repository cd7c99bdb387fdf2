package main

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/web/visit"
)

// demoCommand runs the switch together with all the parties of a make-believe
// world, each with its own keys, books and address.
type demoCommand struct {
	Listen    string `help:"Address to answer on; port 0 picks a free one. The default is 127.0.0.1:8080, or a free port if that is taken."`
	Data      string `help:"Folder of the database, the keys and the parties' books." default:"hansa-data"`
	ListenTLS string `help:"Address to answer https on as well, under a certificate of DATA/ca.pem." name:"listen-tls" placeholder:"ADDRESS"`
	Public    bool   `help:"Allow an address that other machines can reach. The sandbox answers this machine alone all the same."`
}

func (c demoCommand) Run(env *environment) error {
	listener, err := c.listen(env.context)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	release, err := lockFolder(c.Data)
	if err != nil {
		return err
	}
	defer release()
	own, err := openDemoSecrets(filepath.Join(c.Data, "keys"))
	if err != nil {
		return err
	}
	n, err := openNode(env.context, setting{dsn: filepath.Join(c.Data, "hansa.db"), secrets: own, loopback: true, now: env.now, log: env.log})
	if err != nil {
		return err
	}
	err = c.play(env, n, listener)
	return errors.Join(err, n.store.Close())
}

func (c demoCommand) listen(ctx context.Context) (net.Listener, error) {
	if c.Listen != "" {
		return listen(ctx, c.Listen, c.Public)
	}
	listener, err := listen(ctx, "127.0.0.1:8080", false)
	if err != nil {
		return listen(ctx, "127.0.0.1:0", false)
	}
	return listener, nil
}

// play lets the parties join and everything run until the context ends.
func (c demoCommand) play(env *environment, n *node, listener net.Listener) error {
	reached, origin := addressesOf(listener)
	secure, err := c.listenTLS(env)
	if err != nil {
		return err
	}
	own, err := c.openCredentials(n, reached, secure)
	if err != nil {
		return err
	}
	purses, err := own.purses(c.Data, reached, n.secrets.others)
	if err != nil {
		return err
	}
	world := sim.Sandbox()
	foreign, err := own.foreignTills(c.Data, reached, n.secrets.others, world)
	if err != nil {
		return err
	}
	parties, err := party.Open(party.Config{
		Folder: filepath.Join(c.Data, "parties"), Switch: switchOf(n, reached), World: world,
		Tongues: tonguesOf(purses), Tills: foreign.tills, Shops: foreign.shops, DecodeEars: foreign.decode,
		Now: n.now, Chance: chance, Log: env.log,
	})
	if err != nil {
		return err
	}
	defer parties.Close()
	operator, err := openOperator(filepath.Join(c.Data, "keys"))
	if err != nil {
		return err
	}
	clients, err := own.clients(c.Data)
	if err != nil {
		return err
	}
	world = speaking(parties.Joined().Joined(sim.Operator, operator), append(clients, foreign.clients...), purses)
	foreign.enter(world)
	if err := enrol(env.context, n, world); err != nil {
		return err
	}
	guest := sandbox{reached + "/sandbox"}
	n.approve = guest.approve
	handler := demoPages(n.api(origin), parties, visitor{guest}, n.log)
	// What is asked over HTTP is answered before those who answer it stop.
	working, rest := context.WithCancel(context.WithoutCancel(env.context))
	defer rest()
	serving, stop := context.WithCancel(env.context)
	defer stop()
	var running sync.WaitGroup
	var fallen error
	running.Go(func() { n.run(working) })
	running.Go(func() {
		if fallen = parties.Run(working); fallen != nil {
			stop()
		}
	})
	listeners := []net.Listener{listener}
	if secure != nil {
		listeners = append(listeners, secure)
		fmt.Fprintf(env.out, "also https://%s\n", secure.Addr())
	}
	fmt.Fprintf(env.out, "ready http://%s\n", listener.Addr())
	err = serveAll(serving, listeners, handler)
	rest()
	running.Wait()
	return errors.Join(err, fallen)
}

// listenTLS returns a listener for https, or nil where none is asked for.
func (c demoCommand) listenTLS(env *environment) (net.Listener, error) {
	if c.ListenTLS == "" {
		return nil, nil
	}
	config, err := openTLS(c.Data, env.now())
	if err != nil {
		return nil, err
	}
	listener, err := listen(env.context, c.ListenTLS, c.Public)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(listener, config), nil
}

// openCredentials writes the credentials of the make-believe systems that speak other
// protocols.
func (c demoCommand) openCredentials(n *node, reached string, secure net.Listener) (credentials, error) {
	here := credentials{Origin: reached}
	if secure != nil {
		here.OriginTLS, here.CA = "https://"+secure.Addr().String(), filepath.Join(c.Data, "ca.pem")
	}
	return openCredentials(c.Data, here, n.secrets.others)
}

// demoPages are the API, the sandbox and the first page. Only a demo has the last two.
// They are told apart by the path as it was sent: a mux would answer one with two slashes
// itself, by leading elsewhere, and no protocol signs that.
func demoPages(public http.Handler, parties *party.Parties, guest visitor, log *slog.Logger) http.Handler {
	sandbox, page := parties.Sandbox(), visit.New(visit.Config{Sandbox: guest, Log: log})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/" || r.URL.Path == "/style.css":
			page.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, "/sandbox/"):
			sandbox.ServeHTTP(w, r)
		default:
			public.ServeHTTP(w, r)
		}
	})
}

// switchOf is what the parties know of the switch.
func switchOf(n *node, address string) party.Switch {
	public := publicOf(n.secrets.key)
	return party.Switch{
		Participant: sim.Operator, URL: address,
		Keys:  func(keyID string) (api.Key, bool) { return api.Key{Public: public}, keyID == switchKeyID },
		Codes: qr.Directory{Key: n.readableKey},
		Hooks: api.WebhookKeys{Keys: []ed25519.PublicKey{public}},
	}
}

// openOperator opens the key by which a person acts as the operator. The
// switch's own key signs what the switch says, and nothing that is asked of it.
func openOperator(folder string) (sim.Access, error) {
	key, err := openKey(filepath.Join(folder, "operator.key"))
	if err != nil {
		return sim.Access{}, err
	}
	return sim.Access{Keys: []member.Key{{ID: operatorKeyID, Public: publicOf(key), NotBefore: sim.Since()}}}, nil
}

// enrol enters the whole world at the first start. Later it says only where the
// parties answer now and who is new, and leaves everything else as it has become.
func enrol(ctx context.Context, n *node, world sim.Setup) error {
	operation := hub.Enrol{Listing: world.Listing, Registry: world.Registry, Ranges: world.Ranges}
	if known := n.directory.Load(); len(known.Participants()) > 0 {
		operation = hub.Enrol{}
		operation.Listing.Listing = news(known, world)
	}
	if err := enter(ctx, n.hub, n.now(), operation); err != nil {
		return fmt.Errorf("enrol the parties: %w", err)
	}
	return n.refresh(ctx)
}

// news is what a world has that is not known, and where its parties answer now.
func news(known *member.Directory, world sim.Setup) (news member.Listing) {
	for _, client := range world.Listing.Clients {
		if _, entered := known.Client(client.Name()); !entered {
			news.Clients = append(news.Clients, client)
		}
	}
	for _, joined := range world.Listing.Participants {
		p, err := known.Participant(joined.ID)
		if err != nil {
			news.Participants = append(news.Participants, joined)
			for _, corridor := range world.Listing.Corridors {
				if corridor.Wallet == joined.ID {
					news.Corridors = append(news.Corridors, corridor)
				}
			}
			for _, agreement := range world.Listing.Agreements {
				if slices.Contains(agreement.Parties, joined.ID) {
					news.Agreements = append(news.Agreements, agreement)
				}
			}
			continue
		}
		p.Endpoint, p.Webhook, p.Keys = joined.Endpoint, joined.Webhook, joined.Keys
		p.Wallet.Client, p.Wallet.Issuers = joined.Wallet.Client, joined.Wallet.Issuers
		p.Wallet.OwnCodes, p.Wallet.NotifyMode = joined.Wallet.OwnCodes, joined.Wallet.NotifyMode
		news.Participants = append(news.Participants, p)
	}
	return news
}
