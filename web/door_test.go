package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/web"
)

// A crowd keeps requests at work until they are let go.
type crowd struct {
	*network

	inside chan struct{}
	letGo  chan struct{}
	done   chan api.Answer
	count  int
	tick   time.Duration // that passes with each look at the clock
	held   atomic.Bool   // whether commits do not come back
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{network: newNetwork(t), inside: make(chan struct{}), letGo: make(chan struct{}), done: make(chan api.Answer)}
	config := c.config()
	config.Do = c.blocking
	config.Held = c.held.Load
	config.Now = func() time.Time {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.now = c.now.Add(c.tick)
		return c.now
	}
	c.handler = web.New(config)
	return c
}

// blocking is at work until it is let go.
func (c *crowd) blocking(context.Context, hub.Request) (hub.Result, error) {
	c.inside <- struct{}{}
	<-c.letGo
	return hub.Result{Refusal: hansa.Refuse(hansa.NotFound, "none")}, nil
}

// come lets so many requests of a participant get to work: new orders, or cancels
// of such.
func (c *crowd) come(participant string, count int, cancels bool) {
	c.t.Helper()
	order := request{method: http.MethodPost, path: "/v1/orders", keyID: api.KeyID(participant, 1), body: api.Encode(c.order())}
	for i := range count {
		wish := order
		if cancels {
			wish.path, wish.body = fmt.Sprintf("/v1/orders/ord_%d/cancel", i), api.Encode(api.Change{RequestID: "r-1"})
		}
		go func() { c.done <- c.spoiled(wish) }()
	}
	for range count {
		select {
		case <-c.inside:
		case answer := <-c.done:
			c.t.Fatalf("%s is turned away: %s", participant, answer.Body)
		}
	}
	c.count += count
}

func (c *crowd) goHome() {
	close(c.letGo)
	for range c.count {
		<-c.done
	}
}

// TestTooManyAtATimeAreTurnedAway at the door, with a word on when to come again,
// and before anything is worked on that could cost more than that word.
func TestTooManyAtATimeAreTurnedAway(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.come("nets", 512, true)
	c.come("vipps", 512, true)
	for _, wish := range []request{
		{method: http.MethodGet, path: "/v1/payments"},
		{method: http.MethodPost, path: "/v1/orders", body: api.Encode(c.order())},
		{method: http.MethodPost, path: "/v1/orders/ord_1/cancel", body: []byte("not even JSON")},
	} {
		answer := c.spoiled(wish)
		c.wantReason(hansa.Overloaded, answer)
		if answer.Header.Get("Retry-After") != "1" || answer.Header.Get("Signature") != "" {
			t.Errorf("%s %s: Retry-After %q, signed %q", wish.method, wish.path, answer.Header.Get("Retry-After"), answer.Header.Get("Signature"))
		}
	}
	c.goHome()
	c.wantStatus(http.StatusOK, c.send("nets", request{method: http.MethodGet, path: "/v1/payments"}))
}

// TestNewWorkLeavesRoomForWhatWasBegun: where no new payment is taken any more, a
// cancel is, and one can look how things stand.
func TestNewWorkLeavesRoomForWhatWasBegun(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.come("nets", 384, false)
	c.come("vipps", 128, false)
	c.wantReason(hansa.Overloaded, c.spoiled(request{method: http.MethodPost, path: "/v1/orders", body: api.Encode(c.order())}))
	c.wantStatus(http.StatusOK, c.send("nets", request{method: http.MethodGet, path: "/v1/payments"}))
	c.wantStatus(http.StatusOK, c.spoiled(request{method: http.MethodGet, path: "/healthz", noSign: true}))
	c.come("vipps", 10, true)
	c.goHome()
}

// TestNobodyTakesAllThePlaces: who has three quarters of them is told so, by a
// signed answer, while others are served.
func TestNobodyTakesAllThePlaces(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.come("nets", 384, false)
	answer := c.send("nets", request{method: http.MethodPost, path: "/v1/orders", body: api.Encode(c.order())})
	c.wantStatus(http.StatusTooManyRequests, answer)
	c.wantReason(hansa.TooManyRequests, answer)
	if answer.Header.Get("Retry-After") != "1" || !strings.Contains(string(answer.Body), "384") {
		t.Errorf("Retry-After %q: %s", answer.Header.Get("Retry-After"), answer.Body)
	}
	c.come("vipps", 1, false)
	c.goHome()
}

// TestLooksLeaveTheTimeToPayments: beside payments, those who only look have a small
// share of the time, and all of it again when there is nothing else to do, or when
// all the others wait for the database.
func TestLooksLeaveTheTimeToPayments(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	c.tick = time.Millisecond
	served := func() int {
		count := 0
		for range 200 {
			if c.spoiled(request{method: http.MethodGet, path: "/v1/payments"}).Status == http.StatusOK {
				count++
			}
		}
		return count
	}
	if got := served(); got != 200 {
		t.Errorf("%d of 200 served while nothing else is done", got)
	}
	c.come("nets", 8, false)
	if got := served(); got == 0 || got > 100 {
		t.Errorf("%d of 200 served beside payments", got)
	}
	if status := c.spoiled(request{method: http.MethodGet, path: "/v1/payments/pay_none"}).Status; status != http.StatusNotFound {
		t.Errorf("status %d for one payment after many lists", status)
	}
	c.held.Store(true)
	if got := served(); got != 200 {
		t.Errorf("%d of 200 served while payments wait for the database", got)
	}
	c.held.Store(false)
	c.goHome()
	if got := served(); got != 200 {
		t.Errorf("%d of 200 served afterwards", got)
	}
}
