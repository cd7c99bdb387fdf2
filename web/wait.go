package web

import (
	"context"
	"time"

	"github.com/hansa-network/hansa"
)

// until reads something again each time that it changes, until it has come to
// an end or wait is over, and returns it as it is then. Who waits gives up its
// place among those that work; where there is no place to wait, it does not. What
// was seen once is still true while the database is away.
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
	// Another node may have made the change: nobody tells us then.
	left, look := wait, min(lookEvery, wait)
	timer := time.NewTimer(look)
	defer timer.Stop()
	for {
		select {
		case <-changed:
		case <-timer.C:
			if left -= look; left <= 0 {
				return seen, nil
			}
			look = min(lookEvery, left)
			timer.Reset(look)
		case <-ctx.Done():
			return seen, nil
		}
		now, err := watched.read(ctx)
		if isUnavailable(err) {
			continue // The database may be back before the wait is over.
		}
		if seen = now; err != nil || watched.ended(seen) {
			return seen, err
		}
	}
}

func isUnavailable(err error) bool {
	reason, _ := hansa.ReasonOf(err)
	return reason == hansa.Unavailable
}

// A waited thing is what a caller waits for.
type waited[T any] struct {
	subject string
	read    func(context.Context) (T, error)
	ended   func(T) bool
}
