package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/sim"
)

// takeovers are what the first node has begun when it is killed. The clock stands,
// so that no lease runs out before a test lets it.
var takeovers = map[string]func(*testing.T, *pair){
	"a wallet is asked":      killedWhileAWalletIsAsked,
	"a payer is asked":       killedWhileAPayerIsAsked,
	"a cancel is owed":       killedWhileACancelIsOwed,
	"a refund is on its way": killedWhileARefundIsOnItsWay,
	"an order is open":       killedWhileAnOrderIsOpen,
}

// TestANodeFinishesWhatAKilledOneHasBegun: leases run out, and the other goes on.
func TestANodeFinishesWhatAKilledOneHasBegun(t *testing.T) {
	t.Parallel()
	for name, tell := range takeovers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tell(t, openPair(t))
		})
	}
}

// What passes until another node takes over: longer than the lease of a question,
// shorter than the time that a wallet has to answer it, and longer than the lease of
// a webhook.
const (
	askAgain      = payment.AnswerWithin + 2*time.Second
	hookLeaseOver = 31 * time.Second
)

// isCalling waits until a node has a call on its way.
func (p *pair) isCalling(t *testing.T, i int) {
	t.Helper()
	until(t, "a call is on its way", func() bool { return p.nodes[i].engine.room.taken() > 0 })
}

func killedWhileAWalletIsAsked(t *testing.T, p *pair) {
	t.Helper()
	p.clock.stop()
	p.behave("epassi", sim.Silence)
	ida := p.payer("epassi", sim.AcceptsAlways)
	begun, err := p.at(0).as("nets").ask("bergen-cafe", ida.code(), "bill", fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	p.isCalling(t, 0)
	p.dies(0)
	p.behave("epassi", sim.Behaves)
	if now, err := p.as("nets").payment(begun.Reference); err != nil || now.Status != "pending" {
		t.Errorf("before the lease runs out: %+v, %v", now, err)
	}
	p.clock.pass(askAgain)
	if got := p.as("nets").outcome(begun.Reference); got != "approved" {
		t.Error(got)
	}
	if spent, booked := ida.spent(), p.postings(begun.Reference); spent != "8.74 EUR" || !slices.Equal(booked, epassiBooks) {
		t.Errorf("%s spent, booked %q", spent, booked)
	}
}

func killedWhileAPayerIsAsked(t *testing.T, p *pair) {
	t.Helper()
	p.clock.stop()
	pekka := p.payer("pivo", sim.AcceptsAsked)
	wish := api.AskPayment{
		RequestID: "once", Code: pekka.code(), Amount: amount(fullPrice), Store: "bergen-cafe",
		Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: "bill",
	}
	var begun, again api.Payment
	if err := p.at(0).as("nets").post("/payments?wait=0", wish, &begun); err != nil {
		t.Fatal(err)
	}
	until(t, "the payer is asked", func() bool {
		now, err := p.at(1).as("nets").payment(begun.Reference)
		return err == nil && now.PendingReason == "awaiting_payer"
	})
	p.dies(0)
	if err := pekka.accept(begun.Reference, true); err != nil {
		t.Fatal(err)
	}
	if err := p.at(1).as("nets").post("/payments", wish, &again); err != nil || again.Reference != begun.Reference {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	if got := p.as("nets").outcome(begun.Reference); got != "approved" || pekka.spent() != "8.74 EUR" {
		t.Errorf("%s, %s spent", got, pekka.spent())
	}
}

func killedWhileACancelIsOwed(t *testing.T, p *pair) {
	t.Helper()
	p.clock.stop()
	p.behave("epassi", sim.LateYes)
	s := scannedByTill(t, p.at(0).payer("epassi", sim.AcceptsAlways))
	until(t, "the payer is debited", func() bool { return s.payer.spent() == "8.74 EUR" })
	p.behave("epassi", sim.Silence)
	if _, err := s.till.cancel(s.reference); err != nil {
		t.Fatal(err)
	}
	p.isCalling(t, 0)
	p.dies(0)
	p.behave("epassi", sim.Behaves)
	p.clock.pass(leaseOver)
	until(t, "the wallet has acknowledged the cancel", func() bool {
		p.clock.pass(50 * time.Millisecond) // It first says its late yes.
		now, err := p.read().Payment(t.Context(), s.reference)
		return err == nil && now.State == payment.Reversed
	})
	if spent, booked := s.payer.spent(), p.postings(s.reference); spent != "0.00 EUR" || len(booked) != 0 {
		t.Errorf("%s spent, booked %q", spent, booked)
	}
}

func killedWhileARefundIsOnItsWay(t *testing.T, p *pair) {
	t.Helper()
	p.clock.stop()
	ola, nets := p.payer("vipps", sim.AcceptsAlways), p.at(0).as("nets")
	paid, err := nets.ask("bergen-cafe", ola.code(), "bill", fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	if got := nets.outcome(paid.Reference); got != "approved" {
		t.Fatal(got)
	}
	p.behave("vipps", sim.Silence)
	var refund api.Movement
	back := api.MoveMoney{RequestID: "once", Amount: amount("10.00 NOK")}
	if err := nets.post("/payments/"+paid.Reference+"/refunds", back, &refund); err != nil {
		t.Fatal(err)
	}
	p.isCalling(t, 0)
	p.dies(0)
	p.behave("vipps", sim.Behaves)
	p.clock.pass(leaseOver)
	until(t, "the refund is made", func() bool {
		err := p.as("nets").get("/movements/"+refund.Movement, &refund)
		return err == nil && refund.Status == "succeeded"
	})
	if spent := ola.spent(); spent != "90.00 NOK" {
		t.Errorf("%s spent", spent)
	}
}

func killedWhileAnOrderIsOpen(t *testing.T, p *pair) {
	t.Helper()
	p.clock.stop()
	order, err := p.at(0).as("nets").order("bergen-cafe", "bill", fullPrice)
	if err != nil {
		t.Fatal(err)
	}
	ida := p.payer("epassi", sim.AcceptsAlways)
	p.dies(0)
	if paid, err := ida.pay(order.Code, ""); err != nil || paid.Status != "approved" {
		t.Errorf("%+v, %v", paid, err)
	}
	if err := p.as("nets").get("/orders/"+order.Order, &order); err != nil || order.Status != "paid" {
		t.Errorf("%+v, %v", order, err)
	}
}

// A postWatch knows where a node is posting to.
type postWatch struct {
	poster
	underway sync.Map
}

func (w *postWatch) Post(ctx context.Context, address, id string, body []byte) (int, error) {
	w.underway.Store(address, true)
	defer w.underway.Delete(address)
	return w.poster.Post(ctx, address, id, body)
}

// TestAKilledNodesWebhookIsPostedByTheOther: the endpoint has heard it, and hears it
// again. It may be either node that posts it first.
func TestAKilledNodesWebhookIsPostedByTheOther(t *testing.T) {
	t.Parallel()
	var watches []*postWatch
	p := openPair(t, func(n *node) {
		watches = append(watches, &postWatch{poster: n.engine.hooks.post})
		n.engine.hooks.post = watches[len(watches)-1]
	})
	p.clock.stop()
	heard, over := make(chan string, 16), make(chan struct{})
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		heard <- r.Header.Get("Webhook-Id")
		<-over // It never says that it did.
	}))
	t.Cleanup(endpoint.Close)
	t.Cleanup(func() { close(over) })
	p.change("nets", func(nets *member.Participant) { nets.Webhook = endpoint.URL })
	for i := range p.nodes {
		until(t, "the endpoint is known", func() bool {
			nets, err := p.nodes[i].directory.Load().Participant("nets")
			return err == nil && nets.Webhook == endpoint.URL
		})
	}
	p.approved(t)
	first, dead := <-heard, 0
	if _, second := watches[1].underway.Load(endpoint.URL); second {
		dead = 1
	}
	p.dies(dead)
	p.clock.pass(hookLeaseOver)
	if again := <-heard; again != first {
		t.Errorf("first %s, from the other node %s", first, again)
	}
}

// TestAKilledNodeLosesNothingUnderLoad: whoever gets no answer asks again with the
// same request, at the other node, and everybody is paid once.
func TestAKilledNodeLosesNothingUnderLoad(t *testing.T) {
	t.Parallel()
	const clients, payments = 8, 20
	p := openPair(t)
	p.clock.stop()
	var wishes []api.AskPayment
	ola := p.payer("vipps", sim.AcceptsAlways)
	for i := range clients * payments {
		wishes = append(wishes, api.AskPayment{
			RequestID: fmt.Sprint("request-", i), Code: ola.code(), Amount: amount("1.00 NOK"), Store: "bergen-cafe",
			Terminal: sim.Terminal("bergen-cafe", "nets"), OrderReference: fmt.Sprint("bill-", i),
		})
	}
	references := make([]string, len(wishes))
	var paid atomic.Int64
	var paying sync.WaitGroup
	for client := range clients {
		paying.Go(func() {
			for i := client; i < len(wishes); i += clients {
				references[i] = p.insists(t, wishes[i])
				if paid.Add(1) == clients*payments/3 {
					p.dies(0)
				}
			}
		})
	}
	paying.Wait()
	p.clock.pass(leaseOver)
	for i, reference := range references {
		if slices.Index(references, reference) != i {
			t.Errorf("%s was begun twice", reference)
		}
		if got := p.as("nets").outcome(reference); got != "approved" {
			t.Errorf("%s is %s", reference, got)
		}
	}
	if spent := ola.spent(); spent != fmt.Sprintf("%d.00 NOK", len(wishes)) || p.countPayments(t) != len(wishes) {
		t.Errorf("%s spent in %d payments", spent, p.countPayments(t))
	}
}

// insists asks until there is an answer, and returns the reference.
func (p *pair) insists(t *testing.T, wish api.AskPayment) string {
	t.Helper()
	var begun api.Payment
	for range 100 {
		err := p.as("nets").post("/payments?wait=1", wish, &begun)
		if err == nil {
			return begun.Reference
		}
		if reason, refused := hansa.ReasonOf(err); refused && reason != hansa.Unavailable {
			t.Errorf("%s: %v", wish.RequestID, err)
			break
		}
	}
	return ""
}
