package hub_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/payment"
)

const (
	ofVipps = ledger.Account("wallet/vipps")
	ofNets  = ledger.Account("acquirer/nets.no")
)

// wantPending holds an open payment to why it is pending.
func (n *network) wantPending(id, reason string) {
	n.t.Helper()
	if p := n.payment(id); p.PendingReason() != reason {
		n.t.Errorf("want pending %s, got %s %s", reason, p.Status(), p.PendingReason())
	}
}

// TestTheTillScans is flow A from the code to the money.
func TestTheTillScans(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.asked("vipps", "ola", nok(100_00))
		ask := n.call(payment.CallAsk)
		if ask.Payer != "ola" || ask.Wallet.ID != "vipps" || ask.Payment.ID != p.ID || ask.Fence != 1 {
			t.Errorf("call %+v", ask)
		}
		n.wantPending(p.ID, "asking_wallet")
		n.wantPosition(ofVipps, "NOK", 0, 100_00)
		n.answer(ask, payment.PayerAsked{Until: n.now.Add(time.Minute)})
		n.wantPending(p.ID, "awaiting_payer")
		n.noCall()
		n.pass(20 * time.Second)
		n.must("vipps", told(p))
		n.wantStatus(p.ID, "approved", "", 0)
		n.wantPosition(ofVipps, "NOK", -100_00, 0)
		n.wantPosition(ofNets, "NOK", 100_00, 0)
		// The same word again, and one that contradicts it, change nothing.
		n.must("vipps", told(p))
		n.must("vipps", hub.TellOutcome{Payment: p.ID, Reason: hansa.InsufficientFunds})
		n.wantStatus(p.ID, "approved", "", 0)
		if _, any := n.nextDue(); any {
			t.Error("something is still due")
		}
	})
}

// TestAWalletDeclines: nothing stays reserved, and the order may be tried again
// with a new code.
func TestAWalletDeclines(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		ask := n.scan("vipps", n.code("vipps", "ola"), nok(100_00))
		p := n.must("nets", ask).Payment
		n.answer(n.call(payment.CallAsk), payment.WalletDeclined{Reason: hansa.InsufficientFunds})
		n.wantStatus(p.ID, "declined", hansa.InsufficientFunds, 0)
		n.wantPosition(ofVipps, "NOK", 0, 0)
		n.mustNot(hansa.CodeUsed, "nets", ask)
		ask.Code = n.code("vipps", "ola")
		again := n.must("nets", ask).Payment
		n.must("vipps", hub.TellOutcome{Payment: again.ID, Reason: hansa.DeclinedByPayer})
		n.wantStatus(again.ID, "declined", hansa.DeclinedByPayer, 0)
		// A yes after that is too late: the payer gets the money back.
		n.must("vipps", told(again))
		n.wantStatus(again.ID, "declined", hansa.DeclinedByPayer, 0)
		n.calls = nil // The first was to ask.
		n.pass(20 * time.Second)
		n.claim()
		n.yes(n.call(payment.CallCancel))
		if p := n.payment(again.ID); !p.Late || p.Task.Call != payment.NoCall {
			t.Errorf("late %t, owes %s", p.Late, p.Task.Call)
		}
	})
}

// TestAWalletIsSilent: the till hears pending, then one answer in time; what is
// reserved stays so until the wallet has acknowledged the cancel.
func TestAWalletIsSilent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		ask := n.scan("vipps", n.code("vipps", "ola"), nok(100_00))
		p := n.must("nets", ask).Payment
		call := n.call(payment.CallAsk)
		n.pass(payment.AnswerWithin)
		n.answer(call, payment.Silent{})
		n.wantPending(p.ID, "resolving")
		n.answer(n.call(payment.CallInquire), payment.Unfound{})
		n.mustNot(hansa.OrderReferenceTaken, "nets", hub.Ask{
			Code: n.code("vipps", "ola"), Issuer: ask.Issuer, Amount: ask.Amount, Store: ask.Store, Terminal: ask.Terminal,
			OrderReference: ask.OrderReference,
		})
		n.pass(payment.InquiryEvery)
		n.claim()
		n.answer(n.call(payment.CallInquire), payment.Silent{})
		n.now = p.Deadline.Add(-time.Microsecond)
		n.claim()
		n.wantPending(p.ID, "resolving")
		n.pass(time.Microsecond)
		n.claim()
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 100_00)
		cancel := n.taken()
		if last := cancel[len(cancel)-1]; last.Call != payment.CallCancel {
			t.Fatalf("calls %v", kindsOf(cancel))
		}
		n.answer(cancel[len(cancel)-1], payment.Silent{})
		n.wantPosition(ofVipps, "NOK", 0, 100_00)
		// The yes comes now. The till's answer stands.
		n.must("vipps", told(p))
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 100_00)
		n.pass(payment.InquiryEvery)
		n.claim()
		n.yes(n.call(payment.CallCancel))
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 0)
		n.wantPosition(ofVipps, "NOK", 0, 0)
		ask.Code = n.code("vipps", "ola")
		n.must("nets", ask)
		n.calls = nil
	})
}

// TestAWrongEchoIsNoYes: the wallet is asked again, and cancelled in the end.
func TestAWrongEchoIsNoYes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.asked("vipps", "ola", nok(100_00))
		echo := p.Echo()
		echo.Debit.Value++
		n.answer(n.call(payment.CallAsk), payment.Paid{Echo: echo})
		n.wantPending(p.ID, "resolving")
		n.must("vipps", hub.TellOutcome{Payment: p.ID, Paid: true, Echo: echo})
		n.calls = nil
		n.now = p.Deadline
		n.claim()
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 100_00)
		n.yes(n.call(payment.CallCancel))
		n.wantPosition(ofVipps, "NOK", 0, 0)
		if !n.payment(p.ID).Quarantined {
			t.Error("nobody looks at it")
		}
	})
}

// TestTheTillStops a payment on its way, and one that is approved.
func TestTheTillStops(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.asked("vipps", "ola", nok(100_00))
		ask := n.call(payment.CallAsk)
		n.must("nets", hub.Cancel{Payment: p.ID})
		n.wantStatus(p.ID, "cancelled", hansa.PaymentCanceled, 100_00)
		cancel := n.call(payment.CallCancel)
		n.yes(ask) // It was on its way.
		n.wantStatus(p.ID, "cancelled", hansa.PaymentCanceled, 100_00)
		n.yes(cancel)
		n.wantStatus(p.ID, "cancelled", hansa.PaymentCanceled, 0)
		n.must("nets", hub.Cancel{Payment: p.ID})
		approved := n.approved("vipps", "ola", nok(100_00))
		m := n.must("nets", hub.Cancel{Payment: approved.ID}).Movement
		if m.Kind != payment.Cancel || m.State != payment.Pending || m.Amounts.Order != nok(100_00) {
			t.Errorf("movement %+v", m)
		}
		n.wantPosition(ofNets, "NOK", 100_00, 100_00)
		n.yes(n.call(payment.CallRefund))
		n.wantPosition(ofNets, "NOK", 0, 0)
		n.mustNot(hansa.NotAllowedNow, "nets", hub.Cancel{Payment: approved.ID})
		late := n.approved("vipps", "ola", nok(100_00))
		n.pass(payment.CancelFreeFor + time.Microsecond)
		n.mustNot(hansa.CancelTooLate, "nets", hub.Cancel{Payment: late.ID})
	})
}

// TestTheWalletAsksFirst is flow B: quote, accept, debit.
func TestTheWalletAsksFirst(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		accepted := n.quoted("epassi", "pekka", order)
		n.wantPosition("wallet/epassi", "EUR", 0, 0)
		p := n.must("epassi", accepted).Payment
		n.wantPending(p.ID, "awaiting_payer")
		n.wantOrder(order.ID, payment.OrderHeld)
		n.wantPosition("wallet/epassi", "EUR", 0, p.Terms.WalletSettlement.Value)
		n.noCall()
		n.mustNot(hansa.OrderNotOpen, "vipps", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		n.must("epassi", told(p))
		n.wantStatus(p.ID, "approved", "", 0)
		n.wantOrder(order.ID, payment.OrderPaid)
		n.wantPosition("wallet/epassi", "EUR", -p.Terms.WalletSettlement.Value, 0)
		n.wantPosition(ofNets, "NOK", 100_00, 0)
		n.mustNot(hansa.OrderPaid, "vipps", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		n.mustNot(hansa.OrderPaid, "nets", hub.CancelOrder{Order: order.ID})
		// A payment of this kind may be captured at once only, and is refunded like any other.
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(100_00)})
		n.yes(n.call(payment.CallRefund))
		n.wantPosition("wallet/epassi", "EUR", 0, 0)
	})
}

// TestAWalletThatAcceptedDeclines: the order is open for the next one. A sticker's
// order closes.
func TestAWalletThatAcceptedDeclines(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		p := n.must("epassi", n.quoted("epassi", "pekka", order)).Payment
		n.must("epassi", hub.TellOutcome{Payment: p.ID, Reason: hansa.DeclinedByPayer})
		n.wantStatus(p.ID, "declined", hansa.DeclinedByPayer, 0)
		n.wantOrder(order.ID, payment.OrderOpen)
		paid := n.must("vipps", n.quoted("vipps", "ola", order)).Payment
		n.must("vipps", told(paid))
		n.wantOrder(order.ID, payment.OrderPaid)
		typed := n.must("epassi", n.typed("epassi", "pekka", nok(100_00))).Payment
		n.wantOrder(typed.Order, payment.OrderHeld)
		n.must("epassi", hub.TellOutcome{Payment: typed.ID, Reason: hansa.DeclinedByPayer})
		n.wantOrder(typed.Order, payment.OrderClosed)
	})
}

// TestAWalletThatAcceptedIsSilent: inquired when its time is over, then expired
// and cancelled; the order is held until the cancel is acknowledged.
func TestAWalletThatAcceptedIsSilent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		p := n.must("epassi", n.quoted("epassi", "pekka", order)).Payment
		n.pass(payment.DebitWithin - time.Microsecond)
		n.claim()
		n.noCall()
		n.pass(time.Microsecond)
		n.claim()
		inquiry := n.call(payment.CallInquire)
		n.wantStatus(p.ID, "pending", "", p.Held)
		n.answer(inquiry, payment.Silent{})
		n.wantPending(p.ID, "resolving")
		n.now = p.Deadline
		n.claim()
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, p.Held)
		n.wantOrder(order.ID, payment.OrderHeld)
		calls := n.taken()
		n.mustNot(hansa.OrderNotOpen, "vipps", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		n.yes(calls[len(calls)-1])
		n.wantOrder(order.ID, payment.OrderOpen)
		n.must("vipps", n.quoted("vipps", "ola", order))
	})
}

// TestTheWalletHasDebited is flow C: it tells when it has the money, and the
// order is nobody's until then.
func TestTheWalletHasDebited(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		result := n.must("alipay", announce("li", order))
		p := result.Payment
		if result.Quote.Terms != p.Terms || result.Quote.ID != p.Quote || p.PayerUntil != n.now.Add(payment.AnnouncedFor) {
			t.Errorf("announced %+v, quote %+v", p, result.Quote)
		}
		n.wantOrder(order.ID, payment.OrderOpen)
		n.wantPosition("wallet/alipay", "EUR", 0, p.Terms.WalletSettlement.Value)
		// The same customer has the same payment, another one has none.
		if again := n.must("alipay", announce("li", order)); again.Payment.ID != p.ID || again.Quote.ID != p.Quote {
			t.Errorf("announced again: %s", again.Payment.ID)
		}
		n.mustNot(hansa.CustomerInconsistent, "alipay", announce("wang", order))
		n.must("alipay", told(p))
		n.wantStatus(p.ID, "approved", "", 0)
		n.wantOrder(order.ID, payment.OrderPaid)
		n.wantPosition("wallet/alipay", "EUR", -p.Terms.WalletSettlement.Value, 0)
		n.wantPosition(ofNets, "NOK", 100_00, 0)
		n.mustNot(hansa.OrderPaid, "alipay", announce("li", order))
	})
}

// TestADebitThatCannotCount is recorded together with the cancel that is owed,
// and the till never hears of it.
func TestADebitThatCannotCount(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before func(n *network, order payment.Order, p payment.Payment)
		echo   func(*payment.Echo)
		status string
		reason hansa.Reason
	}{
		"the order was paid by another": {
			before: func(n *network, order payment.Order, _ payment.Payment) {
				n.must("vipps", told(n.must("vipps", n.quoted("vipps", "ola", order)).Payment))
			},
			status: "declined", reason: hansa.OrderPaid,
		},
		"the order was closed": {
			before: func(n *network, order payment.Order, _ payment.Payment) {
				n.must("nets", hub.CancelOrder{Order: order.ID})
			},
			status: "cancelled", reason: hansa.PaymentCanceled,
		},
		"too late": {
			before: func(n *network, _ payment.Order, p payment.Payment) { n.now = p.PayerUntil },
			status: "expired", reason: hansa.PaymentExpired,
		},
		"another amount": {
			before: func(*network, payment.Order, payment.Payment) {},
			echo:   func(e *payment.Echo) { e.Debit.Value++ },
			status: "declined", reason: hansa.ConsentMismatch,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, n *network) {
				order := n.shown(nok(100_00))
				p := n.must("alipay", announce("li", order)).Payment
				tt.before(n, order, p)
				n.calls = nil
				outcome := told(p)
				if tt.echo != nil {
					tt.echo(&outcome.Echo)
				}
				n.must("alipay", outcome)
				n.wantStatus(p.ID, tt.status, tt.reason, p.Held)
				if now := n.payment(p.ID); !now.Late || now.Quarantined != (tt.echo != nil) {
					t.Errorf("late %t, quarantined %t", now.Late, now.Quarantined)
				}
				n.yes(n.call(payment.CallCancel))
				n.wantStatus(p.ID, tt.status, tt.reason, 0)
				n.mustNot(hansa.NotFound, "nets", hub.Cancel{Payment: p.ID})
				n.mustNot(hansa.NotFound, "nets", hub.Refund{Payment: p.ID, Amount: nok(1_00)})
				n.wantPosition("wallet/alipay", "EUR", 0, 0)
			})
		})
	}
}

// TestAnAnnouncementLapses: inquired when its time is over, then expired; the
// next customer may pay.
func TestAnAnnouncementLapses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		p := n.must("alipay", announce("li", order)).Payment
		n.now = p.PayerUntil
		n.claim()
		n.answer(n.call(payment.CallInquire), payment.Unfound{})
		n.now = p.Deadline
		n.claim()
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, p.Held)
		n.wantOrder(order.ID, payment.OrderOpen)
		calls := n.taken()
		next := n.must("alipay", announce("wang", order)).Payment
		n.yes(calls[len(calls)-1])
		n.must("alipay", told(next))
		n.wantOrder(order.ID, payment.OrderPaid)
		sticker := n.must("alipay", hub.Announce{Scanned: hub.Scanned{StoreCode: netsSticker}, Payer: "li", Amount: nok(100_00)})
		n.must("alipay", told(sticker.Payment))
		n.wantStatus(sticker.Payment.ID, "approved", "", 0)
		n.wantOrder(sticker.Order.ID, payment.OrderPaid)
	})
}

// TestTwoWalletsOnOneOrder: the first yes that is committed pays, the other goes
// back.
func TestTwoWalletsOnOneOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		announced := n.must("alipay", announce("li", order)).Payment
		held := n.must("vipps", n.quoted("vipps", "ola", order)).Payment
		results := n.step(n.signed("alipay", told(announced)), n.signed("vipps", told(held))).Results
		if results[0].Payment.Status() != "approved" || results[1].Payment.Status() != "declined" {
			t.Errorf("alipay %s, vipps %s", results[0].Payment.Status(), results[1].Payment.Status())
		}
		n.wantOrder(order.ID, payment.OrderPaid)
		if o := n.order(order.ID); o.Payment != announced.ID {
			t.Errorf("paid by %s", o.Payment)
		}
		n.yes(n.call(payment.CallCancel))
		n.wantStatus(held.ID, "declined", hansa.OrderPaid, 0)
		n.wantPosition(ofNets, "NOK", 100_00, 0)
	})
}

// TestATillClosesItsOrder: open, held, and at the same moment as somebody accepts.
func TestATillClosesItsOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		open := n.shown(nok(100_00))
		n.must("nets", hub.CancelOrder{Order: open.ID})
		n.wantOrder(open.ID, payment.OrderClosed)
		n.mustNot(hansa.OrderNotOpen, "vipps", hub.Resolve{Scanned: hub.Scanned{Order: open.ID}})
		held := n.shown(nok(100_00))
		p := n.must("vipps", n.quoted("vipps", "ola", held)).Payment
		n.must("nets", hub.CancelOrder{Order: held.ID})
		n.wantOrder(held.ID, payment.OrderClosed)
		n.wantStatus(p.ID, "cancelled", hansa.PaymentCanceled, 100_00)
		n.yes(n.call(payment.CallCancel))
		n.wantStatus(p.ID, "cancelled", hansa.PaymentCanceled, 0)
		both := n.shown(nok(100_00))
		accepted := n.quoted("vipps", "ola", both)
		results := n.step(n.signed("vipps", accepted), n.signed("nets", hub.CancelOrder{Order: both.ID})).Results
		if results[0].Refusal != nil || results[1].Refusal != nil || results[1].Order.State != payment.OrderClosed {
			t.Errorf("accepted %v, cancelled %v: %s", results[0].Refusal, results[1].Refusal, results[1].Order.State)
		}
		n.yes(n.call(payment.CallCancel))
		n.wantStatus(results[0].Payment.ID, "cancelled", hansa.PaymentCanceled, 0)
		both = n.shown(nok(100_00))
		accepted = n.quoted("vipps", "ola", both)
		results = n.step(n.signed("nets", hub.CancelOrder{Order: both.ID}), n.signed("vipps", accepted)).Results
		n.wantReason(hansa.OrderNotOpen, results[1])
		// Nobody can close a payer's own order at a sticker.
		typed := n.must("vipps", n.typed("vipps", "ola", nok(1_00))).Payment
		n.mustNot(hansa.NotFound, "nets", hub.CancelOrder{Order: typed.Order})
	})
}

// TestAnOrderExpires to the microsecond, unless it is held; then with its payment.
func TestAnOrderExpires(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		wish := n.wish(nok(100_00))
		wish.ExpiresIn = time.Minute
		order := n.must("nets", wish).Order
		wish.OrderReference += "-2"
		held := n.must("nets", wish).Order
		wish.OrderReference += "-3"
		wish.ExpiresIn = 48 * time.Hour
		if long := n.must("nets", wish).Order; long.ExpiresAt != n.now.Add(payment.OrderAtMost) {
			t.Errorf("the longest order expires at %s", long.ExpiresAt)
		}
		scanned := hub.Resolve{Scanned: hub.Scanned{Order: order.ID}}
		n.pass(time.Minute - time.Microsecond)
		if q := n.must("vipps", scanned).Quote; q.ExpiresAt != order.ExpiresAt {
			t.Errorf("the quote of an order that ends sooner expires at %s", q.ExpiresAt)
		}
		p := n.must("vipps", n.quoted("vipps", "ola", held)).Payment
		n.claim()
		n.wantOrder(order.ID, payment.OrderOpen)
		n.pass(time.Microsecond)
		n.mustNot(hansa.OrderExpired, "vipps", scanned)
		n.mustNot(hansa.OrderExpired, "alipay", announce("li", order))
		n.claim()
		n.wantOrder(order.ID, payment.OrderExpired)
		n.mustNot(hansa.OrderExpired, "vipps", scanned)
		n.wantOrder(held.ID, payment.OrderHeld)
		n.must("vipps", hub.TellOutcome{Payment: p.ID, Reason: hansa.DeclinedByPayer})
		n.wantOrder(held.ID, payment.OrderExpired)
		result := n.must("nets", hub.CancelOrder{Order: order.ID})
		if result.Order.State != payment.OrderExpired {
			t.Errorf("cancelled: %s", result.Order.State)
		}
	})
}

// TestAQuoteIsForOnePayment, until it expires, to the microsecond, and on the
// terms that the payer saw.
func TestAQuoteIsForOnePayment(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		order := n.shown(nok(100_00))
		late, intime := n.quoted("epassi", "pekka", order), n.quoted("epassi", "pekka", order)
		wrong := intime
		wrong.Debit.Value++
		n.mustNot(hansa.ConsentMismatch, "epassi", wrong)
		wrong = intime
		wrong.Order.Value--
		n.mustNot(hansa.ConsentMismatch, "epassi", wrong)
		wrong = intime
		wrong.Payee = "oslo-sport"
		n.mustNot(hansa.ConsentMismatch, "epassi", wrong)
		n.pass(payment.QuoteFor - time.Microsecond)
		p := n.must("epassi", intime).Payment
		n.mustNot(hansa.QuoteUsed, "epassi", intime)
		n.must("epassi", hub.TellOutcome{Payment: p.ID, Reason: hansa.DeclinedByPayer})
		n.mustNot(hansa.QuoteUsed, "epassi", intime)
		n.pass(time.Microsecond)
		n.mustNot(hansa.QuoteExpired, "epassi", late)
		// A quote that was refused for another reason is still free.
		fresh, other := n.quoted("epassi", "pekka", order), n.must("vipps", n.quoted("vipps", "ola", order)).Payment
		n.mustNot(hansa.OrderNotOpen, "epassi", fresh)
		n.must("vipps", hub.TellOutcome{Payment: other.ID, Reason: hansa.DeclinedByPayer})
		n.must("epassi", fresh)
	})
}
