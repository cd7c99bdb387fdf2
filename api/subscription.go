package api

import "time"

// SetWebhook says where the participant's events are posted from now on.
// PUT /v1/webhook, answered with a Webhook.
type SetWebhook struct {
	RequestID string `json:"request_id"`
	URL       string `json:"url"` // https; empty: nowhere
}

// Webhook is how the posting of a participant's events goes.
// GET /v1/webhook.
type Webhook struct {
	URL          string        `json:"url"`                     // empty: none is set
	Failures     int           `json:"failures"`                // of the endpoint, in a row
	FailingSince *time.Time    `json:"failing_since,omitempty"` // absent while the endpoint answers
	NextTryAt    *time.Time    `json:"next_try_at,omitempty"`   // absent while nothing waits
	Waiting      int           `json:"waiting"`                 // events that the endpoint refused by themselves and that are tried again
	Parked       []ParkedEvent `json:"parked"`                  // events that are not tried again, oldest first
}

// ParkedEvent is an event that an endpoint has refused for thirty days. It can
// be heard again with ReplayEvents, or read with GET /v1/events.
type ParkedEvent struct {
	Cursor  string    `json:"cursor"`
	Subject string    `json:"subject"` // reference of the payment, or id of the order
	Tries   int       `json:"tries"`
	Since   time.Time `json:"since"`
}

// ReplayEvents lets the webhook hear all events after a cursor again.
// POST /v1/webhook/replay, answered with a Webhook.
type ReplayEvents struct {
	RequestID string `json:"request_id"`
	After     string `json:"after,omitempty"` // absent: from the beginning
}
