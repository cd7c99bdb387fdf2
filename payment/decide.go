package payment

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

// Decide returns the payment after event and the plan that must be committed
// with it. An event that has already happened changes nothing, so that any
// caller may retry; Version rises by one with every change but that of the Task.
// What the outside may not ask for now is a Refusal; what a wallet says is never
// refused.
func Decide(p Payment, event Event, facts Facts, now time.Time) (Payment, Plan, error) {
	switch e := event.(type) {
	case Paid:
		return decided(p.paid(e, facts.Order, now))
	case WalletDeclined:
		return decided(p.walletDeclined(e.Reason, now))
	case PayerAsked:
		return decided(p.payerAsked(e, now))
	case Silent, Unfound:
		return decided(p.unanswered(now))
	case Unsent:
		return decided(p.unsent(now))
	case CancelAcknowledged:
		return decided(p.cancelAcknowledged(now))
	case CancelAsked:
		return p.cancelAsked(facts.Order, now)
	case Elapsed:
		return p.elapsed(e, facts, now)
	case CaptureAsked:
		if p.State != Authorised || !now.Before(p.Deadline) {
			return p, Plan{}, notNow(p, "capture")
		}
		return p.capture(e, facts, now)
	case ReleaseAsked:
		if p.State != Authorised {
			return p, Plan{}, notNow(p, "release")
		}
		return p.release(e.ID, facts, now)
	case RefundAsked:
		if p.State != Approved && p.State != Authorised {
			return p, Plan{}, notNow(p, "refund")
		}
		return p.refund(e.ID, Refund, e.Amount, facts, now)
	case ApprovalCancelled:
		if p.State != Approved {
			return p, Plan{}, notNow(p, "cancel")
		}
		return p.cancelApproval(e.ID, facts, now)
	case MovementAcknowledged:
		return p.movementAcknowledged(e.ID, facts, now)
	case MovementRefused:
		return p.movementRefused(e, facts, now)
	case MovementSilent:
		return p.movementSilent(e.ID, facts, now)
	}
	panic(fmt.Sprintf("unknown event %T", event))
}

func decided(p Payment, plan Plan) (Payment, Plan, error) { return p, plan, nil }

func notNow(p Payment, what string) error {
	return hansa.Refuse(hansa.NotAllowedNow, "a payment that is %s has nothing to %s", p.Status(), what)
}

// changed marks a change of the payment itself.
func (p Payment) changed(now time.Time) Payment {
	p.Version++
	p.ChangedAt = now
	return p
}

// tell writes the outcome, once.
func (p Payment) tell(outcome Outcome, reason hansa.Reason, now time.Time) Payment {
	if p.Outcome != Undecided {
		panic(fmt.Sprintf("payment %s was told %s and would be told %s", p.ID, p.Outcome, outcome))
	}
	p.Outcome, p.Reason, p.OutcomeAt = outcome, reason, now
	return p
}

// unhold gives back amount of what the payment holds of the wallet's cap.
func (p Payment) unhold(plan *Plan, amount money.Amount) Payment {
	plan.hold(p.WalletAccount(), amount.Negative())
	p.Held -= amount.Value
	return p
}

func (p Payment) unholdAll(plan *Plan) Payment {
	return p.unhold(plan, money.New(p.Held, p.Terms.WalletSettlement.Currency))
}

// orderMove is what the payment does to its order. One that was only announced
// holds no order, so that it can pay it and do nothing else to it.
func (p Payment) orderMove(move OrderMove) OrderMove {
	switch p.Flow {
	case TillScans:
		return OrderStays
	case WalletAsks:
		return move
	case WalletDebits:
		if move == OrderIsPaid {
			return move
		}
		return OrderStays
	}
	panic("unknown flow " + string(p.Flow))
}

// approve is the commit from which on the wallet owes and the store is
// guaranteed.
func (p Payment) approve(now time.Time) (Payment, Plan) {
	var plan Plan
	plan.note(NoteApproved)
	plan.Order = p.orderMove(OrderIsPaid)
	p = p.tell(WasApproved, "", now).changed(now)
	p.Task = p.Task.done()
	if p.CaptureLater {
		p.State, p.Deadline = Authorised, now.Add(AuthorisedFor)
		return p, plan
	}
	p.State, p.Deadline, p.Captured = Approved, time.Time{}, p.Terms.Order.Value
	plan.Booking = &Booking{ledger.Approval, p.ID, p.legs(AmountsOf(p.Terms))}
	return p.unholdAll(&plan), plan
}

// decline ends the payment on a no that leaves nothing open at the wallet.
func (p Payment) decline(reason hansa.Reason, now time.Time) (Payment, Plan) {
	plan := Plan{Order: p.orderMove(OrderIsFreed), Free: true}
	plan.note(NoteDeclined)
	p = p.tell(WasDeclined, reason, now).changed(now)
	p.State, p.Deadline, p.Task = Declined, time.Time{}, p.Task.done()
	return p.unholdAll(&plan), plan
}

// reverse tells the outcome and commits the obligation to cancel at the wallet.
// What is reserved stays reserved until the wallet has acknowledged it, and so
// does the order stay held, unless its till wants it no more.
func (p Payment) reverse(outcome Outcome, reason hansa.Reason, now time.Time) (Payment, Plan) {
	plan := Plan{Free: true}
	switch outcome {
	case WasExpired:
		plan.note(NoteExpired)
	case WasCancelled:
		plan.note(NoteCancelled)
		plan.Order = p.orderMove(OrderCloses)
	case WasDeclined:
		plan.note(NoteDeclined)
	case WasApproved, Undecided:
		panic("a reversal is told as " + string(outcome))
	}
	p = p.tell(outcome, reason, now).changed(now)
	p.State, p.Deadline, p.Task = Reversing, time.Time{}, p.Task.next(CallCancel, now)
	return p, plan
}

// cancelAsked is the till's wish to stop before the outcome. Asked again, it
// says the same again.
func (p Payment) cancelAsked(order Order, now time.Time) (Payment, Plan, error) {
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting, Announced:
		return decided(p.reverse(WasCancelled, hansa.PaymentCanceled, now))
	case Reversing:
		var plan Plan
		if order.State == OrderHeld && order.Payment == p.ID {
			// It would be open again for others once the wallet has acknowledged.
			plan.Order = p.orderMove(OrderCloses)
		}
		return p, plan, nil
	case Declined, Reversed:
		return p, Plan{}, nil
	case Authorised, Approved:
		return p, Plan{}, notNow(p, "stop")
	}
	panic("unknown state " + string(p.State))
}

// elapsed is the deadline: nothing came in time.
func (p Payment) elapsed(e Elapsed, facts Facts, now time.Time) (Payment, Plan, error) {
	if p.Deadline.IsZero() || now.Before(p.Deadline) {
		return p, Plan{}, nil
	}
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting, Announced:
		return decided(p.reverse(WasExpired, hansa.PaymentExpired, now))
	case Authorised:
		return p.release(e.ID, facts, now)
	case Approved, Declined, Reversing, Reversed:
		return p, Plan{}, nil
	}
	panic("unknown state " + string(p.State))
}
