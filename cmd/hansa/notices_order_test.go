package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
)

// A stubborn endpoint of a sales unit takes nothing that is called refuses, and remembers
// the names of what it has taken.
type stubborn struct {
	mutex   sync.Mutex
	refuses string
	refused int
	taken   []string
}

func (s *stubborn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var said struct{ Name string }
	err := json.NewDecoder(r.Body).Decode(&said)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err != nil || said.Name == s.refuses {
		s.refused++
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	s.taken = append(s.taken, said.Name)
}

func (s *stubborn) tries() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.refused
}

func (s *stubborn) relent() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.refuses = ""
}

func (s *stubborn) took() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.taken)
}

// hears lets all sales units of Vipps tell an endpoint of everything that happens to
// their payments.
func (n *network) hears(t *testing.T, address string) {
	t.Helper()
	listing, err := n.read().Listing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hook := member.Hook{ID: "all", URL: address, Secret: "secret"}
	for _, name := range []string{"created", "authorized", "captured", "refunded"} {
		hook.Events = append(hook.Events, "epayments.payment."+name+".v1")
	}
	var what hub.Enrol
	for _, client := range listing.Clients {
		if client.Dialect == vipps.Name {
			client.Hooks = []member.Hook{hook}
			what.Listing.Clients = append(what.Listing.Clients, client)
		}
	}
	n.enrol(what)
	if err := n.node.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestASaleIsToldInItsOrder: what happens to a payment waits as long as its order was not
// heard of, though they are two subjects of the journal.
func TestASaleIsToldInItsOrder(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	endpoint := &stubborn{refuses: "CREATED"}
	server := httptest.NewServer(endpoint)
	t.Cleanup(server.Close)
	n.hears(t, server.URL)
	till := tillOf{network: n, store: "bergen-cafe", acquirer: "vipps", price: amount("100.00 NOK"), part: amount("40.00 NOK")}
	order := till.order(t, fresh("bill"))
	until(t, "the endpoint refuses to hear of the order", func() bool { return endpoint.tries() > 0 })
	paid, err := n.payer("epassi", sim.AcceptsAlways).pay(order.Code, "")
	if err != nil || paid.Status != "approved" {
		t.Fatal(paid, err)
	}
	till.showOrder(t, order.Order, "?wait=5") // The till sees it paid and captures.
	until(t, "it is captured", func() bool { return len(n.postings(paid.Reference)) > 0 })
	var made api.Movement
	if err := till.box.post(t.Context(), till.path("/payments/"+paid.Reference+"/refunds"), map[string]any{"amount": till.part}, &made); err != nil {
		t.Fatal(err)
	}
	until(t, "the refund waits or was told", func() bool {
		waiting, err := n.read().Deliveries(t.Context(), clientsListen, false)
		return err != nil || len(waiting) >= 5 || slices.Contains(endpoint.took(), "REFUNDED")
	})
	endpoint.relent()
	until(t, "the refund is told", func() bool {
		n.clock.pass(time.Second) // What was not taken waits, and longer each time.
		return slices.Contains(endpoint.took(), "REFUNDED") && slices.Contains(endpoint.took(), "CREATED")
	})
	if diff := cmp.Diff([]string{"CREATED", "AUTHORIZED", "CAPTURED", "REFUNDED"}, endpoint.took()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
