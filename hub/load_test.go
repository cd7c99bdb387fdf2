package hub_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// manyStores are as many points of sale as the Nordic network had, each with a
// till and a sticker.
const manyStores = 190_000

func registryOf(count int) store.Registry {
	var r store.Registry
	for i := range count {
		id := fmt.Sprintf("shop-%06d", i)
		if i%10 == 0 {
			r.Merchants = append(r.Merchants, merchant.Merchant{ID: fmt.Sprintf("chain-%06d", i/10), Name: "Kjede", Country: "NO"})
		}
		r.Stores = append(r.Stores, merchant.Store{
			ID: id, Merchant: fmt.Sprintf("chain-%06d", i/10), Name: "Butikk", City: "Oslo", Country: "NO", Category: "5411", Currency: "NOK",
			Contracts: []merchant.Contract{{Acquirer: "nets", Branch: "nets.no", From: sim.Since()}},
		})
		r.Terminals = append(r.Terminals, merchant.Terminal{ID: id + "-till", Store: id, Acquirer: "nets"})
		r.Codes = append(r.Codes, merchant.IssuedCode{Code: fmt.Sprintf("01%010d", 1_000_000+i), Store: id, Acquirer: "nets", IssuedAt: bigBang})
	}
	return r
}

// TestManyStoresAreEnrolledAtOnce, and each of them is found.
func TestManyStoresAreEnrolledAtOnce(t *testing.T) {
	t.Parallel()
	const count = 5_000
	registry := registryOf(count)
	onBoth(t, func(t *testing.T, n *network) {
		if result := n.enrol(hub.Enrol{Registry: registry}); result.Refusal != nil {
			t.Fatal(result.Refusal)
		}
		for _, i := range []int{0, count / 2, count - 1} {
			shop := registry.Stores[i]
			result := n.must("vipps", hub.Resolve{Scanned: hub.Scanned{StoreCode: registry.Codes[i].Code}})
			if result.Store.ID != shop.ID {
				t.Errorf("sticker of %s leads to %s", shop.ID, result.Store.ID)
			}
			ask := n.scan("vipps", n.code("vipps", "ola"), nok(1_00))
			ask.Store, ask.Terminal = shop.ID, registry.Terminals[i].ID
			n.must("nets", ask)
		}
		if code := n.must("nets", hub.IssueStoreCode{Store: "shop-000000"}).StoreCode.Code; code != fmt.Sprintf("01%010d", 1_000_000+count) {
			t.Errorf("issued %s", code)
		}
		n.calls = nil
	})
}

// BenchmarkEnrol enters all points of sale in one step, and then again.
func BenchmarkEnrol(b *testing.B) {
	registry := registryOf(manyStores)
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "hansa.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	h := hub.New(s, secret)
	for b.Loop() {
		if _, err := h.Step(b.Context(), bigBang, []hub.Request{{Operation: hub.Enrol{Registry: registry}}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(manyStores*float64(b.N)/b.Elapsed().Seconds(), "stores/s")
}

// BenchmarkPay takes payments of flow A from the code to the money, as many in a
// batch as wait while one is on its way to disk.
func BenchmarkPay(b *testing.B) {
	for _, size := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("%d at a time", size), func(b *testing.B) {
			n := network{dsn: filepath.Join(b.TempDir(), "hansa.db"), now: bigBang}
			s, err := store.Open(b.Context(), n.dsn)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if err := s.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			n.hub = hub.New(s, secret)
			world := sim.World()
			step := func(requests ...hub.Request) {
				if _, err := n.try(requests...); err != nil {
					b.Fatal(err)
				}
			}
			step(hub.Request{Operation: hub.Enrol{Listing: world.Listing, Registry: world.Registry, Ranges: world.Ranges}})
			for b.Loop() {
				var fetches, asks, answers []hub.Request
				for range size {
					code := n.drawn("epassi")
					fetches = append(fetches, n.signed("epassi", hub.FetchCodes{Payer: code, Codes: []string{code}}))
					asks = append(asks, n.signed("nets", n.scan("epassi", code, nok(100_00))))
				}
				step(fetches...)
				step(asks...)
				for _, call := range n.taken() {
					answers = append(answers, hub.Request{Operation: hub.Answered{Call: call, Event: yes(call)}})
				}
				step(answers...)
				n.pass(time.Second)
			}
			b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "payments/s")
		})
	}
}
