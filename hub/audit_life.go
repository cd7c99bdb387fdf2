package hub

import (
	"context"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// checkStates recomputes what each state must have, and counts all payments.
func (a *auditor) checkStates() {
	states := a.check("S1", "every payment is in a state that its outcome allows")
	owed := a.check("S4", "every payment that is not final has an owner: a call that is due, or a deadline")
	late := a.check("W6", "a yes after the end is recorded with the cancel that is owed or done")
	count := a.check("Z3", "started = approved + declined + expired + cancelled + in flight")
	tally := make(map[string]int)
	for _, id := range a.paymentIDs() {
		p := a.payments[id]
		tally[p.Status()]++
		states.must(fits(p), "payment %s is %s and was told %q", id, p.State, p.Outcome)
		states.must(p.Open() == p.OutcomeAt.IsZero(), "payment %s has outcome %q at %s", id, p.Outcome, p.OutcomeAt)
		if p.Open() || p.State == payment.Authorised {
			owed.must(!p.Deadline.IsZero(), "payment %s is %s without a deadline", id, p.State)
		}
		if p.State == payment.Reversing {
			owed.must(p.Task.Call == payment.CallCancel, "payment %s is reversing and nobody cancels it", id)
		}
		late.must(!p.Late || p.Outcome != payment.WasApproved && (p.Task.Call == payment.CallCancel || a.isReversed(id)),
			"payment %s is %s, its wallet said yes too late, and nobody cancels it", id, p.State)
	}
	sum := 0
	for _, status := range []string{"approved", "declined", "expired", "cancelled", "pending"} {
		sum += tally[status]
	}
	count.must(sum == len(a.payments), "%d payments have another status", len(a.payments)-sum)
}

// isReversed reports whether the wallet has acknowledged a cancel since it said
// yes too late, as far as is known.
func (a *auditor) isReversed(id string) bool {
	t, all := a.toldOf(id)
	return t.reversed || !all
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
func (a *auditor) checkMovements() {
	check := a.check("R1", "refunds are at most what was captured, captures at most what was authorised")
	for _, id := range a.paymentIDs() {
		p := a.payments[id]
		var captured, released, refunding, refunded int64
		for _, m := range a.movements[id] {
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
		if !p.CaptureLater && p.Outcome == payment.WasApproved {
			captured = p.Terms.Order.Value
		}
		check.must(p.Captured == captured && p.Released == released, "payment %s captured %d and released %d, its movements %d and %d",
			id, p.Captured, p.Released, captured, released)
		check.must(p.Refunding == refunding && p.Refunded == refunded, "payment %s refunds %d and %d, its movements %d and %d",
			id, p.Refunding, p.Refunded, refunding, refunded)
		check.must(p.Captured+p.Released <= p.Terms.Order.Value && p.Refunding+p.Refunded <= p.Captured,
			"payment %s of %d: captured %d, released %d, refunded %d", id, p.Terms.Order.Value, p.Captured, p.Released, p.Refunding+p.Refunded)
	}
}

// checkNotes holds the journal's records of each payment to its row. Of a payment
// whose first records were not read, the rest is.
func (a *auditor) checkNotes() {
	sequence := a.check("S2", "the journal's records of a payment are 1 to n without a gap")
	once := a.check("S3", "a payment is told one outcome, and the journal and the row agree on it")
	for _, id := range a.paymentIDs() {
		p := a.payments[id]
		t, all := a.toldOf(id)
		if !all && t.last == 0 {
			continue
		}
		sequence.must(!t.gap && t.last == p.Notes && (t.first <= 1 || !all), "payment %s has records %d to %d of %d, or some are missing between them",
			id, t.first, t.last, p.Notes)
		once.must(t.otherwise == "", "payment %s is %s and was told %s", id, p.Status(), t.otherwise)
		once.must(t.outcomes <= 1 && (t.outcomes == 0 || !p.Open()) && (t.outcomes == 1 || p.Open() || !all),
			"payment %s is %s and was told %d outcomes", id, p.Status(), t.outcomes)
	}
}

// checkQuotes recomputes that a quote was used once, in time and as it was made.
func (a *auditor) checkQuotes(ctx context.Context, reader *store.Reader) error {
	once := a.check("F1", "a quote is for one payment")
	intime := a.check("F2", "a quote was used before it expired")
	equal := a.check("F3", "a payment has the amounts and parties of its quote")
	used := make(map[string]string)
	err := each(reader.EachQuote(ctx), func(q fx.Quote) {
		if q.Payment == "" {
			return
		}
		p, ok := a.payments[q.Payment]
		once.must(ok && used[q.Payment] == "", "quote %s is of payment %q", q.ID, q.Payment)
		used[q.Payment] = q.ID
		intime.must(p.CreatedAt.Before(q.ExpiresAt), "quote %s expired at %s and was used at %s", q.ID, q.ExpiresAt, p.CreatedAt)
		equal.must(p.Terms == q.Terms && p.Wallet == q.Wallet && p.Acquirer == q.Acquirer && p.Payee.Store == q.Store,
			"payment %s is not as quote %s", p.ID, q.ID)
	})
	for _, id := range a.paymentIDs() {
		if p := a.payments[id]; p.Quote != "" {
			once.must(used[id] == p.Quote, "payment %s names quote %s, which names another", id, p.Quote)
		}
	}
	return err
}

// checkCodes recomputes that a payment code has paid once, and that requests
// have the effect that they record.
func (a *auditor) checkCodes(ctx context.Context, reader *store.Reader) error {
	codes := a.check("K1", "a payment code is used once, for ever")
	requests := a.check("D1", "a request has the one effect that it records")
	used := make(map[string]string)
	for _, id := range a.paymentIDs() {
		if p := a.payments[id]; p.Code != "" {
			codes.must(used[p.Code] == "", "payments %s and %s used one code", used[p.Code], id)
			used[p.Code] = id
		}
	}
	err := each(reader.EachCode(ctx), func(c store.PaymentCode) {
		codes.must(c.Payment == used[c.Code], "a code is used by %q and names %q", used[c.Code], c.Payment)
		delete(used, c.Code)
	})
	if err != nil {
		return err
	}
	for _, id := range a.paymentIDs() {
		_, left := used[a.payments[id].Code]
		codes.must(!left, "payment %s used a code of which nothing is known", id)
	}
	return each(reader.EachRequest(ctx), func(r store.Request) {
		requests.must((r.Subject == "") || r.Reason == "", "request %s of %s was refused and has an effect", r.Key.ID, r.Key.Participant)
		if r.Key.Operation == (Ask{}).name() && r.Reason == "" {
			_, ok := a.payments[r.Subject]
			requests.must(ok, "request %s of %s has no payment", r.Key.ID, r.Key.Participant)
		}
	})
}

// checkKeys holds where rows stand to where their keys lead.
func (a *auditor) checkKeys(ctx context.Context, reader *store.Reader) error {
	check := a.check("K2", "a request, a code or an order reference is one row, to which its key leads")
	return each(reader.EachKeyed(ctx), func(k store.Keyed) {
		check.must(k.Number == k.Leads, "row %d of %s has a key that leads to row %d", k.Number, k.Table, k.Leads)
	})
}

// checkReferences recomputes that an order is paid once. A payment that a wallet
// only announced holds no order, so that several may be open.
func (a *auditor) checkReferences() {
	check := a.check("D4", "of one order reference, one payment is approved and one on its way at most")
	approved, open := make(map[store.ReferenceKey]string), make(map[store.ReferenceKey]string)
	for _, id := range a.paymentIDs() {
		p := a.payments[id]
		if p.OrderReference == "" {
			continue
		}
		key := merchantReference(p.Merchant, p.OrderReference, p.Part)
		switch {
		case p.Outcome == payment.WasApproved:
			check.must(approved[key] == "", "payments %s and %s of one order are approved", approved[key], id)
			approved[key] = id
		case p.Open() && p.Flow != payment.WalletDebits:
			check.must(open[key] == "", "payments %s and %s of one order are on their way", open[key], id)
			open[key] = id
		}
	}
}

// checkAcknowledged holds what clients were told to what is there.
func (a *auditor) checkAcknowledged(references []string) {
	if len(references) == 0 {
		return
	}
	check := a.check("C1", "every payment that was acknowledged is there and approved")
	for _, reference := range references {
		p, ok := a.payments[reference]
		check.must(ok && p.Outcome == payment.WasApproved, "payment %s was acknowledged and is %q", reference, p.Outcome)
	}
}
