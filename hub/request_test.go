package hub_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// essence is what must be the same in every answer to one request. A payment or
// order goes on, so that only its identity is compared.
func essence(r hub.Result) string {
	text := fmt.Sprintf("%v|%s|%s|%s|%s|%s", r.Refusal, r.Payment.ID, r.Movement.ID, r.Order.ID, r.Quote.ID, r.StoreCode.Code)
	for _, code := range r.Codes {
		text += fmt.Sprintf("|%s until %s", code.Code, code.ExpiresAt)
	}
	return text
}

// everyOperation names requests of every operation that may come twice. They
// are made when they are needed: most of them depend on what was before.
func everyOperation(n *network) []struct {
	name    string
	request func() hub.Request
} {
	of := func(participant string, make func() hub.Operation) func() hub.Request {
		return func() hub.Request { return n.signed(participant, make()) }
	}
	sticker := hub.Scanned{StoreCode: netsSticker}
	return []struct {
		name    string
		request func() hub.Request
	}{
		{"fetch codes", of("vipps", func() hub.Operation {
			return hub.FetchCodes{Payer: "ola", Codes: []string{n.drawn("vipps"), n.drawn("vipps")}}
		})},
		{"ask", of("nets", func() hub.Operation { return n.scan("vipps", n.code("vipps", "ola"), nok(100_00)) })},
		{"ask and be refused", of("nets", func() hub.Operation { return n.scan("vipps", n.drawn("vipps"), nok(100_00)) })},
		{"make order", of("nets", func() hub.Operation { return n.wish(nok(100_00)) })},
		{"cancel order", of("nets", func() hub.Operation { return hub.CancelOrder{Order: n.shown(nok(1_00)).ID} })},
		{"resolve an order", of("epassi", func() hub.Operation {
			return hub.Resolve{Scanned: hub.Scanned{Order: n.shown(nok(100_00)).ID}}
		})},
		{"quote", of("epassi", func() hub.Operation { return hub.AskQuote{Scanned: sticker, Amount: nok(100_00)} })},
		{"accept", of("epassi", func() hub.Operation { return n.quoted("epassi", "pekka", n.shown(nok(100_00))) })},
		{"announce an order", of("alipay", func() hub.Operation { return announce("li", n.shown(nok(100_00))) })},
		{"announce a sticker", of("alipay", func() hub.Operation {
			return hub.Announce{Scanned: sticker, Payer: "li", Amount: nok(100_00)}
		})},
		{"tell outcome", of("epassi", func() hub.Operation {
			return told(n.must("epassi", n.quoted("epassi", "pekka", n.shown(nok(100_00)))).Payment)
		})},
		{"capture", of("nets", func() hub.Operation {
			return hub.Capture{Payment: n.authorised("vipps", "ola", nok(100_00)).ID, Amount: nok(40_00)}
		})},
		{"release", of("nets", func() hub.Operation { return hub.Release{Payment: n.authorised("vipps", "ola", nok(100_00)).ID} })},
		{"refund", of("nets", func() hub.Operation {
			return hub.Refund{Payment: n.approved("vipps", "ola", nok(100_00)).ID, Amount: nok(40_00)}
		})},
		{"refund too much", of("nets", func() hub.Operation {
			return hub.Refund{Payment: n.approved("vipps", "ola", nok(100_00)).ID, Amount: nok(100_01)}
		})},
		{"cancel what is open", of("nets", func() hub.Operation { return hub.Cancel{Payment: n.asked("vipps", "ola", nok(100_00)).ID} })},
		{"cancel what is approved", of("nets", func() hub.Operation {
			return hub.Cancel{Payment: n.approved("vipps", "ola", nok(100_00)).ID}
		})},
		{"issue a sticker", of("nets", func() hub.Operation { return hub.IssueStoreCode{Store: cafe} })},
		{"revoke a sticker", of("nets", func() hub.Operation {
			return hub.RevokeStoreCode{Code: n.must("nets", hub.IssueStoreCode{Store: cafe}).StoreCode.Code}
		})},
		{"suspend", of(sim.Operator, func() hub.Operation { return hub.Suspend{Participant: "momo", Suspended: true} })},
		{"set webhook", of("nets", func() hub.Operation { return hub.SetWebhook{URL: "https://nets.example/"} })},
		{"publish rates", of(sim.Provider, func() hub.Operation {
			return hub.PublishRates{Rates: []fx.StandingRate{standing(n.t, "11.60")}}
		})},
	}
}

// standing is a rate of EUR in NOK as the provider of the world publishes it.
func standing(t *testing.T, value string) fx.StandingRate {
	t.Helper()
	rate, err := money.NewRate("EUR", "NOK", value)
	if err != nil {
		t.Fatal(err)
	}
	return fx.StandingRate{Provider: sim.Provider, Rate: rate, PublishedAt: bigBang, NextPublication: bigBang.Add(24 * time.Hour)}
}

// TestALookLeavesNothing: who only looks at a printed code adds no row, and sees what
// is then when looking again.
func TestALookLeavesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		code := n.must("nets", hub.IssueStoreCode{Store: cafe}).StoreCode.Code
		look := n.signed("epassi", hub.Resolve{Scanned: hub.Scanned{StoreCode: code}})
		kept := func() (count int) {
			for _, err := range n.hub.Read().EachRequest(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				count++
			}
			return count
		}
		before, height := kept(), n.head().Height
		for range 2 {
			if result := n.send(n.again(look)); result.Refusal != nil || result.Replayed || result.Store.ID != cafe {
				t.Errorf("%v leads to %q", result.Refusal, result.Store.ID)
			}
		}
		if now := kept(); now != before || n.head().Height != height {
			t.Errorf("%d requests more, height %d after %d", now-before, n.head().Height, height)
		}
		n.must("nets", hub.RevokeStoreCode{Code: code})
		if result := n.send(n.again(look)); result.Refusal == nil {
			t.Error("a withdrawn code leads on")
		}
	})
}

// TestARequestHasOneEffect: however often it comes, in one batch or in several,
// before and after a restart.
func TestARequestHasOneEffect(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		for _, tt := range everyOperation(n) {
			request := tt.request()
			n.calls = nil
			twice := n.step(request, n.again(request))
			first, height := twice.Results[0], n.head().Height
			if first.Replayed || !twice.Results[1].Replayed || essence(twice.Results[1]) != essence(first) {
				t.Errorf("%s, in one batch: %s, then %s", tt.name, essence(first), essence(twice.Results[1]))
			}
			n.pass(time.Second)
			n.restart()
			again := n.send(n.again(request))
			if !again.Replayed || essence(again) != essence(first) {
				t.Errorf("%s, after a restart: %s, then %s", tt.name, essence(first), essence(again))
			}
			other := n.again(request)
			other.Body = append([]byte("not "), other.Body...)
			result := n.send(other)
			if reason, _ := hansa.ReasonOf(result.Refusal); reason != hansa.RequestIDReused || result.Payment.ID != "" {
				t.Errorf("%s, with another body: %s", tt.name, essence(result))
			}
			if again := n.send(n.again(request)); essence(again) != essence(first) {
				t.Errorf("%s, after another body: %s, then %s", tt.name, essence(first), essence(again))
			}
			if now := n.head().Height; now != height {
				t.Errorf("%s: %d blocks more by asking again", tt.name, now-height)
			}
			n.calls = nil
		}
	})
}

// send commits one request as it is.
func (n *network) send(request hub.Request) hub.Result {
	n.t.Helper()
	return n.step(request).Results[0]
}

// TestAnAnswerSaysHowItStandsNow: a request is answered with what it made, as
// that has become.
func TestAnAnswerSaysHowItStandsNow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		request := n.signed("nets", n.scan("vipps", n.code("vipps", "ola"), nok(100_00)))
		if p := n.send(request).Payment; p.Status() != "pending" {
			t.Errorf("asked: %s", p.Status())
		}
		n.yes(n.call(payment.CallAsk))
		if p := n.send(n.again(request)).Payment; p.Status() != "approved" {
			t.Errorf("approved: %s", p.Status())
		}
	})
}

// TestIDsOfOthersAreOthers: an id belongs to one participant and one operation.
func TestIDsOfOthersAreOthers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		first := n.signed("nets", n.wish(nok(1_00)))
		operation := n.wish(nok(1_00))
		operation.Terminal = vippsTill
		second := n.signed("vipps", operation)
		third := n.signed("nets", n.scan("vipps", n.code("vipps", "ola"), nok(1_00)))
		second.ID, third.ID = first.ID, first.ID
		results := n.step(first, second, third).Results
		for i, result := range results {
			if result.Refusal != nil || result.Replayed {
				t.Errorf("request %d: %v", i, result.Refusal)
			}
		}
		if results[0].Order.ID == results[1].Order.ID || results[2].Payment.ID == "" {
			t.Errorf("orders %s and %s", results[0].Order.ID, results[1].Order.ID)
		}
		n.taken()
	})
}

// TestTransientRefusalsAreNotKept: the same request may succeed later.
func TestTransientRefusalsAreNotKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		code := n.code("vipps", "ola")
		request := n.signed("nets", n.scan("vipps", code, nok(1_00)))
		for range 5 {
			n.mustNot(hansa.CodeUnknown, "nets", n.scan("vipps", n.drawn("vipps"), nok(1_00)))
		}
		n.wantReason(hansa.TooManyMisses, n.send(request))
		n.pass(50 * time.Second)
		n.wantReason(hansa.TooManyMisses, n.send(n.again(request)))
		n.now = bigBang.Truncate(time.Minute).Add(time.Minute)
		n.wantReason(hansa.CodeExpired, n.send(n.again(request)))
		n.wantReason(hansa.CodeExpired, n.send(n.again(request)))
		drawn := n.signed("vipps", hub.FetchCodes{Payer: "ola", Codes: []string{code}})
		n.wantReason(hansa.Overloaded, n.send(drawn))
		drawn = n.again(drawn)
		drawn.Operation = hub.FetchCodes{Payer: "ola", Codes: []string{n.drawn("vipps")}}
		if result := n.send(drawn); len(result.Codes) != 1 {
			t.Errorf("drawn anew: %v", result.Refusal)
		}
	})
}

// TestCodesAreDrawnOnce, also within one request.
func TestCodesAreDrawnOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		code, double := n.drawn("vipps"), n.drawn("vipps")
		n.mustNot(hansa.Overloaded, "vipps", hub.FetchCodes{Payer: "ola", Codes: []string{double, double}})
		results := n.step(
			n.signed("vipps", hub.FetchCodes{Payer: "ola", Codes: []string{code}}),
			n.signed("vipps", hub.FetchCodes{Payer: "kari", Codes: []string{code}}),
		).Results
		if results[0].Refusal != nil {
			t.Error(results[0].Refusal)
		}
		n.wantReason(hansa.Overloaded, results[1])
		n.mustNot(hansa.RoleMissing, "nets", hub.FetchCodes{Payer: "ola", Codes: []string{n.drawn("vipps")}})
	})
}

// TestANonceCountsOnce: a message that is sent again changes nothing, whatever
// else it says.
func TestANonceCountsOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		request := n.signed("nets", n.wish(nok(1_00)))
		other := n.signed("nets", n.wish(nok(2_00)))
		other.Nonce = request.Nonce
		results := n.step(request, other).Results
		if results[0].Refusal != nil {
			t.Error(results[0].Refusal)
		}
		n.wantReason(hansa.Replayed, results[1])
		height := n.head().Height
		n.restart()
		n.wantReason(hansa.Replayed, n.send(request))
		n.wantReason(hansa.Replayed, n.send(other))
		other.ID, other.Body = "", nil
		n.wantReason(hansa.Replayed, n.send(other))
		if now := n.head().Height; now != height {
			t.Errorf("%d blocks more", now-height)
		}
		other.KeyID = "nets#2"
		if result := n.send(other); result.Refusal != nil {
			t.Errorf("the nonce of another key: %v", result.Refusal)
		}
		n.wantReason(hansa.Replayed, n.send(other))
		refused := n.signed("nets", hub.Cancel{Payment: "pay_nobody"})
		n.wantReason(hansa.NotFound, n.send(refused))
		n.wantReason(hansa.Replayed, n.send(refused))
		orders := 0
		for _, err := range n.hub.Read().EachOrder(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			orders++
		}
		if orders != 2 {
			t.Errorf("%d orders", orders)
		}
	})
}

// TestNoncesAreForgotten when no signature that old is accepted any more, and
// not before.
func TestNoncesAreForgotten(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		request := n.signed("nets", n.wish(nok(1_00)))
		request.ID = ""
		n.send(request)
		n.pass(6 * time.Minute)
		n.claim()
		n.wantReason(hansa.Replayed, n.send(request))
		n.pass(time.Hour)
		n.claim()
		if result := n.send(request); result.Refusal != nil {
			t.Error(result.Refusal)
		}
	})
}

// TestWhatOthersOwnDoesNotExist: not for another acquirer, nor for the other side.
func TestWhatOthersOwnDoesNotExist(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		open := n.asked("vipps", "ola", nok(1_00))
		n.taken()
		approved := n.approved("vipps", "ola", nok(1_00))
		order := n.shown(nok(1_00))
		priced := n.quoted("epassi", "pekka", order)
		for _, tt := range []struct {
			participant string
			operation   hub.Operation
		}{
			{"vipps", hub.Cancel{Payment: open.ID}},
			{"", hub.Cancel{Payment: open.ID}},
			{"nets", hub.Cancel{Payment: "pay_nobody"}},
			{"bluecode", hub.Refund{Payment: approved.ID, Amount: nok(1_00)}},
			{"vipps", hub.Refund{Payment: approved.ID, Amount: nok(1_00)}},
			{"vipps", hub.Capture{Payment: approved.ID, Amount: nok(1_00)}},
			{"vipps", hub.Release{Payment: approved.ID}},
			{"nets", told(open)},
			{"epassi", told(open)},
			{"epassi", hub.TellOutcome{Payment: "pay_nobody", Reason: hansa.DeclinedByPayer}},
			{"vipps", hub.CancelOrder{Order: order.ID}},
			{"nets", hub.CancelOrder{Order: "ord_nobody"}},
			{"pivo", priced},
			{"pivo", hub.Accept{Quote: "quo_nobody"}},
			{"vipps", n.scan("vipps", n.drawn("vipps"), nok(1_00))},
			{"vipps", n.wish(nok(1_00))},
			{"momo", hub.IssueStoreCode{Store: cafe}},
			{"momo", hub.RevokeStoreCode{Code: netsSticker}},
			{"vipps", hub.RevokeStoreCode{Code: netsSticker}},
			{"nobody", n.wish(nok(1_00))},
		} {
			result := n.do(tt.participant, tt.operation)
			if reason, _ := hansa.ReasonOf(result.Refusal); reason != hansa.NotFound {
				t.Errorf("%T by %q: %v", tt.operation, tt.participant, result.Refusal)
			}
		}
		n.mustNot(hansa.RoleMissing, sim.Provider, n.wish(nok(1_00)))
		n.mustNot(hansa.RoleMissing, "nets", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		n.mustNot(hansa.RoleMissing, "vipps", hub.Announce{Scanned: hub.Scanned{Order: order.ID}, Payer: "ola"})
		n.mustNot(hansa.RoleMissing, "nets", hub.Suspend{Participant: "vipps", Role: member.Wallet, Suspended: true})
		n.wantStatus(open.ID, "pending", "", 1_00)
	})
}
