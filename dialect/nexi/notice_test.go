package nexi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/nexi"
)

// TestWebhooks tells a shop of each event of the journal.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, charge := range []bool{false, true} {
		c := newCounter()
		id := c.sell(t, charge)
		tellAt := func(at time.Time, kind string, movement *api.Movement) {
			notice := api.Notice{
				ID: "evt_1", Client: client(), Sale: *c.Sales[id], Kind: kind, At: at, Now: noon, Origin: origin, Movement: movement,
			}
			messages, err := nexi.Dialect{}.Notices(notice)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "== %s, charge: %t\n", kind, charge)
			for _, m := range messages {
				fmt.Fprintf(&text, "%s %s, Authorization: %s\n%s\n", m.Method, m.URL, m.Header.Get("Authorization"), m.Body)
			}
		}
		tell := func(kind string, movement *api.Movement) { tellAt(noon, kind, movement) }
		tell("order.open", nil)
		tell("payment.pending", nil)
		tell("payment.declined", nil)
		tellAt(noon.Add(time.Second), "order.open", nil) // The order is free again.
		tell("payment.expired", nil)
		c.Pay(id, "approved")
		tell("payment.approved", nil)
		reference := c.Sales[id].Payment.Reference
		captured, _ := c.Capture(reference, api.MoveMoney{RequestID: "1", Amount: sek(2000)})
		refunded, _ := c.Refund(reference, api.MoveMoney{RequestID: "2", Amount: sek(1500)})
		refunded.Reason = "wallet_limit"
		for _, kind := range []string{"capture.made", "capture.released"} {
			tell(kind, &captured)
		}
		for _, kind := range []string{"refund.pending", "refund.succeeded", "refund.failed"} {
			tell(kind, &refunded)
		}
	}
	apitest.Golden(t, "webhooks.txt", text.String())
}

// TestWebhookIDs are the same at every try and for no other event.
func TestWebhookIDs(t *testing.T) {
	t.Parallel()
	c := newCounter()
	c.Pay(c.sell(t, true), "approved")
	seen := make(map[string]bool)
	for _, id := range []string{"evt_1", "evt_2", "evt_1"} {
		for _, sale := range c.Sales {
			messages, err := nexi.Dialect{}.Notices(api.Notice{ID: id, Client: client(), Sale: *sale, Kind: "payment.approved", At: noon})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range messages {
				seen[strings.Split(string(m.Body), `"`)[3]] = true
			}
		}
	}
	if len(seen) != 8 {
		t.Errorf("want 8 ids for 4 messages of each of 2 events, got %d", len(seen))
	}
}

// TestOnlyExactly200Acknowledges repeats a webhook for any other success.
func TestOnlyExactly200Acknowledges(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{
		http.StatusOK: true, http.StatusCreated: false, http.StatusAccepted: false, http.StatusNoContent: false,
		http.StatusFound: false, http.StatusNotFound: false, http.StatusInternalServerError: false,
	} {
		if got := (nexi.Dialect{}).Acknowledged(api.Message{}, api.Answer{Status: status}); got != want {
			t.Errorf("%d: want %t, got %t", status, want, got)
		}
	}
}

// TestNoticeNeedsItsMovement fails where the network does not say what was refunded.
func TestNoticeNeedsItsMovement(t *testing.T) {
	t.Parallel()
	c := newCounter()
	id := c.sell(t, true)
	if _, err := (nexi.Dialect{}).Notices(api.Notice{ID: "evt_1", Sale: *c.Sales[id], Kind: "refund.failed"}); err == nil {
		t.Error("want a fault")
	}
}

// FuzzRequests never makes the dialect panic, and never answers with a fault.
func FuzzRequests(f *testing.F) {
	f.Add("POST", "/v1/payments", `{"order":`+goodOrder+`,"checkout":`+goodCheckout+`}`, "k")
	f.Add("GET", "/v1/payments/1", "", "")
	f.Add("PUT", "/v1/payments/1/orderitems", `{"amount":1,"items":[{"quantity":1e999}]}`, "")
	f.Add("POST", "/v1/charges/01/refunds", `{"amount":null}`, "é")
	f.Fuzz(func(t *testing.T, method, path, body, key string) {
		c := newCounter()
		id := c.sell(t, true)
		c.Pay(id, "approved")
		c.Sales["1"] = c.Sales[id]
		r, err := http.NewRequest(method, "https://pay.example"+path, nil)
		if err != nil {
			return // No client can send this.
		}
		r.Header = http.Header{"Authorization": {secretKey}, "Content-Type": {"application/json"}, "Idempotency-Key": {key}}
		if answer := c.answer(r, []byte(body)); answer.Status < 200 || answer.Status >= 500 {
			t.Errorf("%d: %s", answer.Status, answer.Body)
		}
	})
}
