package outbound

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hansa-network/hansa/api"
)

// hookWithin bounds the delivery of one webhook.
const hookWithin = 9 * time.Second

// Hooks posts webhooks after Standard Webhooks. It is safe for concurrent use.
type Hooks struct {
	Signing   api.WebhookSigning
	Transport *Transport
	Now       func() time.Time
}

// Post delivers body, which is JSON, once to address and returns the status that
// the receiver answered; 2xx is an acknowledgement, and what else it says is not
// read. The id is that of the event and stays the same at every retry. An error
// is a fault: nothing is known of the delivery.
func (h *Hooks) Post(ctx context.Context, address, id string, body []byte) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, hookWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("post webhook %s: %w", id, err)
	}
	request.Header.Set("Content-Type", api.MediaJSON)
	request.Header.Set("User-Agent", userAgent)
	if err := api.SignWebhook(request.Header, id, body, h.Signing, h.Now()); err != nil {
		return 0, err
	}
	response, err := h.Transport.RoundTrip(request)
	if err != nil {
		return 0, fmt.Errorf("post webhook %s: %w", id, err)
	}
	defer response.Body.Close() //nolint:errcheck // The status says all.
	// What is left of a short body is read so that the connection can be used again.
	_, _ = io.CopyN(io.Discard, response.Body, headerMax)
	return response.StatusCode, nil
}
