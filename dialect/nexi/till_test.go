package nexi_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/nexi"
)

// tells lets a shop make a call, and returns what it understands of the answer.
func (c counter) tells(t *testing.T, call api.TillCall) (api.TillAnswer, error) {
	t.Helper()
	shop := nexi.Shop{SecretKey: secretKey, ReturnURL: "https://shop.example/return"}
	sent := shop.Ask(call, noon)
	request := httptest.NewRequest(sent.Method, origin+sent.URL, bytes.NewReader(sent.Body))
	maps.Copy(request.Header, sent.Header)
	if !(nexi.Dialect{}).Owns(request) {
		t.Errorf("%s %s is nobody's", sent.Method, sent.URL)
	}
	return shop.Heard(call, sent, c.answer(request, sent.Body))
}

// opened is a counter with a payment of a shop.
func opened(t *testing.T) (counter, api.TillCall) {
	t.Helper()
	c := newCounter()
	call := api.TillCall{Kind: api.TillOrder, Sale: "sale-1", OrderReference: "basket 1", Amount: sek(55_00), Change: "change-1"}
	heard, err := c.tells(t, call)
	if err != nil || heard.Standing != api.TillWaits || heard.Sale == "" || c.Sales[heard.Sale].Order.Order != heard.Network {
		t.Fatalf("%+v, %v", heard, err)
	}
	call.Sale, call.Network = heard.Sale, heard.Network
	return c, call
}

// TestAShopSells and gives back what it has charged, whatever it is asked to do.
func TestAShopSells(t *testing.T) {
	t.Parallel()
	c, call := opened(t)
	step := func(kind, want string) api.TillAnswer {
		t.Helper()
		call.Kind = kind
		heard, err := c.tells(t, call)
		if err != nil || heard.Standing != want {
			t.Errorf("%s: want %s, got %+v, %v", kind, want, heard, err)
		}
		return heard
	}
	step(api.TillInquire, api.TillWaits)
	c.Pay(call.Sale, "approved")
	step(api.TillInquire, api.TillPaid)
	step(api.TillCancel, api.TillPaid)
	call.Amount = sek(5_00)
	if m := step(api.TillRefund, api.TillWaits).Movement; c.Sales[call.Sale].Movements[0].Movement != m {
		t.Errorf("refunded by %s", m)
	}
	c, call = opened(t)
	step(api.TillCancel, api.TillOver)
	step(api.TillInquire, api.TillOver)
}

// TestWhatAShopUnderstandsOfARefusal prints it for every reason of the network.
func TestWhatAShopUnderstandsOfARefusal(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	fmt.Fprintf(&text, "%-22s %-22s %s\n", "reason", "order", "refund")
	for _, row := range api.Problems() {
		c, call := opened(t)
		c.Pay(call.Sale, "approved")
		c.Refusals[""] = apitest.Refusal(row)
		call.Kind = api.TillRefund
		_, second := c.tells(t, call)
		call.Kind, call.Sale = api.TillOrder, "sale-2"
		_, first := c.tells(t, call)
		fmt.Fprintf(&text, "%-22s %-22s %s\n", row.Reason, apitest.Understood(first), apitest.Understood(second))
	}
	apitest.Golden(t, "shop_reasons.txt", text.String())
}
