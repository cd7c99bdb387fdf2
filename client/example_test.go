package client_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/money"
)

// exampleNetwork stands in for https://pay.example. A real program has no Transport.
func exampleNetwork(script ...func(*http.Request) api.Answer) http.RoundTripper {
	return &network{script: script, nonces: make(map[string]bool)}
}

func exampleClient(script ...func(*http.Request) api.Answer) *client.Client {
	c, err := client.New(client.Config{
		URL: "https://pay.example", KeyID: "nets#1", Key: keyOf(1),
		NetworkKeys: map[string]ed25519.PublicKey{"hansa#1": publicOf(9)},
		Now:         time.Now, Nonce: rand.Text, Transport: exampleNetwork(script...),
	})
	if err != nil {
		panic(err)
	}
	return c
}

// A till is paid. The request id is kept with the sale, so that the sale is made once
// whatever happens.
func ExampleClient_AskPayment() {
	nets := exampleClient(says(api.Payment{Reference: "pay_1", Status: "pending"}), says(api.Payment{Reference: "pay_1", Status: "approved"}))
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()

	payment, err := nets.AskPayment(ctx, api.AskPayment{
		RequestID: "sale-4711", Code: "888010000000000000000017", Amount: money.New(34950, "NOK"),
		Store: "bergen-cafe", Terminal: "till-1", OrderReference: "table-4",
	}, 6*time.Second)
	if err == nil && payment.Status == "pending" {
		payment, err = nets.AwaitPayment(ctx, payment.Reference)
	}
	if reason, refused := hansa.ReasonOf(err); refused {
		fmt.Println("not paid:", reason)
		return
	}
	fmt.Println(payment.Status, err)
	// Output:
	// approved <nil>
}

// A refusal is final and has a reason.
func ExampleRefused() {
	nets := exampleClient(says(api.ProblemOf(hansa.Refuse(hansa.RefundTooLarge, "30.00 NOK are left"))))
	_, err := nets.Refund(context.Background(), "pay_1", api.MoveMoney{RequestID: "refund-1", Amount: money.New(3100, "NOK")})
	reason, refused := hansa.ReasonOf(err)
	fmt.Println(reason, refused, client.Again(err))
	// Output:
	// refund_too_large true false
}

// A program goes on after the last event that it has worked through.
func ExampleClient_Events() {
	nets := exampleClient(says(api.Page[api.Event]{Items: []api.Event{
		{Cursor: "cur_1", Type: "order.open"}, {Cursor: "cur_2", Type: "order.paid"},
	}}))
	last := "" // as kept
	for event, err := range nets.Events(context.Background(), last) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(event.Type)
		last = event.Cursor // Keep it.
		if event.Type == "order.paid" {
			break
		}
	}
	// Output:
	// order.open
	// order.paid
}

// A webhook is believed only if the network has signed it.
func ExampleClient_HearEvent() {
	nets := exampleClient()
	receive := func(w http.ResponseWriter, r *http.Request) {
		id, event, err := nets.HearEvent(r)
		if err != nil {
			w.WriteHeader(api.ProblemOf(err).Status)
			return
		}
		// Keep the event under its id, unless it is there already. Then
		fmt.Println(id, event.Type)
		w.WriteHeader(http.StatusNoContent)
	}
	w := httptest.NewRecorder()
	receive(w, httptest.NewRequest(http.MethodPost, "/hooks", http.NoBody))
	fmt.Println(w.Code)
	// Output:
	// 401
}

// A wallet answers what the network asks.
func ExampleClient_Handler() {
	vipps := exampleClient()
	handler := vipps.Handler("https://wallet.example", client.Questions{
		Ask: func(_ context.Context, ask api.Ask) (api.WalletAnswer, error) {
			// Debit the payer once for this reference, keep that, and then
			return api.WalletAnswer{
				Reference: ask.Reference, Status: api.AnswerPaid,
				OrderAmount: ask.OrderAmount, DebitAmount: ask.DebitAmount, Payee: ask.Payee.Store,
			}, nil
		},
		// Inquire, Cancel and Carry alike.
	})
	http.Handle("/hansa/", http.StripPrefix("/hansa", handler))
	// Output:
}
