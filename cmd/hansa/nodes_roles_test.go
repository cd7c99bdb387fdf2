package main

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hansa-network/hansa/store/pgtest"
)

// expanding is what the schema of the next release might add.
const expanding = `
ALTER TABLE payments ADD COLUMN tip_value BIGINT NOT NULL DEFAULT 0;
ALTER TABLE positions ADD COLUMN note TEXT;
CREATE TABLE tips (payment TEXT NOT NULL PRIMARY KEY REFERENCES payments (id), value BIGINT NOT NULL);
UPDATE schema_version SET version = version + 1;
`

// TestNodesAreReplacedOnASchemaOfTheNextRelease, one after the other, and nobody who
// pays meanwhile hears of it.
func TestNodesAreReplacedOnASchemaOfTheNextRelease(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	till := p.as("bluecode")
	var paid atomic.Int64
	var over atomic.Bool
	paying := make(chan struct{})
	go func() {
		defer close(paying)
		for !over.Load() {
			if sold, err := till.sells(); err != nil || sold.Status != "approved" {
				t.Errorf("%+v, %v", sold, err)
				return
			}
			paid.Add(1)
		}
	}()
	goesOn := func() {
		before := paid.Load()
		until(t, "payments go on", func() bool { return paid.Load() > before+4 })
	}
	goesOn()
	pgtest.Execute(t, p.owner, "BEGIN", "SELECT height FROM heads FOR UPDATE", expanding, "COMMIT")
	goesOn()
	for i := range p.nodes {
		p.isReplaced(i)
		goesOn()
	}
	over.Store(true)
	<-paying
}

// TestReportsAreMadeByARoleThatOnlyReads beside the nodes: audit and export.
func TestReportsAreMadeByARoleThatOnlyReads(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	role, reports := pgtest.Role(t, p.owner, "reporting")
	if status, out, problems := hansaSays(t, "migrate", "--db", p.owner, "--reporting", role); status != 0 || !strings.HasPrefix(out, "schema ") {
		t.Fatalf("%q, %q", out, problems)
	}
	p.approved(t)
	if status, out, problems := hansaSays(t, "audit", "--db", reports); status != 0 || !strings.HasPrefix(out, "holds ") {
		t.Errorf("audit: %s%s", out, problems)
	}
	if status, out, problems := hansaSays(t, "export", "--db", reports); status != 0 || !strings.Contains(out, `"type":"posting"`) {
		t.Errorf("export: %s%s", out, problems)
	}
	for _, args := range [][]string{
		{"migrate", "--db", reports, "--reporting", role}, {"migrate", "--db", p.dsn, "--application", "postgres"}, {"migrate", "--db", p.owner, "--application", "postgres"},
	} {
		if status, out, problems := hansaSays(t, args...); status != 1 || out != "" {
			t.Errorf("%q: status %d, %q, %q", args, status, out, problems)
		}
	}
}
