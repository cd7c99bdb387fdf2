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
	lineBuffer = 2 << 10          // bytes
)

// The tillLines are the connections of all tills to one address, one for each. A till
// writes a request and reads the answer itself: what is measured is the switch, and no
// client need cost more than that. It is safe for concurrent use.
type tillLines struct {
	address string // host:port

	mutex sync.Mutex
	lines map[int]*tillLine // by client
}

// A tillLine is one connection. It belongs to one client, who has one request on its way.
type tillLine struct {
	connection net.Conn // nil: there is none
	in         *bufio.Reader
	out        *bufio.Writer
	used       time.Time
}

// exchange sends a client's request that is ready and returns the answer, read to its end.
func (l *tillLines) exchange(ctx context.Context, client int, request *http.Request) (api.Answer, error) {
	line := l.of(client)
	if err := line.connect(ctx, l.address); err != nil {
		return api.Answer{}, err
	}
	answer, again, err := line.exchange(request)
	if err != nil || !again {
		line.close()
	}
	return answer, err
}

func (l *tillLines) of(client int) *tillLine {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	line, known := l.lines[client]
	if !known {
		line = &tillLine{}
		l.lines[client] = line
	}
	return line
}

// close closes all. None may be in use.
func (l *tillLines) close() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, line := range l.lines {
		line.close()
	}
}

// connect makes a connection unless there is a fresh one.
func (l *tillLine) connect(ctx context.Context, address string) error {
	if l.connection != nil && time.Since(l.used) < lineIdle {
		return nil
	}
	l.close()
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("connect a till: %w", err)
	}
	l.connection, l.in, l.out = connection, bufio.NewReaderSize(connection, lineBuffer), bufio.NewWriterSize(connection, lineBuffer)
	return nil
}

func (l *tillLine) close() {
	if l.connection != nil {
		_ = l.connection.Close() // Nothing of it is wanted any more.
		l.connection = nil
	}
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
