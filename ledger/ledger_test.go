package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

func leg(account ledger.Account, value int64, currency money.Currency) ledger.Leg {
	return ledger.Leg{Account: account, Amount: money.New(value, currency)}
}

func windows() map[money.Currency]string {
	return map[money.Currency]string{"EUR": "win_eur", "NOK": "win_nok"}
}

const (
	alipay    = ledger.Account("wallet/alipay")
	nets      = ledger.Account("acquirer/nets.no")
	hanseatic = ledger.Account("fx/hanseatic")
)

func TestAccountsSayWhoseTheyAre(t *testing.T) {
	t.Parallel()
	for got, want := range map[ledger.Account]ledger.Account{
		ledger.OfWallet("alipay"): alipay, ledger.OfAcquirer("nets.no"): nets, ledger.OfProvider("hanseatic"): hanseatic,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestEntriesAreMadeOfLegs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		legs []ledger.Leg
		want string
	}{
		{
			"straight across",
			[]ledger.Leg{leg(alipay, -5, "NOK"), leg(nets, 5, "NOK")},
			"wallet/alipay -0.05 NOK, acquirer/nets.no 0.05 NOK",
		},
		{
			"through a provider, with a residue",
			[]ledger.Leg{
				leg(alipay, -10_05, "EUR"), leg(nets, 100_00, "NOK"), leg(hanseatic, 10_04, "EUR"), leg(hanseatic, -100_00, "NOK"), leg(ledger.Rounding, 1, "EUR"),
			},
			"wallet/alipay -10.05 EUR, acquirer/nets.no 100.00 NOK, fx/hanseatic 10.04 EUR, fx/hanseatic -100.00 NOK, rounding 0.01 EUR",
		},
		{
			"legs of zero are left out",
			[]ledger.Leg{leg(alipay, -5, "NOK"), leg(ledger.Rounding, 0, "EUR"), leg(nets, 5, "NOK"), leg(ledger.Rounding, 0, "NOK")},
			"wallet/alipay -0.05 NOK, acquirer/nets.no 0.05 NOK",
		},
		{
			"legs of one account and currency are joined",
			[]ledger.Leg{leg(alipay, -5, "NOK"), leg(nets, 3, "NOK"), leg(hanseatic, 7, "NOK"), leg(nets, 2, "NOK"), leg(hanseatic, -7, "NOK")},
			"wallet/alipay -0.05 NOK, acquirer/nets.no 0.05 NOK",
		},
		{"both sides are one account", []ledger.Leg{leg(nets, -5, "NOK"), leg(nets, 5, "NOK")}, ""},
		{"nothing", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			legs := append([]ledger.Leg{}, c.legs...)
			entry := ledger.NewEntry(ledger.Entry{ID: "ent_1", Payment: "pay_1", Cause: ledger.Approval, Subject: "pay_1"}, legs, windows())
			if got := entry.String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for _, posting := range entry.Postings {
				if posting.Window != windows()[posting.Amount.Currency] {
					t.Errorf("%s is in window %q", posting.Account, posting.Window)
				}
			}
			if diff := cmp.Diff(c.legs, legs, cmp.Transformer("empty", func(l []ledger.Leg) []ledger.Leg { return append([]ledger.Leg{}, l...) })); diff != "" && c.legs != nil {
				t.Errorf("the caller's legs have changed: %s", diff)
			}
			if entry.ID != "ent_1" || entry.Cause != ledger.Approval || entry.Balanced() != nil {
				t.Errorf("got %+v, %v", entry, entry.Balanced())
			}
		})
	}
}

// TestBrokenBooksPanic gives what no caller may give.
func TestBrokenBooksPanic(t *testing.T) {
	t.Parallel()
	over := money.AmountMax + 1
	position := ledger.Position{Account: alipay, Currency: "EUR", Reserved: 5, Cap: 10}
	for _, c := range []struct {
		name string
		does func()
		says string
	}{
		{"one currency is off", func() {
			ledger.NewEntry(ledger.Entry{ID: "ent_1"}, []ledger.Leg{leg(alipay, -5, "EUR"), leg(nets, 5, "EUR"), leg(nets, 1, "NOK"), leg(hanseatic, -2, "NOK")}, windows())
		}, "off by -1 NOK"},
		{"one leg", func() { ledger.NewEntry(ledger.Entry{}, []ledger.Leg{leg(alipay, -5, "EUR")}, windows()) }, "off by -5 EUR"},
		{"no window is open", func() {
			ledger.NewEntry(ledger.Entry{}, []ledger.Leg{leg(alipay, -5, "SEK"), leg(nets, 5, "SEK")}, windows())
		}, "no settlement window is open for SEK"},
		{"over the range of amounts", func() {
			ledger.NewEntry(ledger.Entry{}, []ledger.Leg{leg(alipay, -over, "EUR"), leg(nets, over, "EUR")}, windows())
		}, fmt.Sprint(over)},
		{"less than nothing is reserved", func() { _, _ = position.Reserve(-1) }, "reserve -1"},
		{"less than nothing is released", func() { position.Release(-1) }, "release -1 of 5"},
		{"more is released than is reserved", func() { position.Release(6) }, "release 6 of 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantPanic(t, c.does, c.says)
		})
	}
}

// wantPanic does something that must end in a panic that says so.
func wantPanic(t *testing.T, does func(), says string) {
	t.Helper()
	defer func() {
		if broken := fmt.Sprint(recover()); !strings.Contains(broken, says) {
			t.Errorf("got %q, want a panic with %q", broken, says)
		}
	}()
	does()
}

// TestBalancedNamesWhatIsOff reads entries as stored.
func TestBalancedNamesWhatIsOff(t *testing.T) {
	t.Parallel()
	posting := func(value int64) ledger.Posting {
		return ledger.Posting{Account: alipay, Amount: money.New(value, "EUR"), Window: "win_eur"}
	}
	for name, c := range map[string]struct {
		postings []ledger.Posting
		says     string
	}{
		"zero":      {[]ledger.Posting{posting(0)}, "posts 0 EUR"},
		"too large": {[]ledger.Posting{posting(money.AmountMax + 1), posting(-money.AmountMax - 1)}, "posts"},
		"too small": {[]ledger.Posting{posting(-money.AmountMax - 1), posting(money.AmountMax + 1)}, "posts"},
		"off":       {[]ledger.Posting{posting(3), posting(-2)}, "off by 1 EUR"},
		"balanced":  {[]ledger.Posting{posting(3), posting(-3)}, "<nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := ledger.Entry{ID: "ent_1", Payment: "pay_1", Postings: c.postings}.Balanced()
			if got := fmt.Sprint(err); !strings.Contains(got, c.says) {
				t.Errorf("got %s, want %s", got, c.says)
			}
		})
	}
}

// TestRoomUnderTheCap reserves on positions of every kind. The room is the cap,
// less what is owed, less what is reserved.
func TestRoomUnderTheCap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                    string
		balance, reserved, most int64 // most: the cap
		room                    int64 // below zero: any amount
	}{
		{"nothing yet", 0, 0, 100, 100},
		{"some is owed", -30, 0, 100, 70},
		{"some is owed and some reserved", -30, 50, 100, 20},
		{"it is owed to the participant", 40, 0, 100, 140},
		{"it is owed to the participant, and some is reserved", 40, 50, 100, 90},
		{"full", -60, 40, 100, 0},
		{"the cap was lowered below what is owed", -60, 40, 50, 0},
		{"no cap at all", -60, 40, ledger.Uncapped, -1},
		{"a cap of nothing", 0, 0, 0, 0},
		{"a cap of nothing, with a credit", 25, 0, 0, 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := ledger.Position{Account: alipay, Currency: "EUR", Balance: c.balance, Reserved: c.reserved, Cap: c.most}
			room := c.room
			if room < 0 {
				room = money.AmountMax
			}
			after, err := p.Reserve(room)
			if room > 0 && (err != nil || after.Reserved != c.reserved+room) {
				t.Errorf("reserve %d: %d reserved, %v", room, after.Reserved, err)
			}
			if c.room < 0 {
				return
			}
			after, err = p.Reserve(room + 1)
			if reason, _ := hansa.ReasonOf(err); reason != hansa.CapExceeded || after != p {
				t.Errorf("reserve %d: %v, %v", room+1, after, err)
			}
		})
	}
}

// TestPositionNeverPassesItsCap lets payments come and go in random order: each
// is reserved, and then released or booked.
func TestPositionNeverPassesItsCap(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		chance := rand.New(rand.NewPCG(seed, 1))
		p := ledger.Position{Account: alipay, Currency: "EUR", Cap: 1 + chance.Int64N(1000)}
		var open []int64
		for range 200 {
			if chance.IntN(2) == 0 {
				amount := 1 + chance.Int64N(200)
				if after, err := p.Reserve(amount); err == nil {
					p, open = after, append(open, amount)
				}
			} else if len(open) > 0 {
				amount := open[0]
				open, p = open[1:], p.Release(amount)
				if chance.IntN(2) == 0 {
					p = p.Post(-amount)
				}
			}
			if chance.IntN(20) == 0 {
				p = p.Post(chance.Int64N(1 - p.Balance)) // It pays a part of what it owes.
			}
			var sum int64
			for _, amount := range open {
				sum += amount
			}
			if p.Reserved != sum || p.Reserved-p.Balance > p.Cap {
				t.Fatalf("seed %d: reserved %d of %d, balance %d, cap %d", seed, p.Reserved, sum, p.Balance, p.Cap)
			}
		}
	}
}

// TestRandomLegsBalance makes entries of random legs and one that closes each
// currency, and adds up what they post.
func TestRandomLegsBalance(t *testing.T) {
	t.Parallel()
	accounts := []ledger.Account{alipay, nets, hanseatic, ledger.Rounding}
	for seed := range uint64(2000) {
		chance := rand.New(rand.NewPCG(seed, 2))
		var legs []ledger.Leg
		sums := make(map[ledger.Account]int64)
		for _, currency := range []money.Currency{"EUR", "NOK"} {
			rest := int64(0)
			for range chance.IntN(6) {
				value := chance.Int64N(money.AmountMax/8) - money.AmountMax/16
				rest -= value
				legs = append(legs, leg(accounts[chance.IntN(len(accounts))], value, currency))
			}
			legs = append(legs, leg(accounts[chance.IntN(len(accounts))], rest, currency))
		}
		for _, l := range legs {
			sums[l.Account+ledger.Account(l.Amount.Currency)] += l.Amount.Value
		}
		for _, posting := range ledger.NewEntry(ledger.Entry{}, legs, windows()).Postings {
			key := posting.Account + ledger.Account(posting.Amount.Currency)
			if posting.Amount.Value == 0 || sums[key] != posting.Amount.Value {
				t.Fatalf("seed %d: %s is posted %s, want %d", seed, posting.Account, posting.Amount, sums[key])
			}
			delete(sums, key)
		}
		for key, sum := range sums {
			if sum != 0 {
				t.Fatalf("seed %d: %s has lost %d", seed, key, sum)
			}
		}
	}
}
