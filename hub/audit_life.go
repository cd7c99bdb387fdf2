package hub

import "github.com/hansa-network/hansa/payment"

// checkState recomputes what its state must have, and counts the payment.
func (a *auditor) checkState(l *life) {
	a.tally[l.Status()]++
	a.states.must(fits(l.Payment), "payment %s is %s and was told %q", l.ID, l.State, l.Outcome)
	a.states.must(l.Open() == l.OutcomeAt.IsZero(), "payment %s has outcome %q at %s", l.ID, l.Outcome, l.OutcomeAt)
	if l.Open() || l.State == payment.Authorised {
		a.owed.must(!l.Deadline.IsZero(), "payment %s is %s without a deadline", l.ID, l.State)
	}
	if l.State == payment.Reversing {
		a.owed.must(l.Task.Call == payment.CallCancel, "payment %s is reversing and nobody cancels it", l.ID)
	}
	// Where not all was read, the wallet may have acknowledged the cancel.
	reversed := l.told.reversed || !l.told.all
	a.late.must(!l.Late || l.Outcome != payment.WasApproved && (l.Task.Call == payment.CallCancel || reversed),
		"payment %s is %s, its wallet said yes too late, and nobody cancels it", l.ID, l.State)
}

// checkCount holds the number of payments to those of each status.
func (a *auditor) checkCount() {
	sum := 0
	for _, status := range []string{"approved", "declined", "expired", "cancelled", "pending"} {
		sum += a.tally[status]
	}
	a.count.must(sum == a.payments, "%d payments have another status", a.payments-sum)
}

// fits reports whether a state goes with an outcome.
func fits(p payment.Payment) bool {
	switch p.State {
	case payment.Asking, payment.AwaitingPayer, payment.Resolving, payment.Debiting, payment.Announced:
		return p.Outcome == payment.Undecided
	case payment.Authorised, payment.Approved:
		return p.Outcome == payment.WasApproved
	case payment.Declined:
		return p.Outcome == payment.WasDeclined
	case payment.Reversing, payment.Reversed:
		return p.Outcome == payment.WasExpired || p.Outcome == payment.WasCancelled || p.Outcome == payment.WasDeclined
	}
	return false
}

// checkMovements recomputes what was captured, released and refunded.
func (a *auditor) checkMovements(l *life) {
	var captured, released, refunding, refunded int64
	for _, m := range l.movements {
		switch {
		case m.Kind == payment.Capture:
			captured += m.Amounts.Order.Value
		case m.Kind == payment.Release:
			released += m.Amounts.Order.Value
		case m.State == payment.Pending:
			refunding += m.Amounts.Order.Value
		case m.State == payment.Succeeded:
			refunded += m.Amounts.Order.Value
		}
	}
	if !l.CaptureLater && l.Outcome == payment.WasApproved {
		captured = l.Terms.Order.Value
	}
	a.moved.must(l.Captured == captured && l.Released == released, "payment %s captured %d and released %d, its movements %d and %d",
		l.ID, l.Captured, l.Released, captured, released)
	a.moved.must(l.Refunding == refunding && l.Refunded == refunded, "payment %s refunds %d and %d, its movements %d and %d",
		l.ID, l.Refunding, l.Refunded, refunding, refunded)
	a.moved.must(l.Captured+l.Released <= l.Terms.Order.Value && l.Refunding+l.Refunded <= l.Captured,
		"payment %s of %d: captured %d, released %d, refunded %d", l.ID, l.Terms.Order.Value, l.Captured, l.Released, l.Refunding+l.Refunded)
}

// checkNotes holds the journal's records of a payment to its row. Of a payment whose
// first records were not read, the rest is.
func (a *auditor) checkNotes(l *life) {
	t := l.told
	if !t.all && t.last == 0 {
		return
	}
	a.sequence.must(!t.gap && t.last == l.Notes && (t.first <= 1 || !t.all), "payment %s has records %d to %d of %d, or some are missing between them",
		l.ID, t.first, t.last, l.Notes)
	a.once.must(t.otherwise == "", "payment %s is %s and was told %s", l.ID, l.Status(), t.otherwise)
	a.once.must(t.outcomes <= 1 && (t.outcomes == 0 || !l.Open()) && (t.outcomes == 1 || l.Open() || !t.all),
		"payment %s is %s and was told %d outcomes", l.ID, l.Status(), t.outcomes)
}

// checkQuotes recomputes that a quote was used once, in time and as it was made.
func (a *auditor) checkQuotes(l *life) {
	for at, q := range l.quotes {
		a.quoted.must(at == 0, "quotes %s and %s are of payment %s", l.quotes[0].ID, q.ID, l.ID)
		a.inTime.must(l.CreatedAt.Before(q.ExpiresAt), "quote %s expired at %s and was used at %s", q.ID, q.ExpiresAt, l.CreatedAt)
		a.asQuoted.must(l.Terms == q.Terms && l.Wallet == q.Wallet && l.Acquirer == q.Acquirer && l.Payee.Store == q.Store,
			"payment %s is not as quote %s", l.ID, q.ID)
	}
	if l.Quote != "" {
		a.quoted.must(len(l.quotes) > 0 && l.quotes[len(l.quotes)-1].ID == l.Quote, "payment %s names quote %s, which names another", l.ID, l.Quote)
	}
}

// checkCodes holds the payment's code to the row of that code. A row names one payment,
// and there is one row for each code, so that a code is used once.
func (a *auditor) checkCodes(l *life) {
	for _, code := range l.codes {
		a.codes.must(code == l.Code, "payment %s used another code than one that names it", l.ID)
	}
	if l.Code != "" {
		a.codes.must(len(l.codes) == 1, "payment %s used a code, and of %d it is said that it used them", l.ID, len(l.codes))
	}
}
