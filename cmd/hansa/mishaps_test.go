package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/money"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/sim/party"
	"github.com/hansa-network/hansa/store"
)

// An ending is how a mishap ends for everybody. Each payment of these stories is
// of 100.00 NOK at the Nets till of bergen-cafe.
type ending struct {
	Till   string   // what the till is answered about the payment: status and reason
	Spent  string   // what the payer has less than before
	Order  string   // status of the order; in flow A, whether its reference is free again
	Held   int64    // of the wallet's cap, in minor units of its settlement currency
	Booked []string // postings of the payment
}

const fullPrice = "100.00 NOK"

// What is booked for an approval: 100.00 ÷ (11.50 × 0.995) is 8.739 EUR, of which
// the FX provider deals whole cents; 100.00 ÷ (11.50 × 0.99) is 8.783 EUR.
var (
	nothing     = []string{}
	epassiBooks = []string{"acquirer/nets.no 100.00 NOK", "fx/hanseatic -100.00 NOK", "fx/hanseatic 8.73 EUR", "rounding 0.01 EUR", "wallet/epassi -8.74 EUR"}
	momoBooks   = []string{"acquirer/nets.no 100.00 NOK", "fx/hanseatic -100.00 NOK", "fx/hanseatic 8.73 EUR", "rounding 0.01 EUR", "wallet/momo -8.74 EUR"}
	pivoBooks   = []string{"acquirer/nets.no 100.00 NOK", "fx/hanseatic -100.00 NOK", "fx/hanseatic 8.73 EUR", "rounding 0.01 EUR", "wallet/pivo -8.74 EUR"}
	alipayBooks = []string{"acquirer/nets.no 100.00 NOK", "fx/hanseatic -100.00 NOK", "fx/hanseatic 8.78 EUR", "wallet/alipay -8.78 EUR"}
	vippsBooks  = []string{"acquirer/nets.no 100.00 NOK", "wallet/vipps -100.00 NOK"}
)

// A story is one payment that something happens to.
type story struct {
	*network
	payer     payer
	till      speaker
	reference string    // of the payment
	order     api.Order // in flows B and C
	ticket    string    // the till's order reference in flow A
	inApp     chan appAnswer
}

// An appAnswer is how the payer's app ends, in flows B and C.
type appAnswer struct {
	paid party.Paid
	err  error
}

// scannedByTill begins a payment of flow A.
func scannedByTill(t *testing.T, p payer) *story {
	t.Helper()
	s := &story{network: p.network, payer: p, till: p.network.as("nets"), ticket: fresh("bill")}
	begun, err := s.till.ask("bergen-cafe", p.code(), s.ticket, fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	s.reference = begun.Reference
	return s
}

// scannedByPayer begins a payment of flow B or C: the payer scans the till's
// code, and the story goes on once the network has a payment.
func scannedByPayer(t *testing.T, p payer) *story {
	t.Helper()
	s := orderOf(t, p)
	s.inApp = make(chan appAnswer, 1)
	go func() {
		paid, err := p.pay(s.order.Code, "")
		s.inApp <- appAnswer{paid, err}
	}()
	until(t, "a payment of "+p.wallet, func() bool {
		begun, err := s.read().Payments(t.Context(), store.Filter{Wallet: p.wallet, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(begun) == 1 {
			s.reference = begun[0].ID
		}
		return len(begun) == 1
	})
	return s
}

// orderOf makes an order that nobody has scanned yet.
func orderOf(t *testing.T, p payer) *story {
	t.Helper()
	s := &story{network: p.network, payer: p, till: p.network.as("nets")}
	var err error
	if s.order, err = s.till.order("bergen-cafe", fresh("bill"), fullPrice); err != nil {
		t.Fatal(err)
	}
	return s
}

// ends waits until all is as wanted, and holds what was told to what was told
// first.
func (s *story) ends(t *testing.T, want ending) {
	t.Helper()
	var got ending
	end := time.NewTimer(patience)
	defer end.Stop()
	for again := time.NewTicker(10 * time.Millisecond); ; {
		if got = s.look(t); cmp.Equal(want, got) {
			again.Stop()
			break
		}
		select {
		case <-again.C:
		case <-end.C:
			t.Fatalf("it ends otherwise (-want +got):\n%s", cmp.Diff(want, got))
		}
	}
	if s.inApp != nil {
		<-s.inApp
	}
	s.toldOnce(t)
	if s.ticket != "" {
		s.reuse(t, want.Order)
	}
}

// look reads how everything stands now. Whether the reference of an order is
// free is only tried at the end.
func (s *story) look(t *testing.T) ending {
	t.Helper()
	got := ending{Booked: s.postings(s.reference), Spent: s.payer.spent(), Order: "free"}
	p, err := s.till.payment(s.reference)
	got.Till = strings.TrimSpace(p.Status + " " + p.PendingReason + p.Reason)
	if err != nil {
		got.Till = reasonOf(err)
	}
	if p.Status == "approved" {
		got.Order = "taken"
	}
	if s.order.Order != "" {
		var o api.Order
		if err := s.till.get("/orders/"+s.order.Order, &o); err != nil {
			t.Fatal(err)
		}
		got.Order = o.Status
	}
	got.Held = s.held()
	return got
}

func (s *story) held() int64 {
	settles := map[string]money.Currency{"vipps": "NOK"}[s.payer.wallet]
	if settles == "" {
		settles = "EUR"
	}
	return s.position(ledger.OfWallet(s.payer.wallet), settles).Reserved
}

// toldOnce finds in what the till's acquirer hears one outcome at most, and the
// one that it is answered.
func (s *story) toldOnce(t *testing.T) {
	t.Helper()
	var page api.Page[api.Event]
	if err := s.till.get("/events?limit=200", &page); err != nil {
		t.Fatal(err)
	}
	now, err := s.till.payment(s.reference)
	var outcomes []string
	for _, event := range page.Items {
		if event.Payment == nil || event.Payment.Reference != s.reference || event.Movement != nil {
			continue
		}
		if event.Payment.Status != "pending" {
			outcomes = append(outcomes, event.Payment.Status+" "+event.Payment.Reason)
		}
	}
	if err != nil {
		if len(outcomes) != 0 {
			t.Errorf("the till does not know of the payment and has heard %q", outcomes)
		}
		return
	}
	if want := []string{now.Status + " " + now.Reason}; !slices.Equal(outcomes, want) {
		t.Errorf("the till has heard %q, and is answered %q", outcomes, want)
	}
}

// reuse tries the order reference again with another wallet.
func (s *story) reuse(t *testing.T, want string) {
	t.Helper()
	other := s.network.payer("vipps", sim.AcceptsAlways)
	again, err := s.till.ask("bergen-cafe", other.code(), s.ticket, fullPrice)
	switch want {
	case "taken":
		wantReason(t, hansa.OrderReferenceTaken, err)
	case "free":
		if err != nil {
			t.Fatal(err)
		}
		if got := s.till.outcome(again.Reference); got != "approved" {
			t.Errorf("the order is free, and a second payment of it is %s", got)
		}
	}
}

// stored is the payment as committed.
func (s *story) stored(t *testing.T) payment.Payment {
	t.Helper()
	p, err := s.read().Payment(t.Context(), s.reference)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// becomes waits until the payment is in a state.
func (s *story) becomes(t *testing.T, state payment.State) {
	t.Helper()
	until(t, "the payment is "+string(state), func() bool { return s.stored(t).State == state })
}

// rivals tries to pay the order with another wallet.
func (s *story) rivals(wallet string) (party.Paid, error) {
	return s.network.payer(wallet, sim.AcceptsAlways).pay(s.order.Code, "")
}

// What passes until the network gives up, and until it asks again.
const (
	tillGivesUp     = payment.AskedFor + time.Second
	payerGivesUp    = payment.PayerWait + payment.PayerGrace + time.Second
	debitGivesUp    = payment.DebitWithin + payment.ResolveFor + time.Second
	announceGivesUp = payment.AnnouncedFor + payment.ResolveFor + time.Second
	leaseOver       = payment.ConfirmWithin + 3*time.Second
	slowness        = sim.SlowBy + time.Second
)

// mishaps are the table of what can go wrong in each flow, each with its ending
// as worked out by hand.
var mishaps = map[string]func(t *testing.T, n *network){
	"A/refused by its payer": func(t *testing.T, n *network) {
		s := scannedByTill(t, n.payer("pivo", sim.AcceptsNever))
		s.ends(t, ending{"declined declined_by_payer", "0.00 EUR", "free", 0, nothing})
	},
	"A/declined": func(t *testing.T, n *network) {
		poor := amount("8.73 EUR")
		s := scannedByTill(t, n.payerWith("epassi", sim.AcceptsAlways, &poor))
		s.ends(t, ending{"declined insufficient_funds", "0.00 EUR", "free", 0, nothing})
	},
	"A/silent": func(t *testing.T, n *network) {
		n.behave("epassi", sim.Silence)
		s := scannedByTill(t, n.payer("epassi", sim.AcceptsAlways))
		if got := s.look(t); got.Till != "pending asking_wallet" || got.Held != 8_74 {
			t.Errorf("while the wallet is asked: %+v", got)
		}
		n.clock.pass(tillGivesUp)
		if got := s.till.outcome(s.reference); got != "expired payment_expired" {
			t.Errorf("the till hears %s", got)
		}
		if held := s.held(); held != 8_74 {
			t.Errorf("%d held before the cancel is acknowledged", held)
		}
		n.behave("epassi", sim.Behaves)
		n.clock.pass(leaseOver)
		s.ends(t, ending{"expired payment_expired", "0.00 EUR", "free", 0, nothing})
	},
	"A/late yes": func(t *testing.T, n *network) {
		n.behave("epassi", sim.LateYes)
		s := scannedByTill(t, n.payer("epassi", sim.AcceptsAlways))
		until(t, "the payer is debited", func() bool { return s.payer.spent() == "8.74 EUR" })
		n.clock.pass(tillGivesUp)
		if got := s.till.outcome(s.reference); got != "expired payment_expired" {
			t.Errorf("the till hears %s", got)
		}
		until(t, "the late yes is heard", func() bool { return s.stored(t).Late })
		n.clock.pass(leaseOver)
		s.ends(t, ending{"expired payment_expired", "0.00 EUR", "free", 0, nothing})
	},
	"A/double yes": func(t *testing.T, n *network) {
		n.behave("pivo", sim.DoubleYes)
		s := scannedByTill(t, n.payer("pivo", sim.AcceptsAlways))
		until(t, "the wallet has said all", func() bool {
			payments := s.payer.app().Payments
			return len(payments) == 1 && payments[0].State == sim.StatePaid && payments[0].Owed == 0
		})
		s.ends(t, ending{"approved", "8.74 EUR", "taken", 0, pivoBooks})
	},
	"A/wrong echo": func(t *testing.T, n *network) {
		n.behave("epassi", sim.WrongAmount)
		s := scannedByTill(t, n.payer("epassi", sim.AcceptsAlways))
		s.becomes(t, payment.Resolving)
		if got := s.look(t); got.Till != "pending resolving" || got.Spent != "8.74 EUR" || got.Held != 8_74 {
			t.Errorf("after the wrong echo: %+v", got)
		}
		n.clock.pass(tillGivesUp)
		s.ends(t, ending{"expired payment_expired", "0.00 EUR", "free", 0, nothing})
	},
	"A/two wallets on one order": func(t *testing.T, n *network) {
		s := scannedByTill(t, n.payer("pivo", sim.AcceptsAsked))
		rival := n.payer("vipps", sim.AcceptsAlways)
		_, err := s.till.ask("bergen-cafe", rival.code(), s.ticket, fullPrice)
		wantReason(t, hansa.OrderReferenceTaken, err)
		if err := s.payer.accept(s.reference, true); err != nil {
			t.Fatal(err)
		}
		s.ends(t, ending{"approved", "8.74 EUR", "taken", 0, pivoBooks})
		if payments := rival.app().Payments; len(payments) != 0 {
			t.Errorf("the rival's wallet was asked: %+v", payments)
		}
	},
	"A/suspended in the middle": func(t *testing.T, n *network) {
		s := scannedByTill(t, n.payer("pivo", sim.AcceptsAsked))
		late := n.payer("pivo", sim.AcceptsAlways).code()
		n.suspend("pivo", true)
		_, err := s.till.ask("bergen-cafe", late, fresh("bill"), fullPrice)
		wantReason(t, hansa.Suspended, err)
		if err := s.payer.accept(s.reference, true); err != nil {
			t.Fatal(err)
		}
		s.ends(t, ending{"approved", "8.74 EUR", "taken", 0, pivoBooks})
	},

	"B/its payer leaves": func(t *testing.T, n *network) {
		s := orderOf(t, n.payer("momo", sim.AcceptsNever))
		before := n.height()
		paid, err := s.payer.pay(s.order.Code, "")
		if err != nil || paid.Reason != string(hansa.DeclinedByPayer) || paid.Reference != "" || n.height() != before {
			t.Errorf("%+v, %v, the journal has grown by %d", paid, err, n.height()-before)
		}
		if got := s.look(t); got.Order != "open" || got.Spent != "0.00 EUR" || got.Held != 0 {
			t.Errorf("%+v", got)
		}
	},
	"B/refused by its payer": func(t *testing.T, n *network) {
		s := orderOf(t, n.payer("momo", sim.AcceptsNever))
		s.accepts(t)
		if got := s.look(t); got.Till != "pending awaiting_payer" || got.Order != "held" || got.Held != 8_74 {
			t.Errorf("while the wallet debits: %+v", got)
		}
		s.tells(t, api.TellOutcome{Status: api.AnswerDeclined, Reason: string(hansa.DeclinedByPayer)}, "declined")
		s.ends(t, ending{"declined declined_by_payer", "0.00 EUR", "open", 0, nothing})
		if paid, err := s.rivals("vipps"); err != nil || paid.Status != "approved" {
			t.Errorf("another wallet: %+v, %v", paid, err)
		}
	},
	"B/declined": func(t *testing.T, n *network) {
		poor := amount("8.73 EUR")
		s := scannedByPayer(t, n.payerWith("momo", sim.AcceptsAlways, &poor))
		s.ends(t, ending{"declined insufficient_funds", "0.00 EUR", "open", 0, nothing})
	},
	"B/silent": func(t *testing.T, n *network) {
		n.behave("momo", sim.Silence)
		s := scannedByPayer(t, n.payer("momo", sim.AcceptsAlways))
		n.clock.pass(debitGivesUp)
		if got := s.till.outcome(s.reference); got != "expired payment_expired" {
			t.Errorf("the till hears %s", got)
		}
		if got := s.look(t); got.Order != "held" || got.Held != 8_74 {
			t.Errorf("before the cancel is acknowledged: %+v", got)
		}
		_, err := s.rivals("vipps")
		wantReason(t, hansa.OrderNotOpen, err)
		n.behave("momo", sim.Behaves)
		n.clock.pass(leaseOver)
		s.ends(t, ending{"expired payment_expired", "0.00 EUR", "open", 0, nothing})
	},
	"B/late yes": func(t *testing.T, n *network) {
		n.behave("momo", sim.LateYes)
		s := scannedByPayer(t, n.payer("momo", sim.AcceptsAlways))
		until(t, "the payer is debited", func() bool { return s.payer.spent() == "8.74 EUR" })
		n.clock.pass(debitGivesUp)
		until(t, "the late yes is heard", func() bool { return s.stored(t).Late })
		n.clock.pass(leaseOver)
		s.ends(t, ending{"expired payment_expired", "0.00 EUR", "open", 0, nothing})
	},
	"B/double yes": func(t *testing.T, n *network) {
		n.behave("momo", sim.DoubleYes)
		s := scannedByPayer(t, n.payer("momo", sim.AcceptsAlways))
		until(t, "the wallet has said all", func() bool {
			payments := s.payer.app().Payments
			return len(payments) == 1 && payments[0].State == sim.StatePaid && payments[0].Owed == 0
		})
		s.ends(t, ending{"approved", "8.74 EUR", "paid", 0, momoBooks})
	},
	"B/wrong echo": func(t *testing.T, n *network) {
		n.behave("momo", sim.WrongAmount)
		s := scannedByPayer(t, n.payer("momo", sim.AcceptsAlways))
		s.becomes(t, payment.Resolving)
		if got := s.look(t); got.Till != "pending resolving" || got.Spent != "8.74 EUR" || got.Order != "held" {
			t.Errorf("after the wrong echo: %+v", got)
		}
		n.clock.pass(debitGivesUp)
		s.ends(t, ending{"expired payment_expired", "0.00 EUR", "open", 0, nothing})
	},
	"B/two wallets on one order": func(t *testing.T, n *network) {
		n.behave("momo", sim.Slow)
		s := scannedByPayer(t, n.payer("momo", sim.AcceptsAlways))
		_, err := s.rivals("vipps")
		wantReason(t, hansa.OrderNotOpen, err)
		n.clock.pass(slowness)
		n.behave("momo", sim.Behaves)
		s.ends(t, ending{"approved", "8.74 EUR", "paid", 0, momoBooks})
		_, err = s.rivals("vipps")
		wantReason(t, hansa.OrderPaid, err)
	},
	"B/suspended in the middle": func(t *testing.T, n *network) {
		n.behave("momo", sim.Slow)
		s := scannedByPayer(t, n.payer("momo", sim.AcceptsAlways))
		n.suspend("momo", true)
		_, err := s.rivals("momo")
		wantReason(t, hansa.Suspended, err)
		n.clock.pass(slowness)
		n.behave("momo", sim.Behaves)
		s.ends(t, ending{"approved", "8.74 EUR", "paid", 0, momoBooks})
	},

	"C/refused by its payer": func(t *testing.T, n *network) {
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsNever))
		s.ends(t, ending{"not_found", "0.00 CNY", "open", 0, nothing})
		if p := s.stored(t); p.Status() != "declined" || p.Reason != hansa.DeclinedByPayer {
			t.Errorf("%s %s", p.Status(), p.Reason)
		}
	},
	"C/declined": func(t *testing.T, n *network) {
		poor := amount("72.40 CNY")
		s := scannedByPayer(t, n.payerWith("alipay", sim.AcceptsAlways, &poor))
		s.ends(t, ending{"not_found", "0.00 CNY", "open", 0, nothing})
		if p := s.stored(t); p.Status() != "declined" || p.Reason != hansa.InsufficientFunds {
			t.Errorf("%s %s", p.Status(), p.Reason)
		}
	},
	"C/silent": func(t *testing.T, n *network) {
		n.behave("alipay", sim.Silence)
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsAlways))
		if got := s.look(t); got.Till != "not_found" || got.Order != "open" || got.Held != 8_78 {
			t.Errorf("while it is announced: %+v", got)
		}
		n.clock.pass(announceGivesUp)
		s.becomes(t, payment.Reversing)
		if held := s.held(); held != 8_78 {
			t.Errorf("%d held before the cancel is acknowledged", held)
		}
		n.behave("alipay", sim.Behaves)
		n.clock.pass(leaseOver)
		s.ends(t, ending{"not_found", "0.00 CNY", "open", 0, nothing})
	},
	"C/late yes": func(t *testing.T, n *network) {
		n.behave("alipay", sim.LateYes)
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsAlways))
		until(t, "the payer is debited", func() bool { return s.payer.spent() == "72.41 CNY" })
		n.clock.pass(announceGivesUp)
		until(t, "the late yes is heard", func() bool { return s.stored(t).Late })
		n.clock.pass(leaseOver)
		s.ends(t, ending{"not_found", "0.00 CNY", "open", 0, nothing})
	},
	"C/double yes": func(t *testing.T, n *network) {
		n.behave("alipay", sim.DoubleYes)
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsAlways))
		until(t, "the wallet has said all", func() bool {
			payments := s.payer.app().Payments
			return len(payments) == 1 && payments[0].State == sim.StatePaid && payments[0].Owed == 0
		})
		s.ends(t, ending{"approved", "72.41 CNY", "paid", 0, alipayBooks})
	},
	"C/wrong echo": func(t *testing.T, n *network) {
		n.behave("alipay", sim.WrongAmount)
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsAlways))
		s.ends(t, ending{"not_found", "0.00 CNY", "open", 0, nothing})
		if p := s.stored(t); !p.Quarantined || !p.Late {
			t.Errorf("%+v", p)
		}
	},
	"C/two wallets on one order": func(t *testing.T, n *network) {
		n.behave("alipay", sim.Slow)
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsAlways))
		until(t, "the payer is debited", func() bool { return s.payer.spent() == "72.41 CNY" })
		// A bystander's scan does not block the till.
		paid, err := s.rivals("vipps")
		if err != nil || paid.Status != "approved" {
			t.Fatalf("%+v, %v", paid, err)
		}
		n.clock.pass(slowness)
		n.behave("alipay", sim.Behaves)
		s.ends(t, ending{"not_found", "0.00 CNY", "paid", 0, nothing})
		if booked := n.postings(paid.Reference); !slices.Equal(booked, vippsBooks) {
			t.Errorf("booked for the other wallet: %q", booked)
		}
	},
	"C/suspended in the middle": func(t *testing.T, n *network) {
		n.behave("alipay", sim.Slow)
		s := scannedByPayer(t, n.payer("alipay", sim.AcceptsAlways))
		n.suspend("alipay", true)
		_, err := s.rivals("alipay")
		wantReason(t, hansa.Suspended, err)
		n.clock.pass(slowness)
		n.behave("alipay", sim.Behaves)
		s.ends(t, ending{"approved", "72.41 CNY", "paid", 0, alipayBooks})
	},
}

func TestMishaps(t *testing.T) {
	t.Parallel()
	for name, happens := range mishaps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			happens(t, openNetwork(t))
		})
	}
}

// accepts lets the wallet accept the order for its payer, and do nothing more.
func (s *story) accepts(t *testing.T) {
	t.Helper()
	wallet := s.as(s.payer.wallet)
	var resolution api.Resolution
	if err := wallet.post("/resolve", api.Resolve{RequestID: fresh("req"), Code: s.order.Code}, &resolution); err != nil {
		t.Fatal(err)
	}
	var accepted api.Accepted
	err := wallet.post("/accepts", api.Accept{
		RequestID: fresh("req"), Quote: resolution.Quote.Quote, Payer: s.payer.id,
		OrderAmount: resolution.Quote.OrderAmount, DebitAmount: resolution.Quote.DebitAmount, Payee: resolution.Payee.Store,
	}, &accepted)
	if err != nil {
		t.Fatal(err)
	}
	s.reference = accepted.Payment.Reference
}

// tells says an outcome as the wallet, and wants that status in answer.
func (s *story) tells(t *testing.T, told api.TellOutcome, status string) {
	t.Helper()
	p := s.stored(t)
	if told.Status == api.AnswerPaid {
		told.OrderAmount, told.DebitAmount, told.Payee = p.Terms.Order, p.Terms.Debit, p.Payee.Store
	} else {
		told.OrderAmount, told.DebitAmount = p.Terms.Order, p.Terms.Debit
	}
	var heard api.OutcomeHeard
	if err := s.as(s.payer.wallet).post("/payments/"+s.reference+"/outcome", told, &heard); err != nil {
		t.Fatal(err)
	}
	if want := (api.OutcomeHeard{Reference: s.reference, Received: true, Status: status}); heard != want {
		t.Errorf("want %+v, got %+v", want, heard)
	}
}

// TestATillCancelsAtTheSameInstant: whoever comes first, till and wallet agree,
// and a payer who has paid for nothing gets the money back.
func TestATillCancelsAtTheSameInstant(t *testing.T) {
	t.Parallel()
	t.Run("A", func(t *testing.T) {
		t.Parallel()
		n := openNetwork(t)
		for range 8 {
			s := scannedByTill(t, n.payer("pivo", sim.AcceptsAsked))
			until(t, "a prompt", func() bool { return len(s.payer.app().Prompts) == 1 })
			answered := make(chan error, 1)
			go func() { answered <- s.payer.answer(s.reference, true) }()
			cancelled, err := s.till.cancel(s.reference)
			if err != nil {
				t.Fatal(err)
			}
			<-answered // The wallet may have heard of the cancel first.
			s.isUndone(t, cancelled.Payment.Status, cancelled.Movement != nil)
		}
	})
	for flow, wallet := range map[string]string{"B": "momo", "C": "alipay"} {
		t.Run(flow, func(t *testing.T) {
			t.Parallel()
			n := openNetwork(t)
			for round := range 8 {
				s := orderOf(t, n.payer(wallet, sim.AcceptsAlways))
				s.inApp = make(chan appAnswer, 1)
				go func() {
					paid, err := s.payer.pay(s.order.Code, "")
					s.inApp <- appAnswer{paid, err}
				}()
				if round%2 == 1 {
					s.isScanned(t)
				}
				var o api.Order
				err := s.till.post("/orders/"+s.order.Order+"/cancel", api.Change{RequestID: fresh("req")}, &o)
				in := <-s.inApp
				s.isSettled(t, err, in)
			}
		})
	}
}

// isScanned waits until a payment of the order has begun.
func (s *story) isScanned(t *testing.T) {
	t.Helper()
	until(t, "the order is scanned", func() bool {
		begun, err := s.read().Payments(t.Context(), store.Filter{Wallet: s.payer.wallet, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(begun, func(p payment.Payment) bool { return p.Order == s.order.Order })
	})
}

// isUndone: the payer has all the money again, and nothing is left of it.
func (s *story) isUndone(t *testing.T, status string, moved bool) {
	t.Helper()
	if status != "approved" && status != "cancelled" || moved != (status == "approved") {
		t.Errorf("the cancel was answered %s, with a movement: %t", status, moved)
	}
	until(t, "the payer has the money again", func() bool { return s.payer.spent() == "0.00 EUR" && s.held() == 0 })
	if p, err := s.till.payment(s.reference); err != nil || p.Status != status {
		t.Errorf("the till was told %s and is told %s, %v", status, p.Status, err)
	}
	s.isBalanced(t)
}

// isBalanced: what was booked for the payment comes to nothing.
func (s *story) isBalanced(t *testing.T) {
	t.Helper()
	until(t, "what was booked is taken back", func() bool {
		sums := make(map[string]int64)
		for posted, err := range s.read().EachPosting(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if posted.Payment == s.reference {
				sums[string(posted.Account)+" "+string(posted.Amount.Currency)] += posted.Amount.Value
			}
		}
		for _, sum := range sums {
			if sum != 0 {
				return false
			}
		}
		return true
	})
}

// isSettled: either the order is paid and the cancel was refused, or it is closed
// and the payer has lost nothing.
func (s *story) isSettled(t *testing.T, cancel error, in appAnswer) {
	t.Helper()
	s.reference, s.inApp = in.paid.Reference, nil
	if cancel != nil {
		wantReason(t, hansa.OrderPaid, cancel)
		books, spent := momoBooks, "8.74 EUR"
		if s.payer.wallet == "alipay" {
			books, spent = alipayBooks, "72.41 CNY"
		}
		s.ends(t, ending{"approved", spent, "paid", 0, books})
		return
	}
	if in.err != nil {
		wantReason(t, hansa.OrderNotOpen, in.err)
	} else if in.paid.Status != "cancelled" {
		t.Errorf("the till cancelled, and the app says %s", in.paid.Status)
	}
	got := s.look(t)
	until(t, "the order is closed and nothing is lost", func() bool {
		got = s.look(t)
		return got.Order == "closed" && strings.HasPrefix(got.Spent, "0.00 ") && got.Held == 0 && len(got.Booked) == 0
	})
}
