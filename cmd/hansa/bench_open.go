package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// What is measured where more is asked than can be done.
const (
	capacityRun = 5 * time.Second // at most, for each run that finds out the capacity
	capacityMin = 256             // tills that ask then, so that no core is idle
	rushInside  = 1024            // tills that a node lets in
	triesMax    = 5               // refusals after which a customer gives up
)

// A rush is tills with customers at a pace that does not depend on how they are served. A
// customer who is turned away asks again, with the same bytes, when it was said to,
// and gives up after a few times; then the next one comes.
type rush struct {
	*benchNetwork
	*flood

	ask       asking
	customers []customer // by till
	from      int        // number of the first till among those who ask
}

// A customer is one who has not paid yet; without a sale there is none.
type customer struct {
	sale    benchSale
	refused int
}

// tillsMax is how many tills can have a connection: both its ends are in this process.
func tillsMax() int { return min(crowdMax, filesForConnections()/2) }

// rush returns as many tills as ask so often a second, if each is told to come
// again a second later, beside those who are let in.
func (n *benchNetwork) rush(ask asking, perSecond float64) *rush {
	tills := max(1, min(tillsMax(), int(1.2*perSecond)+rushInside))
	c := &rush{benchNetwork: n, flood: newFlood(tills), ask: ask, customers: make([]customer, tills), from: n.Clients}
	c.heeds = true
	return c
}

// pay lets the customer of a till ask once. A till has one request on its way.
func (c *rush) pay(ctx context.Context, a arrival) outcome {
	who := &c.customers[a.till]
	if who.refused == 0 {
		who.sale = c.sale(c.from + a.till)
		who.sale.signed = &signedAsk{}
	}
	o := c.ask.pay(ctx, who.sale)
	if who.refused++; !o.isRefused() || who.refused == triesMax {
		who.refused = 0
	}
	return o
}

// overload asks for more than the machine carries, and then looks whether it has
// recovered.
func (c benchCommand) overload(env *environment, n *benchNetwork) (figure, error) {
	length := time.Duration(c.Seconds) * time.Second
	c.Clients = max(c.Clients, capacityMin)
	full, err := n.run(env.context, c.Clients, c.length())
	if err != nil {
		return full, err
	}
	surplus := (c.Rate - 1) * full.PerSec
	before, err := c.capacity(env, n, surplus)
	if err != nil {
		return before, err
	}
	asks := n.rush(n.ask, c.Rate*full.PerSec)
	fmt.Fprintf(env.out, "%-12s %8.0f a second for %v, %.1f times %.0f, by %d tills\n", "asked", c.Rate*full.PerSec, length, c.Rate, full.PerSec, len(asks.customers))
	began, spent := time.Now(), cpuTime()
	asks.arrive(env.context, c.Rate*full.PerSec, length, func(a arrival) outcome { return asks.pay(env.context, a) })
	fault := asks.end()
	one := figureOf(asks.served, time.Since(began), cpuTime()-spent)
	fmt.Fprintf(env.out, "%-12s %8.0f a second, p50 %.1f ms, p99 %.1f ms, CPU %.0f µs\n", "served", one.PerSec, one.P50, one.P99, one.CPU)
	fmt.Fprint(env.out, asks.describeRefusals())
	recovered := c.recover(env, n, full, length/2)
	after, err := c.capacity(env, n, surplus)
	fmt.Fprintf(env.out, "%-12s %8.2f of capacity; by processor time %.2f\n",
		"served", one.PerSec*2/(before.PerSec+after.PerSec), (before.CPU+after.CPU)/2/max(one.CPU, 1))
	return one, errors.Join(fault, recovered, err)
}

// recover looks how much is carried at once after there was too much, and when a
// while has gone by: half a minute after a minute.
func (c benchCommand) recover(env *environment, n *benchNetwork, full figure, while time.Duration) error {
	ends := time.Now().Add(while)
	for _, when := range []string{"at once then", fmt.Sprintf("after %v", while)} {
		one, err := n.run(env.context, c.Clients, c.length())
		if err != nil {
			return err
		}
		fmt.Fprintf(env.out, "%-12s %8.0f a second, %.2f of %.0f, p99 %.1f ms\n", when, one.PerSec, one.PerSec/full.PerSec, full.PerSec, one.P99)
		pause(env.context, time.Until(ends))
	}
	return nil
}

// capacity measures what is carried while those who are too many ask elsewhere: at a
// turnstile that turns them away for next to nothing. They take as much of the
// processors as where the switch has to turn them away, and the difference is the
// switch's own. Without HTTP they take none.
func (c benchCommand) capacity(env *environment, n *benchNetwork, surplus float64) (figure, error) {
	run := func() (figure, error) { return n.run(env.context, c.Clients, c.length()) }
	if n.Kind != "http" || surplus <= 0 {
		return run()
	}
	ctx, stop := context.WithCancel(env.context)
	defer stop()
	ask, err := n.turnstile(ctx)
	if err != nil {
		return figure{}, err
	}
	asks := n.rush(ask, surplus)
	one, err := n.beside(env, stream{asks.flood, surplus, func(a arrival) outcome { return asks.pay(env.context, a) }}, run)
	fmt.Fprintf(env.out, "%-12s %8.0f a second, beside %d that a turnstile sent away, p99 %.1f ms, CPU %.0f µs\n",
		"capacity", one.PerSec, asks.refusals(), one.P99, one.CPU)
	return one, err
}

// A stream is requests that arrive while something else is measured.
type stream struct {
	*flood

	perSecond float64
	ask       func(arrival) outcome
}

// beside lets requests arrive until what is measured beside them has ended.
func (n *benchNetwork) beside(env *environment, s stream, measure func() (figure, error)) (figure, error) {
	ctx, stop := context.WithCancel(env.context)
	defer stop()
	var arriving sync.WaitGroup
	arriving.Go(func() {
		const day = 24 * time.Hour // It is stopped before.
		s.arrive(ctx, s.perSecond, day, s.ask)
	})
	one, err := measure()
	stop()
	arriving.Wait()
	return one, errors.Join(err, s.end())
}

// reads lets status reads arrive while the clients pay as before, at a turnstile and
// then at the switch.
func (c benchCommand) reads(env *environment, n *benchNetwork, normal figure) (figure, error) {
	if n.Kind == "http" {
		ctx, stop := context.WithCancel(env.context)
		defer stop()
		ask, err := n.turnstile(ctx)
		if err == nil {
			normal, _, err = c.besideReads(env, n, ask, "turnstile")
		}
		if err != nil {
			return normal, err
		}
	}
	began := time.Now()
	one, f, err := c.besideReads(env, n, n.ask, "with reads")
	read := figureOf(f.served, time.Since(began), 0)
	fmt.Fprintf(env.out, "%-12s %8.0f a second, of %d, p50 %.1f ms, p99 %.1f ms\n", "reads", read.PerSec, c.Reads, read.P50, read.P99)
	fmt.Fprint(env.out, f.describeRefusals())
	fmt.Fprintf(env.out, "%-12s %8.2f of normal; by processor time %.2f\n", "payments", one.PerSec/normal.PerSec, normal.CPU/max(one.CPU, 1))
	return one, err
}

func (c benchCommand) besideReads(env *environment, n *benchNetwork, ask asking, name string) (figure, *flood, error) {
	f := newFlood(max(1, min(tillsMax(), c.Reads)))
	look := func(a arrival) outcome { return n.look(env.context, ask, a) }
	one, err := n.beside(env, stream{f, float64(c.Reads), look}, func() (figure, error) {
		one, _, err := c.runs(env, n, name)
		return one, err
	})
	return one, f, err
}
