package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/hansa-network/hansa/api"
)

// Limits of a till's connection.
const (
	lineWithin = time.Minute      // for one exchange: longer than any wait for an outcome
	lineIdle   = 30 * time.Second // after which it is not used again: the other side may have closed it
)

// The tillLines are the connections of all tills to one node. A till writes a request and
// reads the answer itself: what is measured is the switch, and no client need cost
// more than that. It is safe for concurrent use.
type tillLines struct {
	address string // host:port

	mutex sync.Mutex
	idle  []*tillLine // the one used last at the end
}

// A tillLine is one connection.
type tillLine struct {
	connection net.Conn
	in         *bufio.Reader
	out        *bufio.Writer
	used       time.Time
}

// exchange sends a request that is ready and returns the answer, read to its end.
func (l *tillLines) exchange(ctx context.Context, request *http.Request) (api.Answer, error) {
	one, err := l.take(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	answer, again, err := one.exchange(request)
	if err != nil || !again {
		_ = one.connection.Close() // Nothing of it is wanted any more.
		return answer, err
	}
	l.give(one)
	return answer, nil
}

func (l *tillLines) take(ctx context.Context) (*tillLine, error) {
	l.mutex.Lock()
	var known *tillLine
	if last := len(l.idle) - 1; last >= 0 {
		known, l.idle = l.idle[last], l.idle[:last]
	}
	l.mutex.Unlock()
	if known != nil && time.Since(known.used) < lineIdle {
		return known, nil
	}
	if known != nil {
		_ = known.connection.Close() // It was idle.
	}
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", l.address)
	if err != nil {
		return nil, fmt.Errorf("connect a till: %w", err)
	}
	return &tillLine{connection: connection, in: bufio.NewReader(connection), out: bufio.NewWriter(connection)}, nil
}

func (l *tillLines) give(one *tillLine) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.idle = append(l.idle, one)
}

// close closes those that are not in use.
func (l *tillLines) close() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, one := range l.idle {
		_ = one.connection.Close() // It was idle.
	}
	l.idle = nil
}

// exchange also reports whether the connection can be used again.
func (l *tillLine) exchange(request *http.Request) (answer api.Answer, again bool, err error) {
	l.used = time.Now()
	if err := l.connection.SetDeadline(l.used.Add(lineWithin)); err != nil {
		return answer, false, fmt.Errorf("ask: %w", err)
	}
	if err := request.Write(l.out); err != nil {
		return answer, false, fmt.Errorf("ask: %w", err)
	}
	if err := l.out.Flush(); err != nil {
		return answer, false, fmt.Errorf("ask: %w", err)
	}
	response, err := http.ReadResponse(l.in, request)
	if err != nil {
		return answer, false, fmt.Errorf("read answer: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // The body was read to its end.
	answer = api.Answer{Status: response.StatusCode, Header: response.Header}
	answer.Body, err = api.ReadBody(response.Body, api.BodyMax)
	return answer, !response.Close, err
}

// A signedAsk is a request that was signed, to be sent again as it is where it was turned
// away at the door: nobody has read it, and to sign it anew would cost a signature.
type signedAsk struct {
	request *http.Request
	body    []byte
}

// again lets the request be sent, also if it was sent before.
func (s *signedAsk) again() *http.Request {
	if len(s.body) > 0 {
		s.request.Body = io.NopCloser(bytes.NewReader(s.body))
	}
	return s.request
}
