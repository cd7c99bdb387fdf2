package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// How requests arrive that do not wait for the answers to those before them.
const (
	arriveEvery = time.Millisecond // all that are due arrive at once
	crowdMax    = 8192             // tills, each with a connection of its own
)

// A flood is requests that arrive at a given pace, from tills that each have one
// on its way. What a request has to wait is counted from when it was due. A flood is
// safe for concurrent use.
type flood struct {
	asking sync.WaitGroup
	free   chan int // numbers of the tills that may ask, in turn
	heeds  bool     // a till that is turned away asks no more before it was told to

	mutex   sync.Mutex
	asked   int
	unsent  int // since no till was free
	served  []time.Duration
	refused map[int][]time.Duration // by status
	retry   int                     // refusals that say when to come again
	faults  []error
}

func newFlood(tills int) *flood {
	f := &flood{free: make(chan int, tills), refused: make(map[int][]time.Duration)}
	for till := range tills {
		f.free <- till
	}
	return f
}

// An arrival is a request that is due.
type arrival struct {
	number int // in the order of their coming
	till   int // that asks
	due    time.Time
}

// arrive lets requests arrive, so many a second for so long, and one in any case.
func (f *flood) arrive(ctx context.Context, perSecond float64, length time.Duration, ask func(arrival) outcome) {
	started := time.Now()
	total := max(1, int(perSecond*length.Seconds()))
	for number := 0; number < total && ctx.Err() == nil; {
		for due := min(total, 1+int(time.Since(started).Seconds()*perSecond)); number < due; number++ {
			f.send(arrival{number: number, due: started.Add(time.Duration(float64(number) / perSecond * float64(time.Second)))}, ask)
		}
		pause(ctx, arriveEvery)
	}
}

func (f *flood) send(a arrival, ask func(arrival) outcome) {
	select {
	case a.till = <-f.free:
	default:
		f.mutex.Lock()
		defer f.mutex.Unlock()
		f.asked++
		f.unsent++
		return
	}
	f.asking.Go(func() {
		o := ask(a)
		o.took = time.Since(a.due)
		f.add(o)
		if f.heeds && o.isRefused() {
			time.AfterFunc(o.after, func() { f.free <- a.till })
			return
		}
		f.free <- a.till
	})
}

func (f *flood) add(o outcome) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.asked++
	switch {
	case o.fault != nil:
		f.faults = append(f.faults, o.fault)
	case o.isRefused():
		f.refused[o.status] = append(f.refused[o.status], o.took)
		if o.after > 0 {
			f.retry++
		}
	default:
		f.served = append(f.served, o.took)
	}
}

// end waits for all that are on their way, and returns the first fault.
func (f *flood) end() error {
	f.asking.Wait()
	if len(f.faults) > 0 {
		return fmt.Errorf("%d of %d: %w", len(f.faults), f.asked, f.faults[0])
	}
	return nil
}

func (f *flood) refusals() int {
	count := 0
	for _, tooks := range f.refused {
		count += len(tooks)
	}
	return count
}

// describeRefusals says what was refused, by status, and how soon.
func (f *flood) describeRefusals() string {
	var text strings.Builder
	for _, status := range slices.Sorted(maps.Keys(f.refused)) {
		tooks := f.refused[status]
		slices.Sort(tooks)
		fmt.Fprintf(&text, "%-12s %8d with %d %s, p50 %.1f ms, p99 %.1f ms\n",
			"refused", len(tooks), status, http.StatusText(status), quantile(tooks, 0.5), quantile(tooks, 0.99))
	}
	fmt.Fprintf(&text, "%-12s %8d of these\n", "Retry-After", f.retry)
	if f.unsent > 0 {
		fmt.Fprintf(&text, "%-12s %8d, since no till was free\n", "not sent", f.unsent)
	}
	return text.String()
}
