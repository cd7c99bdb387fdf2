package main

import (
	"context"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/payment"
)

// A caller asks wallets what the hub owes to ask them.
type caller struct {
	wallets outbound.Wallets
	crash   crasher
}

// make makes a call, with no transaction open, and returns what was heard.
func (c *caller) make(ctx context.Context, call hub.Call) payment.Event {
	ctx = c.crash.sent(ctx, call) // K5, K10
	peer := outbound.Peer{Participant: call.Wallet.ID, URL: call.Wallet.Endpoint}
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
