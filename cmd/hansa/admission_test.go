package main

import (
	"testing"
	"testing/synctest"
	"time"
)

// answerTogether lets so many requests in and answers them all after took.
func answerTogether(t *testing.T, a *admission, count int, took time.Duration) {
	t.Helper()
	var inside []stay
	for range count {
		inside = append(inside, a.enter())
	}
	time.Sleep(took)
	for _, s := range inside {
		s.end(true)
	}
}

// TestNewPaymentsWaitForMomentsOnly: how many may wait goes by how fast the engine
// is of late.
func TestNewPaymentsWaitForMomentsOnly(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		batch time.Duration
		want  int
	}{
		"two batches however slow":   {5 * time.Second, startsMin},
		"a fifth of a second's work": {10 * time.Millisecond, 20*batchMax - batchMax},
		"half as much, half as fast": {20 * time.Millisecond, 10*batchMax - batchMax},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var a admission
				for range 100 {
					answerTogether(t, &a, 1, tc.batch)
				}
				admitted := 0
				for ; !a.full(); admitted++ {
					a.enter()
				}
				if off := admitted - tc.want; off < 0 || off > batchMax/8 {
					t.Errorf("%d wait, want %d", admitted, tc.want)
				}
			})
		})
	}
}

// TestAFullEngineRecovers: once nothing waits any more, everybody is let in, however
// slow it was before, and those who are let in show how fast it is now.
func TestAFullEngineRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var a admission
		for range 100 {
			answerTogether(t, &a, batchMax, 3*time.Second)
		}
		if a.expected(startsMin) < startWithin {
			t.Fatalf("after batches of three seconds a new one is expected to wait for %v", a.expected(startsMin))
		}
		answerTogether(t, &a, startsMin, 2*time.Millisecond)
		if wait := a.expected(startsMin); wait > startWithin {
			t.Errorf("after quick batches a new one is still expected to wait for %v", wait)
		}
		if left := a.waiting.Load(); left != 0 {
			t.Errorf("%d still wait", left)
		}
	})
}

// TestWhoGivesUpShowsNothing of how fast the engine is.
func TestWhoGivesUpShowsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var a admission
		s := a.enter()
		time.Sleep(time.Minute)
		s.end(false)
		if a.pace.Load() != 0 || a.waiting.Load() != 0 {
			t.Errorf("pace %d, waiting %d", a.pace.Load(), a.waiting.Load())
		}
	})
}
