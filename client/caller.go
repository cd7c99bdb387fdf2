package client

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// Limits of a call.
const (
	CallWithin = 9 * time.Second // for a call that names no time of its own
	userAgent  = "hansa"
)

// A Caller makes signed JSON calls in the name of one participant, each once: who
// wants another attempt makes it, with a fresh nonce and time. It follows no
// redirect. It is safe for concurrent use if what it is made of is.
type Caller struct {
	KeyID     string // of Key, such as nets#1
	Key       ed25519.PrivateKey
	Keys      PeerKeys
	Transport http.RoundTripper
	Now       func() time.Time
	Nonce     func() string // never the same twice, at most api.NonceMax characters
	AnswerMax int           // bytes of an answer; zero: api.BodyMax
	Lenient   bool          // members of answers that their messages do not have are passed over
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
	Header http.Header   // beside what every call has; may be nil
	Body   any           // a message of package api; nil: no body
	Into   any           // points to the message that answers; nil: the answer's body is not read
	Within time.Duration // until the answer is there in full; zero: CallWithin
}

// Do makes the call. Where the other side answers with Problem Details, the error
// is a *Refused; any other error is a fault, after which it is open whether the
// other side has heard the call. See Again.
func (c *Caller) Do(ctx context.Context, peer Peer, call Call) error {
	answer, err := c.Answer(ctx, peer, call)
	if err != nil || call.Into == nil {
		return err
	}
	if err := call.read(answer, c.Lenient); err != nil {
		return call.fault(peer, err)
	}
	return nil
}

// Answer is Do for an answer that is not a message: one with a status of 2xx or 304.
func (c *Caller) Answer(ctx context.Context, peer Peer, call Call) (api.Answer, error) {
	within := call.Within
	if within == 0 {
		within = CallWithin
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answer, response, err := c.open(ctx, peer, call)
	if response != nil {
		_ = response.Body.Close() // It is a stream, which nobody wants.
		err = errors.New("the answer is a stream")
	}
	if err != nil {
		return api.Answer{}, call.fault(peer, err)
	}
	return answer, nil
}

// open sends the request and returns the answer once its signature was verified:
// as a whole, or, where it is a stream, as the response whose body is still open.
func (c *Caller) open(ctx context.Context, peer Peer, call Call) (api.Answer, *http.Response, error) {
	request, err := c.request(ctx, peer, call)
	if err != nil {
		return api.Answer{}, nil, err
	}
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		return api.Answer{}, nil, err
	}
	answer := api.Answer{Status: response.StatusCode, Header: response.Header}
	streams := answer.Header.Get("Content-Type") == mediaStream
	if !streams {
		defer response.Body.Close() //nolint:errcheck // The body was read as far as it counts.
		if answer.Body, err = api.ReadBody(response.Body, cmp.Or(c.AnswerMax, api.BodyMax)); err != nil {
			return answer, nil, err
		}
	}
	if err = c.believe(answer, request, peer); err == nil {
		err = answered(answer)
	}
	switch {
	case !streams:
		return answer, nil, err
	case err != nil:
		_ = response.Body.Close() // What a stream says that is not believed does not matter.
		return answer, nil, err
	}
	return answer, response, nil
}

// request makes and signs the request.
func (c *Caller) request(ctx context.Context, peer Peer, call Call) (*http.Request, error) {
	var body []byte
	if call.Body != nil {
		body = api.Encode(call.Body)
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, peer.URL+call.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", api.MediaJSON+", "+api.MediaProblem)
	request.Header.Set("User-Agent", userAgent)
	if len(body) > 0 {
		request.Header.Set("Content-Type", api.MediaJSON)
	}
	maps.Copy(request.Header, call.Header)
	signing := api.Signing{KeyID: c.KeyID, Key: c.Key, Now: c.Now(), Nonce: c.Nonce()}
	return request, api.SignRequest(request, body, signing)
}

// believe verifies the signature of an answer. What we refuse of it must not be taken
// for a refusal of theirs.
func (c *Caller) believe(answer api.Answer, request *http.Request, peer Peer) error {
	keys := func(keyID string) (api.Key, bool) {
		key, participant, ok := c.Keys(keyID)
		return key, ok && participant == peer.Participant
	}
	if _, err := api.VerifyResponse(answer, request, keys, c.Now()); err != nil {
		return fmt.Errorf("status %d, not believed: %s", answer.Status, err.Error())
	}
	return nil
}

// answered turns a genuine answer that is no success into a *Refused or a fault.
func answered(answer api.Answer) error {
	if answer.Header.Get("Content-Type") == api.MediaProblem {
		var problem api.Problem
		if err := api.DecodeAnswer(answer.Body, &problem); err != nil {
			return err
		}
		if problem.Reason == api.Internal {
			return errors.New("a fault on their side")
		}
		seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
		if err != nil {
			seconds = 0 // It is a hint, and one in another form is none.
		}
		return &Refused{Problem: problem, After: time.Duration(seconds) * time.Second}
	}
	success := answer.Status >= http.StatusOK && answer.Status < http.StatusMultipleChoices
	if !success && answer.Status != http.StatusNotModified {
		return fmt.Errorf("status %d", answer.Status)
	}
	return nil
}

// read reads the message that the answer is.
func (call Call) read(answer api.Answer, lenient bool) error {
	media := answer.Header.Get("Content-Type")
	switch {
	case media != api.MediaJSON:
		return fmt.Errorf("answer of type %q", media)
	case lenient:
		return api.DecodeAnswer(answer.Body, call.Into)
	}
	return api.Decode(answer.Body, call.Into)
}

// fault says of an error what was being done. A refusal of theirs is returned as it
// is; one of ours is no refusal any more.
func (call Call) fault(peer Peer, err error) error {
	if _, theirs := errors.AsType[*Refused](err); theirs {
		return err
	}
	if _, ours := hansa.ReasonOf(err); ours {
		err = errors.New(err.Error())
	}
	return fmt.Errorf("%s %s of %s: %w", call.Method, call.Path, peer.Participant, err)
}
