package hub_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// till is the system of a café that speaks the protocol of Vipps.
var till = member.Client{Dialect: "vipps", ID: "123456", Participant: "nets", Merchant: "bryggen"}

func withTill(setup *sim.Setup) {
	other := till
	other.ID = "654321"
	setup.Listing.Clients = append(setup.Listing.Clients, till, other)
}

// ofClient is a request of a client of Nets.
func (n *network) ofClient(client, id string, operation hub.Operation, memo string) hub.Request {
	r := n.signed("nets", operation)
	r.Client, r.ID = client, id
	if memo != "" {
		r.Memo = []byte(memo)
	}
	return r
}

// TestClientsHaveRequestIDsOfTheirOwn lets two clients of one acquirer use one id.
func TestClientsHaveRequestIDsOfTheirOwn(t *testing.T) {
	t.Parallel()
	onBothWith(t, withTill, func(t *testing.T, n *network) {
		first := n.send(n.ofClient(till.Name(), "order-1", n.wish(nok(100)), "first")).Order
		second := n.send(n.ofClient("vipps/654321", "order-1", n.wish(nok(200)), "second")).Order
		if first.ID == "" || second.ID == "" || first.ID == second.ID {
			t.Fatalf("orders %q and %q", first.ID, second.ID)
		}
		kept, err := n.hub.Read().Request(t.Context(), hub.SaleKey("nets", till.Name(), "order-1"))
		if err != nil || kept.Subject != first.ID {
			t.Errorf("the first is %q, %v", kept.Subject, err)
		}
		memo, err := n.hub.Read().Memo(t.Context(), second.ID)
		if err != nil || string(memo.Text) != "second" || memo.Client != "vipps/654321" || memo.Request != "order-1" {
			t.Errorf("%+v, %v", memo, err)
		}
	})
}

// TestAForbiddenIDBeginsNothing forbids ids before and after they begin a sale.
func TestAForbiddenIDBeginsNothing(t *testing.T) {
	t.Parallel()
	onBothWith(t, withTill, func(t *testing.T, n *network) {
		for range 2 {
			n.wantReason(hansa.OrderNotOpen, n.send(n.ofClient(till.Name(), "order-1", hub.Forbid{}, "")))
		}
		n.wantReason(hansa.OrderNotOpen, n.send(n.ofClient(till.Name(), "order-1", n.wish(nok(100)), "late")))
		n.wantReason(hansa.OrderNotOpen, n.send(n.ofClient(till.Name(), "order-1", n.scan("vipps", n.code("vipps", "ola"), nok(100)), "late")))
		begun := n.ofClient(till.Name(), "order-2", n.wish(nok(100)), "in time")
		order := n.send(begun).Order
		n.wantReason(hansa.RequestIDReused, n.send(n.ofClient(till.Name(), "order-2", hub.Forbid{}, "")))
		if again := n.send(n.again(begun)); again.Order.ID != order.ID || !again.Replayed {
			t.Errorf("again it is %q, replayed %t", again.Order.ID, again.Replayed)
		}
	})
}

// TestAnOrderIsCapturedLater lets a wallet reserve what an order asks, and the till
// capture a part.
func TestAnOrderIsCapturedLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		wish := n.wish(nok(100_00))
		wish.CaptureLater = true
		order := n.must("nets", wish).Order
		p := n.must("epassi", n.quoted("epassi", "pekka", order)).Payment
		if !p.CaptureLater {
			t.Error("the payment is not to be captured later")
		}
		p = n.must("epassi", told(p)).Payment
		if p.State != payment.Authorised {
			t.Errorf("it is %s", p.State)
		}
		n.must("nets", hub.Capture{Payment: p.ID, Amount: nok(40_00)})
	})
}

// TestHooksOfAClient enters hooks, replaces and removes them.
func TestHooksOfAClient(t *testing.T) {
	t.Parallel()
	onBothWith(t, withTill, func(t *testing.T, n *network) {
		set := func(hook member.Hook) hub.Request {
			return n.ofClient(till.Name(), "", hub.SetHook{Hook: hook}, "")
		}
		one := member.Hook{ID: "1", URL: "https://one.example/", Secret: "s", Events: []string{"paid"}}
		moved := member.Hook{ID: "1", URL: "https://moved.example/"}
		two := member.Hook{ID: "2", URL: "https://two.example/"}
		n.step(set(one), set(two))
		n.step(set(moved))
		n.wantReason(hansa.NotFound, n.send(set(member.Hook{ID: "3"})))
		n.step(set(member.Hook{ID: "2"}))
		n.wantReason(hansa.NotFound, n.send(n.ofClient("vipps/1", "", hub.SetHook{Hook: one}, "")))
		listing, err := n.hub.Read().Listing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, client := range listing.Clients {
			want := []member.Hook(nil)
			if client.Name() == till.Name() {
				want = []member.Hook{moved}
			}
			if diff := cmp.Diff(want, client.Hooks); diff != "" {
				t.Errorf("%s (-want +got):\n%s", client.Name(), diff)
			}
		}
	})
}
