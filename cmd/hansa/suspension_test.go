package main

import (
	"crypto/ed25519"
	"net/http"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
)

// What stops new payments takes effect with its own commit: the very next request
// is refused, and what was begun before goes on to its end.

// TestASuspendedAcquirerStartsNothingNew, and goes on as soon as it may.
func TestASuspendedAcquirerStartsNothingNew(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	old := n.approved(t)
	s := scannedByTill(t, n.payer("pivo", sim.AcceptsAsked))
	code := n.payer("vipps", sim.AcceptsAlways).code()
	n.suspend("nets", true)
	_, err := s.till.ask("bergen-cafe", code, fresh("bill"), fullPrice)
	wantReason(t, hansa.Suspended, err)
	_, err = s.till.order("bergen-cafe", fresh("bill"), fullPrice)
	wantReason(t, hansa.Suspended, err)
	if err := s.payer.accept(s.reference, true); err != nil {
		t.Fatal(err)
	}
	if got := s.till.outcome(s.reference); got != "approved" {
		t.Errorf("what was begun before is %s", got)
	}
	var refund api.Movement
	err = s.till.post("/payments/"+old+"/refunds", api.MoveMoney{RequestID: fresh("req"), Amount: amount("10.00 NOK")}, &refund)
	if err != nil {
		t.Errorf("a refund of an old payment: %v", err)
	}
	n.suspend("nets", false)
	if _, err := s.till.ask("bergen-cafe", code, fresh("bill"), fullPrice); err != nil {
		t.Errorf("after the suspension: %v", err)
	}
}

// approved makes a payment at the Nets till of bergen-cafe.
func (n *network) approved(t *testing.T) string {
	t.Helper()
	nets := n.as("nets")
	p, err := nets.ask("bergen-cafe", n.payer("vipps", sim.AcceptsAlways).code(), fresh("bill"), fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	if got := nets.outcome(p.Reference); got != "approved" {
		t.Fatal(got)
	}
	return p.Reference
}

// TestASuspendedWalletStartsNothingNew in none of the three ways to pay.
func TestASuspendedWalletStartsNothingNew(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	ida := n.payer("epassi", sim.AcceptsAlways)
	code, nets, wallet := ida.code(), n.as("nets"), n.as("epassi")
	order, err := nets.order("bergen-cafe", fresh("bill"), fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	quote, err := wallet.quote(order.Code)
	if err != nil {
		t.Fatal(err)
	}
	before := n.height()
	n.suspend("epassi", true)
	_, err = nets.ask("bergen-cafe", code, fresh("bill"), fullPrice)
	wantReason(t, hansa.Suspended, err)
	err = wallet.post("/payment-codes", api.FetchCodes{RequestID: fresh("req"), Payer: ida.id, Count: 1}, &api.PaymentCodes{})
	wantReason(t, hansa.Suspended, err)
	_, err = wallet.quote(order.Code)
	wantReason(t, hansa.Suspended, err)
	_, err = ida.pay(n.printed("bergen-cafe", "nets"), fullPrice)
	wantReason(t, hansa.Suspended, err)
	wantReason(t, hansa.Suspended, wallet.accept(quote, ida.id))
	if grown := n.height() - before; grown != 1 {
		t.Errorf("the journal has grown by %d blocks, and the suspension is one", grown)
	}
	n.suspend("epassi", false)
	if err := wallet.accept(quote, ida.id); err != nil {
		t.Errorf("after the suspension: %v", err)
	}
}

// TestARevokedStickerTakesNoNewPayment.
func TestARevokedStickerTakesNoNewPayment(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	nets, sticker := n.as("nets"), n.printed("bergen-cafe", "nets")
	var issued api.Page[api.StoreCode]
	if err := nets.get("/store-codes?store=bergen-cafe", &issued); err != nil || len(issued.Items) != 1 {
		t.Fatal(issued, err)
	}
	n.behave("epassi", sim.Slow)
	ida := n.payer("epassi", sim.AcceptsAlways)
	inApp := make(chan appAnswer, 1)
	go func() {
		paid, err := ida.pay(sticker, fullPrice)
		inApp <- appAnswer{paid, err}
	}()
	until(t, "the payer is debited", func() bool { return ida.spent() == "8.74 EUR" })
	var revoked api.StoreCode
	err := nets.post("/store-codes/"+issued.Items[0].Code+"/revoke", api.Change{RequestID: fresh("req")}, &revoked)
	if err != nil || revoked.RevokedAt == nil {
		t.Fatal(revoked, err)
	}
	for _, wallet := range []string{"vipps", "alipay"} {
		_, err := n.payer(wallet, sim.AcceptsAlways).pay(sticker, fullPrice)
		wantReason(t, hansa.CodeRevoked, err)
	}
	n.clock.pass(slowness)
	n.behave("epassi", sim.Behaves)
	if in := <-inApp; in.err != nil || in.paid.Status != "approved" {
		t.Errorf("what was begun before: %+v, %v", in.paid, in.err)
	}
	if _, err := n.payer("vipps", sim.AcceptsAlways).pay(n.printed("bergen-cafe", "vipps"), fullPrice); err != nil {
		t.Errorf("the other sticker: %v", err)
	}
}

// TestAClosedStoreAndAClosedCorridorTakeNoNewPayment.
func TestAClosedStoreAndAClosedCorridorTakeNoNewPayment(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		closes func(t *testing.T, n *network)
		want   hansa.Reason
	}{
		"store": {func(t *testing.T, n *network) {
			t.Helper()
			shop, err := n.read().Store(t.Context(), "bergen-cafe")
			if err != nil {
				t.Fatal(err)
			}
			shop.Suspended = true
			var what hub.Enrol
			what.Registry.Stores = append(what.Registry.Stores, shop)
			n.enrol(what)
		}, hansa.StoreClosed},
		"corridor": {func(t *testing.T, n *network) {
			t.Helper()
			listing, err := n.read().Listing(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var what hub.Enrol
			for _, corridor := range listing.Corridors {
				if corridor.Market == "NO" {
					corridor.Until = n.clock.now()
					what.Listing.Corridors = append(what.Listing.Corridors, corridor)
				}
			}
			n.enrol(what)
		}, hansa.MarketNotActive},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := openNetwork(t)
			s := scannedByTill(t, n.payer("pivo", sim.AcceptsAsked))
			late, sticker := n.payer("vipps", sim.AcceptsAlways), n.printed("bergen-cafe", "nets")
			code := late.code()
			tt.closes(t, n)
			_, err := s.till.ask("bergen-cafe", code, fresh("bill"), fullPrice)
			wantReason(t, tt.want, err)
			_, err = late.pay(sticker, fullPrice)
			wantReason(t, tt.want, err)
			if err := s.payer.accept(s.reference, true); err != nil {
				t.Fatal(err)
			}
			if got := s.till.outcome(s.reference); got != "approved" {
				t.Errorf("what was begun before is %s", got)
			}
		})
	}
}

// TestOnlyTheOperatorSuspends.
func TestOnlyTheOperatorSuspends(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	before := n.height()
	for _, id := range []string{"nets", "vipps", "alipay"} {
		err := n.as(id).post("/operator/suspensions", api.Suspend{RequestID: fresh("req"), Participant: "pivo", Suspended: true}, nil)
		wantReason(t, hansa.RoleMissing, err)
	}
	// What the switch signs is no request of the operator.
	r := n.as(sim.Operator).request(t, http.MethodGet, "/v1/webhook", nil)
	r.Header.Del("Signature")
	r.Header.Del("Signature-Input")
	own := n.as(sim.Operator)
	own.client.KeyID, own.client.Key = switchKeyID, n.node.secrets.key
	own.sign(t, r, nil, nonce())
	wantProblem(t, hansa.UnknownKey, r)
	if n.height() != before {
		t.Error("the journal has grown")
	}
}

// TestAWithdrawnKeySignsNothing, as soon as the directory that the node holds is
// the new one.
func TestAWithdrawnKeySignsNothing(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	second := member.Key{ID: api.KeyID("nets", 2), Public: public, NotBefore: sim.Since()}
	n.change("nets", func(p *member.Participant) { p.Keys = append(p.Keys, second) })
	nets := n.as("nets")
	nets.client.KeyID, nets.client.Key = second.ID, key
	until(t, "the second key counts", func() bool { return nets.get("/webhook", &api.Webhook{}) == nil })
	n.change("nets", func(p *member.Participant) { p.Keys[1].Withdrawn = true })
	until(t, "the second key counts no more", func() bool {
		return reasonOf(nets.get("/webhook", &api.Webhook{})) == string(hansa.UnknownKey)
	})
	if err := n.as("nets").get("/webhook", &api.Webhook{}); err != nil {
		t.Errorf("the first key: %v", err)
	}
}
