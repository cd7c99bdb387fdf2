package sim

import (
	"fmt"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// A Bug is a mistake that a run makes on purpose, around the real hub and store.
// The checks must find every one of them: they are the test of the checks.
type Bug string

// The planted bugs.
const (
	NoBug              Bug = ""
	NotFoundDeclines   Bug = "not_found_is_declined"
	SilenceDeclines    Bug = "silence_is_declined"
	CancelAssumed      Bug = "cancel_is_assumed"
	EchoUnchecked      Bug = "echo_is_not_checked"
	LateYesForgotten   Bug = "late_yes_is_forgotten"
	CancelLost         Bug = "cancel_task_is_lost"
	EarlyRelease       Bug = "reservation_released_on_timeout"
	DoubleBooking      Bug = "approval_booked_twice"
	BalanceAstray      Bug = "balance_is_not_its_postings"
	RefundUnbooked     Bug = "refund_succeeds_without_entry"
	AnswerBeforeCommit Bug = "till_is_told_before_the_commit"
	PendingDeclines    Bug = "pending_is_told_as_declined"
	NewRequestID       Bug = "retry_with_a_new_request_id"
)

// Bugs are all planted bugs.
func Bugs() []Bug {
	return []Bug{
		NotFoundDeclines, SilenceDeclines, CancelAssumed, EchoUnchecked, LateYesForgotten, CancelLost, EarlyRelease,
		DoubleBooking, BalanceAstray, RefundUnbooked, AnswerBeforeCommit, PendingDeclines, NewRequestID,
	}
}

// ParseBug reads the name of a planted bug, or refuses NotFound.
func ParseBug(name string) (Bug, error) {
	for _, bug := range append(Bugs(), NoBug) {
		if string(bug) == name {
			return bug, nil
		}
	}
	return NoBug, hansa.Refuse(hansa.NotFound, "no planted bug %q", name)
}

// bend is what the planted bug makes of a wallet's answer; nil: it is dropped.
func (w *world) bend(call hub.Call, event payment.Event) payment.Event {
	if _, paid := event.(payment.Paid); paid && w.run.Bug == AnswerBeforeCommit {
		w.tellEarly(call.Payment.ID)
	}
	switch w.run.Bug { //nolint:exhaustive // The others do not touch answers.
	case NotFoundDeclines:
		if _, unfound := event.(payment.Unfound); unfound {
			return payment.WalletDeclined{}
		}
	case SilenceDeclines:
		if _, silent := event.(payment.Silent); silent && call.Call != payment.CallCancel {
			return payment.WalletDeclined{}
		}
	case CancelAssumed:
		if _, silent := event.(payment.Silent); silent && call.Call == payment.CallCancel {
			return payment.CancelAcknowledged{}
		}
	case EchoUnchecked:
		if _, paid := event.(payment.Paid); paid {
			return payment.Paid{Echo: call.Payment.Echo()}
		}
	case RefundUnbooked:
		if _, done := event.(payment.MovementAcknowledged); done && call.Call == payment.CallRefund && call.Movement.State == payment.Pending {
			w.succeedUnbooked(call)
			return nil
		}
	}
	return event
}

// tellEarly tells a till what is not committed yet.
func (w *world) tellEarly(id string) {
	for _, s := range w.shoppers {
		if s.payment == id {
			w.hearAtTill(s, string(payment.WasApproved))
		}
	}
}

// swallow drops a yes that comes after the end, and tells the wallet that it was
// heard.
func (w *world) swallow(c *counter, p WalletPayment, told hub.TellOutcome) bool {
	if w.run.Bug != LateYesForgotten || !told.Paid {
		return false
	}
	committed, err := w.store.Read().Payment(w.ctx, p.Reference)
	if err != nil || committed.Open() || committed.Outcome == payment.WasApproved {
		return false
	}
	w.heardYes[p.Reference] = p.Lapse != Misspoke
	c.Told(api.OutcomeHeard{Reference: p.Reference, Received: true, Status: committed.Status()})
	return true
}

// misread is the status that a till is told of p.
func (w *world) misread(p payment.Payment) string {
	if w.run.Bug == PendingDeclines && p.Open() && w.now.Sub(p.CreatedAt) > payment.TillWithin {
		return string(payment.WasDeclined)
	}
	return p.Status()
}

// again is the request as sent for the nth time.
func (w *world) again(request hub.Request, tries int) hub.Request {
	if w.run.Bug == NewRequestID && tries > 1 {
		request.ID = fmt.Sprintf("%s-%d", request.ID, tries)
	}
	return request
}

// tamper changes rows behind the hub's back, as a bug in it would.
func (w *world) tamper(committed hub.Committed) {
	for _, id := range committed.Changed {
		if !strings.HasPrefix(id, "pay_") || w.rng.IntN(4) > 0 {
			continue
		}
		switch w.run.Bug { //nolint:exhaustive // The others do not touch rows.
		case CancelLost, EarlyRelease, DoubleBooking, BalanceAstray:
			p, err := w.store.Read().Payment(w.ctx, id)
			if err != nil {
				w.fail(err)
				return
			}
			w.plant(p)
		}
	}
}

func (w *world) plant(p payment.Payment) {
	entry := ledger.Entry{ID: "ent_planted_" + p.ID, Payment: p.ID, Cause: ledger.Capture, Subject: p.ID}
	amount := p.Terms.Order
	switch w.run.Bug { //nolint:exhaustive // See tamper.
	case CancelLost:
		if p.Task.Call == payment.CallCancel {
			p.Task = payment.Task{Fence: p.Task.Fence + 1}
			w.overwrite(store.Rows{Payments: []payment.Payment{p}})
		}
	case EarlyRelease:
		if p.State == payment.Reversing {
			w.shift(p, func(at ledger.Position) ledger.Position { at.Reserved -= min(at.Reserved, p.Held); return at })
		}
	case BalanceAstray:
		if p.State == payment.Approved {
			w.shift(p, func(at ledger.Position) ledger.Position { at.Balance++; return at })
		}
	case DoubleBooking:
		if p.State == payment.Approved && !p.CaptureLater {
			entry.Postings = []ledger.Posting{{Account: "planted", Amount: amount}, {Account: ledger.Rounding, Amount: amount.Negative()}}
			w.overwrite(store.Rows{Entries: []ledger.Entry{entry}})
		}
	}
}

// shift changes the position of p's wallet.
func (w *world) shift(p payment.Payment, change func(ledger.Position) ledger.Position) {
	positions, err := w.store.Read().Positions(w.ctx)
	if err != nil {
		w.fail(err)
		return
	}
	for _, at := range positions {
		if at.Account == p.WalletAccount() && at.Currency == p.Terms.WalletSettlement.Currency {
			w.overwrite(store.Rows{Positions: []ledger.Position{change(at)}})
		}
	}
}

// succeedUnbooked ends a refund without its entry.
func (w *world) succeedUnbooked(call hub.Call) {
	m, p := call.Movement, call.Payment
	m.State, m.Task = payment.Succeeded, payment.Task{Fence: m.Task.Fence}
	p.Refunding -= m.Amounts.Order.Value
	p.Refunded += m.Amounts.Order.Value
	w.overwrite(store.Rows{Movements: []payment.Movement{m}, Payments: []payment.Payment{p}})
}

// overwrite commits rows beside the hub. Entries take the windows that are
// open.
func (w *world) overwrite(rows store.Rows) {
	tx, err := w.store.Begin(w.ctx)
	if err != nil {
		w.fail(err)
		return
	}
	defer tx.Rollback()
	windows, err := tx.OpenWindows(w.ctx)
	if err != nil {
		w.fail(err)
		return
	}
	open := make(map[money.Currency]string)
	for _, window := range windows {
		open[window.Currency] = window.ID
	}
	for _, entry := range rows.Entries {
		for i := range entry.Postings {
			if entry.Postings[i].Window = open[entry.Postings[i].Amount.Currency]; entry.Postings[i].Window == "" {
				return
			}
		}
	}
	if err := tx.Write(w.ctx, rows); err != nil {
		return // A constraint has caught the bug before us; the run goes on without it.
	}
	if err := tx.Commit(); err != nil {
		w.fail(err)
	}
}

// eventFor is an event of the journal as an acquirer hears it, as far as its
// books need it.
func eventFor(event store.Recorded) api.Event {
	record, err := hub.ReadRecord(event.Data)
	if err != nil {
		panic(err)
	}
	heard := api.Event{Type: record.Type, At: record.At, Sequence: record.Sequence}
	if record.OrderAmount != nil && record.Reference != "" {
		heard.Payment = &api.Payment{
			Reference: record.Reference, Status: record.Status, Acquirer: record.Acquirer, Wallet: record.Wallet, Store: record.Store,
			OrderAmount: money.New(record.OrderAmount.Value, record.OrderAmount.Currency),
		}
	}
	if m := record.Movement; m != nil {
		heard.Movement = &api.Movement{
			Movement: m.Movement, Payment: record.Reference, Kind: m.Kind, Status: m.Status,
			OrderAmount: money.New(m.OrderAmount.Value, m.OrderAmount.Currency),
		}
	}
	return heard
}
