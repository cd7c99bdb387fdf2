package main

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/store"
)

// Limits of the delivery of notices.
const (
	noticeWithin   = 10 * time.Second // of one notice
	noticePatience = time.Second      // that others wait for an endpoint which was in time before
	noticeAtOnce   = 16               // notices that one endpoint of a client is brought at a time
	noticeKept     = time.Hour        // after which it is forgotten that some endpoints have taken an event, and others not
)

// A courier brings notices to the endpoints of clients. Nobody waits for a client of
// whom an endpoint was not in time, until it is again: what it is brought meanwhile goes
// on by itself, and what came of it is known when it is asked for the next time. It is
// safe for concurrent use.
type courier struct {
	send func(context.Context, api.Message, time.Duration) (api.Answer, error)
	work sync.WaitGroup

	mutex   sync.Mutex
	errands map[errandID]*errand
	places  map[string]chan struct{} // of endpoints that are brought something
	late    map[string]bool          // clients that were not in time
}

func newCourier(send func(context.Context, api.Message, time.Duration) (api.Answer, error)) *courier {
	return &courier{send: send, errands: make(map[errandID]*errand), places: make(map[string]chan struct{}), late: make(map[string]bool)}
}

// A letter is what a client is told of one event: several messages where several
// endpoints want to know it, or one wants to know it in several.
type letter struct {
	event    store.Cursor
	client   string
	messages []api.Message
	heard    func(api.Message, api.Answer) bool // whether one has arrived
}

// An errandID names what one endpoint is told of one event.
type errandID struct {
	event store.Cursor
	url   string
}

// An errand is on its way, or has ended. One that was not taken is forgotten at its end.
type errand struct {
	done  chan struct{} // closed at the end
	until time.Time     // when it has ended at the latest; zero: it has no place yet
	taken bool
}

// A delivery is how far a letter has come.
type delivery struct {
	taken bool
	until time.Time // until when some of it may still be on its way; zero: none is
}

// bring begins what is not on its way yet, and waits until all has ended or patience is
// over. What was taken before is not brought again.
func (c *courier) bring(ctx context.Context, l letter, now time.Time, patience <-chan struct{}) delivery {
	if c.isLate(l.client) {
		patience = over
	}
	var sent []*errand
	for _, messages := range byEndpoint(l.messages) {
		sent = append(sent, c.begin(ctx, l, messages, now, patience))
	}
	came := delivery{taken: true}
	for _, e := range sent {
		select {
		case <-e.done:
		default:
			select {
			case <-e.done:
			case <-patience:
			}
		}
		c.mutex.Lock()
		select {
		case <-e.done:
			came.taken = came.taken && e.taken
		default:
			came.taken, c.late[l.client] = false, true
			if e.until.After(came.until) {
				came.until = e.until
			}
		}
		c.mutex.Unlock()
	}
	if came.taken {
		c.forgetAll(l)
	}
	return came
}

// over is a patience that has ended.
var over = func() <-chan struct{} { ended := make(chan struct{}); close(ended); return ended }()

func (c *courier) isLate(client string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.late[client]
}

// byEndpoint divides messages by their addresses, in their order.
func byEndpoint(messages []api.Message) (all [][]api.Message) {
	at := make(map[string]int)
	for _, m := range messages {
		if _, known := at[m.URL]; !known {
			at[m.URL] = len(all)
			all = append(all, nil)
		}
		all[at[m.URL]] = append(all[at[m.URL]], m)
	}
	return all
}

// begin returns the errand that brings messages to their endpoint: one that is on its way
// or was taken, or a new one.
func (c *courier) begin(ctx context.Context, l letter, messages []api.Message, now time.Time, patience <-chan struct{}) *errand {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	id := errandID{l.event, messages[0].URL}
	if known := c.errands[id]; known != nil {
		return known
	}
	endpoint := l.client + " " + hostOf(id.url)
	places := c.places[endpoint]
	if places == nil {
		places = make(chan struct{}, noticeAtOnce)
		c.places[endpoint] = places
	}
	e := &errand{done: make(chan struct{})}
	c.errands[id] = e
	c.work.Go(func() {
		taken, inTime := false, false
		if c.enter(places, e, now, patience) {
			began := time.Now()
			taken = c.tell(ctx, l, messages)
			inTime = taken && time.Since(began) < noticePatience
			<-places
		}
		c.end(id, e, taken)
		if inTime {
			c.forgive(l.client)
		}
	})
	return e
}

func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Host
}

// enter takes one of the places of an endpoint, if there is one before patience is over.
func (c *courier) enter(places chan struct{}, e *errand, now time.Time, patience <-chan struct{}) bool {
	select {
	case places <- struct{}{}:
	default:
		select {
		case places <- struct{}{}:
		case <-patience:
			return false
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	e.until = now.Add(noticePatience + noticeWithin)
	return true
}

// tell sends messages to one endpoint, and reports whether it has taken all of them.
func (c *courier) tell(ctx context.Context, l letter, messages []api.Message) bool {
	within := noticeWithin
	for _, m := range messages {
		began := time.Now()
		answer, err := c.send(ctx, m, within)
		if err != nil || !l.heard(m, answer) {
			return false
		}
		within -= time.Since(began)
	}
	return true
}

func (c *courier) end(id errandID, e *errand, taken bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	e.taken = taken
	if !taken {
		delete(c.errands, id)
	}
	close(e.done)
}

func (c *courier) forgive(client string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	delete(c.late, client)
}

// forgetAll drops the errands of a letter that was taken: nobody will ask for them again.
func (c *courier) forgetAll(l letter) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, m := range l.messages {
		delete(c.errands, errandID{l.event, m.URL})
	}
}

// forgetBefore drops what has ended long before now. Where nothing is on its way all
// places are free, and need not be known.
func (c *courier) forgetBefore(now time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for id, e := range c.errands {
		if e.taken && e.until.Add(noticeKept).Before(now) {
			delete(c.errands, id)
		}
	}
	if len(c.errands) == 0 {
		clear(c.places)
	}
}
