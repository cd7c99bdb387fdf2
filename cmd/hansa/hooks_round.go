package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// A round is one turn of one participant: what it has heard, and what waits.
type round struct {
	*hooker
	participant member.Participant
	reader      *store.Reader
	tail        *tail
	now         time.Time
	seen        hearer
	posted      int // events that it was told in this turn
	done        hub.HookDone
	behind      map[string]bool // subjects of which an event waits
}

// serve posts one participant's events from its cursor on, and what waits. How
// far it came is kept in any case, and the lease is given back.
func (h *hooker) serve(ctx context.Context, e *engine, leased store.Subscription, seen hearer) error {
	participant, err := h.directory().Participant(leased.Participant)
	if err != nil {
		return err
	}
	r := round{
		hooker: h, participant: participant, reader: e.hub.Read(), tail: e.tail, now: e.now(), seen: seen,
		done: hub.HookDone{Subscription: leased}, behind: make(map[string]bool),
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
	if !r.done.Failing && r.done.Subscription.Next.Height <= e.tail.end() {
		h.ring() // More has come meanwhile, while nobody else could lease it.
	}
	return errors.Join(err, fault)
}

// repeat posts what the endpoint refused before and whose time has come.
func (r *round) repeat(ctx context.Context) error {
	waiting, err := r.waiting(ctx)
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
		switch r.deliver(ctx, events[0]) {
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

// waiting returns what waits, under the lease. If the fence says that nobody was here
// since it was read, it need not be read again.
func (r *round) waiting(ctx context.Context) ([]store.Delivery, error) {
	if r.done.Subscription.Fence == r.seen.Fence+1 {
		return r.seen.waiting, nil
	}
	return r.reader.Deliveries(ctx, r.participant.ID, false)
}

// goOn posts what was not heard yet, until the endpoint fails.
func (r *round) goOn(ctx context.Context) error {
	next := &r.done.Subscription.Next
	for next.Height <= r.seen.until {
		page, err := r.page(ctx, *next)
		if err != nil {
			return err
		}
		for _, event := range page {
			if r.done.Failing || r.posted == hookPostMax || !goesOn(ctx) || !r.fresh(ctx, event) {
				return nil
			}
			*next = store.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index + 1}
		}
		if len(page) == hookPageMax {
			continue
		}
		if next.Index > 0 {
			// All there was is heard, so the last block was read to its end.
			next.Height, next.Index = next.Height+1, 0
		}
		return nil
	}
	return nil
}

// page reads the journal, from memory where it is remembered, as far as it may be
// heard: what others have committed since the lease may be seen and not be safe yet.
func (r *round) page(ctx context.Context, from store.Cursor) ([]store.Recorded, error) {
	page, ok := r.tail.from(from, hookPageMax)
	if !ok {
		var err error
		if page, err = r.reader.Events(ctx, from, hookPageMax); err != nil {
			return nil, err
		}
	}
	if later := slices.IndexFunc(page, func(e store.Recorded) bool { return e.Height > r.seen.until }); later >= 0 {
		page = page[:later]
	}
	return page, nil
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
	switch r.deliver(ctx, event) {
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

// deliver posts an event once.
func (r *round) deliver(ctx context.Context, event store.Recorded) reception {
	record, err := hub.RecordOf(event.Event)
	if err != nil {
		r.log.Error("a record of the journal cannot be read", "height", event.Height, "index", event.Index, "error", err)
		return refused
	}
	cursor := api.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index}.String()
	body := api.Encode(web.EventFor(r.participant.ID, cursor, record))
	r.crash.at(tillAnswered) // K8
	r.posted++
	status, err := r.post.Post(ctx, r.participant.Webhook, "evt_"+cursor, body)
	switch {
	case err != nil, status >= http.StatusInternalServerError, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return down
	case status >= 200 && status < 300:
		r.crash.at(webhookPosted) // K9
		return taken
	}
	return refused
}
