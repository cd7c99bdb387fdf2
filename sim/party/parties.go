package party

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/sim"
)

// Parties are all wallets and acquirers of a world.
type Parties struct {
	config    Config
	transport *outbound.Transport
	list      []*Party // in the order of the world's participants
}

// Open opens every wallet and acquirer of the world: it makes the keys that are
// missing, reads the books and binds the listeners. The parties answer once Run
// runs; where they will is said by Access.
func Open(config Config) (*Parties, error) {
	all := &Parties{config: config, transport: outbound.NewTransport(true)}
	for _, participant := range config.World.Listing.Participants {
		plays := role{acquirer: participant.Holds(member.Acquirer)}
		if participant.Holds(member.Wallet) {
			plays.wallet = termsOf(participant.ID)
		}
		if plays.wallet == nil && !plays.acquirer {
			continue
		}
		p, err := open(participant.ID, plays, config, all.transport)
		if err != nil {
			all.Close()
			return nil, err
		}
		all.list = append(all.list, p)
	}
	if err := all.carry(); err != nil {
		all.Close()
		return nil, err
	}
	return all, nil
}

// carry lets service providers answer for their principals.
func (all *Parties) carry() error {
	for _, p := range all.list {
		p.asked = p.origin
		if p.tongue.Carrier == "" {
			continue
		}
		carrier, err := all.find(p.tongue.Carrier)
		if err != nil {
			return err
		}
		carrier.carries = append(carrier.carries, p)
		p.asked = carrier.origin + "/" + p.id
	}
	return nil
}

func termsOf(wallet string) *sim.Terms {
	for _, terms := range sim.SandboxTerms() {
		if terms.ID == wallet {
			return &terms
		}
	}
	return nil
}

// Joined returns the world in which each party can be reached and is known by
// its key.
func (all *Parties) Joined() sim.Setup {
	world := all.config.World
	for _, p := range all.list {
		public, ok := p.key.Public().(ed25519.PublicKey)
		if !ok {
			panic("an Ed25519 key has a public half of its own kind")
		}
		access := sim.Access{
			Keys:    []member.Key{{ID: p.keyID, Public: public, NotBefore: sim.Since()}},
			Webhook: p.origin + "/webhook",
		}
		access.Endpoint = p.origin
		if p.wallet != nil {
			access.Endpoint = p.asked
		}
		world = world.Joined(p.id, access)
	}
	return world
}

// Run serves until ctx is over, or until a party cannot go on, and returns once
// everything that it started has ended.
func (all *Parties) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	failures := make([]error, len(all.list))
	for i, p := range all.list {
		running.Go(func() {
			defer cancel()
			failures[i] = p.run(ctx)
		})
	}
	running.Wait()
	return errors.Join(failures...)
}

// Close closes books and connections. It is called after Run has returned, or
// instead of it.
func (all *Parties) Close() {
	for _, p := range all.list {
		p.close()
	}
	all.transport.Close()
}

// find returns the party called id, or refuses NotFound.
func (all *Parties) find(id string) (*Party, error) {
	for _, p := range all.list {
		if p.id == id {
			return p, nil
		}
	}
	return nil, hansa.Refuse(hansa.NotFound, "no party %q", id)
}

// findWallet returns the wallet called id, or refuses NotFound.
func (all *Parties) findWallet(id string) (*Party, error) {
	p, err := all.find(id)
	if err == nil && p.wallet == nil {
		err = hansa.Refuse(hansa.NotFound, "%s is no wallet", id)
	}
	return p, err
}

// findAcquirer returns the acquirer called id, or refuses NotFound.
func (all *Parties) findAcquirer(id string) (*Party, error) {
	p, err := all.find(id)
	if err == nil && p.acquirer == nil {
		err = hansa.Refuse(hansa.NotFound, "%s is no acquirer", id)
	}
	return p, err
}
