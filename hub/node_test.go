package hub_test

import (
	"context"
	"sync"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// TestNodesRace for one code, one order and a cap, at the same time and each
// with connections of its own. There is one winner, and as many as there is
// room for.
func TestNodesRace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		const nodes, rounds, room = 4, 6, 10
		n.capped("pivo", room*8_74) // A hundred NOK in euro.
		code, order := n.code("vipps", "ola"), n.shown(nok(100_00))
		batches := make([][][]hub.Request, nodes)
		for i := range batches {
			for range rounds {
				batches[i] = append(batches[i], []hub.Request{
					n.signed("nets", n.scan("vipps", code, nok(100_00))),
					n.signed("epassi", n.quoted("epassi", "pekka", order)),
					n.signed("nets", n.scan("pivo", n.code("pivo", "maija"), nok(100_00))),
				})
			}
		}
		results := make([][][]hub.Result, nodes)
		var running sync.WaitGroup
		for i := range nodes {
			h := hub.New(n.open(), secret)
			running.Go(func() {
				for _, batch := range batches[i] {
					committed, err := h.Step(context.Background(), bigBang, batch)
					if err != nil {
						t.Error(err)
						return
					}
					results[i] = append(results[i], committed.Results)
				}
			})
		}
		running.Wait()
		var winners [3]int
		for _, node := range results {
			for _, batch := range node {
				for i, result := range batch {
					if result.Refusal == nil {
						winners[i]++
					} else {
						n.wantReason([]hansa.Reason{hansa.CodeUsed, hansa.OrderNotOpen, hansa.CapExceeded}[i], result)
					}
				}
			}
		}
		if winners != [3]int{1, 1, room} {
			t.Errorf("winners of code, order and cap: %v", winners)
		}
	})
}

// TestAFaultChangesNothing: whoever steps may step again with the same requests.
func TestAFaultChangesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		request := n.signed("nets", n.wish(nok(1_00)))
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := n.hub.Step(gone, n.now, []hub.Request{request}); err == nil {
			t.Error("committed without a caller")
		}
		p := n.asked("vipps", "ola", nok(1_00))
		before := n.head()
		broken := hub.Call{Call: payment.CallRefund, Payment: p, Movement: payment.Movement{ID: "mov_nobody"}}
		if !panics(func() { _, _ = n.try(request, hub.Request{Operation: hub.Answered{Call: broken, Event: yes(broken)}}) }) {
			t.Error("an answer to a call that was never made is heard")
		}
		if n.head() != before {
			t.Error("half a batch was committed")
		}
		if result := n.send(request); result.Refusal != nil || result.Replayed {
			t.Errorf("after the fault: %v", result.Refusal)
		}
		n.yes(n.call(payment.CallAsk))
	})
}

func panics(do func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	do()
	return false
}

// TestTheDatabaseHasTheLastWord: what the rules could not see, its constraints
// refuse, and with it the whole batch.
func TestTheDatabaseHasTheLastWord(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		for name, operation := range map[string]hub.Enrol{
			"a range of another acquirer": {Ranges: []store.CodeRange{{Acquirer: "momo", Prefix: "01", Next: 1, Last: 9}}},
			"a store of no merchant":      {Registry: store.Registry{Stores: []merchant.Store{{ID: "shop", Merchant: "nobody", Currency: "NOK"}}}},
		} {
			before, request := n.head(), n.signed("nets", n.wish(nok(1_00)))
			if _, err := n.try(request, hub.Request{Operation: operation}); err == nil || n.head() != before {
				t.Errorf("%s: %v", name, err)
			}
			if result := n.send(request); result.Refusal != nil || result.Replayed {
				t.Errorf("%s, and the other request: %v", name, result.Refusal)
			}
		}
	})
}
