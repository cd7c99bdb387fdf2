package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/store"
)

// loadCommand loads a file that somebody else has made. A registry is loaded
// whole or, if any of its rows cannot be used, not at all.
type loadCommand struct {
	DB   string `help:"Database: a file, or postgres://…" name:"db" required:"" placeholder:"DSN"`
	Kind string `help:"What the file holds: a registry of merchants, stores, terminals and codes; a network of participants; or reference rates." enum:"registry,network,ecb,norges-bank" default:"registry"`
	File string `arg:"" help:"The file." type:"existingfile"`
}

func (c loadCommand) Run(env *environment) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	defer file.Close() //nolint:errcheck // It is only read.
	operation, loaded, err := c.read(env, bufio.NewReader(file))
	if err != nil {
		return err
	}
	s, err := openMigrated(env.context, c.DB)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // What was committed is safe.
	if err := enter(env.context, hub.New(s, [32]byte{}), env.now(), operation); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.out, loaded)
	return err
}

// enter commits one enrolment.
func enter(ctx context.Context, h *hub.Hub, now time.Time, operation hub.Enrol) error {
	committed, err := h.Step(ctx, now, []hub.Request{{Chance: chance(), Operation: operation}})
	if err != nil {
		return err
	}
	return committed.Results[0].Refusal
}

// read returns what the file enrols, and what there is of it in words.
func (c loadCommand) read(env *environment, file io.Reader) (hub.Enrol, string, error) {
	switch c.Kind {
	case "network":
		return readNetwork(file)
	case "ecb", "norges-bank":
		read := fx.ReadECB
		if c.Kind == "norges-bank" {
			read = fx.ReadNorgesBank
		}
		references, err := read(file)
		return hub.Enrol{Listing: store.Listing{References: references}}, fmt.Sprintf("%d reference rates", len(references)), err
	}
	registry, wrong, err := merchant.ReadRegistry(file)
	if err != nil {
		return hub.Enrol{}, "", err
	}
	for _, row := range wrong {
		fmt.Fprintln(env.out, row.Error())
	}
	if len(wrong) > 0 {
		return hub.Enrol{}, "", errSilent
	}
	loaded := fmt.Sprintf("%d merchants, %d stores, %d terminals, %d codes",
		len(registry.Merchants), len(registry.Stores), len(registry.Terminals), len(registry.Codes))
	return hub.Enrol{Registry: store.Registry(registry)}, loaded, nil
}

// A membership is a file of participants and what binds them. Everything in it
// takes the place of what has the same id.
type membership struct {
	Participants []member.Participant `json:"participants"`
	Agreements   []member.Agreement   `json:"agreements"`
	Corridors    []member.Corridor    `json:"corridors"`
	Clients      []member.Client      `json:"clients"`
	Authorities  []member.Authority   `json:"authorities"`
	Ranges       []codeRange          `json:"ranges"`
}

// A codeRange allots numbers of store codes to an acquirer.
type codeRange struct {
	Acquirer string `json:"acquirer"`
	Prefix   string `json:"prefix"`
	First    int64  `json:"first"`
	Last     int64  `json:"last"`
}

func readNetwork(file io.Reader) (hub.Enrol, string, error) {
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	var n membership
	if err := decoder.Decode(&n); err != nil {
		return hub.Enrol{}, "", fmt.Errorf("read a network: %w", err)
	}
	listing := member.Listing{Participants: n.Participants, Agreements: n.Agreements, Corridors: n.Corridors}
	if _, err := member.NewDirectory(listing); err != nil {
		return hub.Enrol{}, "", err
	}
	// Whom clients and authorities name may be entered already: the whole is checked later.
	listing.Clients, listing.Authorities = n.Clients, n.Authorities
	enrol := hub.Enrol{Listing: store.Listing{Listing: listing}}
	for _, r := range n.Ranges {
		enrol.Ranges = append(enrol.Ranges, store.CodeRange{Acquirer: r.Acquirer, Prefix: r.Prefix, Next: r.First, Last: r.Last})
	}
	return enrol, fmt.Sprintf("%d participants, %d agreements, %d corridors, %d clients, %d authorities, %d code ranges",
		len(n.Participants), len(n.Agreements), len(n.Corridors), len(n.Clients), len(n.Authorities), len(n.Ranges)), nil
}
