package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hansa-network/hansa/store"
)

// serveCommand runs the switch on a database. It has no sandbox and no clock of
// another time.
type serveCommand struct {
	DB      string `help:"Database: a file, or postgres://…" name:"db" required:"" placeholder:"DSN"`
	Listen  string `help:"Address to answer on." default:"127.0.0.1:8080"`
	Public  bool   `help:"Allow an address that other machines can reach."`
	Origin  string `help:"How the API is known to its callers, such as https://pay.example." placeholder:"URL"`
	Keys    string `help:"Folder of the switch's own keys; made if it is not there." default:"keys"`
	Archive string `help:"Folder of the archive, from which what is older is read." placeholder:"DIR"`
}

func (c serveCommand) Run(env *environment) error {
	listener, err := listen(env.context, c.Listen, c.Public)
	if err != nil {
		return err
	}
	own, err := openSecrets(c.Keys)
	if err != nil {
		return err
	}
	n, err := openNode(env.context, setting{dsn: c.DB, archive: c.Archive, secrets: own, now: env.now, log: env.log})
	if err != nil {
		return err
	}
	origin := c.Origin
	if origin == "" {
		if _, origin = addressesOf(listener); origin == "" {
			return errors.Join(fmt.Errorf("%s has many names: say with --origin how callers know it", c.Listen), n.store.Close())
		}
	}
	handler := n.api(origin)
	// What is asked over HTTP is answered before those who answer it stop.
	working, rest := context.WithCancel(context.WithoutCancel(env.context))
	defer rest()
	done := make(chan struct{})
	go func() { n.run(working); close(done) }()
	fmt.Fprintf(env.out, "ready http://%s\n", listener.Addr())
	err = serve(env.context, listener, handler)
	rest()
	<-done
	return errors.Join(err, n.store.Close())
}

// migrateCommand brings a database to this release's schema.
type migrateCommand struct {
	DB          string `help:"Database: a file, or postgres://…" name:"db" required:"" placeholder:"DSN"`
	Check       bool   `help:"Only say whether there is something to do; exit 1 if so."`
	Application string `help:"Role of PostgreSQL by which nodes use the database; it gets the rights for that and no other." placeholder:"ROLE"`
	Reporting   string `help:"Role of PostgreSQL that only reads; it gets the rights for that and no other." placeholder:"ROLE"`
}

func (c migrateCommand) Run(env *environment) error {
	s, err := store.Open(env.context, c.DB)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // Nothing is written after the migration.
	have, want, err := s.Schema(env.context)
	if err != nil {
		return err
	}
	if c.Check && have < want {
		fmt.Fprintf(env.out, "schema %d, this release needs %d\n", have, want)
		return errSilent
	}
	if err := s.Migrate(env.context); err != nil {
		return err
	}
	if roles := (store.Roles{Application: c.Application, Reporting: c.Reporting}); roles != (store.Roles{}) {
		if err := s.Grant(env.context, roles); err != nil {
			return err
		}
	}
	fmt.Fprintf(env.out, "schema %d\n", max(have, want))
	return nil
}
