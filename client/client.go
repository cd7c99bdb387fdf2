// Package client is the network for a program in Go: whoever has a till, a wallet,
// rates or the operator's key calls each operation of the public API by its name.
// Requests are signed, answers are believed only if the network has signed them for
// that very request, and a request is sent again exactly where the contract says so.
// The package keeps nothing, draws no chance and reads no clock: both are handed in.
//
// A message that changes something carries a request id of the caller's own. Keep it
// with what it is for: the same message with the same id has the same outcome, now or
// after a restart.
package client

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
)

// Limits of a Client.
const (
	answerMax = 1 << 20 // bytes of an answer: a page of a list has many documents

	// Attempts, where the context of a call has no deadline of its own.
	attemptsWithin = time.Minute
	pauseFirst     = 250 * time.Millisecond
	pauseLongest   = 10 * time.Second
)

// network is the participant whose keys sign answers.
const network = "the network"

// A Config is what a Client is made of. The participant and the network agree on all of
// it but the last three.
type Config struct {
	URL   string // by which the network is known, such as https://pay.example
	KeyID string // of Key, such as nets#1
	Key   ed25519.PrivateKey
	// NetworkKeys are those that sign answers and webhooks, by their ids, such as hansa#1.
	NetworkKeys map[string]ed25519.PublicKey

	Now       func() time.Time  // such as time.Now
	Nonce     func() string     // never the same twice, such as crypto/rand.Text
	Transport http.RoundTripper // such as http.DefaultTransport, which stands in for nil
}

// A Client calls the network in the name of one participant. Each method is one
// operation of the API. It sends its request until it is answered, refused for good, or
// ctx is over, which is after a minute if ctx does not say; the last error is returned
// then. An error is a *Refused, which is a final no, or a fault, after which the same
// message may be sent again with the same request id. A Client is safe for concurrent
// use.
type Client struct {
	caller *Caller
	peer   Peer
	hooks  api.WebhookKeys
}

// New returns a Client, or says what is wrong with the configuration.
func New(config Config) (*Client, error) {
	at, err := url.Parse(config.URL)
	switch {
	case err != nil || at.Host == "" || strings.HasSuffix(config.URL, "/"):
		return nil, fmt.Errorf("network at %q: want an address without a final slash", config.URL)
	case config.KeyID == "" || len(config.Key) != ed25519.PrivateKeySize:
		return nil, fmt.Errorf("key %q: want an Ed25519 key with its id", config.KeyID)
	case len(config.NetworkKeys) == 0:
		return nil, errors.New("no key of the network: no answer could be believed")
	case config.Now == nil || config.Nonce == nil:
		return nil, errors.New("no clock, or nothing to draw nonces from")
	}
	keys := maps.Clone(config.NetworkKeys)
	caller := &Caller{
		KeyID: config.KeyID, Key: config.Key, Transport: config.Transport, Now: config.Now, Nonce: config.Nonce,
		AnswerMax: answerMax, Lenient: true,
		Keys: func(keyID string) (api.Key, string, bool) {
			key, known := keys[keyID]
			return api.Key{Public: key}, network, known
		},
	}
	if caller.Transport == nil {
		caller.Transport = http.DefaultTransport
	}
	c := &Client{caller: caller, peer: Peer{Participant: network, URL: config.URL}}
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		c.hooks.Keys = append(c.hooks.Keys, keys[id])
	}
	return c, nil
}

// do makes a call until it is answered, refused for good, or ctx is over.
func (c *Client) do(ctx context.Context, call Call) error {
	return repeat(ctx, func(ctx context.Context) error { return c.caller.Do(ctx, c.peer, call) })
}

// repeat attempts something until it succeeds, is refused for good, or ctx is over.
func repeat(ctx context.Context, attempt func(context.Context) error) error {
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, attemptsWithin)
		defer cancel()
	}
	for longest := pauseFirst; ; longest = min(2*longest, pauseLongest) {
		err := attempt(ctx)
		if !Again(err) || !pause(ctx, longest, err) {
			return err
		}
	}
}

// pause waits before the next attempt, longer if the refusal says so, and reports
// whether there is time for one.
func pause(ctx context.Context, d time.Duration, err error) bool {
	if refused, ok := errors.AsType[*Refused](err); ok {
		d = min(max(d, refused.After), pauseLongest)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// get reads what stands at a path.
func get[M any](ctx context.Context, c *Client, path string) (message M, err error) {
	err = c.do(ctx, Call{Method: http.MethodGet, Path: path, Into: &message})
	return message, err
}

// send sends a message and returns the one that answers it.
func send[M any](ctx context.Context, c *Client, path string, body any) (message M, err error) {
	err = c.do(ctx, Call{Method: http.MethodPost, Path: path, Body: body, Into: &message})
	return message, err
}

// Paths of what has an id.
func ofPayment(reference string) string { return "/v1/payments/" + url.PathEscape(reference) }
func ofMovement(movement string) string { return "/v1/movements/" + url.PathEscape(movement) }
func ofOrder(order string) string       { return "/v1/orders/" + url.PathEscape(order) }
