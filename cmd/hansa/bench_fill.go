package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// fillAtOnce is how many payments are stored in one commit to fill a database.
const fillAtOnce = 1024

// fill stores payments as fast as it goes: by the rules and the store that serve, but
// many whole lives in one commit, without nodes, and without posting their webhooks.
// With people, each is paid by a payer who fetches the code and is new.
func (n *benchNetwork) fill(env *environment, count int, people bool) (err error) {
	if count == 0 {
		return nil
	}
	if err := n.stop(); err != nil {
		return err
	}
	if err := n.fillStopped(env, count, people); err != nil {
		return err
	}
	var work context.Context
	work, n.halt = context.WithCancel(n.env.context)
	return n.start(work)
}

func (n *benchNetwork) fillStopped(env *environment, count int, people bool) (err error) {
	s, err := store.Open(env.context, n.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	secrets, err := n.secrets()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(env.context)
	ready := make(chan []hub.Request, 1)
	var preparing sync.WaitGroup
	defer preparing.Wait()
	defer cancel()
	preparing.Go(func() { n.prepareFill(ctx, ready, count, people) })
	filling := hub.New(s, secrets.tokens)
	began, told, done := time.Now(), time.Now(), 0
	for requests := range ready {
		if err := n.fillStep(ctx, filling, requests); err != nil {
			return err
		}
		done = min(done+fillAtOnce, count)
		if time.Since(told) > progressEvery || done == count {
			told = time.Now()
			perSecond := float64(done) / time.Since(began).Seconds()
			left := time.Duration(float64(count-done) / perSecond * float64(time.Second))
			fmt.Fprintf(env.out, "%d of %d payments stored, %.0f a second, %v left\n", done, count, perSecond, left.Round(time.Second))
		}
	}
	return errors.Join(ctx.Err(), n.passWebhooks(ctx, s, filling))
}

// prepareFill makes the requests of one commit after the other.
func (n *benchNetwork) prepareFill(ctx context.Context, ready chan<- []hub.Request, count int, people bool) {
	defer close(ready)
	for first := 0; first < count; first += fillAtOnce {
		select {
		case ready <- n.fillRequests(min(fillAtOnce, count-first), people):
		case <-ctx.Done():
			return
		}
	}
}

func (n *benchNetwork) fillStep(ctx context.Context, filling *hub.Hub, requests []hub.Request) error {
	op := hub.Fill{Requests: requests, Answer: func(call hub.Call) payment.Event {
		return outbound.Heard(granted(outbound.AskOf(call.Payment, call.Payer)), nil)
	}}
	if _, err := filling.Step(ctx, n.now(), []hub.Request{{Chance: chance(), Operation: op}}); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	return nil
}

// passWebhooks moves the cursors of all webhooks to the end of the journal.
func (n *benchNetwork) passWebhooks(ctx context.Context, s *store.Store, filling *hub.Hub) error {
	head, err := s.Read().Head(ctx)
	if err != nil {
		return err
	}
	known, err := s.Read().Subscriptions(ctx)
	if err != nil {
		return err
	}
	var passed []hub.Request
	for _, participant := range n.world.Listing.Participants {
		if participant.Webhook == "" {
			continue
		}
		subscription := store.Subscription{Participant: participant.ID}
		for _, one := range known {
			if one.Participant == participant.ID {
				subscription = one
			}
		}
		subscription.Next = store.Cursor{Height: head.Height + 1}
		passed = append(passed, hub.Request{Chance: chance(), Operation: hub.HookDone{Subscription: subscription}})
	}
	_, err = filling.Step(ctx, n.now(), passed)
	return err
}

// fillRequests are those of so many payments, as they would come over HTTP.
func (n *benchNetwork) fillRequests(count int, people bool) []hub.Request {
	var requests []hub.Request
	for i := range count {
		sale := n.fillSale(i)
		issuer := sale.ask.Code[:len("70dddd")]
		if people {
			fetch := api.FetchCodes{RequestID: sale.ask.RequestID, Payer: sale.ask.RequestID, Count: 1}
			requests = append(requests, n.fillRequest(n.issuers[issuer], "/v1/payment-codes", fetch.RequestID, fetch,
				hub.FetchCodes{Payer: fetch.Payer, Codes: []string{sale.ask.Code}}))
		}
		requests = append(requests, n.fillRequest(sale.acquirer, "/v1/payments", sale.ask.RequestID, sale.ask, hub.Ask{
			Code: sale.ask.Code, Issuer: issuer, Amount: sale.ask.Amount, Store: sale.ask.Store, Terminal: sale.ask.Terminal,
			OrderReference: sale.ask.OrderReference,
		}))
	}
	return requests
}

// fillSale is a new payment: half of them are sold all over the stores that were entered
// beside those of the world, if there are any. These are like the first of it.
func (n *benchNetwork) fillSale(number int) benchSale {
	drawn, model := chance(), n.world.Registry.Stores[0].ID
	if n.grown == 0 || drawn[0]%2 == 0 {
		return n.sale(number)
	}
	alike := slices.DeleteFunc(slices.Clone(n.pairs), func(pair benchPair) bool { return pair.store != model })
	pair := alike[number%len(alike)]
	pair.store = growthStore(int(binary.BigEndian.Uint32(drawn[1:])) % n.grown)
	pair.terminal = sim.Terminal(pair.store, pair.acquirer)
	return n.saleAt(number, pair)
}

func (n *benchNetwork) fillRequest(participant, path, id string, message any, operation hub.Operation) hub.Request {
	return hub.Request{
		Participant: participant, KeyID: api.KeyID(participant, 1), Nonce: nonce(), SignedAt: n.now().Truncate(time.Second), ID: id,
		Body: append([]byte(path+"\n"), api.Encode(message)...), Chance: chance(), Operation: operation,
	}
}
