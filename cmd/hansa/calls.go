package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/web"
)

// A caller asks wallets what the hub owes to ask them, each in its own protocol.
type caller struct {
	wallets   outbound.Wallets
	transport *outbound.Transport
	tongues   map[string]outbound.Tongue // by the names of dialects
	directory func() *member.Directory
	now       func() time.Time
	crash     crasher
	log       *slog.Logger
}

// make makes a call, with no transaction open, and returns what was heard.
func (c *caller) make(ctx context.Context, call hub.Call) payment.Event {
	ctx = c.crash.sent(ctx, call) // K5, K10
	if call.Wallet.Wallet.Client != "" {
		return c.translate(ctx, call)
	}
	peer := client.Peer{Participant: call.Wallet.ID, URL: call.Wallet.Endpoint}
	switch call.Call {
	case payment.CallAsk:
		return outbound.Heard(c.wallets.Ask(ctx, peer, outbound.AskOf(call.Payment, call.Payer)))
	case payment.CallInquire:
		return outbound.Heard(c.wallets.Inquire(ctx, peer, call.Payment.ID))
	case payment.CallCancel:
		return outbound.Heard(c.wallets.Cancel(ctx, peer, outbound.StopOf(call.Payment)))
	case payment.CallCapture, payment.CallRelease, payment.CallRefund:
		carried, err := c.wallets.Carry(ctx, peer, outbound.CarryOf(call.Movement))
		return outbound.CarriedOut(call.Movement.ID, carried, err)
	case payment.NoCall:
	}
	panic("a call of no kind")
}

// translate asks a wallet in another protocol. Where nobody speaks it, nothing was sent.
func (c *caller) translate(ctx context.Context, call hub.Call) payment.Event {
	client, known := c.directory().Client(call.Wallet.Wallet.Client)
	translated := outbound.Translated{
		Tongue: c.tongues[client.Dialect], Transport: c.transport, Now: c.now(), Chance: chance(),
	}
	said := outbound.CallOf(call.Payment, call.Movement, call.Call, call.Payer)
	said.Wallet, said.Endpoint = web.ClientOf(client), call.Wallet.Endpoint
	isMovement := said.Kind == api.CallCarry
	switch {
	case !known || translated.Tongue == nil:
		c.log.Error("a wallet cannot be asked", "wallet", call.Wallet.ID, "client", call.Wallet.Wallet.Client)
		if isMovement {
			return payment.MovementSilent{ID: call.Movement.ID}
		}
		return payment.Unsent{}
	case isMovement:
		carried, err := translated.Carry(ctx, said)
		return outbound.CarriedOut(call.Movement.ID, carried, err)
	}
	return outbound.Heard(translated.Ask(ctx, said))
}
