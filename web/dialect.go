package web

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/qr/symbol"
)

// A Dialect is another protocol that callers may speak. It is safe for concurrent use.
type Dialect interface {
	// Owns reports whether a request is of this protocol, by its path and fields.
	Owns(r *http.Request) bool
	// Answer never fails: what is refused is said in the protocol's own words.
	Answer(question api.Question) api.Answer
	// Refuse says in the protocol's own words what was refused before anybody looked at the
	// request: too long a body, too many requests at a time, a fault. The question has no
	// body, nobody to serve, and only what every answer needs.
	Refuse(question api.Question, why error) api.Answer
}

// dialectOf returns the dialect of a request; nil: it is of ours.
func (s *server) dialectOf(r *http.Request) Dialect {
	for _, spoken := range s.Dialects {
		if spoken.Dialect.Owns(r) {
			return spoken.Dialect
		}
	}
	return nil
}

// serveDialect answers a request of another protocol. What is new is turned away by the
// hub when there is too much of it, and what ends a payment never for something new.
func (x *exchange) serveDialect(ctx context.Context, dialect Dialect) {
	x.dialect, x.call = dialect, call{exchange: x, r: x.r}
	if !x.enter(route{method: x.r.Method, path: "dialect"}) {
		x.refuse(tooManyAtATime())
		return
	}
	if err := x.call.readBody(); err != nil {
		x.refuse(err)
		return
	}
	x.worked = x.server.Now()
	x.call.directory, x.call.chance = x.server.Directory(), x.server.Chance()
	question := x.question()
	question.Body, question.Chance, question.Clients = x.call.body, x.call.chance, clientsOf(x.call.directory)
	question.Serve = func(client api.Client) api.Counter {
		x.call.participant = client.Participant
		if x.holding.participant == "" {
			x.turned = x.claim(client.Participant)
		}
		return &counter{exchange: x, directory: x.call.directory, ctx: ctx, client: client}
	}
	question.Tell = func(message api.Message) (api.Answer, error) { return x.server.Send(ctx, message, tellWithin) }
	answer := dialect.Answer(question)
	if x.turned != nil {
		x.refuse(x.turned)
		return
	}
	x.pass(answer)
}

// question is the part of a question that does not depend on what the request says.
func (x *exchange) question() api.Question {
	return api.Question{
		Request: x.r, Now: x.started, Chance: x.server.Chance(), Origin: x.server.originOf(x.r), Allow: x.server.allow, Draw: drawSymbol,
	}
}

// tellWithin bounds what a dialect tells while somebody waits for its answer.
const tellWithin = 5 * time.Second

// quietZones are the light modules that a symbol has around it, on both sides.
const quietZones = 8

// drawSymbol draws a text as a picture of so many pixels, or fewer; zero: as SVG.
func drawSymbol(text string, pixels int) ([]byte, error) {
	drawn, err := symbol.New(text, symbol.Options{})
	if err != nil {
		return nil, err
	}
	if pixels == 0 {
		return []byte(drawn.SVG()), nil
	}
	return drawn.PNG(max(1, pixels/(drawn.Size()+quietZones))), nil
}

// pass writes an answer as it is. The spelling of its fields' names is the dialect's:
// some clients look for a field in small letters only.
func (x *exchange) pass(answer api.Answer) {
	x.status = answer.Status
	header := x.w.Header()
	maps.Copy(header, answer.Header)
	header.Set("Content-Length", strconv.Itoa(len(answer.Body)))
	if answer.Header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "no-store")
	}
	if answer.Status >= http.StatusInternalServerError {
		x.server.Log.Warn("fault in another protocol", slog.String("path", x.r.URL.Path), slog.Int("status", answer.Status))
	}
	x.w.WriteHeader(answer.Status)
	// An error means that the other side is gone: it will ask again.
	_, _ = x.w.Write(answer.Body)
}

// clientsOf finds clients as the dialects see them.
func clientsOf(directory *member.Directory) api.Clients {
	return func(dialect, id string) (api.Client, bool) {
		known, ok := directory.Client(member.Client{Dialect: dialect, ID: id}.Name())
		return ClientOf(known), ok
	}
}

// ClientOf is a client as its dialect sees it.
func ClientOf(c member.Client) api.Client {
	shown := api.Client{
		Dialect: c.Dialect, ID: c.ID, Participant: c.Participant, Provider: c.Provider, Merchant: c.Merchant,
		Store: c.Store, Terminal: c.Terminal, PublicKey: c.PublicKey, Secrets: c.Secrets,
	}
	for _, hook := range c.Hooks {
		shown.Hooks = append(shown.Hooks, api.Hook(hook))
	}
	return shown
}

// nameOf is the name of a client in the directory.
func nameOf(c api.Client) string { return member.Client{Dialect: c.Dialect, ID: c.ID}.Name() }

// countedMax is how many names are counted in one minute.
const countedMax = 1 << 16

// counts are how often clients have asked for something in this minute. They are this
// node's own: a limit of a protocol protects a node, and is no rule of paying.
type counts struct {
	mutex  sync.Mutex
	minute time.Time
	of     map[string]int
}

// allow counts a request, and reports whether it is one of the first so many of this
// minute.
func (s *server) allow(client api.Client, counted string, aMinute int) bool {
	c := &s.counts
	minute := s.Now().Truncate(time.Minute)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.minute.Equal(minute) || len(c.of) >= countedMax {
		c.minute, c.of = minute, make(map[string]int)
	}
	name := nameOf(client) + " " + counted
	c.of[name]++
	return c.of[name] <= aMinute
}

// isNotFound reports a refusal that says that there is nothing.
func isNotFound(err error) bool {
	reason, refused := hansa.ReasonOf(err)
	return refused && reason == hansa.NotFound
}
