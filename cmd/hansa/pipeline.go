package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/hansa-network/hansa/hub"
)

// Limits of what is decided ahead.
const (
	draftWorth = 32          // requests that are worth to be decided by themselves, while there is time until the next commit
	draftFor   = time.Second // how old a draft may be when its commit begins: its clock is that of its beginning
)

// A pipeline is the batches on their way: while one is being committed, the next one
// is decided. It belongs to the goroutine that runs the engine.
type pipeline struct {
	engine *engine
	next   passage     // is being decided
	under  *passage    // is being committed; nil: none
	ended  chan upshot // says what came of that
	last   *hub.Draft  // the newest that is committed, or is being so; nil: the last batch was decided in its turn
	aside  []job       // that must be decided in their turn
}

// A passage is a batch on its way.
type passage struct {
	jobs    []job
	draft   *hub.Draft // nil: there is none yet
	begun   time.Time  // when that was begun
	decided int        // so many of the jobs are in it
	inTurn  bool       // it cannot be decided ahead
}

// An upshot is what came of a commit.
type upshot struct {
	committed hub.Committed
	turn      *hub.Turn // still to be used, where it did not confirm the draft
	err       error
}

func newPipeline(e *engine) *pipeline { return &pipeline{engine: e, ended: make(chan upshot, 1)} }

// intake is where the next batch takes its requests from, as long as it takes any.
func (p *pipeline) intake() queue {
	if len(p.aside) > 0 || len(p.next.jobs) >= batchMax || p.next.inTurn {
		return queue{}
	}
	return p.engine.jobs
}

// take adds to the next batch whatever waits.
func (p *pipeline) take(ctx context.Context, first job) {
	if p.under == nil {
		p.engine.letOthersJoin()
	}
	for _, job := range p.engine.collect([]job{first}, batchMax-len(p.next.jobs)) {
		if hub.NeedsTurn(job.request.Operation) {
			p.aside = append(p.aside, job)
			continue
		}
		p.next.jobs = append(p.next.jobs, job)
	}
	waiting := p.next.jobs
	p.engine.vigil.next.Store(&waiting)
	if len(p.next.jobs)-p.next.decided >= draftWorth {
		p.decide(ctx)
	}
}

// decide adds to the draft of the next batch what is not in it yet.
func (p *pipeline) decide(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	fresh := p.next.jobs[p.next.decided:]
	if len(fresh) == 0 || p.next.inTurn {
		return
	}
	if p.under == nil {
		p.engine.vigil.begin(p.next.jobs) // What is read ahead may not come back either.
	}
	err := p.engine.guard(func() (err error) {
		if p.next.draft == nil {
			p.next.begun = p.engine.now()
			p.next.draft, err = p.engine.hub.Draft(ctx, p.next.begun, p.last)
		}
		if err == nil {
			err = p.next.draft.Add(ctx, requestsOf(fresh))
		}
		return err
	})
	p.next.decided = len(p.next.jobs)
	if err != nil {
		if !errors.Is(err, hub.ErrInTurn) {
			p.engine.log.Error("a batch is not decided ahead", "size", len(p.next.jobs), "error", err)
		}
		p.spoil()
	}
}

// spoil lets the next batch be decided in its turn.
func (p *pipeline) spoil() {
	p.last, p.next.draft = nil, nil
	p.next.inTurn = len(p.next.jobs) > 0
}

// goOn commits the next batch, as soon as none is under way.
func (p *pipeline) goOn(ctx context.Context) {
	for p.under == nil && len(p.next.jobs)+len(p.aside) > 0 {
		if p.launch(ctx) {
			return
		}
		jobs := append(p.leave().jobs, p.aside...)
		p.aside, p.last = nil, nil
		p.engine.step(ctx, jobs, max(batchMax, len(jobs)))
	}
}

// leave makes room for the batch after the next.
func (p *pipeline) leave() passage {
	left := p.next
	p.next = passage{}
	p.engine.vigil.next.Store(nil)
	return left
}

// launch begins the commit of the next batch if it has a draft.
func (p *pipeline) launch(ctx context.Context) bool {
	p.decide(ctx)
	draft := p.next.draft
	if draft == nil {
		return false
	}
	err := p.engine.guard(func() error { draft.Finish(); return nil })
	if err != nil || p.engine.now().Sub(p.next.begun) > draftFor {
		p.spoil()
		return false
	}
	under := p.leave()
	p.under, p.last = &under, draft
	p.engine.vigil.begin(under.jobs)
	go func() { p.ended <- p.engine.commit(ctx, draft) }()
	return true
}

// commit commits a draft, if its turn confirms it.
func (e *engine) commit(ctx context.Context, draft *hub.Draft) (end upshot) {
	ctx = context.WithoutCancel(ctx)
	end.err = e.guard(func() error {
		turn, err := e.hub.Begin(ctx)
		if err != nil {
			return err
		}
		if !turn.Confirms(draft) {
			end.turn = turn
			return nil
		}
		time.Sleep(e.slow)
		end.committed, err = turn.Commit(ctx, draft)
		return err
	})
	return end
}

// settle answers the batch that was under way. The next one does not wait for that.
func (p *pipeline) settle(ctx context.Context, end upshot) {
	batch := p.under
	p.under = nil
	if end.err == nil && end.turn == nil {
		p.engine.vigil.end(nil)
		p.launch(ctx)
		p.engine.tell(ctx, batch.jobs, end.committed)
		return
	}
	p.spoil()
	if end.turn != nil { // Somebody else has committed, and what was decided may be wrong.
		end.committed, end.err = p.engine.guarded(ctx, end.turn, batch.jobs)
	}
	p.engine.conclude(ctx, batch.jobs, end)
	if isUnavailable(end.err) {
		sendAll(append(p.leave().jobs, p.aside...))
		p.aside = nil
	}
}

// end commits what is on its way.
func (p *pipeline) end(ctx context.Context) {
	for p.goOn(ctx); p.under != nil; p.goOn(ctx) {
		p.settle(ctx, <-p.ended)
	}
}

// guard takes a panic of the rules for an error.
func (e *engine) guard(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			e.log.Error("broken invariant", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			err = &brokenInvariant{cause}
		}
	}()
	return do()
}

func requestsOf(jobs []job) []hub.Request {
	requests := make([]hub.Request, len(jobs))
	for i, job := range jobs {
		requests[i] = job.request
	}
	return requests
}
