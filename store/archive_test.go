package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hansa-network/hansa/store"
)

const (
	secondsOfDay = 24 * 60 * 60
	blocksOfDay  = 40 // more than are removed at once
	daysKept     = 4  // the last of them is not over
)

// journalDays commits blocks of several days, of which one has a clock that is late.
func journalDays(t *testing.T, s *store.Store) {
	t.Helper()
	for day := range daysKept {
		for i := range blocksOfDay {
			tx := begin(t, s)
			made := at(day*secondsOfDay + i)
			if day == 2 && i == 5 {
				made = at((day-1)*secondsOfDay + 7)
			}
			texts := []string{fmt.Sprintf(`{"day":%d,"text":"<ö>"}`, day), strings.Repeat("x", 100*i), ""}
			if _, _, err := tx.Append(t.Context(), made, eventsOf(texts[:1+i%3]...)); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// archiveAll moves all days that are over, and returns their volumes.
func archiveAll(t *testing.T, s *store.Store) []store.Volume {
	t.Helper()
	for {
		_, found, err := s.ArchiveDay(t.Context(), at(daysKept*secondsOfDay), at(0))
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
	}
	known, err := s.Read().Volumes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func useArchive(t *testing.T, s *store.Store, folder string) {
	t.Helper()
	if err := s.UseArchive(folder); err != nil {
		t.Fatal(err)
	}
}

// TestTheArchiveIsReadLikeTheJournal, from any place, and what is kept is a day.
func TestTheArchiveIsReadLikeTheJournal(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s, folder := openMigrated(t, dsn), t.TempDir()
		journalDays(t, s)
		blocks, events := all(t, s.Read().EachBlock(t.Context())), all(t, s.Read().EachEvent(t.Context()))
		useArchive(t, s, folder)
		volumes := archiveAll(t, s)
		if len(volumes) != daysKept-1 || volumes[0].From != 1 || volumes[2].To != (daysKept-1)*blocksOfDay || volumes[0].File != "2026-11-22.zip" {
			t.Errorf("volumes %+v", volumes)
		}
		if kept, err := s.Read().Ask(t.Context(), "SELECT COUNT(*) FROM blocks"); err != nil || kept != blocksOfDay {
			t.Errorf("%d blocks are left, %v", kept, err)
		}
		again := open(t, dsn)
		useArchive(t, again, folder)
		wantSame(t, "blocks", blocks, all(t, again.Read().EachBlock(t.Context())))
		wantSame(t, "events", events, all(t, again.Read().EachEvent(t.Context())))
		for _, from := range []int{0, 1, 17, len(events) / 2, len(events) - 70, len(events) - 1} {
			for _, limit := range []int{1, 7, 1000} {
				got, err := again.Read().Events(t.Context(), events[from].Cursor, limit)
				if err != nil {
					t.Fatal(err)
				}
				wantSame(t, "events", events[from:min(from+limit, len(events))], got)
			}
		}
		between, err := again.Read().Between(t.Context(), 2*blocksOfDay, 3*blocksOfDay+1)
		if err != nil || between[0].Height != 2*blocksOfDay || between[len(between)-1].Height != 3*blocksOfDay+1 {
			t.Errorf("%d events between, %v", len(between), err)
		}
		journal(t, again, "goes on")
	})
}

// TestWithoutItsArchiveOldEventsAreRefused, and never passed over.
func TestWithoutItsArchiveOldEventsAreRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s := openMigrated(t, dsn)
		journalDays(t, s)
		useArchive(t, s, t.TempDir())
		end := archiveAll(t, s)[daysKept-2].To
		bare := open(t, dsn)
		for _, height := range []int64{0, 1, end} {
			if got, err := bare.Read().Events(t.Context(), store.Cursor{Height: height}, 5); err == nil || !strings.Contains(err.Error(), "--archive") {
				t.Errorf("from %d: %d events, %v", height, len(got), err)
			}
		}
		if got, err := bare.Read().Events(t.Context(), store.Cursor{Height: end + 1}, 5); err != nil || len(got) != 5 {
			t.Errorf("%d events, %v", len(got), err)
		}
	})
}

// TestOnlyDaysThatAreOverAndAskedForMove.
func TestOnlyDaysThatAreOverAndAskedForMove(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s := openMigrated(t, dsn)
		useArchive(t, s, t.TempDir())
		if _, found, err := s.ArchiveDay(t.Context(), at(0), at(0)); found || err != nil {
			t.Errorf("an empty journal: %t, %v", found, err)
		}
		journalDays(t, s)
		for day, want := range []bool{false, true, true} {
			before := at(day * secondsOfDay).Truncate(24 * time.Hour)
			if v, found, err := s.ArchiveDay(t.Context(), before, at(0)); found != want || err != nil {
				t.Errorf("before %s: %+v, %v", before, v, err)
			}
		}
	})
}

// TestAStoppedArchiveGoesOn: wherever it is stopped, the journal is read whole, and
// the next call brings it to the same end.
func TestAStoppedArchiveGoesOn(t *testing.T) {
	t.Parallel()
	stops := []struct {
		name    string
		commits int // after which it stops
		stage   store.Stage
		after   func(folder string) error
	}{
		{"while it writes", 0, store.Written, func(folder string) error {
			return errors.Join(os.Remove(filepath.Join(folder, "manifest.json")),
				os.Rename(filepath.Join(folder, "2026-11-22.zip"), filepath.Join(folder, "2026-11-22.zip.part")))
		}},
		{"before the manifest", 0, store.Written, func(folder string) error { return os.Remove(filepath.Join(folder, "manifest.json")) }},
		{"before the database knows", 0, store.Written, nil},
		{"before it removes", 0, store.Committed, nil},
		{"while it removes", 1, store.Written, nil},
		{"after it has removed", 1, store.Committed, nil},
	}
	for _, stop := range stops {
		t.Run(stop.name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, dsn string) {
				s, folder := openMigrated(t, dsn), t.TempDir()
				journalDays(t, s)
				events := all(t, s.Read().EachEvent(t.Context()))
				stopped := open(t, dsn)
				useArchive(t, stopped, folder)
				left := stop.commits
				stopped.Watch(func(stage store.Stage, _ store.Rows) {
					if left == 0 && stage == stop.stage {
						panic("the process ends")
					}
					if stage == store.Committed {
						left--
					}
				})
				func() {
					defer func() { _ = recover() }()
					_, _, err := stopped.ArchiveDay(t.Context(), at(secondsOfDay), at(0))
					t.Errorf("it went on: %v", err)
				}()
				if stop.after != nil {
					if err := stop.after(folder); err != nil {
						t.Fatal(err)
					}
				}
				again := open(t, dsn)
				useArchive(t, again, folder)
				wantSame(t, "events", events, all(t, again.Read().EachEvent(t.Context())))
				if volumes := archiveAll(t, again); len(volumes) != daysKept-1 {
					t.Errorf("%d volumes", len(volumes))
				}
				wantSame(t, "events", events, all(t, again.Read().EachEvent(t.Context())))
				if kept, err := again.Read().Ask(t.Context(), "SELECT COUNT(*) FROM blocks"); err != nil || kept != blocksOfDay {
					t.Errorf("%d blocks are left, %v", kept, err)
				}
			})
		})
	}
}

// TestADamagedArchiveIsNamed: nothing is read from a file that is another one.
func TestADamagedArchiveIsNamed(t *testing.T) {
	t.Parallel()
	dsn, made := filepath.Join(t.TempDir(), "hansa.db"), t.TempDir()
	s := openMigrated(t, dsn)
	journalDays(t, s)
	useArchive(t, s, made)
	volumes := archiveAll(t, s)
	for name, damage := range map[string]func(folder string) error{
		"a file is gone":            func(folder string) error { return os.Remove(filepath.Join(folder, volumes[0].File)) },
		"a byte is changed":         func(folder string) error { return flip(filepath.Join(folder, volumes[0].File), 1000) },
		"the end is cut off":        func(folder string) error { return os.Truncate(filepath.Join(folder, volumes[0].File), 500) },
		"the manifest is gone":      func(folder string) error { return os.Remove(filepath.Join(folder, "manifest.json")) },
		"the manifest is no JSON":   func(folder string) error { return os.Truncate(filepath.Join(folder, "manifest.json"), 20) },
		"the manifest says another": func(folder string) error { return flip(filepath.Join(folder, "manifest.json"), 40) },
		"files change places": func(folder string) error {
			return errors.Join(os.Rename(filepath.Join(folder, volumes[0].File), filepath.Join(folder, "x")),
				os.Rename(filepath.Join(folder, volumes[1].File), filepath.Join(folder, volumes[0].File)),
				os.Rename(filepath.Join(folder, "x"), filepath.Join(folder, volumes[1].File)))
		},
	} {
		folder := filepath.Join(t.TempDir(), "archive")
		if err := errors.Join(os.CopyFS(folder, os.DirFS(made)), damage(folder)); err != nil {
			t.Fatal(err)
		}
		again := open(t, dsn)
		useArchive(t, again, folder)
		if err := again.Read().CheckVolume(volumes[0]); !errors.Is(err, store.ErrArchive) {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(name, "manifest") {
			if got, err := again.Read().Events(t.Context(), store.Cursor{Height: 1}, 5); !errors.Is(err, store.ErrArchive) {
				t.Errorf("%s: %d events, %v", name, len(got), err)
			}
		}
		if _, _, err := again.ArchiveDay(t.Context(), at(daysKept*secondsOfDay), at(0)); strings.Contains(name, "manifest") && err == nil {
			t.Errorf("%s: and the next day would follow", name)
		}
	}
}

// flip changes a byte of a file.
func flip(file string, at int) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text[at] ^= 1
	return os.WriteFile(file, text, 0o600)
}

// TestAnArchiveIsOfOneJournal.
func TestAnArchiveIsOfOneJournal(t *testing.T) {
	t.Parallel()
	one, other, folder := openMigrated(t, filepath.Join(t.TempDir(), "one.db")), openMigrated(t, filepath.Join(t.TempDir(), "other.db")), t.TempDir()
	journalDays(t, one)
	journal(t, other, "first")
	journalDays(t, other)
	useArchive(t, one, folder)
	archiveAll(t, one)
	useArchive(t, other, folder)
	if v, _, err := other.ArchiveDay(t.Context(), at(daysKept*secondsOfDay), at(0)); err == nil {
		t.Errorf("%+v is in the archive of another journal", v)
	}
	journal(t, one, "tomorrow")
	useArchive(t, one, t.TempDir())
	if v, _, err := one.ArchiveDay(t.Context(), at(daysKept*secondsOfDay), at(0)); err == nil {
		t.Errorf("%+v is in another archive than the days before it", v)
	}
	if err := one.UseArchive(filepath.Join(folder, "nowhere")); err == nil {
		t.Error("an archive that is not there")
	}
	if err := one.UseArchive(filepath.Join(folder, "manifest.json")); err == nil {
		t.Error("an archive that is a file")
	}
}

// TestWhatIsNotArchivedIsNotRemoved by whoever owns the tables.
func TestWhatIsNotArchivedIsNotRemoved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s := openMigrated(t, dsn)
		journalDays(t, s)
		useArchive(t, s, t.TempDir())
		if _, found, err := s.ArchiveDay(t.Context(), at(secondsOfDay), at(0)); !found || err != nil {
			t.Fatal(found, err)
		}
		for _, statement := range []string{
			"DELETE FROM blocks", "DELETE FROM blocks WHERE height = 50", "UPDATE volumes SET to_height = 99", "DELETE FROM volumes",
		} {
			tx := begin(t, s)
			if err := tx.Execute(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "append only") {
				t.Errorf("%s: %v", statement, err)
			}
			tx.Rollback()
		}
	})
}

// TestOnlyTheOwnerArchives, and nodes read what it has moved.
func TestOnlyTheOwnerArchives(t *testing.T) {
	t.Parallel()
	g := openGranted(t)
	folder := t.TempDir()
	node := open(t, g.application)
	journalDays(t, node)
	useArchive(t, node, folder)
	if _, _, err := node.ArchiveDay(t.Context(), at(secondsOfDay), at(0)); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("a node archives: %v", err)
	}
	owner := open(t, g.owner)
	useArchive(t, owner, folder)
	if len(archiveAll(t, owner)) != daysKept-1 {
		t.Error("the owner does not")
	}
	for _, dsn := range []string{g.application, g.reporting} {
		s := open(t, dsn)
		useArchive(t, s, folder)
		if got := len(all(t, s.Read().EachBlock(t.Context()))); got != daysKept*blocksOfDay {
			t.Errorf("%d blocks are read", got)
		}
	}
	wantDenied(t, open(t, g.application), []string{
		"INSERT INTO volumes SELECT * FROM volumes", "DELETE FROM volumes", "DELETE FROM blocks WHERE height = 1", "UPDATE volumes SET size = 0",
	})
}
