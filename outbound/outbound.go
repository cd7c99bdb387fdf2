// Package outbound makes the HTTP calls of the switch: it asks wallets and posts
// webhooks. A call is signed, bounded in time and size, leads to a public address,
// follows no redirect and is made once: who wants another attempt makes it. An answer
// counts only if the other side has signed it for this very request. The room keeps
// nothing and starts nothing.
package outbound

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/payment"
)

// Wallets asks wallets what the switch owes to ask them. Every call may be made
// again and is answered the same, for ever. An error of any kind, a refusal too,
// is silence: it proves nothing about the payment.
type Wallets struct {
	Client *client.Caller
}

// Ask asks whether the payer pays, and waits payment.AnswerWithin.
func (w Wallets) Ask(ctx context.Context, wallet client.Peer, ask api.Ask) (api.WalletAnswer, error) {
	call := client.Call{Method: http.MethodPost, Path: ofPayment(ask.Reference) + "/ask", Body: ask, Within: payment.AnswerWithin}
	return w.payment(ctx, wallet, ask.Reference, call)
}

// Inquire asks what became of a payment, and waits payment.AnswerWithin.
func (w Wallets) Inquire(ctx context.Context, wallet client.Peer, reference string) (api.WalletAnswer, error) {
	call := client.Call{Method: http.MethodGet, Path: ofPayment(reference), Within: payment.AnswerWithin}
	return w.payment(ctx, wallet, reference, call)
}

// Cancel tells the wallet to give back what it took, or never to take it, and
// waits payment.ConfirmWithin.
func (w Wallets) Cancel(ctx context.Context, wallet client.Peer, stop api.Stop) (api.WalletAnswer, error) {
	call := client.Call{Method: http.MethodPost, Path: ofPayment(stop.Reference) + "/cancel", Body: stop, Within: payment.ConfirmWithin}
	return w.payment(ctx, wallet, stop.Reference, call)
}

// Carry tells the wallet to carry out a movement, and waits
// payment.ConfirmWithin.
func (w Wallets) Carry(ctx context.Context, wallet client.Peer, carry api.Carry) (api.Carried, error) {
	var carried api.Carried
	err := w.Client.Do(ctx, wallet, client.Call{
		Method: http.MethodPost, Path: "/movements/" + url.PathEscape(carry.Movement),
		Body: carry, Into: &carried, Within: payment.ConfirmWithin,
	})
	if err == nil && carried.Movement != carry.Movement {
		err = fmt.Errorf("%s was told of movement %s and answers of %q", wallet.Participant, carry.Movement, carried.Movement)
	}
	return carried, err
}

func (w Wallets) payment(ctx context.Context, wallet client.Peer, reference string, call client.Call) (api.WalletAnswer, error) {
	var answer api.WalletAnswer
	call.Into = &answer
	err := w.Client.Do(ctx, wallet, call)
	if err == nil && answer.Reference != reference {
		err = fmt.Errorf("%s was asked of payment %s and answers of %q", wallet.Participant, reference, answer.Reference)
	}
	return answer, err
}

func ofPayment(reference string) string { return "/payments/" + url.PathEscape(reference) }
