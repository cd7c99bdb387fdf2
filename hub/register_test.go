package hub_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// enrol enters something, and returns what it was refused for.
func (n *network) enrol(operation hub.Enrol) hub.Result {
	n.t.Helper()
	return n.step(hub.Request{Operation: operation}).Results[0]
}

func (n *network) listing() store.Listing {
	n.t.Helper()
	listing, err := n.hub.Read().Listing(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return listing
}

// participant is one as committed.
func (n *network) participant(id string) member.Participant {
	n.t.Helper()
	for _, p := range n.listing().Participants {
		if p.ID == id {
			return p
		}
	}
	n.t.Fatalf("no participant %s", id)
	return member.Participant{}
}

// TestSuspensionStopsNewPaymentsOnly, from the next request of the same batch on.
func TestSuspensionStopsNewPaymentsOnly(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		open := n.asked("vipps", "ola", nok(100_00))
		ask := n.call(payment.CallAsk)
		approved := n.approved("vipps", "ola", nok(100_00))
		authorised := n.authorised("vipps", "ola", nok(100_00))
		order := n.shown(nok(100_00))
		accepted := n.quoted("vipps", "ola", order)
		debiting := n.must("vipps", n.quoted("vipps", "ola", n.shown(nok(100_00)))).Payment
		code := n.code("vipps", "ola")
		suspend := hub.Suspend{Participant: "vipps", Role: member.Wallet, Suspended: true}
		results := n.step(
			n.signed(sim.Operator, suspend),
			n.signed("nets", n.scan("vipps", code, nok(1_00))),
			n.signed("vipps", accepted),
			n.signed("vipps", hub.FetchCodes{Payer: "ola", Codes: []string{n.drawn("vipps")}}),
			n.signed("vipps", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}}),
		).Results
		if results[0].Refusal != nil {
			t.Fatal(results[0].Refusal)
		}
		for _, result := range results[1:] {
			n.wantReason(hansa.Suspended, result)
		}
		n.mustNot(hansa.Suspended, "nets", n.scan("vipps", code, nok(1_00)))
		n.yes(ask)
		n.wantStatus(open.ID, "approved", "", 0)
		n.must("vipps", told(debiting))
		n.wantStatus(debiting.ID, "approved", "", 0)
		n.must("nets", hub.Capture{Payment: authorised.ID, Amount: nok(50_00)})
		n.yes(n.call(payment.CallCapture))
		n.must("nets", hub.Refund{Payment: approved.ID, Amount: nok(100_00)})
		n.yes(n.call(payment.CallRefund))
		// As an acquirer it goes on, and other wallets pay.
		wish := n.wish(nok(1_00))
		wish.Terminal = vippsTill
		n.must("vipps", wish)
		n.must("epassi", n.quoted("epassi", "pekka", order))
		suspend.Suspended = false
		n.must(sim.Operator, suspend)
		n.must("nets", n.scan("vipps", code, nok(1_00)))
		n.calls = nil
	})
}

// TestAnAcquirerIsSuspended as a whole.
func TestAnAcquirerIsSuspended(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		approved, code := n.approved("vipps", "ola", nok(100_00)), n.code("vipps", "ola")
		order := n.shown(nok(1_00))
		accepted := n.quoted("vipps", "ola", order)
		n.must(sim.Operator, hub.Suspend{Participant: "nets", Suspended: true})
		n.mustNot(hansa.Suspended, "nets", n.scan("vipps", code, nok(1_00)))
		n.mustNot(hansa.Suspended, "nets", n.wish(nok(1_00)))
		n.mustNot(hansa.Suspended, "nets", hub.IssueStoreCode{Store: cafe})
		n.mustNot(hansa.Suspended, "vipps", accepted)
		n.mustNot(hansa.Suspended, "vipps", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		n.must("nets", hub.CancelOrder{Order: order.ID})
		n.must("nets", hub.Cancel{Payment: approved.ID})
		n.yes(n.call(payment.CallRefund))
		n.mustNot(hansa.NotFound, sim.Operator, hub.Suspend{Participant: "nobody", Suspended: true})
		n.mustNot(hansa.RoleMissing, sim.Operator, hub.Suspend{Participant: "nets", Role: member.Wallet, Suspended: true})
		n.mustNot(hansa.NotAllowedNow, sim.Operator, hub.Suspend{Participant: sim.Operator, Suspended: true})
	})
}

// TestChangesOfOneBatchAddUp: none of them is lost, whatever stands beside it.
func TestChangesOfOneBatchAddUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		nets := n.participant("nets")
		nets.Name = "Nets A/S"
		nets.Endpoint = "https://nets.example"
		enrol := func(p member.Participant) hub.Request {
			return hub.Request{Operation: hub.Enrol{Listing: store.Listing{Listing: member.Listing{Participants: []member.Participant{p}}}}}
		}
		results := n.step(
			enrol(nets),
			n.signed(sim.Operator, hub.Suspend{Participant: "nets", Suspended: true}),
			n.signed("nets", hub.SetWebhook{URL: "https://nets.example/one"}),
			n.signed("nets", hub.SetWebhook{URL: "https://nets.example/two"}),
			n.signed(sim.Provider, hub.PublishRates{Rates: []fx.StandingRate{standing(t, "11.55")}}),
			n.signed(sim.Provider, hub.PublishRates{Rates: []fx.StandingRate{standing(t, "11.56")}}),
			hub.Request{Operation: hub.Enrol{Ranges: []store.CodeRange{{Acquirer: "nets", Prefix: "77", Next: 1, Last: 9}}}},
			hub.Request{Operation: hub.Enrol{Ranges: []store.CodeRange{{Acquirer: "nets", Prefix: "77", Next: 3, Last: 9}}}},
			enrol(n.participant("vipps")),
			enrol(n.participant("vipps")),
		).Results
		for i, result := range results {
			if result.Refusal != nil {
				t.Errorf("request %d: %v", i, result.Refusal)
			}
		}
		p := n.participant("nets")
		if p.Name != "Nets A/S" || !p.Suspended || p.Webhook != "https://nets.example/two" || p.Endpoint != "https://nets.example" {
			t.Errorf("nets is %+v", p)
		}
		for _, rate := range n.listing().Rates {
			if laned := rate.Rate.ConvertsBetween("EUR", "NOK"); laned && rate.Rate != standing(t, "11.56").Rate {
				t.Errorf("the rate is %s", rate.Rate)
			}
		}
	})
}

// TestABadListingIsRefused, and the switch goes on with the one before.
func TestABadListingIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		listing := n.listing()
		double := n.participant("vipps")
		double.ID = "vipps2"
		corridor := listing.Corridors[0]
		corridor.ID = "another"
		rate := standing(t, "11.55")
		rate.Spread = -1
		for name, operation := range map[string]hub.Enrol{
			"an issuer prefix twice": {Listing: store.Listing{Listing: member.Listing{Participants: []member.Participant{double}}}},
			"a corridor twice":       {Listing: store.Listing{Listing: member.Listing{Corridors: []member.Corridor{corridor}}}},
			"no rate":                {Listing: store.Listing{Rates: []fx.StandingRate{rate}}},
			"no reference":           {Listing: store.Listing{References: []fx.Reference{{Source: "ecb"}}}},
			"a terminal nowhere":     {Registry: store.Registry{Terminals: []merchant.Terminal{{ID: "till-1", Store: "nowhere", Acquirer: "nets"}}}},
			"a code nowhere": {Registry: store.Registry{Codes: []merchant.IssuedCode{
				{Code: "990000000001", Store: "nowhere", Acquirer: "nets", IssuedAt: bigBang},
			}}},
			"a code of another": {Registry: store.Registry{Codes: []merchant.IssuedCode{
				{Code: netsSticker, Store: cafe, Acquirer: "vipps", IssuedAt: bigBang},
			}}},
		} {
			before := n.head()
			if result := n.enrol(operation); result.Refusal == nil {
				t.Errorf("%s was enrolled", name)
			}
			if n.head() != before {
				t.Errorf("%s changed something", name)
			}
			n.restart()
			n.must("nets", n.wish(nok(1_00)))
		}
		n.mustNot(hansa.RoleMissing, "nets", hub.Enrol{Ranges: []store.CodeRange{{Acquirer: "nets", Prefix: "99", Next: 1, Last: 9}}})
	})
}

// TestReferencesAreTheNewest, in whatever order a file holds them.
func TestReferencesAreTheNewest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		published := func(day int, value string) fx.Reference {
			return fx.Reference{Source: "ecb", Rate: standing(t, value).Rate, Date: bigBang.Truncate(24*time.Hour).AddDate(0, 0, day)}
		}
		n.enrol(hub.Enrol{Listing: store.Listing{References: []fx.Reference{
			published(-1, "11.51"), published(0, "11.52"), published(-2, "11.50"),
		}}})
		n.enrol(hub.Enrol{Listing: store.Listing{References: []fx.Reference{published(-3, "11.40")}}})
		for _, reference := range n.listing().References {
			if reference.Rate.ConvertsBetween("EUR", "NOK") && reference.Rate != standing(t, "11.52").Rate {
				t.Errorf("the reference is %s of %s", reference.Rate, reference.Date)
			}
		}
	})
}

// TestStickersAreIssuedInOrder, in one batch and in several, range after range,
// until none is left.
func TestStickersAreIssuedInOrder(t *testing.T) {
	t.Parallel()
	change := func(setup *sim.Setup) {
		setup.Ranges = append(setup.Ranges, store.CodeRange{Acquirer: "nets", Prefix: "88", Next: 5, Last: 6})
		setup.Ranges[0].Last = setup.Ranges[0].Next + 2
	}
	onBothWith(t, change, func(t *testing.T, n *network) {
		first := sim.World().Ranges[0].Next
		want := []string{
			fmt.Sprintf("01%010d", first), fmt.Sprintf("01%010d", first+1), fmt.Sprintf("01%010d", first+2), "880000000005", "880000000006",
		}
		issue := func() hub.Request { return n.signed("nets", hub.IssueStoreCode{Store: cafe}) }
		results := n.step(issue(), n.signed("nets", hub.IssueStoreCode{Store: "nowhere"}), issue(), issue(), issue()).Results
		n.wantReason(hansa.NotFound, results[1])
		results = append(results, n.step(issue(), issue()).Results...)
		var got []string
		for _, result := range results {
			if result.Refusal == nil {
				got = append(got, result.StoreCode.Code)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("want %v, got %v", want, got)
		}
		n.wantReason(hansa.RangeExhausted, results[6])
		n.mustNot(hansa.RangeExhausted, "nets", hub.IssueStoreCode{Store: cafe})
		n.must("vipps", hub.Resolve{Scanned: hub.Scanned{StoreCode: want[0]}})
	})
}

// TestARangeIsIssuedOnce, whatever is enrolled again or printed beside it.
func TestARangeIsIssuedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		world := sim.World()
		issue := hub.IssueStoreCode{Store: cafe}
		first := n.must("nets", issue).StoreCode.Code
		n.enrol(hub.Enrol{Ranges: world.Ranges})
		second := n.must("nets", issue).StoreCode.Code
		// A sticker of a file lies further on in the range.
		number := world.Ranges[0].Next + 3
		printed := merchant.IssuedCode{Code: fmt.Sprintf("01%010d", number), Store: cafe, Acquirer: "nets", IssuedAt: bigBang}
		if result := n.enrol(hub.Enrol{Registry: store.Registry{Codes: []merchant.IssuedCode{printed}}}); result.Refusal != nil {
			t.Fatal(result.Refusal)
		}
		third := n.must("nets", issue).StoreCode.Code
		if first >= second || second >= printed.Code || third != fmt.Sprintf("01%010d", number+1) {
			t.Errorf("issued %s, %s, %s", first, second, third)
		}
		// Another was printed before its range was allotted.
		printed.Code = "660000000001"
		n.enrol(hub.Enrol{Registry: store.Registry{Codes: []merchant.IssuedCode{printed}}})
		ranges := []store.CodeRange{{Acquirer: "momo", Prefix: "66", Next: 1, Last: 9}}
		n.enrol(hub.Enrol{Ranges: ranges})
		n.enrol(hub.Enrol{Ranges: []store.CodeRange{{Acquirer: "momo", Prefix: "05", Next: 9_999_999_999 + 1, Last: 9_999_999_999}}})
		n.mustNot(hansa.AlreadyExists, "momo", hub.IssueStoreCode{Store: "barcelona-tapas"})
		ranges[0].Next = 2
		n.enrol(hub.Enrol{Ranges: ranges})
		n.must("momo", hub.IssueStoreCode{Store: "barcelona-tapas"})
	})
}

// TestARevokedStickerPaysNoMore, from the next request on and for ever.
func TestARevokedStickerPaysNoMore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		accepted := n.typed("vipps", "ola", nok(100_00))
		sticker := hub.Scanned{StoreCode: netsSticker}
		results := n.step(
			n.signed("vipps", hub.Resolve{Scanned: sticker}),
			n.signed("nets", hub.RevokeStoreCode{Code: netsSticker}),
			n.signed("vipps", hub.AskQuote{Scanned: sticker, Amount: nok(1_00)}),
			n.signed("alipay", hub.Announce{Scanned: sticker, Payer: "li", Amount: nok(1_00)}),
		).Results
		if results[0].Refusal != nil || results[1].Refusal != nil || results[1].StoreCode.RevokedAt != n.now {
			t.Errorf("%v, %v", results[0].Refusal, results[1].Refusal)
		}
		n.wantReason(hansa.CodeRevoked, results[2])
		n.wantReason(hansa.CodeRevoked, results[3])
		n.mustNot(hansa.CodeRevoked, "vipps", hub.Resolve{Scanned: sticker})
		n.pass(time.Second)
		if again := n.must("nets", hub.RevokeStoreCode{Code: netsSticker}); again.StoreCode.RevokedAt != bigBang {
			t.Errorf("revoked again at %s", again.StoreCode.RevokedAt)
		}
		// What was priced before is refused as well, and a file does not bring it back.
		n.mustNot(hansa.CodeRevoked, "vipps", accepted)
		n.enrol(hub.Enrol{Registry: sim.World().Registry})
		n.mustNot(hansa.CodeRevoked, "vipps", hub.Resolve{Scanned: sticker})
		n.mustNot(hansa.CodeUnknown, "vipps", hub.Resolve{Scanned: hub.Scanned{StoreCode: "019999999999"}})
	})
}

// TestRatesArePublishedByTheirProvider, and ones that nobody could deal at leave
// the others as they are.
func TestRatesArePublishedByTheirProvider(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		publish := func(changes ...func(*fx.StandingRate)) hub.PublishRates {
			rate := standing(t, "11.60")
			for _, change := range changes {
				change(&rate)
			}
			return hub.PublishRates{Rates: []fx.StandingRate{rate}}
		}
		priced := func() string { return n.typed("epassi", "pekka", nok(100_00)).Debit.String() }
		before := priced()
		outOfBounds := publish(func(r *fx.StandingRate) { r.Rate = standing(t, "13.50").Rate })
		for _, tt := range []struct {
			name        string
			reason      hansa.Reason
			participant string
			operation   hub.PublishRates
		}{
			{"out of bounds", hansa.RateOutOfBounds, sim.Provider, outOfBounds},
			{"stale", hansa.RateStale, sim.Provider, publish(func(r *fx.StandingRate) {
				r.PublishedAt, r.NextPublication = bigBang.Add(-48*time.Hour), bigBang.Add(-24*time.Hour)
			})},
			{"of tomorrow", hansa.RateUnavailable, sim.Provider, publish(func(r *fx.StandingRate) {
				r.PublishedAt, r.NextPublication = bigBang.Add(24*time.Hour), bigBang.Add(48*time.Hour)
			})},
			{"of another", hansa.NotFound, sim.Provider, publish(func(r *fx.StandingRate) { r.Provider = "other" })},
			{"twice", hansa.AlreadyExists, sim.Provider, hub.PublishRates{Rates: append(publish().Rates, publish().Rates...)}},
			{"too wide", hansa.OutOfRange, sim.Provider, publish(func(r *fx.StandingRate) { r.Spread = fx.SpreadMax + 1 })},
			{"by an acquirer", hansa.RoleMissing, "nets", publish(func(r *fx.StandingRate) { r.Provider = "nets" })},
		} {
			if reason, _ := hansa.ReasonOf(n.do(tt.participant, tt.operation).Refusal); reason != tt.reason {
				t.Errorf("%s: want %s, got %s", tt.name, tt.reason, reason)
			}
			if now := priced(); now != before {
				t.Errorf("%s: %s before, %s after", tt.name, before, now)
			}
		}
		n.must(sim.Provider, publish(func(r *fx.StandingRate) { r.PublishedAt = n.now.Add(30 * time.Second) }))
		if now := priced(); now != "8.66 EUR" { // 100.00 NOK at 11.60 less 50 basis points.
			t.Errorf("at the new rate: %s", now)
		}
		n.must("vipps", n.typed("vipps", "ola", nok(1_00)))
	})
}

// TestANewReferenceStopsOneRateOnly.
func TestANewReferenceStopsOneRateOnly(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		reference := fx.Reference{Source: "ecb", Rate: standing(t, "14.00").Rate, Date: bigBang.Truncate(24 * time.Hour)}
		if result := n.enrol(hub.Enrol{Listing: store.Listing{References: []fx.Reference{reference}}}); result.Refusal != nil {
			t.Fatal(result.Refusal)
		}
		order := n.shown(nok(100_00))
		n.mustNot(hansa.RateOutOfBounds, "epassi", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		n.must("vipps", n.quoted("vipps", "ola", order))
	})
}

// TestNodesSeeTheSameRegister: what one node commits, another goes by at its
// next step.
func TestNodesSeeTheSameRegister(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		one := n.hub
		two := hub.New(n.open(), secret)
		on := func(h *hub.Hub, participant string, operation hub.Operation) hub.Result {
			t.Helper()
			n.hub = h
			return n.do(participant, operation)
		}
		order := on(two, "nets", n.wish(nok(100_00))).Order
		scanned := hub.Resolve{Scanned: hub.Scanned{Order: order.ID}}
		on(one, sim.Operator, hub.Suspend{Participant: "epassi", Suspended: true})
		n.wantReason(hansa.Suspended, on(two, "epassi", scanned))
		on(two, sim.Operator, hub.Suspend{Participant: "epassi"})
		priced := on(one, "epassi", scanned)
		on(one, sim.Provider, hub.PublishRates{Rates: []fx.StandingRate{standing(t, "11.60")}})
		dearer := on(two, "epassi", scanned)
		if priced.Refusal != nil || dearer.Refusal != nil || priced.Quote.Terms.Rate == dearer.Quote.Terms.Rate {
			t.Errorf("%v at %s, %v at %s", priced.Refusal, priced.Quote.Terms.Rate, dearer.Refusal, dearer.Quote.Terms.Rate)
		}
		on(one, "nets", hub.RevokeStoreCode{Code: netsSticker})
		n.wantReason(hansa.CodeRevoked, on(two, "vipps", hub.Resolve{Scanned: hub.Scanned{StoreCode: netsSticker}}))
		p := on(two, "epassi", accept("pekka", priced)).Payment
		if result := on(one, "epassi", told(p)); result.Payment.Status() != "approved" {
			t.Errorf("begun by one node and ended by the other: %v", result.Refusal)
		}
	})
}

// TestAMarketCloses for new payments: corridor, agreement, contract, store.
func TestAMarketCloses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		listing, registry := n.listing(), sim.World().Registry
		var corridor member.Corridor
		for _, c := range listing.Corridors {
			if c.Wallet == "epassi" && c.Market == "NO" {
				corridor = c
			}
		}
		shop := registry.Stores[0]
		enter := func(c member.Corridor, s merchant.Store, agreements ...member.Agreement) {
			t.Helper()
			if result := n.enrol(hub.Enrol{
				Listing:  store.Listing{Listing: member.Listing{Corridors: []member.Corridor{c}, Agreements: agreements}},
				Registry: store.Registry{Stores: []merchant.Store{s}},
			}); result.Refusal != nil {
				t.Fatal(result.Refusal)
			}
		}
		order, code := n.shown(nok(100_00)), n.code("epassi", "pekka")
		n.pass(time.Second)
		scanned := hub.Resolve{Scanned: hub.Scanned{Order: order.ID}}
		accepted := accept("pekka", n.must("epassi", scanned))
		refused := func(reason hansa.Reason) {
			t.Helper()
			n.mustNot(reason, "nets", n.scan("epassi", code, nok(100_00)))
			n.mustNot(reason, "epassi", scanned)
			n.mustNot(reason, "epassi", accepted)
		}
		closed := corridor
		closed.Closed = true
		enter(closed, shop)
		refused(hansa.MarketNotActive)
		closed = corridor
		closed.Until = n.now
		enter(closed, shop)
		refused(hansa.MarketNotActive)
		closed.Until = n.now.Add(time.Microsecond)
		enter(closed, shop)
		n.must("epassi", scanned)
		closed = corridor
		closed.Categories = []string{"5999"}
		enter(closed, shop)
		refused(hansa.MarketNotActive)
		closed = corridor
		closed.Modes = []member.Mode{member.Static}
		enter(closed, shop)
		refused(hansa.MarketNotActive)
		ended := member.Agreement{ID: corridor.Agreement, Version: 2, From: sim.Since(), Until: n.now}
		enter(corridor, shop, ended)
		refused(hansa.AgreementMissing)
		ended.Until = time.Time{}
		enter(corridor, shop, ended)
		without := shop
		without.Contracts = []merchant.Contract{{Acquirer: "nets", Branch: "nets.no", From: sim.Since(), Wallets: []string{"vipps"}}}
		enter(corridor, without)
		refused(hansa.NotAccepted)
		without.Contracts = []merchant.Contract{{Acquirer: "nets", Branch: "nets.no", From: sim.Since(), Until: n.now}}
		enter(corridor, without)
		refused(hansa.NotAccepted)
		n.mustNot(hansa.NotAccepted, "nets", n.wish(nok(1_00)))
		without.Contracts = []merchant.Contract{{Acquirer: "nets", Branch: "nets.atlantis", From: sim.Since()}}
		enter(corridor, without)
		n.mustNot(hansa.NotAccepted, "nets", n.scan("epassi", code, nok(100_00)))
		shut := shop
		shut.Suspended = true
		enter(corridor, shut)
		n.mustNot(hansa.StoreClosed, "nets", n.wish(nok(1_00)))
		refused(hansa.StoreClosed)
		enter(corridor, shop)
		n.must("epassi", accepted)
		n.must("nets", n.scan("epassi", code, nok(100_00)))
		n.calls = nil
	})
}
