package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/nexi"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
)

// provided are shops of two principals, whose credentials Bluecode holds. They speak Nexi.
var provided = map[string]string{"momo": "barcelona-books", "pagaqui": "lisbon-tickets"}

func secretOf(principal string) string { return strings.Repeat(principal, 8) }

// enrolProvided enters those shops as clients.
func (n *network) enrolProvided() {
	n.t.Helper()
	var what hub.Enrol
	for principal, store := range provided {
		shop, err := n.read().Store(n.t.Context(), store)
		if err != nil {
			n.t.Fatal(err)
		}
		what.Listing.Clients = append(what.Listing.Clients, member.Client{
			Dialect: nexi.Name, ID: nexi.ClientID(secretOf(principal)), Participant: principal, Provider: "bluecode",
			Merchant: shop.Merchant, Store: store, Terminal: sim.Terminal(store, principal),
			Secrets: map[string]string{nexi.SecretKey: hashOf(secretOf(principal))},
		})
	}
	n.enrol(what)
}

// asks makes a request of the shop of a principal, and returns the status and body.
func (s *standing) asks(method, path, principal, body string) (int, string) {
	r := httptest.NewRequest(method, s.url+path, strings.NewReader(body))
	r.Header.Set("Authorization", secretOf(principal))
	r.Header.Set("Content-Type", api.MediaJSON)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// begins asks for a payment of 10.00 EUR, and returns the link to its page if there is one.
func (s *standing) begins(t *testing.T, principal string) (status int, id, page string) {
	t.Helper()
	status, body := s.asks(http.MethodPost, "/v1/payments", principal, `{"order":{"items":[{"grossTotalAmount":1000}],"amount":1000,"currency":"EUR","reference":"`+
		fresh("bill")+`"},"checkout":{"integrationType":"HostedPaymentPage","returnUrl":"https://shop.example/","charge":false}}`)
	var made struct{ PaymentID, HostedPaymentPageURL string }
	if err := json.Unmarshal([]byte(body), &made); err != nil {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	return status, made.PaymentID, made.HostedPaymentPageURL
}

// authoritySuspendedAtOneNode stops what Bluecode begins for MOMO, and nothing else: not
// what it begins for Pagaqui, nor what MOMO begins itself, nor what was begun before.
func authoritySuspendedAtOneNode(t *testing.T, p *pair) {
	t.Helper()
	p.enrolProvided()
	here, there := p.at(0).as("momo"), p.nodes[1]
	until(t, "the shops are known at the other node", func() bool {
		status, _ := there.asks(http.MethodGet, "/v1/paymentmethods", "momo", "")
		return status == http.StatusOK
	})
	authorise := func(suspended bool) {
		err := here.call(http.MethodPut, "/authorities/bluecode", api.Authorise{RequestID: fresh("req"), Suspended: suspended}, &api.Authority{})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		status, id, page := there.begins(t, "momo")
		if status != http.StatusCreated {
			t.Fatalf("with authority: %d", status)
		}
		authorise(true)
		for principal, want := range map[string]int{"momo": http.StatusForbidden, "pagaqui": http.StatusCreated} {
			if status, _, _ := there.begins(t, principal); status != want {
				t.Errorf("for %s without authority of MOMO: want %d, got %d", principal, want, status)
			}
		}
		if _, err := p.at(1).as("momo").order("barcelona-books", fresh("bill"), "10.00 EUR"); err != nil {
			t.Errorf("MOMO itself: %v", err)
		}
		p.paysAt(t, there, id, page)
		authorise(false)
		until(t, "authority counts again", func() bool { status, _, _ := there.begins(t, "momo"); return status == http.StatusCreated })
	}
}

// paysAt lets a visitor pay what was begun before, and the shop charge it.
func (p *pair) paysAt(t *testing.T, there *standing, id, page string) {
	t.Helper()
	wallet := p.at(1).as("epassi")
	at := strings.Index(page, "/checkout/")
	quote, err := wallet.quote(there.url + page[max(at, 0):])
	if err != nil {
		t.Fatal(err)
	}
	var accepted api.Accepted
	err = wallet.post("/accepts", api.Accept{
		RequestID: fresh("req"), Quote: quote.Quote, Payer: p.payer("epassi", sim.AcceptsAlways).id,
		OrderAmount: quote.OrderAmount, DebitAmount: quote.DebitAmount, Payee: quote.Payee.Store,
	}, &accepted)
	if err != nil {
		t.Fatal(err)
	}
	paid := accepted.Payment
	err = wallet.post("/payments/"+paid.Reference+"/outcome", api.TellOutcome{
		Status: api.AnswerPaid, OrderAmount: paid.OrderAmount, DebitAmount: paid.DebitAmount, Payee: paid.Store,
	}, &api.OutcomeHeard{})
	if err != nil {
		t.Fatal(err)
	}
	if status, body := there.asks(http.MethodPost, "/v1/payments/"+id+"/charges", "momo", `{"amount":1000}`); status != http.StatusCreated {
		t.Errorf("what was begun is not charged: %d %s", status, body)
	}
}

// roleSuspendedAtOneNode stops Vipps as a wallet, which still acquires, and the reverse.
func roleSuspendedAtOneNode(t *testing.T, p *pair) {
	t.Helper()
	there := p.at(1)
	suspend := func(role member.Role, suspended bool) {
		err := p.at(0).as(sim.Operator).post("/operator/suspensions", api.Suspend{
			RequestID: fresh("req"), Participant: "vipps", Role: string(role), Suspended: suspended,
		}, &api.Suspension{})
		if err != nil {
			t.Fatal(err)
		}
	}
	acquires := func() error { _, err := there.as("vipps").order("bergen-cafe", fresh("bill"), fullPrice); return err }
	pays := func() error {
		return there.as("vipps").post("/payment-codes", api.FetchCodes{RequestID: fresh("req"), Payer: "ola", Count: 1}, &api.PaymentCodes{})
	}
	for range 3 {
		for role, stopped := range map[member.Role]struct{ yes, no func() error }{
			member.Wallet: {acquires, pays}, member.Acquirer: {pays, acquires},
		} {
			suspend(role, true)
			wantReason(t, hansa.Suspended, stopped.no())
			if err := stopped.yes(); err != nil {
				t.Errorf("suspended as %s: %v", role, err)
			}
			suspend(role, false)
			if err := stopped.no(); err != nil {
				t.Errorf("after the suspension as %s: %v", role, err)
			}
		}
	}
}
