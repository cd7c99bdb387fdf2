package payment

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

// A Movement is money that moves after the outcome: a capture or release of
// what was authorised, or a refund. Each has an id, a status and a receipt of
// its own.
type Movement struct {
	ID        string
	Version   int64
	Payment   string
	Kind      MovementKind
	State     MovementState
	Reason    hansa.Reason // why it failed
	Amounts   Amounts
	CreatedAt time.Time
	ChangedAt time.Time
	Task      Task
}

// MovementKind is what a movement does.
type MovementKind string

// The kinds. A cancel is a refund of all that costs nobody anything.
const (
	Capture MovementKind = "capture"
	Release MovementKind = "release"
	Refund  MovementKind = "refund"
	Cancel  MovementKind = "cancel"
)

// MovementState is where a movement stands. A capture or release is done when
// it is committed, since the wallet must honour it; the call that tells the
// wallet is a task.
type MovementState string

// The states of a movement, which are its public status.
const (
	Pending   MovementState = "pending"
	Succeeded MovementState = "succeeded"
	Failed    MovementState = "failed"
)

// WakeAt is when the movement must be looked at next; zero: never.
func (m Movement) WakeAt() time.Time { return m.Task.wakeAt() }

// Facts are what a decision depends on beside the payment itself.
type Facts struct {
	Order     Order           // the order that it pays; zero in flow A
	Movements []Movement      // all of the payment, oldest first
	Position  ledger.Position // of the acquirer, for refunds
}

// capturedAmounts is what the store was given: all at approval, or the captures.
func (p Payment) capturedAmounts(movements []Movement) Amounts {
	all := AmountsOf(p.Terms)
	if !p.CaptureLater {
		return all
	}
	uncaptured := all.without(movements, Capture)
	return all.each(uncaptured, difference)
}

func (p Payment) newMovement(id string, kind MovementKind, amounts Amounts, now time.Time) Movement {
	m := Movement{ID: id, Version: 1, Payment: p.ID, Kind: kind, Amounts: amounts, CreatedAt: now, ChangedAt: now}
	switch kind {
	case Capture:
		m.State, m.Task = Succeeded, Task{Call: CallCapture, Due: now}
	case Release:
		m.State, m.Task = Succeeded, Task{Call: CallRelease, Due: now}
	case Refund, Cancel:
		m.State, m.Task = Pending, Task{Call: CallRefund, Due: now}
	}
	return m
}

// capture takes a part of what is authorised, books it and frees its share of
// the reservation.
func (p Payment) capture(e CaptureAsked, facts Facts, now time.Time) (Payment, Plan, error) {
	left := AmountsOf(p.Terms).without(facts.Movements, Capture, Release)
	taken, err := left.take(e.Amount, hansa.CaptureTooLarge)
	if err != nil {
		return p, Plan{}, err
	}
	m := p.newMovement(e.ID, Capture, taken, now)
	plan := Plan{Movement: &m, Booking: &Booking{ledger.Capture, m.ID, p.legs(m.Amounts)}}
	plan.note(NoteCaptured)
	p.Captured += e.Amount.Value
	return p.unhold(&plan, m.Amounts.WalletSettlement).settleDown(now), plan, nil
}

// release gives up what is authorised and not captured.
func (p Payment) release(id string, facts Facts, now time.Time) (Payment, Plan, error) {
	left := AmountsOf(p.Terms).without(facts.Movements, Capture, Release)
	if left.Order.IsZero() {
		panic("payment " + p.ID + " is authorised with nothing left")
	}
	m := p.newMovement(id, Release, left, now)
	plan := Plan{Movement: &m}
	plan.note(NoteReleased)
	p.Released += left.Order.Value
	return p.unhold(&plan, left.WalletSettlement).settleDown(now), plan, nil
}

// settleDown ends the authorisation once nothing of it is left.
func (p Payment) settleDown(now time.Time) Payment {
	if p.Captured+p.Released == p.Terms.Order.Value {
		p.State, p.Deadline = Approved, time.Time{}
	}
	return p.changed(now)
}

// refund promises to give back a part of what was captured. The acquirer's
// position is reserved until the wallet has given it to the payer.
func (p Payment) refund(id string, kind MovementKind, amount money.Amount, facts Facts, now time.Time) (Payment, Plan, error) {
	left := p.capturedAmounts(facts.Movements).without(facts.Movements, Refund, Cancel)
	taken, err := left.take(amount, hansa.RefundTooLarge)
	if err != nil {
		return p, Plan{}, err
	}
	m := p.newMovement(id, kind, taken, now)
	if _, err := facts.Position.Reserve(m.Amounts.AcquirerSettlement.Value); err != nil {
		return p, Plan{}, err
	}
	plan := Plan{Movement: &m}
	plan.hold(p.AcquirerAccount(), m.Amounts.AcquirerSettlement)
	plan.note(NoteRefundPending)
	p.Refunding += amount.Value
	return p.changed(now), plan, nil
}

// cancelApproval is the free cancel: all of it, soon, and nothing refunded yet.
func (p Payment) cancelApproval(id string, facts Facts, now time.Time) (Payment, Plan, error) {
	switch {
	case p.Refunding+p.Refunded > 0:
		return p, Plan{}, hansa.Refuse(hansa.NotAllowedNow, "a part is refunded: refund the rest")
	case now.After(p.OutcomeAt.Add(CancelFreeFor)):
		return p, Plan{}, hansa.Refuse(hansa.CancelTooLate, "the free cancel is over: refund")
	case p.Captured == 0:
		return p, Plan{}, hansa.Refuse(hansa.NotAllowedNow, "nothing was captured")
	}
	return p.refund(id, Cancel, money.New(p.Captured, p.Terms.Order.Currency), facts, now)
}

// movement returns the movement called id, or refuses NotFound.
func (f Facts) movement(id string) (Movement, error) {
	for _, m := range f.Movements {
		if m.ID == id {
			return m, nil
		}
	}
	return Movement{}, hansa.Refuse(hansa.NotFound, "no such capture or refund of this payment")
}

// ended closes a refund that was pending: its reservation ends either way.
func (p Payment) ended(m Movement, state MovementState, now time.Time) (Payment, Plan) {
	m.State, m.Task = state, m.Task.done()
	m.Version++
	m.ChangedAt = now
	plan := Plan{Movement: &m}
	plan.hold(p.AcquirerAccount(), m.Amounts.AcquirerSettlement.Negative())
	p.Refunding -= m.Amounts.Order.Value
	return p.changed(now), plan
}

// movementAcknowledged hears that the wallet has carried out a movement.
func (p Payment) movementAcknowledged(id string, facts Facts, now time.Time) (Payment, Plan, error) {
	m, err := facts.movement(id)
	if err != nil {
		return p, Plan{}, err
	}
	switch m.State {
	case Pending:
		p, plan := p.ended(m, Succeeded, now)
		p.Refunded += m.Amounts.Order.Value
		plan.Booking = &Booking{ledger.Refund, m.ID, p.legs(m.Amounts.negative())}
		plan.note(NoteRefundSucceeded)
		return p, plan, nil
	case Succeeded:
		if m.Task.Call == NoCall {
			return p, Plan{}, nil
		}
		m.Task = m.Task.done()
		return p, Plan{Movement: &m}, nil
	case Failed:
		return decided(p.contradicted(now))
	}
	panic("unknown state " + string(m.State))
}

// movementRefused hears that the wallet will not carry out a movement. It may
// refuse a refund, but must honour a capture and a release: it is told of those
// again, and a person looks at it.
func (p Payment) movementRefused(e MovementRefused, facts Facts, now time.Time) (Payment, Plan, error) {
	m, err := facts.movement(e.ID)
	if err != nil {
		return p, Plan{}, err
	}
	switch m.State {
	case Pending:
		m.Reason = walletReason(e.Reason)
		p, plan := p.ended(m, Failed, now)
		plan.note(NoteRefundFailed)
		return p, plan, nil
	case Succeeded:
		p, plan := p.contradicted(now)
		if m.Task.Call != NoCall {
			m.Task = m.Task.again(now)
			plan.Movement = &m
		}
		return p, plan, nil
	case Failed:
		return p, Plan{}, nil
	}
	panic("unknown state " + string(m.State))
}

// movementSilent hears nothing about a movement: the wallet is told again.
func (p Payment) movementSilent(id string, facts Facts, now time.Time) (Payment, Plan, error) {
	m, err := facts.movement(id)
	if err != nil || m.Task.Call == NoCall {
		return p, Plan{}, err
	}
	m.Task = m.Task.again(now)
	return p, Plan{Movement: &m}, nil
}
