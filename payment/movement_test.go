package payment_test

import (
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
)

// TestMovementsByHand follows one payment of 100.00 NOK for 80.40 CNY, 10.05 EUR
// settled, through captures and refunds, each number reckoned with a pencil.
func TestMovementsByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, askedToAuthorise}, {1, subject, hears(yes)}})
	for _, c := range []struct {
		name                     string
		event                    payment.Event
		refusal                  hansa.Reason
		captured, refunded, held int64
		books                    string
	}{
		{"authorised, nothing is booked", payment.Silent{}, "", 0, 0, 10_05, ""},
		{
			"a third: 3.35 EUR of it, of which the provider deals 3.35",
			payment.CaptureAsked{ID: "c1", Amount: kroner(33_33)},
			"", 33_33, 0, 6_70,
			"acquirer/nets.no 33.33 NOK, fx/hanseatic -33.33 NOK, fx/hanseatic 3.35 EUR, wallet/alipay -3.35 EUR",
		},
		{
			"a third of the whole is half of the rest: 3.35 of 6.70, dealt 3.34 or 3.35 of 6.69",
			payment.CaptureAsked{ID: "c2", Amount: kroner(33_34)},
			"", 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"more than is left",
			payment.CaptureAsked{ID: "c3", Amount: kroner(33_34)},
			hansa.CaptureTooLarge, 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"one øre: nothing in euros",
			payment.CaptureAsked{ID: "c3", Amount: kroner(1)},
			hansa.AmountTooSmall, 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"all but one øre: nothing would be left in euros",
			payment.CaptureAsked{ID: "c3", Amount: kroner(33_32)},
			hansa.AmountTooSmall, 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"in dollars",
			payment.CaptureAsked{ID: "c3", Amount: money.New(1_00, "USD")},
			hansa.CurrencyMismatch, 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"below zero",
			payment.RefundAsked{ID: "r1", Amount: kroner(-1)},
			hansa.InvalidAmount, 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"what was authorised and not captured cannot be refunded",
			payment.RefundAsked{ID: "r1", Amount: kroner(66_68)},
			hansa.RefundTooLarge, 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"a refund is promised",
			payment.RefundAsked{ID: "r1", Amount: kroner(20_00)},
			"", 66_67, 0, 3_35,
			"acquirer/nets.no 66.67 NOK, fx/hanseatic -66.67 NOK, fx/hanseatic 6.70 EUR, wallet/alipay -6.70 EUR",
		},
		{
			"and given: 20.00 / 66.67 × 6.70 = 2.0099",
			payment.MovementAcknowledged{ID: "r1"},
			"", 66_67, 20_00, 3_35,
			"acquirer/nets.no 46.67 NOK, fx/hanseatic -46.67 NOK, fx/hanseatic 4.69 EUR, wallet/alipay -4.69 EUR",
		},
		{
			"the rest is released",
			payment.ReleaseAsked{ID: "l1"},
			"", 66_67, 20_00, 0,
			"acquirer/nets.no 46.67 NOK, fx/hanseatic -46.67 NOK, fx/hanseatic 4.69 EUR, wallet/alipay -4.69 EUR",
		},
		{
			"a cancel after a refund",
			payment.ApprovalCancelled{ID: "x1"},
			hansa.NotAllowedNow, 66_67, 20_00, 0,
			"acquirer/nets.no 46.67 NOK, fx/hanseatic -46.67 NOK, fx/hanseatic 4.69 EUR, wallet/alipay -4.69 EUR",
		},
		{
			"the rest of the refund is promised",
			payment.RefundAsked{ID: "r2", Amount: kroner(46_67)},
			"", 66_67, 20_00, 0,
			"acquirer/nets.no 46.67 NOK, fx/hanseatic -46.67 NOK, fx/hanseatic 4.69 EUR, wallet/alipay -4.69 EUR",
		},
		{
			"and refused: it may be tried again",
			payment.MovementRefused{ID: "r2"},
			"", 66_67, 20_00, 0,
			"acquirer/nets.no 46.67 NOK, fx/hanseatic -46.67 NOK, fx/hanseatic 4.69 EUR, wallet/alipay -4.69 EUR",
		},
		{
			"promised again",
			payment.RefundAsked{ID: "r3", Amount: kroner(46_67)},
			"", 66_67, 20_00, 0,
			"acquirer/nets.no 46.67 NOK, fx/hanseatic -46.67 NOK, fx/hanseatic 4.69 EUR, wallet/alipay -4.69 EUR",
		},
		{"and given: nothing is left", payment.MovementAcknowledged{ID: "r3"}, "", 66_67, 66_67, 0, ""},
		{"twice", payment.MovementAcknowledged{ID: "r3"}, "", 66_67, 66_67, 0, ""},
	} {
		refused(t, w.at(10).hears(subject, c.event), c.refusal)
		p := w.payments[subject]
		if p.Captured != c.captured || p.Refunded != c.refunded || p.Held != c.held || w.books() != c.books {
			t.Fatalf("%s: captured %d, refunded %d, held %d, books %s", c.name, p.Captured, p.Refunded, p.Held, w.books())
		}
	}
}

// TestRefundNeedsRoomUnderTheAcquirersCap refuses a refund that the acquirer
// could not settle.
func TestRefundNeedsRoomUnderTheAcquirersCap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lives([]step{{0, subject, asked}, {1, subject, hears(yes)}})
	p := w.payments[subject]
	facts := w.facts(p)
	facts.Position.Balance, facts.Position.Cap = -50_00, 100_00
	_, _, err := payment.Decide(p, payment.RefundAsked{ID: "r", Amount: kroner(50_01)}, facts, noon)
	refused(t, err, hansa.CapExceeded)
	if _, _, err := payment.Decide(p, payment.RefundAsked{ID: "r", Amount: kroner(50_00)}, facts, noon); err != nil {
		t.Error(err)
	}
}
