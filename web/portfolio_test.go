package web_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

// sold is an approved payment of Vipps at the till of Nets in a store.
func (n *network) sold(shop string) api.Payment {
	n.t.Helper()
	n.answered(yes)
	wish := n.ask(n.code("vipps", "ola"))
	wish.Store, wish.Terminal = shop, sim.Terminal(shop, "nets")
	p, answer := post[api.Payment](n, "nets", "/v1/payments", wish)
	n.wantStatus(http.StatusCreated, answer)
	return p
}

// TestAnAcquiringPartnerSeesItsPortfolio: 2paynow reads the stores that it brought to
// Nets and what is paid there, without the payers; of all others it sees nothing, and
// it moves no money.
func TestAnAcquiringPartnerSeesItsPortfolio(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	mine, other := n.sold("oslo-sport"), n.sold("bergen-cafe")
	seen, answer := read[api.Payment](n, "2paynow", "/v1/payments/"+mine.Reference)
	n.wantStatus(http.StatusOK, answer)
	if mine.Payer == "" || seen.Payer != "" {
		t.Errorf("the acquirer knows the payer as %q, the partner as %q", mine.Payer, seen.Payer)
	}
	if mine.Payer = ""; !cmp.Equal(mine, seen, cmp.Comparer(func(a, b money.Rate) bool { return a == b })) {
		t.Errorf("want %+v\ngot %+v", mine, seen)
	}
	for path, want := range map[string]int{
		"/v1/payments?store=oslo-sport": 1, "/v1/payments?store=oslo-sport&as=acquiring_partner": 1,
		"/v1/payments?store=oslo-watches": 0, "/v1/payments?store=bergen-cafe": 0,
	} {
		page, answer := read[api.Page[api.Payment]](n, "2paynow", path)
		n.wantStatus(http.StatusOK, answer)
		if len(page.Items) != want {
			t.Errorf("%s: %d payments", path, len(page.Items))
		}
	}
	shop, answer := read[api.Store](n, "2paynow", "/v1/stores/oslo-sport")
	n.wantStatus(http.StatusOK, answer)
	if len(shop.Contracts) != 1 || shop.Contracts[0].Partner != "2paynow" {
		t.Errorf("%+v", shop)
	}
	for path, want := range map[string]hansa.Reason{
		"/v1/payments/" + other.Reference: hansa.NotFound, "/v1/stores/bergen-cafe": hansa.NotFound,
		"/v1/payments": hansa.Malformed, "/v1/payments?as=acquirer": hansa.RoleMissing,
	} {
		_, answer := read[api.Payment](n, "2paynow", path)
		n.wantReason(want, answer)
	}
	_, answer = post[api.Movement](n, "2paynow", "/v1/payments/"+mine.Reference+"/refunds", api.MoveMoney{RequestID: "req_refund", Amount: mine.OrderAmount})
	n.wantReason(hansa.NotFound, answer)
	n.cannotSell("2paynow")
}

// cannotSell: a participant asks for payments and codes in vain.
func (n *network) cannotSell(participant string) {
	n.t.Helper()
	wish := n.ask(n.code("vipps", "ola"))
	wish.Store, wish.Terminal = "oslo-sport", sim.Terminal("oslo-sport", "nets")
	_, answer := post[api.Payment](n, participant, "/v1/payments", wish)
	n.wantReason(hansa.RoleMissing, answer)
	_, answer = post[api.StoreCode](n, participant, "/v1/store-codes", api.IssueStoreCode{RequestID: "req_code", Store: "oslo-sport"})
	n.wantReason(hansa.RoleMissing, answer)
}

// TestASalesPartnerHasNoMoneyAndNoPayments: the key of APay Nordic opens nothing, and no
// account is in its name.
func TestASalesPartnerHasNoMoneyAndNoPayments(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	sold := n.sold("oslo-sport")
	n.cannotSell("apaynordic")
	for path, want := range map[string]hansa.Reason{
		"/v1/payments/" + sold.Reference: hansa.NotFound, "/v1/stores/oslo-sport": hansa.NotFound,
		"/v1/payments": hansa.RoleMissing, "/v1/payments?store=oslo-sport&as=acquiring_partner": hansa.RoleMissing,
	} {
		_, answer := read[api.Payment](n, "apaynordic", path)
		n.wantReason(want, answer)
	}
	for _, operation := range []hub.Operation{hub.FetchCodes{Payer: "ola", Codes: []string{"700001100000000000000000"}}, hub.Cancel{Payment: sold.Reference}} {
		result, err := n.do(t.Context(), hub.Request{Participant: "apaynordic", ID: "req_1", Operation: operation})
		if reason, _ := hansa.ReasonOf(result.Refusal); err != nil || reason != hansa.RoleMissing && reason != hansa.NotFound {
			t.Errorf("%T: %v, %v", operation, result.Refusal, err)
		}
	}
	positions, err := n.hub.Read().Positions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, position := range positions {
		for _, partner := range []string{"apaynordic", "2paynow"} {
			if string(position.Account) == "acquirer/"+partner || string(position.Account) == "wallet/"+partner {
				t.Errorf("%s has an account: %+v", partner, position)
			}
		}
	}
}
