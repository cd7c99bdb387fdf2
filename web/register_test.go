package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

func put[A any](n *network, participant, path string, message any) (A, api.Answer) {
	n.t.Helper()
	return exchanged[A](n, participant, request{method: http.MethodPut, path: path, body: api.Encode(message)})
}

// TestAnAcquirerReadsItsStore, and of its contracts only its own.
func TestAnAcquirerReadsItsStore(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	shop, answer := read[api.Store](n, "nets", "/v1/stores/bergen-cafe")
	n.wantStatus(http.StatusOK, answer)
	if shop.Name != "Bryggen Kafe" || shop.Currency != "NOK" || len(shop.Contracts) != 1 || shop.Contracts[0].Branch != "nets.no" {
		t.Errorf("store %+v", shop)
	}
	codes, answer := read[api.Page[api.StoreCode]](n, "vipps", "/v1/store-codes?store=bergen-cafe")
	n.wantStatus(http.StatusOK, answer)
	if len(codes.Items) != 1 || codes.Items[0].Acquirer != "vipps" {
		t.Errorf("codes %+v", codes)
	}
	_, answer = read[api.Page[api.StoreCode]](n, "vipps", "/v1/store-codes")
	n.wantReason(hansa.NotFound, answer)
}

func TestCodesAreIssuedInOrder(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	issue := api.IssueStoreCode{RequestID: "r-1", Store: "oslo-sport"}
	first, answer := post[api.StoreCode](n, "nets", "/v1/store-codes", issue)
	n.wantStatus(http.StatusCreated, answer)
	again, _ := post[api.StoreCode](n, "nets", "/v1/store-codes", issue)
	issue.RequestID = "r-2"
	second, _ := post[api.StoreCode](n, "nets", "/v1/store-codes", issue)
	if again != first || second.Code <= first.Code || first.Text == second.Text {
		t.Errorf("issued %+v, %+v, %+v", first, again, second)
	}
	issue.RequestID = "r-3"
	_, answer = post[api.StoreCode](n, "vipps", "/v1/store-codes", issue)
	n.wantReason(hansa.NotFound, answer)
	issue.RequestID, issue.Store = "r-4", "nowhere"
	_, answer = post[api.StoreCode](n, "nets", "/v1/store-codes", issue)
	n.wantReason(hansa.NotFound, answer)
	_, answer = post[api.StoreCode](n, "hanseatic", "/v1/store-codes", issue)
	n.wantReason(hansa.RoleMissing, answer)
}

// TestOnlyTheOperatorSuspends, and only new payments stop.
func TestOnlyTheOperatorSuspends(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	open := n.pending()
	suspend := api.Suspend{RequestID: "r-1", Participant: "vipps", Role: "wallet", Suspended: true}
	_, answer := post[api.Suspension](n, "nets", "/v1/operator/suspensions", suspend)
	n.wantReason(hansa.RoleMissing, answer)
	done, answer := post[api.Suspension](n, "hansa", "/v1/operator/suspensions", suspend)
	n.wantStatus(http.StatusOK, answer)
	if done != (api.Suspension{Participant: "vipps", Role: "wallet", Suspended: true}) {
		t.Errorf("suspension %+v", done)
	}
	_, answer = post[api.PaymentCodes](n, "vipps", "/v1/payment-codes", api.FetchCodes{RequestID: n.nonce(), Payer: "ola", Count: 1})
	n.wantReason(hansa.Suspended, answer)
	n.answered(yes)
	p, _ := read[api.Payment](n, "vipps", "/v1/payments/"+open.Reference)
	if p.Status != "approved" {
		t.Errorf("what was started: %+v", p)
	}
	suspend.RequestID, suspend.Suspended = "r-2", false
	_, answer = post[api.Suspension](n, "hansa", "/v1/operator/suspensions", suspend)
	n.wantStatus(http.StatusOK, answer)
	n.approved()
	for name, tt := range map[string]struct {
		suspend api.Suspend
		want    hansa.Reason
	}{
		"nobody":       {api.Suspend{RequestID: "r-3", Participant: "nobody"}, hansa.NotFound},
		"role":         {api.Suspend{RequestID: "r-4", Participant: "nets", Role: "wallet"}, hansa.RoleMissing},
		"no name":      {api.Suspend{RequestID: "r-5", Participant: ""}, hansa.Malformed},
		"strange role": {api.Suspend{RequestID: "r-6", Participant: "nets", Role: "a b"}, hansa.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, answer := post[api.Suspension](n, "hansa", "/v1/operator/suspensions", tt.suspend)
			n.wantReason(tt.want, answer)
		})
	}
}

// TestRatesAreTheProvidersOwn: what it publishes is dealt at from then on.
func TestRatesAreTheProvidersOwn(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	rate, err := money.NewRate("EUR", "NOK", "11.60")
	if err != nil {
		t.Fatal(err)
	}
	publish := api.PublishRates{RequestID: "r-1", Rates: []api.StandingRate{
		{Rate: rate, PublishedAt: bigBang, NextPublication: bigBang.Add(24 * time.Hour)},
	}}
	_, answer := put[api.PublishedRates](n, "nets", "/v1/rates", publish)
	n.wantReason(hansa.RoleMissing, answer)
	published, answer := put[api.PublishedRates](n, sim.Provider, "/v1/rates", publish)
	n.wantStatus(http.StatusOK, answer)
	if published.Provider != sim.Provider || len(published.Rates) != 1 || published.Rates[0].Rate != rate {
		t.Errorf("published %+v", published)
	}
	found, _ := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: n.shown().Code})
	// 100.00 NOK at 11.60 less 50 basis points is 8.66 EUR.
	if found.Quote == nil || found.Quote.DebitAmount != money.New(8_66, "EUR") {
		t.Errorf("quote %+v", found.Quote)
	}
	publish.RequestID, publish.Rates[0].Spread = "r-2", 2001
	_, answer = put[api.PublishedRates](n, sim.Provider, "/v1/rates", publish)
	n.wantReason(hansa.OutOfRange, answer)
	body := []byte(`{"request_id":"r-3","rates":[{"rate":{"base":"EUR","quote":"NOK","value":11.6},"spread":0,"closed_spread":0,` +
		`"published_at":"2026-11-22T12:00:00Z","next_publication":"2026-11-23T12:00:00Z"}]}`)
	n.wantReason(hansa.Malformed, n.send(sim.Provider, request{method: http.MethodPut, path: "/v1/rates", body: body}))
}

// TestAWebhookIsSetAndReplayed, and tells how it goes.
func TestAWebhookIsSetAndReplayed(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	hook, answer := read[api.Webhook](n, "nets", "/v1/webhook")
	n.wantStatus(http.StatusOK, answer)
	if hook.URL != "" || hook.Failures != 0 || len(hook.Parked) != 0 {
		t.Errorf("webhook %+v", hook)
	}
	hook, answer = put[api.Webhook](n, "nets", "/v1/webhook", api.SetWebhook{RequestID: "r-1", URL: "https://nets.example/hansa"})
	n.wantStatus(http.StatusOK, answer)
	if hook.URL != "https://nets.example/hansa" {
		t.Errorf("webhook %+v", hook)
	}
	n.approved()
	events, _ := read[api.Page[api.Event]](n, "nets", "/v1/events")
	n.failedHooks(events.Items)
	hook, _ = read[api.Webhook](n, "nets", "/v1/webhook")
	if hook.Failures != 1 || hook.FailingSince == nil || hook.NextTryAt == nil || hook.Waiting != 1 || len(hook.Parked) != 1 {
		t.Errorf("webhook %+v", hook)
	}
	if len(hook.Parked) == 1 && (hook.Parked[0].Cursor != events.Items[1].Cursor || hook.Parked[0].Subject != events.Items[1].Payment.Reference) {
		t.Errorf("parked %+v", hook.Parked[0])
	}
	hook, answer = post[api.Webhook](n, "nets", "/v1/webhook/replay", api.ReplayEvents{RequestID: "r-2", After: events.Items[0].Cursor})
	n.wantStatus(http.StatusOK, answer)
	subscriptions, err := n.hub.Read().Subscriptions(context.Background())
	if err != nil || len(subscriptions) != 1 || writtenCursor(subscriptions[0].Next, -1) != events.Items[0].Cursor || hook.Failures != 0 {
		t.Errorf("subscriptions %+v, webhook %+v, %v", subscriptions, hook, err)
	}
	for name, address := range map[string]string{
		"no scheme": "nets.example/hansa", "another scheme": "ftp://nets.example/", "a user": "https://a:b@nets.example/",
		"a fragment": "https://nets.example/#a", "a line break": "https://nets.example/\n", "no host": "https:///x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, answer := put[api.Webhook](n, "nets", "/v1/webhook", api.SetWebhook{RequestID: n.nonce(), URL: address})
			n.wantReason(hansa.Malformed, answer)
		})
	}
}

func writtenCursor(c hub.Cursor, offset int) string {
	return api.Cursor{Partition: c.Partition, Height: c.Height, Index: c.Index + offset}.String()
}

// failedHooks records that the endpoint of nets fails, has refused the first
// event and refuses the second for more than thirty days.
func (n *network) failedHooks(events []api.Event) {
	n.t.Helper()
	var refused []hub.Delivery
	for i, event := range events[:2] {
		c, err := api.ParseCursor(event.Cursor)
		if err != nil {
			n.t.Fatal(err)
		}
		delivery := hub.Delivery{
			Participant: "nets", Place: hub.Cursor{Partition: c.Partition, Height: c.Height, Index: c.Index}, Subject: event.Payment.Reference,
		}
		if i == 1 {
			delivery.Since = bigBang.Add(-hub.HookKeep - time.Hour)
		}
		refused = append(refused, delivery)
	}
	operation := hub.HookDone{
		Subscription: hub.Subscription{Participant: "nets", Next: hub.Cursor{Height: 1}}, Failing: true, Refused: refused,
	}
	if _, err := n.do(context.Background(), hub.Request{Operation: operation}); err != nil {
		n.t.Fatal(err)
	}
}

func TestWhatNobodySigns(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	answer := n.send("", request{method: http.MethodGet, path: "/healthz", noSign: true})
	n.wantStatus(http.StatusOK, answer)
	answer = n.send("", request{method: http.MethodGet, path: "/openapi.json", noSign: true})
	n.wantStatus(http.StatusOK, answer)
	if string(answer.Body) != string(api.OpenAPI()) {
		t.Error("the document is another")
	}
}
