package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/qr/routing"
)

// PublishRates replaces the standing rates of an FX provider.
func (c *Client) PublishRates(ctx context.Context, rates api.PublishRates) (published api.PublishedRates, err error) {
	err = c.do(ctx, Call{Method: http.MethodPut, Path: "/v1/rates", Body: rates, Into: &published})
	return published, err
}

// Suspend stops what a participant may start, or lets it go on. It is the operator's.
func (c *Client) Suspend(ctx context.Context, suspend api.Suspend) (api.Suspension, error) {
	return send[api.Suspension](ctx, c, "/v1/operator/suspensions", suspend)
}

// Authorise lets a technical service provider act for a principal, or takes that back.
// What the provider has begun goes on regardless.
func (c *Client) Authorise(ctx context.Context, provider string, authorise api.Authorise) (authority api.Authority, err error) {
	call := Call{Method: http.MethodPut, Path: "/v1/authorities/" + url.PathEscape(provider), Body: authorise, Into: &authority}
	err = c.do(ctx, call)
	return authority, err
}

// ReadCodeRules reads the rules by which a wallet tells whose a scanned code is. They are
// nil where the known version, which may be empty, still holds. Poll them once a day.
func (c *Client) ReadCodeRules(ctx context.Context, known string) (*routing.Rulebook, error) {
	return newer[routing.Rulebook](ctx, c, "/v1/code-rules", known)
}

// ReadCodeKeys reads the keys by which codes of this network are believed. They are nil
// where the known version, which may be empty, still holds. Poll them once a day.
func (c *Client) ReadCodeKeys(ctx context.Context, known string) (*api.CodeKeys, error) {
	return newer[api.CodeKeys](ctx, c, "/v1/code-keys", known)
}

// newer reads what stands at a path unless it is the version that is known.
func newer[M any](ctx context.Context, c *Client, path, known string) (message *M, err error) {
	call := Call{Method: http.MethodGet, Path: path, Into: new(M)}
	if known != "" {
		call.Header = http.Header{"If-None-Match": {`"` + known + `"`}}
	}
	err = repeat(ctx, func(ctx context.Context) error {
		answer, err := c.caller.Answer(ctx, c.peer, call)
		if err != nil || answer.Status == http.StatusNotModified {
			return err
		}
		if err := call.read(answer, c.caller.Lenient); err != nil {
			return call.fault(c.peer, err)
		}
		message, _ = call.Into.(*M)
		return nil
	})
	return message, err
}

// OpenAPI returns the description of the API as JSON (OpenAPI 3.1).
func (c *Client) OpenAPI(ctx context.Context) (document []byte, err error) {
	err = repeat(ctx, func(ctx context.Context) error {
		answer, err := c.caller.Answer(ctx, c.peer, Call{Method: http.MethodGet, Path: "/openapi.json"})
		document = answer.Body
		return err
	})
	return document, err
}

// Health returns nil if the network can read its journal.
func (c *Client) Health(ctx context.Context) error {
	return c.do(ctx, Call{Method: http.MethodGet, Path: "/healthz"})
}
