package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
)

// TestATillIsPaid: the first payment of all, both sides' views of it, and its receipt.
func TestATillIsPaid(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.answered(yes)
	p, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask(n.code("alipay", "wang")))
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "approved" || p.Payer == "" || p.OrderAmount != nok(100_00) || p.DebitAmount.Currency != "CNY" || p.Rate == nil || p.OutcomeAt == nil {
		t.Errorf("the till hears %+v", p)
	}
	seen, answer := read[api.Payment](n, "alipay", "/v1/payments/"+p.Reference)
	n.wantStatus(http.StatusOK, answer)
	if seen.Payer != "" || seen.Status != "approved" || strings.Contains(string(answer.Body), "wang") {
		t.Errorf("the wallet sees %s", answer.Body)
	}
	mine, answer := read[api.Receipt](n, "nets", "/v1/payments/"+p.Reference+"/receipt")
	n.wantStatus(http.StatusOK, answer)
	theirs, _ := read[api.Receipt](n, "alipay", "/v1/payments/"+p.Reference+"/receipt")
	if string(api.Encode(mine)) != string(api.Encode(theirs)) || mine.Fee != money.New(0, "CNY") || mine.Store.Name != "Bryggen Kafe" {
		t.Errorf("receipts differ:\n%+v\n%+v", mine, theirs)
	}
	if strings.Contains(string(answer.Body), p.Payer) {
		t.Errorf("the receipt names the payer: %s", answer.Body)
	}
}

func TestADeclineIsToldWithItsReason(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.answered(no)
	ask := n.ask(n.code("vipps", "ola"))
	p, answer := post[api.Payment](n, "nets", "/v1/payments", ask)
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "declined" || p.Reason != string(hansa.InsufficientFunds) {
		t.Errorf("the till hears %+v", p)
	}
	_, answer = read[api.Receipt](n, "nets", "/v1/payments/"+p.Reference+"/receipt")
	n.wantReason(hansa.NotAllowedNow, answer)
	// The order may be tried again with a new code.
	n.answered(yes)
	ask.RequestID, ask.Code = n.nonce(), n.code("vipps", "kari")
	p, answer = post[api.Payment](n, "nets", "/v1/payments", ask)
	n.wantStatus(http.StatusCreated, answer)
	if p.Status != "approved" {
		t.Errorf("the till hears %+v", p)
	}
	ask.RequestID, ask.Code = n.nonce(), n.code("vipps", "kari")
	_, answer = post[api.Payment](n, "nets", "/v1/payments", ask)
	n.wantReason(hansa.OrderReferenceTaken, answer)
}

// TestTheSameRequestIsAnsweredTheSame: with the same body, for the same thing.
func TestTheSameRequestIsAnsweredTheSame(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.approved()
	other := n.approved()
	ask := n.ask(n.code("vipps", "ola"))
	_, first := post[api.Payment](n, "nets", "/v1/payments", ask)
	_, second := post[api.Payment](n, "nets", "/v1/payments?wait=1", ask)
	if string(first.Body) != string(second.Body) || first.Status != second.Status {
		t.Errorf("answers differ:\n%s\n%s", first.Body, second.Body)
	}
	if first.Header.Get("Idempotency-Replayed") != "" || second.Header.Get("Idempotency-Replayed") != "true" {
		t.Error("the second answer does not say that it is replayed")
	}
	changed := ask
	changed.Amount = nok(100_01)
	_, answer := post[api.Payment](n, "nets", "/v1/payments", changed)
	n.wantReason(hansa.RequestIDReused, answer)

	refund := api.MoveMoney{RequestID: "refund-1", Amount: nok(10_00)}
	m, answer := post[api.Movement](n, "nets", "/v1/payments/"+p.Reference+"/refunds", refund)
	n.wantStatus(http.StatusCreated, answer)
	again, answer := post[api.Movement](n, "nets", "/v1/payments/"+p.Reference+"/refunds", refund)
	n.wantStatus(http.StatusCreated, answer)
	if again.Movement != m.Movement || answer.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("refund again: %+v", again)
	}
	_, answer = post[api.Movement](n, "nets", "/v1/payments/"+other.Reference+"/refunds", refund)
	n.wantReason(hansa.RequestIDReused, answer)
	// A refusal is kept as well.
	used := n.ask(ask.Code)
	_, first = post[api.Payment](n, "nets", "/v1/payments", used)
	n.wantReason(hansa.CodeUsed, first)
	_, second = post[api.Payment](n, "nets", "/v1/payments", used)
	if string(first.Body) != string(second.Body) || second.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("refusals differ:\n%s\n%s", first.Body, second.Body)
	}
}

// TestCodesPayOnce: used, expired and unknown codes, and who guesses.
func TestCodesPayOnce(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	n.answered(yes)
	used, expired := n.code("vipps", "ola"), n.code("vipps", "ola")
	_, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask(used))
	n.wantStatus(http.StatusCreated, answer)
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(used))
	n.wantReason(hansa.CodeUsed, answer)
	elsewhere := n.ask(used)
	elsewhere.Terminal = "bergen-cafe-vipps"
	_, answer = post[api.Payment](n, "vipps", "/v1/payments", elsewhere)
	n.wantReason(hansa.CodeUsed, answer)
	n.pass(61_000_000_000)
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(expired))
	n.wantReason(hansa.CodeExpired, answer)
	for range 5 {
		_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(n.unissued()))
		n.wantReason(hansa.CodeUnknown, answer)
	}
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(n.unissued()))
	n.wantReason(hansa.TooManyMisses, answer)
	if answer.Header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After: %q", answer.Header.Get("Retry-After"))
	}
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask("123"))
	n.wantReason(hansa.CodeUnknown, answer)
	mistyped := []byte(n.code("vipps", "ola"))
	mistyped[10] = '0' + (mistyped[10]-'0'+1)%10
	_, answer = post[api.Payment](n, "nets", "/v1/payments", n.ask(string(mistyped)))
	n.wantReason(hansa.CodeInvalid, answer)
}

// TestStrangersSeeNothing: what is not yours answers as what does not exist.
func TestStrangersSeeNothing(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.approved()
	m, answer := post[api.Movement](n, "nets", "/v1/payments/"+p.Reference+"/refunds", api.MoveMoney{RequestID: n.nonce(), Amount: nok(1_00)})
	n.wantStatus(http.StatusCreated, answer)
	o, answer := post[api.Order](n, "nets", "/v1/orders", n.order())
	n.wantStatus(http.StatusCreated, answer)
	for _, tt := range []struct{ kind, id, unknown string }{
		{"payments/%", p.Reference, "pay_unknown"},
		{"payments/%/receipt", p.Reference, "pay_unknown"},
		{"payments/%/movements", p.Reference, "pay_unknown"},
		{"payments/%/events", p.Reference, "pay_unknown"},
		{"movements/%", m.Movement, "mov_unknown"},
		{"movements/%/receipt", m.Movement, "mov_unknown"},
		{"orders/%", o.Order, "ord_unknown"},
		{"stores/%", "bergen-cafe", "unknown"},
		{"store-codes?store=%", "bergen-cafe", "unknown"},
	} {
		foreign := n.send("momo", request{method: http.MethodGet, path: "/v1/" + strings.Replace(tt.kind, "%", tt.id, 1)})
		unknown := n.send("momo", request{method: http.MethodGet, path: "/v1/" + strings.Replace(tt.kind, "%", tt.unknown, 1)})
		n.wantReason(hansa.NotFound, foreign)
		if string(foreign.Body) != string(unknown.Body) {
			t.Errorf("%s: foreign and unknown differ:\n%s\n%s", tt.kind, foreign.Body, unknown.Body)
		}
	}
	for _, tt := range []struct {
		path, id, unknown string
		message           any
	}{
		{"payments/%/cancel", p.Reference, "pay_unknown", api.Change{RequestID: "r-1"}},
		{"payments/%/refunds", p.Reference, "pay_unknown", api.MoveMoney{RequestID: "r-1", Amount: nok(1)}},
		{"payments/%/captures", p.Reference, "pay_unknown", api.MoveMoney{RequestID: "r-1", Amount: nok(1)}},
		{"payments/%/release", p.Reference, "pay_unknown", api.Change{RequestID: "r-1"}},
		{"payments/%/outcome", p.Reference, "pay_unknown", api.TellOutcome{Status: "DECLINED"}},
		{"orders/%/cancel", o.Order, "ord_unknown", api.Change{RequestID: "r-1"}},
		{"store-codes/%/revoke", "010000000001", "999999999999", api.Change{RequestID: "r-1"}},
	} {
		_, foreign := post[api.Payment](n, "pagaqui", "/v1/"+strings.Replace(tt.path, "%", tt.id, 1), tt.message)
		_, unknown := post[api.Payment](n, "momo", "/v1/"+strings.Replace(tt.path, "%", tt.unknown, 1), tt.message)
		n.wantReason(hansa.NotFound, foreign)
		if string(foreign.Body) != string(unknown.Body) {
			t.Errorf("%s: foreign and unknown differ:\n%s\n%s", tt.path, foreign.Body, unknown.Body)
		}
	}
}

// unissued is a well-formed payment code that nobody fetched.
func (n *network) unissued() string {
	n.t.Helper()
	code := n.code("vipps", "nobody")
	return n.unlike(code)
}

// order is what the Nets till in Bergen would show.
func (n *network) order() api.MakeOrder {
	return api.MakeOrder{
		RequestID: n.nonce(), Amount: nok(100_00), Store: "bergen-cafe", Terminal: "bergen-cafe-nets", OrderReference: n.nonce(),
	}
}
