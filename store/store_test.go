package store_test

import (
	"iter"
	"path/filepath"
	"testing"

	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// onBoth runs a test on an empty database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "hansa.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, pgtest.Database(t))
	})
}

// onBothMigrated runs a test on a migrated store of each kind.
func onBothMigrated(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	onBoth(t, func(t *testing.T, dsn string) {
		t.Helper()
		test(t, openMigrated(t, dsn))
	})
}

func open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, s)
	return s
}

func closeAtEnd(t testing.TB, s *store.Store) {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func openMigrated(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s := open(t, dsn)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(t testing.TB, s *store.Store) *store.Tx {
	t.Helper()
	tx, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tx.Rollback)
	return tx
}

// write commits rows in a transaction of their own.
func write(t testing.TB, s *store.Store, rows store.Rows) {
	t.Helper()
	if err := tryWrite(t, s, rows); err != nil {
		t.Fatal(err)
	}
}

// tryWrite returns the error of writing rows in a transaction of their own.
func tryWrite(t testing.TB, s *store.Store, rows store.Rows) error {
	t.Helper()
	tx := begin(t, s)
	defer tx.Rollback()
	if err := tx.Write(t.Context(), rows); err != nil {
		return err
	}
	return tx.Commit()
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		for range 2 {
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		have, want, err := s.Schema(t.Context())
		if err != nil || have != want || want < 1 {
			t.Errorf("version %d of %d, %v", have, want, err)
		}
	})
}

// all returns what a reader streams.
func all[R any](t testing.TB, rows iter.Seq2[R, error]) []R {
	t.Helper()
	var all []R
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	return all
}
