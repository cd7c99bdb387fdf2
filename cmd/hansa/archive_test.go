package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/store"
)

// TestTheArchiveIsReadByTheCommands: what was exported before it was made is exported
// after it, and the audit checks it.
func TestTheArchiveIsReadByTheCommands(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	dsn, archive := filepath.Join(folder, "hansa.db"), filepath.Join(folder, "archive", "journal")
	journalOfDays(t, dsn, 3)
	hansa := func(want int, args ...string) string {
		t.Helper()
		status, out, problems := hansaSays(t, append(args, "--db", dsn)...)
		if status != want {
			t.Errorf("%v: status %d, %s", args, status, problems)
		}
		return out + problems
	}
	before := hansa(0, "export")
	if got := hansa(0, "archive", "--to", archive, "--before", "2026-11-21"); got != "2026-11-20.zip  blocks 1 to 2, 4 events, "+bytesOf(t, archive, "2026-11-20.zip")+" bytes\n" {
		t.Errorf("the first day: %q", got)
	}
	if got := hansa(0, "archive", "--to", archive); !strings.HasPrefix(got, "2026-11-21.zip  blocks 3 to 4") || strings.Count(got, "\n") != 1 {
		t.Errorf("the second day: %q", got)
	}
	if got := hansa(0, "archive", "--to", archive); got != "" {
		t.Errorf("nothing: %q", got)
	}
	if hansa(0, "export", "--archive", archive) != before {
		t.Error("the export is another one")
	}
	if got := hansa(1, "export"); !strings.Contains(got, "--archive") {
		t.Errorf("without the archive: %q", got)
	}
	if got := hansa(0, "audit"); !strings.Contains(got, "blocks 1 to 4 are in an archive") {
		t.Errorf("without the archive: %q", got)
	}
	hansa(1, "audit", "--archive", filepath.Join(folder, "nowhere"))
	hansa(2, "archive", "--to", archive, "--before", "yesterday")
	if err := os.Remove(filepath.Join(archive, "2026-11-21.zip")); err != nil {
		t.Fatal(err)
	}
	if got := hansa(1, "audit", "--archive", archive); !strings.Contains(got, "BREACH A1") || !strings.Contains(got, "2026-11-21.zip") {
		t.Errorf("without a file: %q", got)
	}
}

// journalOfDays makes a database with two blocks on each of some days.
func journalOfDays(t *testing.T, dsn string, days int) {
	t.Helper()
	s, err := openMigrated(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	for block := range 2 * days {
		tx, err := s.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 20, 8+4*(block%2), 0, 0, 0, time.UTC).AddDate(0, 0, block/2)
		text := []byte(fmt.Sprintf(`{"at":%q,"type":"registry.loaded"}`, at.Format(time.RFC3339)))
		if _, _, err := tx.Append(t.Context(), at, []store.Event{{Subject: "registry", Data: text}, {Subject: "registry", Data: text}}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func bytesOf(t *testing.T, folder, name string) string {
	t.Helper()
	found, err := os.Stat(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(found.Size())
}
