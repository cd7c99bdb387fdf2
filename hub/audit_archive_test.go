package hub_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hansa-network/hansa/hub"
	"github.com/hansa-network/hansa/store"
)

// archived moves all that has happened so far to an archive, and lets life go on.
func (n *network) archived(folder string) []store.Volume {
	n.t.Helper()
	n.pass(24 * time.Hour)
	n.asked("vipps", "kari", nok(1_00)) // The day is over once something has happened after it.
	n.calls = nil
	if err := n.store.UseArchive(folder); err != nil {
		n.t.Fatal(err)
	}
	for {
		_, found, err := n.store.ArchiveDay(n.t.Context(), n.now, n.now)
		if err != nil {
			n.t.Fatal(err)
		}
		if !found {
			break
		}
	}
	volumes, err := n.hub.Read().Volumes(n.t.Context())
	if err != nil || len(volumes) == 0 {
		n.t.Fatalf("volumes %v, %v", volumes, err)
	}
	return volumes
}

// auditOf audits a database with an archive, or without where folder is empty.
func (n *network) auditOf(folder string) map[string][]string {
	n.t.Helper()
	s, err := store.Open(n.t.Context(), n.dsn)
	if err != nil {
		n.t.Fatal(err)
	}
	defer s.Close()
	if folder != "" {
		if err := s.UseArchive(folder); err != nil {
			n.t.Fatal(err)
		}
	}
	return n.breaches(s.Read())
}

// TestTheAuditReadsTheArchive, and goes on behind what it has not: a payment of an
// archived day may be refunded.
func TestTheAuditReadsTheArchive(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		p := n.approved("epassi", "pekka", nok(100_00))
		n.live()
		folder := t.TempDir()
		n.archived(folder)
		n.must("nets", hub.Refund{Payment: p.ID, Amount: nok(30_00)})
		n.settle()
		for _, from := range []string{folder, ""} {
			if breaches := n.auditOf(from); len(breaches) > 0 {
				t.Errorf("with archive %q: %v", from, breaches)
			}
		}
	})
}

// TestTheAuditFindsADamagedArchive, whatever was done to it.
func TestTheAuditFindsADamagedArchive(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, n *network) {
		n.live()
		made := t.TempDir()
		first := n.archived(made)[0].File
		second := n.archived(made)[1].File
		at := func(folder, name string) string { return filepath.Join(folder, name) }
		for name, damage := range map[string]func(folder string) error{
			"missing":          func(folder string) error { return os.Remove(at(folder, second)) },
			"swapped":          func(folder string) error { return os.Rename(at(folder, first), at(folder, second)) },
			"cut off":          func(folder string) error { return os.Truncate(at(folder, first), 100) },
			"changed":          func(folder string) error { return os.WriteFile(at(folder, first), []byte("PK"), 0o600) },
			"another manifest": func(folder string) error { return os.WriteFile(at(folder, "manifest.json"), []byte("[]"), 0o600) },
		} {
			folder := at(t.TempDir(), "archive")
			if err := os.CopyFS(folder, os.DirFS(made)); err != nil {
				t.Fatal(err)
			}
			if breaches := n.auditOf(folder); len(breaches) > 0 {
				t.Fatalf("before: %v", breaches)
			}
			if err := damage(folder); err != nil {
				t.Fatal(err)
			}
			if breaches := n.auditOf(folder); len(breaches["A1"]) == 0 || len(breaches) > 1 {
				t.Errorf("%s: %v", name, breaches)
			}
		}
	})
}
