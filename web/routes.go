package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A route is one operation of the API.
type route struct {
	method string
	path   string   // a segment in braces stands for any one segment
	query  []string // the parameters that it knows
	open   bool     // nobody has to sign
	handle func(*server, context.Context, *call) (reply, error)
}

func routes() []route {
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	return []route{
		{post, "/v1/payments", []string{"wait"}, false, (*server).askPayment},
		{get, "/v1/payments", []string{"after", "limit", "status", "store", "as"}, false, (*server).listPayments},
		{get, "/v1/payments/{reference}", []string{"wait"}, false, (*server).readPayment},
		{get, "/v1/payments/{reference}/events", nil, false, (*server).streamPayment},
		{get, "/v1/payments/{reference}/movements", nil, false, (*server).listMovements},
		{get, "/v1/payments/{reference}/receipt", nil, false, (*server).receiptOfPayment},
		{post, "/v1/payments/{reference}/cancel", nil, false, (*server).cancelPayment},
		{post, "/v1/payments/{reference}/captures", nil, false, (*server).capture},
		{post, "/v1/payments/{reference}/release", nil, false, (*server).release},
		{post, "/v1/payments/{reference}/refunds", nil, false, (*server).refund},
		{post, "/v1/payments/{reference}/outcome", nil, false, (*server).tellOutcome},
		{get, "/v1/movements/{movement}", nil, false, (*server).readMovement},
		{get, "/v1/movements/{movement}/receipt", nil, false, (*server).receiptOfMovement},
		{post, "/v1/orders", nil, false, (*server).makeOrder},
		{get, "/v1/orders/{order}", []string{"wait"}, false, (*server).readOrder},
		{post, "/v1/orders/{order}/cancel", nil, false, (*server).cancelOrder},
		{post, "/v1/payment-codes", nil, false, (*server).fetchCodes},
		{post, "/v1/resolve", nil, false, (*server).resolve},
		{post, "/v1/quotes", nil, false, (*server).askQuote},
		{post, "/v1/accepts", nil, false, (*server).accept},
		{post, "/v1/announcements", nil, false, (*server).announce},
		{get, "/v1/events", []string{"after", "limit"}, false, (*server).listEvents},
		{put, "/v1/webhook", nil, false, (*server).setWebhook},
		{get, "/v1/webhook", nil, false, (*server).readWebhook},
		{post, "/v1/webhook/replay", nil, false, (*server).replayWebhook},
		{post, "/v1/store-codes", nil, false, (*server).issueStoreCode},
		{get, "/v1/store-codes", []string{"store"}, false, (*server).listStoreCodes},
		{post, "/v1/store-codes/{code}/revoke", nil, false, (*server).revokeStoreCode},
		{get, "/v1/stores/{store}", nil, false, (*server).readStore},
		{put, "/v1/rates", nil, false, (*server).publishRates},
		{post, "/v1/operator/suspensions", nil, false, (*server).suspend},
		{put, "/v1/authorities/{provider}", nil, false, (*server).authorise},
		{get, "/v1/code-rules", nil, true, (*server).codeRules},
		{get, "/v1/code-keys", nil, true, (*server).codeKeys},
		{get, "/openapi.json", nil, true, (*server).openAPI},
		{get, "/healthz", nil, true, (*server).health},
	}
}

// Routes returns every method and path that New answers, such as
// "GET /v1/payments/{reference}".
func Routes() []string {
	var all []string
	for _, r := range routes() {
		all = append(all, r.method+" "+r.path)
	}
	return all
}

// A pattern is a route with its path taken apart.
type pattern struct {
	route

	segments []string
}

func patterns() []pattern {
	var all []pattern
	for _, r := range routes() {
		all = append(all, pattern{r, strings.Split(r.path, "/")})
	}
	return all
}

// find returns the route of a request and sets its path values. Where the path
// is known and the method is not, allowed lists the methods that are.
func (s *server) find(r *http.Request) (found route, allowed []string) {
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for _, candidate := range s.patterns {
		if !fits(candidate.segments, segments) {
			continue
		}
		if candidate.method != r.Method {
			allowed = append(allowed, candidate.method)
			continue
		}
		for i, name := range candidate.segments {
			if isParameter(name) {
				r.SetPathValue(strings.Trim(name, "{}"), segments[i])
			}
		}
		return candidate.route, nil
	}
	slices.Sort(allowed)
	return route{}, allowed
}

func fits(names, segments []string) bool {
	return slices.EqualFunc(names, segments, func(name, segment string) bool {
		return name == segment || isParameter(name) && segment != ""
	})
}

func isParameter(name string) bool { return strings.HasPrefix(name, "{") }

// allows reports whether the route knows all parameters of a query, each once.
func (r route) allows(query url.Values) bool {
	for name, values := range query {
		if !slices.Contains(r.query, name) || len(values) != 1 {
			return false
		}
	}
	return true
}
