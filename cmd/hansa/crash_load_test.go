package main

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// The clients of an ordeal.
const (
	ordealClients = 2 // of each errand
	errandPace    = 20 * time.Millisecond
	insistFor     = time.Minute // on an answer, across the death of the switch
	insistEvery   = 50 * time.Millisecond
	silenceEvery  = time.Second
	walletThinks  = 50 * time.Millisecond
)

// The wallets that misbehave while clients pay. What the first has debited and the
// second has not heard of is cancelled.
const (
	lateWallet   = "epassi"
	silentWallet = "momo"
)

// answers are what requests were answered. They are safe for concurrent use.
type answers struct {
	mutex sync.Mutex
	list  []answered
}

type answered struct {
	wish      api.AskPayment
	reference string
}

func (a *answers) keep(wish api.AskPayment, reference string) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.list = append(a.list, answered{wish, reference})
}

// wantSameAnswers asks everything again: nothing is begun twice.
func (a *answers) wantSameAnswers(t *testing.T, o *ordeal) {
	t.Helper()
	for _, earlier := range a.list {
		var p api.Payment
		if err := o.till.post("/payments?wait=0", earlier.wish, &p); err != nil || p.Reference != earlier.reference {
			t.Errorf("%s has begun %s, and asked again %q, %v", earlier.wish.RequestID, earlier.reference, p.Reference, err)
		}
	}
	if len(a.list) == 0 {
		t.Error("nothing was asked: nothing is proved")
	}
}

// errands are all that touches a crash point: payments in the three ways, some given
// back, and what goes wrong at tills and wallets.
func (o *ordeal) errands() []func(ctx context.Context, turn int) {
	return []func(context.Context, int){o.paysOnce, o.capturesLater, o.givesBack, o.cancelsWhileThePayerIsAsked, o.cancelsALateYes}
}

// load lets clients work until leave is called, which returns when all have left and
// the wallets behave again.
func (o *ordeal) load(t *testing.T) (leave func()) {
	t.Helper()
	o.behave(lateWallet, sim.LateYes)
	o.behave(silentWallet, sim.Silence)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var working sync.WaitGroup
	for _, errand := range o.errands() {
		for client := range ordealClients {
			working.Go(func() {
				for turn := client; pause(ctx, errandPace); turn += ordealClients {
					errand(ctx, turn)
				}
			})
		}
	}
	working.Go(func() {
		for pause(ctx, silenceEvery) {
			o.asks(ctx, api.AskPayment{}, silentWallet, sim.AcceptsAlways)
		}
	})
	end := sync.OnceFunc(func() {
		stop()
		working.Wait()
	})
	t.Cleanup(end)
	return func() {
		end()
		o.behave(lateWallet, sim.Behaves)
		o.behave(silentWallet, sim.Behaves)
	}
}

// paysOnce pays as the guests of a demo do, with a wallet that behaves.
func (o *ordeal) paysOnce(ctx context.Context, _ int) {
	wished := wishOf(o.site.crowd.next())
	if wished.Wallet == lateWallet || wished.Wallet == silentWallet {
		wished.Wallet = "bluecode"
	}
	o.site.crowd.pay(ctx, o.box, wished)
}

// asks lets a till scan the code of a fresh payer, and asks until that is answered:
// with the same request, whatever happens to the switch meanwhile.
func (o *ordeal) asks(ctx context.Context, wish api.AskPayment, wallet string, accepts sim.Acceptance) (api.Payment, bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), insistFor)
	defer cancel()
	var payer sim.Payer
	var code api.PaymentCode
	err := o.box.post(ctx, "/wallets/"+wallet+"/payers", map[string]any{"accepts": accepts}, &payer)
	if err == nil {
		err = o.box.post(ctx, "/wallets/"+wallet+"/payers/"+url.PathEscape(payer.ID)+"/codes", nil, &code)
	}
	if err != nil {
		o.t.Errorf("a code of %s: %v", wallet, err)
		return api.Payment{}, false
	}
	wish.RequestID, wish.Code, wish.Amount, wish.Store = fresh("req"), code.Code, money.New(40_00, "NOK"), "bergen-cafe"
	wish.Terminal, wish.OrderReference = sim.Terminal("bergen-cafe", "nets"), fresh("bill")
	var p api.Payment
	if !o.insists(ctx, "/payments?wait=0", wish, &p) {
		return p, false
	}
	o.answers.keep(wish, p.Reference)
	return p, true
}

// approved is a payment of which the till was told so.
func (o *ordeal) approved(ctx context.Context, wish api.AskPayment) (reference string, ok bool) {
	p, begun := o.asks(ctx, wish, "bluecode", sim.AcceptsAlways)
	if !begun {
		return "", false
	}
	for end := time.Now().Add(insistFor); p.Status == "pending"; pause(context.WithoutCancel(ctx), insistEvery) {
		if time.Now().After(end) {
			o.t.Errorf("payment %s has no outcome", p.Reference)
			return "", false
		}
		_ = o.till.get("/payments/"+p.Reference+"?wait=2", &p) // It is asked again.
	}
	o.hears(p)
	return p.Reference, p.Status == "approved"
}

// hears remembers what the till was told.
func (o *ordeal) hears(p api.Payment) {
	if p.Status == "approved" {
		o.site.crowd.acknowledge(p.Reference)
		return
	}
	o.site.crowd.heard(party.Paid{Reference: p.Reference, Status: p.Status})
}

// insists makes a call until it is answered. What is refused for good is an error.
func (o *ordeal) insists(ctx context.Context, path string, body, into any) bool {
	for end := time.Now().Add(insistFor); ; pause(context.WithoutCancel(ctx), insistEvery) {
		err := o.till.post(path, body, into)
		switch {
		case err == nil:
			return true
		case !client.Again(err) || time.Now().After(end):
			o.t.Errorf("%s: %v", path, err)
			return false
		}
	}
}

// capturesLater takes a part of what was held, and releases the rest.
func (o *ordeal) capturesLater(ctx context.Context, _ int) {
	reference, ok := o.approved(ctx, api.AskPayment{CaptureLater: true})
	if !ok {
		return
	}
	var m api.Movement
	of := "/payments/" + reference
	o.insists(ctx, of+"/captures", api.MoveMoney{RequestID: fresh("req"), Amount: money.New(30_00, "NOK")}, &m)
	o.insists(ctx, of+"/release", api.Change{RequestID: fresh("req")}, &m)
}

// givesBack refunds a part of a payment, or cancels it when it is approved.
func (o *ordeal) givesBack(ctx context.Context, turn int) {
	reference, ok := o.approved(ctx, api.AskPayment{})
	if !ok {
		return
	}
	of := "/payments/" + reference
	if turn/ordealClients%2 == 0 {
		o.insists(ctx, of+"/cancel", api.Change{RequestID: fresh("req")}, &api.Cancelled{})
		return
	}
	o.insists(ctx, of+"/refunds", api.MoveMoney{RequestID: fresh("req"), Amount: money.New(15_00, "NOK")}, &api.Movement{})
}

// cancelsWhileThePayerIsAsked gives up before the payer answers.
func (o *ordeal) cancelsWhileThePayerIsAsked(ctx context.Context, _ int) {
	o.cancels(ctx, "pivo", sim.AcceptsAsked)
}

// cancelsALateYes gives up a payment whose wallet has debited and does not say so.
func (o *ordeal) cancelsALateYes(ctx context.Context, _ int) {
	o.cancels(ctx, lateWallet, sim.AcceptsAlways)
}

func (o *ordeal) cancels(ctx context.Context, wallet string, accepts sim.Acceptance) {
	p, ok := o.asks(ctx, api.AskPayment{}, wallet, accepts)
	if !ok {
		return
	}
	pause(ctx, walletThinks)
	var cancelled api.Cancelled
	if o.insists(ctx, "/payments/"+p.Reference+"/cancel", api.Change{RequestID: fresh("req")}, &cancelled) {
		o.hears(cancelled.Payment)
	}
}
