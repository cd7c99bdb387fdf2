package payment

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
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

// Amounts are the part of a payment's terms that one movement moves.
type Amounts struct {
	Order, Debit                         money.Amount
	WalletSettlement, AcquirerSettlement money.Amount
	ProviderReceives, ProviderGives      money.Amount
}

// AmountsOf are the whole amounts of terms.
func AmountsOf(t fx.Terms) Amounts {
	return Amounts{
		Order: t.Order, Debit: t.Debit,
		WalletSettlement: t.WalletSettlement, AcquirerSettlement: t.AcquirerSettlement,
		ProviderReceives: t.ProviderReceives, ProviderGives: t.ProviderGives,
	}
}

// Facts are what a decision depends on beside the payment itself.
type Facts struct {
	Order     Order           // the order that it pays; zero in flow A
	Movements []Movement      // all of the payment, oldest first
	Position  ledger.Position // of the acquirer, for refunds
}

// each applies f to every amount.
func (a Amounts) each(b Amounts, f func(a, b money.Amount) money.Amount) Amounts {
	return Amounts{
		Order: f(a.Order, b.Order), Debit: f(a.Debit, b.Debit),
		WalletSettlement: f(a.WalletSettlement, b.WalletSettlement), AcquirerSettlement: f(a.AcquirerSettlement, b.AcquirerSettlement),
		ProviderReceives: f(a.ProviderReceives, b.ProviderReceives), ProviderGives: f(a.ProviderGives, b.ProviderGives),
	}
}

func (a Amounts) negative() Amounts {
	return a.each(a, func(a, _ money.Amount) money.Amount { return a.Negative() })
}

// without returns a less the live movements of these kinds.
func (a Amounts) without(movements []Movement, kinds ...MovementKind) Amounts {
	for _, m := range movements {
		if m.State == Failed {
			continue
		}
		for _, kind := range kinds {
			if m.Kind == kind {
				a = a.each(m.Amounts, difference)
			}
		}
	}
	return a
}

// part returns the share of a that belongs to part of its order amount. The
// last part takes all that is left, so that the parts add up to the whole.
func (a Amounts) part(part money.Amount) Amounts {
	return a.each(a, func(whole, _ money.Amount) money.Amount {
		share, err := whole.Share(part.Value, a.Order.Value, money.HalfUp)
		if err != nil {
			panic(err)
		}
		return share
	})
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
	if err := partOf(e.Amount, left.Order, hansa.CaptureTooLarge); err != nil {
		return p, Plan{}, err
	}
	m := p.newMovement(e.ID, Capture, left.part(e.Amount), now)
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
	plan := Plan{Movement: &m, Free: p.Captured == 0}
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
	if err := partOf(amount, left.Order, hansa.RefundTooLarge); err != nil {
		return p, Plan{}, err
	}
	m := p.newMovement(id, kind, left.part(amount), now)
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

func partOf(amount, left money.Amount, tooLarge hansa.Reason) error {
	if err := amount.Payable(); err != nil {
		return err
	}
	if amount.Currency != left.Currency {
		return hansa.Refuse(hansa.CurrencyMismatch, "the payment is in %s", left.Currency)
	}
	if amount.Value > left.Value {
		return hansa.Refuse(tooLarge, "%s is left", left)
	}
	return nil
}

// movementDone hears what a wallet says of a movement. What happened before
// changes nothing.
func (p Payment) movementDone(id string, facts Facts, now time.Time, apply func(Movement) (Movement, Payment, Plan)) (Payment, Plan, error) {
	for _, m := range facts.Movements {
		if m.ID != id {
			continue
		}
		if m.Task.Call == NoCall {
			return p, Plan{}, nil
		}
		m.Version++
		m.ChangedAt = now
		m, changed, plan := apply(m)
		plan.Movement = &m
		return changed, plan, nil
	}
	return p, Plan{}, hansa.Refuse(hansa.NotFound, "no such capture or refund of this payment")
}

func (p Payment) movementAcknowledged(id string, facts Facts, now time.Time) (Payment, Plan, error) {
	return p.movementDone(id, facts, now, func(m Movement) (Movement, Payment, Plan) {
		var plan Plan
		m.Task = m.Task.done()
		if m.State != Pending {
			return m, p, plan
		}
		m.State = Succeeded
		plan.Booking = &Booking{ledger.Refund, m.ID, p.legs(m.Amounts.negative())}
		plan.hold(p.AcquirerAccount(), m.Amounts.AcquirerSettlement.Negative())
		plan.note(NoteRefundSucceeded)
		changed := p.changed(now)
		changed.Refunding -= m.Amounts.Order.Value
		changed.Refunded += m.Amounts.Order.Value
		return m, changed, plan
	})
}

func (p Payment) movementRefused(e MovementRefused, facts Facts, now time.Time) (Payment, Plan, error) {
	return p.movementDone(e.ID, facts, now, func(m Movement) (Movement, Payment, Plan) {
		var plan Plan
		if m.State != Pending {
			// A wallet must honour a capture and a release: it is told again.
			m.Task = m.Task.again(now)
			return m, p, plan
		}
		m.State, m.Reason, m.Task = Failed, e.Reason, m.Task.done()
		plan.hold(p.AcquirerAccount(), m.Amounts.AcquirerSettlement.Negative())
		plan.note(NoteRefundFailed)
		changed := p.changed(now)
		changed.Refunding -= m.Amounts.Order.Value
		return m, changed, plan
	})
}

func (p Payment) movementSilent(id string, facts Facts, now time.Time) (Payment, Plan, error) {
	return p.movementDone(id, facts, now, func(m Movement) (Movement, Payment, Plan) {
		m.Task = m.Task.again(now)
		return m, p, Plan{}
	})
}
