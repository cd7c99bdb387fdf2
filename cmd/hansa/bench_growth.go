package main

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// What grows.
const (
	growthPayments = 100_000 // unless it is said how many
	growthStores   = 190_000 // at most, and at most one for each payment
	storesAtOnce   = 1000
	codesLooked    = 2000 // that are resolved again and again
	looksOfClient  = 200
	progressEvery  = 5 * time.Second
)

// growth measures an empty database, fills it, and measures again.
func (c benchCommand) growth(env *environment, n *benchNetwork) (benchReport, error) {
	count := cmp.Or(c.Payments, growthPayments)
	empty, _, err := c.runs(env, n, "before")
	if err != nil {
		return benchReport{}, err
	}
	stores, payers := min(growthStores, count), (count+1)/2
	perStore, err := n.grow(env, stores, func() error { return n.enterStores(env, stores) })
	if err != nil {
		return benchReport{}, err
	}
	grown, err := n.grow(env, count, func() error { return n.fill(env, count, false) })
	if err != nil {
		return benchReport{}, err
	}
	perPayer, err := n.grow(env, payers, func() error { return n.fill(env, payers, true) })
	if err != nil {
		return benchReport{}, err
	}
	started, err := n.restart()
	if err != nil {
		return benchReport{}, err
	}
	full, _, err := c.runs(env, n, "after")
	if err != nil {
		return benchReport{}, err
	}
	fmt.Fprintf(env.out, "%-12s %8d, %s\n", "payments", count, grown)
	fmt.Fprintf(env.out, "%-12s %8d who paid once, %s\n", "payers", payers, perPayer)
	fmt.Fprintf(env.out, "%-12s %8d, %s\n", "stores", stores, perStore)
	fmt.Fprintf(env.out, "%-12s %8.3f s\n", "start", started.Seconds())
	fmt.Fprintf(env.out, "%-12s %8.2f of before\n", "payments", full.PerSec/empty.PerSec)
	return benchReport{figure: full, Bytes: grown.bytes}, c.resolve(env, n, stores)
}

// grow returns by how much the database has grown for each of count things.
func (n *benchNetwork) grow(env *environment, count int, fill func() error) (bulk, error) {
	before, err := n.size(env.context)
	if err != nil {
		return bulk{}, err
	}
	if err := fill(); err != nil {
		return bulk{}, err
	}
	after, err := n.size(env.context)
	return after.less(before).each(count), err
}

// enterStores enters stores, at which half of what is filled is sold from then on.
func (n *benchNetwork) enterStores(env *environment, count int) error {
	for first := 0; first < count; first += storesAtOnce {
		_, err := n.first().engine.Do(env.context, hub.Request{Chance: chance(), Operation: n.growthStores(first, min(storesAtOnce, count-first))})
		if err != nil {
			return fmt.Errorf("enter stores: %w", err)
		}
	}
	n.grown = count
	return nil
}

// growthStore names one of these stores.
func growthStore(number int) string { return fmt.Sprintf("growth-%06d", number) }

// growthStores are stores of one acquirer, each with a terminal and a printed code.
func (n *benchNetwork) growthStores(first, count int) hub.Enrol {
	model := n.world.Registry.Stores[0]
	contract := model.Contracts[0]
	at := slices.IndexFunc(n.world.Ranges, func(r store.CodeRange) bool { return r.Acquirer == contract.Acquirer })
	codes := n.world.Ranges[at]
	codes.Next += int64(first)
	var registry store.Registry
	for i := range count {
		shop := model
		shop.ID = growthStore(first + i)
		shop.Contracts = []merchant.Contract{contract}
		registry.Stores = append(registry.Stores, shop)
		registry.Terminals = append(registry.Terminals, merchant.Terminal{
			ID: sim.Terminal(shop.ID, contract.Acquirer), Store: shop.ID, Acquirer: contract.Acquirer,
		})
		registry.Codes = append(registry.Codes, merchant.IssuedCode{
			Code: codes.Code(), Store: shop.ID, Acquirer: contract.Acquirer, IssuedAt: sim.Since(),
		})
		codes.Next++
	}
	return hub.Enrol{Registry: registry}
}

// settle waits until both sides of every payment have heard of it, and says how
// long that took: what was put off is no part of a pace.
func (n *benchNetwork) settle(env *environment) error {
	began := time.Now()
	for {
		behind, err := n.behind(env.context)
		if err != nil {
			return err
		}
		if behind == 0 {
			fmt.Fprintf(env.out, "all webhooks are posted after another %.1f s\n", time.Since(began).Seconds())
			return nil
		}
		if !pause(env.context, hookEvery/4) {
			return env.context.Err()
		}
	}
}

// behind counts the members that have not heard of all payments.
func (n *benchNetwork) behind(ctx context.Context) (int, error) {
	known, err := n.first().store.Read().Subscriptions(ctx)
	count := 0
	for _, subscription := range known {
		if subscription.Next.Height <= n.first().engine.tail.end() {
			count++
		}
	}
	return count, err
}

// A work is a thing to be done count times, by so many clients at once.
type work struct{ count, clients int }

// each does a work and says how far it is.
func (n *benchNetwork) each(env *environment, what string, w work, do func(client int) outcome) error {
	var taken, done atomic.Int64
	faults := make([]error, w.clients)
	ctx, stop := context.WithCancel(env.context)
	var working, telling sync.WaitGroup
	began := time.Now()
	telling.Go(func() {
		for pause(ctx, progressEvery) {
			perSecond := float64(done.Load()) / time.Since(began).Seconds()
			left := time.Duration(float64(int64(w.count)-done.Load()) / max(perSecond, 1) * float64(time.Second))
			fmt.Fprintf(env.out, "%d of %d %s, %.0f a second, %v left\n", done.Load(), w.count, what, perSecond, left.Round(time.Second))
		}
	})
	for client := range w.clients {
		working.Go(func() {
			for faults[client] == nil && taken.Add(1) <= int64(w.count) {
				o := do(client)
				for ; o.fault == nil && o.isRefused(); o = do(client) {
					pause(ctx, refusedPause)
				}
				faults[client] = o.fault
				done.Add(1)
			}
		})
	}
	working.Wait()
	took := time.Since(began)
	stop()
	telling.Wait()
	fmt.Fprintf(env.out, "%d %s in %v, %.0f a second\n", w.count, what, took.Round(time.Second), float64(w.count)/took.Seconds())
	return errors.Join(faults...)
}

// resolve measures what it takes to find out where a printed code leads, and what
// that leaves in the database.
func (c benchCommand) resolve(env *environment, n *benchNetwork, stores int) error {
	texts, err := n.printedCodes(env.context, stores)
	if err != nil {
		return err
	}
	wallet := n.issuers[n.pairs[0].issuer]
	looked, looks := c.Clients*looksOfClient, newFlood(c.Clients)
	grown, err := n.grow(env, looked, func() error {
		return n.each(env, "codes resolved", work{looked, c.Clients}, func(client int) outcome {
			drawn, began := chance(), time.Now()
			some := texts[int(binary.BigEndian.Uint32(drawn[:4]))%len(texts)]
			ask := api.Resolve{RequestID: hansa.NewID("look", n.now(), 0, drawn), Code: some}
			o := n.ask.tell(env.context, benchAsk{client: client, participant: wallet, method: http.MethodPost, path: "/v1/resolve", message: ask}, &api.Resolution{}).outcome
			o.took = time.Since(began)
			looks.add(o)
			return o
		})
	})
	one := figureOf(looks.served, time.Second, 0)
	fmt.Fprintf(env.out, "%-12s p50 %.1f ms, p99 %.1f ms, %s\n", "resolve", one.P50, one.P99, grown)
	return err
}

// printedCodes returns the texts of codes of stores that are far apart.
func (n *benchNetwork) printedCodes(ctx context.Context, stores int) ([]string, error) {
	acquirer := n.world.Registry.Stores[0].Contracts[0].Acquirer
	var texts []string
	for number := 0; number < stores; number += max(1, stores/codesLooked) {
		path := "/v1/store-codes?store=" + url.QueryEscape(growthStore(number))
		var page api.Page[api.StoreCode]
		if o := n.ask.tell(ctx, benchAsk{client: 0, participant: acquirer, method: http.MethodGet, path: path}, &page); o.fault != nil {
			return nil, o.fault
		}
		for _, code := range page.Items {
			texts = append(texts, code.Text)
		}
	}
	return texts, nil
}
