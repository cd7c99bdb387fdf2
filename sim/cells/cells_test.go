package cells_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/sim/cells"
)

// TestStormsBreakNothing lets letters get lost, doubled and late, and cells crash
// and be cut off. A run judges itself after every step.
func TestStormsBreakNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		run := cells.Run{Seed: seed, Cells: 1 + int(seed*7%32), Payments: 1500, Use: 60 + 2*int(seed), Hot: seed%2 == 0, Weather: cells.Storm}
		outcome := run.Do()
		for _, finding := range outcome.Findings {
			t.Errorf("seed %d: %s", seed, finding)
		}
		if outcome.Approved == 0 || outcome.Refunded == 0 || run.Cells > 1 && outcome.Letters == 0 {
			t.Errorf("seed %d: nothing happens: %+v", seed, outcome)
		}
	}
}

func TestEveryPlantedBugIsFound(t *testing.T) {
	t.Parallel()
	for _, bug := range cells.Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			t.Parallel()
			for seed := uint64(1); seed <= 6; seed++ {
				outcome := cells.Run{Seed: seed, Cells: 8, Payments: 1500, Use: 95, Hot: true, Weather: cells.Storm, Bug: bug}.Do()
				if len(outcome.Findings) > 0 {
					t.Logf("seed %d: %s", seed, outcome.Findings[0])
					return
				}
			}
			t.Error("no check has found it")
		})
	}
	if _, err := cells.ParseBug("no_such_bug"); err == nil {
		t.Error("there is no such bug")
	}
}

func TestTheSameSeedIsTheSameHistory(t *testing.T) {
	t.Parallel()
	run := cells.Run{Seed: 7, Cells: 12, Payments: 1000, Use: 95, Weather: cells.Storm}
	once, again := run.Do(), run.Do()
	if diff := cmp.Diff(once, again); diff != "" {
		t.Error(diff)
	}
	run.Seed++
	if other := run.Do(); other.Hash == once.Hash {
		t.Error("another seed gave the same history")
	}
}

// TestWhatTheSplitCosts measures it, in the table that docs/scale.md shows.
func TestWhatTheSplitCosts(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	fmt.Fprintln(&table, "weather  payers  use  cells  refused  of one cell  waited  letters  a thousand payments")
	for _, scene := range []cells.Run{
		{Use: 50},
		{Use: 90},
		{Use: 99},
		{Use: 50, Hot: true},
		{Use: 90, Hot: true},
		{Use: 99, Hot: true},
		{Use: 50, Weather: cells.HomeCut},
		{Use: 90, Weather: cells.HomeCut},
		{Use: 50, Weather: cells.CellCut},
		{Use: 90, Weather: cells.CellCut},
	} {
		alone := 0
		for _, number := range []int{1, 4, 16, 64} {
			run := scene
			run.Seed, run.Cells, run.Payments = 1, number, 40_000
			outcome := run.Do()
			for _, finding := range outcome.Findings {
				t.Errorf("%+v: %s", run, finding)
			}
			if number == 1 {
				alone = outcome.Refused
			}
			fmt.Fprintln(&table, row(run, outcome, alone))
		}
	}
	compareGolden(t, table.String())
	document, err := os.ReadFile("../../docs/scale.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(document), table.String()) {
		t.Error("docs/scale.md shows another table than testdata/cells.txt")
	}
}

func row(run cells.Run, outcome cells.Outcome, alone int) string {
	payers := "spread"
	if run.Hot {
		payers = "crowd"
	}
	weather := run.Weather
	if weather == cells.Calm {
		weather = "calm"
	}
	return fmt.Sprintf("%-7s  %-6s  %3d  %5d  %7d  %11d  %6d  %7d  %19d",
		weather, payers, run.Use, run.Cells, outcome.Refused, alone, outcome.Waited, outcome.Letters, outcome.Letters*1000/run.Payments)
}

func compareGolden(t *testing.T, got string) {
	t.Helper()
	const name = "testdata/cells.txt"
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
