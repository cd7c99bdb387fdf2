package outbound

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/hansa-network/hansa/api"
)

// Send makes a request that a dialect has written, once, and returns its answer as it
// came. An error is a fault, after which it is open whether the other side has heard.
func (t *Transport) Send(ctx context.Context, message api.Message, within time.Duration) (api.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, message.Method, message.URL, bytes.NewReader(message.Body))
	if err != nil {
		return api.Answer{}, fmt.Errorf("send to %s: %w", message.URL, err)
	}
	maps.Copy(request.Header, message.Header)
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", userAgent)
	}
	response, err := t.RoundTrip(request)
	if err != nil {
		return api.Answer{}, fmt.Errorf("send to %s: %w", message.URL, err)
	}
	defer response.Body.Close() //nolint:errcheck // The body was read as far as it counts.
	body, err := api.ReadBody(response.Body, api.BodyMax)
	if err != nil {
		return api.Answer{}, fmt.Errorf("send to %s: %w", message.URL, err)
	}
	return api.Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}
