package store_test

import (
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

// TestNothingCancelsACommit: the driver cannot ask for it, as it would when the
// connection breaks.
func TestNothingCancelsACommit(t *testing.T) {
	t.Parallel()
	tx := begin(t, openMigrated(t, pgtest.Database(t)))
	defer tx.Rollback()
	if err := tx.Cancel(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing is cancelled") {
		t.Errorf("%v", err)
	}
}

// TestAServerThatIsGoneIsUnavailable, and is there again when it is back. What was
// begun is lost; a commit that was cut off may stand.
func TestAServerThatIsGoneIsUnavailable(t *testing.T) {
	t.Parallel()
	line := newLine(t, pgtest.Database(t))
	s := openMigrated(t, line.dsn)
	journal(t, s, "one")
	begun := begin(t, s)
	line.cut()
	_, _, err := begun.Append(t.Context(), at(0), eventsOf("two"))
	if err = errors.Join(err, begun.Commit()); err == nil || errors.Is(err, store.ErrOutcomeUnknown) {
		t.Errorf("it was written: %v", err)
	}
	for range 3 {
		if _, err := s.Begin(t.Context()); !isUnavailable(err) {
			t.Errorf("begin: %v", err)
		}
		if _, err := s.Read().Head(t.Context()); !isUnavailable(err) {
			t.Errorf("read: %v", err)
		}
		if err := s.Snapshot(t.Context(), func(*store.Reader) error { return nil }); !isUnavailable(err) {
			t.Errorf("snapshot: %v", err)
		}
	}
	line.mend()
	if block := journal(t, s, "three"); block.Height != 2 {
		t.Errorf("height %d", block.Height)
	}
	if head := mustRead(t, s.Read().Head); head.Height != 2 {
		t.Errorf("it is read as height %d", head.Height)
	}
}

// TestAServerThatGoesInTheMiddleOfAnAnswerIsUnavailable: more is read than fits into
// what is on its way when the connection is cut.
func TestAServerThatGoesInTheMiddleOfAnAnswerIsUnavailable(t *testing.T) {
	t.Parallel()
	const requests, large = 3000, 10_000 // 30 MB
	line := newLine(t, pgtest.Database(t))
	s := openMigrated(t, line.dsn)
	var rows store.Rows
	for i := range requests {
		key := store.RequestKey{Participant: "nets", Operation: "ask", ID: strconv.Itoa(i)}
		rows.Requests = append(rows.Requests, store.Request{Key: key, Reason: hansa.CodeUsed, Detail: strings.Repeat("x", large), At: at(0)})
	}
	tx := begin(t, s)
	defer tx.Rollback()
	if err := errors.Join(tx.Write(t.Context(), rows), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, err := range s.Read().EachRequest(t.Context()) {
		if read++; read == 1 {
			line.cut()
		}
		if err != nil && !isUnavailable(err) {
			t.Errorf("after %d rows: %v", read, err)
		}
	}
	if read >= requests {
		t.Error("all was read: nothing was cut")
	}
}

func isUnavailable(err error) bool {
	reason, refused := hansa.ReasonOf(err)
	return refused && reason == hansa.Unavailable
}

// A line leads to a server, and can be cut. It is safe for concurrent use.
type line struct {
	dsn string

	mutex  sync.Mutex
	broken bool
	ends   []net.Conn
}

func newLine(t *testing.T, dsn string) *line {
	t.Helper()
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := address.Host
	address.Host = listener.Addr().String()
	l := &line{dsn: address.String()}
	var working sync.WaitGroup
	working.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			working.Go(func() { l.carry(near, server) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close() // Its error would be that it is closed.
		l.cut()
		working.Wait()
	})
	return l
}

// carry copies both ways until one end is gone.
func (l *line) carry(near net.Conn, server string) {
	defer near.Close()
	far, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer far.Close()
	l.mutex.Lock()
	if l.broken {
		l.mutex.Unlock()
		return
	}
	l.ends = append(l.ends, near, far)
	l.mutex.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(far, near) // It ends with the connection, which is all there is to say.
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
	_ = near.Close()
	<-done
}

// cut ends all connections, and each new one at once.
func (l *line) cut() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.broken = true
	for _, end := range l.ends {
		_ = end.Close() // It may be closed.
	}
	l.ends = nil
}

func (l *line) mend() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.broken = false
}
