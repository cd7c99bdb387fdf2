package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
)

// An exchange is one request and its answer.
type exchange struct {
	server  *server
	w       http.ResponseWriter
	r       *http.Request
	started time.Time
	entered bool      // holds a place behind the door
	kind    kind      // of that place
	holding holding   // what its participant has claimed of it
	worked  time.Time // since when it is worked on; zero: not yet
	route   route
	call    call
	dialect Dialect // in which it is answered; nil: in our own words
	turned  error   // why a client of another protocol is turned away, though it was let in: nothing is done for it
	status  int     // that was answered; zero: nothing yet
	reason  hansa.Reason
}

// A call is a request whose signature was verified.
type call struct {
	*exchange

	r           *http.Request // in the words of our API: for a client of another protocol it is not what was sent
	participant string        // whose key signed
	client      string        // name of the participant's system that asks; empty: itself
	provider    string        // who holds the credentials of that system; empty: the participant
	memo        []byte        // kept with what the client begins
	keyID       string
	nonce       string
	signedAt    time.Time
	body        []byte
	query       url.Values
	directory   *member.Directory // of one version for the whole request
	chance      hansa.Chance
	replayed    bool // answered as an earlier request with the same id
}

// A reply is what a handler answers: a document, or a stream of them.
type reply struct {
	status   int
	document any
	raw      []byte // instead of document: JSON as it is
	version  string // of raw, where the other side may keep it and ask whether it is still this one
	stream   func(context.Context, *stream) error
}

func ok(document any) (reply, error) { return reply{status: http.StatusOK, document: document}, nil }

func created(document any) (reply, error) {
	return reply{status: http.StatusCreated, document: document}, nil
}

// handle finds out who asks for what, and lets the route answer.
func (x *exchange) handle(ctx context.Context, found route, allowed []string) (reply, error) {
	if size := headerSize(x.r.Header); size > headerMax {
		return reply{}, hansa.Refuse(hansa.TooLarge, "header fields of more than %d bytes", headerMax)
	}
	if len(allowed) > 0 {
		x.w.Header().Set("Allow", strings.Join(allowed, ", "))
		return reply{}, hansa.Refuse(hansa.MethodNotAllowed, "allowed: %s", strings.Join(allowed, ", "))
	}
	if found.handle == nil {
		return reply{}, hansa.Refuse(hansa.NotFound, "no such path")
	}
	x.call = call{exchange: x, r: x.r}
	if found.open {
		return found.handle(x.server, ctx, &x.call)
	}
	if err := x.verify(ctx); err != nil {
		return reply{}, err
	}
	return found.handle(x.server, ctx, &x.call)
}

// headerSize is about what the fields took on the wire.
func headerSize(header http.Header) int {
	size := 0
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	return size
}

// verify finds out who has signed the request, whose body was read.
func (c *call) verify() error {
	c.directory = c.server.Directory()
	keys := func(id string) (api.Key, bool) {
		key, participant, known := c.directory.Key(id, c.started)
		c.participant = participant
		return api.Key{Public: key.Public}, known
	}
	verified, err := api.VerifyRequest(c.r, c.body, c.server.originOf(c.r), keys, c.started)
	if err != nil {
		c.participant = ""
		return err
	}
	c.keyID, c.nonce, c.signedAt, c.chance = verified.KeyID, verified.Nonce, verified.Created, c.server.Chance()
	if len(c.body) > 0 && (c.r.Header.Get("Content-Type") != api.MediaJSON || c.r.Header.Get("Content-Encoding") != "") {
		return hansa.Refuse(hansa.Unsupported, "send %s, not encoded further", api.MediaJSON)
	}
	if len(c.body) > 0 && c.r.Method == http.MethodGet {
		return hansa.Refuse(hansa.Malformed, "a body where none is expected")
	}
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil || !c.route.allows(c.query) {
		return hansa.Refuse(hansa.Malformed, "the parameters are %s, each at most once", strings.Join(c.route.query, ", "))
	}
	return nil
}

// readBody reads at most what a message may have.
func (c *call) readBody() (err error) {
	if c.r.ContentLength > api.BodyMax {
		return hansa.Refuse(hansa.TooLarge, "more than %d bytes", api.BodyMax)
	}
	c.body, err = api.ReadBody(http.MaxBytesReader(c.w, c.r.Body, api.BodyMax), api.BodyMax)
	if _, refused := hansa.ReasonOf(err); refused || err == nil {
		return err
	}
	return hansa.Refuse(hansa.Malformed, "the body ended early")
}

// originOf is the origin that the other side was told to call.
func (s *server) originOf(r *http.Request) string {
	switch {
	case s.Origin != "":
		return s.Origin
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// do hands an operation to the hub. The same request id must come with the same
// body for the same thing, so the path belongs to what is compared.
func (c *call) do(ctx context.Context, requestID string, operation hub.Operation) (hub.Result, error) {
	if c.turned != nil {
		return hub.Result{}, c.turned
	}
	result, err := c.server.Do(ctx, hub.Request{
		Participant: c.participant, Client: c.client, Provider: c.provider, KeyID: c.keyID, Nonce: c.nonce, SignedAt: c.signedAt, ID: requestID, Memo: c.memo,
		Body: append([]byte(c.r.URL.EscapedPath()+"\n"), c.body...), Chance: c.chance, Operation: operation,
	})
	if err != nil {
		return hub.Result{}, fmt.Errorf("do %s %s: %w", c.route.method, c.route.path, err)
	}
	c.replayed = result.Replayed
	return result, result.Refusal
}

var errPanic = errors.New("panic")

// rescue turns a panic into one line of the log and an internal error.
func (x *exchange) rescue() {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // A panic value is no chain of errors.
		panic(cause)
	}
	x.server.Log.Error("panic while answering", slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	if x.status == 0 {
		x.refuse(errPanic)
	}
}

// log writes the one line of this request.
func (x *exchange) log(ctx context.Context) {
	level := slog.LevelInfo
	if x.status >= http.StatusInternalServerError && x.reason != hansa.Overloaded {
		level = slog.LevelWarn
	}
	x.server.Log.LogAttrs(ctx, level, "request",
		slog.String("method", x.route.method), slog.String("route", x.route.path), slog.Int("status", x.status),
		slog.String("reason", string(x.reason)), slog.String("participant", x.call.participant),
		slog.Duration("took", x.server.Now().Sub(x.started)))
}
