package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// protocols are those in which the wallets of the demo are asked, and who carries them.
var protocols = map[string]struct{ dialect, provider string }{
	"alipay": {"alipay", ""}, "epassi": {"alipay", ""}, "pivo": {"alipay", "epassi"},
	"bluecode": {"bluecode", ""}, "momo": {"bluecode", "bluecode"}, "pagaqui": {"bluecode", "bluecode"},
	"wechat": {"wechat", ""}, "vipps": {"", ""},
}

// wallet is a participant as the directory has it, and the client as which it is asked.
func (n *network) wallet(id string) (member.Participant, member.Client) {
	n.t.Helper()
	directory := n.node.directory.Load()
	p, err := directory.Participant(id)
	if err != nil {
		n.t.Fatal(err)
	}
	client, _ := directory.Client(p.Wallet.Client)
	return p, client
}

// TestEachWalletIsAskedInItsOwnProtocol at one till, which sends the same whoever pays. A
// wallet whose integration a service provider carries is asked at that provider's address.
func TestEachWalletIsAskedInItsOwnProtocol(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	for wallet, want := range protocols {
		entered, client := n.wallet(wallet)
		if client.Dialect != want.dialect || client.Provider != want.provider {
			t.Errorf("%s is asked by %q of %q", wallet, client.Dialect, client.Provider)
		}
		if want.provider != "" {
			provider, integration := n.wallet(want.provider)
			if entered.Endpoint != provider.Endpoint+"/"+wallet || client.PublicKey != integration.PublicKey {
				t.Errorf("%s is asked at %s, and %s at %s", wallet, entered.Endpoint, want.provider, provider.Endpoint)
			}
		}
		p := n.payer(wallet, sim.AcceptsAlways)
		code := p.code()
		if want.dialect == "bluecode" && !strings.HasPrefix(code, "988") {
			t.Errorf("%s shows %s", wallet, code)
		}
		sold, err := n.as("nets").ask("bergen-cafe", code, fresh("bill"), fullPrice)
		if err != nil {
			t.Errorf("%s: %v", wallet, err)
			continue
		}
		if got := n.as("nets").outcome(sold.Reference); got != "approved" || sold.Wallet != wallet {
			t.Errorf("%s: %s by %s", wallet, got, sold.Wallet)
		}
		var refund api.Movement
		move := api.MoveMoney{RequestID: fresh("req"), Amount: amount("25.00 NOK")}
		if err := n.as("nets").post("/payments/"+sold.Reference+"/refunds", move, &refund); err != nil {
			t.Errorf("%s: %v", wallet, err)
		}
		until(t, wallet+" has given back a part", func() bool {
			payments := p.app().Payments
			return len(payments) == 1 && payments[0].Returned*4 > payments[0].Debited-4 && payments[0].Returned*4 < payments[0].Debited+4
		})
	}
}

// TestASilentWalletInEachProtocol leaves the till one answer and its payer all the money:
// the reversal reaches the wallet as its protocol says it.
func TestASilentWalletInEachProtocol(t *testing.T) {
	t.Parallel()
	for wallet := range protocols {
		for _, how := range []sim.Misbehaviour{sim.Silence, sim.LateYes, sim.Garbage} {
			t.Run(wallet+"/"+string(how), func(t *testing.T) {
				t.Parallel()
				n := openNetwork(t)
				n.behave(wallet, how)
				s := scannedByTill(t, n.payer(wallet, sim.AcceptsAlways))
				if how == sim.LateYes {
					until(t, "the payer is debited", func() bool { return debitedOf(s.payer) > 0 })
				}
				s.isAsked(t, how)
				n.clock.pass(tillGivesUp)
				if how == sim.Garbage {
					n.clock.pass(payerGivesUp) // Where the payer was asked, the till waits for him.
				}
				if got := s.till.outcome(s.reference); got != "expired payment_expired" {
					t.Errorf("the till hears %s", got)
				}
				n.behave(wallet, sim.Behaves)
				until(t, "the wallet has closed it", func() bool {
					n.clock.pass(leaseOver)
					payments := s.payer.app().Payments
					closed := len(payments) == 0 || payments[0].State == sim.StateCancelled
					return closed && debitedOf(s.payer) == 0 && s.held() == 0
				})
				if booked := s.postings(s.reference); len(booked) != 0 {
					t.Errorf("booked %q", booked)
				}
			})
		}
	}
}

// isAsked waits until a wallet that answers what nobody can read has been asked.
func (s *story) isAsked(t *testing.T, how sim.Misbehaviour) {
	t.Helper()
	if how == sim.Garbage {
		until(t, "the wallet is asked", func() bool { return len(s.payer.app().Payments) == 1 })
	}
}

// debitedOf is what a payer has paid and did not get back, in minor units.
func debitedOf(p payer) (debited int64) {
	for _, paid := range p.app().Payments {
		debited += paid.Debited - paid.Returned
	}
	return debited
}

// TestWeChatPaysAtTheTillAlone: its user is asked for a large amount, and the network has
// to inquire, since WeChat Pay tells nothing. Codes of the network it does not read.
func TestWeChatPaysAtTheTillAlone(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	s := &story{network: n, payer: n.payer("wechat", sim.AcceptsAsked), till: n.as("nets")}
	code := s.payer.code()
	sold, err := s.till.ask("bergen-cafe", code, fresh("bill"), "2000.00 NOK")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.payer.accept(sold.Reference, true); err != nil {
		t.Fatal(err)
	}
	n.clock.pass(payment.PromptInquiry)
	until(t, "the network has inquired", func() bool {
		p, err := s.till.payment(sold.Reference)
		return err == nil && p.Status == "approved"
	})
	if debited := debitedOf(s.payer); debited != 1440_90 {
		t.Errorf("%d fen debited", debited)
	}
	_, err = s.till.ask("bergen-cafe", code, fresh("bill"), fullPrice)
	wantReason(t, hansa.CodeUsed, err)
	_, err = s.payer.pay(n.printed("bergen-cafe", "nets"), fullPrice)
	wantReason(t, hansa.MarketNotActive, err)
}

// TestWeChatPaysInEveryMarket at each acquirer, at tills of each protocol, none of which knows of it.
func TestWeChatPaysInEveryMarket(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	for _, price := range prices {
		command := payCommand{Wallet: "wechat", Store: price.store, Acquirer: price.acquirer, Mode: "cpm"}
		receipt, err := command.pay(t.Context(), n.box, amount(price.order))
		if err != nil || receipt.Wallet != "wechat" || receipt.Acquirer != price.acquirer || receipt.OrderAmount != amount(price.order) || receipt.DebitAmount.Currency != "CNY" {
			t.Errorf("%s of %s: %+v, %v", price.store, price.acquirer, receipt, err)
		}
	}
}

// TestAuthorityIsTakenBackForOnePrincipal: what a service provider carries for another
// goes on, and so does what was begun.
func TestAuthorityIsTakenBackForOnePrincipal(t *testing.T) {
	t.Parallel()
	for provider, principals := range map[string][]string{"epassi": {"pivo"}, "bluecode": {"momo", "pagaqui"}} {
		for _, principal := range principals {
			t.Run(principal, func(t *testing.T) {
				t.Parallel()
				n := openNetwork(t)
				nets, mine := n.as("nets"), n.payer(principal, sim.AcceptsAlways)
				late, old := mine.code(), n.sold(t, mine)
				n.authorise(principal, provider, true)
				_, err := nets.ask("bergen-cafe", late, fresh("bill"), fullPrice)
				wantReason(t, hansa.Suspended, err)
				_, err = mine.pay(n.printed("bergen-cafe", "nets"), fullPrice)
				wantReason(t, hansa.Suspended, err)
				move := api.MoveMoney{RequestID: fresh("req"), Amount: amount("100.00 NOK")}
				if err := nets.post("/payments/"+old+"/refunds", move, &api.Movement{}); err != nil {
					t.Errorf("what was begun: %v", err)
				}
				until(t, "it is given back", func() bool { return debitedOf(mine) == 0 })
				for wallet, carried := range protocols {
					if wallet != principal && (carried.provider == provider || wallet == provider) {
						n.sold(t, n.payer(wallet, sim.AcceptsAlways))
					}
				}
				n.authorise(principal, provider, false)
				n.sold(t, mine)
			})
		}
	}
}

// TestAProviderLosesItsRole: it carries nobody, and goes on as a wallet and an acquirer.
func TestAProviderLosesItsRole(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	role := api.Suspend{RequestID: fresh("req"), Participant: "bluecode", Role: string(member.TechnicalServiceProvider), Suspended: true}
	code := n.payer("pagaqui", sim.AcceptsAlways).code()
	if err := n.as(sim.Operator).post("/operator/suspensions", role, &api.Suspension{}); err != nil {
		t.Fatal(err)
	}
	_, err := n.as("nets").ask("bergen-cafe", code, fresh("bill"), fullPrice)
	wantReason(t, hansa.Suspended, err)
	n.sold(t, n.payer("bluecode", sim.AcceptsAlways))
	sold, err := n.as("bluecode").ask("vienna-coffee", n.payer("vipps", sim.AcceptsAlways).code(), fresh("bill"), "10.00 EUR")
	if err != nil || n.as("bluecode").outcome(sold.Reference) != "approved" {
		t.Errorf("as an acquirer: %+v, %v", sold, err)
	}
}

// TestTheRecordNamesBothSides of what a service provider asks for a principal, and their
// books are apart.
func TestTheRecordNamesBothSides(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	ida := n.payer("pivo", sim.AcceptsAlways)
	n.sold(t, ida)
	_, client := n.wallet("pivo")
	var askers []string
	for request, err := range n.read().EachRequest(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(request.Key.Participant, "pivo") {
			askers = append(askers, request.KeyID)
		}
	}
	if !slices.Contains(askers, client.Name()+"@epassi") {
		t.Errorf("it was asked by %q", askers)
	}
	if err := n.box.do(t.Context(), http.MethodGet, "/wallets/epassi/payers/"+ida.id, nil, &struct{}{}); err == nil {
		t.Error("ePassi knows a payer of Pivo's")
	}
}

// sold makes a payment at the Nets till of bergen-cafe.
func (n *network) sold(t *testing.T, p payer) string {
	t.Helper()
	sold, err := n.as("nets").ask("bergen-cafe", p.code(), fresh("bill"), fullPrice)
	if err != nil {
		t.Fatal(p.wallet, err)
	}
	if got := n.as("nets").outcome(sold.Reference); got != "approved" {
		t.Fatal(p.wallet, got)
	}
	return sold.Reference
}

// authorise lets a principal take its authority back from a provider, or give it again.
func (n *network) authorise(principal, provider string, suspended bool) {
	n.t.Helper()
	wish := api.Authorise{RequestID: fresh("req"), Principal: principal, Suspended: suspended}
	if err := n.as(principal).call(http.MethodPut, "/authorities/"+provider, wish, &api.Authority{}); err != nil {
		n.t.Fatal(err)
	}
	until(n.t, "the node knows", func() bool {
		return (n.node.directory.Load().MayActFor(provider, principal, n.clock.now()) != nil) == suspended
	})
}

// TestANewReleaseFindsAnOlderDemo: who has joined since is entered, and wallets are asked
// where and how they listen now.
func TestANewReleaseFindsAnOlderDemo(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	known, err := n.read().Listing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	older := member.Listing{Version: 1}
	for _, p := range known.Participants {
		if p.ID != "wechat" {
			p.Wallet.Client, p.Wallet.OwnCodes = "", false
			older.Participants = append(older.Participants, p)
		}
	}
	directory, err := member.NewDirectory(older)
	if err != nil {
		t.Fatal(err)
	}
	world := sim.Sandbox()
	world.Listing.Participants = known.Participants
	entered := hub.Enrol{}
	entered.Listing.Listing = news(directory, world)
	if len(entered.Listing.Corridors) != len(sim.Markets()) || len(entered.Listing.Agreements) != 1 {
		t.Errorf("%d corridors and %d agreements", len(entered.Listing.Corridors), len(entered.Listing.Agreements))
	}
	for _, p := range entered.Listing.Participants {
		if want := protocols[p.ID].dialect; (p.Wallet.Client != "") != (want != "") || p.Wallet.OwnCodes != (want == "bluecode" || want == "wechat") {
			t.Errorf("%s is asked as %q", p.ID, p.Wallet.Client)
		}
	}
}
