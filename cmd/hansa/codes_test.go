package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// TestAPaymentCodePaysOnce: shown again, at the same till or at that of another
// acquirer, it is used, and no wallet is asked.
func TestAPaymentCodePaysOnce(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	nets, ola := n.as("nets"), n.payer("vipps", sim.AcceptsAlways)
	code := ola.code()
	paid, err := nets.ask("bergen-cafe", code, fresh("bill"), "42.00 NOK")
	if err != nil {
		t.Fatal(err)
	}
	if got := nets.outcome(paid.Reference); got != "approved" {
		t.Fatal(got)
	}
	for _, acquirer := range []string{"nets", "vipps"} {
		_, err := n.as(acquirer).ask("bergen-cafe", code, fresh("bill"), "42.00 NOK")
		wantReason(t, hansa.CodeUsed, err)
	}
	if app := ola.app(); len(app.Payments) != 1 || ola.spent() != "42.00 NOK" {
		t.Errorf("the wallet was asked again: %+v", app)
	}
}

// TestAPaymentCodeIsUsedByWhatCameOfIt: even a payment that was declined has
// used its code.
func TestAPaymentCodeIsUsedByWhatCameOfIt(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	nets, ola := n.as("nets"), n.payer("vipps", sim.AcceptsNever)
	code := ola.code()
	declined, err := nets.ask("bergen-cafe", code, "bill", "42.00 NOK")
	if err != nil {
		t.Fatal(err)
	}
	if got := nets.outcome(declined.Reference); got != "declined declined_by_payer" {
		t.Fatal(got)
	}
	_, err = nets.ask("bergen-cafe", code, "bill", "42.00 NOK")
	wantReason(t, hansa.CodeUsed, err)
}

// TestAPaymentCodeIsGoodForAMinute and no longer, at whatever till.
func TestAPaymentCodeIsGoodForAMinute(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	ola := n.payer("vipps", sim.AcceptsAlways)
	old := ola.code()
	n.clock.pass(61*time.Second - 30*time.Second)
	young := ola.code()
	n.clock.pass(30 * time.Second)
	before := n.height()
	for _, acquirer := range []string{"nets", "vipps"} {
		_, err := n.as(acquirer).ask("bergen-cafe", old, fresh("bill"), "42.00 NOK")
		wantReason(t, hansa.CodeExpired, err)
	}
	if app := ola.app(); len(app.Payments) != 0 || n.height() != before {
		t.Errorf("the wallet was asked: %+v", app)
	}
	paid, err := n.as("nets").ask("bergen-cafe", young, fresh("bill"), "42.00 NOK")
	if err != nil {
		t.Fatal(err)
	}
	if got := n.as("nets").outcome(paid.Reference); got != "approved" {
		t.Errorf("a code of 30 seconds: %s", got)
	}
}

// TestOneStickerPaysTwoAmounts: a printed code is for any number of payments.
func TestOneStickerPaysTwoAmounts(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	sticker := n.printed("bergen-cafe", "nets")
	for wallet, spent := range map[string]string{"epassi": "8.74 EUR", "alipay": "72.41 CNY"} {
		p := n.payer(wallet, sim.AcceptsAlways)
		if paid, err := p.pay(sticker, fullPrice); err != nil || paid.Status != "approved" || p.spent() != spent {
			t.Errorf("%s: %+v, %v, spent %s", wallet, paid, err, p.spent())
		}
		if paid, err := p.pay(sticker, "7.00 NOK"); err != nil || paid.Status != "approved" || paid.Receipt.OrderAmount != amount("7.00 NOK") {
			t.Errorf("%s a second time: %+v, %v", wallet, paid, err)
		}
	}
}

// TestAnOrderDeclinedByOneWalletIsPaidByAnother with the same code on the till's
// screen.
func TestAnOrderDeclinedByOneWalletIsPaidByAnother(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	poor := amount("0.01 EUR")
	s := orderOf(t, n.payerWith("momo", sim.AcceptsAlways, &poor))
	paid, err := s.payer.pay(s.order.Code, "")
	if err != nil || paid.Status+" "+paid.Reason != "declined insufficient_funds" {
		t.Fatalf("%+v, %v", paid, err)
	}
	rival, err := s.rivals("vipps")
	if err != nil || rival.Status != "approved" {
		t.Fatalf("%+v, %v", rival, err)
	}
	s.reference = paid.Reference
	s.ends(t, ending{"declined insufficient_funds", "0.00 EUR", "paid", 0, nothing})
}

// TestARefusalLeavesNothing: in each way to pay, a payer who says no leaves no
// reservation, debit or posting.
func TestARefusalLeavesNothing(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	sticker := n.printed("bergen-cafe", "nets")
	for _, wallet := range []string{"alipay", "vipps", "epassi", "pivo", "momo", "pagaqui"} {
		p := n.payer(wallet, sim.AcceptsNever)
		s := &story{network: n, payer: p, till: n.as("nets")}
		begun, err := s.till.ask("bergen-cafe", p.code(), fresh("bill"), "1000.00 NOK")
		if err != nil {
			t.Fatal(err)
		}
		if got := s.till.outcome(begun.Reference); got != "declined declined_by_payer" {
			t.Errorf("%s at the till: %s", wallet, got)
		}
		order, err := s.till.order("bergen-cafe", fresh("bill"), "1000.00 NOK")
		if err != nil {
			t.Fatal(err)
		}
		for text, sum := range map[string]string{sticker: fullPrice, order.Code: ""} {
			paid, err := p.pay(text, sum)
			if err != nil || paid.Status+" "+paid.Reason != "declined declined_by_payer" {
				t.Errorf("%s in the app: %+v, %v", wallet, paid, err)
			}
		}
		if !strings.HasPrefix(p.spent(), "0.00 ") || s.held() != 0 {
			t.Errorf("%s: %s spent, %d held", wallet, p.spent(), s.held())
		}
	}
	for posted, err := range n.read().EachPosting(t.Context()) {
		t.Errorf("posted %+v, %v", posted, err)
	}
}

// TestAlipayAsksItsPayerAbove200Yuan: 276.21 NOK ÷ (1.3950 × 0.99) is 200.000 CNY
// and goes without a word; an øre more is 200.007 CNY, which is 200.01.
func TestAlipayAsksItsPayerAbove200Yuan(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	nets, mei := n.as("nets"), n.payer("alipay", sim.AcceptsAsked)
	quiet, err := nets.ask("bergen-cafe", mei.code(), fresh("bill"), "276.21 NOK")
	if err != nil || quiet.DebitAmount != amount("200.00 CNY") {
		t.Fatalf("%+v, %v", quiet, err)
	}
	if got := nets.outcome(quiet.Reference); got != "approved" || len(mei.app().Prompts) != 0 || mei.spent() != "200.00 CNY" {
		t.Errorf("200.00 CNY: %s, %+v", got, mei.app())
	}
	asked, err := nets.ask("bergen-cafe", mei.code(), fresh("bill"), "276.22 NOK")
	if err != nil || asked.DebitAmount != amount("200.01 CNY") {
		t.Fatalf("%+v, %v", asked, err)
	}
	until(t, "the payer is asked", func() bool {
		p, err := nets.payment(asked.Reference)
		return err == nil && p.Status == "pending" && p.PendingReason == "awaiting_payer"
	})
	if mei.spent() != "200.00 CNY" {
		t.Errorf("spent %s before the answer", mei.spent())
	}
	if err := mei.accept(asked.Reference, true); err != nil {
		t.Fatal(err)
	}
	if got := nets.outcome(asked.Reference); got != "approved" || mei.spent() != "400.01 CNY" {
		t.Errorf("200.01 CNY: %s, %s spent", got, mei.spent())
	}
}

// TestASilentWalletEndsInOneFinalAnswer: the till hears that the payment is
// pending, and then once how it ended, as it follows the payment's own stream.
func TestASilentWalletEndsInOneFinalAnswer(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	n.behave("epassi", sim.Silence)
	s := scannedByTill(t, n.payer("epassi", sim.AcceptsAlways))
	r := s.till.request(t, http.MethodGet, "/v1/payments/"+s.reference+"/events", nil)
	r.Header.Set("Accept", "text/event-stream")
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	var heard []string
	for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
		text, isEvent := strings.CutPrefix(lines.Text(), "data: ")
		if !isEvent {
			continue
		}
		var p api.Payment
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		heard = append(heard, strings.TrimSpace(p.Status+" "+p.PendingReason+p.Reason))
		if len(heard) == 1 {
			n.clock.pass(tillGivesUp)
		}
	}
	if want := []string{"pending asking_wallet", "expired payment_expired"}; !slices.Equal(heard, want) {
		t.Errorf("the till hears %q", heard)
	}
	n.behave("epassi", sim.Behaves)
	n.clock.pass(leaseOver)
	s.ends(t, ending{"expired payment_expired", "0.00 EUR", "free", 0, nothing})
}

// TestAYesAfterTheReversalChangesNothing but that the wallet is told to cancel
// once more. Its payer, if debited, has the money again.
func TestAYesAfterTheReversalChangesNothing(t *testing.T) {
	t.Parallel()
	for wallet, begin := range map[string]func(*testing.T, payer) *story{"epassi": scannedByTill, "alipay": scannedByPayer} {
		t.Run(wallet, func(t *testing.T) {
			t.Parallel()
			n := openNetwork(t)
			n.behave(wallet, sim.LateYes)
			s := begin(t, n.payer(wallet, sim.AcceptsAlways))
			until(t, "the payer is debited", func() bool { return !strings.HasPrefix(s.payer.spent(), "0.00") })
			n.clock.pass(announceGivesUp)
			until(t, "the late yes is heard", func() bool { return s.stored(t).Late })
			n.clock.pass(leaseOver)
			s.becomes(t, payment.Reversed)
			told, balance := s.look(t), s.payer.app().Balance
			for range 3 {
				s.tells(t, api.TellOutcome{Status: api.AnswerPaid}, "expired")
			}
			until(t, "the wallet has acknowledged once more", func() bool { return s.stored(t).Task.Call == payment.NoCall })
			s.ends(t, told)
			if s.payer.app().Balance != balance || !strings.HasPrefix(s.payer.spent(), "0.00 ") || len(told.Booked) != 0 {
				t.Errorf("%s spent, booked %q", s.payer.spent(), told.Booked)
			}
			if position := n.position(ledger.OfWallet(wallet), "EUR"); position.Balance != 0 || position.Reserved != 0 {
				t.Errorf("%+v", position)
			}
		})
	}
}
