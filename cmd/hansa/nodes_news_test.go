package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// TestWhoWaitsAtOneNodeHearsOfTheOther: a long poll, the stream of a payment and
// that of the journal, and those who watch inside, who do not look by themselves.
func TestWhoWaitsAtOneNodeHearsOfTheOther(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	s := scannedByTill(t, p.payer("pivo", sim.AcceptsAsked))
	until(t, "the payer is asked", func() bool {
		now, err := p.as("nets").payment(s.reference)
		return err == nil && now.PendingReason == "awaiting_payer"
	})
	p.onlyAsk(0)
	here := p.at(1).as("nets")
	payments, events := here.follows(t, "/v1/payments/"+s.reference+"/events"), here.follows(t, "/v1/events")
	if first := payments.next(t); first["status"] != "pending" {
		t.Errorf("the stream begins with %v", first)
	}
	polled := make(chan string, 1)
	go func() {
		var paid api.Payment
		err := here.get("/payments/"+s.reference+"?wait=20", &paid)
		polled <- paid.Status + reasonOf(err)
	}()
	told, stop := p.nodes[1].engine.watch.watch(s.reference)
	defer stop()
	grown, stop := p.nodes[1].engine.watch.watch(web.Journal)
	defer stop()
	if err := s.payer.accept(s.reference, true); err != nil {
		t.Fatal(err)
	}
	for name, heard := range map[string]<-chan struct{}{"the payment": told, "the journal": grown} {
		select {
		case <-heard:
		case <-time.After(patience):
			t.Errorf("who watches %s hears nothing", name)
		}
	}
	if got := <-polled; got != "approved" {
		t.Errorf("the long poll hears %q", got)
	}
	if next := payments.next(t); next["status"] != "approved" {
		t.Errorf("the stream of the payment goes on with %v", next)
	}
	for kind := ""; kind != "payment.approved"; {
		kind, _ = events.next(t)["type"].(string)
	}
	if _, known := p.nodes[1].engine.recent.payment(s.reference); known {
		t.Error("it was decided here")
	}
}

// A following is a stream of server-sent events.
type following struct{ lines *bufio.Scanner }

// follows opens a stream, which ends with the test.
func (s speaker) follows(t *testing.T, path string) following {
	t.Helper()
	r := s.request(t, http.MethodGet, path, nil)
	r.Header.Set("Accept", "text/event-stream")
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() }) // It is only read.
	return following{bufio.NewScanner(answer.Body)}
}

// next is the next event's document.
func (f following) next(t *testing.T) map[string]any {
	t.Helper()
	for f.lines.Scan() {
		if text, isEvent := strings.CutPrefix(f.lines.Text(), "data: "); isEvent {
			var document map[string]any
			if err := json.Unmarshal([]byte(text), &document); err != nil {
				t.Fatal(err)
			}
			return document
		}
	}
	t.Fatal("the stream has ended")
	return nil
}

// A postLog knows what all nodes have posted, and where.
type postLog struct {
	mutex  sync.Mutex
	posted map[string][]string // ids by address and payment, in the order in which they were taken
	byNode [2]int
}

// A loggedPoster is that of one node.
type loggedPoster struct {
	poster
	log  *postLog
	node int
}

func (p loggedPoster) Post(ctx context.Context, address, id string, body []byte) (int, error) {
	var event api.Event
	if err := api.Decode(body, &event); err != nil {
		return 0, err
	}
	status, err := p.poster.Post(ctx, address, id, body)
	p.log.mutex.Lock()
	defer p.log.mutex.Unlock()
	hearer := address + " of " + event.Payment.Reference
	p.log.posted[hearer] = append(p.log.posted[hearer], id)
	p.log.byNode[p.node]++
	return status, err
}

// TestWebhooksOfTwoNodesArePostedOnceAndInOrder, that of each payment, though both look
// for what is due.
func TestWebhooksOfTwoNodesArePostedOnceAndInOrder(t *testing.T) {
	t.Parallel()
	log, opened := &postLog{posted: make(map[string][]string)}, 0
	p := openPair(t, func(n *node) {
		n.engine.hooks.post = loggedPoster{n.engine.hooks.post, log, opened}
		opened++
	})
	for range 5 {
		p.sell(t, 12)
	}
	p.isDelivered(t, "nets")
	p.isDelivered(t, "vipps")
	log.mutex.Lock()
	defer log.mutex.Unlock()
	count := 0
	for hearer, ids := range log.posted {
		var last store.Cursor
		for _, id := range ids {
			at, err := api.ParseCursor(strings.TrimPrefix(id, "evt_"))
			if err != nil {
				t.Fatal(err)
			}
			now := store.Cursor{Partition: at.Partition, Height: at.Height, Index: at.Index}
			if place(now, last) <= 0 {
				t.Errorf("%s: %v after %v", hearer, now, last)
			}
			last = now
		}
		count += len(ids)
	}
	t.Logf("%d and %d posted", log.byNode[0], log.byNode[1])
	if want := 5 * 12 * 4; count < want {
		t.Errorf("%d posted, want %d at least: to each side that a payment began, and its outcome", count, want)
	}
}
