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

// readDeliveries reads what waits for a participant. The reader sees the last commit,
// which is the one that this batch follows.
func (b *batch) readDeliveries(ctx context.Context, participant string) error {
	if _, known := b.waiting[participant]; known {
		return nil
	}
	waiting, err := b.hub.Read().Deliveries(ctx, participant, false)
	if err != nil {
		return err
	}
	if b.waiting == nil {
		b.waiting = make(map[string][]store.Delivery)
	}
	b.waiting[participant] = waiting
	return nil
}

// standing returns a subscription as it stands now, or the given one where the
// participant has none yet.
func (b *batch) standing(given store.Subscription) store.Subscription {
	if known, ok := b.subscriptions.read(given.Participant); ok {
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

func (op ClaimHooks) wants(w *want, _ Request) {
	for _, given := range op.Subscriptions {
		w.subscription(given.Participant)
	}
}

func (op ClaimHooks) apply(b *batch, _ Request) (Result, string, error) {
	var result Result
	for _, given := range op.Subscriptions {
		s := b.standing(given)
		if s.Due.After(b.now) || s.LeasedUntil.After(b.now) || len(result.Deliveries) == op.Limit {
			continue
		}
		s.Fence++
		s.LeasedUntil = b.now.Add(hookLease)
		b.subscriptions.write(s.Participant, s)
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
	Refused      []store.Delivery // events that the endpoint would not take, new or tried again, and not before Due
	Delivered    []store.Delivery // waiting ones that it took
}

func (HookDone) name() string { return "hook_done" }

func (op HookDone) wants(w *want, _ Request) { w.subscription(op.Subscription.Participant) }

func (op HookDone) apply(b *batch, _ Request) (Result, string, error) {
	s := b.standing(op.Subscription)
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
	b.subscriptions.write(s.Participant, s)
	for _, d := range op.Refused {
		d.Tries++
		if next := b.now.Add(Backoff(d.Tries)); next.After(d.Due) {
			d.Due = next
		}
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

func (op Replay) wants(w *want, _ Request) { w.subscription(op.Subscription.Participant) }

func (op Replay) apply(b *batch, r Request) (Result, string, error) {
	if op.Subscription.Participant != r.Participant {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such subscription")
	}
	s := b.standing(op.Subscription)
	s.Next, s.Failures, s.Due, s.FailingFrom, s.LeasedUntil = op.From, 0, b.now, time.Time{}, time.Time{}
	s.Fence++
	b.subscriptions.write(s.Participant, s)
	for _, d := range b.waiting[r.Participant] {
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
