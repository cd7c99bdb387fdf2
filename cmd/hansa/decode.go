package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/outbound"
	"github.com/hansa-network/hansa/web"
)

// A decoder asks acquirers what their private codes ask, each in its own protocol.
type decoder struct {
	acquirers outbound.Acquirers
	transport *outbound.Transport
	tongues   map[string]outbound.Decoder // by the names of dialects
	directory func() *member.Directory
	now       func() time.Time
}

// ask asks once. An error that is no Refusal is silence.
func (d *decoder) ask(ctx context.Context, acquirer member.Participant, ask api.DecodeCode) (api.Decoded, error) {
	name := acquirer.Acquirer.Client
	if acquirer.Endpoint == "" {
		return api.Decoded{}, fmt.Errorf("nobody knows where acquirer %s is asked", acquirer.ID)
	}
	if name == "" {
		return d.acquirers.Decode(ctx, client.Peer{Participant: acquirer.ID, URL: acquirer.Endpoint}, ask)
	}
	known, ok := d.directory().Client(name)
	tongue := d.tongues[known.Dialect]
	if !ok || tongue == nil {
		return api.Decoded{}, fmt.Errorf("acquirer %s is to be asked as %s, which nobody can", acquirer.ID, name)
	}
	return outbound.TranslatedDecode{Decoder: tongue, Transport: d.transport, Now: d.now(), Chance: chance()}.Decode(ctx, api.DecodeCall{
		Ask: ask, Acquirer: web.ClientOf(known), Endpoint: acquirer.Endpoint,
	})
}
