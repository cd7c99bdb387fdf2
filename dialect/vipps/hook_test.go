package vipps_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/api/apitest"
	"github.com/hansa-network/hansa/dialect/vipps"
)

const webhooks = "/webhooks/v1/webhooks"

// TestOfficialSignature signs the notice that Vipps MobilePay publishes as a vector.
func TestOfficialSignature(t *testing.T) {
	t.Parallel()
	message := api.Message{
		Method: http.MethodPost, URL: "https://webhook.site/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63", Header: http.Header{},
		Body: []byte(`{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}`),
	}
	const secret = "A0+AeKBRG2KRGvnNwJpQlb6IJFk48CKXCIcrLoHncVJKDILsQSxS6NWCccwWm6r6FhGKhiHTBsG2wo/xU6FY/A=="
	if err := vipps.SignNotice(message, secret, time.Date(2023, 3, 30, 8, 38, 32, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	const signature = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=agAiSyogQbDHpeucoNwYz+yAr5nJ+v+zasdkSbqzv+U="
	want := map[string]string{
		"x-ms-date":             "Thu, 30 Mar 2023 08:38:32 GMT",
		"x-ms-content-sha256":   "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=",
		"Authorization":         signature,
		"X-Vipps-Authorization": signature,
	}
	for name, value := range want {
		if got := message.Header.Get(name); got != value {
			t.Errorf("%s: want %s, got %s", name, value, got)
		}
	}
}

// TestNotices shows what a webhook hears of every change that the journal tells.
func TestNotices(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.create("an-order")
	s.push("a-push-1", `"personalQr":"28012345678901234567"`)
	s.client.Hooks = []api.Hook{
		{ID: "all", URL: "https://example.com/all?x=1", Secret: "s1", Events: allEvents()},
		{ID: "some", URL: "https://example.com/some", Secret: "s2", Events: []string{"epayments.payment.captured.v1"}},
	}
	moved := func(kind, status string) *api.Movement {
		return &api.Movement{Movement: "mov_1", Kind: kind, Status: status, OrderAmount: s.counter.Sales["an-order"].Order.Amount, CreatedAt: noon}
	}
	var told strings.Builder
	for _, c := range []struct {
		sale, becomes, kind string
		later               bool // than the sale was made
		movement            *api.Movement
	}{
		{"an-order", "", "order.open", false, nil},
		{"an-order", "", "order.open", true, nil},
		{"an-order", "", "order.held", true, nil},
		{"an-order", "pending", "payment.pending", true, nil},
		{"an-order", "declined", "payment.declined", true, nil},
		{"an-order", "approved", "payment.approved", true, nil},
		{"an-order", "", "order.paid", true, nil},
		{"an-order", "", "capture.made", true, moved("capture", "succeeded")},
		{"an-order", "", "capture.released", true, moved("release", "succeeded")},
		{"an-order", "", "refund.pending", true, moved("refund", "pending")},
		{"an-order", "", "refund.succeeded", true, moved("refund", "succeeded")},
		{"an-order", "", "refund.failed", true, moved("refund", "failed")},
		{"a-push-1", "pending", "payment.pending", false, nil},
		{"a-push-1", "declined", "payment.declined", true, nil},
		{"a-push-1", "expired", "payment.expired", true, nil},
		{"a-push-1", "cancelled", "payment.cancelled", true, nil},
	} {
		if c.becomes != "" {
			s.counter.Pay(c.sale, c.becomes)
		}
		notice := api.Notice{ID: "n", Client: s.client, Sale: *s.counter.Sales[c.sale], Kind: c.kind, At: noon, Now: noon.Add(time.Minute), Movement: c.movement}
		if c.later {
			notice.At = noon.Add(5 * time.Second)
		}
		messages, err := s.dialect.Notices(notice)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&told, "%s %s, later %t: %d\n", c.sale, c.kind, c.later, len(messages))
		for _, message := range messages {
			fmt.Fprintf(&told, "  %s %s\n", message.URL, message.Body)
		}
	}
	apitest.Golden(t, "notices.golden", told.String())
}

func allEvents() []string {
	events := []string{"user.checked-in.v1"}
	for _, name := range []string{"created", "aborted", "expired", "cancelled", "captured", "refunded", "authorized", "terminated"} {
		events = append(events, "epayments.payment."+name+".v1")
	}
	return events
}

// TestEndsOfOrders shows what a webhook hears of an order that nobody has paid.
func TestEndsOfOrders(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"order.expired": `"name":"EXPIRED"`, "order.closed": `"name":"TERMINATED"`} {
		s := newShop(t)
		s.client.Hooks = []api.Hook{{ID: "all", URL: "https://example.com/all", Secret: "s1", Events: allEvents()}}
		s.create("an-order")
		s.counter.Sales["an-order"].Order.Status = strings.TrimPrefix(kind, "order.")
		messages, err := s.dialect.Notices(api.Notice{Client: s.client, Sale: *s.counter.Sales["an-order"], Kind: kind, At: noon, Now: noon})
		if err != nil || len(messages) != 1 || !strings.Contains(string(messages[0].Body), want) {
			t.Errorf("%s: want %s, got %v %v", kind, want, messages, err)
		}
	}
}

// TestCheckIns shows a payer who scans a callback code and hands over a payment code: the
// merchant hears of it and asks that code for money.
func TestCheckIns(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.client.Hooks = []api.Hook{{ID: "all", URL: "https://example.com/all", Secret: "s1", Events: allEvents()}}
	s.send(http.MethodPut, "/qr/v1/merchant-callback/till-1", "", `{"locationDescription":"Kasse <1>"}`)
	const page = origin + "/qr/to/123456/callback/till-1"
	if got := s.scan(page); got.Status != http.StatusOK || !strings.Contains(string(got.Body), "<h1>Check in · Kasse &lt;1&gt;</h1>") {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	if got := s.checkIn(page, "code=+289010897274821897274821+"); got.Status != http.StatusOK || strings.Contains(string(got.Body), "<form") {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	want := []string{
		`{"customerToken":"289010897274821897274821","merchantQrId":"till-1","merchantSerialNumber":"123456","initiatedAt":"2026-07-01T12:00:00Z"}`,
	}
	if diff := cmp.Diff(want, s.told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if got := s.push("reference-1", `"customerToken":"289010897274821897274821"`); got.Status != http.StatusCreated {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	for form, want := range map[string]int{"": http.StatusBadRequest, "code=1234": http.StatusBadRequest, "code=%zz": http.StatusBadRequest} {
		if got := s.checkIn(page, form); got.Status != want {
			t.Errorf("%q: want %d, got %d", form, want, got.Status)
		}
	}
	if got := s.checkIn(origin+"/qr/to/123456/callback/till-2", "code=12345"); got.Status != http.StatusNotFound {
		t.Errorf("another code: %d", got.Status)
	}
	if got := s.checkIn(origin+"/qr/to/123456/redirect/till-1", "code=12345"); got.Status != http.StatusMethodNotAllowed {
		t.Errorf("a code that leads: %d", got.Status)
	}
	s.client.Hooks = nil
	if got := s.checkIn(page, "code=12345"); got.Status != http.StatusConflict {
		t.Errorf("nobody listens: %d", got.Status)
	}
	for range 30 {
		s.checkIn(page, "code=12345")
	}
	if got := s.checkIn(page, "code=12345"); got.Status != http.StatusTooManyRequests {
		t.Errorf("too many: %d", got.Status)
	}
}

// checkIn sends the form of a check-in without credentials.
func (s *shop) checkIn(address, form string) api.Answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, address, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.ask(r, form)
}

// TestAcknowledgements shows which answers end the tries of a notice.
func TestAcknowledgements(t *testing.T) {
	t.Parallel()
	d := vipps.New([32]byte{})
	for status, want := range map[int]bool{199: false, 200: true, 204: true, 299: true, 301: false, 404: false, 500: false} {
		if got := d.Acknowledged(api.Message{}, api.Answer{Status: status}); got != want {
			t.Errorf("%d: want %t", status, want)
		}
	}
}

// TestWebhooks registers, repeats, lists and deletes.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	register := func(key, url, events string) api.Answer {
		return s.send(http.MethodPost, webhooks, key, `{"url":"`+url+`","events":[`+events+`]}`)
	}
	const captured = `"epayments.payment.captured.v1"`
	first := register("k1", "https://example.com/1", captured)
	again := register("k1", "https://example.com/1", captured)
	if diff := cmp.Diff(written(first), written(again)); diff != "" || first.Status != http.StatusCreated || len(s.client.Hooks) != 1 {
		t.Errorf("repeated (-first +again):\n%s", diff)
	}
	if got, want := codeOf(t, register("k1", "https://example.com/2", captured)), "409 4020"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	for i := range 4 {
		if got := register("", "https://example.com/more", captured+`,"user.checked-in.v1"`); got.Status != http.StatusCreated {
			t.Errorf("webhook %d: %d %s", i+2, got.Status, got.Body)
		}
	}
	for name, c := range map[string]struct{ url, events, want string }{
		"a sixth for an event": {"https://example.com/6", captured, "400 events"},
		"no events":            {"https://example.com/6", "", "400 events"},
		"no such event":        {"https://example.com/6", `"epayments.payment.captured.v2"`, "400 events"},
		"no url":               {"", captured, "400 url"},
		"not https":            {"http://example.com", captured, "400 url"},
		"a user":               {"https://a:b@example.com", captured, "400 url"},
		"a fragment":           {"https://example.com/#a", captured, "400 url"},
		"a long url":           {"https://example.com/" + strings.Repeat("a", 512), captured, "400 url"},
	} {
		if got := codeOf(t, register("", c.url, c.events)); got != c.want {
			t.Errorf("%s: want %s, got %s", name, c.want, got)
		}
	}
	if got := register("", "https://example.com/6", `"epayments.payment.created.v1"`); got.Status != http.StatusCreated {
		t.Errorf("another event: %d %s", got.Status, got.Body)
	}
	var list struct {
		Webhooks []struct {
			ID, URL string
			Events  []string
		}
	}
	answer := s.send(http.MethodGet, webhooks, "", "")
	decode(t, answer, &list)
	if len(list.Webhooks) != 6 || strings.Contains(string(answer.Body), "secret") {
		t.Errorf("got %s", answer.Body)
	}
	for _, want := range []int{http.StatusNoContent, http.StatusNotFound} {
		if got := s.send(http.MethodDelete, webhooks+"/"+list.Webhooks[0].ID, "", ""); got.Status != want {
			t.Errorf("delete: want %d, got %d", want, got.Status)
		}
	}
}
