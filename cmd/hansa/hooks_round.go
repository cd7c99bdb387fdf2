package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
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
		r.posted++
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
	heard := journey{r.tail, r.reader, r.seen.until}
	return heard.goOn(ctx, &r.done.Subscription.Next, func(page []store.Recorded) (bool, error) { return r.postAll(ctx, page), nil })
}

// A journey leads through the journal as far as it may be heard: what others have
// committed since a lease may be seen and not be safe yet.
type journey struct {
	tail   *tail
	reader *store.Reader
	until  int64 // height
}

// goOn hands pages to take, which moves next behind what it has settled and says whether
// that is all of the page. It ends with the journal, or where take leaves something.
func (j journey) goOn(ctx context.Context, next *store.Cursor, take func([]store.Recorded) (all bool, err error)) error {
	for next.Height <= j.until {
		page, err := j.page(ctx, *next)
		if err != nil {
			return err
		}
		if all, err := take(page); err != nil || !all {
			return err
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

// page reads the journal, from memory where it is remembered.
func (j journey) page(ctx context.Context, from store.Cursor) ([]store.Recorded, error) {
	page, ok := j.tail.from(from, hookPageMax)
	if !ok {
		var err error
		if page, err = j.reader.Events(ctx, from, hookPageMax); err != nil {
			return nil, err
		}
	}
	if later := slices.IndexFunc(page, func(e store.Recorded) bool { return e.Height > j.until }); later >= 0 {
		page = page[:later]
	}
	return page, nil
}

// postAll posts a page, wave by wave, and moves the cursor behind what is settled. It
// reports whether that is all of it.
func (r *round) postAll(ctx context.Context, page []store.Recorded) bool {
	for len(page) > 0 {
		size := r.wave(page)
		if ctx.Err() != nil {
			return false
		}
		settled := r.postWave(ctx, page[:size])
		if settled > 0 {
			last := page[settled-1]
			r.done.Subscription.Next = store.Cursor{Partition: last.Partition, Height: last.Height, Index: last.Index + 1}
		}
		if size == 0 || settled < size {
			return false
		}
		page = page[size:]
	}
	return !r.done.Failing
}

// wave is how many of the next events may be posted at once: none of a subject of which
// another one is among them, and no more than one to an endpoint that was down.
func (r *round) wave(page []store.Recorded) int {
	most := min(hookAtOnce, hookPostMax-r.posted)
	if r.done.Subscription.Failures > 0 && r.posted == 0 {
		most = 1
	}
	among := make(map[string]bool, hookAtOnce)
	for i, event := range page {
		if !r.concerns(event) {
			continue
		}
		if len(among) == most || among[event.Subject] {
			return i
		}
		among[event.Subject] = true
	}
	return len(page)
}

func (r *round) concerns(event store.Recorded) bool {
	return event.Wallet == r.participant.ID || event.Acquirer == r.participant.ID
}

// postWave posts events that are heard for the first time, and returns how many of them
// the cursor may pass. What was taken behind that is posted again.
func (r *round) postWave(ctx context.Context, wave []store.Recorded) int {
	receptions := make([]reception, len(wave))
	var posting sync.WaitGroup
	for i, event := range wave {
		if r.concerns(event) && !r.behind[event.Subject] {
			r.posted++
			posting.Go(func() { receptions[i] = r.deliver(ctx, event) })
		}
	}
	posting.Wait()
	for i, event := range wave {
		if r.done.Failing || !r.settle(ctx, event, receptions[i]) {
			return i
		}
	}
	return len(wave)
}

// settle notes what came of an event. It reports whether the cursor may move on.
func (r *round) settle(ctx context.Context, event store.Recorded, how reception) bool {
	delivery := store.Delivery{Participant: r.participant.ID, Place: event.Cursor, Subject: event.Subject}
	switch {
	case !r.concerns(event):
		return true
	case r.behind[event.Subject]:
		how = refused
	}
	switch how {
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

// deliver posts an event once. It may be called for several events at once.
func (r *round) deliver(ctx context.Context, event store.Recorded) reception {
	record, err := hub.RecordOf(event.Event)
	if err != nil {
		r.log.Error("a record of the journal cannot be read", "height", event.Height, "index", event.Index, "error", err)
		return refused
	}
	cursor := api.Cursor{Partition: event.Partition, Height: event.Height, Index: event.Index}.String()
	body := api.Encode(web.EventFor(r.participant.ID, cursor, record))
	r.crash.at(tillAnswered) // K8
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
