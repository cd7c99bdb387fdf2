package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// Limits of the posting of webhooks.
const (
	hookEvery     = 250 * time.Millisecond // a look at what is due, without a ring
	hookEventsMax = 200                    // events in one turn of a participant
	hookTurnMax   = 15 * time.Second       // of one participant: shorter than its lease
)

// A hooker reads the journal for each participant from its cursor and posts
// what it should hear, in order. An endpoint that is down waits as a whole; an
// event that an endpoint refuses by itself waits apart.
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
	// What is leased is served even while we stop, if only to give it back.
	claimed, err := e.Do(context.WithoutCancel(ctx), hub.Request{Chance: chance(), Operation: hub.ClaimHooks{Limit: len(due), Subscriptions: due}})
	if err != nil {
		return err
	}
	for _, subscription := range claimed.Deliveries {
		// Nobody waits for a slow endpoint: its lease keeps a second worker away.
		e.work.Go(func() {
			if err := h.serve(ctx, e, subscription); err != nil && ctx.Err() == nil {
				h.log.Error("cannot post webhooks", "participant", subscription.Participant, "error", err)
			}
		})
	}
	return nil
}

// due returns the subscriptions that have something to hear now.
func (h *hooker) due(ctx context.Context, e *engine) ([]store.Subscription, error) {
	reader := e.hub.Read()
	known, err := reader.Subscriptions(ctx)
	if err != nil {
		return nil, err
	}
	now, end := e.now(), e.tail.end() // What others commit is heard of a moment later.
	var due []store.Subscription
	for _, p := range h.directory().Participants() {
		if p.Webhook == "" {
			continue
		}
		subscription := store.Subscription{Participant: p.ID, Next: store.Cursor{Height: 1}}
		if at := slices.IndexFunc(known, func(s store.Subscription) bool { return s.Participant == p.ID }); at >= 0 {
			subscription = known[at]
		}
		if subscription.Due.After(now) || subscription.LeasedUntil.After(now) {
			continue
		}
		if subscription.Next.Height > end {
			waiting, err := reader.Deliveries(ctx, p.ID, false)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(waiting, func(d store.Delivery) bool { return !d.Parked && !d.Due.After(now) }) {
				continue
			}
		}
		due = append(due, subscription)
	}
	return due, nil
}

// A round is one turn of one participant: what it has heard, and what waits.
type round struct {
	*hooker
	participant member.Participant
	reader      *store.Reader
	tail        *tail
	now         time.Time
	done        hub.HookDone
	behind      map[string]bool // subjects of which an event waits
}

// serve posts one participant's events from its cursor on, and what waits. How
// far it came is kept in any case, and the lease is given back.
func (h *hooker) serve(ctx context.Context, e *engine, subscription store.Subscription) error {
	participant, err := h.directory().Participant(subscription.Participant)
	if err != nil {
		return err
	}
	r := round{
		hooker: h, participant: participant, reader: e.hub.Read(), tail: e.tail, now: e.now(),
		done: hub.HookDone{Subscription: subscription}, behind: make(map[string]bool),
	}
	turn, cancel := context.WithTimeout(ctx, hookTurnMax)
	defer cancel()
	if err = r.repeat(turn); err == nil {
		err = r.goOn(turn)
	}
	if turn.Err() != nil {
		err = nil // The turn is over; what is left comes in the next one.
	}
	_, fault := e.Do(context.WithoutCancel(ctx), hub.Request{Chance: chance(), Operation: r.done})
	return errors.Join(err, fault)
}

// repeat posts what the endpoint refused before and whose time has come.
func (r *round) repeat(ctx context.Context) error {
	waiting, err := r.reader.Deliveries(ctx, r.participant.ID, false)
	if err != nil {
		return err
	}
	for _, delivery := range waiting {
		if delivery.Parked || r.done.Failing || ctx.Err() != nil {
			continue
		}
		if r.behind[delivery.Subject] || delivery.Due.After(r.now) {
			r.behind[delivery.Subject] = true
			continue
		}
		events, err := r.reader.Events(ctx, delivery.Place, 1)
		if err != nil {
			return err
		}
		switch r.deliver(ctx, r.participant, events[0]) {
		case taken:
			r.done.Delivered = append(r.done.Delivered, delivery)
		case refused:
			r.behind[delivery.Subject] = true
			r.done.Refused = append(r.done.Refused, delivery)
		case down:
			r.done.Failing = ctx.Err() == nil // Or it is we who stop.
		}
	}
	return nil
}

// goOn posts what was not heard yet, until the endpoint fails.
func (r *round) goOn(ctx context.Context) error {
	events, err := r.events(ctx, r.done.Subscription.Next)
	if err != nil {
		return err
	}
	for _, event := range events {
		if r.done.Failing || !goesOn(ctx) || !r.fresh(ctx, event) {
			return nil
		}
		r.done.Subscription.Next = store.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index + 1}
	}
	if len(events) > 0 && len(events) < hookEventsMax {
		// All there was is heard, so the last block was read to its end.
		next := &r.done.Subscription.Next
		next.Height, next.Index = next.Height+1, 0
	}
	return nil
}

// events reads the journal, from memory where it is remembered.
func (r *round) events(ctx context.Context, from store.Cursor) ([]store.Recorded, error) {
	if events, ok := r.tail.from(from, hookEventsMax); ok {
		return events, nil
	}
	return r.reader.Events(ctx, from, hookEventsMax)
}

func goesOn(ctx context.Context) bool { return ctx.Err() == nil }

// fresh posts an event that is heard for the first time. It reports whether the
// cursor may move on.
func (r *round) fresh(ctx context.Context, event store.Recorded) bool {
	if event.Wallet != r.participant.ID && event.Acquirer != r.participant.ID {
		return true
	}
	delivery := store.Delivery{Participant: r.participant.ID, Place: event.Cursor, Subject: event.Subject}
	if r.behind[event.Subject] {
		r.done.Refused = append(r.done.Refused, delivery)
		return true
	}
	switch r.deliver(ctx, r.participant, event) {
	case taken:
		return true
	case refused:
		r.behind[event.Subject] = true
		r.done.Refused = append(r.done.Refused, delivery)
		return true
	case down:
		if ctx.Err() != nil {
			return false // It is we who stop.
		}
		r.done.Failing = true
		if since := r.done.Subscription.FailingFrom; !since.IsZero() && r.now.Sub(since) > hub.HookKeep {
			delivery.Since = since // It was tried for as long as it is kept: it is parked.
			r.done.Refused = append(r.done.Refused, delivery)
			return true
		}
	}
	return false
}

// reception is how an endpoint received an event.
type reception int

const (
	taken   reception = iota
	refused           // this event: the endpoint itself works
	down              // the endpoint
)

func (h *hooker) deliver(ctx context.Context, p member.Participant, event store.Recorded) reception {
	record, err := hub.RecordOf(event.Event)
	if err != nil {
		h.log.Error("a record of the journal cannot be read", "height", event.Height, "index", event.Index, "error", err)
		return refused
	}
	cursor := api.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index}.String()
	body := api.Encode(web.EventFor(p.ID, cursor, record))
	h.crash.at(tillAnswered) // K8
	status, err := h.post.Post(ctx, p.Webhook, "evt_"+cursor, body)
	switch {
	case err != nil, status >= http.StatusInternalServerError, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return down
	case status >= 200 && status < 300:
		h.crash.at(webhookPosted) // K9
		return taken
	}
	return refused
}
