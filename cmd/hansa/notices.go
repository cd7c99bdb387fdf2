package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// clientsListen is the name under which it is kept how far the journal was told to
// clients of other protocols. No participant has it.
const clientsListen = "clients/"

// noticeWithin bounds the delivery of one notice.
const noticeWithin = 10 * time.Second

// A notifier reads the journal for the clients of other protocols and tells each what
// its protocol would. What an endpoint does not take waits, with all that follows about
// the same sale. Others wait for one that hangs no longer than noticeWithin, and once:
// what it owes then stands apart.
type notifier struct {
	herald atomic.Pointer[web.Herald] // once it is known under which name the node is reached
	send   func(context.Context, api.Message, time.Duration) (api.Answer, error)
	log    *slog.Logger
}

func (n *notifier) run(ctx context.Context, e *engine) {
	timer := time.NewTicker(hookEvery)
	defer timer.Stop()
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
	told := telling{notifier: n, herald: herald, engine: e, done: hub.HookDone{Subscription: claimed.Deliveries[0]}, behind: make(map[string]bool)}
	turn, cancel := context.WithTimeout(ctx, hookTurnMax)
	defer cancel()
	if err = told.repeat(turn, who.waiting); err == nil {
		err = told.goOn(turn, who.until)
	}
	if turn.Err() != nil {
		err = nil // The turn is over; what is left comes in the next one.
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
	behind map[string]bool // subjects of which an event waits
}

// repeat tells what was not taken before and whose time has come.
func (t *telling) repeat(ctx context.Context, waiting []store.Delivery) error {
	var again []store.Recorded
	var due []store.Delivery
	now := t.engine.now()
	for _, d := range waiting {
		if d.Parked {
			continue
		}
		if t.behind[d.Subject] || d.Due.After(now) {
			t.behind[d.Subject] = true
			continue
		}
		events, err := t.engine.hub.Read().Events(ctx, d.Place, 1)
		if err != nil {
			return err
		}
		again, due = append(again, events[0]), append(due, d)
		t.behind[d.Subject] = true // What follows of it waits for another turn.
	}
	taken, err := t.tell(ctx, again)
	for i, d := range due {
		if taken[i] {
			t.done.Delivered = append(t.done.Delivered, d)
		} else if ctx.Err() == nil {
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
		return true, nil
	})
}

// tellPage tells the events of a page, those of one subject in their order.
func (t *telling) tellPage(ctx context.Context, page []store.Recorded) error {
	var fresh []store.Recorded
	for _, event := range page {
		switch {
		case !web.IsOfSale(event.Subject) || !t.herald.Concerns(event):
		case t.behind[event.Subject]:
			t.wait(event)
		default:
			fresh = append(fresh, event)
		}
	}
	taken, err := t.tell(ctx, fresh)
	if err != nil || ctx.Err() != nil {
		return err
	}
	for i, event := range fresh {
		if !taken[i] {
			t.behind[event.Subject] = true
			t.wait(event)
		}
	}
	return nil
}

func (t *telling) wait(event store.Recorded) {
	t.done.Refused = append(t.done.Refused, store.Delivery{Participant: clientsListen, Place: event.Cursor, Subject: event.Subject})
}

// tell posts events, those of different subjects beside one another, and reports which
// of them have arrived. Where one has not, those that follow of its subject have not
// either.
func (t *telling) tell(ctx context.Context, events []store.Recorded) (taken []bool, err error) {
	taken = make([]bool, len(events))
	faults := make([]error, len(events))
	of := make(map[string][]int)
	var subjects []string
	for i, event := range events {
		if of[event.Subject] == nil {
			subjects = append(subjects, event.Subject)
		}
		of[event.Subject] = append(of[event.Subject], i)
	}
	var work sync.WaitGroup
	for _, subject := range subjects {
		work.Go(func() {
			for _, i := range of[subject] {
				if taken[i], faults[i] = t.deliver(ctx, events[i]); !taken[i] {
					return
				}
			}
		})
	}
	work.Wait()
	return taken, errors.Join(faults...)
}

// deliver tells a client of one event, and reports whether there is nothing left to
// tell of it.
func (t *telling) deliver(ctx context.Context, event store.Recorded) (taken bool, err error) {
	notice, speaks, err := t.herald.Notice(ctx, event)
	if err != nil || speaks == nil {
		return err == nil, err
	}
	messages, err := speaks.Notices(notice)
	if err != nil {
		t.log.Error("a notice cannot be written", "client", notice.Client.ID, "error", err)
		return true, nil
	}
	for _, message := range messages {
		answer, err := t.send(ctx, message, noticeWithin)
		if err != nil || !speaks.Acknowledged(message, answer) {
			return false, nil //nolint:nilerr // It waits, and is told again.
		}
	}
	return true, nil
}
