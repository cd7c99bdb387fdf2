// Package web answers HTTP: the public API of the network, signed both ways. A
// handler decodes, lets the hub do one thing or reads what was committed, and
// encodes; what may happen is decided below. The room starts no goroutine and
// reads no clock of its own, and never sees the store but through the hub.
package web

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/qr"
	"github.com/hansa-network/hansa/qr/routing"
	"github.com/hansa-network/hansa/web/checkout"
)

// Limits. Who waits for an outcome takes no room from those who work.
const (
	waitersMax = 8192
	headerMax  = 16 << 10 // bytes of a request's fields
)

// How long things may take.
const (
	waitForOutcome = 6 * time.Second  // of a till that asks for a payment, unless it says otherwise
	waitMax        = 20 * time.Second // of a long poll
	heartbeatEvery = 15 * time.Second // of a stream that has nothing to say
	lookEvery      = 2 * time.Second  // of a stream of the journal, where nobody tells it to
	streamFor      = time.Hour        // after which a stream ends and is asked for again
	streamWrite    = 10 * time.Second // until a part of a stream must be taken
)

// Journal is the subject under which Config.Watch tells that the journal has grown.
const Journal = "journal"

// Config is what the API stands on. All of it is needed, except where it says so.
type Config struct {
	Hub       *hub.Hub // for Read alone
	Do        func(context.Context, hub.Request) (hub.Result, error)
	Watch     func(subject string) (changed <-chan struct{}, stop func()) // by id of a payment or an order, or Journal
	Decided   func(id string) (payment.Payment, bool)                     // a payment with an outcome, if this node remembers it; may be nil
	Seen      func(id string) (payment.Payment, bool)                     // as this node has committed it last, while the database is away; may be nil
	Held      func() bool                                                 // whether commits do not come back for now; may be nil
	Full      func() bool                                                 // whether what is new would wait for too long; may be nil
	Directory func() *member.Directory
	Now       func() time.Time
	Chance    func() hansa.Chance

	KeyID string             // of Key, such as hansa#1
	Key   ed25519.PrivateKey // signs answers

	CodeKey  func(madeAt time.Time) (id string, key ed25519.PrivateKey) // signs the store codes and order codes made then
	Codes    qr.Directory                                               // by which scanned codes are believed; it keeps the orders
	CodeKeys func() []api.CodeKey                                       // those keys, the oldest first, as they are published

	Dialects []Spoken                                                      // other protocols; may be nil
	Approve  func(ctx context.Context, order api.Order, code string) error // lets a make-believe payer pay; nil: there are none
	// Decode asks an acquirer what a private code of its asks. An error that is no Refusal is
	// silence. May be nil.
	Decode func(ctx context.Context, acquirer member.Participant, ask api.DecodeCode) (api.Decoded, error)
	// Send makes a request that a dialect has written.
	Send func(ctx context.Context, message api.Message, within time.Duration) (api.Answer, error)

	Origin string // by which the API is known, such as https://pay.example; empty: as the request says, for demonstration
	Log    *slog.Logger
}

// A server answers the API. It is safe for concurrent use.
type server struct {
	Config

	patterns []pattern
	door     *door
	full     notice
	counts   counts
	rules    routing.Rulebook // of codes, where Origin is known
	pages    http.Handler     // of orders
	waiting  chan struct{}    // one place for each that waits for something to change
}

// New returns the handler of the API. It is safe for concurrent use.
func New(config Config) http.Handler { return newServer(config) }

func newServer(config Config) *server {
	s := &server{
		Config: config, patterns: patterns(), door: newDoor(config), full: newNotice(), waiting: make(chan struct{}, waitersMax),
		rules: rulesAt(config.Origin, nil),
	}
	s.pages = checkout.New(s.hosted())
	return s
}

// NewServer returns a server that bounds what a connection may send and how
// long it may take. Address and listener are the caller's.
func NewServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      waitMax + 15*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    headerMax,
	}
}

// ServeHTTP answers one request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{server: s, w: w, r: r, started: s.Now()}
	defer x.leave()
	defer x.log(r.Context())
	defer x.rescue()
	if strings.HasPrefix(r.URL.Path, checkout.Root) {
		x.servePage()
		return
	}
	if dialect := s.dialectOf(r); dialect != nil {
		x.serveDialect(r.Context(), dialect)
		return
	}
	found, allowed := s.find(r)
	if !x.enter(found) {
		x.turnAway()
		return
	}
	reply, err := x.handle(r.Context(), found, allowed)
	x.answer(r.Context(), reply, err)
}
