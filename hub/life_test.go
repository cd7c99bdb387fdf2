package hub_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/web"
)

// payables is what an acquirer owes to its stores by all that it has heard.
func (n *network) payables(acquirer string) []sim.Payable {
	n.t.Helper()
	books, err := sim.NewAcquirer(acquirer, &sim.Paper{}, func(func([]byte) bool) {})
	if err != nil {
		n.t.Fatal(err)
	}
	events, err := n.hub.Read().Events(n.t.Context(), store.Cursor{}, 1000)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, event := range events {
		if event.Acquirer != acquirer {
			continue
		}
		record, err := hub.ReadRecord(event.Data)
		if err != nil {
			n.t.Fatal(err)
		}
		books.Hear(web.EventFor(acquirer, "", record), n.now)
	}
	return books.Payables()
}

func (n *network) wantPayables(acquirer string, want ...sim.Payable) {
	n.t.Helper()
	if diff := cmp.Diff(want, n.payables(acquirer)); diff != "" {
		n.t.Errorf("payables of %s (-want +got):\n%s", acquirer, diff)
	}
}

// TestNetsPaysStoresWhoeverDefaults: what was approved is owed to the store,
// though the wallet falls silent, takes its word back, is suspended and may owe
// nothing more. The loss is the wallet's position, and the store's payable stands.
func TestNetsPaysStoresWhoeverDefaults(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("alipay", "li", nok(100_00))
		owed := []sim.Payable{{Store: cafe, Amount: nok(100_00), Payments: 1}}
		stands := func() {
			t.Helper()
			n.wantStatus(p.ID, "approved", "", 0)
			n.wantPosition(ofNets, "NOK", 100_00, 0)
			n.wantPosition(ledger.OfWallet("alipay"), "EUR", -p.Terms.WalletSettlement.Value, 0)
			n.wantPayables("nets", owed...)
		}
		stands()
		n.do("alipay", hub.TellOutcome{Payment: p.ID, Reason: hansa.InsufficientFunds})
		stands()
		n.must(sim.Operator, hub.Suspend{Participant: "alipay", Suspended: true})
		n.capped("alipay", 0)
		n.pass(365 * 24 * time.Hour)
		n.claim()
		n.noCall()
		stands()
		// Nets of another country has nothing to do with it.
		for _, branch := range []string{"nets.dk DKK", "nets.se SEK", "nets.fi EUR"} {
			var id string
			var currency money.Currency
			if _, err := fmt.Sscan(branch, &id, &currency); err != nil {
				t.Fatal(err)
			}
			n.wantPosition(ledger.OfAcquirer(id), currency, 0, 0)
		}
	})
}

// at is what the till of an acquirer asks for in a store, with a fresh code of
// Alipay.
func (n *network) at(shop, acquirer string, amount money.Amount) hub.Ask {
	n.t.Helper()
	ask := n.scan("alipay", n.code("alipay", "li"), amount)
	ask.Store, ask.Terminal = shop, sim.Terminal(shop, acquirer)
	return ask
}

// TestMomoCollectsForItsMerchants: each is shown to the payer under its own name,
// the network owes MOMO for all of them, and MOMO each of them its own.
func TestMomoCollectsForItsMerchants(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		var want []sim.Payable
		for i, shop := range []struct{ id, name string }{
			{"barcelona-books", "Paraules"}, {"barcelona-fruit", "Fruites del Mercat"}, {"barcelona-taxi", "Taxi 214"},
		} {
			price := money.New(int64(i+1)*10_00, "EUR")
			n.must("momo", n.at(shop.id, "momo", price))
			call := n.call(payment.CallAsk)
			if payee := call.Payment.Payee; payee.Store != shop.id || payee.Name != shop.name {
				t.Errorf("the payer is shown %+v", payee)
			}
			n.yes(call)
			want = append(want, sim.Payable{Store: shop.id, Amount: price, Payments: 1})
		}
		n.wantPosition(ledger.OfAcquirer("momo.es"), "EUR", 60_00, 0)
		n.wantPayables("momo", want...)
	})
}

// TestABillIsPaidOnceOverTheCounter of Pagaqui, by whatever wallet, and its
// reference is told with the payment.
func TestABillIsPaidOnceOverTheCounter(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		bill := func() hub.Ask {
			ask := n.at("lisbon-counter", "pagaqui", money.New(48_20, "EUR"))
			ask.OrderReference = "RF18539007547034"
			return ask
		}
		n.must("pagaqui", bill())
		n.mustNot(hansa.OrderReferenceTaken, "pagaqui", bill())
		n.answer(n.call(payment.CallAsk), payment.WalletDeclined{Reason: hansa.InsufficientFunds})
		p := n.must("pagaqui", bill()).Payment
		n.yes(n.call(payment.CallAsk))
		if p = n.payment(p.ID); p.OrderReference != "RF18539007547034" || p.Payee.Category != "4900" || p.Status() != "approved" {
			t.Errorf("%+v", p)
		}
		n.mustNot(hansa.OrderReferenceTaken, "pagaqui", bill())
		ticket := n.at("lisbon-tickets", "pagaqui", money.New(1_85, "EUR"))
		n.must("pagaqui", ticket)
		n.yes(n.call(payment.CallAsk))
		n.wantPayables("pagaqui",
			sim.Payable{Store: "lisbon-counter", Amount: money.New(48_20, "EUR"), Payments: 1},
			sim.Payable{Store: "lisbon-tickets", Amount: money.New(1_85, "EUR"), Payments: 1})
	})
}

// TestARefundIsAtTheOriginalRate: the payer from China gets back the yuan that
// were paid, and Alipay the euro, whatever either is worth by then.
func TestARefundIsAtTheOriginalRate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("alipay", "li", nok(100_00))
		yuan, err := money.NewRate("CNY", "NOK", "1.4200")
		if err != nil {
			t.Fatal(err)
		}
		dearer := standing(t, "11.60")
		dearer.Rate = yuan
		n.must(sim.Provider, hub.PublishRates{Rates: []fx.StandingRate{standing(t, "11.60"), dearer}})
		if now := n.approved("alipay", "li", nok(100_00)); now.Terms.Debit == p.Terms.Debit || now.Terms.WalletSettlement == p.Terms.WalletSettlement {
			t.Fatalf("the rates have not moved: %+v", now.Terms)
		}
		before := n.position(ledger.OfWallet("alipay"), "EUR").Balance
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(100_00)})
		call := n.call(payment.CallRefund)
		if call.Movement.Amounts.Debit != p.Terms.Debit {
			t.Errorf("the payer paid %s and gets back %s", p.Terms.Debit, call.Movement.Amounts.Debit)
		}
		n.yes(call)
		n.wantPosition(ledger.OfWallet("alipay"), "EUR", before+p.Terms.WalletSettlement.Value, 0)
	})
}

// TestOneRoleOfVippsLeavesTheOther: suspended as an acquirer, its users pay; as a
// wallet, its stores are paid.
func TestOneRoleOfVippsLeavesTheOther(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		role := func(role member.Role, suspended bool) {
			t.Helper()
			n.must(sim.Operator, hub.Suspend{Participant: "vipps", Role: role, Suspended: suspended})
		}
		atVipps := func() hub.Ask { return n.at("bergen-bakery", "vipps", nok(45_00)) }
		byVipps := func() hub.Ask { return n.scan("vipps", n.code("vipps", "ola"), nok(45_00)) }
		role(member.Acquirer, true)
		n.mustNot(hansa.Suspended, "vipps", atVipps())
		n.must("nets", byVipps())
		n.yes(n.call(payment.CallAsk))
		paying := byVipps()
		role(member.Acquirer, false)
		role(member.Wallet, true)
		n.mustNot(hansa.Suspended, "nets", paying)
		n.must("vipps", atVipps())
		n.yes(n.call(payment.CallAsk))
		n.wantPayables("vipps", sim.Payable{Store: "bergen-bakery", Amount: nok(45_00), Payments: 1})
	})
}
