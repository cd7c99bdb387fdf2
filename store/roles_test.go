package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/ledger"
	"github.com/hansa-network/hansa/merchant"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

// A granted database belongs to one role and is used by two others.
type granted struct{ owner, application, reporting string } // addresses

func openGranted(t *testing.T) granted {
	t.Helper()
	var g granted
	var roles store.Roles
	g.owner = pgtest.Database(t)
	roles.Application, g.application = pgtest.Role(t, g.owner, "application")
	roles.Reporting, g.reporting = pgtest.Role(t, g.owner, "reporting")
	s := openMigrated(t, g.owner)
	for range 2 {
		if err := s.Grant(t.Context(), roles); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// writeAll writes a row of every kind, and a block.
func writeAll(t *testing.T, s *store.Store) {
	t.Helper()
	rows := sampleRows()
	rows.Merchants = []merchant.Merchant{sampleMerchant()}
	rows.Windows = []store.Window{sampleWindow("win_eur", "EUR"), sampleWindow("win_nok", "NOK")}
	rows.Entries = []ledger.Entry{sampleEntry("ent_1", "pay_1")}
	write(t, s, rows)
	journal(t, s, "one")
}

// TestTheApplicationCannotChangeHistory, though it writes whatever a node writes.
func TestTheApplicationCannotChangeHistory(t *testing.T) {
	t.Parallel()
	g := openGranted(t)
	s := openMigrated(t, g.application) // There is nothing to migrate.
	writeAll(t, s)
	again := sampleRows()
	write(t, s, store.Rows{
		Payments: again.Payments, Movements: again.Movements, Orders: again.Orders, Positions: again.Positions, Subscriptions: again.Subscriptions,
	})
	wantDenied(t, s, []string{
		"UPDATE blocks SET hash = hash", "DELETE FROM blocks", "TRUNCATE blocks",
		"UPDATE entries SET postings = postings", "DELETE FROM entries", "TRUNCATE entries CASCADE",
		"UPDATE requests SET subject = ''", "DELETE FROM requests", "TRUNCATE requests",
		"UPDATE payments SET order_value = 1", "UPDATE payments SET wallet = ''", "DELETE FROM payments",
		"UPDATE movements SET order_value = 1", "DELETE FROM movements", "DELETE FROM positions", "DELETE FROM heads",
		"UPDATE schema_version SET version = 0",
		"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'", "CREATE TABLE more (id BIGINT)",
	})
	wantFailing(t, s, "must be owner", []string{
		"ALTER TABLE entries DISABLE TRIGGER entries_stay", "DROP TRIGGER entries_stay ON entries", "DROP TABLE entries",
		"ALTER TABLE blocks ADD COLUMN more BIGINT",
	})
}

// TestReportingOnlyReads, and nothing about persons.
func TestReportingOnlyReads(t *testing.T) {
	t.Parallel()
	g := openGranted(t)
	writeAll(t, open(t, g.application))
	s := openMigrated(t, g.reporting)
	if got := len(all(t, s.Read().EachPayment(t.Context()))); got == 0 {
		t.Error("no payment is read")
	}
	if got := len(all(t, s.Read().EachBlock(t.Context()))); got != 1 {
		t.Errorf("%d blocks are read", got)
	}
	if tx, err := s.Begin(t.Context()); err == nil {
		tx.Rollback()
		t.Error("it takes its turn at writing")
	}
	if got := all(t, s.Read().EachRequest(t.Context())); len(got) == 0 {
		t.Error("no request is read")
	}
	for _, table := range []string{"persons", "nonces", "misses"} {
		if _, err := s.Read().Ask(t.Context(), "SELECT COUNT(*) FROM "+table); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", table, err)
		}
	}
}

// TestARoleThatOwnsTheTablesIsNoApplication.
func TestARoleThatOwnsTheTablesIsNoApplication(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Database(t)
	s := openMigrated(t, dsn)
	for _, roles := range []store.Roles{{Application: "postgres"}, {Reporting: "postgres"}, {Application: "nobody_of_this_name"}, {Application: `"; DROP TABLE heads; --`}} {
		if err := s.Grant(t.Context(), roles); err == nil {
			t.Errorf("granted to %+v", roles)
		}
	}
	journal(t, s, "one")
	if err := openMigrated(t, filepath.Join(t.TempDir(), "hansa.db")).Grant(t.Context(), store.Roles{}); err == nil {
		t.Error("an SQLite file has roles")
	}
}

// TestEveryTableHasItsRights, those of the next schema file as well.
func TestEveryTableHasItsRights(t *testing.T) {
	t.Parallel()
	tables, err := begin(t, openMigrated(t, pgtest.Database(t))).Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := store.TablesWithRights()
	for _, table := range tables {
		if !known[table] && table != "schema_version" {
			t.Errorf("roles.go says nothing about %s", table)
		}
		delete(known, table)
	}
	for table := range known {
		t.Errorf("there is no table %s", table)
	}
}

func wantDenied(t *testing.T, s *store.Store, statements []string) {
	t.Helper()
	wantFailing(t, s, "permission denied", statements)
}

func wantFailing(t *testing.T, s *store.Store, why string, statements []string) {
	t.Helper()
	for _, statement := range statements {
		tx := begin(t, s)
		if err := tx.Execute(t.Context(), statement); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", statement, err)
		}
		tx.Rollback()
	}
}
