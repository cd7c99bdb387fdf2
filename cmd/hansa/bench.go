package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"
)

// benchCommand measures how many whole payments this machine carries. Every
// payment is one that a till asks for with a code that the payer's wallet drew,
// across currencies, and that the wallet grants at once.
type benchCommand struct {
	Kind       string        `arg:"" help:"What is measured: from the request's bytes to the answer's, without sockets and signatures (core), or all of it over HTTP (http)." enum:"core,http"`
	DB         string        `name:"db" help:"Database: a file, or postgres://…; it is brought to this release's schema and may be used again. Without it a temporary file." placeholder:"DSN"`
	Nodes      int           `help:"Nodes on the one database, which must be a PostgreSQL; the clients are spread over them." default:"1"`
	Clients    int           `help:"Tills that each have one payment on its way." default:"64"`
	Hot        bool          `help:"All pay with one wallet at one store."`
	Seconds    int           `help:"Length of a run." default:"5"`
	Runs       int           `help:"How many runs; the figures are those of the median." default:"5"`
	FsyncDelay time.Duration `name:"fsync-delay" help:"Sleep that long inside each commit, as a slower disk would."`
	JSON       bool          `name:"json" help:"End with one JSON object."`
}

func (c benchCommand) Run(env *environment) error {
	if c.Clients < 1 || c.Seconds < 1 || c.Runs < 1 {
		return errors.New("--clients, --seconds and --runs are 1 at least")
	}
	if err := c.checkNodes(); err != nil {
		return err
	}
	if c.Kind == "core" {
		return c.measure(env, benchKind{what: c.Kind, start: (*benchNetwork).acrossTheDesk})
	}
	limit, err := calibrate(env)
	if err != nil {
		return err
	}
	return c.measure(env, benchKind{what: c.Kind, limit: limit, start: (*benchNetwork).overHTTP})
}

// A benchKind is what is measured.
type benchKind struct {
	what  string
	limit float64 // payments a second that nothing could exceed; zero: not known
	start func(*benchNetwork, context.Context) (pay, error)
}

// pay makes one payment and returns an error unless it was approved.
type pay func(ctx context.Context, sale benchSale) error

// A figure is what came of one run.
type figure struct {
	Payments int     `json:"payments"`
	PerSec   float64 `json:"payments_per_second"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	P999     float64 `json:"p999_ms"`
	CPU      float64 `json:"cpu_us_per_payment"` // of this process; a PostgreSQL server's is not in it
}

// A benchReport is what a measurement says in the end.
type benchReport struct {
	figure

	What   string  `json:"bench"`
	Bytes  float64 `json:"bytes_per_payment"` // that the database has grown by, the journal included
	Limit  float64 `json:"limit_per_second,omitempty"`
	Ratio  float64 `json:"ratio_to_limit,omitempty"`
	Driver string  `json:"driver"`
	CGO    bool    `json:"cgo"`
	Cores  int     `json:"cores"`
	Nodes  int     `json:"nodes"`
}

// measure opens a network, runs it and reports.
func (c benchCommand) measure(env *environment, kind benchKind) error {
	ctx, stop := context.WithCancel(env.context)
	defer stop()
	n, err := openBench(ctx, env, c)
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	for _, node := range n.nodes {
		running.Go(func() { node.run(ctx) })
	}
	err = c.report(ctx, env, n, kind)
	stop()
	running.Wait()
	return errors.Join(err, n.close())
}

func (c benchCommand) report(ctx context.Context, env *environment, n *benchNetwork, kind benchKind) error {
	once, err := kind.start(n, ctx)
	if err != nil {
		return err
	}
	before, err := n.first().store.Size(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.out, "%8s %12s %9s %9s %9s %14s\n", "run", "payments/s", "p50 ms", "p99 ms", "p99.9 ms", "CPU µs/payment")
	var figures []figure
	payments := 0
	for run := range c.Runs {
		one, err := c.run(ctx, n, once)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.out, "%8d %12.0f %9.1f %9.1f %9.1f %14.0f\n", run+1, one.PerSec, one.P50, one.P99, one.P999, one.CPU)
		figures, payments = append(figures, one), payments+one.Payments
	}
	after, err := n.first().store.Size(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(figures, func(a, b figure) int { return int(a.PerSec) - int(b.PerSec) })
	all := benchReport{
		figure: figures[len(figures)/2], What: kind.what, Bytes: float64(after-before) / float64(payments), Limit: kind.limit,
		Driver: n.first().store.Driver(), CGO: usesCGO, Cores: runtime.GOMAXPROCS(0), Nodes: len(n.nodes),
	}
	if kind.limit > 0 {
		all.Ratio = all.PerSec / kind.limit
	}
	return all.write(env.out, c)
}

func (r benchReport) write(out io.Writer, c benchCommand) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(r)
	}
	fmt.Fprintf(out, "%8s %12.0f %9.1f %9.1f %9.1f %14.0f\n", "median", r.PerSec, r.P50, r.P99, r.P999, r.CPU)
	fmt.Fprintf(out, "%s, %d clients, %d nodes, %s, %.0f bytes a payment, %d cores\n", r.What, c.Clients, r.Nodes, r.Driver, r.Bytes, r.Cores)
	if r.Limit > 0 {
		fmt.Fprintf(out, "%.2f of the %.0f a second that signatures, echoes and bare inserts alone allow\n", r.Ratio, r.Limit)
	}
	return nil
}

// run lets every client pay, one payment after the other, until the time is over.
func (c benchCommand) run(ctx context.Context, n *benchNetwork, once pay) (figure, error) {
	ends := time.Now().Add(time.Duration(c.Seconds) * time.Second)
	runtime.GC()
	tooks := make([][]time.Duration, c.Clients)
	faults := make([]error, c.Clients)
	started, spent := time.Now(), cpuTime()
	var clients sync.WaitGroup
	for client := range c.Clients {
		clients.Go(func() {
			for {
				began := time.Now()
				// One payment each is made in any case, however busy the machine is.
				if !began.Before(ends) && len(tooks[client]) > 0 || faults[client] != nil {
					return
				}
				faults[client] = once(ctx, n.sale(client, c.Hot))
				tooks[client] = append(tooks[client], time.Since(began))
			}
		})
	}
	clients.Wait()
	took, used := time.Since(started), cpuTime()-spent
	all := slices.Concat(tooks...)
	slices.Sort(all)
	count := float64(len(all))
	return figure{
		Payments: len(all), PerSec: count / took.Seconds(), CPU: float64(used.Microseconds()) / count,
		P50: quantile(all, 0.5), P99: quantile(all, 0.99), P999: quantile(all, 0.999),
	}, errors.Join(faults...)
}

// quantile returns milliseconds.
func quantile(sorted []time.Duration, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := min(int(share*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[at].Microseconds()) / 1000
}
