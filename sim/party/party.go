// Package party lets the wallets and acquirers of the make-believe world speak
// HTTP: each has its own key, book, listener and view of the network, verifies
// what the switch signs, and calls the public API of the switch like anybody
// else. What a party has answered is in its book before. The Sandbox plays
// payers and tills through the parties, and never touches the switch.
//
// The room starts goroutines for servers and for outcomes that must be told
// until they are heard; Run waits for all of them.
package party

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/sim"
)

// A Switch is what a party knows of the network.
type Switch struct {
	Participant string          // whose keys sign its calls and answers
	URL         string          // of its public API, without /v1 and a final slash
	Keys        api.Keys        // of the participant
	Codes       qr.Directory    // by which codes are believed
	Hooks       api.WebhookKeys // that sign webhooks
}

// A Config is what parties are opened with.
type Config struct {
	Folder string // a party called id keeps its key and book in Folder/id
	Switch Switch
	World  sim.Setup
	// Tongues are the wallets that speak another protocol with the switch, by their ids.
	Tongues map[string]Tongue
	// Tills are the protocols of tills that do not speak the switch's own, and Shops those of
	// stores that sell online too, both by terminals.
	Tills, Shops map[string]TillTongue
	// DecodeEars are the protocols of acquirers that are asked about their private codes in
	// another one than the switch's own, by their ids.
	DecodeEars map[string]DecodeEar

	Now    func() time.Time
	Chance func() hansa.Chance // never the same twice
	Log    *slog.Logger
}

// A Party is one participant with all the roles that it plays. It is safe for
// concurrent use.
type Party struct {
	id        string
	keyID     string
	key       ed25519.PrivateKey
	config    Config
	client    *client.Caller
	transport *outbound.Transport
	tongue    Tongue // without an ear: it speaks the switch's own protocol
	listener  net.Listener
	origin    string   // what it is called under
	asked     string   // where its wallet is asked: below the origin, or at its carrier
	carries   []*Party // principals that are asked at its address
	book      *book
	bell      chan struct{} // rings when there may be outcomes to tell
	sold      *sales        // by tills in other protocols
	tillBell  chan struct{} // rings when there may be sales to capture

	mu       sync.Mutex // guards what follows
	wallet   *sim.Wallet
	acquirer *sim.Acquirer
	telling  map[string]attempt
	rules    codeRules
}

// An attempt is how often an outcome was told in vain, and when to try again.
type attempt struct {
	tries    int
	underway bool
	after    time.Time
}

// A role is which sides of a participant are played.
type role struct {
	wallet   *sim.Terms
	acquirer bool
}

// open opens the key and the book of a party and listens on a free port of the
// loopback address. Nothing is answered before run.
func open(id string, plays role, config Config, transport *outbound.Transport) (*Party, error) {
	folder := filepath.Join(config.Folder, id)
	key, err := openKey(folder, config.Chance)
	if err != nil {
		return nil, fmt.Errorf("open party %s: %w", id, err)
	}
	p := &Party{
		id: id, keyID: api.KeyID(id, 1), key: key, config: config,
		tongue: config.Tongues[id], transport: transport, bell: make(chan struct{}, 1), telling: make(map[string]attempt),
		tillBell: make(chan struct{}, 1),
	}
	p.client = &client.Caller{
		KeyID: p.keyID, Key: key, Transport: transport, Now: config.Now, Nonce: p.nonce,
		Keys: func(keyID string) (api.Key, string, bool) {
			key, ok := config.Switch.Keys(keyID)
			return key, config.Switch.Participant, ok
		},
	}
	if p.book, err = openBook(filepath.Join(folder, "book.jsonl")); err != nil {
		return nil, fmt.Errorf("open party %s: %w", id, err)
	}
	if err := p.play(plays); err != nil {
		p.close()
		return nil, err
	}
	if p.listener, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0"); err != nil {
		p.close()
		return nil, fmt.Errorf("open party %s: %w", id, err)
	}
	p.origin = "http://" + p.listener.Addr().String()
	return p, nil
}

// play brings the roles back to where the book left them.
func (p *Party) play(plays role) (err error) {
	if plays.wallet != nil {
		if p.wallet, err = sim.NewWallet(*plays.wallet, p.book.side(walletSide), p.book.past(walletSide)); err != nil {
			return err
		}
	}
	if plays.acquirer {
		if p.acquirer, err = sim.NewAcquirer(p.id, p.book.side(acquirerSide), p.book.past(acquirerSide)); err != nil {
			return err
		}
	}
	p.sold, err = openSales(p.book.side(tillSide), p.book.past(tillSide))
	p.book.forgetPast()
	return err
}

// close gives up what open has opened.
func (p *Party) close() {
	if p.listener != nil {
		p.listener.Close() //nolint:errcheck,gosec // A listener that the server has closed already says so.
	}
	if err := p.book.close(); err != nil {
		p.config.Log.Error("cannot close the book of a party", "party", p.id, "error", err)
	}
}

// step lets change read or change the party, and returns once all that it may
// have seen is durable.
func (p *Party) step(change func()) error {
	func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		change()
	}()
	return p.book.commit()
}

func (p *Party) now() time.Time { return p.config.Now().UTC() }

// newID makes an id that no other request has.
func (p *Party) newID(prefix string) string {
	return hansa.NewID(prefix, p.now(), 0, p.config.Chance())
}

func (p *Party) nonce() string {
	random := p.config.Chance().Draw("nonce")
	return hex.EncodeToString(random[:16])
}

// ring wakes whoever tells outcomes.
func (p *Party) ring() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}
