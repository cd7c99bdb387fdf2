package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hansa-network/hansa/api"
)

// openAPI answers GET /openapi.json.
func (s *server) openAPI(context.Context, *call) (reply, error) {
	return reply{status: http.StatusOK, raw: api.OpenAPI()}, nil
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
