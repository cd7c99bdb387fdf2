package web

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// answer writes what a handler has returned.
func (x *exchange) answer(ctx context.Context, reply reply, err error) {
	switch {
	case err != nil:
		x.problem(err)
	case reply.stream != nil:
		x.openStream(ctx, reply.stream)
	case reply.version != "":
		x.writeVersion(reply)
	case reply.raw != nil:
		x.write(reply.status, api.MediaJSON, reply.raw)
	default:
		x.write(reply.status, api.MediaJSON, api.Encode(reply.document))
	}
}

// problem tells an error. A fault is logged here, once, and not told.
func (x *exchange) problem(err error) {
	if _, refused := hansa.ReasonOf(err); !refused {
		x.server.Log.Error("fault while answering", slog.String("route", x.route.path), slog.Any("error", err))
	}
	x.refuse(err)
}

// refuse tells an error that was logged if it had to be.
func (x *exchange) refuse(err error) {
	problem := api.ProblemOf(err)
	x.reason = problem.Reason
	if x.dialect != nil {
		x.pass(x.dialect.Refuse(x.question(), err))
		return
	}
	if seconds := retryAfter(problem.Reason); seconds > 0 {
		x.w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	x.write(problem.Status, api.MediaProblem, api.Encode(problem))
}

// retryAfter is how many seconds somebody should wait; zero: it does not help.
func retryAfter(reason hansa.Reason) int {
	if reason == hansa.TooManyMisses {
		return 60
	}
	if reason == hansa.Overloaded || reason == hansa.Unavailable || reason == hansa.TooManyRequests || reason == api.Internal {
		return 1
	}
	return 0
}

// freshness lets whoever asked reuse a version for an hour, and nobody on the way:
// the signature of an answer is good for minutes.
const freshness = "private, max-age=3600"

// writeVersion sends a document unless the other side has this version of it.
func (x *exchange) writeVersion(reply reply) {
	tag := `"` + reply.version + `"`
	x.w.Header().Set("ETag", tag)
	x.w.Header().Set("Cache-Control", freshness)
	if names(x.r.Header.Values("If-None-Match"), tag) {
		x.write(http.StatusNotModified, "", nil)
		return
	}
	x.write(reply.status, api.MediaJSON, reply.raw)
}

// names reports whether If-None-Match (RFC 9110) names the tag. A weak one does
// as well.
func names(fields []string, tag string) bool {
	for _, field := range fields {
		for known := range strings.SplitSeq(field, ",") {
			known = strings.TrimPrefix(strings.TrimSpace(known), "W/")
			if known == tag || known == "*" {
				return true
			}
		}
	}
	return false
}

// write signs an answer and sends it.
func (x *exchange) write(status int, media string, body []byte) {
	if header := x.w.Header(); body != nil {
		header.Set("Content-Type", media)
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	x.sign(status, body)
	x.w.WriteHeader(status)
	// An error means that the other side is gone: it will ask again.
	_, _ = x.w.Write(body)
}

// sign sets the fields that every answer has. A request that cannot be named in
// a signature, such as one for an asterisk, gets an answer without one.
func (x *exchange) sign(status int, body []byte) {
	x.status = status
	header := x.w.Header()
	if header.Get("ETag") == "" {
		header.Set("Cache-Control", "no-store")
	}
	header.Set("X-Content-Type-Options", "nosniff")
	if x.call.replayed {
		header.Set("Idempotency-Replayed", "true")
	}
	signing := api.Signing{KeyID: x.server.KeyID, Key: x.server.Key, Now: x.server.Now()}
	err := api.SignResponse(api.Answer{Status: status, Header: header, Body: body}, x.r, x.server.originOf(x.r), signing)
	if err != nil {
		x.server.Log.Warn("answer goes unsigned", slog.Any("error", err))
	}
}
