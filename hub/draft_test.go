package hub_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// A rush is a history of batches that follow each other so closely that each is asked
// for before the outcome of the one before it is known.
type rush struct {
	*network
	rng      *rand.Rand
	codes    []string
	payments []string
	orders   []payment.Order
	owed     []hub.Call
	hooks    []store.Subscription
	asked    []hub.Request // lately
}

// learn takes over what a batch has led to.
func (r *rush) learn(committed hub.Committed) {
	for _, result := range committed.Results {
		if id := result.Payment.ID; id != "" {
			r.payments = append(r.payments, id)
		}
		if result.Order.ID != "" {
			r.orders = append(r.orders, result.Order)
		}
		for _, leased := range result.Deliveries {
			leased.Next.Height++
			r.hooks = append(r.hooks, leased)
		}
	}
	r.owed = append(r.owed, committed.Calls...)
}

// batch are requests that often want the same as those just before them.
func (r *rush) batch() []hub.Request {
	var batch []hub.Request
	for range 1 + r.rng.IntN(12) {
		request := r.request()
		if r.rng.IntN(5) == 0 && len(r.asked) > 0 {
			request = some(r.rng, r.asked)
			if request.Nonce != "" && r.rng.IntN(3) > 0 { // Else it is replayed.
				request = r.again(request)
			}
			if r.rng.IntN(4) == 0 {
				request.Body = []byte("another")
			}
		}
		r.asked = append(r.asked, request)
		r.asked = r.asked[max(0, len(r.asked)-20):]
		batch = append(batch, request)
	}
	return batch
}

func (r *rush) request() hub.Request {
	switch r.rng.IntN(14) {
	case 0, 1:
		return r.signed("vipps", hub.FetchCodes{Payer: fmt.Sprint("payer", r.rng.IntN(4)), Codes: []string{r.newCode()}})
	case 2, 3, 4:
		ask := r.scan("vipps", r.someCode(), nok(1_00+r.rng.Int64N(900_00)))
		ask.OrderReference, ask.CaptureLater = fmt.Sprint("bill", len(r.codes)/3), r.rng.IntN(3) == 0
		return r.signed("nets", ask)
	case 5:
		return r.signed("nets", hub.Cancel{Payment: some(r.rng, r.payments)})
	case 6:
		return r.signed("nets", hub.Capture{Payment: some(r.rng, r.payments), Amount: nok(50)})
	case 7:
		return r.signed("nets", hub.Refund{Payment: some(r.rng, r.payments), Amount: nok(1 + r.rng.Int64N(100))})
	case 8:
		return r.signed("nets", r.wish(nok(100_00)))
	case 9:
		if order := some(r.rng, r.orders); order.ID != "" {
			return r.signed("epassi", hub.Resolve{Scanned: hub.Scanned{Order: order.ID}})
		}
		return r.signed("vipps", hub.AskQuote{Scanned: hub.Scanned{StoreCode: netsSticker}, Amount: money.New(7_00, "NOK")})
	case 10:
		return r.signed("nets", hub.IssueStoreCode{Store: cafe})
	case 11:
		if len(r.hooks) > 0 {
			return hub.Request{Chance: r.chance(), Operation: hub.HookDone{Subscription: some(r.rng, r.hooks), Failing: r.rng.IntN(2) == 0}}
		}
		return hub.Request{Chance: r.chance(), Operation: hub.ClaimHooks{Limit: 3, Subscriptions: []store.Subscription{start("nets"), start("vipps")}}}
	default:
		if len(r.owed) == 0 {
			return r.signed("vipps", hub.TellOutcome{Payment: some(r.rng, r.payments), Reason: hansa.InsufficientFunds})
		}
		call := some(r.rng, r.owed)
		event := yes(call)
		if call.Call == payment.CallAsk && r.rng.IntN(3) == 0 {
			event = payment.Silent{}
		}
		return hub.Request{Chance: r.chance(), Operation: hub.Answered{Call: call, Event: event}}
	}
}

func (r *rush) newCode() string {
	code := r.drawn("vipps")
	r.codes = append(r.codes, code)
	return code
}

func (r *rush) someCode() string {
	if len(r.codes) == 0 || r.rng.IntN(10) == 0 {
		return r.drawn("vipps")
	}
	return r.codes[max(0, len(r.codes)-1-r.rng.IntN(4))]
}

// some is one of the last few.
func some[T any](rng *rand.Rand, all []T) (one T) {
	if len(all) == 0 {
		return one
	}
	return all[len(all)-1-rng.IntN(min(len(all), 12))]
}

// TestADraftDecidesWhatAStepWould: each batch is decided before the one before it is
// committed, and another network that decides the same batches in their turns comes to
// the same results, the same calls and the same journal. Now and then a commit fails,
// or somebody else commits first: then the turn does not confirm what was decided.
func TestADraftDecidesWhatAStepWould(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, n *network) {
				t.Helper()
				r := &rush{network: n, rng: rand.New(rand.NewPCG(seed, 1))}
				twin := newNetwork(t, filepath.Join(t.TempDir(), "twin.db"), func(*sim.Setup) {})
				rushed := r.overlapped(t, 120)
				for i, batch := range rushed.batches {
					want, err := twin.hub.Step(t.Context(), batch.now, batch.requests)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(essenceOf(want), essenceOf(rushed.committed[i])); diff != "" {
						t.Fatalf("batch %d, decided in its turn and ahead of it (-in turn +ahead):\n%s", i, diff)
					}
				}
				for _, participant := range []string{"nets", "vipps"} {
					if want, got := twin.subscription(participant), n.subscription(participant); want != got {
						t.Errorf("%s has heard %+v, and not %+v", participant, got, want)
					}
				}
				if rushed.confirmed < 40 || rushed.denied == 0 || rushed.failed == 0 {
					t.Errorf("%d batches decided ahead, %d not confirmed, %d commits failed", rushed.confirmed, rushed.denied, rushed.failed)
				}
			})
		})
	}
}

// A rushed history is what has happened, batch by batch.
type rushed struct {
	batches   []timed
	committed []hub.Committed
	confirmed int
	denied    int
	failed    int
}

type timed struct {
	now      time.Time
	requests []hub.Request
}

// overlapped decides each batch before the one before it is committed.
func (r *rush) overlapped(t *testing.T, batches int) (done rushed) {
	t.Helper()
	ctx := context.Background()
	keep := func(batch timed, committed hub.Committed) {
		done.batches, done.committed = append(done.batches, batch), append(done.committed, committed)
		r.learn(committed)
	}
	inTurn := func(batch timed) {
		batch.now = r.now // What was decided for nothing has moved the clock.
		committed, err := r.hub.Step(ctx, batch.now, batch.requests)
		if err != nil {
			t.Fatal(err)
		}
		keep(batch, committed)
	}
	next := func() timed {
		r.pass(time.Duration(r.rng.IntN(1500)) * time.Millisecond)
		return timed{r.now, r.batch()}
	}
	var under *hub.Draft
	var batch timed
	for range batches {
		following := next()
		draft := r.draft(under, following.requests)
		if under != nil {
			var committed hub.Committed
			confirmed, fails := false, r.rng.IntN(8) == 0
			if !fails {
				var err error
				if committed, confirmed, err = r.commitDraft(under); err != nil {
					t.Fatal(err)
				}
			}
			switch {
			case fails: // What was decided after it must be decided again.
				done.failed++
				if draft != nil {
					if _, confirmed, err := r.commitDraft(draft); confirmed || err != nil {
						t.Fatalf("a draft after a commit that failed is confirmed: %v, %v", confirmed, err)
					}
				}
				inTurn(batch)
				draft = nil
			case !confirmed:
				done.denied++
				inTurn(batch)
				draft = nil
			default:
				done.confirmed++
				keep(batch, committed)
			}
		}
		if draft == nil {
			inTurn(following)
		}
		if draft != nil && r.rng.IntN(10) == 0 {
			stranger := timed{r.now, []hub.Request{{Chance: r.chance(), Operation: hub.IssueStoreCode{Store: cafe}, Participant: "nets"}}}
			committed, err := hub.New(r.store, secret).Step(ctx, stranger.now, stranger.requests)
			if err != nil {
				t.Fatal(err)
			}
			keep(stranger, committed)
		}
		under, batch = draft, following
	}
	if under != nil {
		inTurn(batch)
	}
	return done
}

// essenceOf is what others hear of a batch.
func essenceOf(c hub.Committed) []string {
	var lines []string
	for _, result := range c.Results {
		lines = append(lines, essence(result))
	}
	for _, call := range c.Calls {
		lines = append(lines, fmt.Sprintf("call %s %d %s %s %s", call.Call, call.Fence, call.Payment.ID, call.Movement.ID, call.Payer))
	}
	lines = append(lines, c.Changed...)
	for _, event := range c.Recorded {
		lines = append(lines, fmt.Sprintf("%d %d %s %s", event.Height, event.Index, event.Hash, event.Data))
	}
	return slices.Clip(lines)
}
