package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/store"
)

// TestEventsShareATurn: while the journal grows all the time, a turn carries what has
// come since the last one.
func TestEventsShareATurn(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	began := time.Now()
	for range 20 {
		n.sell(t, 4)
	}
	n.isDelivered(t, "nets")
	// A lease raises the fence, and giving it back does.
	turns, most := n.subscription(t, "nets").Fence/2, int64(time.Since(began)/hookPause+time.Since(began)/hookEvery)+2
	t.Logf("%d turns for %d blocks in %v", turns, n.height(), time.Since(began))
	if turns > most {
		t.Errorf("%d turns, want %d at most", turns, most)
	}
}

// A postCount is an endpoint that hears everything.
type postCount struct {
	mutex  sync.Mutex
	posted []string
	status int // that it answers; zero: it takes everything
}

func (p *postCount) Post(_ context.Context, _, id string, _ []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.posted = append(p.posted, id)
	if p.status != 0 {
		return p.status, nil
	}
	return http.StatusNoContent, nil
}

// roundOf is a turn of a participant that may hear a journal up to a height.
func roundOf(t *testing.T, journal []store.Recorded, until int64) (*round, *postCount) {
	t.Helper()
	s, err := openMigrated(t.Context(), filepath.Join(t.TempDir(), "hansa.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wantNoError(t, s.Close()) })
	known, endpoint := &tail{}, &postCount{}
	known.begin(0)
	known.fill(journal[len(journal)-1].Height, journal)
	from := store.Subscription{Participant: "nets", Next: store.Cursor{Height: 1}}
	return &round{
		hooker: &hooker{post: endpoint}, participant: member.Participant{ID: "nets"}, reader: s.Read(), tail: known,
		seen: hearer{Subscription: from, until: until}, done: hub.HookDone{Subscription: from}, behind: make(map[string]bool),
	}, endpoint
}

// TestATurnEnds at what was in the journal before the lease, where all is read, and
// after so many events. Others' events are passed over.
func TestATurnEnds(t *testing.T) {
	t.Parallel()
	const blocks = 2 * hookPostMax
	for name, turn := range map[string]struct {
		perBlock int
		every    int // so many-th event is for the participant
		until    int64
		posted   int
		next     store.Cursor
	}{
		"at the lease":                {2, 1, 5, 10, store.Cursor{Height: 6}},
		"at the lease, page full":     {1, 1, hookPageMax, hookPageMax, store.Cursor{Height: hookPageMax + 1}},
		"where nothing is to be told": {1, blocks + 1, blocks, 0, store.Cursor{Height: blocks + 1}},
		"where few are to be told":    {1, 10, blocks, blocks / 10, store.Cursor{Height: blocks + 1}},
		"after so many":               {1, 1, blocks, hookPostMax, store.Cursor{Height: hookPostMax, Index: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var journal []store.Recorded
			for height := range int64(blocks) {
				journal = append(journal, blockOf(height+1, turn.perBlock)...)
			}
			for i := range journal {
				journal[i].Data = []byte(`{"type":"order.open"}`)
				if (i+1)%turn.every == 0 {
					journal[i].Acquirer = "nets"
				}
			}
			r, endpoint := roundOf(t, journal, turn.until)
			if err := r.goOn(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(turn.next, r.done.Subscription.Next); diff != "" || len(endpoint.posted) != turn.posted {
				t.Errorf("%d were posted, want %d; next is %v, want %v", len(endpoint.posted), turn.posted, r.done.Subscription.Next, turn.next)
			}
			slices.Sort(endpoint.posted)
			if len(slices.Compact(endpoint.posted)) != turn.posted {
				t.Error("an event was posted twice")
			}
		})
	}
}

// A slowEndpoint takes its time, and knows what it was told of each payment.
type slowEndpoint struct {
	mutex     sync.Mutex
	bySubject map[string][]string
	now, most int // posts at a time
}

const slowPost = 10 * time.Millisecond

func (s *slowEndpoint) Post(_ context.Context, _, id string, body []byte) (int, error) {
	var event api.Event
	if err := api.Decode(body, &event); err != nil {
		return 0, err
	}
	s.mutex.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.bySubject[event.Order] = append(s.bySubject[event.Order], id)
	s.mutex.Unlock()
	time.Sleep(slowPost)
	s.mutex.Lock()
	s.now--
	s.mutex.Unlock()
	return http.StatusNoContent, nil
}

// TestASlowEndpointHearsOfSeveralAtOnce, and of each payment in order.
func TestASlowEndpointHearsOfSeveralAtOnce(t *testing.T) {
	t.Parallel()
	const events, subjects = 120, 2 * hookAtOnce
	var journal []store.Recorded
	for height := range int64(events) {
		journal = append(journal, blockOf(height+1, 1)...)
		event := &journal[height]
		event.Subject, event.Acquirer = fmt.Sprintf("order-%d", height%subjects), "nets"
		event.Data = fmt.Appendf(nil, `{"type":"order.open","order":%q}`, event.Subject)
	}
	r, _ := roundOf(t, journal, events)
	synctest.Test(t, func(t *testing.T) {
		endpoint := &slowEndpoint{bySubject: make(map[string][]string)}
		r.post = endpoint
		began := time.Now()
		if err := r.goOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); endpoint.most != hookAtOnce || took > events*slowPost/hookAtOnce+slowPost {
			t.Errorf("%d at a time, and all in %v", endpoint.most, took)
		}
		if len(endpoint.bySubject) != subjects {
			t.Errorf("%d subjects, want %d", len(endpoint.bySubject), subjects)
		}
		for subject, heard := range endpoint.bySubject {
			if !slices.IsSortedFunc(heard, byPlace) {
				t.Errorf("of %s it hears %v", subject, heard)
			}
		}
	})
}

// byPlace compares ids of events by where they stand in the journal.
func byPlace(a, b string) int {
	first, _ := api.ParseCursor(strings.TrimPrefix(a, "evt_"))
	second, _ := api.ParseCursor(strings.TrimPrefix(b, "evt_"))
	if first.Height != second.Height {
		return int(first.Height - second.Height)
	}
	return first.Index - second.Index
}

// TestADownEndpointIsTriedOnce at a time until it takes something.
func TestADownEndpointIsTriedOnce(t *testing.T) {
	t.Parallel()
	var journal []store.Recorded
	for height := range int64(hookAtOnce) {
		journal = append(journal, blockOf(height+1, 1)...)
		journal[height].Subject, journal[height].Acquirer = fmt.Sprint(height), "nets"
		journal[height].Data = []byte(`{"type":"order.open"}`)
	}
	for name, tc := range map[string]struct{ failures, posted int }{
		"that worked":   {0, hookAtOnce},
		"that was down": {1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, endpoint := roundOf(t, journal, hookAtOnce)
			endpoint.status = http.StatusServiceUnavailable
			r.done.Subscription.Failures = tc.failures
			if err := r.goOn(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(endpoint.posted) != tc.posted || !r.done.Failing || r.done.Subscription.Next.Height != 1 {
				t.Errorf("%d were posted, want %d; failing %t, next is %v", len(endpoint.posted), tc.posted, r.done.Failing, r.done.Subscription.Next)
			}
		})
	}
}

// TestWhatWaitsIsReadAgain if somebody else has had the lease since it was read.
func TestWhatWaitsIsReadAgain(t *testing.T) {
	t.Parallel()
	r, _ := roundOf(t, blockOf(1, 1), 1)
	r.seen.waiting = []store.Delivery{{Participant: "nets", Subject: "read before"}}
	for fence, want := range map[int64]int{1: 1, 2: 0} {
		r.done.Subscription.Fence = fence
		if waiting, err := r.waiting(t.Context()); err != nil || len(waiting) != want {
			t.Errorf("fence %d: %v, %v", fence, waiting, err)
		}
	}
}
