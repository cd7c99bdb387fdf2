package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hansa-network/hansa/payment"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

// TestNodesTakeTurns lets several stores on one database, as several nodes are,
// append at once: no height is used twice, and nothing is lost.
func TestNodesTakeTurns(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		const nodes, writers, commits = 2, 3, 10
		var group sync.WaitGroup
		for range nodes {
			s := openMigrated(t, dsn)
			for range writers {
				group.Go(func() {
					for range commits {
						if err := appendOne(t.Context(), s); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		group.Wait()
		previous, height := store.Genesis, int64(0)
		for _, block := range all(t, open(t, dsn).Read().EachBlock(t.Context())) {
			height++
			if block.Height != height || block.Previous != previous || block.Hash != block.Seal() {
				t.Errorf("block %d does not follow", block.Height)
			}
			previous = block.Hash
		}
		if height != nodes*writers*commits {
			t.Errorf("%d blocks", height)
		}
	})
}

// TestNobodyIsPassedBy: who waits for a turn has the next one, even if the one who
// has just had it begins again at once.
func TestNobodyIsPassedBy(t *testing.T) {
	t.Parallel()
	const turns = 20
	dsn := pgtest.Database(t)
	here, there := openMigrated(t, dsn), openMigrated(t, dsn)
	reader := open(t, dsn).Read()
	tx := begin(t, here)
	for turn := range int64(turns) {
		waited := make(chan error, 1)
		go func() { waited <- appendOne(t.Context(), there) }()
		for waiting := int64(0); waiting == 0; {
			var err error
			if waiting, err = reader.Ask(t.Context(), waiters); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := tx.Append(t.Context(), at(0), eventsOf("one")); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		tx = begin(t, here)
		if got := tx.Head().Height; got != 2*(turn+1) {
			t.Fatalf("turn %d begins on block %d", turn, got)
		}
		if err := <-waited; err != nil {
			t.Fatal(err)
		}
	}
}

// waiters counts those who wait for a lock in this database.
const waiters = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

// TestANodeThatHangsHoldsNobodyUp: what it has begun is rolled back, and when it
// goes on it hears so.
func TestANodeThatHangsHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Database(t)
	hanging := openMigrated(t, dsn+"&idle_in_transaction_session_timeout=100ms")
	tx := begin(t, hanging)
	if _, _, err := tx.Append(t.Context(), at(0), eventsOf("lost")); err != nil {
		t.Fatal(err)
	}
	journal(t, open(t, dsn), "one")
	if err := tx.Commit(); err == nil {
		t.Error("it was committed as well")
	}
	if block := journal(t, hanging, "two"); block.Height != 2 {
		t.Errorf("the next block has height %d", block.Height)
	}
}

// TestHangingIsBounded where nobody says how.
func TestHangingIsBounded(t *testing.T) {
	t.Parallel()
	tx := begin(t, openMigrated(t, pgtest.Database(t)))
	if got, err := tx.Setting(t.Context(), "idle_in_transaction_session_timeout"); err != nil || got != "5s" {
		t.Errorf("%q, %v", got, err)
	}
}

func appendOne(ctx context.Context, s *store.Store) error {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, _, err := tx.Append(ctx, at(0), eventsOf("one")); err != nil {
		return err
	}
	return tx.Commit()
}

func TestWaitingForATurnCanBeGivenUp(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		first := begin(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Begin(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		first.Rollback()
		begin(t, s).Rollback()
	})
}

func TestNothingBeginsOnAClosedStore(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Begin(t.Context()); err == nil {
			t.Error("a transaction began")
		}
		if err := s.Migrate(t.Context()); err == nil {
			t.Error("it migrated")
		}
		if _, err := s.Read().Head(t.Context()); err == nil {
			t.Error("it was read")
		}
	})
}

// TestAnUnknownOutcomeIsReadAgain cuts the connection before and after the
// database has committed. Both look the same to the caller.
func TestAnUnknownOutcomeIsReadAgain(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		committed bool
		want      int64
	}{{"it was lost", false, 1}, {"it stands", true, 2}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			onBothMigrated(t, func(t *testing.T, s *store.Store) {
				journal(t, s, "one")
				tx := begin(t, s)
				if _, _, err := tx.Append(t.Context(), at(0), eventsOf("two")); err != nil {
					t.Fatal(err)
				}
				if err := tx.Sever(c.committed); err != nil {
					t.Fatal(err)
				}
				if err := tx.Commit(); !errors.Is(err, store.ErrOutcomeUnknown) {
					t.Fatalf("%v", err)
				}
				again := begin(t, s)
				if got := again.Head().Height; got != c.want {
					t.Errorf("height %d, want %d", got, c.want)
				}
				again.Rollback()
				if block := journal(t, s, "three"); block.Height != c.want+1 {
					t.Errorf("the next block has height %d", block.Height)
				}
				if head := mustRead(t, s.Read().Head); head.Height != c.want+1 {
					t.Errorf("it is read as height %d", head.Height)
				}
			})
		})
	}
}

// TestAJournalThatHasForgottenIsNotGoneOnWith: a database that lacks what was
// committed, as a primary that was promoted without it does, takes nothing more.
func TestAJournalThatHasForgottenIsNotGoneOnWith(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s := openMigrated(t, dsn)
		journal(t, s, "one")
		journal(t, s, "two")
		for _, change := range []string{"UPDATE heads SET height = 1", "UPDATE heads SET height = 2, hash = '" + store.Genesis + "'"} {
			tx := begin(t, open(t, dsn))
			if err := tx.Execute(t.Context(), change); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Begin(t.Context()); err == nil || !strings.Contains(err.Error(), "after block 2") {
				t.Errorf("%s: %v", change, err)
			}
		}
	})
}

// TestALostConnectionIsReplaced cuts the connection in the middle of a
// transaction: that one fails, the next does not.
func TestALostConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		tx := begin(t, s)
		if err := tx.Sever(false); err != nil {
			t.Fatal(err)
		}
		rows := store.Rows{Payments: []payment.Payment{openPayment("pay_1")}}
		if err := errors.Join(tx.Write(t.Context(), rows), tx.Commit()); err == nil || errors.Is(err, store.ErrOutcomeUnknown) {
			t.Errorf("it was written: %v", err)
		}
		journal(t, s, "one")
	})
}

func TestWhatIsRolledBackIsGone(t *testing.T) {
	t.Parallel()
	onBothMigrated(t, func(t *testing.T, s *store.Store) {
		tx := begin(t, s)
		if err := tx.Write(t.Context(), store.Rows{Payments: []payment.Payment{openPayment("pay_1")}}); err != nil {
			t.Fatal(err)
		}
		tx.Rollback()
		tx.Rollback()
		journal(t, s, "another")
		if _, err := s.Read().Payment(t.Context(), "pay_1"); !isNotFound(err) {
			t.Errorf("%v", err)
		}
	})
}

// TestWhatWasCommittedIsThereAgain closes the database and opens it again.
func TestWhatWasCommittedIsThereAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		s, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := journal(t, s, "one")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "blocks", []store.Block{want}, all(t, open(t, dsn).Read().EachBlock(t.Context())))
	})
}

func TestManyMigrateAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				s, err := store.Open(t.Context(), dsn)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		journal(t, open(t, dsn), "one")
	})
}

func TestOpenRefusesWhatCannotBeDurable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, dsn := range []string{
		"", ":memory:", "file::memory:?cache=shared", "file:" + filepath.Join(folder, "x.db"), "mysql://host/name",
		"http://host/hansa.db", folder, filepath.Join(folder, "missing", "hansa.db"), "postgres://[",
	} {
		if s, err := store.Open(t.Context(), dsn); err == nil {
			t.Errorf("%q was opened", dsn)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestAnyFileNameWillDo uses one that would mean something in an address.
func TestAnyFileNameWillDo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hansa ?mode=memory#%20&ü.db")
	journal(t, openMigrated(t, path), "one")
	found, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if found.Size() == 0 || found.Mode().Perm() != 0o600 {
		t.Errorf("%d bytes, %s", found.Size(), found.Mode())
	}
}
