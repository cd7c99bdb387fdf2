package party

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/sim"
)

// A Tongue is how a wallet speaks with the switch in another protocol.
type Tongue struct {
	Ear Ear
	// Voice is nil where the protocol has no words for what a wallet asks of the switch:
	// then it asks in the switch's own, unless it is Mute.
	Voice Voice
	// Mute wallets never call: the switch has to inquire what became of a payment.
	Mute bool
	// Draw draws a code in a form of the wallet's own; nil: it shows codes of the switch's.
	Draw func(chance hansa.Chance) string
	// DrawnFor is how long such a code is good for.
	DrawnFor time.Duration
	// Carrier is the party at whose address the wallet is asked, below its own id: its
	// technical service provider. Empty: its own.
	Carrier string
}

// An Ear understands what the switch asks of a wallet, and answers it.
type Ear interface {
	Asked(question api.Question) (api.WalletCall, error)
	Refused(question api.Question, err error) api.Answer
	Answered(question api.Question, call api.WalletCall, answer api.WalletAnswer) api.Answer
	CarriedOut(question api.Question, call api.WalletCall, carried api.Carried) api.Answer
}

// A Voice is what a wallet asks of the switch, and how the answer is read. A payer who
// scans a code is debited first, and the switch is told afterwards.
type Voice interface {
	FetchCodes(fetch api.FetchCodes, now time.Time) api.Message
	CodesFetched(sent api.Message, answer api.Answer) (api.PaymentCodes, error)
	Announce(announce api.Announce, now time.Time) api.Message
	Announced(sent api.Message, answer api.Answer) (api.Announced, error)
	TellOutcome(reference, payer string, told api.TellOutcome, now time.Time) api.Message
	OutcomeHeard(sent api.Message, answer api.Answer) error
}

// sendForeign makes a call of another protocol once.
func (p *Party) sendForeign(ctx context.Context, sent api.Message) (api.Answer, error) {
	whole := sent
	whole.URL = p.config.Switch.URL + sent.URL
	return p.transport.Send(ctx, whole, client.CallWithin)
}

// askForeign makes a call until it is answered, refused for good, or ctx is over.
func askForeign[M any](ctx context.Context, p *Party, write func() api.Message, read func(api.Message, api.Answer) (M, error)) (M, error) {
	for tries := 0; ; tries++ {
		sent := write()
		answer, err := p.sendForeign(ctx, sent)
		var message M
		if err == nil {
			message, err = read(sent, answer)
		}
		if !client.Again(err) || !pause(ctx, retryAfter(tries)) {
			return message, err
		}
	}
}

// tellForeign tells an outcome once. What becomes of the payment the protocol does not
// say: a yes that was received stands, unless the switch takes it back.
func (p *Party) tellForeign(ctx context.Context, telling sim.Telling) (api.OutcomeHeard, error) {
	sent := p.tongue.Voice.TellOutcome(telling.Reference, telling.Payer, telling.Outcome, p.now())
	answer, err := p.sendForeign(ctx, sent)
	if err == nil {
		err = p.tongue.Voice.OutcomeHeard(sent, answer)
	}
	return api.OutcomeHeard{Reference: telling.Reference, Received: err == nil}, err
}

// answerForeign answers what the switch asks in another protocol, in the manner of the
// wallet.
func (p *Party) answerForeign(w http.ResponseWriter, r *http.Request) {
	body, err := api.ReadBody(r.Body, api.BodyMax)
	question := api.Question{Request: r, Body: body, Now: p.now(), Chance: p.config.Chance()}
	var call api.WalletCall
	if err == nil {
		call, err = p.tongue.Ear.Asked(question)
	}
	if err != nil {
		p.report(r, err)
		writeForeign(w, p.tongue.Ear.Refused(question, err))
		return
	}
	if call.Kind == api.CallCarry {
		var carried sim.Reply[api.Carried]
		err = p.step(func() { carried = p.wallet.Carry(call.Carry, p.now()) })
		reply := replied{w, r, carried.Manner, carried.Delay, err}
		p.replyForeign(reply, func() api.Answer { return p.tongue.Ear.CarriedOut(question, call, carried.Answer) })
		return
	}
	var reply sim.Reply[api.WalletAnswer]
	err = p.step(func() {
		switch call.Kind {
		case api.CallAsk:
			reply = p.wallet.Ask(call.Ask, p.now())
		case api.CallInquire:
			reply = p.wallet.Inquire(call.Ask.Reference, p.now())
		case api.CallCancel:
			reply = p.wallet.Cancel(call.Stop, p.now())
		}
	})
	p.replyForeign(replied{w, r, reply.Manner, reply.Delay, err}, func() api.Answer {
		return p.tongue.Ear.Answered(question, call, reply.Answer)
	})
}

// replied is how a wallet replies to a request.
type replied struct {
	w      http.ResponseWriter
	r      *http.Request
	manner sim.Manner
	delay  time.Duration
	fault  error
}

// replyForeign sends what a wallet replies, in its manner.
func (p *Party) replyForeign(reply replied, write func() api.Answer) {
	if reply.fault != nil {
		p.report(reply.r, reply.fault)
		reply.w.WriteHeader(http.StatusInternalServerError)
		return
	}
	p.ring()
	switch reply.manner {
	case sim.Silent:
		pause(reply.r.Context(), silentFor)
		panic(http.ErrAbortHandler) // The connection ends without an answer.
	case sim.Unreadable:
		_, _ = reply.w.Write([]byte(`{"result":{`))
	case sim.Answers:
		pause(reply.r.Context(), reply.delay)
		writeForeign(reply.w, write())
	}
}

func writeForeign(w http.ResponseWriter, answer api.Answer) {
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}
