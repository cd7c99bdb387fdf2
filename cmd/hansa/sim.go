package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
)

// simCommand runs one make-believe history and checks it.
type simCommand struct {
	Seed     uint64 `help:"Seed of all that is drawn." default:"1"`
	Payments int    `help:"How many purchases." default:"2000"`
	DB       string `help:"Database to use; a temporary file if none is named." name:"db" placeholder:"DSN"`
	Bug      string `help:"Plant this bug, which the checks must find." placeholder:"NAME"`
	ListBugs bool   `help:"Name the bugs that can be planted."`
	Cells    int    `help:"Instead try a wallet's cap that is split over so many cells." placeholder:"N"`
	Hot      bool   `help:"With --cells: most payers stand in one cell, and move on to the next."`
}

func (c simCommand) Run(env *environment) error {
	if c.Cells != 0 {
		return c.runCells(env)
	}
	if c.ListBugs {
		for _, bug := range sim.Bugs() {
			fmt.Fprintln(env.out, bug)
		}
		return nil
	}
	bug, err := sim.ParseBug(c.Bug)
	if err != nil {
		return err
	}
	dsn := c.DB
	if dsn == "" {
		folder, err := os.MkdirTemp("", "hansa-sim-")
		if err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		defer os.RemoveAll(folder) //nolint:errcheck // It is temporary.
		dsn = filepath.Join(folder, "hansa.db")
	}
	outcome, err := sim.Run{Seed: c.Seed, Payments: c.Payments, Bug: bug, Open: func(ctx context.Context) (*store.Store, error) {
		return openMigrated(ctx, dsn)
	}}.Do(env.context)
	if err != nil {
		return err
	}
	for _, finding := range outcome.Findings {
		fmt.Fprintln(env.out, "breach", finding)
	}
	told := make([]string, 0, len(outcome.Told))
	for what := range outcome.Told {
		told = append(told, what)
	}
	slices.Sort(told)
	for _, what := range told {
		fmt.Fprintf(env.out, "%6d %s\n", outcome.Told[what], what)
	}
	fmt.Fprintln(env.out, outcome.Hash)
	if len(outcome.Findings) > 0 {
		return errSilent
	}
	return nil
}

// openExisting opens a database that is there and of this release's schema, and
// changes nothing.
func openExisting(ctx context.Context, dsn string) (*store.Store, error) {
	if _, err := os.Stat(dsn); !strings.Contains(dsn, "://") && err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s, err := store.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	have, want, err := s.Schema(ctx)
	if err == nil && have != want {
		err = fmt.Errorf("the database has schema %d and this release needs %d: run hansa migrate", have, want)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openMigrated opens a database and brings it to this release's schema.
func openMigrated(ctx context.Context, dsn string) (*store.Store, error) {
	s, err := store.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}
