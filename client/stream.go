package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hansa-network/hansa/api"
)

// Limits of a stream of server-sent events.
const (
	mediaStream = "text/event-stream"
	silenceMax  = 40 * time.Second // the network says something every 15 seconds
	lineMax     = api.BodyMax + 1<<10
)

// errHeard ends a stream that has said what was waited for.
var errHeard = errors.New("heard")

// StreamPayment returns a payment each time that it changes, until it is decided or the
// stream ends; an error comes last. Only the head of a stream is signed: read the payment
// before you act on what it says, or use AwaitPayment.
func (c *Client) StreamPayment(ctx context.Context, reference string) iter.Seq2[api.Payment, error] {
	return func(yield func(api.Payment, error) bool) {
		err := c.stream(ctx, ofPayment(reference)+"/events", func(text string) error {
			var payment api.Payment
			if err := api.DecodeAnswer([]byte(text), &payment); err != nil {
				return errors.New(err.Error()) // Ours, not theirs.
			}
			if !yield(payment, nil) {
				return errHeard
			}
			return nil
		})
		if err != nil && !errors.Is(err, errHeard) {
			yield(api.Payment{}, err)
		}
	}
}

// awaitEvent returns once there is an event after a cursor, or the stream has ended.
func (c *Client) awaitEvent(ctx context.Context, after string) error {
	path := "/v1/events"
	if after != "" {
		path = asked(path, url.Values{"after": {after}})
	}
	return repeat(ctx, func(ctx context.Context) error {
		err := c.stream(ctx, path, func(string) error { return errHeard })
		if errors.Is(err, errHeard) {
			return nil
		}
		return err
	})
}

// stream opens a stream once and hands on each event's data, until the stream ends or
// heard returns an error, which stream returns.
func (c *Client) stream(ctx context.Context, path string, heard func(data string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(silenceMax, cancel)
	defer silence.Stop()
	call := Call{Method: http.MethodGet, Path: path, Header: http.Header{"Accept": {mediaStream + ", " + api.MediaProblem}}}
	_, response, err := c.caller.open(ctx, c.peer, call)
	if err != nil {
		return call.fault(c.peer, err)
	}
	if response == nil {
		return call.fault(c.peer, errors.New("the answer is no stream"))
	}
	defer response.Body.Close() //nolint:errcheck // Who reads no more needs no more.
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, lineMax)
	for lines.Scan() {
		silence.Reset(silenceMax)
		// The network writes the data of an event as one line.
		if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
			if err := heard(data); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("listen to %s: %w", path, err)
	}
	return nil
}
