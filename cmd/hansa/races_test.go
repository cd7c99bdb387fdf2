package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// racers is how many want the same thing at the same time.
const racers = 200

// races are what two hundred may want at the same time.
var races = map[string]func(*testing.T, *network){
	"payers for one order":       payersRaceForOneOrder,
	"tills for one payment code": tillsRaceForOnePaymentCode,
	"accepts for one quote":      acceptsRaceForOneQuote,
	"payments for a cap":         paymentsRaceForACap,
	"tries of one request":       triesOfOneRequestAreOne,
	"refunds of one payment":     refundsRaceForOnePayment,
}

// TestTwoHundredRace, and there are as many winners as there is room for.
func TestTwoHundredRace(t *testing.T) {
	t.Parallel()
	for name, run := range races {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, openNetwork(t))
		})
	}
}

// race lets all racers go at once and counts what came of it: "" is a yes.
func race(run func(racer int) error) map[string]int {
	came := make([]string, racers)
	start := make(chan struct{})
	var running sync.WaitGroup
	for i := range racers {
		running.Go(func() {
			<-start
			came[i] = reasonOf(run(i))
		})
	}
	close(start)
	running.Wait()
	counts := make(map[string]int)
	for _, reason := range came {
		counts[reason]++
	}
	return counts
}

// wantRace: so many have won, and all others were refused for that reason.
func wantRace(t *testing.T, counts map[string]int, winners int, refused ...hansa.Reason) {
	t.Helper()
	losers := 0
	for _, reason := range refused {
		losers += counts[string(reason)]
	}
	if counts[""] != winners || losers != racers-winners {
		t.Errorf("want %d winners, and all others refused for %v: %v", winners, refused, counts)
	}
}

// quote is what the order behind a code costs a wallet.
func (s speaker) quote(code string) (api.Quote, error) {
	var resolution api.Resolution
	err := s.post("/resolve", api.Resolve{RequestID: fresh("req"), Code: code}, &resolution)
	if err != nil {
		return api.Quote{}, err
	}
	return *resolution.Quote, nil
}

func (s speaker) accept(quote api.Quote, payer string) error {
	return s.post("/accepts", api.Accept{
		RequestID: fresh("req"), Quote: quote.Quote, Payer: payer,
		OrderAmount: quote.OrderAmount, DebitAmount: quote.DebitAmount, Payee: quote.Payee.Store,
	}, &api.Accepted{})
}

// payersRaceForOneOrder, of six wallets: one gets it.
func payersRaceForOneOrder(t *testing.T, n *network) {
	t.Helper()
	s := orderOf(t, n.payer("vipps", sim.AcceptsAlways))
	var wallets []speaker
	for _, id := range []string{"vipps", "epassi", "pivo", "bluecode", "momo", "pagaqui"} {
		n.behave(id, sim.Silence)
		wallets = append(wallets, n.as(id))
	}
	quotes := make([]api.Quote, racers)
	if counts := race(func(i int) (err error) {
		quotes[i], err = wallets[i%len(wallets)].quote(s.order.Code)
		return err
	}); counts[""] != racers {
		t.Fatal(counts)
	}
	counts := race(func(i int) error { return wallets[i%len(wallets)].accept(quotes[i], fmt.Sprint("payer-", i)) })
	wantRace(t, counts, 1, hansa.OrderNotOpen)
	if got := n.countPayments(t); got != 1 {
		t.Errorf("%d payments", got)
	}
}

// tillsRaceForOnePaymentCode: one is paid, once.
func tillsRaceForOnePaymentCode(t *testing.T, n *network) {
	t.Helper()
	tills := []speaker{n.as("nets"), n.as("vipps")}
	ola := n.payer("vipps", sim.AcceptsAlways)
	code := ola.code()
	counts := race(func(i int) error {
		_, err := tills[i%len(tills)].ask("bergen-cafe", code, fmt.Sprint("bill-", i), fullPrice)
		return err
	})
	wantRace(t, counts, 1, hansa.CodeUsed)
	until(t, "the payer has paid", func() bool { return ola.spent() == fullPrice })
	if got := n.countPayments(t); got != 1 {
		t.Errorf("%d payments", got)
	}
}

// acceptsRaceForOneQuote: one payer gets it.
func acceptsRaceForOneQuote(t *testing.T, n *network) {
	t.Helper()
	n.behave("epassi", sim.Silence)
	wallet, sticker := n.as("epassi"), n.printed("bergen-cafe", "nets")
	var quote api.Quote
	if err := wallet.post("/quotes", api.AskQuote{RequestID: fresh("req"), Code: sticker, Amount: amount(fullPrice)}, &quote); err != nil {
		t.Fatal(err)
	}
	counts := race(func(i int) error { return wallet.accept(quote, fmt.Sprint("payer-", i)) })
	wantRace(t, counts, 1, hansa.QuoteUsed)
	if got := n.countPayments(t); got != 1 {
		t.Errorf("%d payments", got)
	}
}

// paymentsRaceForACap with room for thirteen: so many are held, to the last cent
// that fits.
func paymentsRaceForACap(t *testing.T, n *network) {
	t.Helper()
	const room = 13
	n.behave("epassi", sim.Silence)
	n.change("epassi", func(p *member.Participant) { p.Wallet.Cap = room*8_74 + 8_73 })
	var codes []string
	for len(codes) < racers {
		var fetched api.PaymentCodes
		err := n.as("epassi").post("/payment-codes", api.FetchCodes{RequestID: fresh("req"), Payer: "ida", Count: payment.CodesAtOnceMax}, &fetched)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range fetched.Codes {
			codes = append(codes, one.Code)
		}
	}
	nets := n.as("nets")
	counts := race(func(i int) error {
		_, err := nets.ask("bergen-cafe", codes[i], fmt.Sprint("bill-", i), fullPrice)
		return err
	})
	wantRace(t, counts, room, hansa.CapExceeded)
	if position := n.position(ledger.OfWallet("epassi"), "EUR"); position.Reserved != room*8_74 {
		t.Errorf("%+v", position)
	}
}

// triesOfOneRequestAreOne: they all hear of the same payment.
func triesOfOneRequestAreOne(t *testing.T, n *network) {
	t.Helper()
	nets, ola := n.as("nets"), n.payer("vipps", sim.AcceptsAlways)
	wish := api.AskPayment{
		RequestID: "once", Code: ola.code(), Amount: amount(fullPrice), Store: "bergen-cafe",
		Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: "bill",
	}
	references := make([]string, racers)
	counts := race(func(i int) error {
		var p api.Payment
		err := nets.post("/payments?wait=0", wish, &p)
		references[i] = p.Reference
		return err
	})
	wantRace(t, counts, racers)
	for _, reference := range references {
		if reference != references[0] {
			t.Fatalf("%s and %s", references[0], reference)
		}
	}
	until(t, "the payer has paid", func() bool { return ola.spent() == fullPrice })
	if got := n.countPayments(t); got != 1 {
		t.Errorf("%d payments", got)
	}
}

// refundsRaceForOnePayment: ten of ten are given back, and not an øre more.
func refundsRaceForOnePayment(t *testing.T, n *network) {
	t.Helper()
	nets, ola := n.as("nets"), n.payer("vipps", sim.AcceptsAlways)
	p, err := nets.ask("bergen-cafe", ola.code(), "bill", fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	if got := nets.outcome(p.Reference); got != "approved" {
		t.Fatal(got)
	}
	counts := race(func(int) error {
		back := api.MoveMoney{RequestID: fresh("req"), Amount: amount("10.00 NOK")}
		return nets.post("/payments/"+p.Reference+"/refunds", back, &api.Movement{})
	})
	wantRace(t, counts, 10, hansa.RefundTooLarge)
	until(t, "all of it is booked back", func() bool { return n.position(ledger.OfWallet("vipps"), "NOK").Balance == 0 })
	if spent := ola.spent(); spent != "0.00 NOK" {
		t.Errorf("the payer has %s less", spent)
	}
}

func (n *network) countPayments(t *testing.T) int {
	t.Helper()
	count := 0
	for _, err := range n.read().EachPayment(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		count++
	}
	return count
}
