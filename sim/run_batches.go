package sim

import "github.com/hansa-network/hansa/hub"

// A letter is a request that waits for the next batch, and whom to answer.
type letter struct {
	request hub.Request
	answer  func(hub.Result)
}

// A transit is a batch that is decided and on its way to the disk.
type transit struct {
	letters []letter
	draft   *hub.Draft
}

// post puts a request into the inbox of the node that lives now.
func (w *world) post(request hub.Request, answer func(hub.Result)) {
	request.Chance = w.chance()
	w.inbox = append(w.inbox, letter{request, answer})
	if w.stepping {
		return
	}
	w.stepping = true
	w.after(stepAfter, w.step)
}

// step decides what is in the inbox, ahead of its turn where that can be: the batch
// before it may still be on its way.
func (w *world) step() {
	w.stepping = false
	batch := w.inbox
	w.inbox = nil
	if len(batch) == 0 {
		return
	}
	if w.fate(w.dials.crash) {
		w.die()
		return
	}
	draft := w.decided(batch)
	life := w.life
	if !w.land() {
		draft = nil
	}
	if w.failed != nil || life != w.life {
		return
	}
	if draft == nil {
		w.stepInTurn(batch)
		return
	}
	w.under = &transit{batch, draft}
	w.after(w.delay(), func() {
		if w.under != nil && w.under.draft == draft {
			w.land()
		}
	})
}

// decided is a batch decided ahead of its turn, or nil where it cannot be.
func (w *world) decided(batch []letter) *hub.Draft {
	after := w.newest
	draft, err := w.hub.Draft(w.ctx, w.now, after)
	if err == nil {
		err = w.guarded(func() error { return draft.Add(w.ctx, requestsOf(batch)) })
	}
	if err != nil {
		return nil // Its turn will show what is wrong.
	}
	draft.Finish()
	w.newest = draft
	return draft
}

// land commits the batch that is on its way. It returns false where what was decided
// after that must be decided again: the commit has failed, or somebody else was first.
func (w *world) land() (asDecided bool) {
	under := w.under
	if under == nil {
		return true
	}
	w.under = nil
	if w.fate(w.dials.overtake) {
		w.stranger()
	}
	var committed hub.Committed
	confirmed := false
	err := w.guarded(func() error {
		turn, err := w.hub.Begin(w.ctx)
		if err != nil {
			return err
		}
		defer turn.End()
		if confirmed = turn.Confirms(under.draft) && !w.fate(w.dials.overtake); !confirmed {
			return nil // Another node was first, or the database says no.
		}
		committed, err = turn.Commit(w.ctx, under.draft)
		return err
	})
	if err != nil || !confirmed {
		w.stepInTurn(under.letters)
		return false
	}
	w.conclude(under.letters, committed)
	return true
}

// stranger lets another node commit.
func (w *world) stranger() {
	request := hub.Request{Operation: hub.Claim{Limit: 512}, Chance: w.chance()}
	committed, err := hub.New(w.store, [32]byte{1}).Step(w.ctx, w.now, []hub.Request{request})
	if err != nil {
		w.fail(err)
		return
	}
	w.conclude(nil, committed)
}

// stepInTurn decides a batch in its turn and commits it.
func (w *world) stepInTurn(batch []letter) {
	w.newest = nil
	var committed hub.Committed
	err := w.guarded(func() (err error) {
		committed, err = w.hub.Step(w.ctx, w.now, requestsOf(batch))
		return err
	})
	if err != nil {
		w.fail(err)
		return
	}
	w.conclude(batch, committed)
}

// conclude acts on what is committed, unless the node dies of it: then everything has
// happened and nobody was told. Before the commit nothing has.
func (w *world) conclude(batch []letter, committed hub.Committed) {
	w.tamper(committed)
	if w.fate(w.dials.crash) {
		w.die()
		return
	}
	for i, letter := range batch {
		if letter.answer != nil {
			letter.answer(committed.Results[i])
		}
	}
	for _, call := range committed.Calls {
		w.call(call)
	}
}

// guarded takes a broken invariant for what it is: a finding, after which the history
// cannot go on.
func (w *world) guarded(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			w.finding("broken invariant: %v", cause)
			err = errBroken
		}
	}()
	return do()
}

func requestsOf(batch []letter) []hub.Request {
	requests := make([]hub.Request, len(batch))
	for i, letter := range batch {
		requests[i] = letter.request
	}
	return requests
}
