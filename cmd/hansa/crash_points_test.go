package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/store/pgtest"
)

// The size of the test of all points.
const (
	deathsAtPoint = 2
	nthMax        = 6 // time that a switch comes to its point, at most
	reachedWithin = time.Minute
	aliveFor      = time.Second // after the last death, before the clients leave
)

// crashPoints are all of them, and those within the commits of some.
func crashPoints() []crashPoint {
	points := []crashPoint{requestRead}
	for _, point := range []crashPoint{requestKept, codeResolved, quoteLocked, reserved} {
		points = append(points, point+beforeTheWrite, point+beforeTheCommit, point)
	}
	return append(points,
		walletAsked, walletHeard, outcomeKept+beforeTheWrite, outcomeKept+beforeTheCommit, outcomeKept,
		tillAnswered, webhookPosted, cancelSent, reversalHeard,
		refundReserved+beforeTheWrite, refundReserved+beforeTheCommit, refundReserved)
}

// A doom is how a switch ends at a point, and on what database.
type doom struct {
	name string
	open func(*testing.T) (dsn string, disk *disk)
}

func dooms() []doom {
	return []doom{
		{"kill, SQLite", func(t *testing.T) (string, *disk) { return filepath.Join(t.TempDir(), "hansa.db"), nil }},
		{"power, SQLite", func(t *testing.T) (string, *disk) {
			disk := newDisk(t)
			return filepath.Join(disk.folder, "hansa.db"), disk
		}},
		{"kill, PostgreSQL", func(t *testing.T) (string, *disk) { return pgtest.Database(t), nil }},
	}
}

// TestCrashAtEveryPoint lets a switch die at each point in each way while clients
// do all that they can do. The parties live on, with books of their own. What the
// next switch makes of it must be what everybody was told.
func TestCrashAtEveryPoint(t *testing.T) {
	whenAsked(t)
	built := build(t, "")
	verdicts := newVerdicts()
	t.Run("points", func(t *testing.T) {
		for _, doom := range dooms() {
			for _, point := range crashPoints() {
				t.Run(doom.name+"/"+string(point), func(t *testing.T) {
					t.Parallel()
					t.Cleanup(func() { verdicts.enter(t, doom.name, point) })
					dsn, disk := doom.open(t)
					newOrdeal(t, built, dsn, disk).suffer(t, point)
				})
			}
		}
	})
	t.Logf("each point, %d deaths in each way:\n%s", deathsAtPoint, verdicts)
}

// TestASwitchDiesAtItsPoint is the smallest such test, and runs always: the outcome
// is committed, nobody knows of it, and the next switch says it.
func TestASwitchDiesAtItsPoint(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, binaries{}, filepath.Join(t.TempDir(), "hansa.db"), nil)
	dying := o.order(outcomeKept, 1).launch(t)
	payer := o.payer("momo", sim.AcceptsAlways)
	begun, err := o.as("nets").ask("bergen-cafe", payer.code(), "bill", fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	dying.dies(t, nil)
	if payer.spent() == "0.00 EUR" {
		t.Error("it has died before the wallet was asked")
	}
	next := o.order(noCrash, 0).launch(t)
	if p, err := o.as("nets").payment(begun.Reference); err != nil || p.Status != "approved" {
		t.Errorf("%+v, %v", p, err)
	}
	next.stop(t)
	if status, out, problems := hansaSays(t, "audit", "--db", o.site.dsn); status != 0 {
		t.Errorf("audit: %s%s", out, problems)
	}
}

// An ordeal is a network whose switch is a process of its own, on a database. The
// parties run here and do not die with it.
type ordeal struct {
	*network

	site    *site
	disk    *disk   // on which the database is, if its power can be cut
	till    speaker // of an acquirer
	answers answers
}

func newOrdeal(t *testing.T, built binaries, dsn string, disk *disk) *ordeal {
	t.Helper()
	folder := t.TempDir()
	o := &ordeal{network: networkIn(t, folder), site: newSite(t, folder, built), disk: disk}
	o.site.folder, o.site.dsn, o.site.address = folder, dsn, freeAddress(t)
	o.url = "http://" + o.site.address
	own, err := openSecrets(filepath.Join(folder, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	o.public = publicOf(own.key)
	parties := o.join(t, own)
	o.till = o.as("nets")
	rest := background(t, parties.Run)
	front := listener(t)
	o.box = sandbox{"http://" + front.Addr().String() + "/sandbox"}
	server := &http.Server{Handler: parties.Sandbox(), ReadHeaderTimeout: readyWithin}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(front) }) // It ends when it is closed.
	t.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
		rest()
		parties.Close()
		o.transport.Close()
	})
	return o
}

// join makes the database, opens the parties and enters the world.
func (o *ordeal) join(t *testing.T, own secrets) *party.Parties {
	t.Helper()
	n, err := openNode(t.Context(), setting{dsn: o.site.dsn, secrets: own, loopback: true, now: time.Now, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	parties, err := party.Open(party.Config{
		Folder: filepath.Join(o.folder, "parties"), Switch: switchOf(n, o.url), World: sim.World(),
		Now: time.Now, Chance: chance, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	operator, err := openOperator(filepath.Join(o.folder, "keys"))
	if err == nil {
		err = enrol(t.Context(), n, parties.Joined().Joined(sim.Operator, operator))
	}
	if err == nil {
		err = n.store.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return parties
}

// freeAddress is one that no connection is given by chance while nobody listens
// there.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.N(20_000))
		if free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address); err == nil {
			_ = free.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

func (o *ordeal) order(point crashPoint, nth int64) order {
	return order{
		DSN: o.site.dsn, Keys: filepath.Join(o.folder, "keys"), Address: o.site.address,
		Point: point, Nth: nth, Freezes: o.disk != nil,
	}
}

// suffer lets the switch die at the point more than once under load: the second time
// while it takes up what the first has left. It is proved to have come there.
func (o *ordeal) suffer(t *testing.T, point crashPoint) {
	t.Helper()
	leave := o.load(t)
	for range deathsAtPoint {
		dying := o.order(point, 1+rand.N[int64](nthMax)).launch(t)
		if o.disk == nil {
			dying.dies(t, nil)
		} else {
			dying.dies(t, func() { o.disk.cut(t) })
			o.disk.remount(t)
		}
		o.site.audit(t)
	}
	last := o.order(noCrash, 0).launch(t)
	time.Sleep(aliveFor)
	leave()
	o.comesToRest(t, last)
	o.answers.wantSameAnswers(t, o)
	last.stop(t)
	if text := last.problems.String(); text != "" {
		t.Errorf("faults:\n%s", text)
	}
	o.site.prove(t)
	t.Log(&o.site.crowd)
}

// comesToRest waits until nothing is open and all books agree.
func (o *ordeal) comesToRest(t *testing.T, last *deathbed) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(settledEvery) {
		found := o.site.disagreements(t)
		if len(found) == 0 {
			return
		}
		if time.Since(began) > settledWithin {
			t.Fatalf("not settled after %s:\n%s\n%s", settledWithin, strings.Join(found[:min(len(found), 20)], "\n"), last.problems)
		}
	}
}

// verdicts are what came of each point in each way. They are safe for concurrent
// use.
type verdicts struct {
	mutex sync.Mutex
	found map[crashPoint]map[string]string
}

func newVerdicts() *verdicts { return &verdicts{found: make(map[crashPoint]map[string]string)} }

func (v *verdicts) enter(t *testing.T, doom string, point crashPoint) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if v.found[point] == nil {
		v.found[point] = make(map[string]string)
	}
	switch {
	case t.Failed():
		v.found[point][doom] = "FAILED"
	case t.Skipped():
		v.found[point][doom] = "skipped"
	default:
		v.found[point][doom] = "clean"
	}
}

func (v *verdicts) String() string {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	var b strings.Builder
	line := func(first string, cell func(string) string) {
		cells := []string{fmt.Sprintf("%-12s", first)}
		for _, doom := range dooms() {
			cells = append(cells, fmt.Sprintf("%-16s", cell(doom.name)))
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
	}
	line("", func(name string) string { return name })
	for _, point := range crashPoints() {
		line(string(point), func(name string) string { return v.found[point][name] })
	}
	return b.String()
}
