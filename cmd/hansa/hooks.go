package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// Limits of the posting of webhooks.
const (
	hookEvery     = 250 * time.Millisecond // a look at what is due, without a ring
	hookEventsMax = 200                    // events in one turn of a participant
)

// A hooker reads the journal for each participant from its cursor and posts
// what it should hear, in order. An endpoint that is down waits as a whole; an
// event that an endpoint refuses by itself waits apart.
type hooker struct {
	post      *outbound.Hooks
	directory func() *member.Directory
	bell      chan struct{}
	log       *slog.Logger
}

func newHooker(post *outbound.Hooks, directory func() *member.Directory, log *slog.Logger) *hooker {
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
		select {
		case <-h.bell:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if err := h.turn(ctx, e); err != nil && ctx.Err() == nil {
			h.log.Error("cannot post webhooks", "error", err)
		}
	}
}

// turn leases what is due and posts it, every participant beside the others.
func (h *hooker) turn(ctx context.Context, e *engine) error {
	due, err := h.due(ctx, e)
	if err != nil || len(due) == 0 {
		return err
	}
	claimed, err := e.Do(ctx, hub.Request{Chance: chance(), Operation: hub.ClaimHooks{Limit: len(due), Subscriptions: due}})
	if err != nil {
		return err
	}
	var posts sync.WaitGroup
	for _, subscription := range claimed.Deliveries {
		posts.Go(func() {
			if err := h.serve(ctx, e, subscription); err != nil && ctx.Err() == nil {
				h.log.Error("cannot post webhooks", "participant", subscription.Participant, "error", err)
			}
		})
	}
	posts.Wait()
	return nil
}

// due returns the subscriptions that have something to hear now.
func (h *hooker) due(ctx context.Context, e *engine) ([]store.Subscription, error) {
	reader := e.hub.Read()
	known, err := reader.Subscriptions(ctx)
	if err != nil {
		return nil, err
	}
	head, err := reader.Head(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := reader.Deliveries(ctx, "", false)
	if err != nil {
		return nil, err
	}
	now := e.now()
	var due []store.Subscription
	for _, p := range h.directory().Participants() {
		if p.Webhook == "" {
			continue
		}
		subscription := store.Subscription{Participant: p.ID, Next: store.Cursor{Height: 1}}
		if at := slices.IndexFunc(known, func(s store.Subscription) bool { return s.Participant == p.ID }); at >= 0 {
			subscription = known[at]
		}
		retry := slices.ContainsFunc(waiting, func(d store.Delivery) bool {
			return d.Participant == p.ID && !d.Parked && !d.Due.After(now)
		})
		if subscription.Due.After(now) || subscription.LeasedUntil.After(now) || !retry && subscription.Next.Height > head.Height {
			continue
		}
		due = append(due, subscription)
	}
	return due, nil
}

// serve posts one participant's events from its cursor on, and what waits.
func (h *hooker) serve(ctx context.Context, e *engine, subscription store.Subscription) error {
	reader := e.hub.Read()
	participant, err := h.directory().Participant(subscription.Participant)
	if err != nil {
		return err
	}
	done := hub.HookDone{Subscription: subscription}
	waiting, err := reader.Deliveries(ctx, subscription.Participant, false)
	if err != nil {
		return err
	}
	behind := make(map[string]bool) // subjects of which an event waits
	for _, delivery := range waiting {
		if delivery.Parked || done.Failing {
			continue
		}
		if behind[delivery.Subject] || delivery.Due.After(e.now()) {
			behind[delivery.Subject] = true
			continue
		}
		h.again(ctx, e, participant, delivery, &done, behind)
	}
	events, err := reader.Events(ctx, subscription.Next, hookEventsMax)
	if err != nil {
		return err
	}
	for _, event := range events {
		if done.Failing || ctx.Err() != nil {
			break
		}
		if !h.fresh(ctx, participant, event, &done, behind) {
			break
		}
		done.Subscription.Next = store.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index + 1}
	}
	if head, err := reader.Head(ctx); err == nil && len(events) < hookEventsMax && !done.Failing {
		done.Subscription.Next = past(done.Subscription.Next, head, events)
	}
	_, err = e.Do(context.WithoutCancel(ctx), hub.Request{Chance: chance(), Operation: done})
	return err
}

// past moves a cursor that has heard all behind its block.
func past(next store.Cursor, _ store.Head, events []store.Recorded) store.Cursor {
	if len(events) == 0 {
		return next
	}
	last := events[len(events)-1]
	if next.Height == last.Height && next.Index == last.Index+1 {
		return store.Cursor{Partition: next.Partition, Height: last.Height + 1}
	}
	return next
}

// fresh posts an event that is heard for the first time. It reports whether the
// cursor may move on.
func (h *hooker) fresh(ctx context.Context, p member.Participant, event store.Recorded, done *hub.HookDone, behind map[string]bool) bool {
	if event.Wallet != p.ID && event.Acquirer != p.ID {
		return true
	}
	delivery := store.Delivery{Participant: p.ID, Place: event.Cursor, Subject: event.Subject}
	if behind[event.Subject] {
		done.Refused = append(done.Refused, delivery)
		return true
	}
	switch h.deliver(ctx, p, event) {
	case taken:
		return true
	case refused:
		behind[event.Subject] = true
		done.Refused = append(done.Refused, delivery)
		return true
	case down:
		done.Failing = true
	}
	return false
}

// again posts an event that has waited.
func (h *hooker) again(ctx context.Context, e *engine, p member.Participant, delivery store.Delivery, done *hub.HookDone, behind map[string]bool) {
	events, err := e.hub.Read().Events(ctx, delivery.Place, 1)
	if err != nil || len(events) == 0 {
		return
	}
	switch h.deliver(ctx, p, events[0]) {
	case taken:
		done.Delivered = append(done.Delivered, delivery)
	case refused:
		behind[delivery.Subject] = true
		done.Refused = append(done.Refused, delivery)
	case down:
		done.Failing = true
	}
}

// reception is how an endpoint received an event.
type reception int

const (
	taken   reception = iota
	refused           // this event: the endpoint itself works
	down              // the endpoint
)

func (h *hooker) deliver(ctx context.Context, p member.Participant, event store.Recorded) reception {
	record, err := hub.ReadRecord(event.Data)
	if err != nil {
		panic(err)
	}
	cursor := api.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index}.String()
	body := api.Encode(web.EventFor(p.ID, cursor, record))
	status, err := h.post.Post(ctx, p.Webhook, "evt_"+cursor, body)
	switch {
	case err != nil, status >= http.StatusInternalServerError, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return down
	case status >= 200 && status < 300:
		return taken
	}
	return refused
}
