package sim

import (
	"errors"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
)

// A counter is a wallet in the world, with its mood for each payment.
type counter struct {
	*Wallet
	moods map[string]Misbehaviour // by payer or by reference
	order []string                // its payers, as they came
}

var errNoAnswer = errors.New("no answer")

// mood makes the wallet behave as it does towards this payment.
func (w *world) mood(c *counter, payer, reference string) {
	mood, known := c.moods[reference]
	if !known {
		if mood, known = c.moods[payer]; known {
			c.moods[reference] = mood
		}
	}
	if w.calm {
		mood = Behaves
	}
	c.Behaviour = mood
}

// call asks a wallet as the hub wants it asked. What gets lost is silence.
func (w *world) call(call hub.Call) {
	life := w.life
	heard := false
	bring := func(event payment.Event) {
		if heard || life != w.life {
			return
		}
		heard = true
		event = w.bend(call, event)
		if event == nil {
			return
		}
		w.post(hub.Request{Operation: hub.Answered{Call: call, Event: event}}, nil)
	}
	w.send(func() { w.answer(call, bring) })
	w.after(payment.AnswerWithin, func() { bring(unheard(call)) })
}

// unheard is what a caller hears of a wallet that does not answer in time.
func unheard(call hub.Call) payment.Event {
	if call.Movement.ID != "" {
		return payment.MovementSilent{ID: call.Movement.ID}
	}
	return payment.Silent{}
}

// answer lets the wallet answer a call.
func (w *world) answer(call hub.Call, bring func(payment.Event)) {
	c := w.wallets[call.Wallet.ID]
	w.mood(c, call.Payer, call.Payment.ID)
	var event payment.Event
	var delay time.Duration
	switch call.Call {
	case payment.CallAsk:
		reply := c.Ask(outbound.AskOf(call.Payment, call.Payer), w.now)
		event, delay = outbound.Heard(reply.Answer, manner(reply.Manner)), reply.Delay
	case payment.CallInquire:
		reply := c.Inquire(call.Payment.ID, w.now)
		event, delay = outbound.Heard(reply.Answer, manner(reply.Manner)), reply.Delay
	case payment.CallCancel:
		reply := c.Cancel(outbound.StopOf(call.Payment), w.now)
		event, delay = outbound.Heard(reply.Answer, manner(reply.Manner)), reply.Delay
	case payment.CallCapture, payment.CallRelease, payment.CallRefund:
		reply := c.Carry(outbound.CarryOf(call.Movement), w.now)
		event, delay = outbound.CarriedOut(call.Movement.ID, reply.Answer, manner(reply.Manner)), reply.Delay
	case payment.NoCall:
		panic("a call of no kind")
	}
	w.after(delay, func() { w.send(func() { bring(event) }) })
}

func manner(m Manner) error {
	if m == Answers {
		return nil
	}
	return errNoAnswer
}

// attend lets a wallet's payers answer and tells the network what is owed.
func (w *world) attend(id string) {
	c := w.wallets[id]
	for _, reference := range append([]string(nil), c.awaiting...) {
		p := c.payments[reference]
		w.mood(c, p.Payer, reference)
		if w.rng.IntN(3) == 0 {
			payer := c.payers[p.Payer]
			_ = c.Answer(reference, Decision{Accept: payer.Accepts != AcceptsNever, PIN: payer.PIN}, w.now)
		}
	}
	for _, reference := range append([]string(nil), c.owed...) {
		p := c.payments[reference]
		if p.TellAt.After(w.now) {
			continue
		}
		w.mood(c, p.Payer, reference)
		if c.Behaviour != Silence {
			w.tell(c, p)
		}
	}
}

// tell tells the network an outcome, until it has heard it.
func (w *world) tell(c *counter, p WalletPayment) {
	told := p.tell()
	operation := hub.TellOutcome{Payment: p.Reference, Reason: hansa.Reason(told.Reason)}
	if told.Status == api.AnswerPaid {
		operation = hub.TellOutcome{Payment: p.Reference, Paid: true, Echo: payment.Echo{
			Payment: p.Reference, Order: told.OrderAmount, Debit: told.DebitAmount, Payee: told.Payee,
		}}
	}
	if w.swallow(c, p, operation) {
		return
	}
	w.send(func() {
		w.post(hub.Request{Participant: c.terms.ID, Operation: operation}, func(result hub.Result) {
			w.send(func() {
				if result.Refusal != nil {
					c.GaveUp(p.Reference)
					return
				}
				w.heardYes[p.Reference] = w.heardYes[p.Reference] || operation.Paid && p.Lapse != Misspoke
				c.Told(api.OutcomeHeard{Reference: p.Reference, Received: true, Status: result.Payment.Status()})
			})
		})
	})
}
