package hub_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/store"
)

// start is a subscription that has heard nothing.
func start(participant string) store.Subscription {
	return store.Subscription{Participant: participant, Next: store.Cursor{Height: 1}}
}

func (n *network) claimHooks(subscriptions ...store.Subscription) []store.Subscription {
	n.t.Helper()
	return n.step(hub.Request{Operation: hub.ClaimHooks{Limit: 10, Subscriptions: subscriptions}}).Results[0].Deliveries
}

// lease leases the subscription of a participant that is due.
func (n *network) lease(participant string) store.Subscription {
	n.t.Helper()
	leased := n.claimHooks(n.subscription(participant))
	if len(leased) != 1 {
		n.t.Fatalf("%d of %s leased", len(leased), participant)
	}
	return leased[0]
}

func (n *network) hookDone(done hub.HookDone) {
	n.t.Helper()
	if result := n.step(hub.Request{Operation: done}).Results[0]; result.Refusal != nil {
		n.t.Fatal(result.Refusal)
	}
}

func (n *network) subscription(participant string) store.Subscription {
	n.t.Helper()
	all, err := n.hub.Read().Subscriptions(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	for _, s := range all {
		if s.Participant == participant {
			return s
		}
	}
	return start(participant)
}

func (n *network) waiting(participant string) []store.Delivery {
	n.t.Helper()
	all, err := n.hub.Read().Deliveries(n.t.Context(), participant, false)
	if err != nil {
		n.t.Fatal(err)
	}
	return all
}

func (n *network) nextDue() (time.Time, bool) {
	n.t.Helper()
	at, any, err := n.hub.Read().NextDue(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return at, any
}

// TestHooksAreLeasedOnce: two nodes that have read the same do not both post it.
func TestHooksAreLeasedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		claims := n.step(
			hub.Request{Operation: hub.ClaimHooks{Limit: 1, Subscriptions: []store.Subscription{start("nets"), start("vipps")}}},
			hub.Request{Operation: hub.ClaimHooks{Limit: 9, Subscriptions: []store.Subscription{start("nets"), start("momo")}}},
		).Results
		if len(claims[0].Deliveries) != 1 || len(claims[1].Deliveries) != 1 || claims[1].Deliveries[0].Participant != "momo" {
			t.Errorf("leased %+v, then %+v", claims[0].Deliveries, claims[1].Deliveries)
		}
		first := claims[0].Deliveries[0]
		if again := n.claimHooks(start("nets")); len(again) != 0 {
			t.Errorf("leased again: %+v", again)
		}
		n.pass(30 * time.Second)
		second := n.lease("nets")
		if second.Fence <= first.Fence {
			t.Errorf("fence %d after %d", second.Fence, first.Fence)
		}
		first.Next = store.Cursor{Height: 99}
		n.hookDone(hub.HookDone{Subscription: first, Refused: []store.Delivery{{Participant: "nets", Subject: "pay_1"}}})
		if s := n.subscription("nets"); s.Next.Height != 1 || s.Fence != second.Fence || len(n.waiting("nets")) != 0 {
			t.Errorf("after a late worker: %+v", s)
		}
		second.Next = store.Cursor{Height: 2}
		n.hookDone(hub.HookDone{Subscription: second})
		if s := n.subscription("nets"); s.Next.Height != 2 || !s.LeasedUntil.IsZero() || s.Failures != 0 {
			t.Errorf("after its end: %+v", s)
		}
		n.hookDone(hub.HookDone{Subscription: second, Failing: true})
		if s := n.subscription("nets"); s.Failures != 0 {
			t.Errorf("ended twice: %+v", s)
		}
	})
}

// TestAFailingEndpointWaitsLonger, up to an hour, until it answers.
func TestAFailingEndpointWaitsLonger(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		n.claimHooks(start("nets"))
		n.pass(30 * time.Second)
		for failures := 1; failures <= 14; failures++ {
			n.hookDone(hub.HookDone{Subscription: n.lease("nets"), Failing: true})
			s := n.subscription("nets")
			want := min(time.Second<<(failures-1), time.Hour)
			if s.Failures != failures || s.Due.Sub(n.now) != want || hub.Backoff(failures) != want || s.Next.Height != 1 {
				t.Errorf("failure %d: %+v, want a wait of %s", failures, s, want)
			}
			n.pass(want - time.Microsecond)
			if early := n.claimHooks(s); len(early) != 0 {
				t.Errorf("failure %d: leased %+v early", failures, early)
			}
			n.pass(time.Microsecond)
		}
		if from := n.subscription("nets").FailingFrom; from != bigBang.Add(30*time.Second) {
			t.Errorf("failing from %s", from)
		}
		n.hookDone(hub.HookDone{Subscription: n.lease("nets")})
		if s := n.subscription("nets"); s.Failures != 0 || !s.FailingFrom.IsZero() || s.Due != n.now {
			t.Errorf("answers again: %+v", s)
		}
	})
}

// TestARefusedEventWaits, with those of its subject behind it, for thirty days.
// Then it is parked, and the next one goes on.
func TestARefusedEventWaits(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		event := func(index int) store.Delivery {
			return store.Delivery{Participant: "nets", Place: store.Cursor{Height: 2, Index: index}, Subject: "pay_1"}
		}
		n.hookDone(hub.HookDone{Subscription: n.lease("nets"), Refused: []store.Delivery{event(0), event(1)}})
		waiting := n.waiting("nets")
		if len(waiting) != 2 || waiting[0].Tries != 1 || waiting[0].Due != n.now.Add(time.Second) || waiting[0].Since != n.now || waiting[0].Parked {
			t.Fatalf("waiting %+v", waiting)
		}
		refuse := func() store.Delivery {
			t.Helper()
			n.hookDone(hub.HookDone{Subscription: n.lease("nets"), Refused: n.waiting("nets")[:1]})
			return n.waiting("nets")[0]
		}
		for tries := 2; tries < 20; tries++ {
			n.now = n.waiting("nets")[0].Due
			if d := refuse(); d.Tries != tries || d.Due != n.now.Add(hub.Backoff(tries)) || d.Since != bigBang || d.Parked {
				t.Errorf("try %d: %+v", tries, d)
			}
		}
		n.now = bigBang.Add(hub.HookKeep)
		if d := refuse(); d.Parked {
			t.Errorf("parked after %s", n.now.Sub(bigBang))
		}
		n.pass(time.Microsecond)
		if d := refuse(); !d.Parked {
			t.Errorf("not parked after %s", n.now.Sub(bigBang))
		}
		waiting = n.waiting("nets")
		if waiting[1].Parked || waiting[1].Tries != 1 {
			t.Errorf("the one behind: %+v", waiting[1])
		}
		n.hookDone(hub.HookDone{Subscription: n.lease("nets"), Delivered: []store.Delivery{waiting[1]}})
		if waiting = n.waiting("nets"); len(waiting) != 1 || !waiting[0].Parked {
			t.Errorf("left %+v", waiting)
		}
		if parked, err := n.hub.Read().Deliveries(t.Context(), "nets", true); err != nil || len(parked) != 1 {
			t.Errorf("parked %+v, %v", parked, err)
		}
	})
}

// TestReplay goes back to a place: what waits or is parked from there on is
// posted with the rest, and the worker on its way does not undo it.
func TestReplay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		at := func(height int64, index int) store.Cursor { return store.Cursor{Height: height, Index: index} }
		var refused []store.Delivery
		for _, place := range []store.Cursor{at(2, 0), at(3, 0), at(3, 1), at(4, 0)} {
			refused = append(refused, store.Delivery{Participant: "nets", Place: place, Subject: "pay_1"})
		}
		leased := n.lease("nets")
		leased.Next = at(9, 0)
		n.hookDone(hub.HookDone{Subscription: leased, Refused: refused})
		stale := n.subscription("nets")
		leased = n.lease("nets")
		n.must("nets", hub.Replay{Subscription: stale, From: at(3, 1)})
		s := n.subscription("nets")
		if s.Next != at(3, 1) || !s.LeasedUntil.IsZero() || s.Due != n.now || s.Fence <= leased.Fence {
			t.Errorf("replayed %+v", s)
		}
		if waiting := n.waiting("nets"); len(waiting) != 2 || waiting[1].Place != at(3, 0) {
			t.Errorf("waiting %+v", waiting)
		}
		leased.Next = at(10, 0)
		n.hookDone(hub.HookDone{Subscription: leased})
		if now := n.subscription("nets"); now != s {
			t.Errorf("undone: %+v", now)
		}
		n.mustNot(hansa.NotFound, "vipps", hub.Replay{Subscription: s, From: at(1, 0)})
		n.must("vipps", hub.Replay{Subscription: start("vipps"), From: at(2, 0)})
		if s := n.subscription("vipps"); s.Next != at(2, 0) {
			t.Errorf("the first of its own: %+v", s)
		}
	})
}
