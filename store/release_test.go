package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
)

// expanding is what the next release might add.
const expanding = `
ALTER TABLE payments ADD COLUMN tip_value INTEGER NOT NULL DEFAULT 0;
ALTER TABLE positions ADD COLUMN note TEXT;
CREATE TABLE tips (payment TEXT NOT NULL PRIMARY KEY REFERENCES payments (id), value INTEGER NOT NULL) STRICT;
CREATE INDEX payments_by_reference ON payments (order_reference, id);
`

// TestTwoReleasesServeSideBySide: the next one migrates while this one writes, and
// then both write and read, this one started anew as well.
func TestTwoReleasesServeSideBySide(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		const before, after = 60, 20
		_, newest := store.Versions()
		this := openMigrated(t, dsn)
		next := openNext(t, dsn, expanding, newest)
		var writing sync.WaitGroup
		half := make(chan struct{})
		writing.Go(func() {
			for i := range before {
				if i == before/2 {
					close(half)
				}
				if err := writePayment(t.Context(), this, fmt.Sprintf("pay_this_%d", i)); err != nil {
					t.Error(err)
				}
			}
		})
		<-half
		if err := next.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		writing.Wait()
		again := openMigrated(t, dsn) // It leaves the newer schema as it is.
		if have, want, err := again.Schema(t.Context()); err != nil || have != want+1 {
			t.Errorf("version %d, and this program knows %d, %v", have, want, err)
		}
		releases := map[string]*store.Store{"this": this, "again": again, "next": next}
		for name, s := range releases {
			for i := range after {
				if err := writePayment(t.Context(), s, fmt.Sprintf("pay_%s_%d", name, before+i)); err != nil {
					t.Error(err)
				}
			}
		}
		for name, s := range releases {
			if got := len(all(t, s.Read().EachPayment(t.Context()))); got != before+3*after {
				t.Errorf("%s reads %d payments", name, got)
			}
			if got := len(all(t, s.Read().EachBlock(t.Context()))); got != before+3*after {
				t.Errorf("%s reads %d blocks", name, got)
			}
		}
	})
}

func writePayment(ctx context.Context, s *store.Store, id string) error {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.Write(ctx, store.Rows{Payments: []payment.Payment{openPayment(id)}}); err != nil {
		return err
	}
	if _, _, err := tx.Append(ctx, at(0), eventsOf(id)); err != nil {
		return err
	}
	return tx.Commit()
}

func openNext(t *testing.T, dsn, file string, oldest int) *store.Store {
	t.Helper()
	s, err := store.OpenNext(t.Context(), dsn, file, oldest)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, s)
	return s
}

// TestASchemaThatLacksWhatWeNeedIsRefused: the next release but one takes away what
// only this one still reads.
func TestASchemaThatLacksWhatWeNeedIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		openMigrated(t, dsn)
		_, newest := store.Versions()
		next := openNext(t, dsn, "ALTER TABLE subscriptions DROP COLUMN failing_from;", newest+1)
		if err := next.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), dsn); err == nil {
			t.Error("it was opened")
		}
		openNext(t, dsn, "", newest+1)
	})
}

// TestEveryFileKeepsWhatTheReleaseBeforeNeeds: of the tables that were there, each
// column stays as it is, and a new one may be left out, unless the file says that
// programs must know it.
func TestEveryFileKeepsWhatTheReleaseBeforeNeeds(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		first, _ := store.Versions()
		var before []store.Column
		for i, oldest := range store.Oldest() {
			s, err := store.OpenEarlier(t.Context(), dsn, i+1)
			if err == nil {
				err = s.Migrate(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			tx := begin(t, s)
			now, err := tx.Columns(t.Context())
			tx.Rollback()
			if err != nil || len(now) == 0 {
				t.Fatal(now, err)
			}
			if oldest < first+i {
				for _, breach := range breaches(before, now) {
					t.Errorf("file %d: %s", i+1, breach)
				}
			}
			before = now
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestASchemaOfBeforeTheFirstReleaseIsRefused: it says so, and changes nothing.
func TestASchemaOfBeforeTheFirstReleaseIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s := openMigrated(t, dsn)
		tx := begin(t, s)
		if err := tx.Execute(t.Context(), "UPDATE schema_version SET version = 2, oldest = 1"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), dsn); err == nil || !strings.Contains(err.Error(), "before the first release") {
			t.Errorf("want a refusal that says why, got %v", err)
		}
	})
}

// breaches are what the release before cannot go on with.
func breaches(before, after []store.Column) []string {
	var found []string
	for _, column := range before {
		if !slices.Contains(after, column) {
			found = append(found, fmt.Sprintf("%s.%s is gone or changed", column.Table, column.Name))
		}
	}
	for _, column := range after {
		same := func(other store.Column) bool { return other.Table == column.Table && other.Name == column.Name }
		old := slices.ContainsFunc(before, func(other store.Column) bool { return other.Table == column.Table })
		if old && column.Needed && !slices.ContainsFunc(before, same) {
			found = append(found, fmt.Sprintf("%s.%s is new and needed", column.Table, column.Name))
		}
	}
	return found
}

// TestAFileThatBreaksTheReleaseBeforeIsNamed shows that the test above sees it.
func TestAFileThatBreaksTheReleaseBeforeIsNamed(t *testing.T) {
	t.Parallel()
	before := []store.Column{{"a", "x", "text", true}, {"a", "y", "bigint", false}}
	for want, after := range map[string][]store.Column{
		"[a.y is gone or changed]": before[:1],
		"[a.x is gone or changed]": {{"a", "x", "bigint", true}, before[1]},
		"[a.z is new and needed]":  append(slices.Clone(before), store.Column{Table: "a", Name: "z", Type: "text", Needed: true}),
		"[]":                       append(slices.Clone(before), store.Column{"a", "z", "text", false}, store.Column{"b", "x", "text", true}),
	} {
		if got := fmt.Sprint(breaches(before, after)); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}
