package hub

import (
	"context"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/store"
)

// Webhooks are read from the journal: each participant has a cursor, and what an
// endpoint refuses by itself waits apart, so that the rest flows on.
const (
	hookLease   = 30 * time.Second
	hookFirst   = time.Second
	hookSlowest = time.Hour
	// HookKeep is how long an event is tried before it is parked.
	HookKeep = 30 * 24 * time.Hour
)

// Hooks are what a batch knows of the posting of events.
type hooks struct {
	read          bool
	subscriptions table[string, store.Subscription]
	waiting       map[string][]store.Delivery // by participant, where it was asked for
}

// readSubscriptions reads how far everybody has come. The reader sees the last
// commit, which is the one that this batch follows.
func (b *batch) readSubscriptions(ctx context.Context) error {
	if b.hooks.read {
		return nil
	}
	b.hooks.read = true
	all, err := b.hub.Read().Subscriptions(ctx)
	for _, s := range all {
		b.hooks.subscriptions.loaded(s.Participant, s)
	}
	return err
}

func (b *batch) readDeliveries(ctx context.Context, participant string) error {
	if _, known := b.hooks.waiting[participant]; known {
		return nil
	}
	waiting, err := b.hub.Read().Deliveries(ctx, participant, false)
	if err != nil {
		return err
	}
	if b.hooks.waiting == nil {
		b.hooks.waiting = make(map[string][]store.Delivery)
	}
	b.hooks.waiting[participant] = waiting
	return b.readSubscriptions(ctx)
}

// standing returns a subscription as it stands now, or the given one where the
// participant has none yet.
func (h *hooks) standing(given store.Subscription) store.Subscription {
	if known, ok := h.subscriptions.known(given.Participant); ok {
		return known
	}
	return given
}

// ClaimHooks leases the subscriptions and waiting deliveries that are due.
type ClaimHooks struct {
	Limit         int
	Subscriptions []store.Subscription // as read before: those that are due still are leased
}

func (ClaimHooks) name() string { return "claim_hooks" }

func (ClaimHooks) wants(*want, Request) {}

func (op ClaimHooks) apply(b *batch, _ Request) (Result, string, error) {
	var result Result
	for _, given := range op.Subscriptions {
		s := b.hooks.standing(given)
		if s.Due.After(b.now) || s.LeasedUntil.After(b.now) || len(result.Deliveries) == op.Limit {
			continue
		}
		s.Fence++
		s.LeasedUntil = b.now.Add(hookLease)
		b.hooks.subscriptions.write(s.Participant, s)
		result.Deliveries = append(result.Deliveries, s)
	}
	return result, "", nil
}

func (ClaimHooks) recall(*batch, string) Result { return Result{} }

// HookDone brings how far a subscription has come. Failing says that its
// endpoint does not answer: all of it waits, longer each time. It is ignored from
// a worker whose lease another one has taken over, or that was replayed since:
// what it posted is posted again.
type HookDone struct {
	Subscription store.Subscription // as leased, with Next moved on
	Failing      bool
	Refused      []store.Delivery // events that the endpoint would not take, new or tried again
	Delivered    []store.Delivery // waiting ones that it took
}

func (HookDone) name() string { return "hook_done" }

func (HookDone) wants(*want, Request) {}

func (op HookDone) apply(b *batch, _ Request) (Result, string, error) {
	s := b.hooks.standing(op.Subscription)
	if s.Fence != op.Subscription.Fence {
		return Result{}, "", nil
	}
	s.Fence++
	s.Next, s.LeasedUntil = op.Subscription.Next, time.Time{}
	if op.Failing {
		if s.Failures == 0 {
			s.FailingFrom = b.now
		}
		s.Failures++
		s.Due = b.now.Add(Backoff(s.Failures))
	} else {
		s.Failures, s.FailingFrom, s.Due = 0, time.Time{}, b.now
	}
	b.hooks.subscriptions.write(s.Participant, s)
	for _, d := range op.Refused {
		d.Tries++
		d.Due = b.now.Add(Backoff(d.Tries))
		if d.Since.IsZero() {
			d.Since = b.now
		}
		d.Parked = b.now.Sub(d.Since) > HookKeep
		b.extra.Deliveries = append(b.extra.Deliveries, d)
	}
	b.extra.Delivered = append(b.extra.Delivered, op.Delivered...)
	return Result{}, "", nil
}

func (HookDone) recall(*batch, string) Result { return Result{} }

// Replay lets a participant hear its events again from a place on, parked ones
// among them.
type Replay struct {
	Subscription store.Subscription // as read before
	From         store.Cursor
}

func (Replay) name() string { return "replay" }

func (Replay) wants(*want, Request) {}

func (op Replay) apply(b *batch, r Request) (Result, string, error) {
	if op.Subscription.Participant != r.Participant {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such subscription")
	}
	s := b.hooks.standing(op.Subscription)
	s.Next, s.Failures, s.Due, s.FailingFrom, s.LeasedUntil = op.From, 0, b.now, time.Time{}, time.Time{}
	s.Fence++
	b.hooks.subscriptions.write(s.Participant, s)
	for _, d := range b.hooks.waiting[r.Participant] {
		if !isBefore(d.Place, op.From) {
			b.extra.Delivered = append(b.extra.Delivered, d) // It is posted again with the others.
		}
	}
	return Result{}, "", nil
}

func (Replay) recall(*batch, string) Result { return Result{} }

func isBefore(a, b store.Cursor) bool {
	return a.Height < b.Height || a.Height == b.Height && a.Index < b.Index
}

// Backoff is how long to wait after so many failures in a row: twice as long
// each time, at most an hour.
func Backoff(failures int) time.Duration {
	wait := hookFirst
	for i := 1; i < failures && wait < hookSlowest; i++ {
		wait *= 2
	}
	return min(wait, hookSlowest)
}
