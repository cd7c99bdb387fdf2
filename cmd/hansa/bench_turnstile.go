package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/api"
)

// A turnstile turns everybody away, with the words that a switch would use, as cheaply
// as a socket allows. Whoever asks there has the costs of asking and of hearing a no,
// and the other side has none.
type turnstile struct {
	no    []byte
	mutex sync.Mutex
	open  []net.Conn
}

// turnstile opens one until ctx ends, and returns how to ask there.
func (n *benchNetwork) turnstile(ctx context.Context) (asking, error) {
	listener, err := listen(ctx, "127.0.0.1:0", false)
	if err != nil {
		return nil, err
	}
	problem := api.Encode(api.ProblemOf(hansa.Refuse(hansa.Overloaded, "too many requests at a time")))
	t := &turnstile{no: []byte("HTTP/1.1 503 Service Unavailable\r\nCache-Control: no-store\r\nContent-Type: " + api.MediaProblem +
		"\r\nRetry-After: 1\r\nContent-Length: " + strconv.Itoa(len(problem)) + "\r\n\r\n" + string(problem))}
	n.running.Go(func() { t.serve(listener) })
	n.running.Go(func() { <-ctx.Done(); t.close(listener) })
	address := listener.Addr().String()
	lines := n.lines(ctx, address)
	return func(ctx context.Context, ask benchAsk) (api.Answer, error) {
		return n.exchange(ctx, lines, "http://"+address, ask)
	}, nil
}

func (t *turnstile) serve(listener net.Listener) {
	var turning sync.WaitGroup
	for {
		connection, err := listener.Accept()
		if err != nil {
			break // It is closed.
		}
		t.mutex.Lock()
		t.open = append(t.open, connection)
		t.mutex.Unlock()
		turning.Go(func() {
			for t.turnAway(connection) == nil {
			}
		})
	}
	turning.Wait()
}

func (t *turnstile) close(listener net.Listener) {
	_ = listener.Close() // Nobody asks any more.
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, connection := range t.open {
		_ = connection.Close() // Nobody asks any more.
	}
}

// turnAway reads one request to its end and answers it.
func (t *turnstile) turnAway(connection net.Conn) error {
	var read []byte
	for missing := 1; missing > 0; {
		var part [lineBuffer]byte
		size, err := connection.Read(part[:])
		if err != nil {
			return err
		}
		read = append(read, part[:size]...)
		if missing, err = missingOf(read); err != nil {
			return err
		}
	}
	_, err := connection.Write(t.no)
	return err
}

// missingOf is how many bytes of a request are still to come, at least.
func missingOf(read []byte) (int, error) {
	head, body, ended := bytes.Cut(read, []byte("\r\n\r\n"))
	if !ended {
		return 1, nil
	}
	_, field, ok := strings.Cut(string(head), "\r\nContent-Length: ")
	if !ok {
		return 0, nil
	}
	line, _, _ := strings.Cut(field, "\r\n")
	length, err := strconv.Atoi(line)
	if err != nil {
		return 0, fmt.Errorf("a till wrote a length of %q: %w", line, err)
	}
	return length - len(body), nil
}
