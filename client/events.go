package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/hansa-network/hansa/api"
)

// followedLimit is how many events are read at a time.
const followedLimit = 200

// ListEvents lists a page of the participant's part of the journal, in its order, after a
// cursor; an empty one means from the beginning, a limit of zero 50 events.
func (c *Client) ListEvents(ctx context.Context, after string, items int) (api.Page[api.Event], error) {
	query := url.Values{}
	if after != "" {
		query.Set("after", after)
	}
	if items != 0 {
		query.Set("limit", limit(items))
	}
	return get[api.Page[api.Event]](ctx, c, asked("/v1/events", query))
}

// Events returns all events after a cursor, an empty one from the beginning, and then each
// that comes, until ctx is over or something is refused; the error comes last. What is
// returned was signed: the stream, of which only the head is signed, says no more than that
// there is something to read. Keep the cursor of each event that was worked through.
func (c *Client) Events(ctx context.Context, after string) iter.Seq2[api.Event, error] {
	return func(yield func(api.Event, error) bool) {
		for {
			last, more := c.page(ctx, after, yield)
			if !more {
				return
			}
			if last != after {
				after = last
				continue
			}
			if err := c.awaitEvent(ctx, after); err != nil && (ctx.Err() != nil || !Again(err)) {
				yield(api.Event{}, err)
				return
			}
		}
	}
}

// page yields the next events and returns where to go on. It reports whether anybody
// wants more.
func (c *Client) page(ctx context.Context, after string, yield func(api.Event, error) bool) (string, bool) {
	page, err := c.ListEvents(ctx, after, followedLimit)
	if err != nil {
		if ctx.Err() == nil && Again(err) {
			return after, true // The network was away for a minute; who waits for events has time.
		}
		yield(api.Event{}, err)
		return after, false
	}
	for _, event := range page.Items {
		if !yield(event, nil) {
			return after, false
		}
		after = event.Cursor
	}
	if page.Next != "" {
		after = page.Next
	}
	return after, true
}

// HearEvent reads the event of a webhook and verifies that the network has posted it. The
// id is the same at every retry: whoever acts on an event remembers it. A refusal tells
// what is wrong with the request; answer it as api.ProblemOf says, and others with 2xx.
func (c *Client) HearEvent(r *http.Request) (id string, event api.Event, err error) {
	body, err := api.ReadBody(r.Body, api.BodyMax)
	if err != nil {
		return "", event, err
	}
	if err := api.VerifyWebhook(r.Header, body, c.hooks, c.caller.Now()); err != nil {
		return "", event, err
	}
	return r.Header.Get("webhook-id"), event, api.DecodeAnswer(body, &event)
}

// SetWebhook says where the participant's events are posted.
func (c *Client) SetWebhook(ctx context.Context, set api.SetWebhook) (webhook api.Webhook, err error) {
	err = c.do(ctx, Call{Method: http.MethodPut, Path: "/v1/webhook", Body: set, Into: &webhook})
	return webhook, err
}

// ReadWebhook reads how the posting of the participant's events goes.
func (c *Client) ReadWebhook(ctx context.Context) (api.Webhook, error) {
	return get[api.Webhook](ctx, c, "/v1/webhook")
}

// ReplayWebhook lets the webhook hear all events after a cursor again.
func (c *Client) ReplayWebhook(ctx context.Context, replay api.ReplayEvents) (api.Webhook, error) {
	return send[api.Webhook](ctx, c, "/v1/webhook/replay", replay)
}
