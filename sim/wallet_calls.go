package sim

import (
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// Ask answers the question whether the payer pays. Asked again, the wallet says
// what has become of it since.
func (w *Wallet) Ask(ask api.Ask, now time.Time) Reply[api.WalletAnswer] {
	if w.Behaviour == Silence {
		return silent[api.WalletAnswer]()
	}
	p, known := w.payments[ask.Reference]
	if !known {
		p = w.consider(ask, now)
	}
	answer := w.report(p, true)
	if w.Behaviour == Slow {
		answer.Delay = SlowBy
	}
	return answer
}

// consider decides what was not asked before.
func (w *Wallet) consider(ask api.Ask, now time.Time) WalletPayment {
	p := WalletPayment{
		Reference: ask.Reference, Payer: ask.Payer, Payee: ask.Payee,
		OrderAmount: ask.OrderAmount, DebitAmount: ask.DebitAmount, CaptureLater: ask.CaptureLater, At: now,
	}
	inform := 0
	if w.Behaviour == DoubleYes {
		inform = 1
	}
	reason := w.payerOf(&p, ask.Code, now)
	if reason == "" {
		reason = w.objection(p, now)
	}
	if reason != "" {
		return w.decline(p, reason, 0, now)
	}
	// A wallet that does not speak does not ask its payer either.
	hasty := (w.Behaviour == LateYes || w.Behaviour == Forgets) && w.payers[p.Payer].Accepts == AcceptsAlways
	if w.terms.asks(p.DebitAmount) && !hasty {
		p.State, p.Until = StateAwaiting, ask.PayerUntil
		if w.terms.OpenWithin > 0 {
			p.OpenBy = now.Add(w.terms.OpenWithin)
		}
		w.write(walletRows{Payment: &p})
		return p
	}
	return w.debit(p, inform, now)
}

// objection says why the wallet does not pay, or nothing.
func (w *Wallet) objection(p WalletPayment, now time.Time) hansa.Reason {
	payer, known := w.payers[p.Payer]
	switch {
	case w.Behaviour == Declines:
		return hansa.PaymentDeclined
	case !known || payer.locked():
		return hansa.PayerBlocked
	case p.DebitAmount.Currency != w.terms.Debits || p.DebitAmount.Payable() != nil:
		return hansa.PaymentDeclined
	case w.overLimit(p, now):
		return hansa.WalletLimit
	}
	if _, enough := w.split(p, now); !enough {
		return hansa.InsufficientFunds
	}
	return ""
}

// debit takes the payer's money, and lets the outcome be told so many times.
func (w *Wallet) debit(p WalletPayment, inform int, now time.Time) WalletPayment {
	if p.Debited != 0 || p.State == StateCancelled {
		panic("payment " + p.Reference + " is " + string(p.State) + " and would be debited again")
	}
	p.Portions, _ = w.split(p, now)
	p.State, p.Debited, p.PaidAt, p.Owed, p.TellAt = StatePaid, p.DebitAmount.Value, now, inform, now
	if w.terms.Reserves && p.CaptureLater {
		p.Reserved = p.Debited
	}
	switch w.Behaviour {
	case LateYes:
		p.Lapse, p.Owed = KeptQuiet, 0
	case Forgets:
		p.Lapse, p.Owed = Forgotten, 0
	case WrongAmount:
		p.Lapse = Misspoke
	case Garbage:
		p.Owed = 0
	case Slow:
		p.TellAt = now.Add(SlowBy)
	case Behaves, Silence, DoubleYes, Declines:
	}
	w.move(p, nil, p.Portions, now)
	return p
}

func (w *Wallet) decline(p WalletPayment, reason hansa.Reason, inform int, now time.Time) WalletPayment {
	p.State, p.Reason, p.Owed, p.TellAt = StateDeclined, reason, inform, now
	w.write(walletRows{Payment: &p})
	return p
}

// move takes portions from the payer or returns them, together with what it is
// for.
func (w *Wallet) move(p WalletPayment, m *WalletMovement, portions []Portion, now time.Time) {
	payer := w.payers[p.Payer].moved(portions, w.terms.NoBalance)
	entry := WalletEntry{At: now, Payer: p.Payer, Reference: p.Reference, Amount: money.New(0, p.DebitAmount.Currency)}
	for _, portion := range portions {
		entry.Amount.Value += portion.Returned - portion.Debited
	}
	if m != nil {
		entry.Reference = m.Movement
	}
	w.write(walletRows{Payer: &payer, Payment: &p, Movement: m, Entry: &entry})
}

// Inquire says what has become of a payment. NOT_FOUND says nothing of what may
// still come.
func (w *Wallet) Inquire(reference string, now time.Time) Reply[api.WalletAnswer] {
	if w.Behaviour == Silence {
		return silent[api.WalletAnswer]()
	}
	p, known := w.payments[reference]
	if !known {
		return reply(w, api.WalletAnswer{Reference: reference, Status: api.AnswerNotFound})
	}
	return w.report(w.lapse(p, now), false)
}

// report says where a payment stands, as far as the wallet admits it.
func (w *Wallet) report(p WalletPayment, asked bool) Reply[api.WalletAnswer] {
	answer := api.WalletAnswer{Reference: p.Reference}
	switch p.State {
	case StateAwaiting:
		answer.Status, answer.Until = api.AnswerAwaitingPayer, &p.Until
	case StateDeclined:
		answer.Status, answer.Reason = api.AnswerDeclined, string(p.Reason)
	case StateCancelled:
		answer.Status = api.AnswerCancelled
	case StatePaid:
		switch {
		case p.Lapse == KeptQuiet || p.Lapse == Forgotten && asked:
			return silent[api.WalletAnswer]()
		case p.Lapse == Forgotten:
			answer.Status = api.AnswerNotFound
			return reply(w, answer)
		}
		told := p.tell()
		answer.Status, answer.OrderAmount, answer.DebitAmount, answer.Payee = told.Status, told.OrderAmount, told.DebitAmount, told.Payee
	}
	return reply(w, answer)
}

// Cancel gives back what was taken, or makes sure that nothing ever is. From then
// on the reference is refused for ever.
func (w *Wallet) Cancel(stop api.Stop, now time.Time) Reply[api.WalletAnswer] {
	if w.Behaviour == Silence {
		return silent[api.WalletAnswer]()
	}
	p, known := w.payments[stop.Reference]
	if p.Lapse == KeptQuiet {
		// The late yes: it comes when the network has given up already.
		p.Lapse, p.Owed, p.TellAt = Confessed, 1, now
		w.write(walletRows{Payment: &p})
		return silent[api.WalletAnswer]()
	}
	if !known {
		p = WalletPayment{Reference: stop.Reference, At: now}
	}
	if p.State != StateCancelled {
		left := p.Debited - p.Returned
		p.State, p.Reserved, p.Owed = StateCancelled, 0, 0
		if left > 0 {
			given, back := p.giveBack(left)
			w.move(given, nil, back, now)
		} else {
			w.write(walletRows{Payment: &p})
		}
	}
	return reply(w, api.WalletAnswer{Reference: stop.Reference, Status: api.AnswerCancelled})
}

// Carry carries out a capture, release, refund or cancel, once, or refuses it for
// ever.
func (w *Wallet) Carry(carry api.Carry, now time.Time) Reply[api.Carried] {
	if w.Behaviour == Silence {
		return silent[api.Carried]()
	}
	m, known := w.movements[carry.Movement]
	if !known {
		m = w.carryOut(carry, now)
	}
	return reply(w, api.Carried{Movement: m.Movement, Status: m.Status, Reason: m.Reason})
}

func (w *Wallet) carryOut(carry api.Carry, now time.Time) WalletMovement {
	m := WalletMovement{Movement: carry.Movement, Payment: carry.Payment, Status: api.AnswerDone}
	p := w.payments[carry.Payment]
	if carry.Kind == kindCapture && p.State == StatePaid {
		p.Reserved = max(0, p.Reserved-carry.DebitAmount.Value)
		w.write(walletRows{Payment: &p, Movement: &m})
		return m
	}
	if reason := w.objectionTo(carry, p); reason != "" {
		m.Status, m.Reason = api.AnswerRefused, string(reason)
		w.write(walletRows{Movement: &m})
		return m
	}
	if carry.Kind == kindRelease {
		p.Reserved = max(0, p.Reserved-carry.DebitAmount.Value)
	}
	if carry.DebitAmount.IsZero() {
		w.write(walletRows{Payment: &p, Movement: &m})
		return m
	}
	given, back := p.giveBack(carry.DebitAmount.Value)
	w.move(given, &m, back, now)
	return m
}

// Kinds of movements that differ for a wallet: a capture moves nothing, since
// all was taken or reserved when the payment was authorised, and a release must be
// honoured.
const (
	kindCapture = "capture"
	kindRelease = "release"
)

// objectionTo says why the wallet does not give money back, or nothing.
func (w *Wallet) objectionTo(carry api.Carry, p WalletPayment) hansa.Reason {
	switch {
	case p.State != StatePaid:
		return hansa.NotAllowedNow
	case w.Behaviour == Declines && carry.Kind != kindRelease:
		return hansa.PayerBlocked
	case carry.DebitAmount.Currency != p.DebitAmount.Currency || carry.DebitAmount.Value < 0:
		return hansa.CurrencyMismatch
	case carry.DebitAmount.Value > p.Debited-p.Returned:
		return hansa.RefundTooLarge
	}
	return ""
}
