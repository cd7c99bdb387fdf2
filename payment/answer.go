package payment

import (
	"time"

	"github.com/hansa-network/hansa"
)

// paid hears the wallet's yes.
func (p Payment) paid(e Paid, order Order, now time.Time) (Payment, Plan) {
	right := e.Echo == p.Echo()
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting:
		if !right {
			return p.misheard(now)
		}
		if order.State == OrderPaid {
			return p.refusePaid(WasDeclined, hansa.OrderPaid, right, now)
		}
		return p.approve(now)
	case Announced:
		return p.announcedPaid(right, order, now)
	case Authorised, Approved:
		if !right {
			return p.contradicted(now)
		}
		return p, Plan{}
	case Declined, Reversing, Reversed:
		return p.paidTooLate(right, now)
	}
	panic("unknown state " + string(p.State))
}

// announcedPaid hears the yes of a wallet that has debited before it tells. It
// counts if it is exact and in time, and nobody has paid or closed the order.
func (p Payment) announcedPaid(right bool, order Order, now time.Time) (Payment, Plan) {
	switch {
	case !right:
		return p.refusePaid(WasDeclined, hansa.ConsentMismatch, right, now)
	case order.State == OrderPaid:
		return p.refusePaid(WasDeclined, hansa.OrderPaid, right, now)
	case order.State == OrderClosed:
		return p.refusePaid(WasCancelled, hansa.PaymentCanceled, right, now)
	case order.State == OrderExpired:
		return p.refusePaid(WasExpired, hansa.OrderExpired, right, now)
	case !now.Before(p.PayerUntil):
		return p.refusePaid(WasExpired, hansa.PaymentExpired, right, now)
	}
	return p.approve(now)
}

// refusePaid ends the payment on a yes that cannot count: in one commit the
// payer's debit is recorded and the cancel is owed.
func (p Payment) refusePaid(outcome Outcome, reason hansa.Reason, right bool, now time.Time) (Payment, Plan) {
	p, plan := p.reverse(outcome, reason, now)
	return p.late(&plan, right), plan
}

// late records that the wallet has debited its payer for nothing.
func (p Payment) late(plan *Plan, right bool) Payment {
	p.Late = true
	plan.note(NoteLatePaid)
	if !right && !p.Quarantined {
		p.Quarantined = true
		plan.note(NoteContradicted)
	}
	return p
}

// misheard is a yes to something else than was asked: never an approval, and
// never a decline. The wallet is inquired until the deadline.
func (p Payment) misheard(now time.Time) (Payment, Plan) {
	if p.Quarantined {
		p.Task = p.Task.again(now)
		return p, Plan{}
	}
	var plan Plan
	if p.State != Resolving {
		plan.note(NotePending)
	}
	plan.note(NoteContradicted)
	p.Quarantined, p.State = true, Resolving
	p.Task = p.Task.done().next(CallInquire, now)
	return p.changed(now), plan
}

// paidTooLate is a yes after the end. The outcome stands; the wallet is told to
// give the money back, for as long as it takes.
func (p Payment) paidTooLate(right bool, now time.Time) (Payment, Plan) {
	if p.Late && p.Task.Call == CallCancel {
		p.Task = p.Task.heard(now)
		return p, Plan{}
	}
	var plan Plan
	if p.Task.Call == CallCancel {
		p.Task = p.Task.heard(now)
	} else {
		p.Task = p.Task.next(CallCancel, now)
	}
	return p.late(&plan, right).changed(now), plan
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
		if p.Quarantined {
			// It has said yes before: only an acknowledged cancel proves the no.
			return p.reverse(WasDeclined, walletReason(reason), now)
		}
		return p.decline(walletReason(reason), now)
	case Authorised, Approved:
		return p.contradicted(now)
	case Declined, Reversed:
		return p, Plan{}
	case Reversing:
		// A wallet that says no to this may still say yes: only the tombstone ends it.
		p.Task = p.Task.heard(now)
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

// payerAsked hears that the wallet waits for its payer. Only a wallet that was
// asked by the network may take the payer's time for it.
func (p Payment) payerAsked(e PayerAsked, now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking, Resolving:
		if p.Flow != TillScans || p.Quarantined {
			return p.unanswered(now)
		}
		return p.awaitPayer(e.Until, now)
	case AwaitingPayer, Debiting, Announced, Reversing:
		return p.unanswered(now)
	case Authorised, Approved, Declined, Reversed:
		// The answer was overtaken by a later one on its way.
		return p, Plan{}
	}
	panic("unknown state " + string(p.State))
}

// awaitPayer gives the payer the time that the wallet names, or what was agreed
// if that is shorter or the wallet names none.
func (p Payment) awaitPayer(until, now time.Time) (Payment, Plan) {
	var plan Plan
	plan.note(NotePending)
	p.State, p.PayerUntil = AwaitingPayer, p.CreatedAt.Add(p.PayerWait)
	if !until.IsZero() {
		p.PayerUntil = sooner(until, p.PayerUntil)
	}
	p.Deadline = p.PayerUntil.Add(PayerGrace)
	p.Task = p.Task.next(CallInquire, p.nextPrompt(now))
	return p.changed(now), plan
}

// nextPrompt is when to ask a wallet again that waits for its payer: seldom, once
// when the payer's time is over, and from then on as after silence.
func (p Payment) nextPrompt(now time.Time) time.Time {
	if now.Before(p.PayerUntil) {
		return sooner(now.Add(PromptInquiry), p.PayerUntil)
	}
	return now.Add(InquiryEvery)
}

// unanswered is silence, or words that prove nothing: ask again.
func (p Payment) unanswered(now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking:
		return p.resolve(p.Task.next(CallInquire, now), now)
	case Debiting:
		return p.resolve(p.Task.again(now), now)
	case AwaitingPayer:
		p.Task = p.Task.next(CallInquire, p.nextPrompt(now))
		return p, Plan{}
	case Resolving, Announced, Reversing, Declined, Reversed:
		if p.Task.Call != NoCall {
			p.Task = p.Task.again(now)
		}
		return p, Plan{}
	case Authorised, Approved:
		return p, Plan{}
	}
	panic("unknown state " + string(p.State))
}

// unsent hears that nothing was sent. The first lease of the question is the only one
// under which nobody can have sent it before; a wallet that may have heard of the
// payment is never taken to have declined it.
func (p Payment) unsent(now time.Time) (Payment, Plan) {
	if p.State == Asking && p.Task.Fence <= 1 {
		return p.decline(hansa.PaymentDeclined, now)
	}
	return p.unanswered(now)
}

func (p Payment) resolve(task Task, now time.Time) (Payment, Plan) {
	var plan Plan
	plan.note(NotePending)
	p.State, p.Task = Resolving, task
	return p.changed(now), plan
}

// cancelAcknowledged hears that the wallet keeps a tombstone.
func (p Payment) cancelAcknowledged(now time.Time) (Payment, Plan) {
	switch p.State {
	case Asking, AwaitingPayer, Resolving, Debiting, Announced:
		return p.decline(hansa.PaymentDeclined, now)
	case Authorised, Approved:
		return p.contradicted(now)
	case Declined, Reversed:
		if p.Task.Call == NoCall {
			return p, Plan{}
		}
		var plan Plan
		plan.note(NoteReversed)
		p.Task = p.Task.done()
		return p.changed(now), plan
	case Reversing:
		var plan Plan
		if p.Outcome != WasCancelled {
			plan.Order = p.orderMove(OrderIsFreed)
		}
		plan.note(NoteReversed)
		p.State, p.Task = Reversed, p.Task.done()
		return p.unholdAll(&plan).changed(now), plan
	}
	panic("unknown state " + string(p.State))
}
