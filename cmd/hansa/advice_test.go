package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// A postbox stands before the webhook of a participant and sees what is posted.
type postbox struct {
	server *httptest.Server

	mutex   sync.Mutex
	to      string // the participant's own webhook
	dead    bool   // nobody answers
	forgets bool   // takes in what comes, and breaks before it says so
	failed  int
	heard   [][]byte // bodies that the participant took in
}

// postboxOf puts a postbox before the webhook of a participant.
func postboxOf(t *testing.T, n *network, id string) *postbox {
	t.Helper()
	b := &postbox{}
	b.server = httptest.NewServer(http.HandlerFunc(b.receive))
	t.Cleanup(b.server.Close)
	n.change(id, func(p *member.Participant) { b.to, p.Webhook = p.Webhook, b.server.URL })
	until(t, "the postbox is known", func() bool {
		p, err := n.node.directory.Load().Participant(id)
		return err == nil && p.Webhook == b.server.URL
	})
	return b
}

func (b *postbox) set(dead, forgets bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.dead, b.forgets = dead, forgets
}

func (b *postbox) state() (to string, dead, forgets bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.to, b.dead, b.forgets
}

// fails counts a try that came to nothing.
func (b *postbox) fails() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.failed++
}

func (b *postbox) failures() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.failed
}

// takes keeps what the participant took in.
func (b *postbox) takes(body []byte) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.heard = append(b.heard, body)
}

func (b *postbox) receive(w http.ResponseWriter, r *http.Request) {
	to, dead, forgets := b.state()
	if dead {
		b.fails()
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	forward, err := http.NewRequestWithContext(r.Context(), r.Method, to, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	forward.Header = r.Header.Clone()
	answer, err := http.DefaultClient.Do(forward)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer answer.Body.Close()
	if answer.StatusCode < http.StatusMultipleChoices {
		b.takes(body)
	}
	if forgets {
		b.fails()
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(answer.StatusCode)
}

// bodies are what was taken in so far.
func (b *postbox) bodies() [][]byte {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.Clone(b.heard)
}

// TestAnAcquirerDeadForAnHourBooksEveryAdviceOnce. Its stores are paid meanwhile,
// and afterwards it even breaks once between booking and saying so.
func TestAnAcquirerDeadForAnHourBooksEveryAdviceOnce(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	box := postboxOf(t, n, "nets")
	box.set(true, false)
	began, sold := n.clock.now(), 0
	for n.clock.now().Sub(began) < time.Hour {
		n.sell(t, 4)
		sold += 4
		n.passToNextTry(t, "nets")
	}
	if book := n.acquirerBook("nets"); book.Count != 0 || box.failures() < 10 {
		t.Errorf("%d entries and %d failures while it is dead", book.Count, box.failures())
	}
	given := n.refundAll(t)
	box.set(false, true)
	n.passToNextTry(t, "nets")
	box.set(false, false)
	until(t, "all is booked", func() bool {
		n.passToNextTry(t, "nets")
		return n.acquirerBook("nets").Count >= sold+given
	})
	n.isDelivered(t, "nets")
	book := n.acquirerBook("nets")
	want := []sim.Payable{{
		Store: "bergen-cafe", Amount: money.New(int64(sold)*100_00-int64(given)*30_00, "NOK"), Payments: int64(sold), Returns: int64(given),
	}}
	if book.Count != sold+given || !slices.Equal(book.Payables, want) {
		t.Errorf("want %+v, got %+v in %d entries", want, book.Payables, book.Count)
	}
	box.inOrder(t)
}

// sell makes approved payments of 100.00 NOK at the Nets till of bergen-cafe.
func (n *network) sell(t *testing.T, count int) {
	t.Helper()
	var selling sync.WaitGroup
	for range count {
		selling.Go(func() {
			command := payCommand{Wallet: "vipps", Store: "bergen-cafe", Mode: "cpm", Acquirer: "nets"}
			if receipt, err := command.pay(t.Context(), n.box, amount(fullPrice)); err != nil || receipt.Status != "approved" {
				t.Errorf("%+v, %v", receipt, err)
			}
		})
	}
	selling.Wait()
}

// refundAll gives 30.00 NOK of every payment back, and says of how many.
func (n *network) refundAll(t *testing.T) int {
	t.Helper()
	var page api.Page[api.Payment]
	nets := n.as("nets")
	if err := nets.get("/payments?limit=200", &page); err != nil {
		t.Fatal(err)
	}
	for _, p := range page.Items {
		var movement api.Movement
		path := "/payments/" + p.Reference + "/refunds"
		if err := nets.post(path, api.MoveMoney{RequestID: fresh("req"), Amount: amount("30.00 NOK")}, &movement); err != nil {
			t.Fatal(err)
		}
		until(t, "the refund is made", func() bool {
			return nets.get("/movements/"+movement.Movement, &movement) == nil && movement.Status == "succeeded"
		})
	}
	return len(page.Items)
}

// subscription is how far a participant has heard the journal.
func (n *network) subscription(t *testing.T, id string) store.Subscription {
	t.Helper()
	all, err := n.read().Subscriptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Participant == id {
			return one
		}
	}
	return store.Subscription{Participant: id}
}

// passToNextTry waits until nothing is on its way to a participant, and lets the
// time pass until it is tried again.
func (n *network) passToNextTry(t *testing.T, id string) {
	t.Helper()
	var s store.Subscription
	until(t, "a try has ended", func() bool {
		s = n.subscription(t, id)
		return s.LeasedUntil.IsZero() && s.Due.After(n.clock.now()) || n.hasHeardAll(t, s)
	})
	if wait := s.Due.Sub(n.clock.now()); wait > 0 {
		n.clock.pass(wait)
	}
}

func (n *network) hasHeardAll(t *testing.T, s store.Subscription) bool {
	t.Helper()
	return s.Next.Height > n.height()
}

// isDelivered waits until a participant has heard the whole journal.
func (n *network) isDelivered(t *testing.T, id string) {
	t.Helper()
	until(t, id+" has heard all", func() bool {
		s := n.subscription(t, id)
		return n.hasHeardAll(t, s) && s.LeasedUntil.IsZero()
	})
}

// inOrder: of each payment, the events came in the order in which they happened,
// as far as none is told again.
func (b *postbox) inOrder(t *testing.T) {
	t.Helper()
	last := make(map[string]int64)
	for _, body := range b.bodies() {
		var event api.Event
		if err := json.Unmarshal(body, &event); err != nil {
			t.Fatal(err)
		}
		if event.Payment == nil {
			continue
		}
		if before := last[event.Payment.Reference]; event.Sequence > before+1 {
			t.Errorf("%s: event %d after %d", event.Payment.Reference, event.Sequence, before)
		}
		last[event.Payment.Reference] = max(last[event.Payment.Reference], event.Sequence)
	}
}

// TestAnAcquirerReadsWhatItsWebhookWouldHaveToldIt: who is not called may ask,
// and hears the same.
func TestAnAcquirerReadsWhatItsWebhookWouldHaveToldIt(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	box := postboxOf(t, n, "nets")
	n.sell(t, 3)
	n.isDelivered(t, "nets")
	var page api.Page[api.Event]
	if err := n.as("nets").get("/events?limit=200", &page); err != nil {
		t.Fatal(err)
	}
	posted := make(map[string]string)
	for _, body := range box.bodies() {
		var event api.Event
		if err := json.Unmarshal(body, &event); err != nil {
			t.Fatal(err)
		}
		posted[event.Cursor] = string(api.Encode(event))
	}
	for _, event := range page.Items {
		if posted[event.Cursor] != string(api.Encode(event)) {
			t.Errorf("read %s, posted %s", api.Encode(event), posted[event.Cursor])
		}
	}
	if len(posted) != len(page.Items) || len(posted) < 6 {
		t.Errorf("%d events read, %d posted", len(page.Items), len(posted))
	}
	if book := n.acquirerBook("nets"); book.Count != 3 {
		t.Errorf("%d entries", book.Count)
	}
}
