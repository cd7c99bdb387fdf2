package sim_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
)

func approved(reference, store string, amount int64) api.Event {
	return api.Event{Type: "payment.approved", Payment: &api.Payment{
		Reference: reference, Status: "approved", Acquirer: "nets", Store: store, OrderAmount: money.New(amount, "NOK"),
	}}
}

func moved(movement, reference, kind, status string, amount int64) api.Event {
	return api.Event{Type: kind, Movement: &api.Movement{
		Movement: movement, Payment: reference, Kind: kind, Status: status, OrderAmount: money.New(amount, "NOK"),
	}}
}

// TestAnAcquirerBooksOnce hears one history in many orders, with repetitions.
func TestAnAcquirerBooksOnce(t *testing.T) {
	t.Parallel()
	others := approved("pay_9", "bergen-cafe", 1)
	others.Payment.Acquirer = "vipps"
	pending := approved("pay_8", "bergen-cafe", 1)
	pending.Payment.Status = "pending"
	history := []api.Event{
		approved("pay_1", "bergen-cafe", 100_00), moved("ref_1", "pay_1", "refund", "pending", 10_00),
		moved("ref_1", "pay_1", "refund", "succeeded", 10_00), moved("ref_2", "pay_1", "refund", "failed", 10_00),
		approved("pay_2", "oslo-sport", 50_00), moved("can_1", "pay_2", "cancel", "succeeded", 50_00),
		approved("pay_3", "oslo-sport", 70_00), moved("cap_1", "pay_3", "capture", "succeeded", 30_00),
		moved("rel_1", "pay_3", "release", "succeeded", 40_00), others, pending,
	}
	want := []sim.Payable{
		{Store: "bergen-cafe", Amount: money.New(90_00, "NOK"), Payments: 1, Returns: 1},
		{Store: "oslo-sport", Amount: money.New(30_00, "NOK"), Payments: 2, Returns: 2},
	}
	for seed := range uint64(100) {
		chance := rand.New(rand.NewPCG(seed, 7))
		paper := &sim.Paper{}
		acquirer, err := sim.NewAcquirer("nets", paper, nothing)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			chance.Shuffle(len(history), func(i, j int) { history[i], history[j] = history[j], history[i] })
			for _, event := range history {
				acquirer.Hear(event, noon)
			}
			if acquirer, err = sim.NewAcquirer("nets", paper, paper.Records()); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, acquirer.Payables()); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
		if n := len(acquirer.Lines()); n != 6 {
			t.Fatalf("seed %d: %d lines", seed, n)
		}
	}
}
