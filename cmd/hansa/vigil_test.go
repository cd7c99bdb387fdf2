package main

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hansa-network/hansa"
)

// TestNobodyWaitsForACommitThatHangs: neither those in the batch nor those behind
// it, until it comes back.
func TestNobodyWaitsForACommitThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var v vigil
		ctx, stop := context.WithCancel(t.Context())
		jobs := newQueue()
		ended := make(chan struct{})
		go func() { v.run(ctx, jobs); close(ended) }()
		heard := make(chan answer, 2)
		wantUnavailable := func(who string) {
			t.Helper()
			select {
			case got := <-heard:
				if reason, _ := hansa.ReasonOf(got.err); reason != hansa.Unavailable {
					t.Errorf("%s hears %v", who, got.err)
				}
			case <-time.After(time.Minute):
				t.Errorf("%s waits", who)
			}
		}
		for range 3 {
			v.begin([]job{{done: heard}})
			time.Sleep(stallLook * (stallLooks - 1))
			v.end(nil)
		}
		if !v.admits() || len(heard) > 0 {
			t.Error("what is only slow is taken to hang")
		}
		v.begin([]job{{done: heard}})
		v.next.Store(&[]job{{done: heard}})
		wantUnavailable("the batch")
		wantUnavailable("the batch that is decided meanwhile")
		v.next.Store(nil)
		jobs.put(job{done: heard})
		wantUnavailable("who comes later")
		if v.admits() {
			t.Error("new ones are still taken")
		}
		v.end(nil)
		if !v.admits() {
			t.Error("nobody is taken any more")
		}
		stop()
		<-ended
	})
}

// TestASlowBatchIsWaitedFor as long as it goes on, however long it takes.
func TestASlowBatchIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var steps atomic.Int64
		v := vigil{steps: steps.Load}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { v.run(ctx, newQueue()); close(ended) }()
		heard := make(chan answer, 2)
		v.begin([]job{{done: heard}})
		time.Sleep(stallLook / 2) // From here on we look between its looks.
		for range stallLooks {
			time.Sleep(stallLook * (stallLooks - 1))
			steps.Add(1)
		}
		if !v.admits() || len(heard) > 0 {
			t.Error("what is only slow is taken to hang")
		}
		if !v.holds() {
			t.Error("nobody is let look meanwhile")
		}
		time.Sleep(stallLook)
		if v.holds() {
			t.Error("it goes on, and others have the processors")
		}
		time.Sleep(stallLook * stallLooks)
		if v.admits() || len(heard) == 0 {
			t.Error("what hangs in the end is waited for")
		}
		v.end(nil)
		stop()
		<-ended
	})
}

// TestFewAskForADatabaseThatIsAway: one now and then, until it is back.
func TestFewAskForADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var v vigil
		for range 3 {
			time.Sleep(tryEvery)
			if !v.admits() {
				t.Error("nobody finds out whether it is back")
			}
			v.begin(nil)
			v.end(hansa.Refuse(hansa.Unavailable, "gone"))
		}
		time.Sleep(tryEvery)
		if first, second := v.admits(), v.admits(); !first || second {
			t.Errorf("admitted at a time: %t, %t", first, second)
		}
		v.begin(nil)
		v.end(nil)
		if first, second := v.admits(), v.admits(); !first || !second {
			t.Errorf("it is back, and admitted are: %t, %t", first, second)
		}
	})
}
