package sim_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/hansa-network/hansa/sim"
	"github.com/hansa-network/hansa/store"
	"github.com/hansa-network/hansa/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// runOn runs one seed on the database at dsn.
func runOn(t *testing.T, dsn string, seed uint64, payments int, bug sim.Bug) sim.Outcome {
	t.Helper()
	outcome, err := sim.Run{Seed: seed, Payments: payments, Bug: bug, Open: func(ctx context.Context) (*store.Store, error) {
		s, err := store.Open(ctx, dsn)
		if err != nil {
			return nil, err
		}
		return s, s.Migrate(ctx)
	}}.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "hansa.db")
}

func TestSeedsKeepEveryInvariant(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		outcome := runOn(t, file(t), seed, 250, sim.NoBug)
		for _, finding := range outcome.Findings {
			t.Errorf("seed %d: %s", seed, finding)
		}
		if outcome.Told["approved"] == 0 || len(outcome.Told) < 3 {
			t.Errorf("seed %d: nothing happens: %v", seed, outcome.Told)
		}
	}
}

func TestEveryPlantedBugIsFound(t *testing.T) {
	t.Parallel()
	for _, bug := range sim.Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= 3; seed++ {
				if len(runOn(t, file(t), seed, 200, bug).Findings) > 0 {
					return
				}
			}
			t.Error("no check has found it")
		})
	}
}

func TestTheSameSeedIsTheSameHistoryOnBothDatabases(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Database(t)
	const seed, payments = 7, 150
	once := runOn(t, file(t), seed, payments, sim.NoBug)
	if again := runOn(t, file(t), seed, payments, sim.NoBug); again.Hash != once.Hash {
		t.Errorf("a second run on SQLite gave %s, the first %s", again.Hash, once.Hash)
	}
	other := runOn(t, dsn, seed, payments, sim.NoBug)
	if other.Hash != once.Hash {
		t.Errorf("PostgreSQL gave %s, SQLite %s", other.Hash, once.Hash)
	}
	for _, finding := range other.Findings {
		t.Error(finding)
	}
	if next := runOn(t, file(t), seed+1, payments, sim.NoBug); next.Hash == once.Hash {
		t.Error("another seed gave the same history")
	}
}
