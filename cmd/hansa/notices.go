package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// clientsListen is the name under which it is kept how far the journal was told to
// clients of other protocols. No participant has it.
const clientsListen = "clients/"

// A notifier reads the journal for the clients of other protocols and tells each what
// its protocol would. What an endpoint does not take, or takes late, waits, with all that
// follows about the same sale.
type notifier struct {
	herald  atomic.Pointer[web.Herald] // once it is known under which name the node is reached
	courier *courier
	log     *slog.Logger
}

func (n *notifier) run(ctx context.Context, e *engine) {
	timer := time.NewTicker(hookEvery)
	defer timer.Stop()
	defer n.courier.work.Wait()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if err := n.turn(ctx, e); err != nil && ctx.Err() == nil {
			n.log.Error("cannot tell the clients", "error", err)
		}
	}
}

// turn leases the place in the journal, if something is there, and tells what follows.
func (n *notifier) turn(ctx context.Context, e *engine) error {
	herald := n.herald.Load()
	if herald == nil || !herald.HasClients() {
		return nil
	}
	reader, end := e.hub.Read(), e.tail.end()
	known, err := reader.Subscriptions(ctx)
	if err != nil {
		return err
	}
	who := hearer{Subscription: store.Subscription{Participant: clientsListen, Next: store.Cursor{Height: 1}}, until: end}
	if at := slices.IndexFunc(known, func(s store.Subscription) bool { return s.Participant == clientsListen }); at >= 0 {
		who.Subscription = known[at]
	}
	if who.waiting, err = reader.Deliveries(ctx, clientsListen, false); err != nil || !who.isDue(e.now()) {
		return err
	}
	// What is leased is served even while we stop, if only to give it back.
	kept := context.WithoutCancel(ctx)
	claimed, err := e.Do(kept, hub.Request{Chance: chance(), Operation: hub.ClaimHooks{Limit: 1, Subscriptions: []store.Subscription{who.Subscription}}})
	if err != nil || len(claimed.Deliveries) == 0 {
		return err
	}
	told := telling{
		notifier: n, herald: herald, engine: e, done: hub.HookDone{Subscription: claimed.Deliveries[0]}, behind: make(map[string]bool),
		ends: e.now().Add(hookTurnMax),
	}
	n.courier.forgetBefore(e.now())
	if err = told.repeat(ctx, who.waiting); err == nil {
		err = told.goOn(ctx, who.until)
	}
	if ctx.Err() != nil {
		err = nil // What is left comes in another turn.
	}
	_, fault := e.Do(kept, hub.Request{Chance: chance(), Operation: told.done})
	return errors.Join(err, fault)
}

// A telling is one turn of a notifier.
type telling struct {
	*notifier
	herald *web.Herald
	engine *engine
	done   hub.HookDone
	behind map[string]bool // sales of which an event waits
	ends   time.Time       // of the turn: what is left comes in the next one
}

// A tiding is an event of a sale.
type tiding struct {
	store.Recorded

	sale string // what its events have in common: the order, or the payment where there is none
}

// tidingOf finds the sale of an event. An order and its payment are two subjects of the
// journal, and one sale to a client.
func tidingOf(event store.Recorded) (tiding, error) {
	record, err := hub.RecordOf(event.Event)
	if err != nil {
		return tiding{}, fmt.Errorf("read event %s: %w", event.Subject, err)
	}
	return tiding{event, cmp.Or(record.Order, event.Subject)}, nil
}

// repeat tells what was not taken before and whose time has come.
func (t *telling) repeat(ctx context.Context, waiting []store.Delivery) error {
	var again []tiding
	var due []store.Delivery
	now := t.engine.now()
	for _, d := range waiting {
		if d.Parked {
			continue
		}
		if t.behind[d.Subject] || d.Due.After(now) || len(due) == hookPostMax {
			t.behind[d.Subject] = true
			continue
		}
		events, err := t.engine.hub.Read().Events(ctx, d.Place, 1)
		if err != nil {
			return err
		}
		again, due = append(again, tiding{events[0], d.Subject}), append(due, d)
		t.behind[d.Subject] = true // What follows of it waits for another turn.
	}
	came, err := t.tell(ctx, again)
	for i, d := range due {
		if came[i].taken {
			t.done.Delivered = append(t.done.Delivered, d)
		} else if ctx.Err() == nil {
			d.Due = came[i].until
			t.done.Refused = append(t.done.Refused, d)
		}
	}
	return err
}

// goOn tells what was not told yet, a page at a time.
func (t *telling) goOn(ctx context.Context, until int64) error {
	next := &t.done.Subscription.Next
	told := journey{t.engine.tail, t.engine.hub.Read(), until}
	return told.goOn(ctx, next, func(page []store.Recorded) (bool, error) {
		if err := t.tellPage(ctx, page); err != nil || ctx.Err() != nil {
			return false, err // What was told of this page is told again: the same notice, with the same id.
		}
		if len(page) > 0 {
			last := page[len(page)-1]
			*next = store.Cursor{Partition: last.Partition, Height: last.Height, Index: last.Index + 1}
		}
		return t.engine.now().Before(t.ends), nil
	})
}

// tellPage tells the events of a page, those of one sale in their order.
func (t *telling) tellPage(ctx context.Context, page []store.Recorded) error {
	var fresh []tiding
	for _, event := range page {
		if !web.IsOfSale(event.Subject) || !t.herald.Concerns(event) {
			continue
		}
		one, err := tidingOf(event)
		if err != nil {
			return err
		}
		if t.behind[one.sale] {
			t.wait(one, time.Time{})
		} else {
			fresh = append(fresh, one)
		}
	}
	came, err := t.tell(ctx, fresh)
	if err != nil || ctx.Err() != nil {
		return err
	}
	for i, one := range fresh {
		if !came[i].taken {
			t.behind[one.sale] = true
			t.wait(one, came[i].until)
		}
	}
	return nil
}

// wait puts an event aside, of which some may be on its way until a certain time.
func (t *telling) wait(event tiding, until time.Time) {
	t.done.Refused = append(t.done.Refused, store.Delivery{Participant: clientsListen, Place: event.Cursor, Subject: event.sale, Due: until})
}

// tell brings events, those of different sales beside one another, and says how far
// each has come. Where one has not arrived, those that follow of its sale have not
// either. Nobody waits for longer than noticePatience.
func (t *telling) tell(ctx context.Context, events []tiding) (came []delivery, err error) {
	came = make([]delivery, len(events))
	faults := make([]error, len(events))
	patience := make(chan struct{})
	timer := time.AfterFunc(noticePatience, func() { close(patience) })
	defer timer.Stop()
	of := make(map[string][]int)
	var sales []string
	for i, event := range events {
		if of[event.sale] == nil {
			sales = append(sales, event.sale)
		}
		of[event.sale] = append(of[event.sale], i)
	}
	var work sync.WaitGroup
	for _, sale := range sales {
		work.Go(func() {
			for _, i := range of[sale] {
				if came[i], faults[i] = t.deliver(ctx, events[i].Recorded, patience); !came[i].taken {
					return
				}
			}
		})
	}
	work.Wait()
	return came, errors.Join(faults...)
}

// deliver tells a client of one event. It has arrived where there is nothing left to tell
// of it.
func (t *telling) deliver(ctx context.Context, event store.Recorded, patience <-chan struct{}) (delivery, error) {
	notice, speaks, err := t.herald.Notice(ctx, event)
	if err != nil || speaks == nil {
		return delivery{taken: err == nil}, err
	}
	messages, err := speaks.Notices(notice)
	if err != nil {
		t.log.Error("a notice cannot be written", "client", notice.Client.ID, "error", err)
		return delivery{taken: true}, nil
	}
	client := notice.Client.Dialect + "/" + notice.Client.ID
	return t.courier.bring(ctx, letter{event.Cursor, client, messages, speaks.Acknowledged}, t.engine.now(), patience), nil
}
