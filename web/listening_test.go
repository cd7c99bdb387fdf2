package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// TestPaymentsAreListedByPages: each once, in the order in which they began, and
// to each side its own.
func TestPaymentsAreListedByPages(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	var want []string
	for range 5 {
		n.pass(time.Second)
		want = append(want, n.approved().Reference)
	}
	n.pass(time.Second)
	n.answered(no)
	declined, _ := post[api.Payment](n, "nets", "/v1/payments", n.ask(n.code("vipps", "ola")))
	want = append(want, declined.Reference)
	var got []string
	path, pages := "/v1/payments?limit=2", 0
	for next := ""; ; pages++ {
		page, answer := read[api.Page[api.Payment]](n, "nets", path+next)
		n.wantStatus(http.StatusOK, answer)
		for _, p := range page.Items {
			got = append(got, p.Reference)
		}
		if page.Next == "" {
			break
		}
		next = "&after=" + page.Next
	}
	if strings.Join(got, " ") != strings.Join(want, " ") || pages != 3 {
		t.Errorf("want %v\ngot %v on %d pages", want, got, pages)
	}
	for query, want := range map[string]int{
		"?status=approved": 5, "?status=declined": 1, "?status=pending": 0, "?store=bergen-cafe": 6, "?store=oslo-sport": 0,
	} {
		page, answer := read[api.Page[api.Payment]](n, "nets", "/v1/payments"+query)
		n.wantStatus(http.StatusOK, answer)
		if len(page.Items) != want {
			t.Errorf("%s: %d payments", query, len(page.Items))
		}
	}
	mine, _ := read[api.Page[api.Payment]](n, "vipps", "/v1/payments?as=wallet")
	acquired, _ := read[api.Page[api.Payment]](n, "vipps", "/v1/payments")
	foreign, _ := read[api.Page[api.Payment]](n, "momo", "/v1/payments")
	if len(mine.Items) != 6 || mine.Items[0].Payer != "" || len(acquired.Items) != 0 || len(foreign.Items) != 0 {
		t.Errorf("the wallet sees %d, the acquirer %d, a stranger %d", len(mine.Items), len(acquired.Items), len(foreign.Items))
	}
	_, answer := read[api.Page[api.Payment]](n, "hanseatic", "/v1/payments")
	n.wantReason(hansa.RoleMissing, answer)
}

// TestEventsAreHeardInOrder: each side its own, by pages, from where it stopped.
func TestEventsAreHeardInOrder(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.approved()
	_, answer := post[api.Movement](n, "nets", "/v1/payments/"+p.Reference+"/refunds", api.MoveMoney{RequestID: n.nonce(), Amount: nok(1_00)})
	n.wantStatus(http.StatusCreated, answer)
	order := n.shown()
	hear := func(participant, query string) ([]string, api.Page[api.Event]) {
		t.Helper()
		page, answer := read[api.Page[api.Event]](n, participant, "/v1/events"+query)
		n.wantStatus(http.StatusOK, answer)
		var types []string
		for _, event := range page.Items {
			types = append(types, event.Type)
		}
		return types, page
	}
	types, page := hear("nets", "")
	if want := "payment.pending payment.approved refund.pending refund.succeeded order.open"; strings.Join(types, " ") != want {
		t.Errorf("want %s\ngot %v", want, types)
	}
	for i, event := range page.Items[:4] {
		if event.Sequence != int64(i+1) || event.Payment.Reference != p.Reference || event.Payment.Payer != p.Payer {
			t.Errorf("event %d: %+v", i, event)
		}
	}
	if page.Items[3].Movement.Status != "succeeded" || page.Items[4].Order != order.Order || page.Next != "" {
		t.Errorf("events %+v", page)
	}
	types, theirs := hear("vipps", "")
	if strings.Join(types, " ") != "payment.pending payment.approved refund.pending refund.succeeded" || theirs.Items[0].Payment.Payer != "" {
		t.Errorf("the wallet hears %+v", theirs)
	}
	types, _ = hear("nets", "?after="+page.Items[1].Cursor)
	if strings.Join(types, " ") != "refund.pending refund.succeeded order.open" {
		t.Errorf("after the second: %v", types)
	}
	types, first := hear("nets", "?limit=2")
	if strings.Join(types, " ") != "payment.pending payment.approved" || first.Next != page.Items[1].Cursor {
		t.Errorf("first page: %v %s", types, first.Next)
	}
	types, last := hear("nets", "?limit=3&after="+first.Next)
	if len(types) != 3 || last.Next != "" {
		t.Errorf("last page: %v %s", types, last.Next)
	}
	if types, _ = hear("momo", ""); len(types) != 0 {
		t.Errorf("a stranger hears %v", types)
	}
}

// TestATillWaitsForTheOutcome: for six seconds at most, and not a moment longer
// than it takes.
func TestATillWaitsForTheOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		started := time.Now()
		p, answer := post[api.Payment](n, "nets", "/v1/payments", n.ask(n.code("vipps", "ola")))
		n.wantStatus(http.StatusCreated, answer)
		if waited := time.Since(started); p.Status != "pending" || p.PendingReason != "asking_wallet" || waited != 6*time.Second {
			t.Errorf("after %s: %+v", waited, p)
		}
		started = time.Now()
		go func() {
			time.Sleep(9 * time.Second)
			n.answered(yes)
		}()
		p, answer = read[api.Payment](n, "nets", "/v1/payments/"+p.Reference+"?wait=20")
		n.wantStatus(http.StatusOK, answer)
		if waited := time.Since(started); p.Status != "approved" || waited != 9*time.Second {
			t.Errorf("after %s: %+v", waited, p)
		}
	})
}

// TestATillWaitsForItsOrder: until it is paid.
func TestATillWaitsForItsOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		order := n.shown()
		started := time.Now()
		go func() {
			time.Sleep(3 * time.Second)
			found, _ := post[api.Resolution](n, "epassi", "/v1/resolve", api.Resolve{RequestID: n.nonce(), Code: order.Code})
			accepted, _ := n.accepted("epassi", *found.Quote)
			_, _ = post[api.OutcomeHeard](n, "epassi", "/v1/payments/"+accepted.Payment.Reference+"/outcome", told(accepted.Payment))
		}()
		paid, answer := read[api.Order](n, "nets", "/v1/orders/"+order.Order+"?wait=20")
		n.wantStatus(http.StatusOK, answer)
		if waited := time.Since(started); paid.Status != "paid" || waited != 3*time.Second {
			t.Errorf("after %s: %+v", waited, paid)
		}
		unpaid := n.shown()
		started = time.Now()
		unpaid, _ = read[api.Order](n, "nets", "/v1/orders/"+unpaid.Order+"?wait=1")
		if waited := time.Since(started); unpaid.Status != "open" || waited != time.Second {
			t.Errorf("after %s: %+v", waited, unpaid)
		}
	})
}

// A served event is one of a stream.
type served struct{ id, kind, data string }

// servedIn reads the events of a stream's body, and skips what keeps it alive.
func servedIn(body []byte) (events []served) {
	var event served
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			event.id = value
		case "event":
			event.kind = value
		case "data":
			event.data = value
		case "":
			if event != (served{}) {
				events = append(events, event)
			}
			event = served{}
		}
	}
	return events
}

// TestAPaymentIsStreamed until its outcome.
func TestAPaymentIsStreamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		p := n.pending()
		go func() {
			time.Sleep(40 * time.Second)
			n.answered(yes)
		}()
		answer := n.send("nets", request{method: http.MethodGet, path: "/v1/payments/" + p.Reference + "/events"})
		n.wantStatus(http.StatusOK, answer)
		events := servedIn(answer.Body)
		var first, last api.Payment
		if len(events) != 2 || json.Unmarshal([]byte(events[0].data), &first) != nil || json.Unmarshal([]byte(events[1].data), &last) != nil {
			t.Fatalf("stream %s", answer.Body)
		}
		if events[0].kind != "payment" || first.Status != "pending" || last.Status != "approved" {
			t.Errorf("stream %s", answer.Body)
		}
		if strings.Count(string(answer.Body), ": still here\n") != 2 {
			t.Errorf("a stream of 40 seconds: %q", answer.Body)
		}
	})
}

// TestTheJournalIsStreamed from where the listener stopped, to each its own.
func TestTheJournalIsStreamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		before := n.approved()
		events, _ := read[api.Page[api.Event]](n, "nets", "/v1/events")
		var second api.Payment
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(5 * time.Second)
			second = n.approved()
			time.Sleep(time.Second)
			cancel()
		}()
		answer := n.sendIn(ctx, "nets", request{method: http.MethodGet, path: "/v1/events", edit: func(r *http.Request) {
			r.Header.Set("Accept", "text/event-stream")
			r.Header.Set("Last-Event-ID", events.Items[0].Cursor)
		}})
		n.wantStatus(http.StatusOK, answer)
		var heard []string
		for _, one := range servedIn(answer.Body) {
			var event api.Event
			if err := json.Unmarshal([]byte(one.data), &event); err != nil || one.id != event.Cursor || one.kind != event.Type {
				t.Errorf("event %+v: %v", one, err)
			}
			heard = append(heard, event.Type+" "+event.Payment.Reference)
		}
		want := []string{"payment.approved " + before.Reference, "payment.pending " + second.Reference, "payment.approved " + second.Reference}
		if strings.Join(heard, "\n") != strings.Join(want, "\n") {
			t.Errorf("want %v\ngot %v", want, heard)
		}
	})
}
