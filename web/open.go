package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa/api"
)

// openAPI answers GET /openapi.json.
func (s *server) openAPI(context.Context, *call) (reply, error) {
	return reply{status: http.StatusOK, raw: api.OpenAPI()}, nil
}

// codeRules answers GET /v1/code-rules. They are no secret, and a wallet wants
// them before it has any other business here.
func (s *server) codeRules(_ context.Context, c *call) (reply, error) {
	rules, private := s.rules, s.Directory().PrivateLinks()
	if s.Origin == "" || len(private) > 0 {
		rules = rulesAt(s.originOf(c.r), private)
	}
	return reply{status: http.StatusOK, raw: api.Encode(rules), version: rules.Version}, nil
}

// codeKeys answers GET /v1/code-keys. Whoever reads codes may have them; that they
// are ours, the signature of the answer says.
func (s *server) codeKeys(context.Context, *call) (reply, error) {
	published := api.CodeKeys{Keys: s.CodeKeys()}
	version := sha256.Sum256(api.Encode(published))
	published.Version = hex.EncodeToString(version[:8])
	return reply{status: http.StatusOK, raw: api.Encode(published), version: published.Version}, nil
}

// health answers GET /healthz: whether the journal can be read.
func (s *server) health(ctx context.Context, _ *call) (reply, error) {
	if _, err := s.Hub.Read().Head(ctx); err != nil {
		return reply{}, fmt.Errorf("read the head of the journal: %w", err)
	}
	return ok(struct {
		Status string `json:"status"`
	}{"ok"})
}
