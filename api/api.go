// Package api is the public contract of the network as the wire sees it: strict
// JSON, HTTP message signatures (RFC 9421), Problem Details (RFC 9457), signed
// webhooks, cursors and keys as text. Whoever takes part speaks through it, the
// switch as well as a wallet or a till. It decides nothing about payments, owns
// no clock and no chance, and does no input or output of its own.
package api

// Limits of what is read from the other side.
const (
	BodyMax      = 64 << 10 // bytes of a request or answer
	DepthMax     = 32       // objects and arrays inside one another
	SignatureMax = 2 << 10  // bytes of a Signature-Input or Signature field
	NonceMax     = 64       // characters of a nonce
	KeyIDMax     = 80       // characters of a key id
)

// Media types of bodies.
const (
	MediaJSON    = "application/json"
	MediaProblem = "application/problem+json"
)
