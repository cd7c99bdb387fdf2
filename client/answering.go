package client

import (
	"context"
	"net/http"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Questions are what the network asks of a wallet. Each may come again, and is answered
// the same for ever: keep an answer before you give it. A refusal is told, any other error
// as a fault without a word of what it was; the network takes both for silence and asks
// again.
type Questions struct {
	Ask     func(context.Context, api.Ask) (api.WalletAnswer, error)              // within 5 seconds
	Inquire func(ctx context.Context, reference string) (api.WalletAnswer, error) // within 5 seconds
	Cancel  func(context.Context, api.Stop) (api.WalletAnswer, error)             // within 9 seconds
	Carry   func(context.Context, api.Carry) (api.Carried, error)                 // within 9 seconds
}

// Handler answers the network's questions: it verifies who asks, and signs what is
// answered. The origin is that of the address at which the network calls the wallet, such
// as https://wallet.example; if the address has a path, strip it with http.StripPrefix.
func (c *Client) Handler(origin string, questions Questions) http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(*http.Request, []byte) (any, error){
		"POST /payments/{reference}/ask": func(r *http.Request, body []byte) (any, error) {
			var ask api.Ask
			if err := named(r, "reference", body, &ask, &ask.Reference); err != nil {
				return nil, err
			}
			return questions.Ask(r.Context(), ask)
		},
		"GET /payments/{reference}": func(r *http.Request, _ []byte) (any, error) {
			return questions.Inquire(r.Context(), r.PathValue("reference"))
		},
		"POST /payments/{reference}/cancel": func(r *http.Request, body []byte) (any, error) {
			var stop api.Stop
			if err := named(r, "reference", body, &stop, &stop.Reference); err != nil {
				return nil, err
			}
			return questions.Cancel(r.Context(), stop)
		},
		"POST /movements/{movement}": func(r *http.Request, body []byte) (any, error) {
			var carry api.Carry
			if err := named(r, "movement", body, &carry, &carry.Movement); err != nil {
				return nil, err
			}
			return questions.Carry(r.Context(), carry)
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { c.answer(w, r, origin, answer) })
	}
	return mux
}

// named reads a message, whose id must be the one that the path names.
func named(r *http.Request, name string, body []byte, into any, id *string) error {
	if err := api.DecodeAnswer(body, into); err != nil {
		return err
	}
	if *id != r.PathValue(name) {
		return hansa.Refuse(hansa.Malformed, "the path names another %s", name)
	}
	return nil
}

// answer verifies a question and signs what is answered.
func (c *Client) answer(w http.ResponseWriter, r *http.Request, origin string, decide func(*http.Request, []byte) (any, error)) {
	body, err := api.ReadBody(r.Body, api.BodyMax)
	if err == nil {
		_, err = api.VerifyRequest(r, body, origin, c.networkKey, c.caller.Now())
	}
	var document any
	if err == nil {
		document, err = decide(r, body)
	}
	answer := api.Answer{Status: http.StatusOK, Header: w.Header()}
	answer.Header.Set("Content-Type", api.MediaJSON)
	if err != nil {
		problem := api.ProblemOf(err)
		answer.Status, document = problem.Status, problem
		answer.Header.Set("Content-Type", api.MediaProblem)
	}
	answer.Body = api.Encode(document)
	signing := api.Signing{KeyID: c.caller.KeyID, Key: c.caller.Key, Now: c.caller.Now()}
	if err := api.SignResponse(answer, r, origin, signing); err != nil {
		w.WriteHeader(http.StatusInternalServerError) // The origin is none, or the request cannot be named.
		return
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body) //nolint:gosec // It is JSON and says so. Who has gone away asks again.
}

func (c *Client) networkKey(keyID string) (api.Key, bool) {
	key, _, known := c.caller.Keys(keyID)
	return key, known
}
