package ledger_test

import (
	"math/rand/v2"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
)

// TestWhatACellMayGive gives parts of a position with a balance, something
// reserved and an allotment.
func TestWhatACellMayGive(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                      string
		balance, reserved, cap    int64
		allotment, carried        int64 // what is given
		leftCap, leftBalance, out int64 // out: room that has left
		refused                   bool
	}{
		{"a part of the allotment", 0, 0, 100, 30, 0, 70, 0, 30, false},
		{"all that is free", -20, 30, 100, 50, 0, 50, -20, 50, false},
		{"more than is free", -20, 30, 100, 51, 0, 100, -20, 0, true},
		{"a debt with its allotment leaves the room as it is", -20, 80, 100, 20, -20, 80, 0, 0, false},
		{"a credit is room", 40, 0, 10, 0, 40, 10, 0, 40, false},
		{"a credit that is reserved again", 40, 30, 10, 0, 40, 10, 40, 0, true},
		{"more allotment than there is, though a credit makes room", 40, 0, 10, 11, 0, 10, 40, 0, true},
		{"nothing", -20, 80, 100, 0, 0, 100, -20, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := ledger.Position{Account: alipay, Currency: "EUR", Balance: c.balance, Reserved: c.reserved, Cap: c.cap}
			after, tallies, err := p.Give(ledger.Tallies{}, c.allotment, c.carried)
			if reason, _ := hansa.ReasonOf(err); c.refused != (reason == hansa.CapExceeded) {
				t.Fatalf("got %v", err)
			}
			if after.Cap != c.leftCap || after.Balance != c.leftBalance || p.Room()-after.Room() != c.out {
				t.Errorf("left with %+v", after)
			}
			want := ledger.Tally{Number: 1, Allotted: c.allotment, Carried: c.carried}
			if c.refused {
				want = ledger.Tally{}
			}
			if tallies.Given != want {
				t.Errorf("want %+v, got %+v", want, tallies.Given)
			}
		})
	}
}

func TestGiftsThatNoRuleMayMakePanic(t *testing.T) {
	t.Parallel()
	p := ledger.Position{Account: alipay, Currency: "EUR", Balance: -20, Cap: 100}
	give := func(p ledger.Position, allotment, balance int64) func() {
		return func() { _, _, _ = p.Give(ledger.Tallies{}, allotment, balance) }
	}
	for _, c := range []struct {
		name string
		does func()
		says string
	}{
		{"a debt without its allotment", give(p, 19, -20), "an allotment of 19 and a balance of -20"},
		{"an allotment below nothing", give(p, -1, 5), "an allotment of -1"},
		{"of a position without a cap", give(ledger.Position{Cap: ledger.Uncapped}, 0, 5), "under -1"},
		{"a newer tally that takes allotment back", func() {
			p.Take(ledger.Tallies{Taken: ledger.Tally{Number: 1, Allotted: 5}}, ledger.Tally{Number: 2, Allotted: 4})
		}, "allots 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantPanic(t, c.does, c.says)
		})
	}
}

// TestTalliesMayArriveAnyhow moves random amounts one way, and hands in what was
// written in any order, some of it often and some of it never.
func TestTalliesMayArriveAnyhow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		chance := rand.New(rand.NewPCG(seed, 3))
		giver := ledger.Position{Account: alipay, Currency: "EUR", Balance: -chance.Int64N(500), Cap: 1000}
		taker := ledger.Position{Account: alipay, Currency: "EUR"}
		var here, there ledger.Tallies
		before := giver
		letters := []ledger.Tally{{}}
		for range 20 {
			allotment := chance.Int64N(100)
			after, tallies, err := giver.Give(here, allotment, -chance.Int64N(allotment+1))
			if err == nil {
				giver, here, letters = after, tallies, append(letters, tallies.Given)
			}
		}
		for range 40 {
			taker, there = taker.Take(there, letters[chance.IntN(len(letters))])
		}
		if last := here.Given; taker.Cap > last.Allotted {
			t.Fatalf("seed %d: %d was allotted and %d is there", seed, last.Allotted, taker.Cap)
		}
		taker, there = taker.Take(there, here.Given)
		if there.Taken != here.Given || giver.Cap+taker.Cap != before.Cap || giver.Balance+taker.Balance != before.Balance {
			t.Fatalf("seed %d: %+v and %+v do not make %+v", seed, giver, taker, before)
		}
	}
}

// TestWhatIsSettledLeavesTheBalance carries a debt and pays it at the other cell.
func TestWhatIsSettledLeavesTheBalance(t *testing.T) {
	t.Parallel()
	store := ledger.Position{Account: alipay, Currency: "EUR", Balance: -70, Cap: 100}
	home := ledger.Position{Account: alipay, Currency: "EUR", Cap: 400}
	store, inStore, err := store.Give(ledger.Tallies{}, 70, -70)
	if err != nil {
		t.Fatal(err)
	}
	home, atHome := home.Take(ledger.Tallies{}, inStore.Given)
	home, atHome = home.Settle(atHome, -70)
	after, inStore := store.Take(inStore, atHome.Given)
	if home.Balance != 0 || home.Cap != 470 || after != store || inStore.Taken.Settled != -70 {
		t.Errorf("got %+v and %+v, %+v", home, after, inStore)
	}
}
