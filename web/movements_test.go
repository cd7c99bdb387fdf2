package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// TestRefundsAreDocumentsOfTheirOwn: each has its status, its receipt and its
// place in the list, and the payment stays as it was.
func TestRefundsAreDocumentsOfTheirOwn(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.approved()
	n.answered(nil)
	refunds := "/v1/payments/" + p.Reference + "/refunds"
	first, answer := post[api.Movement](n, "nets", refunds, api.MoveMoney{RequestID: n.nonce(), Amount: nok(30_00)})
	n.wantStatus(http.StatusCreated, answer)
	if first.Status != "pending" || first.Kind != "refund" || first.OrderAmount != nok(30_00) {
		t.Errorf("refund %+v", first)
	}
	_, answer = read[api.Receipt](n, "nets", "/v1/movements/"+first.Movement+"/receipt")
	n.wantReason(hansa.NotAllowedNow, answer)
	n.answered(yes)
	done, answer := read[api.Movement](n, "vipps", "/v1/movements/"+first.Movement)
	n.wantStatus(http.StatusOK, answer)
	if done.Status != "succeeded" {
		t.Errorf("refund %+v", done)
	}
	receipt, answer := read[api.Receipt](n, "vipps", "/v1/movements/"+first.Movement+"/receipt")
	n.wantStatus(http.StatusOK, answer)
	if receipt.Reference != first.Movement || receipt.Payment != p.Reference || receipt.Kind != "refund" || receipt.OrderAmount != nok(30_00) {
		t.Errorf("receipt %+v", receipt)
	}
	_, answer = post[api.Movement](n, "nets", refunds, api.MoveMoney{RequestID: n.nonce(), Amount: nok(70_01)})
	n.wantReason(hansa.RefundTooLarge, answer)
	_, answer = post[api.Movement](n, "vipps", refunds, api.MoveMoney{RequestID: n.nonce(), Amount: nok(1)})
	n.wantReason(hansa.NotFound, answer)
	second, answer := post[api.Movement](n, "nets", refunds, api.MoveMoney{RequestID: n.nonce(), Amount: nok(70_00)})
	n.wantStatus(http.StatusCreated, answer)
	list, answer := read[api.Page[api.Movement]](n, "nets", "/v1/payments/"+p.Reference+"/movements")
	n.wantStatus(http.StatusOK, answer)
	if len(list.Items) != 2 || list.Items[0].Movement != first.Movement || list.Items[1].Movement != second.Movement {
		t.Errorf("movements %+v", list.Items)
	}
	after, _ := read[api.Payment](n, "nets", "/v1/payments/"+p.Reference)
	if string(api.Encode(after)) != string(api.Encode(p)) {
		t.Errorf("the payment has changed: %+v", after)
	}
}

// TestAPaymentIsCancelled before the outcome and after it.
func TestAPaymentIsCancelled(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	open := n.pending()
	cancelled, answer := post[api.Cancelled](n, "nets", "/v1/payments/"+open.Reference+"/cancel", api.Change{RequestID: "r-1"})
	n.wantStatus(http.StatusOK, answer)
	if cancelled.Payment.Status != "cancelled" || cancelled.Movement != nil {
		t.Errorf("cancelled %+v", cancelled)
	}
	n.answered(yes)
	again, answer := post[api.Cancelled](n, "nets", "/v1/payments/"+open.Reference+"/cancel", api.Change{RequestID: "r-1"})
	n.wantStatus(http.StatusOK, answer)
	if again.Payment.Status != "cancelled" {
		t.Errorf("cancelled again %+v", again)
	}
	paid := n.approved()
	undone, answer := post[api.Cancelled](n, "nets", "/v1/payments/"+paid.Reference+"/cancel", api.Change{RequestID: "r-2"})
	n.wantStatus(http.StatusOK, answer)
	if undone.Payment.Status != "approved" || undone.Movement == nil || undone.Movement.Kind != "cancel" || undone.Movement.OrderAmount != nok(100_00) {
		t.Errorf("cancelled %+v", undone)
	}
	late := n.approved()
	n.pass(25 * time.Hour)
	_, answer = post[api.Cancelled](n, "nets", "/v1/payments/"+late.Reference+"/cancel", api.Change{RequestID: "r-3"})
	n.wantReason(hansa.CancelTooLate, answer)
	_, answer = post[api.Cancelled](n, "vipps", "/v1/payments/"+late.Reference+"/cancel", api.Change{RequestID: "r-4"})
	n.wantReason(hansa.NotFound, answer)
}

// TestAnAuthorisationIsCapturedInParts and what is left is released.
func TestAnAuthorisationIsCapturedInParts(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.answered(yes)
	ask := n.ask(n.code("vipps", "ola"))
	ask.CaptureLater = true
	p, answer := post[api.Payment](n, "nets", "/v1/payments", ask)
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "approved" {
		t.Errorf("payment %+v", p)
	}
	captures, release := "/v1/payments/"+p.Reference+"/captures", "/v1/payments/"+p.Reference+"/release"
	m, answer := post[api.Movement](n, "nets", captures, api.MoveMoney{RequestID: n.nonce(), Amount: nok(60_00)})
	n.wantStatus(http.StatusCreated, answer)
	if m.Kind != "capture" || m.Status != "succeeded" {
		t.Errorf("capture %+v", m)
	}
	_, answer = post[api.Movement](n, "nets", captures, api.MoveMoney{RequestID: n.nonce(), Amount: nok(40_01)})
	n.wantReason(hansa.CaptureTooLarge, answer)
	_, answer = post[api.Movement](n, "nets", captures, api.MoveMoney{RequestID: n.nonce(), Amount: nok(0)})
	n.wantReason(hansa.InvalidAmount, answer)
	m, answer = post[api.Movement](n, "nets", release, api.Change{RequestID: n.nonce()})
	n.wantStatus(http.StatusCreated, answer)
	if m.Kind != "release" || m.OrderAmount != nok(40_00) {
		t.Errorf("release %+v", m)
	}
	_, answer = post[api.Movement](n, "nets", release, api.Change{RequestID: n.nonce()})
	n.wantReason(hansa.NotAllowedNow, answer)
}
