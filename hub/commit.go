package hub

import (
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// decide lets event happen to p and enters what follows into the batch.
func (b *batch) decide(p payment.Payment, event payment.Event, r Request) (payment.Payment, error) {
	changed, plan, err := payment.Decide(p, event, b.facts(p), b.now)
	if err != nil {
		return p, err
	}
	return b.enter(p, changed, plan, r), nil
}

// enter writes a payment and its plan into the batch: postings and positions,
// the order, the order reference, the movement, and the journal's events.
func (b *batch) enter(before, p payment.Payment, plan payment.Plan, r Request) payment.Payment {
	for _, hold := range plan.Holds {
		b.holdBack(hold)
	}
	if plan.Booking != nil {
		b.book(p, *plan.Booking, r)
	}
	b.moveOrder(p, plan.Order)
	if plan.Free {
		b.freeReference(p)
	}
	if plan.Movement != nil {
		b.enterMovement(*plan.Movement)
	}
	for _, note := range plan.Notes {
		p.Notes++
		b.events = append(b.events, paymentEvent(p, plan.Movement, note, b.now))
	}
	if p != before {
		b.payments.write(p.ID, p)
	}
	return p
}

func (b *batch) enterMovement(m payment.Movement) {
	if _, known := b.movements.known(m.ID); !known {
		b.movementsOf[m.Payment] = append(b.movementsOf[m.Payment], m.ID)
	}
	b.movements.write(m.ID, m)
}

// holdBack changes a reservation. The rules have checked that there is room.
func (b *batch) holdBack(hold payment.Hold) {
	position := b.position(hold.Account, hold.Amount.Currency)
	if hold.Amount.Value < 0 {
		b.setPosition(position.Release(-hold.Amount.Value))
		return
	}
	position, err := b.capped(position).Reserve(hold.Amount.Value)
	if err != nil {
		panic(err)
	}
	b.setPosition(position)
}

// book makes an entry and moves the positions by it.
func (b *batch) book(p payment.Payment, booking payment.Booking, r Request) {
	for _, leg := range booking.Legs {
		b.openWindow(leg.Amount.Currency)
	}
	head := ledger.Entry{
		ID:      hansa.NewID(prefixEntry, b.now, b.hub.partition, hansa.Chance(r.Chance.Draw(booking.Subject))),
		Payment: p.ID, Cause: booking.Cause, Subject: booking.Subject,
	}
	entry := ledger.NewEntry(head, booking.Legs, b.windows)
	for _, posting := range entry.Postings {
		position := b.position(posting.Account, posting.Amount.Currency)
		b.setPosition(position.Post(posting.Amount.Value))
	}
	b.extra.Entries = append(b.extra.Entries, entry)
}

// openWindow opens the first settlement window of a currency.
func (b *batch) openWindow(currency money.Currency) {
	if currency == "" || b.windows[currency] != "" {
		return
	}
	window := store.Window{ID: fmt.Sprintf("win_%s_%d", currency, b.now.UnixMicro()), Currency: currency, OpenedAt: b.now}
	b.windows[currency] = window.ID
	b.extra.Windows = append(b.extra.Windows, window)
}

func (b *batch) moveOrder(p payment.Payment, move payment.OrderMove) {
	if p.Order == "" || move == payment.OrderStays {
		return
	}
	o, _ := b.orders.read(p.Order)
	b.enterOrder(o, o.Moved(move, p.ID, b.now))
}

// enterOrder writes an order that has changed, frees its reference if it ended
// unpaid, and tells its acquirer.
func (b *batch) enterOrder(before, o payment.Order) {
	if o == before {
		return
	}
	b.orders.write(o.ID, o)
	if o.State == payment.OrderClosed || o.State == payment.OrderExpired {
		if key, ok := orderReference(o); ok {
			b.freeIfHeld(key, o.ID)
		}
	}
	event := orderEvent(o, b.now)
	if o.Static {
		// Its acquirer hears of the payment, if it may, and of nothing else.
		event.Acquirer = ""
	}
	b.events = append(b.events, event)
}

func (b *batch) freeReference(p payment.Payment) {
	if key, ok := referenceOf(p); ok {
		b.freeIfHeld(key, p.ID)
	}
}

func (b *batch) freeIfHeld(key store.ReferenceKey, holder string) {
	if reference, ok := b.references.read(key); ok && reference.Holder == holder {
		b.references.write(key, store.Reference{Key: key})
	}
}

// referenceIsFree refuses OrderReferenceTaken where a name is held.
func (b *batch) referenceIsFree(key store.ReferenceKey) error {
	if reference, ok := b.references.read(key); ok && reference.Holder != "" {
		return hansa.Refuse(hansa.OrderReferenceTaken, "a payment of this order is approved or undecided")
	}
	return nil
}

// leaseCalls takes every call that is due now, of payments in this batch, under
// a lease, so that it can be made as soon as the batch is committed.
func (b *batch) leaseCalls() []Call {
	var calls []Call
	for _, id := range sortedKeys(b.payments) {
		p, _ := b.payments.read(id)
		wallet, err := b.directory.Participant(p.Wallet)
		if err != nil {
			continue
		}
		if task, ok := leased(p.Task, b.now); ok {
			p.Task = task
			b.payments.write(id, p)
			calls = append(calls, Call{Call: task.Call, Fence: task.Fence, Payment: p, Wallet: wallet, Payer: b.payerOf(p)})
		}
		for _, movement := range b.movementsOf[id] {
			m, _ := b.movements.read(movement)
			if task, ok := leased(m.Task, b.now); ok {
				m.Task = task
				b.movements.write(movement, m)
				calls = append(calls, Call{Call: task.Call, Fence: task.Fence, Payment: p, Movement: m, Wallet: wallet})
			}
		}
	}
	return calls
}

func leased(task payment.Task, now time.Time) (payment.Task, bool) {
	if task.Call == payment.NoCall || task.Due.After(now) || task.LeasedUntil.After(now) {
		return task, false
	}
	task.Fence++
	task.LeasedUntil = now.Add(confirmLease)
	if task.Call == payment.CallAsk || task.Call == payment.CallInquire {
		task.LeasedUntil = now.Add(answerLease)
	}
	return task, true
}
