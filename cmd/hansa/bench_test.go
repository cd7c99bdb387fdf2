package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hansa-network/hansa/store/pgtest"
)

// benchSays runs a measurement of a second and returns what it prints and the
// object at its end. Nothing is asked about how fast it was.
func benchSays(t *testing.T, args ...string) (string, benchReport) {
	t.Helper()
	if args[len(args)-1] == "--db" {
		args = append(args, pgtest.Database(t))
	}
	var out, problems bytes.Buffer
	args = append(args, "--clients", "4", "--seconds", "1", "--runs", "1", "--json")
	if status := run(t.Context(), append([]string{"bench"}, args...), &out, &problems); status != 0 {
		t.Fatalf("status %d: %s\n%s", status, problems.String(), out.String())
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	last := lines[len(lines)-1]
	members := make(map[string]any)
	var said benchReport
	if err := json.Unmarshal(last, &members); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(last, &said); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"bytes_per_payment", "cgo", "cpu_us_per_payment", "driver", "limit_per_second",
		"p50_ms", "p999_ms", "p99_ms", "payments_per_second", "ratio_to_limit",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(members))); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if said.Driver == "" || said.Limit <= 0 || said.P50 > said.P99 || said.P99 > said.P999 {
		t.Errorf("%s", last)
	}
	return out.String(), said
}

// TestBenchMeasures: each kind once, and says what it promises.
func TestBenchMeasures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args []string
		want []string // in what it prints
	}{
		"core, hot":           {[]string{"core", "--hot", "--fsync-delay", "1ms", "--payments", "50"}, []string{"50 of 50 payments stored", "median"}},
		"core, with too much": {[]string{"core", "--reads", "50", "--rate", "3"}, []string{"\nreads", "3.0 times", "\nserved", "\nRetry-After", "\nat once then"}},
		"http":                {[]string{"http", "--rate", "2", "--reads", "20"}, []string{"signatures, echoes and bare inserts", "\nreads", "\ncapacity", "of capacity"}},
		"core on PostgreSQL":  {[]string{"core", "--db"}, []string{"of the log"}},
		"two nodes":           {[]string{"http", "--nodes", "2", "--db"}, []string{"2 nodes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, said := benchSays(t, tc.args...)
			if said.PerSec <= 0 || said.Ratio <= 0 {
				t.Errorf("%+v", said)
			}
			for _, want := range tc.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in:\n%s", want, out)
				}
			}
		})
	}
}

// TestAGrownDatabaseIsSound: what it was filled with is as payments leave it, and those
// that come later are among it.
func TestAGrownDatabaseIsSound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hansa.db")
	out, said := benchSays(t, "growth", "--payments", "100", "--db", path)
	for _, want := range []string{"\nstart", "\nresolve", "50 who paid once", "of before"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if said.PerSec <= 0 || said.Ratio <= 0 {
		t.Errorf("%+v", said)
	}
	if status, said, _ := hansaSays(t, "audit", "--db", path); status != 0 {
		t.Errorf("audit: %s", said)
	}
}

func TestBenchTellsWhatTheMachineCould(t *testing.T) {
	t.Parallel()
	out, said := benchSays(t, "limits")
	if !strings.Contains(out, "Ed25519 verification") || said.PerSec != 0 {
		t.Errorf("%+v\n%s", said, out)
	}
}

// TestASeasonStaysToBeLookedAt: its books can be exported, hold every payment, and
// are sound.
func TestASeasonStaysToBeLookedAt(t *testing.T) {
	t.Parallel()
	out, said := benchSays(t, "season", "--rate", "0.5")
	if said.PerSec <= 0 || !strings.Contains(out, "\nlunch") || !strings.Contains(out, "\nclosing") || !strings.Contains(out, "\nnext day") {
		t.Errorf("%+v in:\n%s", said, out)
	}
	_, path, _ := strings.Cut(out, "database ")
	path, _, _ = strings.Cut(path, "\n")
	t.Cleanup(func() {
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			t.Error(err)
		}
	})
	status, exported, problems := hansaSays(t, "export", "--db", path)
	if status != 0 || !strings.Contains(exported, `"payment"`) || !strings.Contains(exported, `"posting"`) {
		t.Errorf("status %d: %s", status, problems)
	}
	if status, said, _ := hansaSays(t, "audit", "--db", path); status != 0 {
		t.Errorf("audit: %s", said)
	}
}

// TestArrivalsDoNotWaitForAnswers: what a request waits is counted from when it was
// due, and each is counted once.
func TestArrivalsDoNotWaitForAnswers(t *testing.T) {
	t.Parallel()
	f := newFlood(100)
	letGo := make(chan struct{})
	asked := make(chan int, 100)
	ended := make(chan error)
	go func() {
		f.arrive(t.Context(), 1000, 100*time.Millisecond, func(a arrival) outcome {
			asked <- a.number
			<-letGo
			return outcome{status: []int{201, 503, 429, 503}[a.number%4], after: []time.Duration{0, time.Second, 0, 0}[a.number%4]}
		})
		ended <- f.end()
	}()
	for range 100 {
		<-asked
	}
	close(letGo)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	got := []int{f.asked, len(f.served), len(f.refused[503]), len(f.refused[429]), f.retry, f.unsent}
	if diff := cmp.Diff([]int{100, 25, 50, 25, 25, 0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMoreNodesNeedAPostgreSQL: an SQLite file is for one node, and says so.
func TestMoreNodesNeedAPostgreSQL(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--nodes", "2"}, {"--nodes", "2", "--db", "hansa.db"}, {"--nodes", "0"}, {"--nodes", "100", "--db", "postgres://host/name"}} {
		status, out, problems := hansaSays(t, append([]string{"bench", "core"}, args...)...)
		if status != 1 || out != "" || !strings.HasPrefix(problems, "hansa: ") || !strings.Contains(problems, "node") {
			t.Errorf("%q: status %d, %q, %q", args, status, out, problems)
		}
	}
}
