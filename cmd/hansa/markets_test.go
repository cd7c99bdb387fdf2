package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/dialect/alipay"
	"github.com/hansa-network/hansa/dialect/bluecode"
	"github.com/hansa-network/hansa/dialect/vipps"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
)

// prices says what a payment comes to for everybody, worked out by hand from the
// rates of docs/sandbox.md. A payer's rate is worse by 1 % for alipay and by
// 0.5 % for all others, who pay and settle in one currency each:
//
//	EUR in CNY × 8.2450 × 1.01     DKK in CNY ÷ (0.9050 × 0.99)   ISK in CNY ÷ (17.60 × 0.99)
//	NOK in CNY ÷ (1.3950 × 0.99)   SEK in CNY ÷ (1.3580 × 0.99)
//	alipay owes: DKK in EUR ÷ (7.46 × 0.99), ISK ÷ (145 × 0.99), NOK ÷ (11.50 × 0.99), SEK ÷ (11.20 × 0.99)
//	EUR in NOK × 11.50 × 1.005     DKK in NOK × 1.5410 × 1.005
//	ISK in NOK ÷ (12.60 × 0.995)   SEK in NOK ÷ (0.9740 × 0.995)
//	DKK in EUR ÷ (7.46 × 0.995)    ISK in EUR ÷ (145 × 0.995)
//	NOK in EUR ÷ (11.50 × 0.995)   SEK in EUR ÷ (11.20 × 0.995)
//	the acquirer in Iceland is owed EUR, ISK ÷ 145; all others what was asked
//
// Each is rounded half up to the minor unit.
var prices = []struct {
	market, store, acquirer, branch string
	order                           string
	alipayDebits, alipayOwes        string
	vipps                           string // debits and owes
	euroWallet                      string // debits and owes
	owed                            string // to the acquirer
}{
	{"AT", "vienna-coffee", "bluecode", "bluecode.at", "12.34 EUR", "102.76 CNY", "12.34 EUR", "142.62 NOK", "12.34 EUR", "12.34 EUR"},
	{"DE", "berlin-museum", "bluecode", "bluecode.de", "23.45 EUR", "195.28 CNY", "23.45 EUR", "271.02 NOK", "23.45 EUR", "23.45 EUR"},
	{"DK", "copenhagen-design", "nets", "nets.dk", "219.95 DKK", "245.49 CNY", "29.78 EUR", "340.64 NOK", "29.63 EUR", "219.95 DKK"},
	{"ES", "barcelona-tapas", "momo", "momo.es", "19.99 EUR", "166.47 CNY", "19.99 EUR", "231.03 NOK", "19.99 EUR", "19.99 EUR"},
	{"FI", "helsinki-market", "nets", "nets.fi", "37.42 EUR", "311.61 CNY", "37.42 EUR", "432.48 NOK", "37.42 EUR", "37.42 EUR"},
	{"FI", "helsinki-market", "epassi", "epassi.fi", "37.42 EUR", "311.61 CNY", "37.42 EUR", "432.48 NOK", "37.42 EUR", "37.42 EUR"},
	{"IS", "reykjavik-wool", "epassi", "epassi.is", "4990 ISK", "286.39 CNY", "34.76 EUR", "398.02 NOK", "34.59 EUR", "34.41 EUR"},
	{"NO", "bergen-cafe", "nets", "nets.no", "349.50 NOK", "253.07 CNY", "30.70 EUR", "349.50 NOK", "30.54 EUR", "349.50 NOK"},
	{"NO", "bergen-cafe", "vipps", "vipps.no", "349.50 NOK", "253.07 CNY", "30.70 EUR", "349.50 NOK", "30.54 EUR", "349.50 NOK"},
	{"PT", "lisbon-tiles", "pagaqui", "pagaqui.pt", "27.31 EUR", "227.42 CNY", "27.31 EUR", "315.64 NOK", "27.31 EUR", "27.31 EUR"},
	{"SE", "stockholm-books", "nets", "nets.se", "412.35 SEK", "306.71 CNY", "37.19 EUR", "425.48 NOK", "37.00 EUR", "412.35 SEK"},
	{"SI", "ljubljana-honey", "bluecode", "bluecode.si", "8.05 EUR", "67.04 CNY", "8.05 EUR", "93.04 NOK", "8.05 EUR", "8.05 EUR"},
}

// A purchase is one payment of the table, and what must come of it.
type purchase struct {
	wallet, market, store, mode string
	till, acquirer, branch      string // acquirers of the till or sticker, and of the payment
	order, debit, owes, owed    money.Amount
}

func purchases() []purchase {
	var all []purchase
	for _, price := range prices {
		for _, wallet := range []string{"alipay", "vipps", "epassi", "pivo", "bluecode", "momo", "pagaqui"} {
			p := purchase{
				wallet: wallet, market: price.market, store: price.store, till: price.acquirer, acquirer: price.acquirer, branch: price.branch,
				order: amount(price.order), debit: amount(price.euroWallet), owes: amount(price.euroWallet), owed: amount(price.owed),
			}
			switch wallet {
			case "alipay":
				p.debit, p.owes = amount(price.alipayDebits), amount(price.alipayOwes)
			case "vipps":
				p.debit, p.owes = amount(price.vipps), amount(price.vipps)
			}
			for _, mode := range []string{"cpm", "static", "dynamic"} {
				p := p
				p.mode = mode
				// At a sticker, local stays local: a wallet pays through its own contract.
				if mode == "static" && wallet == "vipps" && price.market == "NO" {
					p.acquirer, p.branch = "vipps", "vipps.no"
				}
				if mode == "static" && wallet == "epassi" && price.market == "FI" {
					p.acquirer, p.branch = "epassi", "epassi.fi"
				}
				all = append(all, p)
			}
		}
	}
	return all
}

// TestEveryWalletPaysAtEveryAcquirerInEveryMode in every market, to the minor unit, at
// tills that speak the protocol of their acquirer; and afterwards the books of all sides
// agree.
func TestEveryWalletPaysAtEveryAcquirerInEveryMode(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	n.wantTongues(t, purchases(), purchasesAgree(t, n))
}

// purchasesAgree makes all purchases, compares what everybody is told and has booked, and
// returns the receipts.
func purchasesAgree(t *testing.T, n *network) []api.Receipt {
	t.Helper()
	all := purchases()
	if len(all) != 7*12*3 {
		t.Fatalf("%d purchases", len(all))
	}
	receipts, failures := make([]api.Receipt, len(all)), make([]error, len(all))
	room := make(chan struct{}, 16)
	var paying sync.WaitGroup
	for i, p := range all {
		paying.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			command := payCommand{Wallet: p.wallet, Store: p.store, Mode: p.mode, Acquirer: p.till}
			receipts[i], failures[i] = command.pay(t.Context(), n.box, p.order)
		})
	}
	paying.Wait()
	booked := n.bookedAmounts()
	until(t, "the tills have captured what was authorised", func() bool {
		booked = n.bookedAmounts()
		return len(booked) == len(all)
	})
	for i, p := range all {
		t.Run(p.wallet+"/"+p.market+"/"+p.till+"/"+p.mode, func(t *testing.T) {
			if failures[i] != nil {
				t.Fatal(failures[i])
			}
			got := receipts[i]
			want := api.Receipt{
				Reference: got.Reference, Payment: got.Reference, Kind: "payment", Status: "approved", Mode: p.mode,
				Wallet: p.wallet, Acquirer: p.acquirer, OrderAmount: p.order, DebitAmount: p.debit,
				Fee: money.New(0, p.debit.Currency), Rate: got.Rate,
				Merchant: got.Merchant, Store: got.Store, Terminal: got.Terminal, OrderReference: got.OrderReference, At: got.At,
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(money.Rate{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (got.Rate == nil) != (p.order.Currency == p.debit.Currency) || got.Store.Store != p.store || got.Store.Country != p.market {
				t.Errorf("rate %v, store %+v", got.Rate, got.Store)
			}
			wallet := booked[got.Reference][ledger.OfWallet(p.wallet)]
			acquirer := booked[got.Reference][ledger.OfAcquirer(p.branch)]
			if wallet != p.owes.Negative() || acquirer != p.owed {
				t.Errorf("booked %s and %s, want %s and %s", wallet, acquirer, p.owes.Negative(), p.owed)
			}
		})
	}
	t.Run("the books agree", func(t *testing.T) { n.wantBooks(t, all) })
	return receipts
}

// wantTongues holds each sale at a till to the protocol in which it was begun. At a sticker
// there is no till.
func (n *network) wantTongues(t *testing.T, all []purchase, receipts []api.Receipt) {
	t.Helper()
	tongues := map[string]string{
		"nets": alipay.Name, "epassi": alipay.Name, "vipps": vipps.Name, "bluecode": bluecode.Name, "momo": bluecode.Name, "pagaqui": bluecode.Name,
	}
	for i, p := range all {
		paid, err := n.read().Payment(t.Context(), receipts[i].Reference)
		if err != nil {
			t.Error(err)
			continue
		}
		begun := paid.ID
		if p.mode == "dynamic" {
			begun = paid.Order
		}
		spoken, want := "", tongues[p.till]
		if memo, err := n.read().Memo(t.Context(), begun); err == nil {
			spoken, _, _ = strings.Cut(memo.Client, "/")
		}
		if p.mode == "static" {
			want = ""
		}
		if spoken != want {
			t.Errorf("%s at a till of %s, %s: begun in %q, want %q", p.wallet, p.till, p.mode, spoken, want)
		}
	}
}

// bookedAmounts are the postings by payment and account of a wallet or branch.
func (n *network) bookedAmounts() map[string]map[ledger.Account]money.Amount {
	n.t.Helper()
	booked := make(map[string]map[ledger.Account]money.Amount)
	for posted, err := range n.read().EachPosting(n.t.Context()) {
		if err != nil {
			n.t.Fatal(err)
		}
		if booked[posted.Payment] == nil {
			booked[posted.Payment] = make(map[ledger.Account]money.Amount)
		}
		booked[posted.Payment][posted.Account] = posted.Amount
	}
	return booked
}

// wantBooks holds positions, wallets' books and acquirers' books to what was
// paid. Acquirers hear of it from the journal, a moment later.
func (n *network) wantBooks(t *testing.T, all []purchase) {
	t.Helper()
	wallets, branches := make(map[string]sums), make(map[string]sums)
	debited, payable := make(map[string]sums), make(map[string]sums)
	for _, p := range all {
		add(wallets, p.wallet, p.owes)
		add(branches, p.branch, p.owed)
		add(debited, p.wallet, p.debit)
		add(payable, p.acquirer+" for "+p.store, p.order)
	}
	for wallet, owes := range wallets {
		position := n.position(ledger.OfWallet(wallet), owes.currency)
		if position.Balance != -owes.value || position.Reserved != 0 {
			t.Errorf("%s: %+v, want it to owe %d", wallet, position, owes.value)
		}
		var book party.WalletBook
		if err := n.box.do(t.Context(), http.MethodGet, "/wallets/"+wallet+"/book", nil, &book); err != nil {
			t.Fatal(err)
		}
		took := debited[wallet]
		if book.Debited != money.New(took.value, took.currency) || book.Returned.Value != 0 || book.Count != took.count {
			t.Errorf("%s took %s, gave %s in %d entries, want %d in %d", wallet, book.Debited, book.Returned, book.Count, took.value, took.count)
		}
	}
	for branch, owed := range branches {
		if position := n.position(ledger.OfAcquirer(branch), owed.currency); position.Balance != owed.value {
			t.Errorf("%s: %+v, want it to be owed %d", branch, position, owed.value)
		}
	}
	got := make(map[string]sums)
	until(t, "all acquirers have booked", func() bool {
		got = make(map[string]sums)
		for _, acquirer := range acquirers() {
			for _, row := range n.acquirerBook(acquirer).Payables {
				got[acquirer+" for "+row.Store] = sums{row.Amount.Value, row.Amount.Currency, int(row.Payments - row.Returns)}
			}
		}
		return cmp.Equal(payable, got, cmp.AllowUnexported(sums{}))
	})
}

// sums are amounts of one currency added up.
type sums struct {
	value    int64
	currency money.Currency
	count    int
}

func add(to map[string]sums, name string, a money.Amount) {
	sum := to[name]
	to[name] = sums{sum.value + a.Value, a.Currency, sum.count + 1}
}

func acquirers() []string {
	var ids []string
	for _, p := range sim.World().Listing.Participants {
		if p.Holds(member.Acquirer) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func (n *network) acquirerBook(acquirer string) party.AcquirerBook {
	n.t.Helper()
	var book party.AcquirerBook
	if err := n.box.do(n.t.Context(), http.MethodGet, "/acquirers/"+acquirer+"/book", nil, &book); err != nil {
		n.t.Fatal(err)
	}
	return book
}

// TestAVippsUserAtAVippsStickerPaysWithoutConversion: on us, the same krone goes
// from the wallet's position to the acquirer's.
func TestAVippsUserAtAVippsStickerPaysWithoutConversion(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	for _, sticker := range []string{"vipps", "nets"} {
		paid, err := n.payer("vipps", sim.AcceptsAlways).pay(n.printed("bergen-cafe", sticker), "129.00 NOK")
		if err != nil || paid.Status != "approved" {
			t.Fatal(paid, err)
		}
		got := fmt.Sprint(paid.Receipt.Acquirer, " ", paid.Receipt.DebitAmount, " ", paid.Receipt.Rate)
		if got != "vipps 129.00 NOK <nil>" {
			t.Errorf("at the sticker of %s: %s", sticker, got)
		}
		want := []string{"acquirer/vipps.no 129.00 NOK", "wallet/vipps -129.00 NOK"}
		if postings := n.postings(paid.Reference); !slices.Equal(postings, want) {
			t.Errorf("booked %q", postings)
		}
	}
}
