// Package outbound makes the HTTP calls of the network: the switch calls wallets
// and posts webhooks, and a party calls the switch. A call is signed, bounded in
// time and size, follows no redirect and is made once: who wants another attempt
// makes it, and it carries a fresh nonce and time. An answer counts only if the
// other side has signed it for this very request. The room keeps nothing and
// starts nothing.
package outbound

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// CallWithin bounds a call that names no time of its own.
const CallWithin = 9 * time.Second

// A Client makes signed JSON calls in the name of one participant. It is safe for
// concurrent use if its functions are.
type Client struct {
	KeyID     string // of Key, such as nets#1
	Key       ed25519.PrivateKey
	Keys      PeerKeys
	Transport *Transport
	Now       func() time.Time
	Nonce     func() string // never the same twice, at most api.NonceMax characters
}

// PeerKeys finds the key of a key id and whose it is, if it is in force.
type PeerKeys func(keyID string) (key api.Key, participant string, ok bool)

// A Peer is whom a call goes to: an address, without a final slash, and the
// participant whose keys must have signed the answer.
type Peer struct {
	Participant string
	URL         string
}

// A Call is one request. The path is escaped and begins with a slash.
type Call struct {
	Method string
	Path   string
	Body   any           // a message of package api; nil: no body
	Into   any           // points to the message that answers; nil: the answer's body is not read
	Within time.Duration // until the answer is there in full; zero: CallWithin
}

// Do makes the call once. Where the other side answers with Problem Details, the
// error is a *hansa.Refusal; any other error is a fault, after which it is open
// whether the other side has heard the call. See Again.
func (c *Client) Do(ctx context.Context, peer Peer, call Call) error {
	within := call.Within
	if within == 0 {
		within = CallWithin
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	request, err := c.request(ctx, peer, call)
	if err != nil {
		return err
	}
	answer, err := c.send(request, peer)
	if err == nil {
		err = call.read(answer)
	}
	if theirs, ok := errors.AsType[*theirRefusal](err); ok {
		return theirs.refusal
	}
	if _, ours := hansa.ReasonOf(err); ours {
		// What we refuse of their answer must not be taken for their refusal.
		err = errors.New(err.Error())
	}
	if err != nil {
		return fmt.Errorf("%s %s of %s: %w", call.Method, call.Path, peer.Participant, err)
	}
	return nil
}

// theirRefusal is what the other side refuses.
type theirRefusal struct{ refusal *hansa.Refusal }

func (t *theirRefusal) Error() string { return t.refusal.Error() }

// request makes and signs the request.
func (c *Client) request(ctx context.Context, peer Peer, call Call) (*http.Request, error) {
	var body []byte
	if call.Body != nil {
		body = api.Encode(call.Body)
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, peer.URL+call.Path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", peer.Participant, err)
	}
	request.Header.Set("Accept", api.MediaJSON+", "+api.MediaProblem)
	request.Header.Set("User-Agent", userAgent)
	if len(body) > 0 {
		request.Header.Set("Content-Type", api.MediaJSON)
	}
	signing := api.Signing{KeyID: c.KeyID, Key: c.Key, Now: c.Now(), Nonce: c.Nonce()}
	if err := api.SignRequest(request, body, signing); err != nil {
		return nil, fmt.Errorf("call %s: %w", peer.Participant, err)
	}
	return request, nil
}

// send returns the answer once its signature was verified.
func (c *Client) send(request *http.Request, peer Peer) (api.Answer, error) {
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		return api.Answer{}, err
	}
	defer response.Body.Close() //nolint:errcheck // The body was read as far as it counts.
	body, err := api.ReadBody(response.Body, api.BodyMax)
	if err != nil {
		return api.Answer{}, err
	}
	answer := api.Answer{Status: response.StatusCode, Header: response.Header, Body: body}
	keys := func(keyID string) (api.Key, bool) {
		key, participant, ok := c.Keys(keyID)
		return key, ok && participant == peer.Participant
	}
	_, err = api.VerifyResponse(answer, request, keys, c.Now())
	return answer, err
}

// read turns a genuine answer into the message, a refusal or a fault.
func (call Call) read(answer api.Answer) error {
	media := answer.Header.Get("Content-Type")
	if media == api.MediaProblem {
		var problem api.Problem
		if err := api.Decode(answer.Body, &problem); err != nil {
			return err
		}
		if problem.Reason == api.Internal {
			return errors.New("a fault on their side")
		}
		return &theirRefusal{&hansa.Refusal{Reason: problem.Reason, Detail: problem.Detail}}
	}
	if answer.Status < http.StatusOK || answer.Status >= http.StatusMultipleChoices {
		return fmt.Errorf("status %d", answer.Status)
	}
	if call.Into == nil {
		return nil
	}
	if media != api.MediaJSON {
		return fmt.Errorf("answer of type %q", media)
	}
	return api.Decode(answer.Body, call.Into)
}

// Again reports whether the same request, signed anew, is worth sending after
// err: after every fault, and after refusals that say so.
func Again(err error) bool {
	reason, refused := hansa.ReasonOf(err)
	if !refused {
		return err != nil
	}
	for _, row := range api.Problems() {
		if row.Reason == reason {
			return row.Retry == api.RetrySameRequest
		}
	}
	return false
}
