package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// mediaStream is the media type of server-sent events.
const mediaStream = "text/event-stream"

// A stream is an answer of server-sent events. Its head is signed as an answer
// without a body, since what will be said is not known yet: who acts on an event
// reads the payment, whose answer is signed as a whole.
type stream struct {
	exchange   *exchange
	controller *http.ResponseController
}

// wantsStream reports whether the caller asks for server-sent events.
func (c *call) wantsStream() bool {
	return strings.Contains(c.r.Header.Get("Accept"), mediaStream)
}

// openStream takes a place among those that wait, and lets tell write.
func (x *exchange) openStream(ctx context.Context, tell func(context.Context, *stream) error) {
	select {
	case x.server.waiting <- struct{}{}:
		defer func() { <-x.server.waiting }()
	default:
		x.problem(hansa.Refuse(hansa.Overloaded, "too many streams at a time"))
		return
	}
	x.leave()
	x.w.Header().Set("Content-Type", mediaStream)
	x.sign(http.StatusOK, nil)
	s := &stream{exchange: x, controller: http.NewResponseController(x.w)}
	x.w.WriteHeader(http.StatusOK)
	if err := s.flush(); err != nil {
		return
	}
	if err := tell(ctx, s); err != nil && ctx.Err() == nil {
		x.server.Log.Warn("stream ended", slog.Any("error", err))
	}
}

// send writes one event. The id, if any, is where a caller may go on from.
func (s *stream) send(id, kind string, document any) error {
	var text strings.Builder
	if id != "" {
		text.WriteString("id: " + id + "\n")
	}
	text.WriteString("event: " + kind + "\ndata: ")
	text.Write(api.Encode(document))
	text.WriteString("\n\n")
	return s.write(text.String())
}

// beat keeps the connection alive and finds out whether it is.
func (s *stream) beat() error { return s.write(": still here\n\n") }

func (s *stream) write(text string) error {
	// A connection without deadlines is one of a test.
	_ = s.controller.SetWriteDeadline(s.exchange.server.Now().Add(streamWrite))
	if _, err := s.exchange.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.flush()
}

func (s *stream) flush() error { return s.controller.Flush() }

// follow calls look at once, each time that subject changes, and at least every
// so often, until it says that all is told, ctx ends or streamFor is over.
func (s *stream) follow(ctx context.Context, subject string, every time.Duration, look func() (ended bool, err error)) error {
	changed, stop := s.exchange.server.Watch(subject)
	defer stop()
	end, beat, again := time.NewTimer(streamFor), time.NewTicker(heartbeatEvery), time.NewTicker(every)
	defer end.Stop()
	defer beat.Stop()
	defer again.Stop()
	for {
		ended, err := look()
		if ended || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-again.C:
		case <-beat.C:
			if err := s.beat(); err != nil {
				return err
			}
		case <-end.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}
