package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// Limits of the engine.
const (
	batchMax    = 256  // requests in one commit
	joinLooks   = 3    // how often those who are ready are let run before a commit
	joinEnough  = 40   // requests that are worth a commit as they are
	queueMax    = 4096 // requests of each kind that wait for one; of new ones, far fewer
	callsMax    = 1024 // calls on their way
	claimMax    = 256  // subjects that the clock wakes in one batch
	wakeEvery   = 100 * time.Millisecond
	retryAfter  = 50 * time.Millisecond // after a batch that could not be committed
	answersMax  = 100                   // how often an answer is handed in
	brokenAgain = 5 * time.Second       // until what cannot be woken is tried again
)

// errStopped says that the engine takes nothing more.
var errStopped = errors.New("the engine has stopped")

// An engine collects requests into batches, lets the hub step, makes the calls
// that follow and wakes what is due. It owns the goroutines, the clock and the
// chance that the hub does without.
type engine struct {
	hub     *hub.Hub
	now     func() time.Time
	calls   asker
	slow    time.Duration // added to every commit, to see what a slower disk costs
	hooks   *hooker
	notices *notifier // of clients of other protocols
	vigil   vigil
	entry   admission
	watch   *watchers
	recent  *recent
	tail    *tail
	crash   crasher
	log     *slog.Logger
	jobs    queue
	stopped chan struct{}
	work    sync.WaitGroup
	room    *callRoom
}

type job struct {
	request hub.Request
	done    chan<- answer
}

type answer struct {
	result *hub.Result // nil with an error
	err    error
}

// answer tells whoever has handed in the job what came of it, once.
func (j job) answer(a answer) {
	select {
	case j.done <- a:
	default:
	}
}

// An asker makes a call, with no transaction open, and returns what was heard.
type asker interface {
	make(ctx context.Context, call hub.Call) payment.Event
}

func newEngine(h *hub.Hub, calls asker, now func() time.Time, log *slog.Logger) *engine {
	return &engine{
		hub: h, now: now, calls: calls, watch: newWatchers(), recent: newRecent(), tail: &tail{}, log: log,
		jobs: newQueue(), stopped: make(chan struct{}), room: newCallRoom(),
	}
}

// Do hands in a request and waits until it is committed. An error means that
// the outcome is unknown to the caller: the same request may be handed in again.
func (e *engine) Do(ctx context.Context, request hub.Request) (hub.Result, error) {
	if !e.vigil.admits() {
		return hub.Result{}, errStalled
	}
	stay, answered := e.entry.enter(), false
	defer func() { stay.end(answered) }()
	done := make(chan answer, 1)
	if !e.jobs.put(job{request, done}) {
		return hub.Result{Refusal: hansa.Refuse(hansa.Overloaded, "the queue is full: try again")}, nil
	}
	select {
	case got := <-done:
		if got.err != nil {
			return hub.Result{}, got.err
		}
		answered = true
		return *got.result, nil
	case <-e.stopped:
		return hub.Result{}, errStopped
	case <-ctx.Done():
		return hub.Result{}, ctx.Err()
	}
}

// run steps until ctx ends, and returns when everything that it began has ended.
func (e *engine) run(ctx context.Context) {
	e.work.Go(func() { e.wake(ctx) })
	e.work.Go(func() { e.hooks.run(ctx, e) })
	if e.notices != nil {
		e.work.Go(func() { e.notices.run(ctx, e) })
	}
	e.work.Go(func() { e.vigil.run(ctx, e.jobs) })
	p := newPipeline(e)
	for {
		intake := p.intake()
		select {
		case first := <-intake.ends:
			p.take(ctx, first)
		case first := <-intake.starts:
			p.take(ctx, first)
		case end := <-p.ended:
			p.settle(ctx, end)
		case <-ctx.Done():
			p.end(ctx)
			e.finish(ctx)
			return
		}
		p.goOn(ctx)
	}
}

// finish commits what those who are still at work hand in, until they have ended:
// what they have leased is given back, and nobody waits for a lease to run out.
func (e *engine) finish(ctx context.Context) {
	ended := make(chan struct{})
	go func() { e.work.Wait(); close(ended) }()
	for {
		first, ok := e.jobs.first(ended)
		if !ok {
			close(e.stopped)
			return
		}
		e.step(ctx, []job{first}, batchMax)
	}
}

// letOthersJoin lets run who is ready to, a few times, since most of them are about to
// hand something in: a commit costs about as much for one request as for many, so
// while the processors are busy it is not worth its price for one. Where they are
// idle this takes no time.
func (e *engine) letOthersJoin() {
	for range joinLooks {
		if e.jobs.waiting() >= joinEnough {
			return
		}
		runtime.Gosched()
	}
}

// collect adds what waits to a batch, up to so many.
func (e *engine) collect(batch []job, most int) []job {
	for len(batch) < most {
		next, ok := e.jobs.next()
		if !ok {
			break
		}
		batch = append(batch, next)
	}
	return batch
}

// step decides a batch in its turn and commits it, answers it, and then acts. Whatever
// is handed in while the others have their turn belongs to the batch, up to so many.
func (e *engine) step(ctx context.Context, batch []job, most int) {
	e.vigil.begin(batch)
	var end upshot
	turn, err := e.hub.Begin(context.WithoutCancel(ctx))
	end.err = err
	if err == nil {
		batch = e.collect(batch, most)
		e.vigil.begin(batch)
		end.committed, end.err = e.guarded(ctx, turn, batch)
	}
	e.conclude(ctx, batch, end)
}

// conclude acts on what came of a batch. One that cannot be committed is taken apart,
// so that one request cannot stop the others; one whose commit may have happened is
// not, nor one for which there was no database.
func (e *engine) conclude(ctx context.Context, batch []job, end upshot) {
	err := end.err
	e.vigil.end(err)
	if err != nil && len(batch) > 1 && !errors.Is(err, store.ErrOutcomeUnknown) && !isUnavailable(err) {
		e.log.Error("a batch is taken apart", "size", len(batch), "error", err)
		for i := range batch {
			e.step(ctx, batch[i:i+1], 1)
		}
		return
	}
	if err != nil {
		e.log.Error("a batch was not committed", "size", len(batch), "error", err)
		for _, job := range batch {
			job.answer(answer{err: err})
		}
		if isUnavailable(err) {
			send(e.jobs)
		}
		pause(ctx, retryAfter)
		return
	}
	e.tell(ctx, batch, end.committed)
}

// tell answers a batch that is committed, and begins what follows from it.
func (e *engine) tell(ctx context.Context, batch []job, committed hub.Committed) {
	e.recent.add(committed)
	e.tail.add(committed.Recorded)
	// K1, K2, K3 and K7 lie behind us: it is durable, and nobody has heard of it.
	// Who hears of a change by its answer need not be told of it as well.
	e.watch.tell(committed.Changed)
	for i, job := range batch {
		job.answer(answer{result: &committed.Results[i]})
	}
	if len(committed.Recorded) > 0 {
		e.watch.tell([]string{web.Journal})
		e.hooks.ring()
	}
	for i := range committed.Calls {
		e.work.Go(func() { e.act(ctx, committed.Calls[i]) })
	}
}

// act makes one call and brings its answer back as a request.
func (e *engine) act(ctx context.Context, call hub.Call) {
	if !e.room.take(ctx, call.Wallet.ID) {
		return
	}
	defer e.room.give(call.Wallet.ID)
	e.crash.at(owed(call)) // K4, K12
	event := e.calls.make(ctx, call)
	e.crash.at(heard(event)) // K6, K11
	if ctx.Err() != nil {
		return // Nothing was heard because we stop: the lease runs out and another asks again.
	}
	for range answersMax {
		result, err := e.Do(ctx, hub.Request{Chance: chance(), Operation: hub.Answered{Call: call, Event: event}})
		if err == nil && result.Refusal == nil || !pause(ctx, retryAfter) {
			return
		}
	}
	e.log.Error("an answer is put aside: its lease runs out and it is asked for again", "payment", call.Payment.ID, "call", call.Call)
}

// wake lets time pass for what is due.
func (e *engine) wake(ctx context.Context) {
	for pause(ctx, wakeEvery) {
		due, waiting, err := e.hub.Read().NextWake(ctx)
		if err != nil && ctx.Err() == nil {
			e.log.Error("cannot read what is due", "error", err)
		}
		if err != nil || !waiting || due.After(e.now()) {
			continue
		}
		err = e.claim(ctx, hub.Claim{Limit: claimMax})
		if isBroken(err) {
			e.claimEach(ctx)
		} else if err != nil && ctx.Err() == nil {
			e.log.Error("cannot wake what is due", "error", err)
		}
	}
}

// claimEach wakes what is due one by one, and passes over what cannot be woken.
func (e *engine) claimEach(ctx context.Context) {
	skip := 0
	for range claimMax {
		if isBroken(e.claim(ctx, hub.Claim{Skip: skip, Limit: 1})) {
			skip++
		}
	}
	pause(ctx, brokenAgain)
}

func isUnavailable(err error) bool {
	reason, _ := hansa.ReasonOf(err)
	return reason == hansa.Unavailable
}

func isBroken(err error) bool {
	_, broken := errors.AsType[*brokenInvariant](err)
	return broken
}

func (e *engine) claim(ctx context.Context, operation hub.Claim) error {
	_, err := e.Do(ctx, hub.Request{Chance: chance(), Operation: operation})
	return err
}

// A brokenInvariant is a panic of the rules.
type brokenInvariant struct{ cause any }

func (b *brokenInvariant) Error() string { return fmt.Sprintf("broken invariant: %v", b.cause) }

// guarded decides a batch in its turn and commits it.
func (e *engine) guarded(ctx context.Context, turn *hub.Turn, batch []job) (committed hub.Committed, err error) {
	err = e.guard(func() error {
		time.Sleep(e.slow)
		committed, err = turn.Step(context.WithoutCancel(ctx), e.now(), requestsOf(batch))
		return err
	})
	return committed, err
}

// pause waits, and reports whether ctx still goes on.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// chance draws from the machine's source of randomness, which cannot fail.
func chance() (c hansa.Chance) {
	_, _ = rand.Read(c[:])
	return c
}
