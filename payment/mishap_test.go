package payment_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// The stories of what can go wrong, in each flow, with what everybody sees after
// each line written by hand. The columns are
//
//	second | payment | what happens | till's answer | reserved of its wallet | order | books | call owed to its wallet
//
// "pay" and "again" are payments of alipay, "rival" is one of vipps; each is of
// 100.00 NOK. The order of flow A is the till's reference: taken, or free again.
// The till hears nothing of a payment in flow C until it is approved. The books
// say who has paid: "alipay", "vipps" or "-"; what that means stands in bookings.
const mishaps = `
A: refused by its payer, and tried again
 0 | pay   | asked       | pending asking_wallet      | 10.05 EUR | taken | -      | ask
 2 | pay   | prompts     | pending awaiting_payer     | 10.05 EUR | taken | -      | inquire
20 | pay   | refuses     | declined declined_by_payer | 0.00 EUR  | free  | -      | -
30 | again | asked       | pending asking_wallet      | 10.05 EUR | taken | -      | ask
32 | again | paid        | approved                   | 0.00 EUR  | taken | alipay | -

A: declined
 0 | pay   | asked       | pending asking_wallet       | 10.05 EUR | taken | - | ask
 1 | pay   | declines    | declined insufficient_funds | 0.00 EUR  | free  | - | -

A: silent
 0 | pay   | asked       | pending asking_wallet   | 10.05 EUR | taken | - | ask
 5 | pay   | silent      | pending resolving       | 10.05 EUR | taken | - | inquire
 5 | pay   | silent      | pending resolving       | 10.05 EUR | taken | - | inquire
 8 | pay   | unfound     | pending resolving       | 10.05 EUR | taken | - | inquire
10 | pay   | deadline    | expired payment_expired | 10.05 EUR | free  | - | cancel
13 | pay   | silent      | expired payment_expired | 10.05 EUR | free  | - | cancel
16 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | free  | - | -

A: the payer is asked and stays silent
 0 | pay   | asked       | pending asking_wallet   | 10.05 EUR | taken | - | ask
 2 | pay   | prompts     | pending awaiting_payer  | 10.05 EUR | taken | - | inquire
50 | pay   | silent      | pending awaiting_payer  | 10.05 EUR | taken | - | inquire
55 | pay   | deadline    | expired payment_expired | 10.05 EUR | free  | - | cancel
56 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | free  | - | -

A: a late yes, before the cancel is acknowledged and after it
 0 | pay   | asked       | pending asking_wallet   | 10.05 EUR | taken | - | ask
 5 | pay   | silent      | pending resolving       | 10.05 EUR | taken | - | inquire
10 | pay   | deadline    | expired payment_expired | 10.05 EUR | free  | - | cancel
11 | pay   | paid        | expired payment_expired | 10.05 EUR | free  | - | cancel
14 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | free  | - | -
15 | pay   | paid        | expired payment_expired | 0.00 EUR  | free  | - | cancel
16 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | free  | - | -

A: a late yes after a no
 0 | pay   | asked       | pending asking_wallet       | 10.05 EUR | taken | - | ask
 1 | pay   | declines    | declined insufficient_funds | 0.00 EUR  | free  | - | -
 2 | pay   | paid        | declined insufficient_funds | 0.00 EUR  | free  | - | cancel
 3 | pay   | tombstone   | declined insufficient_funds | 0.00 EUR  | free  | - | -

A: a double yes
 0 | pay   | asked       | pending asking_wallet | 10.05 EUR | taken | -      | ask
 1 | pay   | paid        | approved              | 0.00 EUR  | taken | alipay | -
 2 | pay   | paid        | approved              | 0.00 EUR  | taken | alipay | -

A: a wrong echo
 0 | pay   | asked       | pending asking_wallet   | 10.05 EUR | taken | - | ask
 1 | pay   | wrong       | pending resolving       | 10.05 EUR | taken | - | inquire
 1 | pay   | wrong       | pending resolving       | 10.05 EUR | taken | - | inquire
10 | pay   | deadline    | expired payment_expired | 10.05 EUR | free  | - | cancel
11 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | free  | - | -

A: a wrong echo, and then the right one
 0 | pay   | asked       | pending asking_wallet | 10.05 EUR | taken | -      | ask
 1 | pay   | wrong       | pending resolving     | 10.05 EUR | taken | -      | inquire
 1 | pay   | paid        | approved              | 0.00 EUR  | taken | alipay | -

A: a wrong echo, and then a no
 0 | pay   | asked       | pending asking_wallet       | 10.05 EUR | taken | - | ask
 1 | pay   | wrong       | pending resolving           | 10.05 EUR | taken | - | inquire
 1 | pay   | declines    | declined insufficient_funds | 10.05 EUR | free  | - | cancel
 2 | pay   | tombstone   | declined insufficient_funds | 0.00 EUR  | free  | - | -

A: two wallets on one order
 0 | pay   | asked       | pending asking_wallet         | 10.05 EUR  | taken | -     | ask
 1 | rival | asked       | refused order_reference_taken | 0.00 NOK   | taken | -     | -
 2 | pay   | declines    | declined insufficient_funds   | 0.00 EUR   | free  | -     | -
 3 | rival | asked       | pending asking_wallet         | 100.00 NOK | taken | -     | ask
 4 | rival | paid        | approved                      | 0.00 NOK   | taken | vipps | -
 5 | pay   | paid        | declined insufficient_funds   | 0.00 EUR   | taken | vipps | cancel
 6 | pay   | tombstone   | declined insufficient_funds   | 0.00 EUR   | taken | vipps | -

A: the till cancels, and at the same instant the wallet says yes
 0 | pay   | asked       | pending asking_wallet       | 10.05 EUR | taken | - | ask
 3 | pay   | cancelled   | cancelled payment_cancelled | 10.05 EUR | free  | - | cancel
 3 | pay   | paid        | cancelled payment_cancelled | 10.05 EUR | free  | - | cancel
 3 | pay   | cancelled   | cancelled payment_cancelled | 10.05 EUR | free  | - | cancel
 4 | pay   | tombstone   | cancelled payment_cancelled | 0.00 EUR  | free  | - | -

A: the wallet says yes, and at the same instant the till cancels
 0 | pay   | asked       | pending asking_wallet   | 10.05 EUR | taken | -      | ask
 3 | pay   | paid        | approved                | 0.00 EUR  | taken | alipay | -
 3 | pay   | cancelled   | refused not_allowed_now | 0.00 EUR  | taken | alipay | -
 3 | pay   | undone      | approved                | 0.00 EUR  | taken | alipay | refund
 4 | pay   | given back  | approved                | 0.00 EUR  | taken | -      | -

A: the wallet is suspended in the middle
 0 | pay   | asked       | pending asking_wallet | 10.05 EUR | taken | -      | ask
 1 | pay   | suspended   | pending asking_wallet | 10.05 EUR | taken | -      | ask
 2 | pay   | paid        | approved              | 0.00 EUR  | taken | alipay | -
 3 | again | asked       | refused suspended     | 0.00 EUR  | taken | alipay | -
 4 | pay   | undone      | approved              | 0.00 EUR  | taken | alipay | refund
 5 | pay   | given back  | approved              | 0.00 EUR  | taken | -      | -

B: refused by its payer, and paid by another wallet
 0 | pay   | accepted    | pending awaiting_payer     | 10.05 EUR  | held | -     | inquire
 4 | pay   | refuses     | declined declined_by_payer | 0.00 EUR   | open | -     | -
 5 | rival | accepted    | pending awaiting_payer     | 100.00 NOK | held | -     | inquire
 6 | rival | paid        | approved                   | 0.00 NOK   | paid | vipps | -

B: declined
 0 | pay   | accepted    | pending awaiting_payer      | 10.05 EUR | held | - | inquire
 1 | pay   | declines    | declined insufficient_funds | 0.00 EUR  | open | - | -

B: declined, at a printed code
 0 |       | printed     | -                           | 0.00 EUR  | open   | - | -
 0 | pay   | accepted    | pending awaiting_payer      | 10.05 EUR | held   | - | inquire
 1 | pay   | declines    | declined insufficient_funds | 0.00 EUR  | closed | - | -

B: silent
 0 | pay   | accepted    | pending awaiting_payer  | 10.05 EUR | held | - | inquire
15 | pay   | silent      | pending resolving       | 10.05 EUR | held | - | inquire
18 | pay   | silent      | pending resolving       | 10.05 EUR | held | - | inquire
25 | pay   | deadline    | expired payment_expired | 10.05 EUR | held | - | cancel
26 | rival | accepted    | refused order_not_open  | 0.00 NOK  | held | - | -
28 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | open | - | -

B: silent, and the cancel is acknowledged when the order's time is over
  0 | pay   | accepted    | pending awaiting_payer  | 10.05 EUR | held    | - | inquire
 25 | pay   | deadline    | expired payment_expired | 10.05 EUR | held    | - | cancel
601 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | expired | - | -

B: a late yes, when another wallet has paid
 0 | pay   | accepted    | pending awaiting_payer  | 10.05 EUR  | held | -     | inquire
25 | pay   | deadline    | expired payment_expired | 10.05 EUR  | held | -     | cancel
26 | pay   | paid        | expired payment_expired | 10.05 EUR  | held | -     | cancel
28 | pay   | tombstone   | expired payment_expired | 0.00 EUR   | open | -     | -
29 | rival | accepted    | pending awaiting_payer  | 100.00 NOK | held | -     | inquire
30 | rival | paid        | approved                | 0.00 NOK   | paid | vipps | -
31 | pay   | paid        | expired payment_expired | 0.00 EUR   | paid | vipps | cancel
32 | pay   | tombstone   | expired payment_expired | 0.00 EUR   | paid | vipps | -

B: a double yes
 0 | pay   | accepted    | pending awaiting_payer | 10.05 EUR | held | -      | inquire
 1 | pay   | paid        | approved               | 0.00 EUR  | paid | alipay | -
 2 | pay   | paid        | approved               | 0.00 EUR  | paid | alipay | -

B: a wrong echo
 0 | pay   | accepted    | pending awaiting_payer  | 10.05 EUR | held | - | inquire
 2 | pay   | wrong       | pending resolving       | 10.05 EUR | held | - | inquire
25 | pay   | deadline    | expired payment_expired | 10.05 EUR | held | - | cancel
26 | pay   | tombstone   | expired payment_expired | 0.00 EUR  | open | - | -

B: two wallets on one order
 0 | pay   | accepted    | pending awaiting_payer | 10.05 EUR | held | -      | inquire
 1 | rival | accepted    | refused order_not_open | 0.00 NOK  | held | -      | -
 2 | pay   | paid        | approved               | 0.00 EUR  | paid | alipay | -
 3 | rival | accepted    | refused order_paid     | 0.00 NOK  | paid | alipay | -

B: a wallet that debits first pays the order that another one holds
 0 | rival | announced   | nothing                | 100.00 NOK | open | -     | inquire
 1 | pay   | accepted    | pending awaiting_payer | 10.05 EUR  | held | -     | inquire
 2 | rival | paid        | approved               | 0.00 NOK   | paid | vipps | -
 3 | pay   | paid        | declined order_paid    | 10.05 EUR  | paid | vipps | cancel
 4 | pay   | tombstone   | declined order_paid    | 0.00 EUR   | paid | vipps | -

B: the till cancels, and at the same instant the wallet says yes
 0 | pay   | accepted    | pending awaiting_payer      | 10.05 EUR | held   | - | inquire
 3 | pay   | closed      | cancelled payment_cancelled | 10.05 EUR | closed | - | cancel
 3 | pay   | paid        | cancelled payment_cancelled | 10.05 EUR | closed | - | cancel
 4 | rival | accepted    | refused order_not_open      | 0.00 NOK  | closed | - | -
 5 | pay   | tombstone   | cancelled payment_cancelled | 0.00 EUR  | closed | - | -

B: the wallet says yes, and at the same instant the till cancels
 0 | pay   | accepted    | pending awaiting_payer | 10.05 EUR | held | -      | inquire
 3 | pay   | paid        | approved               | 0.00 EUR  | paid | alipay | -
 3 | pay   | closed      | refused order_paid     | 0.00 EUR  | paid | alipay | -

B: the till closes an order whose payment is being cancelled already
 0 | rival | announced   | nothing                     | 100.00 NOK | open   | - | inquire
 0 | pay   | accepted    | pending awaiting_payer      | 10.05 EUR  | held   | - | inquire
25 | pay   | deadline    | expired payment_expired     | 10.05 EUR  | held   | - | cancel
26 | pay   | closed      | expired payment_expired     | 10.05 EUR  | closed | - | cancel
27 | rival | paid        | nothing                     | 100.00 NOK | closed | - | cancel
28 | pay   | tombstone   | expired payment_expired     | 0.00 EUR   | closed | - | -
29 | rival | tombstone   | nothing                     | 0.00 NOK   | closed | - | -

B: the wallet is suspended in the middle
 0 | pay   | accepted    | pending awaiting_payer | 10.05 EUR | held | -      | inquire
 1 | pay   | suspended   | pending awaiting_payer | 10.05 EUR | held | -      | inquire
 2 | pay   | paid        | approved               | 0.00 EUR  | paid | alipay | -

C: refused by its payer, and scanned again
 0 | pay   | announced   | nothing  | 10.05 EUR | open | -      | inquire
 9 | pay   | refuses     | nothing  | 0.00 EUR  | open | -      | -
12 | again | announced   | nothing  | 10.05 EUR | open | -      | inquire
15 | again | paid        | approved | 0.00 EUR  | paid | alipay | -

C: declined
 0 | pay   | announced   | nothing  | 10.05 EUR | open | - | inquire
 9 | pay   | declines    | nothing  | 0.00 EUR  | open | - | -

C: silent
 0 | pay   | announced   | nothing  | 10.05 EUR | open | - | inquire
60 | pay   | silent      | nothing  | 10.05 EUR | open | - | inquire
70 | pay   | deadline    | nothing  | 10.05 EUR | open | - | cancel
73 | pay   | tombstone   | nothing  | 0.00 EUR  | open | - | -

C: a late yes, before the network has given up
 0 | pay   | announced   | nothing  | 10.05 EUR | open | - | inquire
60 | pay   | paid        | nothing  | 10.05 EUR | open | - | cancel
61 | pay   | tombstone   | nothing  | 0.00 EUR  | open | - | -

C: a late yes, after it
 0 | pay   | announced   | nothing  | 10.05 EUR | open | - | inquire
70 | pay   | deadline    | nothing  | 10.05 EUR | open | - | cancel
71 | pay   | paid        | nothing  | 10.05 EUR | open | - | cancel
73 | pay   | tombstone   | nothing  | 0.00 EUR  | open | - | -
74 | pay   | paid        | nothing  | 0.00 EUR  | open | - | cancel
75 | pay   | tombstone   | nothing  | 0.00 EUR  | open | - | -

C: a double yes
 0 | pay   | announced   | nothing  | 10.05 EUR | open | -      | inquire
 9 | pay   | paid        | approved | 0.00 EUR  | paid | alipay | -
 9 | pay   | paid        | approved | 0.00 EUR  | paid | alipay | -

C: a wrong echo
 0 | pay   | announced   | nothing  | 10.05 EUR | open | - | inquire
 9 | pay   | wrong       | nothing  | 10.05 EUR | open | - | cancel
10 | pay   | tombstone   | nothing  | 0.00 EUR  | open | - | -

C: two wallets on one order
 0 | pay   | announced   | nothing  | 10.05 EUR  | open | -     | inquire
 1 | rival | announced   | nothing  | 100.00 NOK | open | -     | inquire
 8 | rival | paid        | approved | 0.00 NOK   | paid | vipps | -
 9 | pay   | paid        | nothing  | 10.05 EUR  | paid | vipps | cancel
10 | pay   | tombstone   | nothing  | 0.00 EUR   | paid | vipps | -

C: the till cancels, and at the same instant the wallet says yes
 0 | pay   | announced   | nothing  | 10.05 EUR | open   | - | inquire
 9 | pay   | closed      | nothing  | 10.05 EUR | closed | - | inquire
 9 | pay   | paid        | nothing  | 10.05 EUR | closed | - | cancel
10 | pay   | tombstone   | nothing  | 0.00 EUR  | closed | - | -

C: the wallet says yes, and at the same instant the till cancels
 0 | pay   | announced   | nothing            | 10.05 EUR | open | -      | inquire
 9 | pay   | paid        | approved           | 0.00 EUR  | paid | alipay | -
 9 | pay   | closed      | refused order_paid | 0.00 EUR  | paid | alipay | -

C: the wallet is suspended in the middle
 0 | pay   | announced   | nothing           | 10.05 EUR | open | -      | inquire
 1 | pay   | suspended   | nothing           | 10.05 EUR | open | -      | inquire
 2 | again | announced   | refused suspended | 10.05 EUR | open | -      | -
 9 | pay   | paid        | approved          | 0.00 EUR  | paid | alipay | -
`

// bookings are the books after one wallet has paid 100.00 NOK. What alipay owes
// is rounded to the nearest cent, and the provider deals whole ones.
func bookings() map[string]string {
	return map[string]string{
		"-":      "",
		"alipay": "acquirer/nets.no 100.00 NOK, fx/hanseatic -100.00 NOK, fx/hanseatic 10.04 EUR, rounding 0.01 EUR, wallet/alipay -10.05 EUR",
		"vipps":  "acquirer/nets.no 100.00 NOK, wallet/vipps -100.00 NOK",
	}
}

func happenings() map[string]action {
	return map[string]action{
		"asked": asked, "accepted": accepted, "announced": announced,
		"paid": hears(yes), "wrong": hears(wrongYes), "refuses": hears(no()),
		"declines": hears(is(payment.WalletDeclined{Reason: hansa.InsufficientFunds})),
		"prompts":  hears(prompts(50)), "silent": hears(silence()), "unfound": hears(is(payment.Unfound{})),
		"tombstone": hears(tombstone()), "cancelled": hears(stop()), "deadline": hears(elapsed()),
		"undone": hears(is(payment.ApprovalCancelled{ID: "undo"})), "given back": hears(done("undo")),
		"closed": closesOrder, "suspended": suspends, "printed": prints,
	}
}

// closesOrder is the till's wish that nobody pays the order any more.
func closesOrder(w *world, _ string) error {
	order, err := w.orders["order"].Cancelled()
	if err != nil {
		return err
	}
	w.orders["order"] = order
	if order.State == payment.OrderHeld {
		return w.hears(order.Payment, payment.CancelAsked{})
	}
	return nil
}

func suspends(w *world, id string) error {
	w.suspended = w.payments[id].Wallet
	return nil
}

// prints makes the order one that was made at a printed code.
func prints(w *world, _ string) error {
	order := w.orders["order"]
	order.Static = true
	w.orders["order"] = order
	return nil
}

// TestMishaps tells every story and compares what everybody sees.
func TestMishaps(t *testing.T) {
	t.Parallel()
	for story := range strings.SplitSeq(strings.TrimSpace(mishaps), "\n\n") {
		title, lines, _ := strings.Cut(story, "\n")
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).order("order")
			for line := range strings.SplitSeq(lines, "\n") {
				w.plays(title[:1], line)
			}
			w.settled()
		})
	}
}

// plays lets one line happen.
func (w *world) plays(flow, line string) {
	w.t.Helper()
	cells := strings.Split(line, "|")
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	second, err := strconv.Atoi(cells[0])
	happens, known := happenings()[cells[2]]
	if err != nil || !known || len(cells) != 8 {
		w.t.Fatalf("cannot read %q", line)
	}
	id := cells[1]
	refusal := happens(w.at(second), id)
	got := []string{w.tillHears(id, refusal), w.reserved(walletOf(id)), w.orderOf(flow), w.books(), w.owed(id, refusal)}
	want := []string{cells[3], cells[4], cells[5], bookings()[cells[6]], cells[7]}
	for i, column := range []string{"till's answer", "reserved", "order", "books", "owed"} {
		if got[i] != want[i] {
			w.t.Errorf("%s: %s: got %q, want %q", line, column, got[i], want[i])
		}
	}
}

// tillHears is the till's answer, or nothing in flow C before approval.
func (w *world) tillHears(id string, refusal error) string {
	p := w.payments[id]
	reason, isRefused := hansa.ReasonOf(refusal)
	switch {
	case isRefused:
		return "refused " + string(reason)
	case p.ID == "":
		return "-"
	case p.Open() && p.Flow != payment.WalletDebits:
		return p.Status() + " " + p.PendingReason()
	case p.Flow == payment.WalletDebits && p.Outcome != payment.WasApproved:
		return "nothing"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s", p.Outcome, p.Reason))
}

func (w *world) orderOf(flow string) string {
	if flow != "A" {
		return string(w.orders["order"].State)
	}
	if w.references["table 7"] == "" {
		return "free"
	}
	return "taken"
}

// owed is the next call to the payment's wallet.
func (w *world) owed(id string, refusal error) string {
	if task := w.payments[id].Task; task.Call != payment.NoCall && refusal == nil {
		return string(task.Call)
	}
	for _, m := range w.movements[id] {
		if m.Task.Call != payment.NoCall {
			return string(m.Task.Call)
		}
	}
	return "-"
}

// settled checks what must be true when a story is over: nothing is reserved or
// owed, all is told, and the books balance.
func (w *world) settled() {
	w.t.Helper()
	for id, p := range w.payments {
		if !isFinal(p.State) || p.Held != 0 || p.Task.Call != payment.NoCall || !p.Deadline.IsZero() {
			w.t.Errorf("%s ends as %s, holds %d, owes %q, deadline %s", id, p.State, p.Held, p.Task.Call, p.Deadline)
		}
		if task := w.owed(id, nil); task != "-" {
			w.t.Errorf("%s still owes %s", id, task)
		}
	}
	w.balanced()
	for _, position := range w.positions {
		if position.Reserved != 0 {
			w.t.Errorf("%s has %d %s reserved", position.Account, position.Reserved, position.Currency)
		}
	}
}

// balanced checks that every currency adds up to nothing.
func (w *world) balanced() {
	w.t.Helper()
	sums := make(map[money.Currency]int64)
	for _, position := range w.positions {
		sums[position.Currency] += position.Balance
	}
	for currency, sum := range sums {
		if sum != 0 {
			w.t.Errorf("the books are off by %d %s", sum, currency)
		}
	}
}

// TestInquirySchedule counts the calls after silence: at once, twenty more every
// three seconds, then one every thirty.
func TestInquirySchedule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, asked}, {10, subject, hears(elapsed())}})
	var waits []time.Duration
	for range 24 {
		p := w.payments[subject]
		waits = append(waits, p.Task.Due.Sub(w.now))
		w.at(int(p.Task.Due.Sub(noon).Seconds()))
		if err := w.hears(subject, payment.Silent{}); err != nil {
			t.Fatal(err)
		}
	}
	for i, wait := range waits {
		want := payment.InquiryEvery
		switch {
		case i == 0:
			want = 0
		case i > payment.InquiriesSoon:
			want = payment.InquiryLater
		}
		if wait != want {
			t.Errorf("call %d comes after %s, want %s", i+1, wait, want)
		}
	}
}

// TestRepeatedNoDoesNotPutOffTheCancel lets a wallet say no again and again
// while the cancel waits for its turn.
func TestRepeatedNoDoesNotPutOffTheCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, asked}, {3, subject, hears(stop())}, {3, subject, hears(silence())}})
	due := w.payments[subject].Task.Due
	for second := 4; second < 6; second++ {
		if err := w.at(second).hears(subject, payment.WalletDeclined{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.payments[subject].Task; got.Call != payment.CallCancel || !got.Due.Equal(due) {
		t.Errorf("the cancel is due at %s, want %s", got.Due, due)
	}
}

// TestStoreHearsNothingOfWhatWasOnlyAnnounced reads every note of a payment in
// flow C that was not approved.
func TestStoreHearsNothingOfWhatWasOnlyAnnounced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, announced}, {70, subject, hears(elapsed())}, {71, subject, hears(yes)}, {72, subject, hears(tombstone())}})
	for _, note := range []payment.Note{payment.NotePending, payment.NoteExpired, payment.NoteLatePaid, payment.NoteReversed} {
		if w.payments[subject].ToldToStore(note) {
			t.Errorf("the store hears %s", note)
		}
	}
	if got := ledger.OfWallet("alipay"); w.position(got, "EUR").Balance != 0 {
		t.Errorf("%s has moved", got)
	}
}
