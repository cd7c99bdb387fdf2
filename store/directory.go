package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/hansa-network/hansa"
	"github.com/hansa-network/hansa/fx"
	"github.com/hansa-network/hansa/member"
	"github.com/hansa-network/hansa/money"
)

// A document is one entry of the directory.
type document struct {
	kind    string
	id      string
	version int64 // of the directory, when the entry was written
	body    string
}

// The kinds of documents.
const (
	kindParticipant = "participant"
	kindCorridor    = "corridor"
	kindAgreement   = "agreement"
	kindRate        = "rate"
	kindReference   = "reference"
	kindClient      = "client"
	kindAuthority   = "authority"
)

var documents = &table[document]{name: "documents", key: []string{"kind", "id"}, columns: documentColumns}

func documentColumns(b *binding, d *document) {
	text(b, "kind", &d.kind)
	text(b, "id", &d.id)
	number(b, "version", &d.version)
	text(b, "body", &d.body)
}

// Listing returns the directory as this transaction sees it.
func (t *Tx) Listing(ctx context.Context) (Listing, error) { return t.Changed(ctx, 0) }

// Changed returns what is new or other in the directory than in an earlier version of it.
// Nothing is ever taken out.
func (t *Tx) Changed(ctx context.Context, since int64) (listing Listing, err error) {
	defer t.heed(&err)
	return readListing(ctx, t.session, since, t.head.Directory)
}

// Listing returns the directory.
func (r *Reader) Listing(ctx context.Context) (Listing, error) { return r.Changed(ctx, 0) }

// Changed returns what is new or other in the directory than in an earlier version of it.
// Nothing is ever taken out.
func (r *Reader) Changed(ctx context.Context, since int64) (Listing, error) {
	var listing Listing
	err := r.atOnce(ctx, func(r *Reader) error {
		head, err := r.Head(ctx)
		if err != nil {
			return err
		}
		listing, err = readListing(ctx, r, since, head.Directory)
		return err
	})
	return listing, err
}

func readListing(ctx context.Context, q querier, since, version int64) (Listing, error) {
	clauses, arguments := "ORDER BY kind, id", []any(nil)
	if since > 0 {
		clauses, arguments = "WHERE version > $1 ORDER BY kind, id", []any{since}
	}
	listing, err := gather(documents.each(ctx, q, clauses, arguments...))
	listing.Version = version
	return listing, err
}

// Client returns a client as it was committed last. It refuses NotFound.
func (r *Reader) Client(ctx context.Context, name string) (member.Client, error) {
	listing, err := gather(documents.each(ctx, r, "WHERE kind = $1 AND id = $2", kindClient, name))
	if err != nil || len(listing.Clients) == 0 {
		return member.Client{}, cmp.Or(err, hansa.Refuse(hansa.NotFound, "no client %q", name))
	}
	return listing.Clients[0], nil
}

// StandingRates returns the rates of all providers as they were committed last.
func (r *Reader) StandingRates(ctx context.Context) ([]fx.StandingRate, error) {
	listing, err := gather(documents.each(ctx, r, "WHERE kind = $1 ORDER BY id", kindRate))
	return listing.Rates, err
}

// gather makes a listing of documents.
func gather(entries iter.Seq2[document, error]) (listing Listing, err error) {
	for entry, err := range entries {
		if err != nil {
			return Listing{}, err
		}
		if err := listing.add(entry); err != nil {
			return Listing{}, fmt.Errorf("read %s %s: %w", entry.kind, entry.id, err)
		}
	}
	return listing, nil
}

func (l *Listing) add(d document) error {
	switch d.kind {
	case kindParticipant:
		return decodeInto(&l.Participants, d.body)
	case kindCorridor:
		return decodeInto(&l.Corridors, d.body)
	case kindAgreement:
		return decodeInto(&l.Agreements, d.body)
	case kindRate:
		return decodeInto(&l.Rates, d.body)
	case kindReference:
		return decodeInto(&l.References, d.body)
	case kindAuthority:
		return decodeInto(&l.Authorities, d.body)
	case kindClient:
		return decodeInto(&l.Clients, d.body)
	}
	return fmt.Errorf("no kind of document")
}

func decodeInto[T any](all *[]T, body string) error {
	var entry T
	if err := json.Unmarshal([]byte(body), &entry); err != nil {
		return err
	}
	*all = append(*all, entry)
	return nil
}

// writesDirectory returns the step that writes what rows hold of the directory, and
// raises its version once for a transaction.
func (t *Tx) writesDirectory(rows Rows) step {
	return func(ctx context.Context, s *session) error {
		all, err := documentsOf(rows)
		if err != nil || len(all) == 0 {
			return err
		}
		if !t.raised {
			t.raised = true
			t.head.Directory++
		}
		for i := range all {
			all[i].version = t.head.Directory
		}
		return documents.write(ctx, s, all)
	}
}

// documentsOf returns what rows hold of the directory.
func documentsOf(rows Rows) ([]document, error) {
	var all []document
	var failed error
	add := func(kind, id string, entry any) {
		body, err := json.Marshal(entry)
		if err != nil && failed == nil {
			failed = fmt.Errorf("write %s %s: %w", kind, id, err)
		}
		all = append(all, document{kind: kind, id: id, body: string(body)})
	}
	for _, participant := range rows.Participants {
		add(kindParticipant, participant.ID, participant)
	}
	for _, corridor := range rows.Corridors {
		add(kindCorridor, corridor.ID, corridor)
	}
	for _, agreement := range rows.Agreements {
		add(kindAgreement, agreement.ID, agreement)
	}
	for _, rate := range rows.Rates {
		add(kindRate, rate.Provider+" "+pair(rate.Rate), rate)
	}
	for _, reference := range rows.Reference {
		add(kindReference, referenceID(reference), reference)
	}
	for _, authority := range rows.Authorities {
		add(kindAuthority, authority.Name(), authority)
	}
	for _, client := range rows.Clients {
		add(kindClient, client.Name(), client)
	}
	return all, failed
}

// referenceID lets a source have one reference of a pair: its newest.
func referenceID(r fx.Reference) string { return r.Source + " " + pair(r.Rate) }

// pair names the two currencies of a rate, whatever its direction.
func pair(r money.Rate) string {
	return string(min(r.Base(), r.Quote())) + " " + string(max(r.Base(), r.Quote()))
}
