package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hansa-network/hansa/store/pgtest"
)

// TestNoLookupReadsAWholeTable asks SQLite how it would run what the hot path runs.
func TestNoLookupReadsAWholeTable(t *testing.T) {
	t.Parallel()
	tx := begin(t, openMigrated(t, filepath.Join(t.TempDir(), "hansa.db")))
	plans, err := tx.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, plan := range plans {
		if !strings.Contains(strings.Join(plan, "\n"), "USING") {
			t.Errorf("%s uses no index:\n%s", name, strings.Join(plan, "\n"))
		}
	}
}

// TestNoLookupReadsAWholeIndex asks PostgreSQL while it believes that all tables are
// empty, which is when it makes the plans that it keeps.
func TestNoLookupReadsAWholeIndex(t *testing.T) {
	t.Parallel()
	tx := begin(t, openMigrated(t, pgtest.Database(t)))
	plans, err := tx.PostgresPlans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, plan := range plans {
		conditions := strings.Count(plan, "Index Cond: ")
		if conditions == 0 || conditions < strings.Count(plan, "Scan using") || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
