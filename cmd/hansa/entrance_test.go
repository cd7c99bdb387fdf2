package main

import (
	"errors"
	"net"
	"testing"
)

// TestAnEntranceLetsInSoMany: who comes beyond that is let in when another has left, and
// nobody leaves twice.
func TestAnEntranceLetsInSoMany(t *testing.T) {
	t.Parallel()
	bound, err := listen(t.Context(), "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	door := newEntrance(bound, 1)
	type arrived struct {
		guest net.Conn
		err   error
	}
	come := make(chan arrived)
	accept := func() {
		guest, err := door.Accept()
		come <- arrived{guest, err}
	}
	for range 3 {
		var dialer net.Dialer
		caller, err := dialer.DialContext(t.Context(), "tcp", bound.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer caller.Close()
	}
	go accept()
	first := <-come
	go accept()
	select {
	case <-come:
		t.Fatal("two are let in where there is one place")
	default:
	}
	for range 2 {
		_ = first.guest.Close() // The second time it says that it is closed.
	}
	second := <-come
	if first.err != nil || second.err != nil {
		t.Fatal(first.err, second.err)
	}
	defer second.guest.Close()
	go accept()
	select {
	case <-come:
		t.Fatal("the first has left twice")
	default:
	}
	if err := door.Close(); err != nil {
		t.Fatal(err)
	}
	if third := <-come; !errors.Is(third.err, net.ErrClosed) {
		t.Errorf("%v, want that it is closed", third.err)
	}
}
