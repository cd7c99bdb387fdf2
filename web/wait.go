package web

import (
	"context"
	"time"
)

// until reads something again each time that it changes, until it has come to
// an end or wait is over, and returns it as it is then. Who waits gives up its
// place among those that work; where there is no place to wait, it does not.
func until[T any](ctx context.Context, c *call, watched waited[T], wait time.Duration) (T, error) {
	if wait == 0 {
		return watched.read(ctx)
	}
	changed, stop := c.server.Watch(watched.subject)
	defer stop()
	seen, err := watched.read(ctx)
	if err != nil || watched.ended(seen) {
		return seen, err
	}
	select {
	case c.server.waiting <- struct{}{}:
		defer func() { <-c.server.waiting }()
	default:
		return seen, nil
	}
	c.leave()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	// Another node may have made the change: nobody tells us then.
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		select {
		case <-changed:
		case <-again.C:
		case <-timer.C:
			return seen, nil
		case <-ctx.Done():
			return seen, nil
		}
		if seen, err = watched.read(ctx); err != nil || watched.ended(seen) {
			return seen, err
		}
	}
}

// A waited thing is what a caller waits for.
type waited[T any] struct {
	subject string
	read    func(context.Context) (T, error)
	ended   func(T) bool
}
