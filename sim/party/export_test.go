package party

import (
	"context"
	"crypto/ed25519"
	"net/http"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
)

// A RuleReader is as much of a wallet as reads the code rules.
type RuleReader struct{ party *Party }

// NewRuleReader returns a wallet that asks the switch through transport.
func NewRuleReader(config Config, transport http.RoundTripper) RuleReader {
	p := &Party{id: "vipps", config: config}
	p.client = &client.Caller{
		KeyID: "vipps#1", Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), Transport: transport, Now: config.Now, Nonce: p.nonce,
		Keys: func(keyID string) (api.Key, string, bool) {
			key, ok := config.Switch.Keys(keyID)
			return key, config.Switch.Participant, ok
		},
	}
	return RuleReader{p}
}

// Poll reads the rules until ctx is over.
func (r RuleReader) Poll(ctx context.Context) { r.party.pollRules(ctx) }

// Knows reports whether the wallet takes text for a code of the network.
func (r RuleReader) Knows(ctx context.Context, text string) bool {
	return r.party.isForNetwork(ctx, text)
}
