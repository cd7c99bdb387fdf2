package party

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/sim"
)

// Limits of a party's server.
const (
	readWithin = 5 * time.Second
	idleFor    = 60 * time.Second
	stopWithin = time.Second / 2
	headerMax  = 16 << 10
	silentFor  = 15 * time.Second // longer than anybody waits for an answer
)

// run serves the party and tells its outcomes until ctx is over.
func (p *Party) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler: p.handler(), ReadHeaderTimeout: readWithin, IdleTimeout: idleFor, MaxHeaderBytes: headerMax,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	var working sync.WaitGroup
	working.Go(func() {
		<-ctx.Done()
		grace, done := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer done()
		if server.Shutdown(grace) != nil {
			server.Close() //nolint:errcheck,gosec // What is still open is given up.
		}
	})
	if p.wallet != nil {
		working.Go(func() { p.tellOutcomes(ctx) })
		if !p.tongue.Mute {
			working.Go(func() { p.pollRules(ctx) })
		}
	}
	if p.acquirer != nil {
		working.Go(func() { p.captureSales(ctx) })
	}
	err := server.Serve(p.listener)
	cancel()
	working.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve party %s: %w", p.id, err)
}

// handler is what the switch may call.
func (p *Party) handler() http.Handler {
	mux := http.NewServeMux()
	for _, principal := range p.carries {
		mux.HandleFunc("/"+principal.id+"/", principal.answerForeign)
	}
	switch {
	case p.tongue.Ear != nil && p.tongue.Carrier == "":
		mux.HandleFunc("/", p.answerForeign)
	case p.wallet != nil && p.tongue.Ear == nil:
		mux.HandleFunc("POST /payments/{reference}/ask", answered(p, p.ask))
		mux.HandleFunc("GET /payments/{reference}", answered(p, p.inquire))
		mux.HandleFunc("POST /payments/{reference}/cancel", answered(p, p.cancel))
		mux.HandleFunc("POST /movements/{movement}", answered(p, p.carry))
	}
	switch {
	case p.config.DecodeEars[p.id] != nil:
		mux.HandleFunc("POST /aps/api/v1/payments/userInitiatedPay", p.decodeForeign)
	case p.acquirer != nil:
		mux.HandleFunc("POST /decode", answered(p, p.decode))
	}
	mux.HandleFunc("POST /webhook", p.hear)
	return mux
}

// ask is POST /payments/{reference}/ask.
func (p *Party) ask(r *http.Request, body []byte) (reply sim.Reply[api.WalletAnswer], err error) {
	var ask api.Ask
	if err := decodeFor(r, "reference", body, &ask, &ask.Reference); err != nil {
		return reply, err
	}
	err = p.step(func() { reply = p.wallet.Ask(ask, p.now()) })
	return reply, err
}

// inquire is GET /payments/{reference}.
func (p *Party) inquire(r *http.Request, _ []byte) (reply sim.Reply[api.WalletAnswer], err error) {
	err = p.step(func() { reply = p.wallet.Inquire(r.PathValue("reference"), p.now()) })
	return reply, err
}

// cancel is POST /payments/{reference}/cancel.
func (p *Party) cancel(r *http.Request, body []byte) (reply sim.Reply[api.WalletAnswer], err error) {
	var stop api.Stop
	if err := decodeFor(r, "reference", body, &stop, &stop.Reference); err != nil {
		return reply, err
	}
	err = p.step(func() { reply = p.wallet.Cancel(stop, p.now()) })
	return reply, err
}

// carry is POST /movements/{movement}.
func (p *Party) carry(r *http.Request, body []byte) (reply sim.Reply[api.Carried], err error) {
	var carry api.Carry
	if err := decodeFor(r, "movement", body, &carry, &carry.Movement); err != nil {
		return reply, err
	}
	err = p.step(func() { reply = p.wallet.Carry(carry, p.now()) })
	return reply, err
}

// decodeFor reads the body, whose id must be the one that the path names.
func decodeFor(r *http.Request, name string, body []byte, into any, id *string) error {
	if err := api.Decode(body, into); err != nil {
		return err
	}
	if *id != r.PathValue(name) {
		return hansa.Refuse(hansa.Malformed, "the path names another %s", name)
	}
	return nil
}

// answered serves a question of the switch: it verifies who asks, and sends what
// the wallet replies, in the manner of the wallet.
func answered[T any](p *Party, decide func(*http.Request, []byte) (sim.Reply[T], error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := api.ReadBody(r.Body, api.BodyMax)
		if err == nil {
			_, err = api.VerifyRequest(r, body, p.origin, p.config.Switch.Keys, p.now())
		}
		var reply sim.Reply[T]
		if err == nil {
			reply, err = decide(r, body)
		}
		if err != nil {
			p.report(r, err)
			problem := api.ProblemOf(err)
			p.answer(w, r, api.Answer{Status: problem.Status, Body: api.Encode(problem)}, api.MediaProblem)
			return
		}
		p.ring()
		switch reply.Manner {
		case sim.Silent:
			pause(r.Context(), silentFor)
			panic(http.ErrAbortHandler) // The connection ends without an answer.
		case sim.Unreadable:
			w.Header().Set("Content-Type", api.MediaJSON)
			_, _ = w.Write([]byte(`{"reference":"pay_`))
		case sim.Answers:
			pause(r.Context(), reply.Delay)
			p.answer(w, r, api.Answer{Status: http.StatusOK, Body: api.Encode(reply.Answer)}, api.MediaJSON)
		}
	}
}

// answer signs and sends an answer.
func (p *Party) answer(w http.ResponseWriter, r *http.Request, answer api.Answer, media string) {
	answer.Header = w.Header()
	answer.Header.Set("Content-Type", media)
	signing := api.Signing{KeyID: p.keyID, Key: p.key, Now: p.now()}
	if err := api.SignResponse(answer, r, p.origin, signing); err != nil {
		p.config.Log.Error("cannot sign an answer", "party", p.id, "path", r.URL.Path, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(answer.Status)
	if _, err := w.Write(answer.Body); err != nil {
		p.config.Log.Debug("nobody waits for an answer", "party", p.id, "path", r.URL.Path, "error", err)
	}
}

// hear is POST /webhook. Events come at least once and in any order.
func (p *Party) hear(w http.ResponseWriter, r *http.Request) {
	var event api.Event
	body, err := api.ReadBody(r.Body, api.BodyMax)
	if err == nil {
		err = api.VerifyWebhook(r.Header, body, p.config.Switch.Hooks, p.now())
	}
	if err == nil {
		err = api.Decode(body, &event)
	}
	if err == nil {
		err = p.step(func() {
			if p.wallet != nil {
				p.wallet.Hear(event)
			}
			if p.acquirer != nil {
				p.acquirer.Hear(event, p.now())
				p.hearPaid(event)
			}
		})
	}
	if err != nil {
		p.report(r, err)
		writeProblem(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// report logs what went wrong; a refusal is no fault.
func (p *Party) report(r *http.Request, err error) {
	if reason, refused := hansa.ReasonOf(err); refused {
		p.config.Log.Warn("refused a call", "party", p.id, "path", r.URL.Path, "reason", reason)
		return
	}
	p.config.Log.Error("a call failed", "party", p.id, "path", r.URL.Path, "error", err)
}

// writeProblem tells err, unsigned.
func writeProblem(w http.ResponseWriter, err error) {
	problem := api.ProblemOf(err)
	w.Header().Set("Content-Type", api.MediaProblem)
	w.WriteHeader(problem.Status)
	_, _ = w.Write(api.Encode(problem))
}

// pause waits for d, or less if ctx is over before, and reports whether all of d
// has passed.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
