package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// asSwitch makes this program be a switch that dies where its order says.
const asSwitch = "HANSA_TEST_AS_SWITCH"

// An order is what such a switch runs on, and where it dies. Only this program can
// be ordered to die: the binary has nothing that leads there.
type order struct {
	DSN     string
	Keys    string // folder
	Address string
	Point   crashPoint
	Nth     int64 // time that it comes to the point
	Freezes bool  // at the point, for somebody who cuts its power, rather than die by its own hand
}

// tillHears is more than an answer that was handed over needs to arrive.
const tillHears = 50 * time.Millisecond

// serveUntilDeath is the main function of the switch. It says when it is ready and
// when it is at the point, each on a line.
func serveUntilDeath(text string) {
	var o order
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = o.serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (o order) serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	own, err := openSecrets(o.Keys)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, o.Address, false)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	n, err := openNode(ctx, setting{dsn: o.DSN, secrets: own, loopback: true, now: time.Now, log: log, crash: o.crasher()})
	if err != nil {
		return err
	}
	working, rest := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() { n.run(working); close(done) }()
	_, origin := addressesOf(listener)
	fmt.Println("ready", origin)
	err = serve(ctx, listener, n.api(origin))
	rest()
	<-done
	if err != nil {
		return err
	}
	return n.store.Close()
}

// crasher ends the process, as kill -9 does, when it comes to the point for the
// n-th time, or stops all of it there: nobody hears of anything any more, and the
// power can be cut.
func (o order) crasher() crasher {
	var times atomic.Int64
	return func(point crashPoint) {
		if point != o.Point || times.Add(1) != o.Nth {
			return
		}
		if point == tillAnswered {
			time.Sleep(tillHears)
		}
		fmt.Println("reached", point)
		end := syscall.SIGKILL
		if o.Freezes {
			end = syscall.SIGSTOP
		}
		_ = syscall.Kill(os.Getpid(), end) // It does not return.
		select {}
	}
}

// A deathbed is a running switch of that kind.
type deathbed struct {
	*process

	point crashPoint
}

// launch starts the switch and waits until it answers.
func (o order) launch(t *testing.T) *deathbed {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	d := &deathbed{process: beginWith(t, asSwitch+"="+string(text)), point: o.Point}
	if line := d.line(t, readyWithin); line != "ready http://"+o.Address {
		t.Fatalf("the switch does not start: %q\n%s", line, d.problems)
	}
	return d
}

// line is the next line that the process says; empty if it ends without one.
func (d *deathbed) line(t *testing.T, within time.Duration) string {
	t.Helper()
	said := make(chan string, 1)
	go func() {
		line, _ := d.out.ReadString('\n') // What ends without a line has said nothing.
		said <- strings.TrimSpace(line)
	}()
	select {
	case line := <-said:
		return line
	case <-time.After(within):
		t.Fatalf("the switch is not at %q after %s\n%s", d.point, within, d.problems)
	}
	panic("unreachable")
}

// dies waits until the switch is at its point, and lets it end there. It is an
// error if it never comes there, or ends otherwise.
func (d *deathbed) dies(t *testing.T, cut func()) {
	t.Helper()
	if line, want := d.line(t, reachedWithin), "reached "+string(d.point); line != want {
		t.Fatalf("want %q, and the switch says %q\n%s", want, line, d.problems)
	}
	if cut != nil {
		d.isFrozen(t)
		cut()
		if err := d.command.Process.Kill(); err != nil {
			t.Error(err)
		}
	}
	d.wait()
	if status, ok := d.command.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("the switch ended with %s\n%s", d.command.ProcessState, d.problems)
	}
}

// isFrozen waits until every thread of the process stands still.
func (d *deathbed) isFrozen(t *testing.T) {
	t.Helper()
	pattern := fmt.Sprintf("/proc/%d/task/*/stat", d.command.Process.Pid)
	until(t, "the switch is frozen", func() bool {
		threads, err := filepath.Glob(pattern)
		return err == nil && len(threads) > 0 && !slices.ContainsFunc(threads, func(thread string) bool {
			stat, err := os.ReadFile(thread)
			_, state, _ := strings.Cut(string(stat), ") ")
			return err == nil && !strings.HasPrefix(state, "T")
		})
	})
}
