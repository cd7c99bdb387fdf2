package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// benchNodesMax bounds the nodes of a measurement: each has connections of its own.
const benchNodesMax = 8

// checkNodes refuses more nodes than the database can have.
func (c benchCommand) checkNodes() error {
	switch {
	case c.Nodes < 1 || c.Nodes > benchNodesMax:
		return fmt.Errorf("--nodes is 1 to %d", benchNodesMax)
	case c.Nodes > 1 && !strings.Contains(c.DB, "://"):
		return errors.New("more than one node needs a PostgreSQL, --db postgres://…: an SQLite file is for one")
	}
	return nil
}

// add opens one more node on the database, whose wallets and endpoints are ready.
func (n *benchNetwork) add(ctx context.Context, with setting) error {
	added, err := openNode(ctx, with)
	if err != nil {
		return err
	}
	n.nodes = append(n.nodes, added)
	if n.wallets == "" {
		added.engine.calls = readyWallet{}
	}
	added.engine.hooks.post = readyEndpoint{}
	added.engine.slow = n.FsyncDelay
	return nil
}

// first is the node that enters the world and measures the database.
func (n *benchNetwork) first() *node { return n.nodes[0] }

// enrol enters the world at one node, and lets the others read it.
func (n *benchNetwork) enrol(ctx context.Context) error {
	if err := enrol(ctx, n.first(), n.world); err != nil {
		return err
	}
	for _, other := range n.nodes[1:] {
		if err := other.refresh(ctx); err != nil {
			return err
		}
	}
	return nil
}

// quietLog tells people what is wrong, and nothing else.
func quietLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
