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
// caller may retry; an unchanged Version says so. What the outside may not ask
// for now is a Refusal; what a wallet says is never refused.
func Decide(p Payment, event Event, facts Facts, now time.Time) (Payment, Plan, error) {
	switch e := event.(type) {
	case Paid:
		return decided(p.paid(e, facts, now))
	case WalletDeclined:
		return decided(p.walletDeclined(e.Reason, now))
	case PayerAsked:
		return decided(p.payerAsked(e, now))
	case Silent, Unfound:
		return decided(p.unanswered(now))
	case CancelAcknowledged:
		return decided(p.cancelAcknowledged(now))
	case CancelAsked:
		return p.cancelAsked(now)
	case Elapsed:
		return p.elapsed(e, facts, now)
	case CaptureAsked:
		if p.State != Authorised {
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

// paid hears the wallet's yes.
func (p Payment) paid(e Paid, facts Facts, now time.Time) (Payment, Plan) {
	right := e.Echo == p.Echo()
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting:
		if !right {
			return p.misheard(now)
		}
		if facts.Order.State == OrderPaid {
			return p.reverse(WasDeclined, hansa.OrderPaid, now).late()
		}
		return p.approve(now)
	case Announced:
		switch {
		case !right:
			p.Quarantined = true
			return p.reverse(WasDeclined, hansa.ConsentMismatch, now).late()
		case !now.Before(p.PayerUntil):
			return p.reverse(WasExpired, hansa.PaymentExpired, now).late()
		case facts.Order.State == OrderPaid:
			return p.reverse(WasDeclined, hansa.OrderPaid, now).late()
		case facts.Order.State == OrderClosed || facts.Order.State == OrderExpired || !now.Before(facts.Order.ExpiresAt):
			return p.reverse(WasExpired, hansa.OrderExpired, now).late()
		}
		return p.approve(now)
	case Authorised, Approved:
		if !right {
			return p.contradicted(now)
		}
		return p, Plan{}
	case Declined, Reversed:
		return p.paidTooLate(now)
	case Reversing:
		if p.Late {
			return p, Plan{}
		}
		var plan Plan
		plan.note(NoteLatePaid)
		p.Late = true
		return p.changed(now), plan
	}
	panic("unknown state " + string(p.State))
}

// approve is the commit from which on the wallet owes and the store is
// guaranteed.
func (p Payment) approve(now time.Time) (Payment, Plan) {
	var plan Plan
	plan.note(NoteApproved)
	plan.Order = orderMove(p, OrderIsPaid)
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

func orderMove(p Payment, move OrderMove) OrderMove {
	if p.Flow == TillScans {
		return OrderStays
	}
	return move
}

// misheard is a yes to something else than was asked: never an approval, and
// never a decline. The wallet is inquired until the deadline.
func (p Payment) misheard(now time.Time) (Payment, Plan) {
	p.Task = p.Task.next(CallInquire, now.Add(InquiryEvery))
	if p.Quarantined && p.State == Resolving {
		return p, Plan{}
	}
	var plan Plan
	plan.note(NoteContradicted)
	p.Quarantined, p.State = true, Resolving
	return p.changed(now), plan
}

// paidTooLate is a yes after the end. The outcome stands; the wallet is told to
// give the money back, for as long as it takes.
func (p Payment) paidTooLate(now time.Time) (Payment, Plan) {
	if p.Late && p.Task.Call == CallCancel {
		return p, Plan{}
	}
	var plan Plan
	plan.note(NoteLatePaid)
	p.Late = true
	p.Task = p.Task.next(CallCancel, now)
	return p.changed(now), plan
}

// contradicted keeps an answer that cannot stand beside an earlier one.
func (p Payment) contradicted(now time.Time) (Payment, Plan) {
	if p.Quarantined {
		return p, Plan{}
	}
	var plan Plan
	plan.note(NoteContradicted)
	p.Quarantined = true
	return p.changed(now), plan
}

// walletDeclined hears the wallet's no.
func (p Payment) walletDeclined(reason hansa.Reason, now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting, Announced:
		plan := Plan{Order: orderMove(p, OrderIsFreed), Free: true}
		plan.note(NoteDeclined)
		p = p.tell(WasDeclined, walletReason(reason), now).changed(now)
		p.State, p.Deadline, p.Task = Declined, time.Time{}, p.Task.done()
		return p.unholdAll(&plan), plan
	case Authorised, Approved:
		return p.contradicted(now)
	case Declined, Reversed:
		return p, Plan{}
	case Reversing:
		// Only an acknowledged cancel ends it: a wallet that says no may still say yes.
		p.Task = p.Task.again(now)
		return p, Plan{}
	}
	panic("unknown state " + string(p.State))
}

// walletReason hears reasons that are not a wallet's to give as a plain no.
func walletReason(reason hansa.Reason) hansa.Reason {
	switch reason { //nolint:exhaustive // Every other reason is heard as a plain no.
	case hansa.DeclinedByPayer, hansa.InsufficientFunds, hansa.WalletLimit, hansa.PayerBlocked:
		return reason
	}
	return hansa.PaymentDeclined
}

// payerAsked hears that the wallet waits for its payer.
func (p Payment) payerAsked(e PayerAsked, now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking, Resolving:
		if p.Flow != TillScans {
			return p.unanswered(now)
		}
		var plan Plan
		plan.note(NotePending)
		p.State = AwaitingPayer
		p.PayerUntil = sooner(e.Until, p.CreatedAt.Add(p.PayerWait))
		p.Deadline = p.PayerUntil.Add(PayerGrace)
		p.Task = p.Task.next(CallInquire, sooner(now.Add(PromptInquiry), p.PayerUntil))
		return p.changed(now), plan
	case AwaitingPayer:
		p.Task = p.Task.next(CallInquire, now.Add(PromptInquiry))
		return p, Plan{}
	case Debiting, Announced, Reversing:
		return p.unanswered(now)
	case Authorised, Approved, Declined, Reversed:
		// The answer was overtaken by a later one on its way.
		return p, Plan{}
	}
	panic("unknown state " + string(p.State))
}

// unanswered is silence, or words that prove nothing: ask again.
func (p Payment) unanswered(now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking:
		var plan Plan
		plan.note(NotePending)
		p.State = Resolving
		p.Task = p.Task.next(CallInquire, now)
		return p.changed(now), plan
	case AwaitingPayer:
		p.Task = p.Task.next(CallInquire, now.Add(PromptInquiry))
		return p, Plan{}
	case Resolving, Debiting, Announced, Reversing, Declined, Reversed:
		if p.Task.Call != NoCall {
			p.Task = p.Task.again(now)
		}
		return p, Plan{}
	case Authorised, Approved:
		return p, Plan{}
	}
	panic("unknown state " + string(p.State))
}

// cancelAcknowledged hears that the wallet keeps a tombstone.
func (p Payment) cancelAcknowledged(now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting, Announced:
		return p.walletDeclined(hansa.PaymentDeclined, now)
	case Authorised, Approved:
		return p.contradicted(now)
	case Declined, Reversed:
		p.Task = p.Task.done()
		return p, Plan{}
	case Reversing:
		plan := Plan{Order: orderMove(p, OrderIsFreed)}
		if p.Outcome == WasCancelled {
			plan.Order = orderMove(p, OrderCloses)
		}
		plan.note(NoteReversed)
		p.State, p.Task = Reversed, p.Task.done()
		return p.unholdAll(&plan).changed(now), plan
	}
	panic("unknown state " + string(p.State))
}

// cancelAsked is the till's wish to stop before the outcome. Asked again, it
// says the same again.
func (p Payment) cancelAsked(now time.Time) (Payment, Plan, error) {
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting, Announced:
		return decided(p.reverse(WasCancelled, hansa.PaymentCanceled, now).plain())
	case Declined, Reversing, Reversed:
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
		return decided(p.reverse(WasExpired, hansa.PaymentExpired, now).plain())
	case Authorised:
		return p.release(e.ID, facts, now)
	case Approved, Declined, Reversing, Reversed:
		return p, Plan{}, nil
	}
	panic("unknown state " + string(p.State))
}

// reversal is a payment that was just given up, and its plan.
type reversal struct {
	p    Payment
	plan Plan
}

// reverse tells the outcome and commits the obligation to cancel at the wallet.
// What is reserved stays reserved until the wallet has acknowledged it.
func (p Payment) reverse(outcome Outcome, reason hansa.Reason, now time.Time) reversal {
	plan := Plan{Free: true}
	switch outcome {
	case WasExpired:
		plan.note(NoteExpired)
	case WasCancelled:
		plan.note(NoteCancelled)
	case WasDeclined:
		plan.note(NoteDeclined)
	case WasApproved, Undecided:
		panic("a reversal is told as " + string(outcome))
	}
	p = p.tell(outcome, reason, now).changed(now)
	p.State, p.Deadline, p.Task = Reversing, time.Time{}, p.Task.next(CallCancel, now)
	return reversal{p, plan}
}

func (r reversal) plain() (Payment, Plan) { return r.p, r.plan }

// late records that the yes which ends the payment has debited the payer.
func (r reversal) late() (Payment, Plan) {
	r.p.Late = true
	r.plan.note(NoteLatePaid)
	return r.p, r.plan
}
