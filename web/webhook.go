package web

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
)

// setWebhook answers PUT /v1/webhook.
func (s *server) setWebhook(ctx context.Context, c *call) (reply, error) {
	set, err := decode(c, func(m *api.SetWebhook) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	if err := checkURL(set.URL); err != nil {
		return reply{}, err
	}
	if _, err := c.do(ctx, set.RequestID, hub.SetWebhook{URL: set.URL}); err != nil {
		return reply{}, err
	}
	return s.webhook(ctx, c, set.URL)
}

// checkURL refuses what cannot be posted to. Where an address leads is looked at
// each time that it is connected to.
func checkURL(address string) error {
	if address == "" {
		return nil
	}
	parsed, err := url.Parse(address)
	if err != nil || len(address) > urlMax || parsed.Host == "" || parsed.User != nil || parsed.Fragment != "" ||
		parsed.Scheme != "https" && parsed.Scheme != "http" {
		return hansa.Refuse(hansa.Malformed, "url: an absolute https address of at most %d characters, without user or fragment", urlMax)
	}
	return nil
}

// readWebhook answers GET /v1/webhook.
func (s *server) readWebhook(ctx context.Context, c *call) (reply, error) {
	asker, err := c.directory.Participant(c.participant)
	if err != nil {
		return reply{}, err
	}
	return s.webhook(ctx, c, asker.Webhook)
}

// replayWebhook answers POST /v1/webhook/replay.
func (s *server) replayWebhook(ctx context.Context, c *call) (reply, error) {
	replay, err := decode(c, func(m *api.ReplayEvents) string { return m.RequestID })
	if err != nil {
		return reply{}, err
	}
	from, err := readCursor(replay.After)
	if err != nil {
		return reply{}, err
	}
	subscription, err := s.subscription(ctx, c.participant)
	if err != nil {
		return reply{}, err
	}
	if _, err := c.do(ctx, replay.RequestID, hub.Replay{Subscription: subscription, From: from}); err != nil {
		return reply{}, err
	}
	return s.readWebhook(ctx, c)
}

// subscription is how far a participant has heard the journal; who has heard
// nothing yet begins at its first block.
func (s *server) subscription(ctx context.Context, participant string) (hub.Subscription, error) {
	all, err := s.Hub.Read().Subscriptions(ctx)
	if err != nil {
		return hub.Subscription{}, err
	}
	at := slices.IndexFunc(all, func(one hub.Subscription) bool { return one.Participant == participant })
	if at < 0 {
		return hub.Subscription{Participant: participant, Next: hub.Cursor{Height: 1}}, nil
	}
	return all[at], nil
}

// webhook tells how the posting of the participant's events goes.
func (s *server) webhook(ctx context.Context, c *call, address string) (reply, error) {
	subscription, err := s.subscription(ctx, c.participant)
	if err != nil {
		return reply{}, err
	}
	deliveries, err := s.Hub.Read().Deliveries(ctx, c.participant, false)
	if err != nil {
		return reply{}, err
	}
	shown := api.Webhook{
		URL: address, Failures: subscription.Failures, FailingSince: timeOf(subscription.FailingFrom), Parked: []api.ParkedEvent{},
	}
	var next time.Time
	if subscription.Failures > 0 {
		next = subscription.Due
	}
	for _, d := range deliveries {
		if d.Parked {
			parked := api.ParkedEvent{Cursor: writeCursor(d.Place), Subject: d.Subject, Tries: d.Tries, Since: d.Since}
			shown.Parked = append(shown.Parked, parked)
			continue
		}
		shown.Waiting++
		if next.IsZero() || d.Due.Before(next) {
			next = d.Due
		}
	}
	shown.NextTryAt = timeOf(next)
	return ok(shown)
}
