package hub_test

import (
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
)

// TestALookIsAnsweredAsInATurn, and leaves nothing behind.
func TestALookIsAnsweredAsInATurn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		codes := []hub.Scanned{
			{StoreCode: netsSticker},
			{StoreCode: "019999999999"},
			{StoreCode: ""},
			{Store: cafe, Acquirer: "nets"},
			{Store: "nowhere", Acquirer: "nets"},
			{Store: cafe, Acquirer: "nobody"},
		}
		wantSame := func(what string) {
			t.Helper()
			listing, err := n.store.Read().Listing(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			directory, _, err := hub.Index(listing)
			if err != nil {
				t.Fatal(err)
			}
			for _, code := range codes {
				for _, wallet := range []string{"vipps", "epassi", "nobody"} {
					want := n.step(n.signed(wallet, hub.Resolve{Scanned: code})).Results[0]
					before := n.head()
					store, err := n.hub.Look(t.Context(), directory, n.now, wallet, code)
					reason, _ := hansa.ReasonOf(err)
					wanted, _ := hansa.ReasonOf(want.Refusal)
					if reason != wanted || store.ID != want.Store.ID {
						t.Errorf("%s: %+v leads %s to %q, %v, and in a turn to %q, %v", what, code, wallet, store.ID, err, want.Store.ID, want.Refusal)
					}
					if after := n.head(); after != before {
						t.Errorf("%s: the head is %+v after %+v", what, after, before)
					}
				}
			}
		}
		wantSame("at first")
		n.must(sim.Operator, hub.Suspend{Participant: "vipps", Role: member.Wallet, Suspended: true})
		wantSame("with a wallet that is suspended")
		n.must("nets", hub.RevokeStoreCode{Code: netsSticker})
		wantSame("with a code that is revoked")
	})
}
