package hub

import (
	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// Cancel stops a payment of the acquirer that asks: before the outcome, or by
// the free cancel after it.
type Cancel struct {
	Payment string
	Open    bool // only before the outcome: one that is approved refuses NotAllowedNow
}

func (Cancel) name() string { return "cancel" }

func (op Cancel) wants(w *want, _ Request) { w.payment(op.Payment) }

func (op Cancel) apply(b *batch, r Request) (Result, string, error) {
	p, err := b.ownPayment(op.Payment, r.Participant, acquirerOf)
	if err != nil {
		return Result{}, "", err
	}
	if op.Open && p.Outcome == payment.WasApproved {
		return Result{}, "", hansa.Refuse(hansa.NotAllowedNow, "this payment is approved")
	}
	id := b.newID(prefixMovement, r)
	switch p.State {
	case payment.Asking, payment.AwaitingPayer, payment.Resolving, payment.Debiting, payment.Announced,
		payment.Declined, payment.Reversing, payment.Reversed:
		p, err = b.decide(p, payment.CancelAsked{}, r)
		return Result{Payment: p}, p.ID, err
	case payment.Authorised:
		return b.move(p, payment.ReleaseAsked{ID: id}, id, r)
	case payment.Approved:
		return b.move(p, payment.ApprovalCancelled{ID: id}, id, r)
	}
	panic("unknown state " + string(p.State))
}

func (Cancel) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// move lets an event make a movement of p.
func (b *batch) move(p payment.Payment, event payment.Event, id string, r Request) (Result, string, error) {
	p, err := b.decide(p, event, r)
	if err != nil {
		return Result{}, "", err
	}
	m, _ := b.movements.read(id)
	return Result{Payment: p, Movement: m}, p.ID + " " + id, nil
}

// Capture takes a part of what was authorised.
type Capture struct {
	Payment string
	Amount  money.Amount
}

func (Capture) name() string { return "capture" }

func (op Capture) wants(w *want, _ Request) { w.payment(op.Payment) }

func (op Capture) apply(b *batch, r Request) (Result, string, error) {
	id := b.newID(prefixMovement, r)
	return b.moveOwn(op.Payment, payment.CaptureAsked{ID: id, Amount: op.Amount}, id, r)
}

func (Capture) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// Release gives up what was authorised and not captured.
type Release struct{ Payment string }

func (Release) name() string { return "release" }

func (op Release) wants(w *want, _ Request) { w.payment(op.Payment) }

func (op Release) apply(b *batch, r Request) (Result, string, error) {
	id := b.newID(prefixMovement, r)
	return b.moveOwn(op.Payment, payment.ReleaseAsked{ID: id}, id, r)
}

func (Release) recall(b *batch, subject string) Result { return b.recallAny(subject) }

// Refund gives back a part of what was captured.
type Refund struct {
	Payment string
	Amount  money.Amount
}

func (Refund) name() string { return "refund" }

func (op Refund) wants(w *want, _ Request) { w.payment(op.Payment) }

func (op Refund) apply(b *batch, r Request) (Result, string, error) {
	id := b.newID(prefixMovement, r)
	return b.moveOwn(op.Payment, payment.RefundAsked{ID: id, Amount: op.Amount}, id, r)
}

func (Refund) recall(b *batch, subject string) Result { return b.recallAny(subject) }

func (b *batch) moveOwn(paymentID string, event payment.Event, id string, r Request) (Result, string, error) {
	p, err := b.ownPayment(paymentID, r.Participant, acquirerOf)
	if err != nil {
		return Result{}, "", err
	}
	return b.move(p, event, id, r)
}

// Claim wakes what the clock has made due: deadlines pass, orders expire, and
// calls whose time has come are leased to whoever steps.
type Claim struct {
	Limit int
	Skip  int // pass over so many of each kind that are due longest
}

func (Claim) name() string { return "claim" }

func (Claim) wants(w *want, _ Request) {
	due := w.batch.due
	for _, id := range due.payments {
		w.payment(id)
	}
	for _, id := range due.movements {
		w.movement(id)
	}
	for _, id := range due.orders {
		w.order(id)
	}
}

func (Claim) apply(b *batch, r Request) (Result, string, error) {
	for _, id := range b.due.payments {
		p, _ := b.payments.read(id)
		elapsed := payment.Elapsed{ID: hansa.NewID(prefixMovement, b.now, b.hub.partition, hansa.Chance(r.Chance.Draw(id)))}
		if _, err := b.decide(p, elapsed, r); err != nil {
			panic(err)
		}
	}
	for _, id := range b.due.orders {
		o, _ := b.orders.read(id)
		b.enterOrder(o, o.Elapsed(b.now))
	}
	return Result{}, "", nil
}

func (Claim) recall(*batch, string) Result { return Result{} }

// Answered brings a wallet's answer to a call, or its silence.
type Answered struct {
	Call  Call
	Event payment.Event
}

func (Answered) name() string { return "answered" }

func (op Answered) wants(w *want, _ Request) { w.payment(op.Call.Payment.ID) }

// apply hears the answer whoever brings it: a yes is a yes. Only what proves
// nothing is ignored, from a worker whose lease another one has taken over, and
// about a call that is not owed any more: it must not put off the next one.
func (op Answered) apply(b *batch, r Request) (Result, string, error) {
	p, ok := b.payments.read(op.Call.Payment.ID)
	if !ok {
		return Result{}, "", hansa.Refuse(hansa.NotFound, "no such payment")
	}
	task := p.Task
	if id := op.Call.Movement.ID; id != "" {
		m, _ := b.movements.read(id)
		task = m.Task
	}
	if (task.Fence != op.Call.Fence || task.Call != op.Call.Call) && provesNothing(op.Event) {
		return Result{Payment: p}, "", nil
	}
	p, err := b.decide(p, op.Event, r)
	return Result{Payment: p}, "", err
}

func (Answered) recall(*batch, string) Result { return Result{} }

func provesNothing(event payment.Event) bool {
	switch event.(type) {
	case payment.Silent, payment.Unfound, payment.Unsent, payment.MovementSilent, payment.PayerAsked:
		return true
	}
	return false
}
