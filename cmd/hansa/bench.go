package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// benchCommand measures how many whole payments this machine carries. Every
// payment is one that a till asks for with a code that the payer's wallet drew,
// across currencies, and that the wallet grants at once.
type benchCommand struct {
	Kind       string        `arg:"" help:"What is measured: from the request's bytes to the answer's, without sockets and signatures (core), or all of it over HTTP (http); what ten million payments change (growth); the greatest day of a year in short (season); what the parts cost alone (limits)." enum:"core,http,growth,season,limits"`
	DB         string        `name:"db" help:"Database: a file, or postgres://…; it is brought to this release's schema and may be used again. Without it a temporary file." placeholder:"DSN"`
	Nodes      int           `help:"Nodes on the one database, which must be a PostgreSQL; the clients are spread over them." default:"1"`
	Clients    int           `help:"Tills that each have one payment on its way." default:"64"`
	Hot        bool          `help:"All pay with one wallet at one store."`
	Seconds    int           `help:"Length of a run; of the whole day of a season." default:"5"`
	Runs       int           `help:"How many runs; the figures are those of the median." default:"5"`
	Payments   int           `help:"Payments to store first."`
	Rate       float64       `help:"Asks for so many times what the machine carries, whether or not it answers. The peak of a season." placeholder:"X"`
	Reads      int           `help:"Status reads a second beside the payments."`
	FsyncDelay time.Duration `name:"fsync-delay" help:"Sleep that long inside each commit, as a slower disk would."`
	JSON       bool          `name:"json" help:"End with one JSON object."`
}

func (c benchCommand) Run(env *environment) error {
	if c.Clients < 1 || c.Seconds < 1 || c.Runs < 1 {
		return errors.New("--clients, --seconds and --runs are 1 at least")
	}
	if c.Payments < 0 || c.Rate < 0 || c.Reads < 0 {
		return errors.New("--payments, --rate and --reads are not negative")
	}
	if err := c.checkNodes(); err != nil {
		return err
	}
	parts, err := calibrate(env)
	if err != nil {
		return err
	}
	if c.Kind == "limits" {
		return c.limits(env, parts)
	}
	return c.measure(env, parts)
}

// A figure is what came of one run.
type figure struct {
	PerSec float64 `json:"payments_per_second"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	P999   float64 `json:"p999_ms"`
	CPU    float64 `json:"cpu_us_per_payment"` // of this process; a PostgreSQL server's is not in it

	payments int
	refused  int
}

// A benchReport is what a measurement says in the end.
type benchReport struct {
	figure

	Bytes  float64 `json:"bytes_per_payment"` // that the database has grown by, the journal included
	Limit  float64 `json:"limit_per_second"`  // that nothing could exceed
	Ratio  float64 `json:"ratio_to_limit"`
	Driver string  `json:"driver"`
	CGO    bool    `json:"cgo"`
}

// measure opens a network, runs what was asked for and reports.
func (c benchCommand) measure(env *environment, parts costs) error {
	n, err := openBench(env.context, env, c)
	if err != nil {
		return err
	}
	report, err := c.report(env, n, parts)
	if err := errors.Join(err, n.close()); err != nil || !c.JSON {
		return err
	}
	return json.NewEncoder(env.out).Encode(report)
}

func (c benchCommand) report(env *environment, n *benchNetwork, parts costs) (benchReport, error) {
	limit := parts.limit(c.Kind == "http")
	var all benchReport
	var err error
	switch c.Kind {
	case "growth":
		all, err = c.growth(env, n)
	case "season":
		all, err = c.season(env, n)
	default:
		all, err = c.plain(env, n)
	}
	all.Limit, all.Ratio = limit, all.PerSec/limit
	all.Driver, all.CGO = n.first().store.Driver(), usesCGO
	if err == nil {
		fmt.Fprintf(env.out, "%s, %d clients, %d nodes, %s, cgo %t, %d cores\n",
			c.Kind, c.Clients, len(n.nodes), all.Driver, all.CGO, runtime.GOMAXPROCS(0))
		fmt.Fprintf(env.out, "%.2f of the %.0f a second that %s alone would allow\n", all.Ratio, limit, parts.named(c.Kind == "http"))
	}
	return all, err
}

// plain fills the database if that is wanted, and measures payments, what so many
// reads beside them change, and what happens at so many times as many.
func (c benchCommand) plain(env *environment, n *benchNetwork) (benchReport, error) {
	if err := n.fill(env, c.Payments, false); err != nil {
		return benchReport{}, err
	}
	before, err := n.size(env.context)
	if err != nil {
		return benchReport{}, err
	}
	normal, payments, err := c.runs(env, n, "payments")
	if err != nil {
		return benchReport{}, err
	}
	after, err := n.size(env.context)
	if err != nil {
		return benchReport{}, err
	}
	grown := after.less(before).each(payments)
	fmt.Fprintf(env.out, "%s\n", grown)
	all := benchReport{figure: normal, Bytes: grown.bytes}
	if c.Reads > 0 {
		all.figure, err = c.reads(env, n, normal)
	}
	if err == nil && c.Rate > 0 {
		all.figure, err = c.overload(env, n)
	}
	return all, err
}

// runs repeats a run and returns the median, and how many payments there were.
func (c benchCommand) runs(env *environment, n *benchNetwork, what string) (figure, int, error) {
	fmt.Fprintf(env.out, "%10s %12s %9s %9s %9s %14s %8s\n", what, "a second", "p50 ms", "p99 ms", "p99.9 ms", "CPU µs/payment", "refused")
	var figures []figure
	payments := 0
	for run := range c.Runs {
		one, err := n.run(env.context, c.Clients, c.length())
		if err != nil {
			return one, 0, err
		}
		fmt.Fprint(env.out, one.line(strconv.Itoa(run+1)))
		figures, payments = append(figures, one), payments+one.payments
	}
	slices.SortFunc(figures, func(a, b figure) int { return cmp.Compare(a.PerSec, b.PerSec) })
	median := figures[len(figures)/2]
	fmt.Fprint(env.out, median.line("median"))
	return median, payments, n.settle(env)
}

// length is that of a run. What is measured only to be compared with is short.
func (c benchCommand) length() time.Duration {
	length := time.Duration(c.Seconds) * time.Second
	if c.Rate > 0 || c.Kind == "season" {
		return min(length, capacityRun)
	}
	return length
}

func (f figure) line(name string) string {
	return fmt.Sprintf("%10s %12.0f %9.1f %9.1f %9.1f %14.0f %8d\n", name, f.PerSec, f.P50, f.P99, f.P999, f.CPU, f.refused)
}

// A bulk is how large a database is, or how much it has grown.
type bulk struct {
	bytes  float64 // on the disk, indexes and journal included
	logged float64 // written to the log of a PostgreSQL
}

func (n *benchNetwork) size(ctx context.Context) (bulk, error) {
	bytes, err := n.first().store.Size(ctx)
	if err != nil {
		return bulk{}, err
	}
	logged, err := n.first().store.Logged(ctx)
	return bulk{float64(bytes), float64(logged)}, err
}

func (b bulk) less(before bulk) bulk { return bulk{b.bytes - before.bytes, b.logged - before.logged} }

func (b bulk) each(count int) bulk { return bulk{b.bytes / float64(count), b.logged / float64(count)} }

func (b bulk) String() string {
	if b.logged == 0 {
		return fmt.Sprintf("%.0f bytes each", b.bytes)
	}
	return fmt.Sprintf("%.0f bytes each, and %.0f of the log", b.bytes, b.logged)
}
