package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim/party"
)

// privateCode lets a till show a code that its acquirer alone understands.
func (n *network) privateCode(acquirer string, amount any) string {
	n.t.Helper()
	var shown struct {
		Code string `json:"code"`
	}
	wish := map[string]any{"acquirer": acquirer}
	if amount != nil {
		wish["amount"] = amount
	}
	if err := n.box.post(n.t.Context(), "/tills/bergen-cafe/private-codes", wish, &shown); err != nil {
		n.t.Fatal(err)
	}
	return shown.Code
}

// scans lets a fresh payer of a wallet pay by a code.
func (n *network) scans(wallet string, code map[string]any) (party.Paid, string, error) {
	n.t.Helper()
	var payer struct {
		ID string `json:"payer"`
	}
	if err := n.box.post(n.t.Context(), "/wallets/"+wallet+"/payers", map[string]any{"accepts": "always"}, &payer); err != nil {
		n.t.Fatal(err)
	}
	at := "/wallets/" + wallet + "/payers/" + payer.ID
	paid, err := n.box.scan(n.t.Context(), at, code)
	return paid, at, err
}

// paymentsOf counts the payments of a wallet at the switch.
func (n *network) paymentsOf(wallet string) int {
	n.t.Helper()
	all, err := n.node.hub.Read().Payments(n.t.Context(), hub.Filter{Wallet: wallet, Limit: 100})
	if err != nil {
		n.t.Fatal(err)
	}
	return len(all)
}

// TestEveryWalletPaysThePrivateCodesOfOthers: Nets is asked by userInitiatedPay and Vipps in
// the network's own protocol, by wallets that speak Alipay+ and by those that do not. The
// codes of Vipps are local to its own app: what is paid by them the network never hears of.
func TestEveryWalletPaysThePrivateCodesOfOthers(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	due := money.New(20_00, "NOK")
	for _, c := range []struct{ acquirer, wallet string }{
		{"nets", "vipps"}, {"nets", "epassi"}, {"nets", "alipay"}, {"nets", "bluecode"}, {"vipps", "epassi"}, {"vipps", "alipay"}, {"vipps", "momo"},
	} {
		paid, _, err := n.scans(c.wallet, map[string]any{"text": n.privateCode(c.acquirer, due)})
		if err != nil || paid.Status != "approved" || paid.Local || paid.Payment.Acquirer != c.acquirer || paid.Payment.OrderAmount != due {
			t.Errorf("%s by a code of %s: %+v, %v", c.wallet, c.acquirer, paid, err)
		}
	}
	paid, _, err := n.scans("epassi", map[string]any{"text": n.privateCode("vipps", nil), "amount": due})
	if err != nil || paid.Status != "approved" || paid.Payment.Mode != "static" {
		t.Errorf("by a sticker of Vipps: %+v, %v", paid, err)
	}
	before := n.paymentsOf("vipps")
	for _, code := range []map[string]any{
		{"text": n.privateCode("vipps", due)}, {"text": n.privateCode("vipps", nil), "amount": due},
	} {
		paid, payer, err := n.scans("vipps", code)
		if err != nil || paid.Status != "approved" || !paid.Local {
			t.Errorf("at home: %+v, %v", paid, err)
		}
		var app party.App
		if err := n.box.do(t.Context(), http.MethodGet, payer, nil, &app); err != nil || len(app.Payments) != 1 || app.Payments[0].Debited != due.Value {
			t.Errorf("the app shows %+v, %v", app, err)
		}
	}
	if after := n.paymentsOf("vipps"); after != before {
		t.Errorf("the network has heard of %d payments at home", after-before)
	}
}

// TestASilentAcquirersCodeDebitsNobody: the payer hears that the code cannot be read now, and
// keeps the money, and so does the payer of a code that the acquirer has not made.
func TestASilentAcquirersCodeDebitsNobody(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	code := n.privateCode("nets", money.New(20_00, "NOK"))
	forged := code[:len(code)-4] + "AAAA"
	nobody := func(wallet, text string, want hansa.Reason) {
		t.Helper()
		_, payer, err := n.scans(wallet, map[string]any{"text": text})
		if reason, _ := hansa.ReasonOf(err); reason != want {
			t.Errorf("%s: want %s, got %v", wallet, want, err)
		}
		var app party.App
		if err := n.box.do(t.Context(), http.MethodGet, payer, nil, &app); err != nil || len(app.Payments) != 0 {
			t.Errorf("%s: the app shows %+v, %v", wallet, app.Payments, err)
		}
	}
	nobody("vipps", forged, hansa.CodeUnknown)
	nets, err := n.node.directory.Load().Participant("nets")
	if err != nil {
		t.Fatal(err)
	}
	nets.Endpoint = "http://127.0.0.1:1"
	enrolled := hub.Enrol{}
	enrolled.Listing.Participants = []member.Participant{nets}
	if _, err := n.node.do(t.Context(), hub.Request{Operation: enrolled}); err != nil {
		t.Fatal(err)
	}
	until(t, "the node has heard of it", func() bool {
		known, err := n.node.directory.Load().Participant("nets")
		return err == nil && known.Endpoint == nets.Endpoint
	})
	for _, wallet := range []string{"vipps", "alipay"} {
		nobody(wallet, code, hansa.AcquirerSilent)
	}
	if n.paymentsOf("vipps")+n.paymentsOf("alipay") != 0 {
		t.Error("a payment was begun")
	}
}

// TestAPrivateOrderIsPaidOnce: whoever comes first pays, at home or through the network, and
// everybody else hears so, keeps the money, and is shown no payment.
func TestAPrivateOrderIsPaidOnce(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	n.clock.stop()
	due := money.New(20_00, "NOK")
	for _, c := range []struct {
		first string
		local bool
		later []string
	}{
		{"vipps", true, []string{"vipps", "alipay", "epassi"}},
		{"alipay", false, []string{"vipps", "epassi", "alipay"}},
	} {
		code := map[string]any{"text": n.privateCode("vipps", due)}
		paid, app, err := n.scans(c.first, code)
		if err != nil || paid.Status != "approved" || paid.Local != c.local {
			t.Fatalf("first %s: %+v, %v", c.first, paid, err)
		}
		for _, wallet := range c.later {
			_, app, err := n.scans(wallet, code)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.OrderPaid {
				t.Errorf("%s, then %s: %v", c.first, wallet, err)
			}
			n.wantPayments(app, 0)
		}
		if c.local {
			again, err := n.box.scan(t.Context(), app, code)
			if err != nil || again.Reference != paid.Reference {
				t.Errorf("the payer again: %+v, %v", again, err)
			}
		}
		n.wantPayments(app, 1)
	}
}

// wantPayments wants so many payments in a payer's app.
func (n *network) wantPayments(at string, want int) {
	n.t.Helper()
	var app party.App
	if err := n.box.do(n.t.Context(), http.MethodGet, at, nil, &app); err != nil || len(app.Payments) != want {
		n.t.Errorf("%s: want %d payments, got %+v, %v", at, want, app.Payments, err)
	}
}

// TestAPrivateOrderThatOthersLookAt is paid through the network by the acquirer's own users
// too, and by nobody after its time.
func TestAPrivateOrderThatOthersLookAt(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	n.clock.stop()
	code := map[string]any{"text": n.privateCode("vipps", money.New(20_00, "NOK"))}
	var payer struct {
		ID string `json:"payer"`
	}
	if err := n.box.post(t.Context(), "/wallets/epassi/payers", map[string]any{"accepts": "always"}, &payer); err != nil {
		t.Fatal(err)
	}
	var shown party.Scan
	if err := n.box.post(t.Context(), "/wallets/epassi/payers/"+payer.ID+"/scan", code, &shown); err != nil {
		t.Fatal(err)
	}
	if paid, _, err := n.scans("vipps", code); err != nil || paid.Status != "approved" || paid.Local {
		t.Errorf("the own app pays through the network: %+v, %v", paid, err)
	}
	code["text"] = n.privateCode("vipps", money.New(20_00, "NOK"))
	n.clock.pass(11 * time.Minute)
	for _, wallet := range []string{"vipps", "epassi"} {
		_, app, err := n.scans(wallet, code)
		if reason, _ := hansa.ReasonOf(err); reason != hansa.OrderExpired {
			t.Errorf("%s after its time: %v", wallet, err)
		}
		n.wantPayments(app, 0)
	}
}
