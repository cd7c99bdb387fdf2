package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/web"
)

// loadOpenAPI reads a description of the API.
func loadOpenAPI(t *testing.T, text []byte) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return document
}

// TestOpenAPIIsServedAsWritten keeps the JSON that is served and the text that
// people write alike. UPDATE_GOLDEN=1 writes the JSON anew.
func TestOpenAPIIsServedAsWritten(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.MarshalIndent(loadOpenAPI(t, text), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := string(raw) + "\n"
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile("../api/openapi.json", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(api.OpenAPI())); diff != "" {
		t.Errorf("openapi.json is not openapi.yaml: run with UPDATE_GOLDEN=1 (-want +got):\n%s", diff)
	}
}

// TestEveryRouteIsDescribed: each route is in the document, and the other way round.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	var described []string
	for path, item := range loadOpenAPI(t, api.OpenAPI()).Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	routes := web.Routes()
	slices.Sort(described)
	slices.Sort(routes)
	if diff := cmp.Diff(described, routes); diff != "" {
		t.Errorf("described and answered (-described +answered):\n%s", diff)
	}
}

// TestEveryReasonIsDescribed: the document lists the reasons of the contract in
// their order.
func TestEveryReasonIsDescribed(t *testing.T) {
	t.Parallel()
	var want, described []string
	for _, row := range api.Problems() {
		want = append(want, string(row.Reason))
	}
	for _, reason := range loadOpenAPI(t, api.OpenAPI()).Components.Schemas["Reason"].Value.Enum {
		described = append(described, reason.(string))
	}
	if diff := cmp.Diff(want, described); diff != "" {
		t.Errorf("reasons (-want +described):\n%s", diff)
	}
}

// TestEveryHookIsDescribed: the webhook has the shape of an event.
func TestEveryHookIsDescribed(t *testing.T) {
	t.Parallel()
	document := loadOpenAPI(t, api.OpenAPI())
	hook := document.Webhooks["event"]
	if hook == nil || hook.Post == nil || hook.Post.RequestBody.Value.Content["application/json"].Schema.Ref != "#/components/schemas/Event" {
		t.Errorf("webhook: %+v", hook)
	}
}

// A contract holds requests and answers against the document.
type contract struct{ router routers.Router }

func newContract(t *testing.T) contract {
	t.Helper()
	document := loadOpenAPI(t, api.OpenAPI())
	document.Servers = nil // They are where the document came from.
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	return contract{router}
}

// check fails unless the answer is as described, and, where it was a success,
// the request was too. What the document does not know must have been refused.
func (c contract) check(t *testing.T, r *http.Request, body []byte, answer api.Answer) {
	t.Helper()
	route, parameters, err := c.router.FindRoute(r)
	if err != nil {
		if answer.Status != http.StatusNotFound && answer.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s %s is not described and answers %d", r.Method, r.URL.Path, answer.Status)
		}
		return
	}
	again := r.Clone(context.Background())
	again.Body = http.NoBody
	if len(body) > 0 {
		again.Body = readCloser{bytes.NewReader(body)}
	}
	request := &openapi3filter.RequestValidationInput{
		Request: again, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if err := openapi3filter.ValidateRequest(context.Background(), request); err != nil && answer.Status < 300 {
		t.Errorf("%s %s succeeds with a request that is not as described: %v", r.Method, r.URL, err)
	}
	media := answer.Header.Get("Content-Type")
	if strings.HasPrefix(media, "text/event-stream") {
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: answer.Status, Header: answer.Header,
		Body: readCloser{bytes.NewReader(answer.Body)}, Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("%s %s: answer is not as described: %v", r.Method, r.URL, err)
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
