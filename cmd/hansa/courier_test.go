package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/store"
)

// endpoints answer what a courier sends, each in its own way.
type endpoints struct {
	mutex  sync.Mutex
	takes  map[string]time.Duration // how long one needs; negative: it says no at once
	inside map[string]int
	most   int
	told   []string // addresses, as often as something was begun there
}

func (e *endpoints) send(ctx context.Context, m api.Message, within time.Duration) (api.Answer, error) {
	e.mutex.Lock()
	needs := e.takes[m.URL]
	e.told = append(e.told, m.URL)
	e.inside[m.URL]++
	e.most = max(e.most, e.inside[m.URL])
	e.mutex.Unlock()
	defer func() {
		e.mutex.Lock()
		defer e.mutex.Unlock()
		e.inside[m.URL]--
	}()
	if needs < 0 {
		return api.Answer{Status: http.StatusBadGateway}, nil
	}
	select {
	case <-time.After(min(needs, within)):
	case <-ctx.Done():
	}
	if needs > within || ctx.Err() != nil {
		return api.Answer{}, context.DeadlineExceeded
	}
	return api.Answer{Status: http.StatusOK}, nil
}

func (e *endpoints) needs(url string, long time.Duration) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.takes[url] = long
}

func (e *endpoints) count(url string) (times int) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for _, one := range e.told {
		if one == url {
			times++
		}
	}
	return times
}

// A posting is a courier with its endpoints, in time that only passes when all wait.
type posting struct {
	*endpoints

	t       *testing.T
	courier *courier
}

func inPosting(t *testing.T, test func(p posting)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := &endpoints{takes: make(map[string]time.Duration), inside: make(map[string]int)}
		c := newCourier(e.send)
		test(posting{e, t, c})
		c.work.Wait()
	})
}

// brings brings an event to the endpoints of a client, and says for how long it waited.
func (p posting) brings(event int64, client string, urls ...string) (delivery, time.Duration) {
	l := letter{event: store.Cursor{Height: event}, client: client, heard: func(_ api.Message, a api.Answer) bool { return a.Status == http.StatusOK }}
	for _, url := range urls {
		l.messages = append(l.messages, api.Message{URL: url})
	}
	began, patience := time.Now(), make(chan struct{})
	timer := time.AfterFunc(noticePatience, func() { close(patience) })
	defer timer.Stop()
	came := p.courier.bring(p.t.Context(), l, time.Now(), patience)
	return came, time.Since(began)
}

func (p posting) want(what string, taken bool, within time.Duration) func(delivery, time.Duration) {
	return func(came delivery, took time.Duration) {
		p.t.Helper()
		if came.taken != taken || took > within {
			p.t.Errorf("%s: taken %t after %s", what, came.taken, took)
		}
	}
}

const (
	quick = "https://quick.example/hook"
	stuck = "https://stuck.example/hook"
	slow  = "https://slow.example/hook"
	dead  = "https://dead.example/hook"
)

// TestAnEndpointThatHangsIsWaitedForOnce, and no more until its client is in time again.
func TestAnEndpointThatHangsIsWaitedForOnce(t *testing.T) {
	t.Parallel()
	inPosting(t, func(p posting) {
		p.needs(stuck, time.Hour)
		came, took := p.brings(1, "a", stuck)
		if came.taken || took != noticePatience || !came.until.After(time.Now().Add(noticeWithin-noticePatience)) {
			t.Errorf("%+v after %s", came, took)
		}
		p.want("the next of this client", false, 0)(p.brings(2, "a", stuck))
		p.want("another client", true, 0)(p.brings(3, "b", quick))
		time.Sleep(noticeWithin + noticePatience)
		p.want("again", false, 0)(p.brings(1, "a", stuck))
		time.Sleep(noticeWithin + noticePatience)
		p.needs(stuck, noticePatience/2)
		p.want("in the background", false, 0)(p.brings(1, "a", stuck))
		time.Sleep(noticePatience)
		p.want("what came of it", true, 0)(p.brings(1, "a", stuck))
		p.want("waited for again", true, noticePatience)(p.brings(4, "a", stuck))
	})
}

// TestWhatArrivesLateIsNotBroughtTwice: it is known when it is asked for.
func TestWhatArrivesLateIsNotBroughtTwice(t *testing.T) {
	t.Parallel()
	inPosting(t, func(p posting) {
		p.needs(slow, 3*time.Second)
		p.want("at first", false, noticePatience)(p.brings(1, "a", slow))
		p.want("on its way", false, 0)(p.brings(1, "a", slow))
		time.Sleep(3 * time.Second)
		p.want("later", true, 0)(p.brings(1, "a", slow))
		if p.count(slow) != 1 {
			t.Errorf("it was told %d times", p.count(slow))
		}
	})
}

// TestAnEndpointThatHasTakenAnEventIsNotToldAgain because another one of its client is dead.
func TestAnEndpointThatHasTakenAnEventIsNotToldAgain(t *testing.T) {
	t.Parallel()
	inPosting(t, func(p posting) {
		p.needs(dead, -1)
		for range 3 {
			p.want("one is dead", false, 0)(p.brings(1, "a", quick, dead))
		}
		p.needs(dead, 0)
		p.want("both live", true, 0)(p.brings(1, "a", quick, dead))
		if p.count(quick) != 1 || p.count(dead) != 4 {
			t.Errorf("told %v", p.told)
		}
		p.courier.forgetBefore(time.Now())
		if len(p.courier.errands) != 0 || len(p.courier.places) != 0 {
			t.Errorf("it remembers %v %v", p.courier.errands, p.courier.places)
		}
	})
}

// TestAnEndpointHasItsPlaces and no more, whatever is owed to it.
func TestAnEndpointHasItsPlaces(t *testing.T) {
	t.Parallel()
	inPosting(t, func(p posting) {
		p.needs(slow, noticePatience/10)
		var work sync.WaitGroup
		var mutex sync.Mutex
		var taken []bool
		for event := range 100 {
			work.Go(func() {
				came, _ := p.brings(int64(event), "a", slow)
				mutex.Lock()
				defer mutex.Unlock()
				taken = append(taken, came.taken)
			})
		}
		work.Wait()
		if p.most != noticeAtOnce || slices.Contains(taken, false) {
			t.Errorf("%d at a time, taken %v", p.most, taken)
		}
	})
}

// TestMessagesForOneEndpointKeepTheirOrder: the second is not told before the first was taken.
func TestMessagesForOneEndpointKeepTheirOrder(t *testing.T) {
	t.Parallel()
	inPosting(t, func(p posting) {
		p.needs(dead, -1)
		p.want("the first is refused", false, 0)(p.brings(1, "a", dead, quick, dead))
		if got := fmt.Sprint(p.count(dead), p.count(quick)); got != "1 1" {
			t.Errorf("told %v", p.told)
		}
	})
}
