// Package outbound makes the HTTP calls of the switch: it asks wallets and posts
// webhooks. A call is signed, bounded in time and size, leads to a public address,
// follows no redirect and is made once: who wants another attempt makes it. An answer
// counts only if the other side has signed it for this very request. The room keeps
// nothing and starts nothing.
package outbound

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/client"
)

// CallWithin bounds a call that names no time of its own.
const CallWithin = client.CallWithin

// What a call is made of.
type (
	Peer     = client.Peer     // whom it goes to
	PeerKeys = client.PeerKeys // of those who answer
	Call     = client.Call     // one request
)

// A Client makes signed JSON calls over a Transport in the name of one participant, and
// reads answers as strictly as requests. It is safe for concurrent use if its functions
// are.
type Client struct {
	KeyID     string // of Key, such as nets#1
	Key       ed25519.PrivateKey
	Keys      PeerKeys
	Transport *Transport
	Now       func() time.Time
	Nonce     func() string // never the same twice, at most api.NonceMax characters
}

// Do makes the call once, as client.Caller does.
func (c *Client) Do(ctx context.Context, peer Peer, call Call) error {
	caller := client.Caller{
		KeyID: c.KeyID, Key: c.Key, Keys: c.Keys, Transport: c.Transport, Now: c.Now, Nonce: c.Nonce, AnswerMax: api.BodyMax,
	}
	return caller.Do(ctx, peer, call)
}

// Again reports whether the same request, signed anew, is worth sending after err.
func Again(err error) bool { return client.Again(err) }
