package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/store"
)

// The size of a crash test.
const (
	crashRounds  = 20
	crashClients = 32
	refundEvery  = 8 // one approved payment in so many is given back in part
)

// How long is waited for what happens by itself.
const (
	readyWithin = 60 * time.Second
	endWithin   = 30 * time.Second
	// settledWithin is longer than any deadline of a payment whose payer answers.
	settledWithin = 4 * time.Minute
	settledEvery  = 500 * time.Millisecond
)

// TestCrashByKill kills the network over and over while clients pay. Whatever a
// client was told stays true, and whatever was open comes to an end. It is not
// parallel, like its neighbours: they need the whole machine.
func TestCrashByKill(t *testing.T) {
	whenAsked(t)
	began := time.Now()
	site := newSite(t, t.TempDir(), build(t, ""))
	for range 5 {
		site.killWhileStarting(t, 150*time.Millisecond)
	}
	for round := range crashRounds {
		demo := site.start(t)
		site.audit(t)
		site.pay(demo, func() {
			time.Sleep(between(300*time.Millisecond, 2*time.Second))
			demo.kill(t)
		})
		if round%2 == 1 {
			site.killWhileStarting(t, 400*time.Millisecond)
		}
	}
	waited := site.settle(t)
	site.prove(t)
	t.Logf("%d kills under load, %d more while it started; %s; settled in %s; %s in all",
		crashRounds, site.early, &site.crowd, waited.Round(time.Millisecond), time.Since(began).Round(time.Second))
}

// TestCrashTestFindsLoss shows that the proof fails where something is missing:
// an invented acknowledgement, a database from before, a book from before.
func TestCrashTestFindsLoss(t *testing.T) {
	whenAsked(t)
	site := newSite(t, t.TempDir(), build(t, ""))
	payFor := func() *demo {
		demo := site.start(t)
		site.pay(demo, func() { time.Sleep(time.Second) })
		return demo
	}
	payFor().stop(t)
	site.wantNoLease(t)
	kept := len(site.crowd.acked)
	earlier := filepath.Join(t.TempDir(), "earlier")
	if err := os.CopyFS(earlier, os.DirFS(site.folder)); err != nil {
		t.Fatal(err)
	}
	payFor().stop(t)
	site.settle(t)
	site.prove(t)

	t.Run("an invented acknowledgement", func(t *testing.T) {
		liar := site.copy(t)
		liar.crowd.acknowledge("pay_invented")
		liar.wantDisproof(t, "payment pay_invented was acknowledged and is not there", "payment pay_invented was acknowledged and is")
	})
	t.Run("a database from before", func(t *testing.T) {
		old := site.copy(t)
		replace(t, filepath.Join(old.folder, "hansa.db"), filepath.Join(earlier, "hansa.db"))
		lost := site.crowd.acked[kept]
		old.wantDisproof(t, "payment "+lost+" was acknowledged and is", "payment "+lost+" was acknowledged and is",
			"alipay has moved money for", "nets has booked")
	})
	for _, party := range []string{"alipay", "nets"} {
		t.Run("a book from before of "+party, func(t *testing.T) {
			old := site.copy(t)
			book := filepath.Join("parties", party, "book.jsonl")
			replace(t, filepath.Join(old.folder, book), filepath.Join(earlier, book))
			if found := old.disagreements(t); len(found) == 0 || !strings.Contains(found[0], party) {
				t.Errorf("want a disagreement of %s, got %q", party, found)
			}
		})
	}
}

// whenAsked skips a test that takes minutes and the whole machine.
func whenAsked(t *testing.T) {
	t.Helper()
	if os.Getenv("HANSA_CRASH") == "" {
		t.Skip("it takes minutes: run make crash")
	}
}

func between(least, most time.Duration) time.Duration { return least + rand.N(most-least) }

// binaries are what a crash test runs.
type binaries struct{ hansa, exportcheck string }

// build compiles the binary of this package and the checker. An overlay is as go
// build takes it: it replaces source files.
func build(t *testing.T, overlay string) binaries {
	t.Helper()
	folder := t.TempDir()
	built := binaries{hansa: filepath.Join(folder, "hansa"), exportcheck: filepath.Join(folder, "exportcheck")}
	must(t, exec.Command("go", "build", "-overlay", overlay, "-o", built.hansa, "."))
	must(t, exec.Command("go", "-C", filepath.Join("..", "..", "tools"), "build", "-o", built.exportcheck, "./exportcheck"))
	return built
}

// must runs a command to its end and returns what it wrote.
func must(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	wrote, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command.Args, " "), err, wrote)
	}
	return string(wrote)
}

// A site is a data folder, what runs on it, and those who remember what they were
// told.
type site struct {
	binaries
	folder  string
	dsn     string // of a database that is not in the folder
	notes   string // a folder elsewhere: logs, and the list of acknowledgements
	address string // of the last demo
	early   int    // demos that were killed while they started
	crowd   crowd
}

func newSite(t *testing.T, folder string, built binaries) *site {
	t.Helper()
	return &site{binaries: built, folder: filepath.Join(folder, "data"), notes: t.TempDir()}
}

// copy is the same site with a copy of the folder.
func (s *site) copy(t *testing.T) *site {
	t.Helper()
	other := newSite(t, t.TempDir(), s.binaries)
	if err := os.CopyFS(other.folder, os.DirFS(s.folder)); err != nil {
		t.Fatal(err)
	}
	other.crowd.acked = slices.Clone(s.crowd.acked)
	return other
}

func replace(t *testing.T, file, by string) {
	t.Helper()
	text, err := os.ReadFile(by)
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A demo is one running network.
type demo struct {
	process *os.Process
	url     string
	gone    chan struct{} // closed when the process has ended
	state   *os.ProcessState
	log     string
}

// launch starts a demo on a free port and does not wait for it.
func (s *site) launch(t *testing.T) (d *demo, ready <-chan string) {
	t.Helper()
	d = &demo{gone: make(chan struct{}), log: filepath.Join(s.notes, "demo.log")}
	log, err := os.OpenFile(d.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	command := exec.Command(s.hansa, "demo", "--listen", "127.0.0.1:0", "--data", s.folder)
	command.Stderr = log
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	d.process = command.Process
	t.Cleanup(func() {
		_ = d.process.Kill() // It may have ended already.
		<-d.gone
	})
	said := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		if lines.Scan() {
			said <- strings.TrimPrefix(lines.Text(), "ready ")
		}
		_ = command.Wait() // How it ended is in its state.
		d.state = command.ProcessState
		close(d.gone)
	}()
	return d, said
}

// start starts a demo at another address than before and waits until it is ready.
func (s *site) start(t *testing.T) *demo {
	t.Helper()
	if s.address != "" {
		taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", s.address)
		if err == nil {
			defer taken.Close()
		}
	}
	d, ready := s.launch(t)
	select {
	case d.url = <-ready:
	case <-d.gone:
		t.Fatalf("the demo did not start: %s\n%s", d.state, s.lastWords(t))
	case <-time.After(readyWithin):
		t.Fatalf("the demo is not ready after %s\n%s", readyWithin, s.lastWords(t))
	}
	s.address = strings.TrimPrefix(d.url, "http://")
	return d
}

// lastWords are the last lines that the demos logged.
func (s *site) lastWords(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.notes, "demo.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(text, []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-40):], []byte("\n")))
}

// kill ends the process as a crash does. It must be running until then.
func (d *demo) kill(t *testing.T) {
	t.Helper()
	select {
	case <-d.gone:
		t.Errorf("the demo ended by itself: %s", d.state)
		return
	default:
	}
	if err := d.process.Kill(); err != nil {
		t.Errorf("kill the demo: %v", err)
	}
	<-d.gone
}

// stop ends the demo as an operator does.
func (d *demo) stop(t *testing.T) {
	t.Helper()
	if err := d.process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop the demo: %v", err)
	}
	select {
	case <-d.gone:
	case <-time.After(endWithin):
		t.Fatalf("the demo runs on %s after SIGTERM", endWithin)
	}
	if d.state.ExitCode() != 0 {
		t.Errorf("the demo ended with %s", d.state)
	}
}

// killWhileStarting kills a demo before, while or shortly after it gets ready.
func (s *site) killWhileStarting(t *testing.T, within time.Duration) {
	t.Helper()
	d, _ := s.launch(t)
	time.Sleep(rand.N(within))
	d.kill(t)
	s.early++
}

// pay lets all clients pay at the demo until during has returned.
func (s *site) pay(d *demo, during func()) {
	ctx, stop := context.WithCancel(context.Background())
	var paying sync.WaitGroup
	for range crashClients {
		paying.Go(func() { s.crowd.payOn(ctx, d.url) })
	}
	during()
	stop()
	paying.Wait()
	http.DefaultClient.CloseIdleConnections()
}

// A crowd pays as hansa pay does and remembers what it was told. It is safe for
// concurrent use.
type crowd struct {
	pace time.Duration // between two payments of a client

	mutex    sync.Mutex
	tried    int
	acked    []string          // references of approved payments
	refunds  int               // that were accepted
	told     map[string]string // outcomes of others, by reference
	refusals map[string]int
}

// payOn pays one payment after the other until ctx is over. The last one goes to
// its end, unless the network does before.
func (c *crowd) payOn(ctx context.Context, address string) {
	for ctx.Err() == nil {
		if !c.pay(ctx, sandbox{url: address + "/sandbox"}, wishOf(c.next())) {
			pause(ctx, 5*time.Millisecond)
		}
		if c.pace > 0 {
			pause(ctx, c.pace)
		}
	}
}

// pay pays once, and reports whether that was answered. It goes on when ctx is over.
func (c *crowd) pay(ctx context.Context, box sandbox, wished wish) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), payWithin)
	defer cancel()
	paid, err := box.play(ctx, wished)
	switch {
	case err != nil:
		c.refused(err)
	case paid.Receipt == nil:
		c.heard(paid)
	default:
		c.acknowledge(paid.Reference)
		if wished.Amount.Value%refundEvery == 0 {
			c.refund(ctx, box, wished, paid.Reference)
		}
	}
	return err == nil
}

// wishOf spreads payments over all wallets, stores and modes.
func wishOf(number int) wish {
	wallets, stores := sim.WalletTerms(), sim.World().Registry.Stores
	modes := []member.Mode{member.ConsumerPresented, member.Static, member.Dynamic}
	store := stores[number%len(stores)]
	return wish{
		Mode: modes[number%len(modes)], Wallet: wallets[number%len(wallets)].ID, Store: store.ID,
		Amount: money.New(500+int64(number)%4000, store.Currency),
	}
}

// refund gives back half of a payment.
func (c *crowd) refund(ctx context.Context, box sandbox, paid wish, reference string) {
	half := money.New(paid.Amount.Value/2, paid.Amount.Currency)
	path := paid.till() + "/payments/" + url.PathEscape(reference) + "/refunds"
	var movement api.Movement
	err := box.post(ctx, path, map[string]any{"amount": half}, &movement)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err == nil {
		c.refunds++
	}
}

func (c *crowd) next() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.tried++
	return c.tried
}

func (c *crowd) acknowledge(reference string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.acked = append(c.acked, reference)
}

// heard keeps another outcome, which is final as well.
func (c *crowd) heard(paid party.Paid) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.told == nil {
		c.told = make(map[string]string)
	}
	if paid.Status != "pending" {
		c.told[paid.Reference] = paid.Status
	}
}

// refused counts what was not answered. A fault of the line is what a crash looks
// like from here.
func (c *crowd) refused(err error) {
	what := "no answer"
	if reason, refused := hansa.ReasonOf(err); refused {
		what = string(reason)
	} else if _, ok := errors.AsType[*url.Error](err); !ok && !errors.Is(err, io.ErrUnexpectedEOF) {
		what = err.Error()
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.refusals == nil {
		c.refusals = make(map[string]int)
	}
	c.refusals[what]++
}

func (c *crowd) String() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return fmt.Sprintf("%d payments tried, %d approved as told, %d ended otherwise, %d refunds, no outcome: %v",
		c.tried, len(c.acked), len(c.told), c.refunds, c.refusals)
}

// list writes what was acknowledged to a file and returns its name.
func (s *site) list(t *testing.T) string {
	t.Helper()
	file := filepath.Join(s.notes, "acked")
	if err := os.WriteFile(file, []byte(strings.Join(s.crowd.acked, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func (s *site) database() string {
	if s.dsn != "" {
		return s.dsn
	}
	return filepath.Join(s.folder, "hansa.db")
}

// audit lets the network check itself, and every acknowledgement so far.
func (s *site) audit(t *testing.T) {
	t.Helper()
	if wrote, err := s.runAudit(t); err != nil {
		t.Fatalf("audit: %v\n%s\n%s", err, wrote, s.lastWords(t))
	}
}

func (s *site) runAudit(t *testing.T) (wrote string, err error) {
	t.Helper()
	out, err := exec.Command(s.hansa, "audit", "--db", s.database(), "--acked", s.list(t)).CombinedOutput()
	return string(out), err
}

// runCheck lets the checker judge the export and every acknowledgement.
func (s *site) runCheck(t *testing.T) (wrote string, err error) {
	t.Helper()
	check := exec.Command(s.exportcheck, "--acked", s.list(t))
	check.Stdin = bytes.NewReader(s.export(t))
	out, err := check.CombinedOutput()
	return string(out), err
}

func (s *site) export(t *testing.T) []byte {
	t.Helper()
	command := exec.Command(s.hansa, "export", "--db", s.database())
	var problems strings.Builder
	command.Stderr = &problems
	lines, err := command.Output()
	if err != nil {
		t.Fatalf("export: %v\n%s", err, &problems)
	}
	return lines
}

// settle starts the network once more, waits until nothing is open and all books
// agree, and stops it. It returns how long that took.
func (s *site) settle(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	demo := s.start(t)
	for {
		found := s.disagreements(t)
		if len(found) == 0 {
			break
		}
		if time.Since(began) > settledWithin {
			t.Fatalf("not settled after %s:\n%s\n%s", settledWithin, strings.Join(found[:min(len(found), 20)], "\n"), s.lastWords(t))
		}
		time.Sleep(settledEvery)
	}
	demo.stop(t)
	return time.Since(began)
}

// prove checks the site at rest.
func (s *site) prove(t *testing.T) {
	t.Helper()
	if len(s.crowd.acked) == 0 {
		t.Error("no payment was acknowledged: nothing is proved")
	}
	s.audit(t)
	wrote, err := s.runCheck(t)
	if err != nil {
		t.Errorf("the checker does not agree: %v", err)
	}
	t.Logf("exportcheck:\n%s", wrote)
	for _, disagreement := range s.disagreements(t) {
		t.Error(disagreement)
	}
	said := readVerdict(t, s.export(t))
	for reference, told := range s.crowd.told {
		if got := said.payments[reference].status; got != told {
			t.Errorf("payment %s was told to be %s and is %q", reference, told, got)
		}
	}
}

// wantNoLease wants that a network which was stopped has given back its leases, so
// that the next one need not wait for them.
func (s *site) wantNoLease(t *testing.T) {
	t.Helper()
	opened, err := store.Open(t.Context(), s.database())
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	subscriptions, err := opened.Read().Subscriptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, subscription := range subscriptions {
		if !subscription.LeasedUntil.IsZero() {
			t.Errorf("the webhooks of %s are leased until %s", subscription.Participant, subscription.LeasedUntil)
		}
	}
}

// wantDisproof wants audit and checker to find what is missing, and the books to
// disagree where a text for that is given.
func (s *site) wantDisproof(t *testing.T, check, audit string, disagreements ...string) {
	t.Helper()
	if wrote, err := s.runCheck(t); err == nil || !strings.Contains(wrote, check) {
		t.Errorf("want the checker to find %q, got %v\n%s", check, err, wrote)
	}
	if wrote, err := s.runAudit(t); err == nil || !strings.Contains(wrote, audit) {
		t.Errorf("want the audit to find %q, got %v\n%s", audit, err, wrote)
	}
	found := strings.Join(s.disagreements(t), "\n")
	for _, want := range disagreements {
		if !strings.Contains(found, want) {
			t.Errorf("want %q among the disagreements, got\n%s", want, found)
		}
	}
}
