package outbound

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/payment"
)

// ErrUnsent says that a call was not made: nothing of it has left this machine.
var ErrUnsent = errors.New("nothing was sent")

// A Tongue is another protocol in which wallets are asked. It translates; an error of
// Heard or Carried is silence, and one of Call says that nothing can be sent.
type Tongue interface {
	Call(call api.WalletCall, question api.Question) (api.Message, error)
	Heard(call api.WalletCall, sent api.Message, answer api.Answer, wallet api.Client) (api.WalletAnswer, error)
	Carried(call api.WalletCall, sent api.Message, answer api.Answer, wallet api.Client) (api.Carried, error)
}

// A Decoder is another protocol in which acquirers are asked what their private codes ask.
// An error of Decoded that is no Refusal is silence.
type Decoder interface {
	Decode(call api.DecodeCall, question api.Question) (api.Message, error)
	Decoded(call api.DecodeCall, sent api.Message, answer api.Answer) (api.Decoded, error)
}

// A Namer is a tongue in which some calls name a payment as the wallet does, which the
// network does not keep: the wallet is inquired before.
type Namer interface {
	Unnamed(call api.WalletCall) bool
	Named(call api.WalletCall, answer api.Answer) (string, error)
}

// A Translated wallet is asked in another protocol. Every call may be made again.
type Translated struct {
	Tongue    Tongue
	Transport *Transport
	Now       time.Time
	Chance    hansa.Chance // fresh for every call
	Origin    string       // by which the network is known
}

// Ask makes a call about a payment, and returns what was heard: ErrUnsent where it cannot
// be said in the protocol.
func (t Translated) Ask(ctx context.Context, call api.WalletCall) (api.WalletAnswer, error) {
	within := payment.AnswerWithin
	if call.Kind == api.CallCancel {
		within = payment.ConfirmWithin
	}
	sent, answer, err := t.send(ctx, call, within)
	if err != nil {
		return api.WalletAnswer{}, err
	}
	return t.Tongue.Heard(call, sent, answer, call.Wallet)
}

// Carry makes a call about a movement, and returns what was heard.
func (t Translated) Carry(ctx context.Context, call api.WalletCall) (api.Carried, error) {
	ctx, cancel := context.WithTimeout(ctx, payment.ConfirmWithin)
	defer cancel()
	if err := t.name(ctx, &call); err != nil {
		return api.Carried{}, err
	}
	sent, answer, err := t.send(ctx, call, payment.ConfirmWithin)
	if err != nil {
		return api.Carried{}, err
	}
	return t.Tongue.Carried(call, sent, answer, call.Wallet)
}

// name learns from the wallet what it calls the payment, where the call has to say it.
func (t Translated) name(ctx context.Context, call *api.WalletCall) error {
	namer, ok := t.Tongue.(Namer)
	if !ok || !namer.Unnamed(*call) {
		return nil
	}
	inquiry := *call
	inquiry.Kind = api.CallInquire
	_, answer, err := t.send(ctx, inquiry, payment.ConfirmWithin)
	if err == nil {
		call.Known, err = namer.Named(inquiry, answer)
	}
	return err
}

func (t Translated) send(ctx context.Context, call api.WalletCall, within time.Duration) (api.Message, api.Answer, error) {
	sent, err := t.Tongue.Call(call, api.Question{Now: t.Now, Chance: t.Chance, Origin: t.Origin})
	if err != nil {
		return sent, api.Answer{}, fmt.Errorf("%w: %w", ErrUnsent, err)
	}
	whole := sent
	whole.URL = call.Endpoint + sent.URL
	answer, err := t.Transport.Send(ctx, whole, within)
	return sent, answer, err
}

// CallOf is what the switch owes to ask a wallet about a payment or a movement of it.
// Payer is the wallet's own token for its payer, where it is known.
func CallOf(p payment.Payment, m payment.Movement, kind payment.Call, payer string) api.WalletCall {
	call := api.WalletCall{Ask: AskOf(p, payer), Begun: p.CreatedAt}
	switch kind {
	case payment.CallAsk:
		call.Kind = api.CallAsk
	case payment.CallInquire:
		call.Kind = api.CallInquire
	case payment.CallCancel:
		call.Kind, call.Stop = api.CallCancel, StopOf(p)
	case payment.CallCapture, payment.CallRelease, payment.CallRefund:
		call.Kind, call.Carry = api.CallCarry, CarryOf(m)
	case payment.NoCall:
		panic("a call of no kind")
	}
	return call
}
