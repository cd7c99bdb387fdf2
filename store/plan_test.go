package store_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestNoLookupReadsAWholeTable asks SQLite how it would run what the hot path
// runs. PostgreSQL is told to use the same indexes.
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
