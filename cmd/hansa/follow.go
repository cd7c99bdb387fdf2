package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/web"
)

// followEvery is how often a node looks at what others have committed: a key that
// was withdrawn there signs here that much longer, and who waits here for an outcome
// that is decided there hears of it two looks later at most.
const followEvery = 25 * time.Millisecond

// follow looks after the other nodes until ctx ends. A fault is told once.
func (n *node) follow(ctx context.Context) {
	faulty, before := false, int64(0)
	for pause(ctx, followEvery) {
		head, err := n.look(ctx, before)
		before = head
		if err != nil && !faulty && ctx.Err() == nil {
			n.log.Error("cannot follow the other nodes", "error", err)
		}
		faulty = err != nil
	}
}

// look reads the directory if it has changed, and what others have added to the
// journal, and tells those who wait for it. It returns the head of the journal. What
// stood at its head a look before and is not ours by now is another's.
func (n *node) look(ctx context.Context, before int64) (int64, error) {
	reader := n.store.Read()
	head, err := reader.Head(ctx)
	if err != nil {
		return before, fmt.Errorf("read the head of the journal: %w", err)
	}
	if err := n.refreshTo(ctx, head.Directory); err != nil {
		return before, err
	}
	known := n.engine.tail
	known.begin(head.Height)
	for {
		from, to, ok := known.missing(before)
		if !ok {
			return head.Height, nil
		}
		events, err := reader.Between(ctx, from, to)
		if err != nil {
			return before, fmt.Errorf("read the journal: %w", err)
		}
		known.fill(to, events)
		changed := []string{web.Journal}
		for _, event := range events {
			changed = append(changed, event.Subject)
		}
		n.engine.watch.tell(changed)
		n.engine.hooks.ring()
	}
}

// refresh reads the directory if it has changed.
func (n *node) refresh(ctx context.Context) error {
	head, err := n.store.Read().Head(ctx)
	if err != nil {
		return fmt.Errorf("read the directory's version: %w", err)
	}
	return n.refreshTo(ctx, head.Directory)
}

func (n *node) refreshTo(ctx context.Context, version int64) error {
	known := n.directory.Load()
	if known != nil && known.Version() == version {
		return nil
	}
	if known != nil {
		news, err := n.store.Read().Changed(ctx, known.Version())
		if err != nil {
			return fmt.Errorf("read what is new in the directory: %w", err)
		}
		if next, ok := hub.Follow(known, news); ok {
			n.directory.Store(next)
			return nil
		}
	}
	listing, err := n.store.Read().Listing(ctx)
	if err != nil {
		return fmt.Errorf("read the directory: %w", err)
	}
	directory, _, err := hub.Index(listing)
	if err != nil {
		return err
	}
	n.directory.Store(directory)
	return nil
}
