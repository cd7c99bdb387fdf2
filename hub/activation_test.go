package hub_test

import (
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/sim"
)

// TestAWalletThatIsActivatedPaysOldStickers lets a wallet go live at noon: a second
// before, yesterday's sticker is nothing to it, a second after it pays, and nothing has
// changed at the merchant.
func TestAWalletThatIsActivatedPaysOldStickers(t *testing.T) {
	t.Parallel()
	noon := bigBang.AddDate(0, 0, 1)
	later := func(setup *sim.Setup) {
		for i, corridor := range setup.Listing.Corridors {
			if corridor.Wallet == "epassi" && corridor.Market == "NO" {
				setup.Listing.Corridors[i].From = noon
			}
		}
	}
	onBothWith(t, later, func(t *testing.T, n *network) {
		yesterday := n.must("nets", hub.IssueStoreCode{Store: cafe}).StoreCode
		sticker := hub.Scanned{StoreCode: yesterday.Code}
		n.now = noon.Add(-time.Second)
		n.mustNot(hansa.MarketNotActive, "epassi", hub.AskQuote{Scanned: sticker, Amount: nok(100_00)})
		n.now = noon.Add(time.Second)
		priced := n.must("epassi", hub.AskQuote{Scanned: sticker, Amount: nok(100_00)})
		p := n.must("epassi", accept("pekka", priced)).Payment
		n.must("epassi", told(p))
		n.wantStatus(p.ID, "approved", "", 0)
		kept, err := n.hub.Read().StoreCode(t.Context(), yesterday.Code)
		if err != nil || kept != yesterday {
			t.Errorf("the sticker was %+v and is %+v, %v", yesterday, kept, err)
		}
	})
}
