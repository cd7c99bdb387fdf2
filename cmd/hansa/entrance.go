package main

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// entranceShare is how many of the files that a process may have open are for those who
// come, in quarters; the rest is for calls to others.
const entranceShare = 3

// An entrance lets so many connections in at a time. Whoever comes beyond that waits
// until another one leaves, and takes nothing meanwhile: were all files taken, the
// switch could neither ask a wallet nor open its database. It is safe for concurrent use.
type entrance struct {
	net.Listener

	places chan struct{}
	close  func()
	closed chan struct{}
}

func newEntrance(listener net.Listener, most int) *entrance {
	e := &entrance{Listener: listener, places: make(chan struct{}, max(1, most)), closed: make(chan struct{})}
	e.close = sync.OnceFunc(func() { close(e.closed) })
	return e
}

// Accept waits for a place, and then for somebody who wants it.
func (e *entrance) Accept() (net.Conn, error) {
	select {
	case e.places <- struct{}{}:
	case <-e.closed:
		return nil, net.ErrClosed
	}
	connection, err := e.Listener.Accept()
	if err != nil {
		<-e.places
		return nil, err
	}
	return &guest{Conn: connection, leave: sync.OnceFunc(func() { <-e.places })}, nil
}

// Close lets nobody in any more.
func (e *entrance) Close() error {
	e.close()
	return e.Listener.Close()
}

// A guest is a connection that holds a place.
type guest struct {
	net.Conn

	leave func()
}

// Close gives the place back, once.
func (g *guest) Close() error {
	defer g.leave()
	return g.Conn.Close()
}

// listen binds address. Off loopback it must be meant.
func listen(ctx context.Context, address string, public bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	if ip := net.ParseIP(host); !public && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s can be reached from other machines: say --public if that is meant", address)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return newEntrance(listener, filesForConnections()*entranceShare/4), nil
}
