package hub

import (
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

// ClaimHooks leases the subscriptions and waiting deliveries that are due.
type ClaimHooks struct {
	Limit         int
	Subscriptions []store.Subscription // as read before: due ones are leased
}

func (ClaimHooks) name() string { return "claim_hooks" }

func (ClaimHooks) wants(*want, Request) {}

func (op ClaimHooks) apply(b *batch, _ Request) (Result, string, error) {
	var result Result
	for _, subscription := range op.Subscriptions {
		if subscription.Due.After(b.now) || subscription.LeasedUntil.After(b.now) || len(result.Deliveries) == op.Limit {
			continue
		}
		subscription.Fence++
		subscription.LeasedUntil = b.now.Add(hookLease)
		b.extra.Subscriptions = append(b.extra.Subscriptions, subscription)
		result.Deliveries = append(result.Deliveries, subscription)
	}
	return result, "", nil
}

func (ClaimHooks) recall(*batch, string) Result { return Result{} }

// HookDone brings how far a subscription has come. Failing says that its
// endpoint does not answer: all of it waits, longer each time.
type HookDone struct {
	Subscription store.Subscription // as leased, with Next moved on
	Failing      bool
	Refused      []store.Delivery // events that the endpoint would not take, new or tried again
	Delivered    []store.Delivery // waiting ones that it took
}

func (HookDone) name() string { return "hook_done" }

func (HookDone) wants(*want, Request) {}

func (op HookDone) apply(b *batch, _ Request) (Result, string, error) {
	s := op.Subscription
	s.LeasedUntil = time.Time{}
	if op.Failing {
		if s.Failures == 0 {
			s.FailingFrom = b.now
		}
		s.Failures++
		s.Due = b.now.Add(Backoff(s.Failures))
	} else {
		s.Failures, s.FailingFrom, s.Due = 0, time.Time{}, b.now
	}
	b.extra.Subscriptions = append(b.extra.Subscriptions, s)
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
	s := op.Subscription
	s.Next, s.Failures, s.Due, s.FailingFrom, s.LeasedUntil = op.From, 0, b.now, time.Time{}, time.Time{}
	s.Fence++
	b.extra.Subscriptions = append(b.extra.Subscriptions, s)
	return Result{}, "", nil
}

func (Replay) recall(*batch, string) Result { return Result{} }

// Backoff is how long to wait after so many failures in a row: twice as long
// each time, at most an hour.
func Backoff(failures int) time.Duration {
	wait := hookFirst
	for i := 1; i < failures && wait < hookSlowest; i++ {
		wait *= 2
	}
	return min(wait, hookSlowest)
}
