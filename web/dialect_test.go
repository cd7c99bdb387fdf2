package web_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/web"
)

// plain is a protocol in which a function is the question.
type plain struct{ ask func(api.Question) }

func (plain) Owns(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/plain/") }

func (p plain) Answer(question api.Question) api.Answer {
	p.ask(question)
	return api.Answer{Status: http.StatusOK, Header: http.Header{"lower-case": {"kept"}}, Body: []byte("done")}
}

func (plain) Refuse(_ api.Question, why error) api.Answer {
	return api.Answer{Status: http.StatusTeapot, Body: []byte(why.Error())}
}

// clients are two merchants' systems of Nets, and one that Bluecode holds for Nets.
func clients() []member.Client {
	return []member.Client{
		{Dialect: "plain", ID: "cafe", Participant: "nets", Merchant: "bryggen", Store: "bergen-cafe", Terminal: "bergen-cafe-nets"},
		{Dialect: "plain", ID: "other", Participant: "nets"},
		{Dialect: "plain", ID: "provided", Participant: "nets", Provider: "bluecode"},
	}
}

// at lets a function speak at the counter as a client.
func (n *network) at(id string, speak func(counter api.Counter, client api.Client)) *httptest.ResponseRecorder {
	n.t.Helper()
	config := n.config()
	config.Dialects = []web.Spoken{{Name: "plain", Dialect: plain{func(question api.Question) {
		client, ok := question.Clients("plain", id)
		if !ok {
			n.t.Errorf("no client %s", id)
			return
		}
		speak(question.Serve(client), client)
	}}}}
	recorder := httptest.NewRecorder()
	web.New(config).ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, origin+"/plain/", nil))
	return recorder
}

func withClients(t *testing.T) *network {
	t.Helper()
	n := newNetwork(t)
	n.enrolClients()
	return n
}

func (n *network) enrolClients() {
	n.t.Helper()
	listing := hub.Enrol{}
	listing.Listing.Clients = clients()
	if _, err := n.do(n.t.Context(), hub.Request{Operation: listing}); err != nil {
		n.t.Fatal(err)
	}
}

func wantReason(t *testing.T, want hansa.Reason, err error) {
	t.Helper()
	if reason, _ := hansa.ReasonOf(err); reason != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// order is a wish of the café's system.
func orderWish(id string) api.MakeOrder {
	return api.MakeOrder{
		RequestID: id, Amount: money.New(100_00, "NOK"), Store: "bergen-cafe", Terminal: "bergen-cafe-nets", OrderReference: "bill " + id,
	}
}

// TestAMerchantIsNoWallet keeps the systems of merchants from speaking for payers, even if
// their acquirer is a wallet too.
func TestAMerchantIsNoWallet(t *testing.T) {
	t.Parallel()
	n := withClients(t)
	listing := hub.Enrol{}
	listing.Listing.Clients = []member.Client{{Dialect: "plain", ID: "kiosk", Participant: "vipps", Merchant: "bryggen", Store: "bergen-cafe"}}
	if _, err := n.do(t.Context(), hub.Request{Operation: listing}); err != nil {
		t.Fatal(err)
	}
	n.at("kiosk", func(counter api.Counter, _ api.Client) {
		_, err := counter.FetchCodes(api.FetchCodes{RequestID: "1", Payer: "u", Count: 1})
		wantReason(t, hansa.RoleMissing, err)
		_, err = counter.Announce(api.Announce{RequestID: "2", Code: "x", Payer: "u"})
		wantReason(t, hansa.RoleMissing, err)
		_, err = counter.TellOutcome("pay_x", api.TellOutcome{Status: api.AnswerPaid})
		wantReason(t, hansa.RoleMissing, err)
	})
}

func TestACounterServesAClient(t *testing.T) {
	t.Parallel()
	n := withClients(t)
	recorder := n.at("cafe", func(counter api.Counter, _ api.Client) {
		order, err := counter.MakeOrder(orderWish("øre 1"), []byte("memo"))
		if err != nil {
			t.Fatal(err)
		}
		sale, err := counter.Sale("øre 1")
		if err != nil || sale.Order.Order != order.Order || sale.RequestID != "øre 1" || string(sale.Memo) != "memo" || sale.Payment != nil {
			t.Errorf("%+v, %v", sale, err)
		}
		if err := counter.Remember("øre 1", []byte("changed")); err != nil {
			t.Error(err)
		}
		if sale, err = counter.SaleOf(order.Order); err != nil || string(sale.Memo) != "changed" {
			t.Errorf("%+v, %v", sale, err)
		}
		again, err := counter.MakeOrder(orderWish("øre 1"), []byte("memo"))
		if err != nil || again.Order != order.Order {
			t.Errorf("%+v, %v", again, err)
		}
		wantReason(t, hansa.AlreadyExists, counter.Forbid("øre 1"))
		if closed, err := counter.CancelOrder(order.Order, api.Change{RequestID: "c"}); err != nil || closed.Status != "closed" {
			t.Errorf("%+v, %v", closed, err)
		}
		if sale, err = counter.Wait("øre 1", time.Second); err != nil || sale.Order.Status != "closed" {
			t.Errorf("%+v, %v", sale, err)
		}
		if err := counter.Forbid("never"); err != nil {
			t.Error(err)
		}
		_, err = counter.MakeOrder(orderWish("never"), nil)
		wantReason(t, hansa.OrderNotOpen, err)
		if sale, err = counter.Sale("never"); err != nil || sale.Refused == nil || sale.Refused.Reason != hansa.OrderNotOpen {
			t.Errorf("%+v, %v", sale, err)
		}
		_, err = counter.Sale("unheard of")
		wantReason(t, hansa.NotFound, err)
		elsewhere := orderWish("elsewhere")
		elsewhere.Store, elsewhere.Terminal = "oslo-sport", "oslo-sport-nets"
		_, err = counter.MakeOrder(elsewhere, nil)
		wantReason(t, hansa.NotFound, err)
	})
	if recorder.Code != http.StatusOK || recorder.Body.String() != "done" || !slices.Contains(slices.Collect(maps.Keys(recorder.Header())), "lower-case") {
		t.Errorf("%d %s %v", recorder.Code, recorder.Body, recorder.Header())
	}
}

// TestACounterMovesMoney pays by a payer's code, refunds and looks at it.
func TestACounterMovesMoney(t *testing.T) {
	t.Parallel()
	n := withClients(t)
	n.wallet = yes
	code := n.code("vipps", "ola")
	var reference string
	n.at("cafe", func(counter api.Counter, client api.Client) {
		ask := api.AskPayment{
			RequestID: "1", Code: code, Amount: money.New(100_00, "NOK"), Store: client.Store, Terminal: client.Terminal, OrderReference: "1",
		}
		paid, err := counter.AskPayment(ask, nil)
		if err != nil {
			t.Fatal(err)
		}
		if paid.Status != "approved" || paid.Payer == "" {
			t.Errorf("%+v", paid)
		}
		reference = paid.Reference
		_, err = counter.Stop(reference, api.Change{RequestID: "stop"})
		wantReason(t, hansa.NotAllowedNow, err)
		move := api.MoveMoney{RequestID: "refund-1", Amount: money.New(40_00, "NOK")}
		refund, err := counter.Refund(reference, move)
		if err != nil {
			t.Fatal(err)
		}
		known, err := counter.Movement("refund-1")
		if err != nil || known.Movement != refund.Movement || known.Kind != "refund" || refund.Status != "succeeded" {
			t.Errorf("%+v, %v", known, err)
		}
		for _, of := range []string{reference, refund.Movement} {
			if sale, err := counter.SaleOf(of); err != nil || sale.RequestID != "1" || len(sale.Movements) != 1 {
				t.Errorf("%s: %+v, %v", of, sale, err)
			}
		}
		move.RequestID, move.Amount = "refund-2", money.New(60_01, "NOK")
		if _, err = counter.Refund(reference, move); err == nil {
			t.Error("more was refunded than was paid")
		}
	})
	n.at("other", func(counter api.Counter, _ api.Client) {
		_, err := counter.SaleOf(reference)
		wantReason(t, hansa.NotFound, err)
		_, err = counter.Refund(reference, api.MoveMoney{RequestID: "1", Amount: money.New(1, "NOK")})
		wantReason(t, hansa.NotFound, err)
		_, err = counter.Cancel(reference, api.Change{RequestID: "1"})
		wantReason(t, hansa.NotFound, err)
		_, err = counter.Sale("1")
		wantReason(t, hansa.NotFound, err)
	})
}

// TestAProviderActsWithAuthority gives a service provider authority, and takes it back.
func TestAProviderActsWithAuthority(t *testing.T) {
	t.Parallel()
	n := withClients(t)
	authorise := func(suspended bool) {
		request := hub.Request{Participant: "nets", Operation: hub.Authorise{Provider: "bluecode", Principal: "nets", Suspended: suspended}}
		if result, err := n.do(t.Context(), request); err != nil || result.Refusal != nil {
			t.Fatal(err, result.Refusal)
		}
	}
	try := func(id string, want hansa.Reason) {
		n.at("provided", func(counter api.Counter, _ api.Client) {
			_, err := counter.MakeOrder(orderWish(id), nil)
			wantReason(t, want, err)
		})
	}
	try("1", hansa.RoleMissing)
	authorise(false)
	try("2", "")
	authorise(true)
	try("3", hansa.Suspended)
	n.at("provided", func(counter api.Counter, _ api.Client) {
		sale, err := counter.Sale("2")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := counter.CancelOrder(sale.Order.Order, api.Change{RequestID: "c"}); err != nil {
			t.Errorf("what was begun is not finished: %v", err)
		}
	})
	n.at("cafe", func(counter api.Counter, _ api.Client) {
		if _, err := counter.MakeOrder(orderWish("own"), nil); err != nil {
			t.Errorf("the acquirer itself is stopped: %v", err)
		}
	})
	known, err := n.hub.Read().Request(t.Context(), hub.SaleKey("nets", "plain/provided", "2"))
	if err != nil || known.KeyID != "plain/provided@bluecode" || known.Key.Participant != "nets/plain/provided" {
		t.Errorf("it was asked by %+v, %v", known, err)
	}
}

func TestACounterKeepsDocumentsAndHooks(t *testing.T) {
	t.Parallel()
	n := withClients(t)
	n.at("cafe", func(counter api.Counter, _ api.Client) {
		for _, id := range []string{"b", "a", "c"} {
			if err := counter.PutDocument("qr", api.Document{ID: id, Body: []byte(id)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := counter.RemoveDocument("qr", "b"); err != nil {
			t.Error(err)
		}
		all, err := counter.Documents("qr")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]api.Document{{ID: "a", Body: []byte("a")}, {ID: "c", Body: []byte("c")}}, all); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		_, err = counter.Document("qr", "b")
		wantReason(t, hansa.NotFound, err)
		if err := counter.AddHook(api.Hook{ID: "1", URL: "https://cafe.example/"}); err != nil {
			t.Error(err)
		}
		wantReason(t, hansa.NotFound, counter.RemoveHook("2"))
		wantReason(t, hansa.MethodNotAllowed, counter.Approve("unheard of", ""))
	})
	n.at("cafe", func(_ api.Counter, client api.Client) {
		if len(client.Hooks) != 1 || client.Hooks[0].ID != "1" {
			t.Errorf("hooks %+v", client.Hooks)
		}
	})
}

func TestClientsAreCounted(t *testing.T) {
	t.Parallel()
	n := withClients(t)
	var allow func(api.Client, string, int) bool
	config := n.config()
	config.Dialects = []web.Spoken{{Name: "plain", Dialect: plain{func(question api.Question) { allow = question.Allow }}}}
	web.New(config).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, origin+"/plain/", nil))
	count := func(id string) (allowed int) {
		for range 5 {
			if allow(api.Client{Dialect: "plain", ID: id}, "capture", 3) {
				allowed++
			}
		}
		return allowed
	}
	for _, id := range []string{"cafe", "other"} {
		if got := count(id); got != 3 {
			t.Errorf("%s: %d of 5 allowed", id, got)
		}
	}
	n.pass(time.Minute)
	if got := count("cafe"); got != 3 {
		t.Errorf("a minute later: %d of 5 allowed", got)
	}
}
