package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/store"
)

// Limits of the posting of webhooks.
const (
	hookEvery   = 250 * time.Millisecond // a look at what is due, without a ring
	hookPause   = 100 * time.Millisecond // between two turns: what comes meanwhile shares the next one
	hookPageMax = 200                    // events that are read at a time
	hookPostMax = 500                    // events that a participant is told in one turn
	hookAtOnce  = 16                     // of these, at a time: each is about something else
	hookTurnMax = 15 * time.Second       // of one participant: shorter than its lease
)

// A hooker reads the journal for each participant from its cursor and posts
// what it should hear, in order for each payment. An endpoint that is down waits as a
// whole; an event that an endpoint refuses by itself waits apart.
type hooker struct {
	post      poster
	directory func() *member.Directory
	bell      chan struct{}
	crash     crasher
	log       *slog.Logger
}

// A poster delivers a webhook once and returns the status that was answered.
type poster interface {
	Post(ctx context.Context, address, id string, body []byte) (status int, err error)
}

func newHooker(post poster, directory func() *member.Directory, log *slog.Logger) *hooker {
	return &hooker{post: post, directory: directory, bell: make(chan struct{}, 1), log: log}
}

// ring says that the journal has grown.
func (h *hooker) ring() {
	select {
	case h.bell <- struct{}{}:
	default:
	}
}

func (h *hooker) run(ctx context.Context, e *engine) {
	timer := time.NewTicker(hookEvery)
	defer timer.Stop()
	for {
		rest := time.Duration(0)
		select {
		case <-h.bell:
			rest = hookPause
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if err := h.turn(ctx, e); err != nil && ctx.Err() == nil {
			h.log.Error("cannot post webhooks", "error", err)
		}
		pause(ctx, rest)
	}
}

// A hearer is a participant that has something to hear, as it was read before its
// lease.
type hearer struct {
	store.Subscription

	waiting []store.Delivery // what its endpoint has refused before, parked or not
	until   int64            // height up to which it may hear the journal
}

// turn leases what is due and posts it, every participant beside the others.
func (h *hooker) turn(ctx context.Context, e *engine) error {
	due, err := h.due(ctx, e)
	if err != nil || len(due) == 0 {
		return err
	}
	operation := hub.ClaimHooks{Limit: len(due)}
	for _, who := range due {
		operation.Subscriptions = append(operation.Subscriptions, who.Subscription)
	}
	// What is leased is served even while we stop, if only to give it back.
	claimed, err := e.Do(context.WithoutCancel(ctx), hub.Request{Chance: chance(), Operation: operation})
	if err != nil {
		return err
	}
	for _, leased := range claimed.Deliveries {
		seen := due[slices.IndexFunc(due, func(d hearer) bool { return d.Participant == leased.Participant })]
		// Nobody waits for a slow endpoint: its lease keeps a second worker away.
		e.work.Go(func() {
			if err := h.serve(ctx, e, leased, seen); err != nil && ctx.Err() == nil {
				h.log.Error("cannot post webhooks", "participant", leased.Participant, "error", err)
			}
		})
	}
	return nil
}

// due returns those who have something to hear now.
func (h *hooker) due(ctx context.Context, e *engine) ([]hearer, error) {
	now, end := e.now(), e.tail.end() // What others commit is heard of a moment later.
	reader := e.hub.Read()
	known, err := reader.Subscriptions(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := reader.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	var due []hearer
	for _, p := range h.directory().Participants() {
		if p.Webhook == "" {
			continue
		}
		who := hearer{Subscription: store.Subscription{Participant: p.ID, Next: store.Cursor{Height: 1}}, until: end}
		if at := slices.IndexFunc(known, func(s store.Subscription) bool { return s.Participant == p.ID }); at >= 0 {
			who.Subscription = known[at]
		}
		for _, delivery := range waiting {
			if delivery.Participant == p.ID {
				who.waiting = append(who.waiting, delivery)
			}
		}
		if who.isDue(now) {
			due = append(due, who)
		}
	}
	return due, nil
}

// isDue reports whether it may be told something now.
func (h hearer) isDue(now time.Time) bool {
	if h.Due.After(now) || h.LeasedUntil.After(now) {
		return false
	}
	return h.Next.Height <= h.until || slices.ContainsFunc(h.waiting, func(d store.Delivery) bool { return !d.Due.After(now) })
}
