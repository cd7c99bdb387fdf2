package hub_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// TestACodePaysOnce: shown again, after 61 seconds, or at another acquirer's
// till, no wallet is asked.
func TestACodePaysOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		code, unused := n.code("vipps", "ola"), n.code("vipps", "ola")
		elsewhere := n.scan("vipps", code, nok(1_00))
		elsewhere.Terminal, elsewhere.OrderReference = vippsTill, "elsewhere"
		n.must("nets", n.scan("vipps", code, nok(1_00)))
		n.call(payment.CallAsk)
		n.mustNot(hansa.CodeUsed, "nets", n.scan("vipps", code, nok(1_00)))
		n.mustNot(hansa.CodeUsed, "vipps", elsewhere)
		n.pass(payment.CodeFor - time.Microsecond)
		last := n.code("vipps", "ola")
		n.must("nets", n.scan("vipps", unused, nok(1_00)))
		n.pass(payment.CodeFor)
		n.mustNot(hansa.CodeExpired, "nets", n.scan("vipps", last, nok(1_00)))
		n.mustNot(hansa.CodeUsed, "nets", n.scan("vipps", code, nok(1_00)))
		n.mustNot(hansa.CodeUnknown, "nets", n.scan("vipps", n.drawn("vipps"), nok(1_00)))
		n.mustNot(hansa.CodeUnknown, "nets", n.scan("nobody", n.drawn("nobody"), nok(1_00)))
		n.calls = nil
	})
}

// TestACodeOutlivesARefusal: what the till can mend does not use it up.
func TestACodeOutlivesARefusal(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		code := n.code("vipps", "ola")
		ask := n.scan("vipps", code, nok(0))
		n.mustNot(hansa.InvalidAmount, "nets", ask)
		ask.Amount = money.New(1_00, "SEK")
		n.mustNot(hansa.CurrencyMismatch, "nets", ask)
		ask.Amount = money.New(1_00, "USD") // Nobody deals in it.
		n.mustNot(hansa.CurrencyMismatch, "nets", ask)
		ask.Amount = nok(money.AmountMax + 1)
		n.mustNot(hansa.InvalidAmount, "nets", ask)
		ask.Amount, ask.Store = nok(1_00), "nowhere"
		n.mustNot(hansa.NotFound, "nets", ask)
		ask.Store, ask.Terminal = cafe, "oslo-sport-nets"
		n.mustNot(hansa.NotFound, "nets", ask)
		ask.Terminal = vippsTill
		n.mustNot(hansa.NotFound, "nets", ask)
		ask.Terminal = netsTill
		n.must("nets", ask)
		n.calls = nil
	})
}

// TestAWalletsOwnCodes are asked of the wallet without being registered, and
// pay once as well.
func TestAWalletsOwnCodes(t *testing.T) {
	t.Parallel()
	own := func(setup *sim.Setup) {
		for i := range setup.Listing.Participants {
			if setup.Listing.Participants[i].ID == "bluecode" {
				setup.Listing.Participants[i].Wallet.OwnCodes = true
			}
		}
	}
	onBothWith(t, own, func(t *testing.T, n *network) {
		code := n.drawn("bluecode")
		p := n.must("nets", n.scan("bluecode", code, nok(100_00))).Payment
		if call := n.call(payment.CallAsk); call.Payer != "" || call.Payment.Code != code || p.PayerToken != "" {
			t.Errorf("call %+v", call)
		}
		n.mustNot(hansa.CodeUsed, "nets", n.scan("bluecode", code, nok(100_00)))
		n.must("bluecode", hub.TellOutcome{Payment: p.ID, Reason: hansa.InsufficientFunds})
		n.mustNot(hansa.CodeUsed, "nets", n.scan("bluecode", code, nok(100_00)))
	})
}

// TestWhoGuessesIsStopped: five unknown codes a minute at one terminal. Others
// go on, and so does the terminal in the next minute.
func TestWhoGuessesIsStopped(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		guess := func() hub.Request { return n.signed("nets", n.scan("vipps", n.drawn("vipps"), nok(1_00))) }
		results := n.step(guess(), guess(), guess()).Results
		results = append(results, n.step(guess(), guess(), guess()).Results...)
		for i, result := range results {
			want := hansa.CodeUnknown
			if i >= 5 {
				want = hansa.TooManyMisses
			}
			n.wantReason(want, result)
		}
		ask := n.scan("vipps", n.code("vipps", "ola"), nok(1_00))
		n.mustNot(hansa.TooManyMisses, "nets", ask)
		elsewhere := ask
		elsewhere.Store, elsewhere.Terminal, elsewhere.OrderReference = "oslo-sport", "oslo-sport-nets", "elsewhere"
		n.must("nets", elsewhere)
		other := n.scan("vipps", n.code("vipps", "ola"), nok(1_00))
		other.Terminal = vippsTill
		n.must("vipps", other)
		n.must("nets", n.wish(nok(1_00)))
		n.pass(time.Minute)
		ask.Code = n.code("vipps", "ola")
		n.must("nets", ask)
		n.calls = nil
		n.wantReason(hansa.CodeUnknown, n.send(guess()))
	})
}

// TestAnAcquirersGuessesAreBounded over all its terminals together.
func TestAnAcquirersGuessesAreBounded(t *testing.T) {
	t.Parallel()
	const terminals = 201
	many := func(setup *sim.Setup) {
		for i := range terminals {
			setup.Registry.Terminals = append(setup.Registry.Terminals, merchant.Terminal{
				ID: fmt.Sprintf("till-%d", i), Store: cafe, Acquirer: "nets",
			})
		}
	}
	onBothWith(t, many, func(t *testing.T, n *network) {
		var guesses []hub.Request
		for i := range 1000 {
			ask := n.scan("vipps", n.drawn("vipps"), nok(1_00))
			ask.Terminal = fmt.Sprintf("till-%d", i/5)
			guesses = append(guesses, hub.Request{Participant: "nets", Operation: ask})
		}
		for i, result := range n.step(guesses...).Results {
			if reason, _ := hansa.ReasonOf(result.Refusal); reason != hansa.CodeUnknown {
				t.Fatalf("guess %d: %v", i, result.Refusal)
			}
		}
		ask := n.scan("vipps", n.code("vipps", "ola"), nok(1_00))
		ask.Terminal = fmt.Sprintf("till-%d", terminals-1)
		n.mustNot(hansa.TooManyMisses, "nets", ask)
		other := ask
		other.Terminal = vippsTill
		n.must("vipps", other)
		n.calls = nil
	})
}

// TestAnOrderReferenceIsPaidOnce, by whatever flow, but may be tried again when
// nothing of it is approved or undecided.
func TestAnOrderReferenceIsPaidOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		ask := func(part int) hub.Ask {
			ask := n.scan("vipps", n.code("vipps", "ola"), nok(100_00))
			ask.OrderReference, ask.Part = "bill", part
			return ask
		}
		wish := func(part int) hub.MakeOrder {
			wish := n.wish(nok(100_00))
			wish.OrderReference, wish.Part = "bill", part
			return wish
		}
		taken := func(part int) {
			t.Helper()
			n.mustNot(hansa.OrderReferenceTaken, "nets", ask(part))
			n.mustNot(hansa.OrderReferenceTaken, "nets", wish(part))
		}
		// Open, declined; open, cancelled; open, expired.
		p := n.must("nets", ask(0)).Payment
		taken(0)
		n.answer(n.call(payment.CallAsk), payment.WalletDeclined{})
		n.wantStatus(p.ID, "declined", hansa.PaymentDeclined, 0)
		p = n.must("nets", ask(0)).Payment
		taken(0)
		n.must("nets", hub.Cancel{Payment: p.ID})
		p = n.must("nets", ask(0)).Payment
		n.calls = nil
		n.pass(payment.AskedFor)
		n.claim()
		n.wantStatus(p.ID, "expired", hansa.PaymentExpired, 100_00)
		// An order that is open, closed, expired, held and given up.
		order := n.must("nets", wish(0)).Order
		taken(0)
		n.must("nets", hub.CancelOrder{Order: order.ID})
		n.must("nets", wish(0))
		n.pass(payment.OrderFor)
		taken(0)
		n.claim()
		order = n.must("nets", wish(0)).Order
		p = n.must("vipps", n.quoted("vipps", "ola", order)).Payment
		taken(0)
		n.must("vipps", hub.TellOutcome{Payment: p.ID, Reason: hansa.DeclinedByPayer})
		taken(0)
		// Paid, and taken for ever; its parts are other names.
		p = n.must("vipps", n.quoted("vipps", "ola", order)).Payment
		n.must("vipps", told(p))
		taken(0)
		n.calls = nil
		n.must("nets", hub.Cancel{Payment: p.ID})
		n.yes(n.call(payment.CallRefund))
		taken(0)
		n.must("nets", ask(1))
		taken(1)
		n.must("nets", wish(2))
		taken(2)
		// Another merchant's bill of the same name is another bill.
		elsewhere := ask(0)
		elsewhere.Store, elsewhere.Terminal = "oslo-sport", "oslo-sport-nets"
		n.must("nets", elsewhere)
		// Two at the same moment.
		one, two := ask(3), ask(3)
		results := n.step(n.signed("nets", one), n.signed("nets", two)).Results
		if results[0].Refusal != nil {
			t.Error(results[0].Refusal)
		}
		n.wantReason(hansa.OrderReferenceTaken, results[1])
		n.calls = nil
	})
}

// TestCorridorsHaveLimits, by mode and in the currency of either side.
func TestCorridorsHaveLimits(t *testing.T) {
	t.Parallel()
	smallest := func(setup *sim.Setup) {
		for i, c := range setup.Listing.Corridors {
			if c.Wallet == "vipps" && c.Market == "NO" {
				setup.Listing.Corridors[i].Limits = []member.Limit{
					{Mode: member.ConsumerPresented, Currency: "NOK", Smallest: 10_00, Largest: 100_00},
				}
			}
		}
	}
	onBothWith(t, smallest, func(t *testing.T, n *network) {
		sticker := hub.Scanned{StoreCode: netsSticker}
		ask := func(amount money.Amount) hub.Ask { return n.scan("vipps", n.code("vipps", "ola"), amount) }
		n.mustNot(hansa.AmountTooSmall, "nets", ask(nok(9_99)))
		n.must("nets", ask(nok(10_00)))
		n.must("nets", ask(nok(100_00)))
		n.mustNot(hansa.AmountTooLarge, "nets", ask(nok(100_01)))
		n.must("vipps", n.typed("vipps", "ola", nok(100_01)))
		// 500 CNY at a sticker are 690.53 NOK; a till's code carries more.
		n.must("alipay", hub.Announce{Scanned: sticker, Payer: "li", Amount: nok(690_53)})
		n.mustNot(hansa.UseTillCode, "alipay", hub.Announce{Scanned: sticker, Payer: "li", Amount: nok(690_54)})
		n.mustNot(hansa.UseTillCode, "alipay", hub.AskQuote{Scanned: sticker, Amount: nok(690_54)})
		n.must("alipay", announce("li", n.shown(nok(690_54))))
		// Bluecode pays at most 400 EUR in every way.
		n.mustNot(hansa.AmountTooLarge, "bluecode", hub.AskQuote{Scanned: sticker, Amount: nok(5000_00)})
		n.mustNot(hansa.AmountTooLarge, "bluecode", hub.Resolve{Scanned: hub.Scanned{Order: n.shown(nok(5000_00)).ID}})
		n.mustNot(hansa.AmountTooLarge, "nets", n.scan("bluecode", n.code("bluecode", "eva"), nok(5000_00)))
		n.mustNot(hansa.Malformed, "vipps", hub.AskQuote{Scanned: hub.Scanned{Order: n.shown(nok(1_00)).ID}, Amount: nok(1_00)})
		n.mustNot(hansa.CurrencyMismatch, "vipps", hub.AskQuote{Scanned: sticker, Amount: money.New(1_00, "EUR")})
		n.mustNot(hansa.InvalidAmount, "vipps", hub.AskQuote{Scanned: sticker, Amount: nok(0)})
		// One øre is nothing in euro.
		n.mustNot(hansa.AmountTooSmall, "epassi", hub.AskQuote{Scanned: sticker, Amount: nok(1)})
		n.calls = nil
	})
}

// capped gives a wallet, or a branch of Nets, another net debit cap.
func (n *network) capped(wallet string, limit int64) {
	n.t.Helper()
	p := n.participant(wallet)
	if wallet == "nets" {
		p.Branches = append([]member.Branch(nil), p.Branches...)
		for i := range p.Branches {
			p.Branches[i].Cap = limit
		}
	} else {
		p.Wallet.Cap = limit
	}
	n.enrol(hub.Enrol{Listing: store.Listing{Listing: member.Listing{Participants: []member.Participant{p}}}})
}

// TestACapIsReachedExactly: of n and one, n are begun; in one batch, in several,
// and by all three flows.
func TestACapIsReachedExactly(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		n.capped("vipps", 5*100_00)
		begun := func(requests ...hub.Request) (begun []payment.Payment) {
			t.Helper()
			for _, result := range n.step(requests...).Results {
				if result.Refusal == nil {
					begun = append(begun, result.Payment)
				} else {
					n.wantReason(hansa.CapExceeded, result)
				}
			}
			n.calls = nil
			return begun
		}
		racer := func() hub.Request { return n.signed("nets", n.scan("vipps", n.code("vipps", "ola"), nok(100_00))) }
		race := func(racers int) []hub.Request {
			var requests []hub.Request
			for range racers {
				requests = append(requests, racer())
			}
			return requests
		}
		first := begun(race(8)...)
		if len(first) != 5 {
			t.Errorf("%d of 5 begun", len(first))
		}
		n.mustNot(hansa.CapExceeded, "vipps", n.quoted("vipps", "ola", n.shown(nok(1))))
		// Two are declined and one is approved, which still counts.
		n.must("vipps", hub.TellOutcome{Payment: first[0].ID, Reason: hansa.DeclinedByPayer})
		n.must("vipps", hub.TellOutcome{Payment: first[1].ID, Reason: hansa.DeclinedByPayer})
		n.must("vipps", told(first[2]))
		total := 0
		for range 4 {
			total += len(begun(racer()))
		}
		if total != 2 {
			t.Errorf("%d more, where there was room for 2", total)
		}
		// What is stopped gives its room back when the wallet has acknowledged it.
		n.must("nets", hub.Cancel{Payment: first[3].ID})
		cancel := n.call(payment.CallCancel)
		if more := begun(racer()); len(more) != 0 {
			t.Errorf("%d begun on room that is not free", len(more))
		}
		n.yes(cancel)
		if more := begun(race(2)...); len(more) != 1 {
			t.Errorf("%d begun on room for one", len(more))
		}
		if p := n.position(ofVipps, "NOK"); p.Reserved-p.Balance != p.Cap || p.Cap != 500_00 {
			t.Errorf("position %+v", p)
		}
	})
}

// TestALowerCapTouchesNothing that was begun before.
func TestALowerCapTouchesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		one, two := n.asked("vipps", "ola", nok(100_00)), n.asked("vipps", "ola", nok(100_00))
		calls := n.taken()
		n.capped("vipps", 50_00)
		n.mustNot(hansa.CapExceeded, "nets", n.scan("vipps", n.code("vipps", "ola"), nok(1)))
		n.wantAudit()
		n.yes(calls[0])
		n.wantAudit()
		n.wantStatus(one.ID, "approved", "", 0)
		n.answer(calls[1], payment.WalletDeclined{})
		n.wantStatus(two.ID, "declined", hansa.PaymentDeclined, 0)
		n.mustNot(hansa.CapExceeded, "nets", n.scan("vipps", n.code("vipps", "ola"), nok(1)))
		n.must("nets", hub.Refund{Payment: one.ID, Amount: nok(50_00)})
		n.yes(n.call(payment.CallRefund))
		n.mustNot(hansa.CapExceeded, "nets", n.scan("vipps", n.code("vipps", "ola"), nok(1)))
		n.must("nets", hub.Refund{Payment: one.ID, Amount: nok(50_00)})
		n.yes(n.call(payment.CallRefund))
		n.must("nets", n.scan("vipps", n.code("vipps", "ola"), nok(50_00)))
		n.calls = nil
	})
}

// TestTwoHundredRacers: one code, one quote, one order and one reference each
// have one winner, in one batch and in several.
func TestTwoHundredRacers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		race := func(what string, racer func(i int) hub.Request, losers ...hansa.Reason) {
			t.Helper()
			winners := 0
			for range 4 {
				var requests []hub.Request
				for i := range 50 {
					requests = append(requests, racer(i))
				}
				for _, result := range n.step(requests...).Results {
					if result.Refusal == nil {
						winners++
					} else if reason, _ := hansa.ReasonOf(result.Refusal); !slices.Contains(losers, reason) {
						t.Errorf("%s: %v", what, result.Refusal)
					}
				}
			}
			if winners != 1 {
				t.Errorf("%s: %d winners", what, winners)
			}
			n.calls = nil
		}
		code := n.code("vipps", "ola")
		race("one code", func(int) hub.Request { return n.signed("nets", n.scan("vipps", code, nok(100_00))) }, hansa.CodeUsed)
		accepted := n.quoted("epassi", "pekka", n.shown(nok(100_00)))
		race("one quote", func(int) hub.Request { return n.signed("epassi", accepted) }, hansa.QuoteUsed)
		order := n.shown(nok(100_00))
		wallets := []string{"vipps", "epassi", "pivo", "momo"}
		accepts := make([]hub.Accept, 50)
		for i := range accepts {
			accepts[i] = n.quoted(wallets[i%len(wallets)], fmt.Sprintf("payer-%d", i), order)
		}
		race("one order", func(i int) hub.Request { return n.signed(wallets[i%len(wallets)], accepts[i]) }, hansa.OrderNotOpen, hansa.QuoteUsed)
		wish := n.wish(nok(100_00))
		race("one reference", func(int) hub.Request { return n.signed("nets", wish) }, hansa.OrderReferenceTaken)
	})
}

// TestRoundingIsBooked on an account of its own.
func TestRoundingIsBooked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("epassi", "pekka", nok(33_33))
		terms := p.Terms
		n.wantPosition("wallet/epassi", "EUR", -terms.WalletSettlement.Value, 0)
		n.wantPosition(ofNets, "NOK", terms.AcquirerSettlement.Value, 0)
		n.wantPosition(ledger.OfProvider(sim.Provider), "EUR", terms.ProviderReceives.Value, 0)
		n.wantPosition(ledger.OfProvider(sim.Provider), "NOK", -terms.ProviderGives.Value, 0)
		n.wantPosition(ledger.Rounding, "EUR", terms.WalletSettlement.Value-terms.ProviderReceives.Value, 0)
	})
}
