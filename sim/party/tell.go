package party

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/sim"
)

// Pauses between attempts, and how many calls are made at a time.
const (
	retryFirst   = 250 * time.Millisecond
	retryLongest = 10 * time.Second
	tellingsMax  = 32
	restFor      = time.Minute // between looks at an empty list
)

// retryAfter is the pause after so many attempts: it doubles up to a bound.
func retryAfter(tries int) time.Duration {
	return min(retryFirst<<min(tries, 8), retryLongest)
}

// tellOutcomes lets payers answer their prompts and tells the switch what the
// wallet owes to tell, until ctx is over. It begins with what is left from
// before a restart.
func (p *Party) tellOutcomes(ctx context.Context) {
	var calls sync.WaitGroup
	defer calls.Wait()
	for ctx.Err() == nil {
		tellings, rest, err := p.dueTellings()
		if err != nil {
			p.config.Log.Error("cannot keep what payers answered", "party", p.id, "error", err)
			return
		}
		for _, telling := range tellings {
			calls.Go(func() {
				p.tell(ctx, telling)
				p.ring()
			})
		}
		timer := time.NewTimer(rest)
		select {
		case <-p.bell:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// dueTellings returns the outcomes to be told now, each to one caller at a time,
// and how long to rest if nothing happens before.
func (p *Party) dueTellings() (due []sim.Telling, rest time.Duration, err error) {
	rest = restFor
	err = p.step(func() {
		now := p.now()
		p.wallet.Attend(now)
		underway := 0
		for _, attempt := range p.telling {
			if attempt.underway {
				underway++
			}
		}
		for _, telling := range p.wallet.Owed() {
			if p.tongue.Mute {
				p.wallet.GaveUp(telling.Reference)
				continue
			}
			attempt := p.telling[telling.Reference]
			if attempt.underway {
				continue
			}
			if wait := later(telling.Due, attempt.after).Sub(now); wait > 0 {
				rest = min(rest, wait)
				continue
			}
			if underway == tellingsMax {
				break // One that ends will ring.
			}
			underway++
			attempt.underway = true
			p.telling[telling.Reference] = attempt
			due = append(due, telling)
		}
	})
	return due, rest, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// tell tells one outcome once.
func (p *Party) tell(ctx context.Context, telling sim.Telling) {
	heard, err := p.tellOnce(ctx, telling)
	if err == nil && (heard.Reference != telling.Reference || !heard.Received) {
		err = fmt.Errorf("the switch was told of %s and answers of %q", telling.Reference, heard.Reference)
	}
	again := client.Again(err)
	if err != nil && ctx.Err() == nil {
		p.config.Log.Warn("an outcome was not heard", "party", p.id, "reference", telling.Reference, "again", again, "error", err)
	}
	if err := p.step(func() { p.attempted(telling.Reference, heard, err, again) }); err != nil {
		p.config.Log.Error("cannot keep what the switch heard", "party", p.id, "error", err)
	}
}

func (p *Party) tellOnce(ctx context.Context, telling sim.Telling) (heard api.OutcomeHeard, err error) {
	if p.tongue.Voice != nil {
		return p.tellForeign(ctx, telling)
	}
	err = p.client.Do(ctx, p.hub(), client.Call{
		Method: http.MethodPost, Path: ofPayment(telling.Reference) + "/outcome", Body: telling.Outcome, Into: &heard,
	})
	return heard, err
}

// attempted notes what came of an attempt.
func (p *Party) attempted(reference string, heard api.OutcomeHeard, err error, again bool) {
	attempt := p.telling[reference]
	delete(p.telling, reference)
	switch {
	case err == nil:
		p.wallet.Told(heard)
	case again:
		attempt.underway = false
		attempt.after = p.now().Add(retryAfter(attempt.tries))
		attempt.tries++
		p.telling[reference] = attempt
	default:
		p.wallet.GaveUp(reference)
	}
}

// hub is the switch as a peer.
func (p *Party) hub() client.Peer {
	return client.Peer{Participant: p.config.Switch.Participant, URL: p.config.Switch.URL + "/v1"}
}

func ofPayment(reference string) string { return "/payments/" + url.PathEscape(reference) }

// call makes a call of the public API until it is answered, refused for good, or
// ctx is over. Its request id makes all attempts one.
func (p *Party) call(ctx context.Context, call client.Call) error {
	for tries := 0; ; tries++ {
		err := p.client.Do(ctx, p.hub(), call)
		if !client.Again(err) || !pause(ctx, retryAfter(tries)) {
			return err
		}
	}
}

// post is call with a body, and get one without.
func (p *Party) post(ctx context.Context, path string, body, into any) error {
	return p.call(ctx, client.Call{Method: http.MethodPost, Path: path, Body: body, Into: into})
}

func (p *Party) get(ctx context.Context, path string, into any) error {
	return p.call(ctx, client.Call{Method: http.MethodGet, Path: path, Into: into})
}

// Waiting for an outcome by long poll.
const (
	pollFor     = 5               // seconds that the switch is asked to wait
	pollWithin  = 9 * time.Second // for its answer
	pollBetween = 20 * time.Millisecond
)

// await returns the payment once its outcome is known, or as it stands when ctx
// is over.
func (p *Party) await(ctx context.Context, payment api.Payment) api.Payment {
	path := fmt.Sprintf("%s?wait=%d", ofPayment(payment.Reference), pollFor)
	if payment.Status != "pending" {
		return payment
	}
	for {
		var next api.Payment
		err := p.client.Do(ctx, p.hub(), client.Call{Method: http.MethodGet, Path: path, Into: &next, Within: pollWithin})
		if err == nil {
			payment = next
		}
		gone := err != nil && !client.Again(err)
		if gone || payment.Status != "pending" || !pause(ctx, pollBetween) {
			return payment
		}
	}
}

// poll is get with as much time as ctx has.
func (p *Party) poll(ctx context.Context, path string, into any) error {
	return p.call(ctx, client.Call{Method: http.MethodGet, Path: path, Into: into, Within: waitFor})
}
