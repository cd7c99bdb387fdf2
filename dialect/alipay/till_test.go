package alipay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/money"
)

// till is one with the keys of the party.
func (n *network) till() alipay.Till {
	n.t.Helper()
	return alipay.NewTill(alipay.PartyConfig{
		ID: "PARTY", Key: privateKey(n.t, "party.pem"), NetworkKey: publicPEM(n.t, privateKey(n.t, "network.pem").Public()), Network: origin,
	})
}

// tells lets a till make a call, and returns what it understands of the answer.
func (n *network) tells(till alipay.Till, call api.TillCall) (api.TillAnswer, error) {
	sent := till.Ask(call, n.now)
	return till.Heard(call, sent, n.dialect.Answer(n.question(requestOf(origin, sent), sent.Body)))
}

func tillCall(kind, sale string) api.TillCall {
	return api.TillCall{
		Kind: kind, Sale: sale, OrderReference: "order " + sale, Code: "288888888888888888", Amount: money.New(1_00, "EUR"),
		Store: "kafe-oslo", Terminal: "kafe-oslo-1", Change: "change of " + sale,
	}
}

// TestATillUnderstands what it is answered, whatever has become of a sale.
func TestATillUnderstands(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"pending": api.TillWaits, "approved": api.TillPaid, "declined": api.TillOver, "expired": api.TillOver, "cancelled": api.TillOver,
	} {
		n := newNetwork(t)
		till := n.till()
		n.counter.pays = ending(status, "")
		for _, kind := range []string{api.TillSell, api.TillInquire, api.TillSell} {
			if heard, err := n.tells(till, tillCall(kind, "1")); err != nil || heard.Standing != want || heard.Network == "" {
				t.Errorf("%s: %s: %+v, %v", status, kind, heard, err)
			}
		}
	}
	n := newNetwork(t)
	till := n.till()
	for _, step := range []struct {
		call api.TillCall
		want api.TillAnswer
	}{
		{tillCall(api.TillOrder, "1"), api.TillAnswer{Standing: api.TillWaits, Code: "0002010102121"}},
		{tillCall(api.TillInquire, "1"), api.TillAnswer{Standing: api.TillWaits}},
		{tillCall(api.TillCancel, "1"), api.TillAnswer{Standing: api.TillOver}},
		{tillCall(api.TillInquire, "1"), api.TillAnswer{Standing: api.TillOver}},
		{tillCall(api.TillCancel, "never begun"), api.TillAnswer{Standing: api.TillOver}},
	} {
		heard, err := n.tells(till, step.call)
		if heard.Network = ""; err != nil || heard != step.want {
			t.Errorf("%s %s: want %+v, got %+v, %v", step.call.Kind, step.call.Sale, step.want, heard, err)
		}
	}
}

// TestATillBelievesTheNetworkAlone: an answer that another has signed proves nothing.
func TestATillBelievesTheNetworkAlone(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	till := n.till()
	n.dialect = alipay.New(alipay.Config{Key: privateKey(t, "party.pem")})
	heard, err := n.tells(till, tillCall(api.TillSell, "1"))
	if _, refused := hansa.ReasonOf(err); err == nil || refused {
		t.Errorf("%+v, %v", heard, err)
	}
}

// TestWhatATillUnderstandsOfARefusal prints it for every reason of the network.
func TestWhatATillUnderstandsOfARefusal(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	fmt.Fprintf(&text, "%-22s %-22s %s\n", "reason", "sale", "refund")
	n := newNetwork(t)
	till := n.till()
	if _, err := n.tells(till, tillCall(api.TillSell, "1")); err != nil {
		t.Fatal(err)
	}
	for _, row := range api.Problems() {
		refusal := apitest.Refusal(row)
		n.counter.refuses["AskPayment"], n.counter.refuses["Refund"] = refusal, refusal
		_, sold := n.tells(till, tillCall(api.TillSell, "2"))
		_, back := n.tells(till, tillCall(api.TillRefund, "1"))
		fmt.Fprintf(&text, "%-22s %-22s %s\n", row.Reason, apitest.Understood(sold), apitest.Understood(back))
	}
	apitest.Golden(t, "till_reasons.txt", text.String())
}
