package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/payment"
)

// The greatest day of a year.
const (
	seasonTimes   = 10   // a median day
	seasonPeak    = 0.75 // of what the machine carries, unless it is said how much
	seasonRefunds = 20   // one payment of so many is given back on the next day
	seasonHot     = 5    // of so many payments, seasonInCity are made in one city
	seasonInCity  = 2
)

// A phase is a part of a day, with what is asked in it as a share of its peak.
type phase struct {
	name  string
	hours float64
	share float64
}

func dayOfSeason() []phase {
	return []phase{
		{"night", 6, 0.04},
		{"morning", 4, 0.25},
		{"before noon", 2, 0.5},
		{"lunch", 2, 0.9},
		{"afternoon", 4, 0.55},
		{"evening", 2, 0.7},
		{"closing", 2, 1},
		{"late", 2, 0.3},
	}
}

// season replays the greatest day in short, and gives some of it back on the day
// after. A median day is a tenth of it.
func (c benchCommand) season(env *environment, n *benchNetwork) (benchReport, error) {
	normal, _, err := c.runs(env, n, "payments")
	if err != nil {
		return benchReport{}, err
	}
	peak := cmp.Or(c.Rate, seasonPeak) * normal.PerSec
	fmt.Fprintf(env.out, "a day in %d s: closing time asks for %.0f a second, %.2f of what was carried, a median day's for %.0f\n",
		c.Seconds, peak, peak/normal.PerSec, peak/seasonTimes)
	fmt.Fprintf(env.out, "%-12s %9s %9s %9s %9s %9s %9s\n", "phase", "asked/s", "asked", "served", "refused", "p50 ms", "p99 ms")
	day := &seasonDay{benchNetwork: n, hot: n.pairsIn(n.pairs[0].store)}
	var grown bulk
	began, spent := time.Now(), cpuTime()
	grown, err = n.grow(env, 1, func() error { return day.replay(env, c, peak) })
	one := figureOf(day.served, time.Since(began), cpuTime()-spent)
	if err != nil {
		return benchReport{}, err
	}
	perPayment := grown.each(max(one.payments, 1))
	fmt.Fprintf(env.out, "%-12s %9.0f %9d %9d %9d %9.1f %9.1f\n", "the day", one.PerSec, one.payments+day.refused, one.payments, day.refused, one.P50, one.P99)
	fmt.Fprintf(env.out, "%s; %d of %d payments in one city\n", perPayment, seasonInCity, seasonHot)
	err = day.giveBack(env, peak/2)
	fmt.Fprintf(env.out, "look with: hansa export --db %s\n", n.DB)
	return benchReport{figure: one, Bytes: perPayment.bytes}, err
}

// A seasonDay is what was made on the day.
type seasonDay struct {
	*benchNetwork

	hot     []benchPair
	served  []time.Duration
	refused int

	mutex sync.Mutex
	paid  []api.Payment // that are given back
}

// pairsIn lists who pays in the city of a store, the hot one.
func (n *benchNetwork) pairsIn(store string) []benchPair {
	city := ""
	for _, shop := range n.world.Registry.Stores {
		if shop.ID == store {
			city = shop.City
		}
	}
	var pairs []benchPair
	for _, pair := range n.pairs {
		for _, shop := range n.world.Registry.Stores {
			if shop.ID == pair.store && shop.City == city {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

func (d *seasonDay) replay(env *environment, c benchCommand, peak float64) error {
	var faults []error
	for _, p := range dayOfSeason() {
		perSecond := p.share * peak
		length := time.Duration(p.hours / 24 * float64(c.Seconds) * float64(time.Second))
		f := newFlood(crowdMax)
		f.arrive(env.context, perSecond, length, func(a arrival) outcome { return d.buy(env, a) })
		faults = append(faults, f.end())
		one := figureOf(f.served, length, 0)
		fmt.Fprintf(env.out, "%-12s %9.0f %9d %9d %9d %9.1f %9.1f\n", p.name, perSecond, f.asked, len(f.served), f.refusals(), one.P50, one.P99)
		d.served, d.refused = slices.Concat(d.served, f.served), d.refused+f.refusals()
	}
	return errors.Join(faults...)
}

// buy makes one payment, which may be one to give back.
func (d *seasonDay) buy(env *environment, a arrival) outcome {
	pair := d.pairs[a.number%len(d.pairs)]
	if a.number%seasonHot < seasonInCity {
		pair = d.hot[a.number%len(d.hot)]
	}
	o := d.ask.pay(env.context, d.saleAt(a.till, pair))
	if o.payment.Status == string(payment.WasApproved) && a.number%seasonRefunds == 0 {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		d.paid = append(d.paid, o.payment)
	}
	return o
}

// giveBack refunds payments on the next day, at a pace.
func (d *seasonDay) giveBack(env *environment, perSecond float64) error {
	d.later.Add(int64(24 * time.Hour))
	f := newFlood(crowdMax)
	length := time.Duration((float64(len(d.paid)) + 0.5) / perSecond * float64(time.Second))
	f.arrive(env.context, perSecond, length, func(a arrival) outcome {
		paid := d.paid[a.number%len(d.paid)]
		move := api.MoveMoney{RequestID: hansa.NewID("back", d.now(), 0, chance()), Amount: paid.OrderAmount}
		path := "/v1/payments/" + paid.Reference + "/refunds"
		return d.ask.tell(env.context, benchAsk{client: a.till, participant: paid.Acquirer, method: http.MethodPost, path: path, message: move}, &api.Movement{}).outcome
	})
	err := f.end()
	one := figureOf(f.served, length, 0)
	fmt.Fprintf(env.out, "%-12s %9.0f %9d %9d %9d %9.1f %9.1f\n", "next day", perSecond, f.asked, len(f.served), f.refusals(), one.P50, one.P99)
	return err
}
