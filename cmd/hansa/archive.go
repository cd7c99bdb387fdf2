package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/hansa-network/hansa/store"
)

// archiveCommand moves days of the journal that are over to files.
// docs/archive.md is their form.
type archiveCommand struct {
	DB     string    `help:"Database: a file, or postgres://…" name:"db" required:"" placeholder:"DSN"`
	To     string    `help:"Folder of the archive; made if it is not there." required:"" placeholder:"DIR"`
	Before time.Time `help:"Only days (UTC) before this one; without it all that are over." format:"2006-01-02" placeholder:"DATE"`
}

func (c archiveCommand) Run(env *environment) (err error) {
	const ownerOnly = 0o700
	if err := os.MkdirAll(c.To, ownerOnly); err != nil {
		return fmt.Errorf("make the folder of the archive: %w", err)
	}
	s, err := openArchived(env.context, c.DB, c.To)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if c.Before.IsZero() {
		c.Before = env.now()
	}
	for {
		v, found, err := s.ArchiveDay(env.context, c.Before, env.now())
		if err != nil || !found {
			return err
		}
		fmt.Fprintf(env.out, "%s  blocks %d to %d, %d events, %d bytes\n", v.File, v.From, v.To, v.Events, v.Size)
	}
}

// openArchived opens an existing database, and its archive if one is named.
func openArchived(ctx context.Context, dsn, folder string) (*store.Store, error) {
	s, err := openExisting(ctx, dsn)
	if err != nil || folder == "" {
		return s, err
	}
	if err := s.UseArchive(folder); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}
