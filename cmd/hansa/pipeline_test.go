package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// A gate holds commits at a stage, one by one, and lets them go on when it is told to.
type gate struct {
	stage   store.Stage
	shut    atomic.Bool
	arrived chan struct{}
	goOn    chan func()
}

func (g *gate) watch(stage store.Stage, _ store.Rows) {
	if g.shut.Load() && stage == g.stage {
		g.arrived <- struct{}{}
		(<-g.goOn)()
	}
}

func pass() {}

// codesOf issues codes of a store through a node whose commits stop at a gate.
type codesOf struct {
	*gate

	t     *testing.T
	node  *node
	file  string
	mutex sync.Mutex
	codes map[string]int // how often each was issued
	work  sync.WaitGroup
}

// openCodes opens a node that has been alone for long enough to decide ahead.
func openCodes(t *testing.T, stage store.Stage) *codesOf {
	t.Helper()
	c := &codesOf{
		gate: &gate{stage: stage, arrived: make(chan struct{}), goOn: make(chan func())},
		t:    t, file: filepath.Join(t.TempDir(), "hansa.db"), codes: make(map[string]int),
	}
	known, err := openSecrets(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.node, err = openNode(t.Context(), setting{dsn: c.file, secrets: known, now: sim.Since().AddDate(1, 0, 0).UTC, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	c.node.store.Watch(c.watch)
	world := sim.World()
	c.step(c.node.hub, hub.Request{Operation: hub.Enrol{Listing: world.Listing, Registry: world.Registry, Ranges: world.Ranges}})
	for range 6 {
		c.step(c.node.hub, c.request())
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { c.node.engine.run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		if err := c.node.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (c *codesOf) request() hub.Request {
	return hub.Request{Participant: "nets", Chance: chance(), Operation: hub.IssueStoreCode{Store: sim.World().Registry.Stores[0].ID}}
}

func (c *codesOf) step(h *hub.Hub, request hub.Request) {
	c.t.Helper()
	committed, err := h.Step(context.Background(), c.node.now(), []hub.Request{request})
	if err == nil {
		err = committed.Results[0].Refusal
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.codes[committed.Results[0].StoreCode.Code]++
}

// ask hands in requests at once.
func (c *codesOf) ask(count int) {
	for range count {
		c.work.Go(func() {
			result, err := c.node.engine.Do(context.Background(), c.request())
			if err == nil {
				err = result.Refusal
			}
			c.mutex.Lock()
			defer c.mutex.Unlock()
			if err != nil {
				c.t.Error(err)
			}
			c.codes[result.StoreCode.Code]++
		})
	}
}

func (c *codesOf) issued() (issued int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, times := range c.codes {
		issued += times
	}
	return issued
}

// held waits until the next batch of so many is decided, while one is held.
func (c *codesOf) held(next int) {
	c.t.Helper()
	until(c.t, "the next batch is collected", func() bool {
		batch := c.node.engine.vigil.next.Load()
		return batch != nil && len(*batch) == next
	})
}

// wantOneOfEach: no code was issued twice.
func (c *codesOf) wantOneOfEach(count int) {
	c.t.Helper()
	for code, times := range c.codes {
		if code != "" && times != 1 {
			c.t.Errorf("code %s was issued %d times", code, times)
		}
	}
	if got := c.issued(); got != count {
		c.t.Errorf("%d codes, and not %d", got, count)
	}
}

// drafted is enough to be decided while a commit is held.
const drafted = draftWorth + 8

// TestTheNextBatchIsDecidedWhileOneCommits, and nobody hears of it before its own
// commit.
func TestTheNextBatchIsDecidedWhileOneCommits(t *testing.T) {
	t.Parallel()
	c := openCodes(t, store.Written)
	before := c.issued()
	c.shut.Store(true)
	c.ask(1)
	<-c.arrived
	c.ask(drafted)
	c.held(drafted)
	if got := c.issued(); got != before {
		t.Errorf("%d have heard of what is not committed", got-before)
	}
	c.goOn <- pass
	<-c.arrived
	until(t, "the first batch is answered", func() bool { return c.issued() == before+1 })
	head, err := c.node.hub.Read().Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.shut.Store(false)
	c.goOn <- pass
	c.work.Wait()
	c.wantOneOfEach(before + 1 + drafted)
	after, err := c.node.hub.Read().Head(t.Context())
	if err != nil || after.Height != head.Height+1 {
		t.Errorf("the next batch took %d blocks, %v", after.Height-head.Height, err)
	}
}

// TestWhatFollowsAFailedCommitIsDecidedAgain: it rests on what has not happened.
func TestWhatFollowsAFailedCommitIsDecidedAgain(t *testing.T) {
	t.Parallel()
	c := openCodes(t, store.Written)
	before := c.issued()
	c.shut.Store(true)
	c.ask(1)
	<-c.arrived
	c.ask(drafted)
	c.held(drafted)
	c.goOn <- pass
	<-c.arrived // The second batch, in which all want a code of their own.
	c.ask(drafted)
	c.held(drafted)
	c.shut.Store(false)
	c.goOn <- func() { panic("the disk says no") }
	c.work.Wait()
	c.wantOneOfEach(before + 1 + 2*drafted)
}

// TestWhatSomebodyElseOvertakesIsDecidedAgain: another node commits between the two.
func TestWhatSomebodyElseOvertakesIsDecidedAgain(t *testing.T) {
	t.Parallel()
	c := openCodes(t, store.Committed)
	before := c.issued()
	c.shut.Store(true)
	c.ask(1)
	<-c.arrived
	c.ask(drafted)
	c.held(drafted)
	other, err := store.Open(t.Context(), c.file)
	if err != nil {
		t.Fatal(err)
	}
	c.step(hub.New(other, c.node.secrets.tokens), c.request())
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	c.shut.Store(false)
	c.goOn <- pass
	c.work.Wait()
	c.wantOneOfEach(before + 2 + drafted)
}
