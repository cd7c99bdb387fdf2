package main

import (
	"context"
	"errors"
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
	arriveEvery   = time.Millisecond // all that are due arrive at once
	onTheirWayMax = 20_000           // requests without an answer: nobody could hold more connections
	capacityRun   = 5 * time.Second  // at most, for each run that finds out the capacity
)

// A flood is requests that arrive at a given pace. What a request has to wait is
// counted from when it was due. A flood is safe for concurrent use.
type flood struct {
	asking sync.WaitGroup
	room   chan struct{}

	mutex   sync.Mutex
	asked   int
	unsent  int // for want of room here
	served  []time.Duration
	refused map[int][]time.Duration // by status
	retry   int                     // refusals that say when to come again
	faults  []error
}

func newFlood() *flood {
	return &flood{room: make(chan struct{}, onTheirWayMax), refused: make(map[int][]time.Duration)}
}

// arrive lets requests arrive, so many a second for so long, and one in any case.
func (f *flood) arrive(ctx context.Context, perSecond float64, length time.Duration, ask func(number int) outcome) {
	started := time.Now()
	total := max(1, int(perSecond*length.Seconds()))
	for number := 0; number < total && ctx.Err() == nil; {
		for due := min(total, 1+int(time.Since(started).Seconds()*perSecond)); number < due; number++ {
			at := started.Add(time.Duration(float64(number) / perSecond * float64(time.Second)))
			f.send(arrival{number, at}, ask)
		}
		pause(ctx, arriveEvery)
	}
}

// An arrival is one of them.
type arrival struct {
	number int
	due    time.Time
}

func (f *flood) send(a arrival, ask func(number int) outcome) {
	select {
	case f.room <- struct{}{}:
	default:
		f.mutex.Lock()
		defer f.mutex.Unlock()
		f.asked++
		f.unsent++
		return
	}
	f.asking.Go(func() {
		o := ask(a.number)
		o.took = time.Since(a.due)
		f.add(o)
		<-f.room
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
		if o.retry {
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
		fmt.Fprintf(&text, "%-12s %8d for want of room here\n", "not sent", f.unsent)
	}
	return text.String()
}

// turnedAway are the sales of tills that ask again. It is safe for concurrent use.
type turnedAway struct {
	mutex sync.Mutex
	sales []benchSale
}

func (t *turnedAway) add(sale benchSale) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.sales = append(t.sales, sale)
}

// next returns the sale that has waited the longest, if one does.
func (t *turnedAway) next() (sale benchSale, ok bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.sales) == 0 {
		return sale, false
	}
	sale, t.sales = t.sales[0], t.sales[1:]
	return sale, true
}

// overload asks for more than the machine carries, and then looks whether it has
// recovered.
func (c benchCommand) overload(env *environment, n *benchNetwork, normal figure) (figure, error) {
	perSecond, length := c.Rate*normal.PerSec, time.Duration(c.Seconds)*time.Second
	f, began, spent := newFlood(), time.Now(), cpuTime()
	fmt.Fprintf(env.out, "%-12s %8.0f a second for %v, %.1f times %.0f\n", "asked", perSecond, length, c.Rate, normal.PerSec)
	var turned turnedAway
	f.arrive(env.context, perSecond, length, func(number int) outcome {
		sale, again := turned.next()
		if !again {
			sale = n.sale(number)
			sale.signed = &signedAsk{}
		}
		o := n.pay(env.context, sale)
		if o.isRefused() {
			turned.add(sale)
		}
		return o
	})
	fault := f.end()
	one := figureOf(f.served, time.Since(began), cpuTime()-spent)
	fmt.Fprintf(env.out, "%-12s %8.0f a second, %.2f of normal, p50 %.1f ms, p99 %.1f ms\n",
		"served", one.PerSec, one.PerSec/normal.PerSec, one.P50, one.P99)
	fmt.Fprint(env.out, f.describeRefusals())
	after, err := n.run(env.context, c.Clients, c.length())
	fmt.Fprintf(env.out, "%-12s %8.0f a second, %.2f of normal\n", "at once then", after.PerSec, after.PerSec/normal.PerSec)
	return one, errors.Join(fault, err)
}

// beside lets status reads arrive while the clients pay as before.
func (c benchCommand) beside(env *environment, n *benchNetwork, normal figure) (figure, error) {
	ctx, stop := context.WithCancel(env.context)
	defer stop()
	f := newFlood()
	var reading sync.WaitGroup
	reading.Go(func() {
		const day = 24 * time.Hour // It is stopped before.
		f.arrive(ctx, float64(c.Reads), day, func(number int) outcome { return n.look(env.context, number) })
	})
	began := time.Now()
	one, _, err := c.runs(env, n, "with reads")
	stop()
	reading.Wait()
	fault := f.end()
	reads := figureOf(f.served, time.Since(began), 0)
	fmt.Fprintf(env.out, "%-12s %8.0f a second, of %d, p50 %.1f ms, p99 %.1f ms\n", "reads", reads.PerSec, c.Reads, reads.P50, reads.P99)
	fmt.Fprint(env.out, f.describeRefusals())
	fmt.Fprintf(env.out, "%-12s %8.2f of normal\n", "payments", one.PerSec/normal.PerSec)
	return one, errors.Join(err, fault)
}
