package hub

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/hansa-network/hansa/store"
)

// ErrInTurn says that a batch must be decided in its turn.
var ErrInTurn = errors.New("this must be decided in its turn")

// aloneEnough is how many Steps nobody else may have committed between before it is
// worth to decide ahead: where nodes take turns, each would decide all twice.
const aloneEnough = 4

// A Draft is a batch that is decided ahead of its turn, while the one before it may
// still be on its way to the disk. What that one has read and written it takes from
// there. For the rest it supposes that nobody else commits until its turn, which then
// shows whether that is so. It may be committed beside what its hub does meanwhile.
type Draft struct {
	batch   *batch
	outlook *store.Outlook
	after   *Draft     // that must have been committed just before; nil: a Step
	head    store.Head // as that Step has left it
	results []Result
	decided decided
	left    store.Head // as the commit of this draft has left it; zero before that
}

// NeedsTurn reports whether an operation cannot be part of a draft: it reads more than
// rows that it can name, or changes what all decisions rest on.
func NeedsTurn(operation Operation) bool {
	switch operation.(type) {
	case Claim, Replay, Enrol, Suspend, Authorise, SetWebhook, SetHook, PublishRates:
		return true
	}
	return false
}

// Draft begins a batch that follows after, the newest draft, or the last Step where
// that is nil. It returns ErrInTurn where that is not known well enough.
func (h *Hub) Draft(ctx context.Context, now time.Time, after *Draft) (*Draft, error) {
	if h.alone < aloneEnough || h.directory == nil || h.directory.Version() != h.head.Directory {
		return nil, ErrInTurn
	}
	outlook, err := h.store.Outlook(ctx)
	if err != nil {
		return nil, err
	}
	h.latest = latest(microsecond(now), h.latest)
	d := &Draft{outlook: outlook, after: after, head: h.head}
	if after != nil {
		d.batch = newBatch(h, outlook, h.latest)
		d.batch.comesAfter(after.batch)
		return d, nil
	}
	d.batch, err = firstBatch(ctx, h, outlook, h.latest)
	return d, err
}

// Add decides more requests, in order. After an error the draft is of no use.
func (d *Draft) Add(ctx context.Context, requests []Request) error {
	for _, request := range requests {
		if NeedsTurn(request.Operation) {
			return ErrInTurn
		}
	}
	results, err := d.batch.add(ctx, d.results, requests)
	d.results = results
	if err == nil && d.batch.directoryChanged {
		err = ErrInTurn
	}
	return err
}

// Finish ends a draft, to which nothing is added any more.
func (d *Draft) Finish() {
	d.decided = d.batch.finished(d.results)
	d.batch.comesAfter(nil)
}

// Confirms reports whether all that a finished draft supposes is true in this turn. If
// not, its requests must be decided again.
func (t *Turn) Confirms(d *Draft) bool {
	head := d.head
	if d.after != nil {
		head = d.after.left
	}
	return t.tx.Confirms(d.outlook, head)
}

// End gives a turn back. Nothing has happened in it.
func (t *Turn) End() { t.tx.Rollback() }

// Commit commits a draft that the turn confirms, as Step would, and ends the turn.
func (t *Turn) Commit(ctx context.Context, d *Draft) (Committed, error) {
	defer t.tx.Rollback()
	committed, err := t.commit(ctx, d.decided)
	if err == nil {
		d.left, d.after = t.tx.Head(), nil
	}
	return committed, err
}

// comesAfter lets a batch know what the one before it has read and written.
func (b *batch) comesAfter(before *batch) {
	b.before = before
	if before == nil {
		before = new(batch)
	}
	b.requests.before = &before.requests
	b.nonces.before = &before.nonces
	b.codes.before = &before.codes
	b.persons.before = &before.persons
	b.references.before = &before.references
	b.payments.before = &before.payments
	b.movements.before = &before.movements
	b.orders.before = &before.orders
	b.quotes.before = &before.quotes
	b.positions.before = &before.positions
	b.stores.before = &before.stores
	b.terminals.before = &before.terminals
	b.storeCodes.before = &before.storeCodes
	b.misses.before = &before.misses
	b.ranges.before = &before.ranges
	b.subscriptions.before = &before.subscriptions
	maps.Copy(b.windows, before.windows)
}
