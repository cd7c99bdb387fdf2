package clearing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/clearing"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
)

// TestWindow is a morning in Bergen: two payments by Alipay, one by Vipps, and a refund.
func TestWindow(t *testing.T) {
	t.Parallel()
	report := reportOf(t, "win_NOK_1", "NOK", []ledger.Posting{
		post("fx/hanseatic", -4_000_00), post("acquirer/nets.NO", 4_000_00),
		post("fx/hanseatic", -338_00), post("acquirer/vipps.NO", 338_00),
		post("wallet/vipps", -100_00), post("acquirer/nets.NO", 100_00),
		post("acquirer/nets.NO", -1_000_00), post("fx/hanseatic", 1_000_00),
	})
	want := "window,currency,account,postings,debits,credits,net\r\n" +
		"win_NOK_1,NOK,acquirer/nets.NO,3,1000.00,4100.00,3100.00\r\n" +
		"win_NOK_1,NOK,acquirer/vipps.NO,1,0.00,338.00,338.00\r\n" +
		"win_NOK_1,NOK,fx/hanseatic,3,4338.00,1000.00,-3338.00\r\n" +
		"win_NOK_1,NOK,wallet/vipps,1,100.00,0.00,-100.00\r\n"
	if diff := cmp.Diff(want, string(report.CSV())); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	nok := func(value int64) money.Amount { return money.New(value, "NOK") }
	if diff := cmp.Diff([]clearing.Transfer{
		{From: "fx/hanseatic", To: "acquirer/nets.NO", Amount: nok(3_100_00)},
		{From: "fx/hanseatic", To: "acquirer/vipps.NO", Amount: nok(238_00)},
		{From: "wallet/vipps", To: "acquirer/vipps.NO", Amount: nok(100_00)},
	}, report.Transfers()); diff != "" {
		t.Errorf("transfers (-want +got):\n%s", diff)
	}
}

// TestNothingToSettle: an empty window, and one in which everything was given back.
func TestNothingToSettle(t *testing.T) {
	t.Parallel()
	for _, postings := range [][]ledger.Posting{
		nil,
		{post("wallet/vipps", -5), post("acquirer/nets.NO", 5), post("acquirer/nets.NO", -5), post("wallet/vipps", 5)},
	} {
		if transfers := reportOf(t, "win_NOK_1", "NOK", postings).Transfers(); len(transfers) > 0 {
			t.Errorf("%v is settled by %v", postings, transfers)
		}
	}
}

// TestNetting: for any postings the transfers move exactly the nets, with nobody on both
// sides, and neither they nor the report depend on the order of the postings.
func TestNetting(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		chance := rand.New(rand.NewPCG(seed, 1))
		postings := somePostings(chance)
		report := reportOf(t, "win_NOK_1", "NOK", postings)
		transfers := report.Transfers()
		left, pays, gets := make(map[ledger.Account]int64), make(map[ledger.Account]bool), make(map[ledger.Account]bool)
		nets := 0
		for _, l := range report.Lines {
			left[l.Account] = l.Net()
			if l.Net() != 0 {
				nets++
			}
		}
		for _, transfer := range transfers {
			if !transfer.Amount.IsPositive() {
				t.Fatalf("seed %d: %v", seed, transfer)
			}
			left[transfer.From] += transfer.Amount.Value
			left[transfer.To] -= transfer.Amount.Value
			pays[transfer.From], gets[transfer.To] = true, true
		}
		for account, rest := range left {
			if rest != 0 || pays[account] && gets[account] {
				t.Fatalf("seed %d: %s is left with %d; pays %t, gets %t", seed, account, rest, pays[account], gets[account])
			}
		}
		if len(transfers) > max(0, nets-1) {
			t.Fatalf("seed %d: %d transfers among %d accounts", seed, len(transfers), nets)
		}
		chance.Shuffle(len(postings), func(i, j int) { postings[i], postings[j] = postings[j], postings[i] })
		if again := reportOf(t, "win_NOK_1", "NOK", postings); string(again.CSV()) != string(report.CSV()) {
			t.Fatalf("seed %d: another order, another report", seed)
		}
	}
}

// TestMissingPosting: what does not balance is no report.
func TestMissingPosting(t *testing.T) {
	t.Parallel()
	tally := clearing.NewTally("win_NOK_1", "NOK")
	tally.Add(post("wallet/vipps", -5))
	want := "the postings of window win_NOK_1 are off by -0.05 NOK"
	if _, err := tally.Report(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestForeignPosting: a posting of another window is a fault of the program.
func TestForeignPosting(t *testing.T) {
	t.Parallel()
	for _, p := range []ledger.Posting{
		{Account: "wallet/vipps", Amount: money.New(5, "NOK"), Window: "win_NOK_2"},
		{Account: "wallet/vipps", Amount: money.New(5, "SEK"), Window: "win_NOK_1"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v was counted", p)
				}
			}()
			clearing.NewTally("win_NOK_1", "NOK").Add(p)
		}()
	}
}

// BenchmarkMillion nets a million postings of two hundred accounts.
func BenchmarkMillion(b *testing.B) {
	postings := make([]ledger.Posting, 1_000_000)
	for i := range postings {
		sign := int64(1 - 2*(i%2))
		postings[i] = post(ledger.Account(fmt.Sprintf("acquirer/a%d", i/2%200)), sign*int64(100+i/2))
	}
	for b.Loop() {
		tally := clearing.NewTally("win_NOK_1", "NOK")
		for _, p := range postings {
			tally.Add(p)
		}
		report, err := tally.Report()
		if err != nil {
			b.Fatal(err)
		}
		report.Transfers()
	}
}

// somePostings are some entries' of a few accounts, often back and forth.
func somePostings(chance *rand.Rand) (all []ledger.Posting) {
	for range chance.IntN(60) {
		from, to, amount := chance.IntN(9), chance.IntN(9), 1+chance.Int64N(50)
		account := func(n int) ledger.Account { return ledger.Account(fmt.Sprintf("wallet/w%d", n)) }
		all = append(all, post(account(from), -amount), post(account(to), amount))
	}
	return all
}

func reportOf(t *testing.T, window string, currency money.Currency, postings []ledger.Posting) clearing.Report {
	t.Helper()
	tally := clearing.NewTally(window, currency)
	for _, p := range postings {
		tally.Add(p)
	}
	report, err := tally.Report()
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func post(account ledger.Account, value int64) ledger.Posting {
	return ledger.Posting{Account: account, Amount: money.New(value, "NOK"), Window: "win_NOK_1"}
}
