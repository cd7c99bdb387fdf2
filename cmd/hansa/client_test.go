package main

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/sim"
)

// client returns who speaks for a participant through package client.
func (n *network) client(id string) *client.Client {
	n.t.Helper()
	speaker := n.as(id)
	c, err := client.New(client.Config{
		URL: n.url, KeyID: speaker.client.KeyID, Key: speaker.client.Key,
		NetworkKeys: map[string]ed25519.PublicKey{switchKeyID: n.public},
		Now:         n.clock.now, Nonce: nonce, Transport: n.transport,
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return c
}

// TestTheClientPays: an acquirer and a wallet, both through package client and with
// nobody else, sell at a till by order and by payment code, and give money back.
func TestTheClientPays(t *testing.T) {
	t.Parallel()
	n := openNetwork(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	nets, vipps := n.client("nets"), n.client("vipps")
	terminal := sim.Terminal("bergen-cafe", "nets")
	wallet := newPaper(t, n, "vipps", vipps)

	order, err := nets.MakeOrder(ctx, api.MakeOrder{
		RequestID: fresh("req"), Amount: amount("349.50 NOK"), Store: "bergen-cafe", Terminal: terminal, OrderReference: "table-4",
	})
	noError(t, err)
	found, err := vipps.Resolve(ctx, api.Resolve{RequestID: fresh("req"), Code: order.Code})
	noError(t, err)
	if found.Kind != "order" || found.Payee.Name != "Bryggen Kafe" || found.Quote == nil {
		t.Fatalf("the order's code leads to %+v", found)
	}
	accepted, err := vipps.Accept(ctx, api.Accept{
		RequestID: fresh("req"), Quote: found.Quote.Quote, Payer: "u-1", Payee: found.Payee.Store,
		OrderAmount: found.Quote.OrderAmount, DebitAmount: found.Quote.DebitAmount,
	})
	noError(t, err)
	heard, err := vipps.TellOutcome(ctx, accepted.Payment.Reference, api.TellOutcome{
		Status: api.AnswerPaid, OrderAmount: found.Quote.OrderAmount, DebitAmount: found.Quote.DebitAmount, Payee: found.Payee.Store,
	})
	noError(t, err)
	if heard.Status != "approved" {
		t.Errorf("the wallet was heard, and the payment is %s", heard.Status)
	}
	if order, err = nets.ReadOrder(ctx, order.Order, 20*time.Second); err != nil || order.Status != "paid" {
		t.Errorf("the order is %s, %v", order.Status, err)
	}

	codes, err := vipps.FetchCodes(ctx, api.FetchCodes{RequestID: fresh("req"), Payer: "u-1", Count: 1})
	noError(t, err)
	ask := api.AskPayment{
		RequestID: fresh("req"), Code: codes.Codes[0].Code, Amount: amount("42 NOK"), Store: "bergen-cafe", Terminal: terminal, OrderReference: "table-5",
	}
	paid, err := nets.AskPayment(ctx, ask, 6*time.Second)
	noError(t, err)
	again, err := nets.AskPayment(ctx, ask, 0)
	noError(t, err)
	if diff := cmp.Diff(paid, again); diff != "" || paid.Status != "approved" {
		t.Errorf("the payment is %s, and asked for again (-first +second):\n%s", paid.Status, diff)
	}
	refund, err := nets.Refund(ctx, paid.Reference, api.MoveMoney{RequestID: fresh("req"), Amount: amount("12 NOK")})
	noError(t, err)
	_, err = nets.Refund(ctx, paid.Reference, api.MoveMoney{RequestID: fresh("req"), Amount: amount("31 NOK")})
	wantReason(t, hansa.RefundTooLarge, err)
	var told []string
	for event, err := range vipps.Events(ctx, "") {
		noError(t, err)
		told = append(told, event.Type)
		if event.Type == "refund.succeeded" {
			break
		}
	}
	want := "payment.pending payment.approved payment.pending payment.approved refund.pending refund.succeeded"
	if got := strings.Join(told, " "); got != want {
		t.Errorf("events: want %q, got %q", want, got)
	}
	receipt, err := nets.ReadMovementReceipt(ctx, refund.Movement)
	noError(t, err)
	if receipt.OrderAmount != amount("12 NOK") || receipt.Kind != "refund" {
		t.Errorf("receipt: %+v", receipt)
	}
	if got, want := wallet.lines(), []string{"ask u-1 42.00 NOK", "refund 12.00 NOK"}; !cmp.Equal(want, got) {
		t.Errorf("the wallet was asked %q, want %q", got, want)
	}
}

// A paper is a wallet that pays whatever it is asked, and notes it. It is safe for
// concurrent use.
type paper struct {
	mutex sync.Mutex
	noted map[string]bool
	list  []string
}

// newPaper lets the network call a wallet that answers through package client.
func newPaper(t *testing.T, n *network, id string, c *client.Client) *paper {
	t.Helper()
	p := &paper{noted: make(map[string]bool)}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	paid := func(ask api.Ask) api.WalletAnswer {
		return api.WalletAnswer{
			Reference: ask.Reference, Status: api.AnswerPaid, OrderAmount: ask.OrderAmount, DebitAmount: ask.DebitAmount, Payee: ask.Payee.Store,
		}
	}
	handler = c.Handler(server.URL, client.Questions{
		Ask: func(_ context.Context, ask api.Ask) (api.WalletAnswer, error) {
			p.note(ask.Reference, fmt.Sprintf("ask %s %s", ask.Payer, ask.DebitAmount))
			return paid(ask), nil
		},
		Inquire: func(_ context.Context, reference string) (api.WalletAnswer, error) {
			return api.WalletAnswer{Reference: reference, Status: api.AnswerNotFound}, nil
		},
		Cancel: func(_ context.Context, stop api.Stop) (api.WalletAnswer, error) {
			return api.WalletAnswer{Reference: stop.Reference, Status: api.AnswerCancelled}, nil
		},
		Carry: func(_ context.Context, carry api.Carry) (api.Carried, error) {
			p.note(carry.Movement, fmt.Sprintf("%s %s", carry.Kind, carry.DebitAmount))
			return api.Carried{Movement: carry.Movement, Status: api.AnswerDone}, nil
		},
	})
	n.change(id, func(p *member.Participant) { p.Endpoint = server.URL })
	noError(t, n.node.refresh(t.Context()))
	return p
}

// note notes a thing once.
func (p *paper) note(id, line string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !p.noted[id] {
		p.noted[id] = true
		p.list = append(p.list, line)
	}
}

func (p *paper) lines() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return append([]string(nil), p.list...)
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
