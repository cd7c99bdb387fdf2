package outbound

import (
	"context"
	"net/http"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/payment"
)

// Acquirers asks acquirers what their private codes ask. It waits payment.AnswerWithin,
// once. A Refusal is the acquirer's own, and any other error is silence.
type Acquirers struct {
	Client *client.Caller
}

// Decode asks about one code.
func (a Acquirers) Decode(ctx context.Context, acquirer client.Peer, ask api.DecodeCode) (api.Decoded, error) {
	var decoded api.Decoded
	err := a.Client.Do(ctx, acquirer, client.Call{Method: http.MethodPost, Path: "/decode", Body: ask, Into: &decoded, Within: payment.AnswerWithin})
	return decoded, err
}

// A TranslatedDecode asks an acquirer in another protocol.
type TranslatedDecode struct {
	Decoder   Decoder
	Transport *Transport
	Now       time.Time
	Chance    hansa.Chance // fresh for every call
}

// Decode asks about one code.
func (t TranslatedDecode) Decode(ctx context.Context, call api.DecodeCall) (api.Decoded, error) {
	sent, err := t.Decoder.Decode(call, api.Question{Now: t.Now, Chance: t.Chance})
	if err != nil {
		return api.Decoded{}, err
	}
	whole := sent
	whole.URL = call.Endpoint + sent.URL
	answer, err := t.Transport.Send(ctx, whole, payment.AnswerWithin)
	if err != nil {
		return api.Decoded{}, err
	}
	return t.Decoder.Decoded(call, sent, answer)
}
